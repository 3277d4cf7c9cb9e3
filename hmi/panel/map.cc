// The map: streets coloured only where they are not normal, junctions with their lamps, buses,
// parking, zones.
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "hmi/panel/colours.h"
#include "hmi/panel/frame.h"
#include "hmi/panel/layout.h"
#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

struct Painter {
  Frame& f;
  ImDrawList* list;
  ImVec2 origin;
  Box visible;

  [[nodiscard]] ImVec2 at(Local p) const {
    const auto s = f.console.map.to_screen(p);
    return {origin.x + static_cast<float>(s.x), origin.y + static_cast<float>(s.y)};
  }
  [[nodiscard]] ImVec2 at(LonLat p) const { return at(f.city.plane.to_local(p)); }
};

void zones(const Painter& p) {
  for (const auto& zone : p.f.city.zones) {
    // Tariff zones of parking have no gates; drawn, they would cover the town.
    const bool gated = std::any_of(p.f.city.gates.begin(), p.f.city.gates.end(),
                                   [&](const Gate& g) { return g.zone == zone.id; });
    if (!gated) continue;
    std::vector<ImVec2> points;
    for (const auto& corner : zone.polygon) points.push_back(p.at(corner));
    if (points.size() < 3) continue;
    const auto n = static_cast<int>(points.size());
    p.list->AddConvexPolyFilled(points.data(), n, colour::kZone);
    p.list->AddPolyline(points.data(), n, colour::kShelved, ImDrawFlags_Closed, 2.0F);
  }
}

void links(const Painter& p) {
  const auto* picture = p.f.snapshot.picture.get();
  std::vector<ImVec2> points;
  const double scale = p.f.console.map.scale;
  for (std::size_t i = 0; i < p.f.city.links.size(); ++i) {
    const auto& link = p.f.city.links[i];
    if (!link.box.meets(p.visible)) continue;
    points.clear();
    // Both directions of a street stay apart: each is drawn a little to its right.
    for (const auto& q : link.points) points.push_back(p.at(q));
    const float width =
        link.motor ? static_cast<float>(std::clamp(scale * 3.2 * link.lanes, 1.5, 14.0)) : 1.0F;
    ImU32 tint = link.motor ? colour::kStreet : colour::kNormal;
    if (picture != nullptr && i < picture->links.size() && picture->links[i].link == link.id &&
        !p.f.stale()) {
      const auto& state = picture->links[i];
      const bool known = state.queue && state.queue->usable();
      if (known || state.spillback)
        tint = state.spillback ? colour::kCritical : colour::of_storage(state.storage.value);
    }
    const auto n = static_cast<int>(points.size());
    p.list->AddPolyline(points.data(), n,
                        link.id == p.f.console.selected.link ? colour::kSelection : tint, 0, width);
  }
}

void parking(const Painter& p) {
  const auto* picture = p.f.snapshot.picture.get();
  const float r = ImGui::GetFontSize() * 0.55F;
  for (const auto& area : p.f.city.parking) {
    const auto c = p.at(area.position);
    const bool chosen = area.id == p.f.console.selected.parking;
    p.list->AddRectFilled({c.x - r, c.y - r}, {c.x + r, c.y + r}, colour::kBus, 3);
    p.list->AddText({c.x - r * 0.55F, c.y - r * 1.05F}, colour::kPlanted, "P");
    if (chosen)
      p.list->AddRect({c.x - r - 2, c.y - r - 2}, {c.x + r + 2, c.y + r + 2}, colour::kSelection, 3,
                      0, 3);
    if (picture == nullptr || p.f.stale()) continue;
    for (const auto& state : picture->parking) {
      if (state.parking != area.id || !state.occupied || !state.occupied->usable() ||
          state.capacity == 0)
        continue;
      const auto share =
          static_cast<float>(std::clamp(state.occupied->value / state.capacity, 0.0, 1.0));
      p.list->AddRectFilled({c.x + r + 2, c.y + r - 2 * r * share}, {c.x + r + 5, c.y + r},
                            share > 0.95F ? colour::kHigh : colour::kNormal);
    }
  }
}

void junctions(const Painter& p) {
  const double scale = p.f.console.map.scale;
  const auto base = static_cast<float>(std::clamp(scale * 16, 4.0, 11.0));
  for (const auto& j : p.f.city.junctions) {
    if (!j.signalised) continue;
    const auto c = p.at(j.at);
    const auto* seen = p.f.signal(j.id);
    const bool lost = seen == nullptr || seen->link != CommLink::connected || p.f.stale();
    const bool trouble = !lost && seen->mode != ControlMode::control;
    const bool ours = !lost && (seen->holder == Holder::centre || seen->holder == Holder::op);
    p.list->AddCircleFilled(c, base, lost ? colour::kMap : colour::kPlanted, 14);
    p.list->AddCircle(c, base, trouble ? colour::kCritical : colour::kInk, 14, ours ? 2.6F : 1.2F);
    if (lost) {
      // Hatched: nothing here is live.
      p.list->AddLine({c.x - base, c.y - base}, {c.x + base, c.y + base}, colour::kInk, 1.2F);
      p.list->AddLine({c.x - base, c.y + base}, {c.x + base, c.y - base}, colour::kInk, 1.2F);
    } else if (seen->mode == ControlMode::yellow_flash) {
      p.list->AddCircleFilled(c, base * 0.6F, colour::of(Aspect::amber), 12);
    } else if (seen->stage) {
      char text[8];
      std::snprintf(text, sizeof text, "%u", *seen->stage);
      if (base > 7)
        p.list->AddText({c.x - base * 0.4F, c.y - ImGui::GetFontSize() * 0.5F}, colour::kInk, text);
    }
    if (j.id == p.f.console.selected.junction)
      p.list->AddCircle(c, base + 4, colour::kSelection, 18, 3);
    if (scale > 0.35)
      p.list->AddText({c.x + base + 3, c.y - ImGui::GetFontSize() * 0.5F}, colour::kInk,
                      j.name.c_str());
  }
}

void buses(const Painter& p) {
  if (!p.f.snapshot.picture) return;
  const float r = ImGui::GetFontSize() * 0.42F;
  for (const auto& bus : p.f.snapshot.picture->buses) {
    const auto c = p.at(bus.position);
    const bool live = bus.quality == Quality::live && !p.f.stale();
    const auto fill = live ? colour::kBus : colour::kNormal;
    p.list->AddRectFilled({c.x - r * 1.5F, c.y - r}, {c.x + r * 1.5F, c.y + r}, fill, 3);
    const auto name = p.f.line_name(bus.line);
    const auto size = ImGui::CalcTextSize(name.c_str());
    p.list->AddText(ImGui::GetFont(), ImGui::GetFontSize() * 0.75F,
                    {c.x - size.x * 0.375F, c.y - size.y * 0.375F}, colour::kPlanted, name.c_str());
    const auto request = p.f.snapshot.priority.find(bus.vehicle);
    if (request != p.f.snapshot.priority.end() && request->second.state == RequestState::granted) {
      p.list->AddRect({c.x - r * 1.5F - 2, c.y - r - 2}, {c.x + r * 1.5F + 2, c.y + r + 2},
                      colour::of(Aspect::green), 3, 0, 2.5F);
    }
    if (bus.vehicle == p.f.console.selected.bus)
      p.list->AddCircle(c, r * 2.4F, colour::kSelection, 18, 3);
  }
}

void stations_and_gates(const Painter& p) {
  const float r = ImGui::GetFontSize() * 0.4F;
  for (const auto& s : p.f.city.stations) {
    const auto c = p.at(s.position);
    p.list->AddTriangleFilled({c.x, c.y - r}, {c.x - r, c.y + r}, {c.x + r, c.y + r},
                              colour::kNormal);
    p.list->AddTriangle({c.x, c.y - r}, {c.x - r, c.y + r}, {c.x + r, c.y + r}, colour::kInk, 1);
  }
  for (const auto& g : p.f.city.gates) {
    const auto c = p.at(g.position);
    p.list->AddQuadFilled({c.x, c.y - r}, {c.x + r, c.y}, {c.x, c.y + r}, {c.x - r, c.y},
                          colour::kShelved);
  }
}

void interact(Painter& p, bool hovered) {
  auto& io = ImGui::GetIO();
  auto& map = p.f.console.map;
  const Local cursor{io.MousePos.x - p.origin.x, io.MousePos.y - p.origin.y};
  if (hovered && io.MouseWheel != 0)
    map.zoom_at(cursor, std::pow(1.25, static_cast<double>(io.MouseWheel)));
  if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 4)) {
    map.pan(static_cast<double>(io.MouseDelta.x), static_cast<double>(io.MouseDelta.y));
  }
  const bool clicked = hovered && ImGui::IsMouseReleased(ImGuiMouseButton_Left) &&
                       ImGui::GetMouseDragDelta(ImGuiMouseButton_Left, 4).x == 0 &&
                       ImGui::GetMouseDragDelta(ImGuiMouseButton_Left, 4).y == 0;
  if (!clicked) return;
  auto& selected = p.f.console.selected;
  if (const auto* j = junction_at(p.f.city, map, cursor, 14); j != nullptr && j->signalised) {
    selected = {};
    selected.junction = j->id;
  } else if (const auto* l = link_at(p.f.city, map, cursor, 8); l != nullptr) {
    selected = {};
    selected.link = l->id;
  } else {
    selected = {};
  }
}

void link_card(Frame& f) {
  const auto* link = f.city.link(f.console.selected.link);
  if (link == nullptr) return;
  ImGui::SetCursorPos({ImGui::GetFontSize(), ImGui::GetFontSize()});
  // The map's own window has no padding.
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding,
                      {ImGui::GetFontSize() * 0.5F, ImGui::GetFontSize() * 0.5F});
  ImGui::BeginChild("###linkcard", {ImGui::GetFontSize() * 20, ImGui::GetFontSize() * 10}, true);
  ImGui::PopStyleVar();
  ImGui::TextUnformatted(link->name.empty() ? link->id.str().c_str() : link->name.c_str());
  const auto prov = link->provenance == Provenance::sourced       ? Text::prov_sourced
                    : link->provenance == Provenance::approximate ? Text::prov_approximate
                    : link->provenance == Provenance::invented    ? Text::prov_invented
                    : link->provenance == Provenance::derived     ? Text::prov_derived
                                                                  : Text::unknown;
  ImGui::Text("%s: %s", f.t(Text::provenance), f.t(prov));
  if (f.snapshot.picture) {
    for (const auto& s : f.snapshot.picture->links) {
      if (s.link != link->id) continue;
      const auto lang = f.console.language;
      ImGui::Text("%s: %s", f.t(Text::flow), estimate(lang, s.flow, 0, "veh/h").c_str());
      ImGui::Text("%s: %s", f.t(Text::speed),
                  s.speed && s.speed->usable() ? kilometres_per_hour(lang, s.speed->value).c_str()
                                               : f.t(Text::unknown));
      ImGui::Text("%s: %s", f.t(Text::queue), estimate(lang, s.queue, 1, "veh").c_str());
      ImGui::Text("%s: %s %%", f.t(Text::occupancy),
                  number(lang, s.storage.value * 100, 0).c_str());
      if (s.spillback) ImGui::TextColored({0.69F, 0, 0.23F, 1}, "■ %s", f.t(Text::spillback));
    }
  }
  ImGui::EndChild();
}

}  // namespace

void draw_map(Frame& f) {
  const auto& io = ImGui::GetIO();
  const float width = io.DisplaySize.x - layout::side();
  const float height = io.DisplaySize.y - layout::top() - layout::bottom();
  layout::place(0, layout::top(), width, height);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colour::kMap);
  ImGui::Begin("###map", nullptr,
               layout::kFixed | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  auto& map = f.console.map;
  map.width = static_cast<double>(width);
  map.height = static_cast<double>(height);
  if (!f.console.fitted) {
    map.fit(f.city.bounds);
    f.console.fitted = true;
  }
  const auto origin = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton("###canvas", {width, height});
  mark("canvas");
  Painter painter{f, ImGui::GetWindowDrawList(), origin, map.visible()};
  interact(painter, ImGui::IsItemHovered());
  zones(painter);
  links(painter);
  stations_and_gates(painter);
  parking(painter);
  junctions(painter);
  buses(painter);
  if (f.stale()) {
    painter.list->AddRect({origin.x + 2, origin.y + 2},
                          {origin.x + width - 2, origin.y + height - 2}, colour::kCritical, 0, 0,
                          4);
    const auto* text = f.snapshot.picture ? f.t(Text::stale) : f.t(Text::waiting_for_city);
    painter.list->AddText({origin.x + width * 0.45F, origin.y + 12}, colour::kCritical, text);
  }
  ImGui::SetCursorPos({width - ImGui::GetFontSize() * 8, ImGui::GetFontSize() * 0.6F});
  if (ImGui::Button((std::string(f.t(Text::fit)) + "###fit").c_str())) map.fit(f.city.bounds);
  mark("fit");
  link_card(f);
  ImGui::End();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
}

}  // namespace dispecer::hmi
