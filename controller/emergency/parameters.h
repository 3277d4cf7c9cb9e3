// What tunes emergency corridors.
#pragma once

namespace dispecer::emergency {

struct Parameters {
  double fast = 1.3;           // of the speed limit: at the earliest it comes so fast
  double slow = 0.6;           // at the latest, where nobody tells its position
  double ahead_s = 120;        // a junction is told of it from so long before
  double stalled_s = 45;       // a vehicle that stands so long is not helped by holding green
  double stalled_m = 10;       // what it must have moved on in that time
  double silent_s = 30;        // without a position a corridor ends
  double longest_s = 7200;     // a corridor ends by itself at the latest
  double own_word_s = 1800;    // one that a vehicle opened itself
  double own_route_s = 40;     // a route of the controller's own is asked for from so long before
  double straight_on_m = 800;  // of way laid out for a vehicle that names no destination
  double reach_m = 40;         // a position farther from every link says nothing
  double off_route = 12;       // how much better another link must fit before the route is left, m
  double turn_weight = 15;     // m of misfit for a position that points across a link
  double signal_s = 3;         // of a way, for each signal on it
  double left_s = 3;           // for each left turn
  double u_turn_s = 20;
};

}  // namespace dispecer::emergency
