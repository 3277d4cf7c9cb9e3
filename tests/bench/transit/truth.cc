#include "tests/bench/transit/truth.h"

#include <algorithm>

namespace dispecer::bench {

Truth::Truth(const Network& network) {
  for (const auto& l : network.links) length_[l.id] = l.length.value;
  for (const auto& m : network.movements) way_[{m.from, m.to}] = {m.id, !m.group.empty()};
}

void Truth::add(const std::vector<sim::StreetVehicle>& vehicles, UtcTime now) {
  passings_.clear();
  stops_.clear();
  for (const auto& v : vehicles) {
    if (v.trip.empty()) continue;
    auto& track = tracks_[v.id];
    if (!track.link.empty() && v.link != track.link && !track.left) {
      const double gap = std::max(0.0, length_[track.link] - track.along);
      const double speed = std::max(0.5, (track.speed + v.speed_mps) / 2);
      track.left = track.seen + from_seconds(std::min(1.0, gap / speed));
    }
    if (!v.link.empty()) {
      if (track.left && v.link != track.link) {
        const auto way = way_.find({track.link, v.link});
        if (way != way_.end()) {
          took_[VehicleId(v.id)].insert(way->second.movement);
          if (way->second.signalised) {
            passings_.push_back({VehicleId(v.id), way->second.movement, *track.left});
          }
        }
      }
      track.left.reset();
      track.link = v.link;
      track.along = v.along_m;
      track.speed = v.speed_mps;
      track.seen = now;
    }
    if (v.at_stop && !track.at_stop && v.stop_sequence) {
      track.sequence = *v.stop_sequence;
      stops_.push_back({VehicleId(v.id), v.trip, track.sequence, true, now});
    } else if (!v.at_stop && track.at_stop) {
      stops_.push_back({VehicleId(v.id), v.trip, track.sequence, false, now});
    }
    track.at_stop = v.at_stop;
  }
}

bool Truth::took(const VehicleId& vehicle, const MovementId& movement) const {
  const auto it = took_.find(vehicle);
  return it != took_.end() && it->second.contains(movement);
}

}  // namespace dispecer::bench
