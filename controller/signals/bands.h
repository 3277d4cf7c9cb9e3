// The cycle layer of a junction that can be commanded by dynamic bands: how the seconds of the
// running plan's cycle are shared among its stages. Chosen anew while the cycle runs, of what has
// not run yet, so that a stage is extended or ended as long as the order can still arrive in time.
//
// Bands that are over stay as they are: changing them would move what runs. What is believed to be
// in force is held against the second of the cycle at which stages begin; where an order was lost,
// the bands before it are in force, and where neither fits nothing is sent until the ring begins
// again.
#pragma once

#include <optional>

#include "controller/plan/field_write.h"
#include "controller/signals/cycle_forecast.h"
#include "fusion/model/reason.h"

namespace dispecer::signals {

struct BandsStep {
  std::optional<BandsOrder> order;
  Reason reason;
};

// `memory` has observed `view.signal`, which tells the plan of `ring` and the second of its cycle.
BandsStep step_bands(const Site& site, const Ring& ring, Memory& memory, const JunctionView& view,
                     const std::vector<BusDemand>& buses, UtcTime now,
                     const SignalParameters& parameters);

// Bands that give the stages of `ring` the shares of green that they have in the local plan, before
// the plan begins: a plan for bands has nearly all its green in its last stage.
std::vector<int> local_split(const Ring& ring, const Ring& local);
BandsOrder bands_order(const Ring& ring, const std::vector<int>& bands);

struct BandsChoice {
  std::vector<int> bands;
  double cost = 0;       // vehicle-seconds
  double keep_cost = 0;  // of `kept`
};
// The best bands at second `at` of the cycle, where those of the stages before `free` stand as
// `kept` has them and the green of stage `free`, if it runs, cannot end before second `ends`. Found
// by coordinate descent: one band longer or shorter, or seconds from one to another.
BandsChoice choose_bands(const Ring& ring, const std::vector<int>& kept, std::size_t free,
                         double ends, double at, const CycleForecast& forecast);

}  // namespace dispecer::signals
