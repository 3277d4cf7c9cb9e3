// Green waves at a speed that the city chooses, for those whom no loop counts: cyclists on a street
// that its `progressions` name (fusion/model/network.h). In the plan layer they are one more stream
// of the platoon model, with their own travel times, and offsets weigh them with the others. At a
// junction with the stage lever those who were let go by the signal before are expected when they
// arrive.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "controller/signals/platoon.h"
#include "controller/signals/site.h"
#include "controller/signals/view.h"

namespace dispecer::signals {

// One signal of a wave, in order of travel.
struct WaveStep {
  JunctionId junction;
  MovementId movement;
  SignalGroupId group;
  double travel = 0;  // s from the stop line before it, for the first from the begin of the street
};

struct Wave {
  double flow = 0;    // of the street, weighted, veh/s
  double weight = 1;  // vehicles that one of them weighs
  std::vector<WaveStep> steps;
};

std::vector<Wave> make_waves(const Network& network);

// --- plan layer ---

// Where a movement stands in a net: its node and the approach of its bundle.
struct WavePlace {
  std::uint32_t node = 0;
  std::uint32_t approach = 0;
};

// Adds the streams to the net, as approaches behind those of the bundles: open while the bundle of
// their movement is, fed by the signal before. One whose signal is not in the net begins anew.
void add_waves(PlatoonNet& net, const std::vector<Wave>& waves,
               const std::map<MovementId, WavePlace>& places);

// --- stage lever ---

// What is on its way, reckoned from the lamps that were seen.
struct WaveLive {
  std::vector<double> queue;             // by step, weighted veh that would stand there
  std::vector<std::deque<double>> sent;  // by step, let go in each second, newest first
  std::optional<UtcTime> at;
};

// One second on; `green` by step, absent = not observed: then nobody is let go.
void follow(const Wave& wave, WaveLive& live, UtcTime now,
            const std::vector<std::optional<bool>>& green);

// Who comes to the signal of a step within the look-ahead: added to the arrivals of its movement.
void expect(const Wave& wave, const WaveLive& live, std::size_t step, MovementView& movement);

}  // namespace dispecer::signals
