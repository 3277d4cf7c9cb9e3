#include "fusion/parking/parking.h"

#include <algorithm>
#include <cmath>

namespace dispecer::parking {
namespace {

struct Reading {
  std::string cause;  // "" = fine
  double occupied = 0;
};

// Is the count possible in itself?
Reading read(const ParkingCount& count, std::uint32_t area_capacity, const Parameters& p) {
  if (!count.occupied && !count.free) return {"empty", 0};
  if (count.capacity && *count.capacity == 0) return {"capacity_zero", 0};
  if (area_capacity == 0) return {"no_capacity", 0};
  const double capacity = area_capacity;
  // The base that the source counts against; one base per area, and it is the city's.
  const double base = count.capacity ? *count.capacity : capacity;
  const double slack = std::max(2.0, p.sum_tolerance * base);
  const bool other_base = std::abs(base - capacity) > std::max(2.0, p.sum_tolerance * capacity);
  if (count.free && *count.free > base) return {"free_above_capacity", 0};
  if (count.occupied && count.free) {
    if (*count.occupied == 0 && *count.free == 0) return {"both_zero", 0};
    if (std::abs(static_cast<double>(*count.occupied) + *count.free - base) > slack) {
      return {"inconsistent", 0};
    }
  }
  if (!count.occupied && other_base) return {"capacity_base", 0};
  const double occupied = count.occupied ? *count.occupied : base - *count.free;
  if (occupied > capacity * (1 + p.over_tolerance) + 0.5) return {"occupied_above_capacity", 0};
  return {"", std::clamp(occupied, 0.0, capacity)};
}

// A change that cars cannot make in that time must be seen twice.
bool jumps(AreaLive& area, double occupied, UtcTime t, const Parameters& p) {
  const double least = std::max(p.jump_least, p.jump_share * area.capacity);
  const bool far = area.known && std::abs(occupied - area.occupied) > least &&
                   in_seconds(t - area.counted) < p.jump_s;
  if (!far) {
    area.jumped_to.reset();
    return false;
  }
  const bool confirmed = area.jumped_to && std::abs(occupied - *area.jumped_to) <= least / 2;
  if (confirmed) {
    area.jumped_to.reset();
    return false;
  }
  area.jumped_to = occupied;
  return true;
}

}  // namespace

State make_state(const std::vector<ParkingArea>& areas, const Parameters& parameters) {
  State state;
  state.parameters = parameters;
  for (const auto& area : areas) {
    state.area_of.emplace(area.id, static_cast<std::uint32_t>(state.areas.size()));
    AreaLive live;
    live.id = area.id;
    live.capacity = area.capacity;
    state.areas.push_back(std::move(live));
  }
  return state;
}

std::string apply(State& state, const ParkingCount& count) {
  const auto refuse = [&](const std::string& cause) {
    ++state.counters["parking." + cause];
    return cause;
  };
  const auto& p = state.parameters;
  const auto it = state.area_of.find(count.parking);
  if (it == state.area_of.end()) return refuse("unknown_area");
  auto& area = state.areas[it->second];
  if (state.started && in_seconds(count.t - state.now) > p.future_s) return refuse("future");
  const UtcTime newest = area.held.empty() ? area.counted : std::max(area.counted, area.held_at);
  if ((area.known || !area.held.empty()) && count.t <= newest) return refuse("older");
  auto reading = read(count, area.capacity, p);
  if (reading.cause.empty() && jumps(area, reading.occupied, count.t, p)) reading.cause = "jump";
  if (!reading.cause.empty()) {
    area.held = reading.cause;
    area.held_at = count.t;
    return refuse(reading.cause);
  }
  area.held.clear();
  area.known = true;
  area.occupied = reading.occupied;
  area.counted = count.t;
  ++state.counters["parking.accepted"];
  return "";
}

void step(State& state, UtcTime now) {
  state.now = now;
  state.started = true;
}

void picture(const State& state, CityPicture& out) {
  const auto& p = state.parameters;
  out.parking.clear();
  for (const auto& area : state.areas) {
    ParkingState row;
    row.parking = area.id;
    row.capacity = area.capacity;
    if (area.known) {
      const double age = std::max(0.0, in_seconds(state.now - area.counted));
      const double count_sd = p.count_base_sd + p.count_share_sd * area.capacity;
      // Comings and goings since the count are a random walk, both at the turnover's rate; the
      // error is never larger than not knowing at all.
      const double walk = 2 * p.turnover_per_h * area.capacity * age / 3600.0;
      const double sd = std::min(std::sqrt(count_sd * count_sd + walk),
                                 std::max(1.0, area.capacity / std::sqrt(12.0)));
      Quality quality = area.held.empty() ? Quality::live : Quality::implausible;
      if (age > p.stale_s) quality = Quality::stale;
      row.occupied = Estimate{area.occupied, sd, age, quality, kCameras};
      if (quality == Quality::live) {
        const double low = area.capacity - area.occupied - p.bound_sigmas * sd;
        row.free_low = static_cast<std::uint32_t>(std::max(0.0, std::floor(low)));
      }
    }
    out.parking.push_back(std::move(row));
  }
}

}  // namespace dispecer::parking
