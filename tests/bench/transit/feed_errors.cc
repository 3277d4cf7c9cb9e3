#include "tests/bench/transit/feed_errors.h"

#include <algorithm>
#include <cmath>

namespace dispecer::bench {
namespace {

constexpr double kGhostLife_s = 900;
constexpr double kMetresPerDegree = 111320;

// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t roll(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}
double unit(std::uint64_t& state) {
  return static_cast<double>(roll(state) >> 11) * 0x1p-53;
}
double gauss(std::uint64_t& state) {
  const double a = std::max(unit(state), 1e-12);
  return std::sqrt(-2 * std::log(a)) * std::cos(6.283185307179586 * unit(state));
}
std::uint64_t hash(const std::string& text, std::uint64_t seed) {
  std::uint64_t h = 0xCBF29CE484222325ULL ^ seed;  // FNV-1a
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return h;
}

bool runs(const Trip& trip, double s) {
  return trip.stop_times.size() > 1 && trip.stop_times.front().departure.value <= s + 60 &&
         trip.stop_times.back().arrival.value >= s - 60;
}

}  // namespace

FeedErrors::FeedErrors(const Timetable& timetable, const FeedErrorShares& shares,
                       std::uint64_t seed)
    : timetable_(timetable), shares_(shares), seed_(seed) {
  for (const auto& s : timetable.shapes) shapes_[s.id] = &s;
}

const Trip* FeedErrors::other_trip(const TripId& own, double service_s, std::uint64_t& dice) const {
  std::vector<const Trip*> now;
  for (const auto& t : timetable_.trips) {
    if (t.id != own && runs(t, service_s)) now.push_back(&t);
  }
  return now.empty() ? nullptr : now[roll(dice) % now.size()];
}

FeedErrors::Fate FeedErrors::make_fate(const VehiclePosition& first, UtcTime now,
                                       double service_s) {
  Fate fate;
  fate.first = now;
  fate.dice = hash(first.vehicle.str(), seed_);
  const double kind = unit(fate.dice);
  double upto = shares_.wrong_trip;
  if (kind < upto) {
    if (const auto* other = other_trip(first.trip, service_s, fate.dice)) {
      fate.kind = Planted::wrong_trip;
      fate.trip = other->id;
      fate.line = other->line;
    }
  } else if (kind < (upto += shares_.no_trip)) {
    fate.kind = Planted::no_trip;
  } else if (kind < upto + shares_.frozen) {
    fate.kind = Planted::frozen;
    fate.freezes = 20 + 100 * unit(fate.dice);
    fate.repeats = unit(fate.dice) < 0.3;
  }
  fate.north = shares_.position_sd_m * gauss(fate.dice);
  fate.east = shares_.position_sd_m * gauss(fate.dice);
  if (unit(fate.dice) < shares_.ghosts) add_ghost(first, now, service_s, roll(fate.dice));
  return fate;
}

void FeedErrors::add_ghost(const VehiclePosition& about, UtcTime now, double service_s,
                           std::uint64_t dice) {
  const auto* trip = other_trip(about.trip, service_s, dice);
  if (trip == nullptr) return;
  const auto shape = shapes_.find(trip->shape);
  if (shape == shapes_.end() || shape->second->points.empty()) return;
  const auto& points = shape->second->points;
  VehiclePosition p = about;
  p.vehicle = VehicleId("ghost_" + about.vehicle.str());
  p.trip = trip->id;
  p.line = trip->line;
  p.position = points[roll(dice) % points.size()];
  // Half of them tell the speed that they do not have.
  p.speed = MetresPerSecond{unit(dice) < 0.5 ? 0.0 : 8.0};
  p.stop_sequence.reset();
  p.stop_status = StopStatus::in_transit;
  const VehicleId id = p.vehicle;
  ghosts_[id] = {std::move(p), now + from_seconds(kGhostLife_s)};
}

void FeedErrors::blur(Fate& fate, VehiclePosition& p) const {
  const double keep = std::exp(-1 / shares_.position_memory_s);
  const double fresh = shares_.position_sd_m * std::sqrt(1 - keep * keep);
  fate.north = keep * fate.north + fresh * gauss(fate.dice);
  fate.east = keep * fate.east + fresh * gauss(fate.dice);
  p.position.lat += fate.north / kMetresPerDegree;
  p.position.lon +=
      fate.east / (kMetresPerDegree * std::cos(p.position.lat * 3.141592653589793 / 180));
}

std::vector<VehiclePosition> FeedErrors::spoil(const std::vector<VehiclePosition>& clean,
                                               UtcTime now, double service_s) {
  std::vector<VehiclePosition> out;
  for (const auto& p : clean) {
    auto it = fates_.find(p.vehicle);
    if (it == fates_.end()) {
      it = fates_.emplace(p.vehicle, make_fate(p, now, service_s)).first;
    }
    auto& fate = it->second;
    auto told = p;
    blur(fate, told);
    if (fate.kind == Planted::wrong_trip) {
      told.trip = fate.trip;
      told.line = fate.line;
      told.stop_sequence.reset();
    } else if (fate.kind == Planted::no_trip) {
      told.trip = TripId();
      told.stop_sequence.reset();
    } else if (fate.kind == Planted::frozen) {
      if (in_seconds(now - fate.first) < fate.freezes) {
        fate.last = told;
      } else {
        fate.begun = true;
        told = fate.last;
        if (!fate.repeats) told.t = now;
      }
    }
    out.push_back(std::move(told));
  }
  std::erase_if(ghosts_, [&](const auto& row) { return row.second.until < now; });
  for (auto& [id, ghost] : ghosts_) {
    ghost.told.t = now;
    out.push_back(ghost.told);
  }
  return out;
}

Planted FeedErrors::planted(const VehicleId& vehicle) const {
  if (ghosts_.contains(vehicle)) return Planted::ghost;
  const auto it = fates_.find(vehicle);
  if (it == fates_.end()) return Planted::none;
  if (it->second.kind == Planted::frozen && !it->second.begun) return Planted::none;
  return it->second.kind;
}

std::map<Planted, std::size_t> FeedErrors::counts() const {
  std::map<Planted, std::size_t> out;
  for (const auto& [id, fate] : fates_) ++out[fate.kind];
  out[Planted::ghost] += ghosts_.size();
  return out;
}

}  // namespace dispecer::bench
