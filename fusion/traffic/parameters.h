// What tunes the traffic estimator. Seconds, metres, vehicles, veh/h.
#pragma once

#include "fusion/traffic/paths.h"

namespace dispecer::traffic {

struct Parameters {
  // Age of evidence. A detector is live while its junction had detector news within `stale_s`, or,
  // where detectors report only changes, while the junction itself was heard within `stale_s` and
  // the detectors within `quiet_s`.
  double stale_s = 10;
  double quiet_s = 120;

  // Detector health. The rules are the running tests of common practice (feeds of 30 s periods);
  // durations start from motorway values and are set for urban lanes. The occupancy-spike test
  // judges loops only that no signal governs: at a signal the occupancy steps with every cycle.
  double period_s = 30;
  double no_hits_chance = 1e-6;     // a silence as unlikely as that, by its own past counts...
  double no_hits_memory_s = 3600;   // ...of about so long...
  double no_hits_cluster_s = 60;    // ...one vehicle in that time at most: they come in platoons
  double no_hits_min_s = 600;       // but at least
  double no_hits_max_s = 14400;     // and at most
  double chatter_hits = 38;         // in one period
  double locked_on_s = 120;         // covered without a break, and of that
  double locked_on_green_s = 60;    // while its own signal was green
  double locked_on_upstream = 2.5;  // so much longer where queues reach from the stop line
  double silent_expected = 10;      // vehicles that its surroundings say it missed at least
  double locked_on_unsignalled_s = 900;  // where no signal explains a standing vehicle
  double no_change_s = 1800;             // the same occupancy, neither 0 nor 1, in every period
  double recover_s = 600;  // of good data before a chattering or locked loop counts again

  // A sequential test of hits that no vehicle can have made: this share at most with a loop that is
  // well (two that pass side by side), against that of a sick one.
  double impossible_well = 0.01;
  double impossible_sick = 0.15;
  double impossible_evidence = 12;  // as that of red_leaves_evidence
  // A sequential test (Page 1954) of vehicles that leave a stop line at red: this share at most
  // with a loop that is well, against the share of time that is red; exp(12) = 160,000 to one, so
  // that a false alarm comes less than once in 100 detector days.
  double red_leaves_share = 0.10;
  double red_leaves_evidence = 12;
  double least_red_share = 0.25;  // less red than that proves nothing
  double spike_step = 0.25;    // of occupancy, from one period to the next: each is a period of...
  double spike_s = 60;         // ...evidence, and so much of it a spike
  double pair_well = 0.05;     // of the vehicles of a lane that only one of its two loops sees
  double pair_evidence = 12;   // as that of red_leaves_evidence
  double lane_min_count = 12;  // vehicles before two loops of a lane are compared
  double lane_share = 0.12;    // they may differ by this share where nobody changes lanes
  double lane_change_share = 0.55;  // where vehicles may change lanes between them
  double lane_sigma = 4;            // and by so many sd of counting
  double disagree_s = 120;          // so long before it is said
  double residual_sigma = 4;        // largest normalised residual...
  double residual_s = 300;          // ...for so long
  double agree_sigma = 2.5;         // below which a loop that contradicted its surroundings...
  double agree_s = 900;             // ...for so long counts again

  // Flow.
  double flow_tau_s = 300;  // memory of the counted rate
  double occupancy_tau_s = 60;
  double weigh_every_s = 60;     // new weights, shares and the flow of the last hour
  double loop_share_sd = 0.03;   // of the flow
  double loop_base_sd = 6;       // veh/h
  double lane_share_sd = 0.40;   // of what runs on lanes without a loop
  double prior_share_sd = 0.50;  // of the flow that the ways imply
  double prior_base_sd = 20;     // veh/h
  double hour_share_sd = 0.25;   // how much now differs from the last hour
  double hour_base_sd = 30;      // veh/h
  double turn_share_sd = 0.25;   // how well the turn shares are known
  double row_base_sd = 10;       // veh/h that begin or end on a link
  double total_share_sd = 0.03;
  double first_use = 0.12;        // of the saturation flow, before anything was measured
  double huber = 3;               // residuals beyond so many sd lose weight
  unsigned reach = 3;             // junctions across which a measured link speaks for others
  double variances_s = 100;       // steps over which the variances of a solver are spread...
  double variances_least = 1e5;   // ...but at least so many values of it in one
  unsigned weigh_at_once = 2000;  // links; in larger networks weighing is spread over four steps
  double path_budget = 60000;     // places of ways that are touched in one step
  double path_sweeps = 2;         // of all links, in one step
  double given_share = 30;        // veh/h by which the given turn shares hold against learnt ones
  PathRules paths;

  // Queue.
  double metres_per_vehicle = 7.5;
  double lane_rule_m = 80;   // an advance loop nearer than this tells the lane of the turn
  double gap_clears_s = 3;   // stop line uncovered so long: nobody waits there
  double uncleared_veh = 5;  // so many left without a gap: the green ended before the queue did
  double covers_s = 1;       // stop line covered so long at red: somebody waits
  double blocked_s = 5;      // stop line covered so long at green: the first one cannot go
  double beyond_veh = 0.5;   // more in a lane than reach to a loop: the queue lies beyond it
  double standing_s = 4;     // an upstream loop covered so long: the queue reaches it
  double startup_s = 2;      // lost at the start of green, where departures are modelled
  double spillback_m = 10;   // room left at the tail
  double count_sd = 0.15;    // per vehicle counted since the queue was last known
};

}  // namespace dispecer::traffic
