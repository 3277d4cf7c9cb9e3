#include "hmi/view_model/city_view.h"

#include <algorithm>
#include <cmath>

namespace dispecer::hmi {

void Box::add(Local p) {
  low = {std::min(low.x, p.x), std::min(low.y, p.y)};
  high = {std::max(high.x, p.x), std::max(high.y, p.y)};
}

bool Box::meets(const Box& o) const {
  return low.x <= o.high.x && o.low.x <= high.x && low.y <= o.high.y && o.low.y <= high.y;
}

const JunctionMark* CityView::junction(const JunctionId& id) const {
  const auto it = std::find_if(junctions.begin(), junctions.end(),
                               [&](const JunctionMark& j) { return j.id == id; });
  return it == junctions.end() ? nullptr : &*it;
}

const LinkShape* CityView::link(const LinkId& id) const {
  const auto it =
      std::find_if(links.begin(), links.end(), [&](const LinkShape& l) { return l.id == id; });
  return it == links.end() ? nullptr : &*it;
}

const ParkingArea* CityView::area(const ParkingId& id) const {
  const auto it = std::find_if(parking.begin(), parking.end(),
                               [&](const ParkingArea& a) { return a.id == id; });
  return it == parking.end() ? nullptr : &*it;
}

CityView make_city_view(std::string title, LonLat origin, const Network& network,
                        std::map<JunctionId, JunctionSignals> signals,
                        std::vector<ParkingArea> parking, std::vector<Zone> zones,
                        std::vector<Gate> gates, std::vector<AirStation> stations) {
  CityView view(origin);
  view.title = std::move(title);
  view.network = std::make_shared<const Network>(network);
  for (const auto& link : network.links) {
    LinkShape shape{link.id,         link.name,      {}, {}, link.lanes, link.lanes > 0,
                    link.cycle_lane, link.provenance};
    for (const auto& p : link.shape) {
      const auto local = view.plane.to_local(p);
      shape.points.push_back(local);
      shape.box.add(local);
      view.bounds.add(local);
    }
    view.links.push_back(std::move(shape));
  }
  for (const auto& j : network.junctions) {
    view.junctions.push_back({j.id, j.name.empty() ? j.id.str() : j.name,
                              view.plane.to_local(j.position), j.signalised, j.provenance});
  }
  std::stable_sort(view.junctions.begin(), view.junctions.end(),
                   [](const JunctionMark& a, const JunctionMark& b) {
                     return std::pair(!a.signalised, a.name) < std::pair(!b.signalised, b.name);
                   });
  view.signals = std::move(signals);
  view.parking = std::move(parking);
  view.zones = std::move(zones);
  view.gates = std::move(gates);
  view.stations = std::move(stations);
  return view;
}

Local MapView::to_screen(Local p) const {
  return {width / 2 + (p.x - centre.x) * scale, height / 2 - (p.y - centre.y) * scale};
}

Local MapView::to_plane(Local s) const {
  return {centre.x + (s.x - width / 2) / scale, centre.y - (s.y - height / 2) / scale};
}

Box MapView::visible() const {
  Box box;
  box.add(to_plane({0, 0}));
  box.add(to_plane({width, height}));
  return box;
}

void MapView::fit(const Box& box) {
  if (box.low.x > box.high.x) return;
  centre = {(box.low.x + box.high.x) / 2, (box.low.y + box.high.y) / 2};
  const double w = std::max(1.0, box.high.x - box.low.x);
  const double h = std::max(1.0, box.high.y - box.low.y);
  scale = 0.94 * std::min(width / w, height / h);
}

void MapView::pan(double dx, double dy) {
  centre.x -= dx / scale;
  centre.y += dy / scale;
}

void MapView::zoom_at(Local screen, double factor) {
  const auto anchor = to_plane(screen);
  scale = std::clamp(scale * factor, 0.01, 20.0);
  const auto moved = to_plane(screen);
  centre.x += anchor.x - moved.x;
  centre.y += anchor.y - moved.y;
}

const JunctionMark* junction_at(const CityView& city, const MapView& view, Local screen,
                                double pixels) {
  const JunctionMark* best = nullptr;
  double nearest = pixels;
  for (const auto& j : city.junctions) {
    if (best != nullptr && best->signalised && !j.signalised) break;
    const auto s = view.to_screen(j.at);
    const double d = std::hypot(s.x - screen.x, s.y - screen.y);
    if (d <= nearest) {
      nearest = d;
      best = &j;
    }
  }
  return best;
}

const LinkShape* link_at(const CityView& city, const MapView& view, Local screen, double pixels) {
  const auto at = view.to_plane(screen);
  const LinkShape* best = nullptr;
  double nearest = pixels / view.scale;
  for (const auto& link : city.links) {
    if (link.points.size() < 2) continue;
    const auto p = project(link.points, at);
    if (p.off_m <= nearest) {
      nearest = p.off_m;
      best = &link;
    }
  }
  return best;
}

}  // namespace dispecer::hmi
