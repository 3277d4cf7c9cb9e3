// What tunes the vehicle tracker. Seconds, metres, m/s.
#pragma once

#include <cstdint>

namespace dispecer::transit {

struct Parameters {
  // Positions.
  double live_s = 10;     // older fixes are stale
  double frozen_s = 600;  // not moved for so long away from a terminus
  double forget_s = 900;  // without a fix
  double future_s = 60;   // a fix further ahead of the clock is refused
  double moved_m = 3;     // less is no movement
  double still_mps = 1;   // slower counts as standing

  // Matching.
  double off_route_m = 60;
  double back_m = 60;    // search behind the last position
  double ahead_m = 100;  // search ahead of it, at least
  double top_speed_mps = 30;
  double wrong_trip_s = 3600;  // further off the timetable it is another trip's vehicle
  double early_trip_s = 600;   // likewise before it; not so sure

  // Trust.
  double confirm_m = 30;          // along its trip, from its beginning
  double confirm_midway_m = 150;  // where it was first heard on the way, or was off its route
  double against_m = 50;          // back along its trip: it is another one's vehicle
  double against_deg = 100;       // heading against its trip
  std::uint32_t against_fixes = 3;
  double odd_stop_m = 80;        // told to stand at a stop, further from any stop of its trip
  double told_m = 40;            // by its speed, while its position did not move: frozen
  double hardest_brake = 6;      // m/s2, harder is a frozen position
  std::uint32_t same_fixes = 3;  // likewise by as many of the very same position in a row,
  double same_rare = 0.03;       // where fewer stands than this had two
  double driven_m = 100;         // another one has driven the trip so far ahead already
  double driven_s = 120;         // and was not further off its timetable than by so much more
  double idle_green_s = 20;      // of green, beyond what a queue takes: frozen, or blocked
  double block_s = 120;          // standing on its wire or rail for no reason: a blockage
  double depot_s = 600;          // standing without a trip or away from it
  double rival_s = 60;           // silent for longer is no rival for a trip
  double infer_off_s = 600;      // further off a trip's times it is not taken to be on it
  double inferred_sd_s = 300;    // of the lateness by a trip that was guessed

  // Stops.
  double stop_zone_m = 30;
  double stop_zone_told_m = 60;  // where the feed itself says "stopped"
  double passed_m = 15;          // beyond the stop it is served
  double terminus_m = 60;
  double dwell_mean_s = 18;  // before anything was learnt
  double dwell_sd_s = 10;
  double dwell_memory = 0.15;  // weight of the newest dwell
  double dwell_most_s = 180;   // longer is not a dwell

  // Arrival at the stop line.
  double look_ahead_m = 600;
  double cruise_share = 0.85;    // of the limit, before anything was learnt
  double jam_share = 0.5;        // of it, slower traffic holds the bus too
  double speed_quantile = 0.75;  // of the speeds seen that counts as running: some accelerate
  double accelerate = 1.1;       // m/s2, of a bus with people on board
  double brake = 1.5;            // m/s2
  double run_sd = 0.15;          // of the running time, 1 sigma
  double hold_most_s = 300;      // at a time point, when early
  double high_sigmas = 1.65;

  // Passing it.
  double lamp_gap_s = 5;     // lamps unseen for longer are learnt anew
  double queue_pace = 0.27;  // s of green per metre of queue (2 s a vehicle, 7.5 m each)
  double start_loss_s = 2;
  double amber_s = 2;
  double learn_gap_s = 10;   // between fixes that are close enough to learn times from
  double settle_gap_s = 40;  // likewise for intervals, whose truth may be less sure
  double over_line_m = 3;    // beyond the stop line it has passed; 3 sigmas where it stands

  double position_sd_m = 10;
  double timetable_sd_s = 5;
};

}  // namespace dispecer::transit
