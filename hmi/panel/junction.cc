#include <imgui.h>

#include <algorithm>

#include "hmi/intent.h"
#include "hmi/panel/colours.h"
#include "hmi/panel/frame.h"
#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

Text holder_text(Holder h) {
  switch (h) {
    case Holder::local_plan:
      return Text::holder_local_plan;
    case Holder::centre:
      return Text::holder_centre;
    case Holder::op:
      return Text::holder_operator;
    case Holder::panel:
      return Text::holder_panel;
    case Holder::police_key:
      return Text::holder_police_key;
    case Holder::maintenance:
      return Text::holder_maintenance;
    case Holder::other_supervisor:
      return Text::holder_other;
    case Holder::unknown:
      break;
  }
  return Text::unknown;
}

Text mode_text(ControlMode m) {
  switch (m) {
    case ControlMode::startup:
      return Text::mode_startup;
    case ControlMode::control:
      return Text::mode_control;
    case ControlMode::standby:
      return Text::mode_standby;
    case ControlMode::failure:
      return Text::mode_failure;
    case ControlMode::test:
      return Text::mode_test;
    case ControlMode::yellow_flash:
      return Text::mode_yellow_flash;
    case ControlMode::dark:
      return Text::mode_dark;
    case ControlMode::all_red:
      return Text::mode_all_red;
    case ControlMode::unknown:
      break;
  }
  return Text::unknown;
}

Text link_text(CommLink l) {
  switch (l) {
    case CommLink::connected:
      return Text::connected;
    case CommLink::connecting:
      return Text::connecting;
    case CommLink::no_communication:
      return Text::no_communication;
    case CommLink::unknown:
      break;
  }
  return Text::unknown;
}

Text group_text(GroupKind k) {
  switch (k) {
    case GroupKind::bus:
      return Text::group_bus;
    case GroupKind::pedestrian:
      return Text::group_pedestrian;
    case GroupKind::cycle:
      return Text::group_cycle;
    case GroupKind::tram:
      return Text::group_tram;
    default:
      return Text::group_vehicle;
  }
}

Text aspect_text(Aspect a) {
  switch (a) {
    case Aspect::red:
    case Aspect::red_flash:
      return Text::aspect_red;
    case Aspect::red_amber:
      return Text::aspect_red_amber;
    case Aspect::green:
      return Text::aspect_green;
    case Aspect::green_flash:
      return Text::aspect_green_flash;
    case Aspect::amber:
      return Text::aspect_amber;
    case Aspect::amber_flash:
      return Text::mode_yellow_flash;
    case Aspect::dark:
      return Text::aspect_dark;
    case Aspect::unknown:
      break;
  }
  return Text::unknown;
}

Text action_text(SignalAction a) {
  switch (a) {
    case SignalAction::hold:
      return Text::action_hold;
    case SignalAction::extend:
      return Text::action_extend;
    case SignalAction::change:
      return Text::action_change;
    case SignalAction::hand_back:
      return Text::action_hand_back;
    default:
      return Text::action_none;
  }
}

void junction_list(Frame& f) {
  char buffer[128];
  std::snprintf(buffer, sizeof buffer, "%s", f.console.search.c_str());
  ImGui::SetNextItemWidth(-1);
  if (ImGui::InputTextWithHint("###search", f.t(Text::search), buffer, sizeof buffer))
    f.console.search = buffer;
  mark("search");
  ImGui::BeginChild("###junctions", {0, ImGui::GetContentRegionAvail().y * 0.28F}, true);
  for (const auto& j : f.city.junctions) {
    if (!j.signalised || !f.console.matches_search(j.name)) continue;
    ImGui::PushID(j.id.str().c_str());
    if (ImGui::Selectable(j.name.c_str(), j.id == f.console.selected.junction)) {
      f.console.selected = {};
      f.console.selected.junction = j.id;
      f.console.map.centre = j.at;
      f.console.map.scale = std::max(f.console.map.scale, 0.4);
    }
    mark(("junction:" + j.id.str()).c_str());
    ImGui::PopID();
  }
  ImGui::EndChild();
}

void lamps(Frame& f, const JunctionSignals& signals, const SignalObservation* seen) {
  if (!ImGui::BeginTable("###groups", 3, ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerH))
    return;
  for (std::size_t g = 0; g < signals.groups.size(); ++g) {
    const auto aspect = seen != nullptr && g < seen->groups.size() && !f.stale() ? seen->groups[g]
                                                                                 : Aspect::unknown;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    const auto p = ImGui::GetCursorScreenPos();
    const float r = ImGui::GetFontSize() * 0.36F;
    ImGui::GetWindowDrawList()->AddCircleFilled({p.x + r + 2, p.y + ImGui::GetFontSize() * 0.5F}, r,
                                                colour::of(aspect));
    ImGui::GetWindowDrawList()->AddCircle({p.x + r + 2, p.y + ImGui::GetFontSize() * 0.5F}, r,
                                          colour::kInk);
    ImGui::Dummy({r * 2 + 6, ImGui::GetFontSize()});
    ImGui::SameLine();
    ImGui::TextUnformatted(signals.groups[g].id.str().c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(f.t(group_text(signals.groups[g].kind)));
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(f.t(aspect_text(aspect)));
  }
  ImGui::EndTable();
}

void decision(Frame& f, const JunctionId& id) {
  const auto it = f.snapshot.decisions.find(id);
  if (it == f.snapshot.decisions.end()) {
    ImGui::Text("%s: %s", f.t(Text::last_decision), f.t(Text::unknown));
    return;
  }
  const auto& d = it->second;
  const auto lang = f.console.language;
  ImGui::Text("%s: %s → %s %u  (%s)", f.t(Text::last_decision), f.t(action_text(d.action)),
              f.t(Text::stage), d.stage, clock_time(d.t, f.utc_offset_minutes).c_str());
  ImGui::Text("%s: %s", f.t(Text::rule), key_text(lang, d.reason.rule).c_str());
  if (!d.reason.otherwise.empty())
    ImGui::Text("%s: %s", f.t(Text::otherwise), key_text(lang, d.reason.otherwise).c_str());
  for (const auto& input : d.reason.inputs)
    ImGui::BulletText("%s: %s", key_text(lang, input.name).c_str(),
                      value_text(lang, input.value).c_str());
}

void commands(Frame& f, const JunctionId& id, const SignalObservation* seen) {
  const auto lock = f.console.interlock();
  ImGui::SetNextItemWidth(ImGui::GetFontSize() * 6);
  ImGui::InputInt((std::string(f.t(Text::minutes)) + "###minutes").c_str(),
                  &f.console.override_minutes, 5);
  f.console.override_minutes = std::clamp(f.console.override_minutes, 1, 240);
  ImGui::BeginDisabled(lock.has_value());
  if (ImGui::Button((std::string(f.t(Text::take_release)) + "###release").c_str())) {
    f.console.arm(release_junction(id, f.snapshot.clock.now, f.console.override_minutes), f.mono);
  }
  mark("release");
  ImGui::SameLine();
  const bool staged = seen != nullptr && seen->stage.has_value();
  ImGui::BeginDisabled(!staged);
  if (ImGui::Button((std::string(f.t(Text::take_hold)) + "###hold").c_str()) && staged) {
    f.console.arm(hold_stage(id, *seen->stage, f.snapshot.clock.now, f.console.override_minutes),
                  f.mono);
  }
  mark("hold");
  ImGui::EndDisabled();
  ImGui::SameLine();
  if (ImGui::Button((std::string(f.t(Text::end_override)) + "###end").c_str()))
    f.console.arm(EndOverride{id}, f.mono);
  mark("end");
  ImGui::EndDisabled();
  if (lock) ImGui::TextDisabled("%s", f.t(*lock));
}

}  // namespace

void draw_junction_tab(Frame& f) {
  junction_list(f);
  const auto& id = f.console.selected.junction;
  const auto it = f.city.signals.find(id);
  if (it == f.city.signals.end()) {
    ImGui::TextWrapped("%s", f.t(Text::nothing_selected));
    return;
  }
  const auto& signals = it->second;
  const auto* seen = f.signal(id);
  const auto* place = f.city.junction(id);
  ImGui::Separator();
  ImGui::TextWrapped("%s", place == nullptr ? id.str().c_str() : place->name.c_str());
  const auto link = f.stale()         ? Text::stale
                    : seen == nullptr ? Text::unknown
                                      : link_text(seen->link);
  ImGui::Text("%s   %s: %s   %s: %s", f.t(link), f.t(Text::mode),
              f.t(seen == nullptr ? Text::unknown : mode_text(seen->mode)), f.t(Text::holder),
              f.t(seen == nullptr ? Text::unknown : holder_text(seen->holder)));
  if (seen != nullptr && seen->stage) {
    ImGui::Text("%s: %u", f.t(Text::stage), *seen->stage);
  } else {
    ImGui::Text("%s: %s", f.t(Text::stage), f.t(Text::between_stages));
  }
  if (seen != nullptr) {
    ImGui::SameLine();
    ImGui::Text("   %s: %s", f.t(Text::age),
                age(f.console.language, in_seconds(f.snapshot.clock.now - seen->t)).c_str());
  }
  ImGui::Text("%s: %s   %s: %s", f.t(Text::lever),
              key_text(f.console.language, to_name(signals.lever)).c_str(),
              f.t(Text::commissioning),
              key_text(f.console.language, to_name(signals.commissioning)).c_str());
  decision(f, id);
  ImGui::Separator();
  commands(f, id, seen);
  ImGui::Separator();
  ImGui::TextUnformatted(f.t(Text::signal_groups));
  ImGui::BeginChild("###lamps");
  lamps(f, signals, seen);
  ImGui::EndChild();
}

}  // namespace dispecer::hmi
