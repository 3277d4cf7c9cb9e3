// What a junction's plan and cycle layers remember: what they want, what of it may stand in the
// controller, and the flows that they rest on.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "fusion/model/time.h"

namespace dispecer::signals {

struct PlanMemory {
  // What the plan layer wants.
  std::uint32_t target = 0;             // plan, 0 = the controller's own choice
  std::optional<double> target_offset;  // s of that plan; absent = as the file has it
  std::uint32_t library = 0;            // plan that usually ran at this time of day, 0 = not known
  double predicted = 0;                 // veh s per s that wait, by the target
  double predicted_own = 0;             // the same by the local plan

  // Mean of the last minutes.
  std::vector<double> flow;   // veh/s by movement
  std::vector<double> queue;  // veh by movement
  std::optional<UtcTime> flow_since;
  std::optional<UtcTime> flow_last;

  // Vehicles that stand beyond what is seen, by bundle: grows with each green that ends before its
  // queue does, and fades once one does not.
  std::vector<double> pressed;
  std::vector<double> green_s;  // s that the running green of a bundle has lasted

  // What of ours may stand in the controller.
  bool ours = false;
  int releases = 0;  // still to be sent
  std::optional<UtcTime> plan_asked;
  std::uint32_t plan_sent = 0;
  std::uint32_t plan_next = 0;  // that waits for the moment at which it can begin
  std::optional<UtcTime> plan_next_since;
  std::vector<UtcTime> plan_changes;       // asked for in the last five minutes
  std::map<std::uint32_t, double> offset;  // s, by plan, as sent last
  std::optional<UtcTime> offset_moved;

  // Dynamic bands. `bands` are believed to be in force in `bands_plan`; before the last order they
  // were `bands_before`.
  std::uint32_t bands_plan = 0;
  std::vector<int> bands;
  std::vector<int> bands_before;
  bool bands_sure = false;  // false until a whole set was sent where no stage had run by others
  int bands_repeats = 0;    // of the last order, against loss on the way
  std::optional<UtcTime> bands_sent;
  std::optional<UtcTime> bands_weighed;
};

}  // namespace dispecer::signals
