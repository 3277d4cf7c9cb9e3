// What can happen to a virtual signal controller: readings from the road, commands from a
// supervisor, and faults that a test or an operator of the simulation switches on.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "controller/plan/junction_signals.h"
#include "fusion/model/time.h"

namespace dispecer::sim {

// What the loop of detector logic `number` (1-based) measured since the last reading.
struct DetectorReading {
  std::uint32_t number = 0;
  std::uint32_t count = 0;
  double occupancy = 0;  // share of the interval, 0..1
  bool occupied = false;
  std::optional<double> speed_mps;  // mean of the counted vehicles
  // Counts by class in the order of S0204 (car, car with trailer, lorry, lorry with trailer, bus,
  // tram, motorcycle, cycle, on foot); absent = this loop cannot tell classes.
  std::optional<std::array<std::uint32_t, 9>> classes = std::nullopt;
  bool operator==(const DetectorReading&) const = default;
};

// Sets and clears controller inputs (1-based). Clear wins over set. Setting an input again
// refreshes it. Refused as a whole when one input does not exist.
struct SetInputs {
  std::vector<std::uint32_t> set;
  std::vector<std::uint32_t> clear;
};
// Forces an input to `value`, or lets go of it (nullopt).
struct ForceInput {
  std::uint32_t input = 0;
  std::optional<bool> value;
};
struct ForceOutput {
  std::uint32_t output = 0;
  std::optional<bool> value;
};
struct ForceDetector {
  std::uint32_t number = 0;
  std::optional<bool> value;
};
// nullopt = the controller's own plan again.
struct SelectPlan {
  std::optional<std::uint32_t> plan;
};
struct SetCycle {
  std::uint32_t plan = 0;
  double cycle_s = 0;
};
struct SetOffset {
  std::uint32_t plan = 0;
  double offset_s = 0;
};
// Band n extends the n-th stage of the plan's ring by `length_s` beyond its planned green; the
// stages after it start so much later, and the last one, which has no band, is shortened.
struct SetBands {
  struct Band {
    std::uint32_t number = 0;
    double length_s = 0;
  };
  std::uint32_t plan = 0;
  std::vector<Band> bands;
};
// Bands are dropped this long after the supervisor was lost; 0 = never.
struct SetBandTimeout {
  std::uint32_t minutes = 0;
};
// control, yellow_flash or dark; others are refused. 0 minutes = until told otherwise.
struct SetMode {
  ControlMode mode = ControlMode::control;
  std::uint32_t timeout_min = 0;
};
// The controller's own clock shall read `time` now.
struct SetClock {
  UtcTime time;
};
// Starts again from dark: the only way out of failure. What was commanded is forgotten; cycles,
// offsets, bands and tables are kept.
struct Restart {};
// Runs its plans by the clock alone: stage demands and priority are not obeyed.
struct SetFixedTime {
  bool on = false;
};
// The key at the controller: 0 off, 1 dark, 2 yellow flash, 3 all red. It wins over every command.
struct SetPoliceKey {
  std::uint32_t position = 0;
};
// Somebody works at the operator's panel: no plan, mode or demand of a supervisor is obeyed.
struct SetManual {
  bool on = false;
};
// Is a supervisor connected?
struct SupervisorLink {
  bool connected = false;
};

enum class Fault : std::uint8_t {
  detector_dead,     // reads nothing
  detector_stuck,    // reads occupied for ever
  detector_chatter,  // on and off each tick, with counts
  lost_link,         // closes the line (FIN) and stays away
  lost_link_silent,  // goes silent without a FIN
  wrong_clock,       // own clock runs 90 s ahead
  garbage,           // sends bytes that are no frames
  power_cut,         // dark; line gone without a FIN once the battery is empty; then starts up
  latched_inputs,    // a set input is never released
  wrong_matrix,      // the sequencer believes that no intergreen is needed
  lamp_red,          // a red lamp is broken: the controller goes into failure
  lamp_yellow,       // an amber lamp is broken
  lamp_green,        // a green lamp is broken
};
constexpr auto names(Tag<Fault>) {
  using E = Fault;
  return std::array{Name<E>{E::detector_dead, "detector_dead"},
                    Name<E>{E::detector_stuck, "detector_stuck"},
                    Name<E>{E::detector_chatter, "detector_chatter"},
                    Name<E>{E::lost_link, "lost_link"},
                    Name<E>{E::lost_link_silent, "lost_link_silent"},
                    Name<E>{E::wrong_clock, "wrong_clock"},
                    Name<E>{E::garbage, "garbage"},
                    Name<E>{E::power_cut, "power_cut"},
                    Name<E>{E::latched_inputs, "latched_inputs"},
                    Name<E>{E::wrong_matrix, "wrong_matrix"},
                    Name<E>{E::lamp_red, "lamp_red"},
                    Name<E>{E::lamp_yellow, "lamp_yellow"},
                    Name<E>{E::lamp_green, "lamp_green"}};
}

constexpr bool of_lamp(Fault fault) {
  return fault == Fault::lamp_red || fault == Fault::lamp_yellow || fault == Fault::lamp_green;
}

struct SetFault {
  Fault fault = Fault::power_cut;
  bool on = false;
  // Of the detector logic or, for the lamps, of the signal group (1-based, over all intersections
  // of the controller); 0 = all.
  std::uint32_t number = 0;
};

using Input =
    std::variant<DetectorReading, SetInputs, ForceInput, ForceOutput, ForceDetector, SelectPlan,
                 SetCycle, SetOffset, SetBands, SetBandTimeout, SetMode, SetClock, Restart,
                 SetFixedTime, SetPoliceKey, SetManual, SupervisorLink, SetFault>;

}  // namespace dispecer::sim
