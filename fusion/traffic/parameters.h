// What tunes the traffic estimator. Seconds, metres, vehicles, veh/h.
#pragma once

namespace dispecer::traffic {

struct Parameters {
  // Age of evidence. A detector is live while its junction had detector news within `stale_s`, or,
  // where detectors report only changes, while the junction itself was heard within `stale_s` and
  // the detectors within `quiet_s`.
  double stale_s = 10;
  double quiet_s = 120;

  // Detector health. The rules are the running tests of common practice (feeds of 30 s periods);
  // durations start from motorway values and are set for urban lanes. The occupancy-spike test is
  // not run: at a signal the occupancy steps with every cycle.
  double period_s = 30;
  double no_hits_mean_gaps = 40;          // silent for so many of the detector's own mean gaps...
  double no_hits_min_s = 600;             // ...but at least
  double no_hits_max_s = 14400;           // ...and at most
  double chatter_hits = 38;               // in one period
  double locked_on_s = 120;               // covered without a break, and of that
  double locked_on_green_s = 60;          // while its own signal was green
  double locked_on_unsignalled_s = 1800;  // where no signal explains a standing vehicle
  double no_change_s = 1800;              // the same occupancy, neither 0 nor 1, in every period
  double recover_s = 600;  // of good data before a chattering or locked loop counts again

  // Flow.
  double flow_tau_s = 300;  // memory of the counted rate
  double occupancy_tau_s = 60;
  double solve_every_s = 5;
  double loop_share_sd = 0.05;  // of the flow
  double loop_base_sd = 40;     // veh/h
  double prior_share_sd = 0.30;
  double prior_base_sd = 150;   // veh/h
  double turn_share_sd = 0.15;  // how well the turn shares are known
  double row_base_sd = 40;      // veh/h that begin or end inside a junction's surroundings
  double total_share_sd = 0.05;
  double first_use = 0.12;  // of the saturation flow, before anything was measured
  double huber = 3;         // residuals beyond so many sd lose weight
  unsigned reach = 3;       // junctions across which a measured link speaks for others
  unsigned variances_per_solve = 25;

  // Queue.
  double metres_per_vehicle = 7.5;
  double lane_rule_m = 80;  // an advance loop nearer than this tells the lane of the turn
  double gap_clears_s = 3;  // stop line uncovered so long: nobody waits there
  double covers_s = 1;      // stop line covered so long at red: somebody waits
  double blocked_s = 5;     // stop line covered so long at green: the first one cannot go
  double standing_s = 4;    // an upstream loop covered so long: the queue reaches it
  double startup_s = 2;     // lost at the start of green, where departures are modelled
  double spillback_m = 10;  // room left at the tail
  double count_sd = 0.15;   // per vehicle counted since the queue was last known
};

}  // namespace dispecer::traffic
