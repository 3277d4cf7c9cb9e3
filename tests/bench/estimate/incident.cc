#include "tests/bench/estimate/incident.h"

#include <libsumo/libsumo.h>

#include <algorithm>
#include <random>

namespace dispecer::bench {
namespace {
constexpr double kShortest = 60;  // m
constexpr double kBusy = 150;     // veh/h
}  // namespace

Incident::Incident(const city::City& city, std::vector<std::size_t> eligible,
                   std::set<std::string> lanes, std::uint64_t seed)
    : city_(city), eligible_(std::move(eligible)), lanes_(std::move(lanes)), seed_(seed) {}

void Incident::tick(const sim::StreetView& view, const Truth& truth, double second, bool due) {
  if (began_ || !due) return;
  if (order_.empty()) {
    for (const auto i : eligible_) {
      if (city_.network.links[i].length.value >= kShortest && truth.flow_hour(i) >= kBusy) {
        order_.push_back(i);
      }
    }
    if (order_.empty()) {
      order_ = eligible_;
      std::sort(order_.begin(), order_.end(),
                [&](auto a, auto b) { return truth.flow_hour(a) > truth.flow_hour(b); });
    } else {
      std::mt19937_64 rng(seed_ * 31337 + 3);
      std::shuffle(order_.begin(), order_.end(), rng);
    }
  }
  // The first of the drawn order on which a suitable car drives; the first ones for a while alone.
  for (const auto i : order_) {
    if (stop_a_car(view, i, second)) return;
  }
}

bool Incident::stop_a_car(const sim::StreetView& view, std::size_t link, double second) {
  const auto& row = city_.network.links[link];
  const double length = row.length.value;
  for (const auto& v : view.vehicles) {
    if (v.kind == sim::RoadUser::bus || v.kind == sim::RoadUser::trolleybus ||
        v.kind == sim::RoadUser::bicycle || v.link != row.id) {
      continue;
    }
    const double brake = v.speed_mps * v.speed_mps / (2 * 3.0) + 2 * v.speed_mps + 2;
    const double at = std::max(length / 3, v.along_m + brake);
    if (at > length * 2 / 3) continue;
    try {
      if (!lanes_.contains(libsumo::Vehicle::getLaneID(v.id))) continue;
      const auto edge = libsumo::Vehicle::getRoadID(v.id);
      const int lane = libsumo::Vehicle::getLaneIndex(v.id);
      libsumo::Vehicle::setStop(v.id, edge, at, lane, kIncidentLasts);
    } catch (const std::exception&) {
      continue;  // SUMO finds it too late for this one
    }
    began_ = second;
    link_ = row.id;
    return true;
  }
  return false;
}

}  // namespace dispecer::bench
