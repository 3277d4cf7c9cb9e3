#include "tests/bench/transit/tally.h"

#include <cmath>
#include <cstdio>

namespace dispecer::bench {
namespace {

constexpr double kKept_s = 100;

bool on_trip(const BusState& bus) {
  return bus.phase == BusPhase::running || bus.phase == BusPhase::at_stop;
}

std::string horizon(double h) {
  return "_h" + std::to_string(static_cast<int>(h));
}

}  // namespace

Tally::Tally(const Timetable& timetable, std::map<MovementId, priority::Place> places, int period,
             UtcTime service_start, std::string trace)
    : suffix_("_p" + std::to_string(period)),
      trace_(std::move(trace)),
      service_start_(service_start),
      priority_(priority::make_state(std::move(places))) {
  for (const auto& trip : timetable.trips) {
    if (!trip.stop_times.empty()) first_.insert({trip.id, trip.stop_times.front().sequence});
    for (const auto& st : trip.stop_times) stop_times_[{trip.id, st.sequence}] = &st;
  }
  for (const char* who : {"ghosts_asked", "frozen_asked", "no_trip_asked"}) {
    sums_[who + suffix_ + ".sum"] = 0;
  }
}

void Tally::look(const CityPicture& picture, const FeedErrors& errors, const Truth& truth,
                 UtcTime now) {
  for (const auto& bus : picture.buses) {
    const auto planted = errors.planted(bus.vehicle);
    fates_[bus.vehicle] = planted;
    const bool live = bus.quality == Quality::live && on_trip(bus);
    if (planted == Planted::wrong_trip && live) {
      add("wrong_trip_found" + suffix_, may_ask(bus.trust) ? 0 : 1);
    }
    if (live && may_ask(bus.trust)) {
      add("wrong_trip" + suffix_,
          planted == Planted::wrong_trip || planted == Planted::ghost ? 1 : 0);
    }
    if (planted == Planted::none && bus.quality == Quality::live) {
      add("right_trip_doubted" + suffix_, on_trip(bus) && !may_ask(bus.trust) ? 1 : 0);
    }
    if (planted != Planted::none) continue;
    auto& said = said_[bus.vehicle];
    while (!said.empty() && in_seconds(now - said.front().t) > kKept_s) said.pop_front();
    Said row;
    row.t = now;
    row.movement = bus.next_movement;
    const double age = in_seconds(now - bus.fix);
    row.distance = bus.to_stop_line.value;
    const auto& pass = bus.pass ? bus.pass : bus.eta;
    if (pass) {
      row.told = true;
      row.pass = pass->value - age;
      row.low = (bus.pass_low ? bus.pass_low : bus.eta_low)->value - age;
      row.high = (bus.pass_high ? bus.pass_high : bus.eta_high)->value - age;
      row.arrive = bus.eta ? bus.eta->value - age : 0;
    }
    said.push_back(row);
  }
  for (const auto& p : truth.passings()) score(p);
  for (const auto& e : truth.stops()) score(e, picture);
  priority::step(priority_, now);
}

void Tally::heard(const BusState& bus, const FeedErrors& errors, UtcTime now) {
  const auto planted = errors.planted(bus.vehicle);
  for (const auto& r : priority::apply(priority_, bus, now)) {
    if (r.state != RequestState::queued && r.state != RequestState::granted) continue;
    // A request that was open before its bus froze goes on until that is seen.
    if (planted == Planted::ghost) sums_["ghosts_asked" + suffix_ + ".sum"] += 1;
    if (planted == Planted::frozen && r.received == now) {
      sums_["frozen_asked" + suffix_ + ".sum"] += 1;
    }
    if (planted == Planted::no_trip) sums_["no_trip_asked" + suffix_ + ".sum"] += 1;
    if (planted == Planted::wrong_trip && r.received == now) {
      asked_wrong_.push_back({bus.vehicle, r.movement});
    }
  }
}

void Tally::score(const Passing& passing) {
  const auto said = said_.find(passing.vehicle);
  const auto fate = fates_.find(passing.vehicle);
  if (said == said_.end() || fate == fates_.end() || fate->second != Planted::none) return;
  for (const double h : kHorizons_s) {
    const Said* best = nullptr;
    for (const auto& row : said->second) {
      if (std::abs(in_seconds(passing.t - row.t) - h) <= 0.5) best = &row;
    }
    if (best == nullptr || best->movement != passing.movement) {
      // Not on the road then, or another stop line came first; those are no misses.
      if (best != nullptr && best->movement.empty()) add("eta_missing" + horizon(h) + suffix_, 1);
      continue;
    }
    const std::string tag = horizon(h) + suffix_;
    add("eta_missing" + tag, best->told ? 0 : 1);
    if (!best->told) continue;
    const double truth = in_seconds(passing.t - best->t);
    if ("eta_mae" + tag == trace_) {
      std::fprintf(stderr, "%s %s d %.0f truth %.1f pass %.1f [%.1f %.1f] arrive %.1f\n",
                   passing.vehicle.str().c_str(), passing.movement.str().c_str(), best->distance,
                   truth, best->pass, best->low, best->high, best->arrive);
    }
    add("eta_mae" + tag, std::abs(best->pass - truth));
    add("eta_bias" + tag, best->pass - truth);
    add("eta_within_3s" + tag, std::abs(best->pass - truth) <= 3 ? 1 : 0);
    add("eta_coverage" + suffix_, best->low <= truth && truth <= best->high ? 1 : 0);
    add("eta_width" + tag, best->high - best->low);
  }
}

void Tally::score(const StopEvent& event, const CityPicture& picture) {
  const auto fate = fates_.find(event.vehicle);
  if (fate == fates_.end() || fate->second != Planted::none) return;
  const auto st = stop_times_.find({event.trip, event.sequence});
  if (st == stop_times_.end()) return;
  // Who comes early to its first stop is not early.
  if (event.arrival && first_.contains({event.trip, event.sequence})) return;
  const double due = event.arrival ? st->second->arrival.value : st->second->departure.value;
  const double late = in_seconds(event.t - service_start_) - due;
  for (const auto& bus : picture.buses) {
    if (bus.vehicle != event.vehicle) continue;
    add("lateness_missing" + suffix_, bus.lateness ? 0 : 1);
    if (!bus.lateness) return;
    if ("lateness_mae" + suffix_ == trace_) {
      std::fprintf(stderr, "%s stop %u %s truth %.0f told %.1f %s to line %.0f\n",
                   event.vehicle.str().c_str(), event.sequence, event.arrival ? "came" : "left",
                   late, bus.lateness->value, std::string(to_name(bus.phase)).c_str(),
                   bus.to_stop_line.value);
    }
    add("lateness_mae" + suffix_, std::abs(bus.lateness->value - late));
    return;
  }
}

Sums Tally::sums(const Truth& truth) const {
  auto out = sums_;
  auto& wrong = out["wrong_trip_asked" + suffix_ + ".sum"];
  for (const auto& a : asked_wrong_) wrong += truth.took(a.vehicle, a.movement) ? 0 : 1;
  return out;
}

}  // namespace dispecer::bench
