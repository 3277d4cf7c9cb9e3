// What tunes bus priority.
#pragma once

#include "fusion/model/fields.h"

namespace dispecer::priority {

struct PriorityParameters {
  double late_from_s = 0;           // asks from this lateness; below it the bus is early
  double freshest_s = 10;           // no new request on a position older than this
  double window_s = 45;             // weighs from this many seconds before the stop line
  double silent_s = 30;             // a request without a new position ends after this
  double overdue_s = 10;            // but not before it is this much later than expected
  double gone_after_s = 4;          // of green since its arrival and the queue's: it has passed
  double running_pass_s = 1;        // the same where it met green and nobody before it
  double least_chance = 0.5;        // 0..1, that it is still there: below nothing is begun for it
  double least_chance_begun = 0.2;  // and below this what was begun is given up
  double queue_pace = 0.27;         // s of green per metre of queue (2 s a vehicle, 7.5 m each)
  double grant_life_s = 120;        // a grant that was not used ends after this
  double passengers = 25;           // where the load is not told
  double least_passengers = 10;     // of an empty bus too: people wait for it further on
  double places = 75;               // of one bus, for a load told as a share
  double full_lateness_s = 180;     // lateness that doubles the weight
  double most_lateness = 2;         // cap of lateness over full_lateness_s
  double people_per_vehicle = 2.5;  // people in a bus that weigh as one ordinary vehicle
  double most_weight = 30;          // vehicles
  double headway_low = 0.8;         // bounds of the headway factor
  double headway_high = 1.3;
  unsigned headway_samples = 20;  // before a line's mean headway is believed
  // Vehicles that announce themselves at a point.
  double point_speed = 7;      // m/s between point and stop line, where no time is told
  double point_speed_low = 4;  // bounds of that
  double point_speed_high = 12;
  double point_eta_s = 15;  // where not even the distance is told
  double same_s = 15;       // two channels whose arrivals differ less tell of one vehicle
  // Signal controllers that serve priority themselves.
  double told_again_s = 2;     // from one word on a request to the next at least
  double arrival_moved_s = 3;  // change of the arrival that is worth an update
  unsigned level_moved = 3;    // the same of the level
  double answer_s = 10;        // after which a request that is not listed was not heard
  double barred_s = 15;        // until it may be asked again after cooldown or time-out
  unsigned tries = 3;          // of one vehicle at one signal
  double withdrawal_s = 120;   // after which a taken-back request is no longer followed
};

// Those that a bench may vary.
constexpr auto fields(Tag<PriorityParameters>) {
  using P = PriorityParameters;
  return std::tuple{field(1, "late_from_s", &P::late_from_s, "s", {-600, 600}),
                    field(2, "freshest_s", &P::freshest_s, "s", {1, 120}),
                    field(3, "window_s", &P::window_s, "s", {5, 300}),
                    field(4, "silent_s", &P::silent_s, "s", {1, 600}),
                    field(5, "overdue_s", &P::overdue_s, "s", {0, 600}),
                    field(6, "gone_after_s", &P::gone_after_s, "s", {1, 60}),
                    field(7, "grant_life_s", &P::grant_life_s, "s", {1, 600}),
                    field(8, "passengers", &P::passengers, "", {1, 300}),
                    field(9, "people_per_vehicle", &P::people_per_vehicle, "", {1, 50}),
                    field(10, "full_lateness_s", &P::full_lateness_s, "s", {1, 3600}),
                    field(11, "most_lateness", &P::most_lateness, "1", {0, 10}),
                    field(12, "most_weight", &P::most_weight, "veh", {1, 200})};
}

}  // namespace dispecer::priority
