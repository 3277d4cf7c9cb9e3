// Buses and parking areas as lists, sharing their selection with the map.
#include <imgui.h>

#include <algorithm>
#include <string>

#include "hmi/panel/colours.h"
#include "hmi/panel/frame.h"
#include "hmi/view_model/format.h"
#include "hmi/view_model/lists.h"

namespace dispecer::hmi {
namespace {

constexpr ImGuiTableFlags kTable =
    ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_ScrollY;

// The first column takes what the others leave.
void header(std::initializer_list<const char*> columns) {
  for (const auto* c : columns)
    ImGui::TableSetupColumn(c, c == *columns.begin() ? ImGuiTableColumnFlags_WidthStretch
                                                     : ImGuiTableColumnFlags_WidthFixed);
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableHeadersRow();
}

Text provenance_text(Provenance p) {
  switch (p) {
    case Provenance::sourced:
      return Text::prov_sourced;
    case Provenance::approximate:
      return Text::prov_approximate;
    case Provenance::invented:
      return Text::prov_invented;
    case Provenance::derived:
      return Text::prov_derived;
    case Provenance::unknown:
      break;
  }
  return Text::unknown;
}

}  // namespace

Text request_text(RequestState s) {
  switch (s) {
    case RequestState::received:
      return Text::priority_received;
    case RequestState::queued:
      return Text::priority_queued;
    case RequestState::granted:
      return Text::priority_granted;
    case RequestState::served:
      return Text::priority_served;
    case RequestState::refused:
      return Text::priority_refused;
    case RequestState::timed_out:
      return Text::priority_timed_out;
    case RequestState::cancelled:
      return Text::priority_cancelled;
    case RequestState::unknown:
      break;
  }
  return Text::unknown;
}

void draw_bus_tab(Frame& f) {
  if (!f.snapshot.picture) {
    ImGui::TextUnformatted(f.t(Text::waiting_for_city));
    return;
  }
  const auto lang = f.console.language;
  if (!ImGui::BeginTable("###buslist", 5, kTable)) return;
  header({f.t(Text::line), f.t(Text::lateness), f.t(Text::phase), f.t(Text::priority),
          f.t(Text::age)});
  for (const auto* seen : buses_in_order(f.city, *f.snapshot.picture)) {
    const auto& bus = *seen;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushID(bus.vehicle.str().c_str());
    const auto name = f.line_name(bus.line) + "  " + bus.vehicle.str();
    if (ImGui::Selectable(name.c_str(), bus.vehicle == f.console.selected.bus,
                          ImGuiSelectableFlags_SpanAllColumns)) {
      f.console.selected = {};
      f.console.selected.bus = bus.vehicle;
      f.console.map.centre = f.city.plane.to_local(bus.position);
    }
    ImGui::PopID();
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(bus.lateness && bus.lateness->usable()
                               ? lateness(bus.lateness->value).c_str()
                               : f.t(Text::unknown));
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(f.t(bus_text(bus)));
    ImGui::TableNextColumn();
    const auto request = f.snapshot.priority.find(bus.vehicle);
    if (request != f.snapshot.priority.end()) {
      ImGui::TextUnformatted(f.t(request_text(request->second.state)));
      if (ImGui::IsItemHovered() && !request->second.reason.rule.empty()) {
        ImGui::SetTooltip("%s", key_text(lang, request->second.reason.rule).c_str());
      }
    }
    ImGui::TableNextColumn();
    const double seconds = in_seconds(f.snapshot.clock.now - bus.fix);
    if (bus.quality != Quality::live) ImGui::PushStyleColor(ImGuiCol_Text, colour::kNormal);
    ImGui::TextUnformatted(age(lang, std::max(0.0, seconds)).c_str());
    if (bus.quality != Quality::live) ImGui::PopStyleColor();
  }
  ImGui::EndTable();
}

void draw_parking_tab(Frame& f) {
  const auto lang = f.console.language;
  if (!ImGui::BeginTable("###parklist", 5, kTable)) return;
  header({f.t(Text::area), f.t(Text::free_places), f.t(Text::occupied), f.t(Text::capacity),
          f.t(Text::provenance)});
  for (const auto& area : f.city.parking) {
    const ParkingState* state = nullptr;
    if (f.snapshot.picture) {
      for (const auto& s : f.snapshot.picture->parking) {
        if (s.parking == area.id) state = &s;
      }
    }
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushID(area.id.str().c_str());
    if (ImGui::Selectable(area.name.c_str(), area.id == f.console.selected.parking,
                          ImGuiSelectableFlags_SpanAllColumns)) {
      f.console.selected = {};
      f.console.selected.parking = area.id;
      f.console.map.centre = f.city.plane.to_local(area.position);
    }
    ImGui::PopID();
    ImGui::TableNextColumn();
    if (state != nullptr && state->free_low && !f.stale()) {
      ImGui::Text("≥ %u", *state->free_low);
    } else {
      ImGui::TextUnformatted(f.t(Text::unknown));
    }
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(state == nullptr ? f.t(Text::unknown)
                                            : estimate(lang, state->occupied, 0).c_str());
    ImGui::TableNextColumn();
    ImGui::Text("%u", area.capacity);
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(f.t(provenance_text(area.provenance)));
  }
  ImGui::EndTable();
}

}  // namespace dispecer::hmi
