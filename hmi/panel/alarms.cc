#include <imgui.h>

#include "hmi/intent.h"
#include "hmi/panel/colours.h"
#include "hmi/panel/frame.h"
#include "hmi/view_model/lists.h"

namespace dispecer::hmi {
namespace {

Text state_text(AlarmState s) {
  switch (s) {
    case AlarmState::unacknowledged:
      return Text::alarm_unack;
    case AlarmState::acknowledged:
      return Text::alarm_ack;
    case AlarmState::returned_unacknowledged:
      return Text::alarm_returned;
    case AlarmState::shelved:
      return Text::alarm_shelved;
    case AlarmState::suppressed:
      return Text::alarm_suppressed;
    case AlarmState::out_of_service:
      return Text::alarm_out_of_service;
    default:
      return Text::unknown;
  }
}

// Never colour alone: each priority has its own shape and letter, with a dark outline.
void symbol(AlarmPriority priority, bool hollow) {
  auto* list = ImGui::GetWindowDrawList();
  const auto p = ImGui::GetCursorScreenPos();
  const float s = ImGui::GetFontSize();
  const auto fill = hollow ? IM_COL32(0, 0, 0, 0) : colour::of(priority);
  const ImVec2 c{p.x + s * 0.5F, p.y + s * 0.5F};
  const float r = s * 0.45F;
  const char* letter = "3";
  if (priority == AlarmPriority::high) {
    list->AddRectFilled({c.x - r, c.y - r}, {c.x + r, c.y + r}, fill);
    list->AddRect({c.x - r, c.y - r}, {c.x + r, c.y + r}, colour::kInk, 0, 0, 1.5F);
    letter = "1";
  } else if (priority == AlarmPriority::medium) {
    list->AddTriangleFilled({c.x, c.y - r}, {c.x - r, c.y + r}, {c.x + r, c.y + r}, fill);
    list->AddTriangle({c.x, c.y - r}, {c.x - r, c.y + r}, {c.x + r, c.y + r}, colour::kInk, 1.5F);
    letter = "2";
  } else {
    list->AddCircleFilled(c, r, fill);
    list->AddCircle(c, r, colour::kInk, 0, 1.5F);
  }
  list->AddText({c.x - s * 0.2F, c.y - s * 0.45F},
                priority == AlarmPriority::high && !hollow ? colour::kPlanted : colour::kInk,
                letter);
  ImGui::Dummy({s * 1.2F, s});
}

void show_junction(Frame& f, const JunctionId& id) {
  const auto* place = f.city.junction(id);
  if (place == nullptr) return;
  f.console.selected = {};
  f.console.selected.junction = id;
  f.console.map.centre = place->at;
}

}  // namespace

void draw_alarm_tab(Frame& f) {
  if (f.snapshot.alarms.empty()) {
    ImGui::TextUnformatted(f.t(Text::no_alarms));
    return;
  }
  const auto lang = f.console.language;
  const auto lock = f.console.interlock();
  if (lock) ImGui::TextDisabled("%s", f.t(*lock));
  for (const auto* alarm : alarms_in_order(f.snapshot.alarms)) {
    const auto& a = *alarm;
    ImGui::PushID(a.id.str().c_str());
    symbol(a.priority, a.state == AlarmState::shelved || a.state == AlarmState::suppressed);
    ImGui::SameLine();
    ImGui::TextWrapped("%s", alarm_words(lang, f.city, a).c_str());
    if (ImGui::IsItemClicked()) show_junction(f, alarm_subject(f.city, a.subject).junction);
    mark(("alarm:" + a.id.str()).c_str());
    ImGui::Text("      %s   %s", f.t(state_text(a.state)),
                alarm_times(lang, a, f.snapshot.clock.now, f.offset()).c_str());
    if (!a.text.empty()) ImGui::TextWrapped("      %s", a.text.c_str());
    ImGui::BeginDisabled(lock.has_value());
    if (a.state == AlarmState::unacknowledged || a.state == AlarmState::returned_unacknowledged) {
      if (ImGui::SmallButton((std::string(f.t(Text::acknowledge)) + "###ack").c_str())) {
        f.console.arm(AcknowledgeAlarm{a.id}, f.mono);
      }
      mark(("ack:" + a.id.str()).c_str());
      ImGui::SameLine();
    }
    if (ImGui::SmallButton((std::string(f.t(Text::shelve)) + "###shelve").c_str())) {
      f.console.arm(shelve_alarm(a.id, f.snapshot.clock.now, 30), f.mono);
    }
    ImGui::EndDisabled();
    ImGui::Separator();
    ImGui::PopID();
  }
}

}  // namespace dispecer::hmi
