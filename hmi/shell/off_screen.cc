#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <chrono>

#include "hmi/shell/read_pixels.h"
#include "hmi/shell/screen.h"

namespace dispecer::hmi {
namespace {

class OffScreen : public Screen {
 public:
  OffScreen(EGLDisplay display, EGLSurface surface, EGLContext context)
      : display_(display), surface_(surface), context_(context) {}
  ~OffScreen() override {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext();
    eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroySurface(display_, surface_);
    eglDestroyContext(display_, context_);
    eglTerminate(display_);
  }
  bool begin_frame() override {
    const auto now = std::chrono::steady_clock::now();
    ImGui::GetIO().DeltaTime = std::max(0.001F, std::chrono::duration<float>(now - last_).count());
    last_ = now;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    return true;
  }
  void end_frame(Pixels* copy) override {
    ImGui::Render();
    // Nobody sees a frame that is not copied: it is not rasterised.
    if (copy == nullptr) return;
    const auto& size = ImGui::GetIO().DisplaySize;
    glViewport(0, 0, static_cast<int>(size.x), static_cast<int>(size.y));
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    read_pixels(static_cast<int>(size.x), static_cast<int>(size.y), *copy);
  }

 private:
  EGLDisplay display_;
  EGLSurface surface_;
  EGLContext context_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace

Result<std::unique_ptr<Screen>> open_off_screen(const ScreenOptions& options) {
  const auto get_platform_display = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(
      eglGetProcAddress("eglGetPlatformDisplayEXT"));
  EGLDisplay display =
      get_platform_display == nullptr
          ? EGL_NO_DISPLAY
          : get_platform_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  if (display == EGL_NO_DISPLAY || eglInitialize(display, nullptr, nullptr) == EGL_FALSE) {
    return Error{"no_opengl", "EGL without a display is not there; install libegl-mesa0", ""};
  }
  const EGLint wanted[] = {EGL_SURFACE_TYPE,
                           EGL_PBUFFER_BIT,
                           EGL_RENDERABLE_TYPE,
                           EGL_OPENGL_BIT,
                           EGL_RED_SIZE,
                           8,
                           EGL_GREEN_SIZE,
                           8,
                           EGL_BLUE_SIZE,
                           8,
                           EGL_ALPHA_SIZE,
                           8,
                           EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  eglBindAPI(EGL_OPENGL_API);
  if (eglChooseConfig(display, wanted, &config, 1, &count) == EGL_FALSE || count == 0) {
    return Error{"no_opengl", "no off-screen configuration", ""};
  }
  const EGLint size[] = {EGL_WIDTH, options.width, EGL_HEIGHT, options.height, EGL_NONE};
  EGLSurface surface = eglCreatePbufferSurface(display, config, size);
  const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION,
                            3,
                            EGL_CONTEXT_MINOR_VERSION,
                            3,
                            EGL_CONTEXT_OPENGL_PROFILE_MASK,
                            EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                            EGL_NONE};
  EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, version);
  if (surface == EGL_NO_SURFACE || context == EGL_NO_CONTEXT ||
      eglMakeCurrent(display, surface, surface, context) == EGL_FALSE) {
    return Error{"no_opengl", "no OpenGL 3.3 context off-screen", ""};
  }
  ImGui::CreateContext();
  ImGui::GetIO().DisplaySize = {static_cast<float>(options.width),
                                static_cast<float>(options.height)};
  if (auto styled = set_style(options.scale); !styled) return styled.error();
  ImGui_ImplOpenGL3_Init("#version 330");
  return std::unique_ptr<Screen>(std::make_unique<OffScreen>(display, surface, context));
}

}  // namespace dispecer::hmi
