#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>

#include "hmi/shell/read_pixels.h"
#include "hmi/shell/screen.h"
#include "hmi/shell/short_keys.h"

namespace dispecer::hmi {
namespace {

class Window : public Screen {
 public:
  // ImGui's own callbacks, installed later, call those that stand before them.
  explicit Window(GLFWwindow* window) : window_(window) {
    glfwSetWindowUserPointer(window_, this);
    glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int, int action, int) {
      if (action == GLFW_PRESS && key >= 0 && key < 512)
        static_cast<Window*>(glfwGetWindowUserPointer(w))->keys_.pressed(key);
    });
    ImGui_ImplGlfw_InitForOpenGL(window_, true);
  }
  ~Window() override {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwDestroyWindow(window_);
    glfwTerminate();
  }
  bool begin_frame() override {
    glfwPollEvents();
    if (glfwWindowShouldClose(window_) != 0) return false;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    keys_.begin_frame(ImGui::GetIO().KeysDown);
    ImGui::NewFrame();
    keys_.end_frame(ImGui::GetIO().KeysDown);
    return true;
  }
  void end_frame(Pixels* copy) override {
    ImGui::Render();
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    glViewport(0, 0, width, height);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    if (copy != nullptr) read_pixels(width, height, *copy);
    glfwSwapBuffers(window_);
  }

 private:
  GLFWwindow* window_;
  ShortKeys keys_;
};

// What of the primary screen is free for windows; nothing changes where none tells.
void fit_screen(int& width, int& height) {
  auto* monitor = glfwGetPrimaryMonitor();
  if (monitor == nullptr) return;
  int x = 0;
  int y = 0;
  int free_width = 0;
  int free_height = 0;
  glfwGetMonitorWorkarea(monitor, &x, &y, &free_width, &free_height);
  if (free_width > 0) width = std::min(width, free_width);
  if (free_height > 0) height = std::min(height, free_height);
}

}  // namespace

Result<std::unique_ptr<Screen>> open_window(const ScreenOptions& options) {
  glfwSetErrorCallback([](int, const char*) {});
  if (glfwInit() == 0) return Error{"no_display", "no window system answers", ""};
  // ImGui needs vertex offsets, which OpenGL has from 3.2 on.
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  int width = options.width;
  int height = options.height;
  fit_screen(width, height);
  auto* window = glfwCreateWindow(width, height, options.title.c_str(), nullptr, nullptr);
  if (window == nullptr) {
    glfwTerminate();
    return Error{"no_opengl", "no OpenGL 3.3 window could be made", ""};
  }
  glfwMakeContextCurrent(window);
  glfwSwapInterval(0);
  ImGui::CreateContext();
  if (auto styled = set_style(options.scale); !styled) return styled.error();
  auto made = std::make_unique<Window>(window);
  ImGui_ImplOpenGL3_Init("#version 330");
  return std::unique_ptr<Screen>(std::move(made));
}

}  // namespace dispecer::hmi
