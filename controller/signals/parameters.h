// What tunes the signal layers. One set for every junction; seconds, vehicles and shares.
#pragma once

#include "fusion/model/fields.h"
#include "fusion/model/network.h"

namespace dispecer::signals {

struct SignalParameters {
  // Ladder. Older than `fresh_s` the observation cannot carry an order; older than `fresh_s` the
  // traffic data steps down to the cycle layer, older than `release_s` to the local plan.
  double fresh_s = 5;
  double release_s = 30;
  double order_life_s = 3;  // an order expires this long after it was decided

  bool bench_world = false;  // junctions in commissioning state `bench` are commanded here

  // Promises.
  double max_red_s = 120;   // where the group itself states none
  double due_margin_s = 3;  // order, controller tick and observation together
  double spillback_storage = 95e-2;
  double change_patience_s = 4;  // how long an ordered change may take to begin

  // Second-by-second layer.
  double startup_s = 1.5;        // lost at the begin of green
  double least_green_s = 5;      // of a stage that is looked at, beside its minimum green
  double stop_s = 4;             // what braking and starting again cost a vehicle
  double switch_cost = 3;        // vehicle-seconds, taste for staying beside the real loss
  double left_red_s = 10;        // further wait of those who stand at red where the look ahead ends
  double waiting_full_s = 90;    // waiting that doubles the weight of a queue
  double yielding_share = 0.6;   // of saturation flow, for a stream that gives way to nobody
  double sneakers_per_s = 0.05;  // veh/s of a yielding lane while the others discharge
  double full_share = 0.5;       // of a stage's demand into full links, where no stage is free
  double least_storage_veh = 3;  // a shorter link is never taken for full
  double unseen_storage = 85e-2;  // most that is believed of a link whose queue is not at its entry
  double pressure_from = 50e-2;   // storage downstream from which a vehicle counts for less
  double metres_per_vehicle = 7.5;
  double feeder_reach_m = 400;  // from the stop line, over links without signals
  double spill_weight = 3;      // of a queue that fills its link, beside 1; once more beyond it
  double spill_full_veh = 10;   // that stand beyond the link, for all of that weight

  // Saturated junctions: shares of the plan's greens between which a stage may end.
  double approach_m = 150;     // of a longer link, what a cycle can let go
  double full_approach = 0.9;  // share of it that a queue fills
  double saturated_after_s = 30;
  double unsaturated_after_s = 180;
  double saturated_least = 0.6;
  double saturated_most = 1.4;

  // Emergency corridors.
  double claim_margin_s = 8;  // green is seen so long before arrival that nobody brakes
  double claim_near_s = 5;    // nearer than that a green is not taken away
  double claim_ahead_s = 60;  // from which reds are served that would fall due meanwhile

  // Service without knowledge.
  double assumed_flow = 0.06;      // veh/s of a movement that no healthy detector sees
  double pedestrian_value = 1.5;   // veh, one call at once
  double pedestrian_per_s = 0.05;  // veh more for each second it waits
  double walk_promise_s = 60;      // longest wait of people on foot, where a crossing states none
  double least_bus_gain_s = 1;     // s of buses, expected, that a change for them must gain
  double credit_weight = 0.02;     // per second that priority took from a stage
  double credit_most_s = 15;

  // Cycle layer by bands. An order is up to 2 s on its way and the next tick may be a second off,
  // so what it changes lies at least `bands_lead_s` ahead; the gap keeps orders in sequence.
  double bands_lead_s = 3;
  double bands_gap_s = 3;
  double bands_least_gain = 3;      // vehicle-seconds that a change of bands must save
  double bands_least_share = 2e-2;  // of what keeping them would cost

  // Plan layer.
  double plan_warm_s = 300;    // of flows that must be known first
  double plan_period_s = 300;  // between two looks at an area
  double plan_least_share =
      30e-2;  // of what waits that another plan must save; the model errs by as much
  double plan_offset_share = 3e-2;  // the same of another offset, at the junction and behind it
};

// The longest wait that is promised at a crossing, s.
inline double promised_wait(const Crossing& crossing, const SignalParameters& p) {
  return crossing.promised_wait.value > 0 ? crossing.promised_wait.value : p.walk_promise_s;
}

constexpr auto fields(Tag<SignalParameters>) {
  using P = SignalParameters;
  return std::tuple{field(1, "fresh_s", &P::fresh_s, "s", {0, 600}),
                    field(2, "release_s", &P::release_s, "s", {0, 600}),
                    field(3, "order_life_s", &P::order_life_s, "s", {0, 600}),
                    field(4, "max_red_s", &P::max_red_s, "s", {0, 600}),
                    field(5, "due_margin_s", &P::due_margin_s, "s", {0, 600}),
                    field(6, "spillback_storage", &P::spillback_storage, "1", {0, 1}),
                    field(7, "change_patience_s", &P::change_patience_s, "s", {0, 600}),
                    field(8, "startup_s", &P::startup_s, "s", {0, 600}),
                    field(9, "least_green_s", &P::least_green_s, "s", {0, 600}),
                    field(10, "stop_s", &P::stop_s, "s", {0, 600}),
                    field(11, "switch_cost", &P::switch_cost, "veh s", {0, 1000}),
                    field(12, "left_red_s", &P::left_red_s, "s", {0, 600}),
                    field(13, "waiting_full_s", &P::waiting_full_s, "s", {0, 600}),
                    field(14, "yielding_share", &P::yielding_share, "1", {0, 1}),
                    field(15, "sneakers_per_s", &P::sneakers_per_s, "veh/s", {0, 10}),
                    field(16, "least_storage_veh", &P::least_storage_veh, "veh", {0, 100}),
                    field(24, "unseen_storage", &P::unseen_storage, "1", {0, 1}),
                    field(17, "pressure_from", &P::pressure_from, "1", {0, 1}),
                    field(18, "metres_per_vehicle", &P::metres_per_vehicle, "m", {1, 50}),
                    field(25, "feeder_reach_m", &P::feeder_reach_m, "m", {0, 5000}),
                    field(26, "spill_weight", &P::spill_weight, "1", {0, 10}),
                    field(27, "spill_full_veh", &P::spill_full_veh, "veh", {1, 1000}),
                    field(28, "approach_m", &P::approach_m, "m", {10, 5000}),
                    field(29, "full_approach", &P::full_approach, "1", {0, 2}),
                    field(30, "saturated_after_s", &P::saturated_after_s, "s", {0, 3600}),
                    field(31, "unsaturated_after_s", &P::unsaturated_after_s, "s", {0, 3600}),
                    field(32, "saturated_least", &P::saturated_least, "1", {0, 1}),
                    field(33, "saturated_most", &P::saturated_most, "1", {1, 10}),
                    field(34, "full_share", &P::full_share, "1", {0, 1}),
                    field(19, "assumed_flow", &P::assumed_flow, "veh/s", {0, 10}),
                    field(20, "pedestrian_value", &P::pedestrian_value, "veh", {0, 100}),
                    field(21, "pedestrian_per_s", &P::pedestrian_per_s, "veh/s", {0, 10}),
                    field(35, "walk_promise_s", &P::walk_promise_s, "s", {0, 600}),
                    field(36, "claim_margin_s", &P::claim_margin_s, "s", {0, 600}),
                    field(37, "claim_near_s", &P::claim_near_s, "s", {0, 600}),
                    field(38, "claim_ahead_s", &P::claim_ahead_s, "s", {0, 600}),
                    field(39, "least_bus_gain_s", &P::least_bus_gain_s, "s", {0, 60}),
                    field(22, "credit_weight", &P::credit_weight, "1", {0, 1}),
                    field(23, "credit_most_s", &P::credit_most_s, "s", {0, 600}),
                    field(60, "bands_lead_s", &P::bands_lead_s, "s", {0, 60}),
                    field(61, "bands_gap_s", &P::bands_gap_s, "s", {1, 60}),
                    field(62, "bands_least_gain", &P::bands_least_gain, "veh s", {0, 1000}),
                    field(63, "bands_least_share", &P::bands_least_share, "1", {0, 1}),
                    field(64, "plan_warm_s", &P::plan_warm_s, "s", {0, 3600}),
                    field(65, "plan_period_s", &P::plan_period_s, "s", {10, 3600}),
                    field(66, "plan_least_share", &P::plan_least_share, "1", {0, 1}),
                    field(67, "plan_offset_share", &P::plan_offset_share, "1", {0, 1})};
}

}  // namespace dispecer::signals
