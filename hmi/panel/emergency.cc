// Emergency corridors: those that run, and the order for another one.
#include <imgui.h>

#include <algorithm>
#include <array>

#include "hmi/intent.h"
#include "hmi/panel/frame.h"
#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

constexpr std::array kErrands{EmergencyKind::ambulance, EmergencyKind::fire, EmergencyKind::police,
                              EmergencyKind::other};
constexpr int kLongest = 120;  // min; the centre opens none for longer

// A link of the form: taken over from the map's selection, or cleared.
void place(Frame& f, Text what, Text otherwise, const char* id, LinkId& link) {
  ImGui::Text("%s: %s", f.t(what), link.empty() ? f.t(otherwise) : f.link_name(link).c_str());
  const auto& selected = f.console.selected.link;
  ImGui::PushID(id);
  ImGui::BeginDisabled(selected.empty());
  if (ImGui::Button((std::string(f.t(Text::take_selected)) + "###take").c_str())) link = selected;
  mark((std::string("take:") + id).c_str());
  ImGui::EndDisabled();
  ImGui::SameLine();
  ImGui::BeginDisabled(link.empty());
  if (ImGui::Button((std::string(f.t(Text::clear)) + "###clear").c_str())) link = {};
  mark((std::string("clear:") + id).c_str());
  ImGui::EndDisabled();
  ImGui::PopID();
}

void form(Frame& f) {
  auto& c = f.console.corridor;
  for (const auto kind : kErrands) {
    if (kind != kErrands.front()) ImGui::SameLine();
    const auto id = std::string("###") + std::string(to_name(kind));
    if (ImGui::RadioButton((f.t(errand_text(kind)) + id).c_str(), c.kind == kind)) c.kind = kind;
    mark(("errand:" + std::string(to_name(kind))).c_str());
  }
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%s", c.vehicle.c_str());
  ImGui::SetNextItemWidth(ImGui::GetFontSize() * 10);
  if (ImGui::InputText((std::string(f.t(Text::vehicle)) + "###vehicle").c_str(), buffer,
                       sizeof buffer)) {
    c.vehicle = buffer;
  }
  mark("vehicle");
  place(f, Text::sets_out, Text::where_it_is, "from", c.from);
  place(f, Text::destination, Text::straight_on, "to", c.to);
  ImGui::SetNextItemWidth(ImGui::GetFontSize() * 6);
  ImGui::InputInt((std::string(f.t(Text::minutes)) + "###until").c_str(), &c.minutes, 5);
  c.minutes = std::clamp(c.minutes, 1, kLongest);
  const auto lock = f.console.corridor_interlock();
  ImGui::BeginDisabled(lock.has_value());
  if (ImGui::Button((std::string(f.t(Text::corridor_open)) + "###open").c_str())) {
    f.console.arm(open_corridor(c, f.console.actor()->person, f.snapshot.clock.now), f.mono);
  }
  mark("corridor_open");
  ImGui::EndDisabled();
  if (lock) ImGui::TextDisabled("%s", f.t(*lock));
}

void row(Frame& f, const CorridorSeen& seen, bool locked) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::PushID(seen.id.str().c_str());
  ImGui::TextUnformatted(f.t(errand_text(seen.kind)));
  if (!seen.vehicle.empty()) ImGui::TextUnformatted(seen.vehicle.str().c_str());
  ImGui::TableNextColumn();
  const auto* next = seen.next();
  if (next != nullptr) {
    const auto* junction = f.city.junction(next->junction);
    const auto text = in_two_lines(junction == nullptr ? next->junction.str() : junction->name);
    if (ImGui::Selectable((text + "###next").c_str(),
                          f.console.selected.junction == next->junction)) {
      f.console.selected = {};
      f.console.selected.junction = next->junction;
      if (junction != nullptr) f.console.map.centre = junction->at;
    }
    mark(("corridor_next:" + seen.id.str()).c_str());
  }
  ImGui::TableNextColumn();
  if (next != nullptr) {
    ImGui::Text("%s\n%s", f.t(request_text(next->state)),
                key_text(f.console.language, next->reason.rule).c_str());
  }
  ImGui::TableNextColumn();
  ImGui::BeginDisabled(locked);
  if (ImGui::Button((std::string(f.t(Text::corridor_end)) + "###endit").c_str())) {
    f.console.arm(end_corridor(seen.id), f.mono);
  }
  mark(("corridor_end:" + seen.id.str()).c_str());
  ImGui::EndDisabled();
  ImGui::PopID();
}

}  // namespace

Text errand_text(EmergencyKind kind) {
  switch (kind) {
    case EmergencyKind::ambulance:
      return Text::errand_ambulance;
    case EmergencyKind::fire:
      return Text::errand_fire;
    case EmergencyKind::police:
      return Text::errand_police;
    case EmergencyKind::other:
      return Text::errand_other;
    case EmergencyKind::unknown:
      break;
  }
  return Text::unknown;
}

void draw_emergency_tab(Frame& f) {
  ImGui::TextUnformatted(f.t(Text::corridors_running));
  const auto& all = f.snapshot.corridors;
  if (all.empty()) ImGui::TextDisabled("%s", f.t(Text::no_corridors));
  const auto lock = f.console.corridor_end_interlock();
  if (!all.empty() &&
      ImGui::BeginTable("###corridors", 4, ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerH)) {
    ImGui::TableSetupColumn(f.t(Text::vehicle), ImGuiTableColumnFlags_WidthFixed);
    ImGui::TableSetupColumn(f.t(Text::next_junction), ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableSetupColumn(f.t(Text::state), ImGuiTableColumnFlags_WidthFixed);
    ImGui::TableSetupColumn("###end", ImGuiTableColumnFlags_WidthFixed);
    ImGui::TableHeadersRow();
    for (const auto& [id, seen] : all) row(f, seen, lock.has_value());
    ImGui::EndTable();
  }
  ImGui::Separator();
  ImGui::TextUnformatted(f.t(Text::corridor_open));
  form(f);
}

}  // namespace dispecer::hmi
