// A hand-made street for the tests: one signalised junction J, an approach W of 300 m with a stop
// line loop (1 m) and an advance loop (126 m, ten seconds away), exits E (0.75) and N (0.25).
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "fusion/traffic/traffic.h"

namespace dispecer::traffic::test {

inline Link make_link(const std::string& id, const std::string& from, const std::string& to,
                      double length = 300) {
  Link link;
  link.id = LinkId{id};
  link.from = JunctionId{from};
  link.to = JunctionId{to};
  link.length = Metres{length};
  link.speed_limit = MetresPerSecond{14};
  link.saturation_flow = Flow{1800};
  return link;
}

inline Movement make_movement(const std::string& from, const std::string& to,
                              const std::string& junction, const std::string& group, double share) {
  Movement movement;
  movement.id = MovementId{from + "-" + to};
  movement.junction = JunctionId{junction};
  movement.from = LinkId{from};
  movement.to = LinkId{to};
  movement.group = SignalGroupId{group};
  movement.lanes = {0};
  movement.saturation_flow = Flow{1800};
  movement.share = Ratio{share};
  return movement;
}

inline Detector make_detector(const std::string& id, DetectorKind kind, const std::string& link,
                              double to_stop_line, const std::string& group = "") {
  Detector detector;
  detector.id = DetectorId{id};
  detector.kind = kind;
  detector.junction = JunctionId{"J"};
  detector.link = LinkId{link};
  detector.to_stop_line = Metres{to_stop_line};
  detector.group = SignalGroupId{group};
  return detector;
}

inline Network make_network() {
  Network net;
  net.junctions = {{JunctionId{"J"}, "J", {23.58, 47.66}, true, Provenance::invented}};
  net.links = {make_link("W", "A", "J"), make_link("E", "J", "B"), make_link("N", "J", "C")};
  net.movements = {make_movement("W", "E", "J", "g1", 0.75),
                   make_movement("W", "N", "J", "g1", 0.25)};
  net.detectors = {make_detector("stop", DetectorKind::stop_line, "W", 1),
                   make_detector("ahead", DetectorKind::advance, "W", 126),
                   make_detector("button", DetectorKind::push_button, "", 0, "walk")};
  Crossing crossing;
  crossing.id = CrossingId{"X"};
  crossing.junction = JunctionId{"J"};
  crossing.group = SignalGroupId{"walk"};
  crossing.push_button = true;
  net.crossings = {crossing};
  return net;
}

inline std::map<JunctionId, JunctionSignals> make_signals() {
  JunctionSignals signals;
  signals.junction = JunctionId{"J"};
  signals.groups.resize(2);
  signals.groups[0].id = SignalGroupId{"g1"};
  signals.groups[1].id = SignalGroupId{"walk"};
  return {{JunctionId{"J"}, signals}};
}

struct Loop {
  std::uint32_t count = 0;
  double occupancy = 0;
  bool occupied = false;
};
inline constexpr Loop kFree{};
inline constexpr Loop kCar{1, 0.4, false};
inline constexpr Loop kStands{0, 1, true};
inline constexpr Loop kCarStops{1, 0.9, true};

// Plays seconds to the estimator and keeps the last picture.
struct Street {
  State state;
  UtcTime now{1'700'000'000'000'000};
  Aspect g1 = Aspect::red;
  Aspect walk = Aspect::red;
  bool detectors_heard = true;
  bool signals_heard = true;
  std::vector<AlarmEvent> events;

  explicit Street(const Parameters& parameters = {}, const Network& network = make_network())
      : state(make_state(network, make_signals(), parameters)) {}

  void second(const std::map<std::string, Loop>& loops = {}) {
    const UtcTime next = now + std::chrono::seconds(1);
    if (signals_heard) {
      SignalObservation seen;
      seen.junction = JunctionId{"J"};
      seen.t = next;
      seen.link = CommLink::connected;
      seen.groups = {g1, walk};
      apply(state, seen);
    }
    if (detectors_heard) {
      DetectorBatch batch{JunctionId{"J"}, now, next, {}};
      for (const auto& detector : state.index.detectors) {
        const auto it = loops.find(detector.id.str());
        const Loop loop = it == loops.end() ? kFree : it->second;
        batch.samples.push_back(
            {detector.id, loop.count, Ratio{loop.occupancy}, loop.occupied, std::nullopt, false});
      }
      apply(state, batch);
    }
    now = next;
    for (auto& event : step(state, now)) events.push_back(std::move(event));
  }
  void seconds(int n, const std::map<std::string, Loop>& loops = {}) {
    for (int i = 0; i < n; ++i) second(loops);
  }
  CityPicture look() const {
    CityPicture out;
    out.t = now;
    picture(state, out);
    return out;
  }
  double queue() const {
    const auto out = look();
    return out.movements[0].queue.value + out.movements[1].queue.value;
  }
  const DetectorState* detector(const CityPicture& picture_, const std::string& id) const {
    for (const auto& row : picture_.detectors) {
      if (row.detector.str() == id) return &row;
    }
    return nullptr;
  }
};

}  // namespace dispecer::traffic::test
