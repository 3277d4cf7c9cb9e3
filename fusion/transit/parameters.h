// What tunes the vehicle tracker. Seconds, metres, m/s.
#pragma once

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

  // Stops.
  double stop_zone_m = 30;
  double stop_zone_told_m = 60;  // where the feed itself says "stopped"
  double passed_m = 15;          // beyond the stop it is served
  double terminus_m = 60;
  double dwell_mean_s = 18;  // before anything was learnt
  double dwell_sd_s = 10;
  double dwell_memory = 0.15;  // weight of the newest dwell
  double dwell_most_s = 180;   // longer is not a dwell
  double stop_cost_s = 6;      // braking and starting again

  // Arrival at the stop line.
  double look_ahead_m = 600;
  double cruise_share = 0.75;  // of the limit, where no speed is known
  double slow_share = 0.7;     // of the expected speed, for the late end
  double start_s = 4;          // lost by starting from a stand
  double hold_most_s = 300;    // at a time point, when early
  double high_sigmas = 1.65;

  double position_sd_m = 10;
  double timetable_sd_s = 5;
};

}  // namespace dispecer::transit
