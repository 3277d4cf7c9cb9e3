#include "fusion/transit/index.h"

#include <algorithm>
#include <cmath>

namespace dispecer::transit {
namespace {

constexpr double kAtPoint_m = 20;  // so near to a control point a vehicle counts as at it

template <class Key, class Rows, class Get>
std::map<Key, std::uint32_t> positions(const Rows& rows, Get&& get) {
  std::map<Key, std::uint32_t> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.emplace(get(rows[i]), static_cast<std::uint32_t>(i));
  }
  return out;
}

template <class Key>
std::uint32_t find(const std::map<Key, std::uint32_t>& in, const Key& key) {
  const auto it = in.find(key);
  return it == in.end() ? kNone : it->second;
}

ShapeIndex polyline(const LocalPlane& plane, const std::vector<LonLat>& points) {
  ShapeIndex shape;
  double travelled = 0;
  for (const auto& p : points) {
    const Local at = plane.to_local(p);
    if (!shape.points.empty()) {
      travelled += std::hypot(at.x - shape.points.back().x, at.y - shape.points.back().y);
    }
    shape.points.push_back(at);
    shape.along.push_back(travelled);
  }
  return shape;
}

// Puts the links of a shape along it, in order: the stop line of each is looked for where its
// length lets expect it, so that a shape which crosses itself is followed in the right turn.
void place_links(ShapeIndex& shape, const Shape& source, const Network& network,
                 const std::map<LinkId, std::uint32_t>& link_of,
                 const std::map<std::pair<LinkId, LinkId>, std::uint32_t>& movement_of,
                 const LocalPlane& plane) {
  double at = 0;
  for (std::size_t k = 0; k < source.links.size(); ++k) {
    const auto number = find(link_of, source.links[k]);
    if (number == kNone) continue;
    const auto& link = network.links[number];
    const double length = link.length.value;
    ShapeLink row;
    row.link = number;
    row.end = std::min(at + length, shape.length());
    if (!link.shape.empty()) {
      const auto hit =
          project_within(shape, plane.to_local(link.shape.back()), at, at + 1.3 * length + 60);
      if (hit.off_m <= 50) row.end = hit.along_m;
    }
    row.begin = std::max(row.end - length, k == 0 ? row.end - length : at);
    if (k + 1 < source.links.size()) {
      const auto it = movement_of.find({source.links[k], source.links[k + 1]});
      if (it != movement_of.end()) {
        row.movement = it->second;
        row.signalised = !network.movements[it->second].group.empty();
      }
    }
    at = row.end;
    shape.links.push_back(row);
  }
}

TripIndex trip_row(const Trip& trip, const std::map<StopId, std::uint32_t>& stop_of) {
  TripIndex row;
  row.id = trip.id;
  row.line = trip.line;
  for (const auto& st : trip.stop_times) {
    row.stops.push_back({find(stop_of, st.stop), st.sequence, st.along.value, st.arrival.value,
                         st.departure.value, st.timepoint});
  }
  for (std::uint32_t i = 0; i < row.stops.size(); ++i) {
    const bool end = i == 0 || i + 1 == row.stops.size();
    if (!row.stops[i].timepoint && !end) continue;
    // Distances that do not grow cannot be interpolated between.
    if (!row.control.empty() && row.stops[i].along <= row.stops[row.control.back()].along) continue;
    row.control.push_back(i);
  }
  return row;
}

// Distances told for stops are measured along another line than ours (a feed's own drawing, or link
// lengths without the junctions between): a stop whose link is known stands on that link of the
// shape, any other where its position is nearest, not far from where it was told to be.
void place_stops(TripIndex& trip, const ShapeIndex& shape, const Timetable& timetable,
                 const Network& network, const std::map<LinkId, std::uint32_t>& link_of,
                 const LocalPlane& plane) {
  constexpr double kBehind_m = 60;
  constexpr double kAhead_m = 250;
  constexpr double kOff_m = 60;
  double last = 0;
  double told_before = 0;
  for (auto& stop : trip.stops) {
    if (stop.stop == kNone) continue;
    const auto& source = timetable.stops[stop.stop];
    // As far behind the stop before it as was told.
    const double expected = std::max(last, last + stop.along - told_before);
    told_before = stop.along;
    double best = expected;
    double nearest = kAhead_m;
    const auto number = find(link_of, source.link);
    for (const auto& row : shape.links) {
      if (number == kNone || row.link != number) continue;
      const double behind = network.links[number].length.value - source.along.value;
      const double at = std::max(row.begin, row.end - std::max(0.0, behind));
      if (std::abs(at - expected) >= nearest || at + kBehind_m < last) continue;
      nearest = std::abs(at - expected);
      best = at;
    }
    if (nearest >= kAhead_m) {
      const auto hit = project_within(shape, plane.to_local(source.position),
                                      std::max(last, expected - kBehind_m), expected + kAhead_m);
      if (hit.off_m <= kOff_m) best = hit.along_m;
    }
    // Strictly ahead, so that time can be interpolated between.
    stop.along = std::max(&stop == &trip.stops.front() ? 0.0 : last + 0.1, best);
    last = stop.along;
  }
}

PlanLamps lamps_of(const JunctionSignals& signals, const SignalPlan& plan) {
  PlanLamps out;
  out.number = plan.number;
  out.cycle = plan.cycle.value;
  out.groups.resize(signals.groups.size());
  const bool known = std::all_of(plan.ring.begin(), plan.ring.end(), [&](const PlanStage& s) {
    return find_stage(signals, s.stage) != nullptr;
  });
  if (!known || out.cycle <= 0) return out;
  const auto greens = plan_greens(signals, plan);
  for (std::size_t g = 0; g < greens.size(); ++g) {
    for (const auto& green : greens[g]) {
      if (green.end - green.begin >= out.cycle) continue;
      out.groups[g].push_back({std::fmod(green.begin, out.cycle), true});
      out.groups[g].push_back({std::fmod(green.end, out.cycle), false});
    }
    std::sort(out.groups[g].begin(), out.groups[g].end(),
              [](const LampSwitch& a, const LampSwitch& b) { return a.at < b.at; });
  }
  return out;
}

}  // namespace

Projection project_within(const ShapeIndex& shape, Local p, double from, double to) {
  Projection best{std::max(0.0, from), std::numeric_limits<double>::infinity()};
  if (shape.points.empty()) return best;
  if (shape.points.size() == 1) {
    return {0, std::hypot(p.x - shape.points[0].x, p.y - shape.points[0].y)};
  }
  const auto first = std::upper_bound(shape.along.begin(), shape.along.end(), from);
  std::size_t i =
      first == shape.along.begin() ? 1 : static_cast<std::size_t>(first - shape.along.begin());
  i = std::min(i, shape.points.size() - 1);
  for (; i < shape.points.size() && (shape.along[i - 1] <= to || i == 1); ++i) {
    const Local a = shape.points[i - 1];
    const Local b = shape.points[i];
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double squared = dx * dx + dy * dy;
    double share = squared > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / squared : 0.0;
    share = std::clamp(share, 0.0, 1.0);
    const double piece = shape.along[i] - shape.along[i - 1];
    if (piece > 0) {
      const double low = std::clamp((from - shape.along[i - 1]) / piece, 0.0, 1.0);
      const double high = std::clamp((to - shape.along[i - 1]) / piece, low, 1.0);
      share = std::clamp(share, low, high);
    }
    const double off = std::hypot(p.x - (a.x + share * dx), p.y - (a.y + share * dy));
    if (off < best.off_m) best = {shape.along[i - 1] + share * piece, off};
  }
  return best;
}

double scheduled_s(const TripIndex& trip, double along) {
  if (trip.control.empty()) return 0;
  const auto& first = trip.stops[trip.control.front()];
  if (along <= first.along) return first.departure;
  for (std::size_t i = 1; i < trip.control.size(); ++i) {
    const auto& a = trip.stops[trip.control[i - 1]];
    const auto& b = trip.stops[trip.control[i]];
    if (along > b.along) continue;
    return a.departure + (b.arrival - a.departure) * (along - a.along) / (b.along - a.along);
  }
  return trip.stops[trip.control.back()].arrival;
}

double lateness_s(const TripIndex& trip, double along, double s) {
  for (std::size_t i = 0; i < trip.control.size(); ++i) {
    const auto& point = trip.stops[trip.control[i]];
    const bool first = i == 0;
    if (first ? along > point.along + kAtPoint_m : std::abs(along - point.along) > kAtPoint_m) {
      continue;
    }
    if (s > point.departure) return s - point.departure;
    if (first || s >= point.arrival) return 0;
    return s - point.arrival;
  }
  return s - scheduled_s(trip, along);
}

double bearing_deg(const ShapeIndex& shape, double along) {
  if (shape.points.size() < 2) return 0;
  const auto at = std::upper_bound(shape.along.begin() + 1, shape.along.end() - 1, along);
  const auto i = static_cast<std::size_t>(at - shape.along.begin());
  const double dx = shape.points[i].x - shape.points[i - 1].x;
  const double dy = shape.points[i].y - shape.points[i - 1].y;
  constexpr double kDegrees = 57.29577951308232;
  const double bearing = std::atan2(dx, dy) * kDegrees;
  return bearing < 0 ? bearing + 360 : bearing;
}

Index make_index(const Timetable& timetable, const Network& network,
                 const std::map<JunctionId, JunctionSignals>& signals,
                 const std::map<std::uint32_t, UtcTime>& day_starts) {
  Index index;
  if (!network.junctions.empty()) {
    index.plane = LocalPlane(network.junctions.front().position);
  } else if (!timetable.stops.empty()) {
    index.plane = LocalPlane(timetable.stops.front().position);
  }
  const auto link_of = positions<LinkId>(network.links, [](const Link& l) { return l.id; });
  const auto movement_of =
      positions<std::pair<LinkId, LinkId>>(network.movements, [](const Movement& m) {
        return std::pair{m.from, m.to};
      });
  const auto stop_of = positions<StopId>(timetable.stops, [](const Stop& s) { return s.id; });
  const auto service_of =
      positions<std::string>(timetable.services, [](const Service& s) { return s.id; });
  for (const auto& link : network.links) {
    index.links.push_back(link.id);
    index.limits.push_back(link.speed_limit.value > 0 ? link.speed_limit.value : 13.9);
    index.bus_lane.push_back(link.bus_lane);
  }
  for (const auto& [id, row] : signals) {
    index.junction_of.emplace(id, static_cast<std::uint32_t>(index.junction_of.size()));
    auto& plans = index.plans.emplace_back();
    for (const auto& plan : row.plans) plans.push_back(lamps_of(row, plan));
  }
  for (const auto& movement : network.movements) {
    index.movements.push_back(movement.id);
    index.lamps.emplace_back(kNone, kNone);
    const auto row = signals.find(movement.junction);
    if (movement.group.empty() || row == signals.end()) continue;
    const auto& groups = row->second.groups;
    for (std::uint32_t g = 0; g < groups.size(); ++g) {
      if (groups[g].id == movement.group) {
        index.lamps.back() = {index.junction_of.at(movement.junction), g};
      }
    }
  }
  for (const auto& line : timetable.lines) index.kind_of.emplace(line.id, line.kind);
  for (const auto& service : timetable.services) index.service_days.push_back(service.days);
  for (const auto& [date, start] : day_starts) index.days.push_back({start, date});

  std::map<ShapeId, std::uint32_t> shape_of;
  for (const auto& source : timetable.shapes) {
    ShapeIndex shape = polyline(index.plane, source.points);
    shape.id = source.id;
    place_links(shape, source, network, link_of, movement_of, index.plane);
    shape_of.emplace(source.id, static_cast<std::uint32_t>(index.shapes.size()));
    index.shapes.push_back(std::move(shape));
  }
  for (const auto& trip : timetable.trips) {
    TripIndex row = trip_row(trip, stop_of);
    row.service = find(service_of, trip.service);
    row.shape = find(shape_of, trip.shape);
    if (row.shape == kNone || index.shapes[row.shape].points.size() < 2) {
      std::vector<LonLat> points;
      for (const auto& stop : row.stops) {
        if (stop.stop != kNone) points.push_back(timetable.stops[stop.stop].position);
      }
      ShapeIndex shape = polyline(index.plane, points);
      for (std::size_t i = 0, at = 0; i < row.stops.size(); ++i) {
        if (row.stops[i].stop != kNone) row.stops[i].along = shape.along[at++];
      }
      row.shape = static_cast<std::uint32_t>(index.shapes.size());
      index.shapes.push_back(std::move(shape));
    } else {
      place_stops(row, index.shapes[row.shape], timetable, network, link_of, index.plane);
    }
    index.trip_of.emplace(trip.id, static_cast<std::uint32_t>(index.trips.size()));
    index.trips.push_back(std::move(row));
  }
  return index;
}

}  // namespace dispecer::transit
