// What tunes bus priority.
#pragma once

namespace dispecer::priority {

struct PriorityParameters {
  double late_from_s = 0;         // asks from this lateness; below it the bus is early
  double freshest_s = 10;         // no new request on a position older than this
  double window_s = 45;           // weighs from this many seconds before the stop line
  double silent_s = 30;           // a request without a new position ends after this
  double grant_life_s = 120;      // a grant that was not used ends after this
  double passengers = 25;         // where the load is not told
  double least_passengers = 10;   // of an empty bus too: people wait for it further on
  double places = 75;             // of one bus, for a load told as a share
  double full_lateness_s = 180;   // lateness that doubles the weight
  double most_lateness = 2;       // cap of lateness over full_lateness_s
  double people_per_vehicle = 5;  // people in a bus that weigh as one ordinary vehicle
  double most_weight = 15;        // vehicles
  double headway_low = 0.8;       // bounds of the headway factor
  double headway_high = 1.3;
  unsigned headway_samples = 20;  // before a line's mean headway is believed
};

}  // namespace dispecer::priority
