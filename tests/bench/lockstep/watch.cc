#include "tests/bench/lockstep/watch.h"

#include <algorithm>
#include <cmath>

namespace dispecer::bench {

BusLoss::BusLoss(const city::City& city) {
  std::map<LinkId, double> limits;
  for (const auto& l : city.network.links) limits[l.id] = l.speed_limit.value;
  for (const auto& m : city.network.movements) {
    const auto signals = city.signals.find(m.junction);
    if (m.group.empty() || signals == city.signals.end()) continue;
    auto& approach = approaches_[m.from];
    approach.limit = limits[m.from];
    approach.junction = m.junction;
    const auto& groups = signals->second.groups;
    for (std::uint32_t g = 0; g < groups.size(); ++g) {
      if (groups[g].id == m.group) approach.groups.insert(g);
    }
  }
}

void BusLoss::add(const sim::StreetVehicle& bus, const std::vector<Field::Shown>& shown) {
  buses_.insert(bus.id);
  const auto it = approaches_.find(bus.link);
  if (it == approaches_.end() || bus.at_stop) return;
  const auto& approach = it->second;
  const double lost = std::clamp(1 - bus.speed_mps / approach.limit, 0.0, 1.0);
  lost_ += lost;
  if (bus.speed_mps >= 1) return;
  const auto at = std::find_if(shown.begin(), shown.end(),
                               [&](const auto& s) { return s.junction == approach.junction; });
  if (at == shown.end()) return;
  const bool green = std::any_of(approach.groups.begin(), approach.groups.end(), [&](auto g) {
    return g < at->aspects.size() && is_green(at->aspects[g]);
  });
  (green ? queue_ : red_) += lost;
}

void SparedWatch::add(const sim::StreetVehicle& bus, UtcTime now) {
  auto& at = at_[bus.id];
  if (at == bus.link) return;
  if (!at.empty()) left_[{bus.id, at}].push_back(now);
  at = bus.link;
}

void SparedWatch::add(const PriorityRequest& request) {
  if (request.spared_until) spared_[request.id] = request;
}

SparedWatch::Grants SparedWatch::grants(const Network& network) const {
  std::map<MovementId, LinkId> from;
  for (const auto& m : network.movements) from[m.id] = m.from;
  Grants out;
  for (const auto& [id, r] : spared_) {
    out.changed += 1;
    const auto link = from.find(r.movement);
    if (link == from.end()) continue;
    const auto left = left_.find({r.vehicle.str(), link->second});
    if (left == left_.end()) continue;
    const auto passed = std::find_if(left->second.begin(), left->second.end(),
                                     [&](UtcTime t) { return t >= *r.spared_from; });
    if (passed == left->second.end()) continue;
    const double saved = in_seconds(*r.spared_until - *passed);
    if (saved >= 1) out.effective += 1;
    out.saved_s += std::max(0.0, saved);
  }
  return out;
}

void HeadwayWatch::add(const sim::StreetVehicle& bus, const LineId& line, double now_s) {
  if (bus.link.empty()) return;
  auto& link = at_[bus.id];
  if (link == bus.link) return;
  link = bus.link;
  seen_[{line, link}].push_back(now_s);
}

std::optional<double> HeadwayWatch::cv() const {
  double sum = 0;
  double n = 0;
  for (const auto& [where, times] : seen_) {
    if (times.size() < 3) continue;
    const auto gaps = static_cast<double>(times.size() - 1);
    const double mean = (times.back() - times.front()) / gaps;
    if (mean <= 0) continue;
    double squares = 0;
    for (std::size_t i = 1; i < times.size(); ++i) {
      squares += std::pow(times[i] - times[i - 1] - mean, 2);
    }
    sum += std::sqrt(squares / gaps) / mean;
    n += 1;
  }
  if (n <= 0) return std::nullopt;
  return sum / n;
}

RedWatch::RedWatch(const city::City& city) {
  std::map<LinkId, double> lengths;
  for (const auto& l : city.network.links) lengths[l.id] = l.length.value;
  for (const auto& m : city.network.movements) {
    const auto signals = city.signals.find(m.junction);
    if (m.group.empty() || signals == city.signals.end()) continue;
    const auto& groups = signals->second.groups;
    for (std::uint32_t g = 0; g < groups.size(); ++g) {
      if (groups[g].id != m.group) continue;
      auto& approach = approaches_[m.from];
      approach.length = lengths[m.from];
      approach.groups.emplace_back(m.junction, g);
    }
  }
}

void RedWatch::add(const std::vector<sim::StreetVehicle>& vehicles,
                   const std::vector<Field::Shown>& shown) {
  std::set<LinkId> waits;
  for (const auto& v : vehicles) {
    if (v.link.empty() || v.speed_mps > 0.5 || v.at_stop) continue;
    const auto approach = approaches_.find(v.link);
    if (approach != approaches_.end() && approach->second.length - v.along_m < 10)
      waits.insert(v.link);
  }
  std::map<JunctionId, const Field::Shown*> lamps;
  for (const auto& s : shown) lamps[s.junction] = &s;
  for (auto& [link, approach] : approaches_) {
    bool red = true;
    for (const auto& [junction, g] : approach.groups) {
      red = red && !is_green(lamps.at(junction)->aspects[g]);
    }
    if (red) {
      if (approach.red > 0 || waits.count(link) != 0) approach.red += 1;
    } else if (approach.red > 0) {
      ended_.push_back(approach.red);
      approach.red = 0;
    }
  }
}

std::vector<double> RedWatch::reds() const {
  auto out = ended_;
  for (const auto& [link, approach] : approaches_) {
    if (approach.red > 0) out.push_back(approach.red);
  }
  return out;
}

OrderWatch::OrderWatch(const city::City& city) {
  for (const auto& [id, signals] : city.signals) {
    auto& place = places_[id];
    const auto* plan = find_plan(signals, signals.local_plan);
    if (plan == nullptr) continue;
    for (const auto& row : plan->ring) place.ring.push_back(row.stage);
  }
}

void OrderWatch::add(const std::vector<Field::Shown>& shown) {
  for (const auto& s : shown) {
    if (!s.stage) continue;
    auto& place = places_.at(s.junction);
    const auto before = std::exchange(place.last, *s.stage);
    if (before == 0 || before == *s.stage) continue;
    ++changes_;
    const auto from = std::find(place.ring.begin(), place.ring.end(), before);
    const auto to = std::find(place.ring.begin(), place.ring.end(), *s.stage);
    if (from == place.ring.end() || to == place.ring.end()) continue;
    const auto n = static_cast<std::ptrdiff_t>(place.ring.size());
    const auto steps = ((to - from) % n + n) % n;
    if (steps == 1) continue;
    ++out_of_order_;
    skipped_ += static_cast<double>(steps - 1);
  }
}

Delays delays(const sim::Street& street, double people_in_car, double people_in_bus) {
  Delays out;
  double lost = 0;
  double travelled = 0;
  double arrived = 0;
  const auto add = [&](const sim::Journey& j) {
    const double seconds = std::max(0.0, j.time_loss_s) + j.depart_delay_s;
    const bool bus = j.kind == sim::RoadUser::bus || j.kind == sim::RoadUser::trolleybus;
    const double people = bus ? people_in_bus : people_in_car;
    lost += seconds;
    out.vehicles += 1;
    out.person_lost += people * seconds;
    out.people += people;
    if (bus) {
      out.bus += std::max(0.0, j.time_loss_s);
      out.buses += 1;
    } else {
      out.others += seconds;
    }
    if (j.arrived_s > 0) {
      travelled += j.arrived_s - j.departed_s;
      arrived += 1;
    }
  };
  for (const auto& j : street.journeys()) add(j);
  for (const auto& j : street.under_way()) add(j);
  if (out.vehicles > 0) out.all = lost / out.vehicles;
  if (out.buses > 0) out.bus /= out.buses;
  if (out.vehicles > out.buses) out.others /= out.vehicles - out.buses;
  if (arrived > 0) out.travel = travelled / arrived;
  return out;
}

}  // namespace dispecer::bench
