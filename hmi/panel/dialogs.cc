// Sign-in, and the second step of every command.
#include <imgui.h>

#include "hmi/panel/frame.h"
#include "hmi/view_model/command_view.h"
#include "hmi/view_model/format.h"
#include "hmi/view_model/lists.h"

namespace dispecer::hmi {
namespace {

constexpr ImGuiWindowFlags kDialog = ImGuiWindowFlags_NoCollapse |
                                     ImGuiWindowFlags_AlwaysAutoResize |
                                     ImGuiWindowFlags_NoSavedSettings;

void centre_next() {
  const auto& io = ImGui::GetIO();
  ImGui::SetNextWindowPos({io.DisplaySize.x * 0.4F, io.DisplaySize.y * 0.4F}, ImGuiCond_Appearing,
                          {0.5F, 0.5F});
}

std::string link_name(const Frame& f, const LinkId& id, Text otherwise) {
  return id.empty() ? f.t(otherwise) : f.link_name(id);
}

std::string entry_words(const Frame& f, const BookEntry& e) {
  const auto offset = f.offset();
  return std::string(f.t(book_kind_text(e.kind))) + ": " + e.title + "\n" +
         date_time(e.begin, offset(e.begin)) + " → " + date_time(e.end, offset(e.end));
}

std::string corridor_words(const Frame& f, const OpenCorridor& a) {
  std::string text = f.t(errand_text(a.kind));
  if (!a.vehicle.empty()) text += " " + a.vehicle.str();
  return text + "\n" + link_name(f, a.from, Text::where_it_is) + " → " +
         link_name(f, a.to, Text::straight_on);
}

// What the command is about, as people call it; "" where the panel behind shows it.
std::string subject(const Frame& f, const IntentAction& action) {
  return std::visit(
      [&](const auto& a) -> std::string {
        if constexpr (requires { a.junction; }) {
          for (const auto& j : f.city.junctions) {
            if (j.id == a.junction) return j.name;
          }
          return a.junction.str();
        } else if constexpr (std::is_same_v<std::decay_t<decltype(a)>, OpenCorridor>) {
          return corridor_words(f, a);
        } else if constexpr (std::is_same_v<std::decay_t<decltype(a)>, EndCorridor>) {
          const auto it = f.snapshot.corridors.find(a.corridor);
          const bool named = it != f.snapshot.corridors.end() && !it->second.vehicle.empty();
          return named ? it->second.vehicle.str() : a.corridor.str();
        } else if constexpr (std::is_same_v<std::decay_t<decltype(a)>, ReviewCase>) {
          return review_words(f.console.language, a, f.snapshot.cases, f.utc_offset_minutes);
        } else if constexpr (requires { a.alarm; }) {
          for (const auto& alarm : f.snapshot.alarms) {
            if (alarm.id == a.alarm) return alarm_words(f.console.language, f.city, alarm);
          }
          return a.alarm.str();
        } else if constexpr (std::is_same_v<std::decay_t<decltype(a)>, SaveBookEntry>) {
          return entry_words(f, a.entry);
        } else if constexpr (std::is_same_v<std::decay_t<decltype(a)>, EndBookEntry>) {
          for (const auto& e : f.snapshot.book ? f.snapshot.book->entries : Book{}.entries) {
            if (e.id == a.entry) return entry_words(f, e);
          }
          return a.entry.str();
        } else {
          return "";
        }
      },
      action);
}

}  // namespace

bool edit(const char* id, std::string& text, int flags) {
  char buffer[256];
  std::snprintf(buffer, sizeof buffer, "%s", text.c_str());
  const bool entered = ImGui::InputText(id, buffer, sizeof buffer, flags);
  text = buffer;
  return entered;
}

void draw_sign_in(Frame& f) {
  auto& s = f.sign_in;
  if (f.console.actor()) s.open = false;
  if (!s.open) return;
  centre_next();
  ImGui::Begin((std::string(f.t(Text::sign_in)) + "###signin").c_str(), &s.open, kDialog);
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  edit((std::string(f.t(Text::person)) + "###person").c_str(), s.person, 0);
  mark("person");
  const bool entered = edit((std::string(f.t(Text::password)) + "###password").c_str(), s.password,
                            ImGuiInputTextFlags_Password | ImGuiInputTextFlags_EnterReturnsTrue);
  mark("password");
  ImGui::BeginDisabled(s.checking || s.person.empty());
  if (ImGui::Button((std::string(f.t(Text::sign_in)) + "###go").c_str()) ||
      (entered && !s.checking))
    s.wanted = true;
  mark("go");
  ImGui::EndDisabled();
  if (s.checking) ImGui::TextUnformatted(f.t(Text::checking));
  if (s.refused && !s.checking)
    ImGui::TextColored({0.69F, 0, 0.23F, 1}, "%s", f.t(Text::wrong_password));
  ImGui::End();
}

void draw_command(Frame& f) {
  auto& armed = f.console.armed();
  if (!armed) return;
  centre_next();
  bool open = true;
  ImGui::Begin((std::string(f.t(Text::commands)) + "###command").c_str(), &open, kDialog);
  const auto kind = std::visit([](const auto& a) { return std::string(a.kName); }, armed->action);
  ImGui::TextUnformatted(key_text(f.console.language, kind).c_str());
  if (const auto on = subject(f, armed->action); !on.empty()) ImGui::TextUnformatted(on.c_str());
  ImGui::TextUnformatted(f.t(Text::arm_hint));
  edit((std::string(f.t(Text::reason)) + "###reason").c_str(), armed->reason, 0);
  mark("reason");
  const bool reasoned = armed->reason.find_first_not_of(' ') != std::string::npos;
  ImGui::BeginDisabled(!reasoned);
  const bool execute = ImGui::Button((std::string(f.t(Text::execute)) + "###execute").c_str());
  mark("execute");
  ImGui::EndDisabled();
  ImGui::SameLine();
  const bool cancel = ImGui::Button((std::string(f.t(Text::cancel)) + "###cancel").c_str());
  mark("cancel");
  if (!reasoned) ImGui::TextDisabled("%s", f.t(Text::needs_reason));
  ImGui::End();
  if (execute) {
    const auto unique = (f.console.actor() ? f.console.actor()->person.str() : "") + "-" +
                        std::to_string(f.snapshot.clock.epoch) + "-" +
                        std::to_string(f.snapshot.clock.now.us) + "-" + std::to_string(f.mono.us);
    (void)f.console.execute(f.snapshot.clock.now, f.snapshot.clock.epoch, unique);
  } else if (cancel || !open) {
    f.console.disarm();
  }
}

}  // namespace dispecer::hmi
