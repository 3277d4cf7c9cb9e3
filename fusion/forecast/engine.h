// The state of the forecast; read through forecast.h.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fusion/forecast/calendar.h"
#include "fusion/forecast/history.h"
#include "fusion/forecast/interval.h"
#include "fusion/forecast/nearest_days.h"
#include "fusion/forecast/net.h"
#include "fusion/forecast/network_term.h"
#include "fusion/forecast/parameters.h"
#include "fusion/forecast/profile.h"
#include "fusion/forecast/regression.h"

namespace dispecer::forecast {

using Values = Eigen::ArrayXf;  // one per place

// The promised share of the values to come lies in [low, high]. trust 1 = fresh data, 0 = the
// profile alone. known 0 = the place was never heard before the last midnight: its figures mean
// nothing.
struct Forecast {
  bool ready = false;
  Values value;
  Values low;
  Values high;
  Values trust;
  Values known;
};

// Running means over about a week of the truths that came in; `count` of them per place.
struct Score {
  Values count;
  Values mae;          // in the unit of the values
  Values profile_mae;  // of the profile alone, on the same values
  Values covered;      // share inside the interval, 0..1
};

enum class Expert : std::uint8_t { profile = 0, shared = 1, own = 2, net = 3 };
inline constexpr Eigen::Index kExperts = 4;

// A forecast whose truth is not in yet, with all that is needed to learn from it.
struct Made {
  bool valid = false;
  std::int64_t target = 0;  // step
  Eigen::MatrixXf x;        // places x features
  Eigen::MatrixXf own_x;    // places x own features
  Values base;              // profile at the target
  double days = 0;          // behind that profile
  Values scale;
  Eigen::ArrayXXf expert;  // places x kExperts, z
  Forecast forecast;
};

struct Horizon {
  std::int32_t steps = 0;
  SharedRidge shared;
  OwnRidge own;
  Net net;
  Eigen::ArrayXXf weight;  // places x kExperts, rows sum to 1
  Interval interval;
  Score score;
  std::vector<Made> made;  // ring of steps + 1
};

// What a new day changes is learnt some places at a time, so that midnight does not stop the rest.
struct Learning {
  bool active = false;
  Eigen::Index next_place = 0;
  std::size_t next_block = 0;  // of the network term
  bool days = false;           // a day came into the history
};

// Deviations that recent days had at each slot, smoothed, z, places x slots.
struct RecentDays {
  Grid yesterday;
  Grid last_alike;   // newest day of the same kind as today
  Grid three_alike;  // mean of the newest three of the same class (workday or not)
};

struct State {
  Parameters parameters;
  Calendar calendar;
  std::size_t places = 0;
  std::int32_t slots = 0;  // of a day
  std::vector<std::int32_t> lags;

  bool started = false;
  std::int64_t step = 0;  // last observed: UTC seconds / step_s

  History history;
  Day today;
  Profile profile;  // of the kinds of today and tomorrow
  Learning learning;
  RecentDays recent;
  NearestDays fast;
  NearestDays slow;
  NetworkTerm network;

  Values silent_steps;          // since each place was heard
  Values known;                 // 1 = heard on a day of the history
  Eigen::ArrayXXf z;            // places x ring of steps
  std::array<Values, 3> level;  // running means of z, half-lives 1, 4 and 24 h
  std::vector<Horizon> horizons;
  std::map<std::string, std::uint64_t> counters;
};

// Where a step of a local day stands in the profile.
struct Slot {
  std::int32_t day = 0;
  std::int32_t slot = 0;
  DayKind kind = DayKind::monday;
};
Slot slot_of(const State& state, std::int64_t step);

inline constexpr Eigen::Index kOwnFeatures = 8;
Eigen::Index feature_count(const State& state);
// What is known now about `steps` ahead, in z at the target: places x features.
void make_features(const State& state, std::size_t h, Made& made);

// A new local day begins: files the old one; what is to be learnt from it is left to go_on().
void begin_day(State& state, std::int32_t day);
// Profile and recent days from the history, for the day that `today` is, all at once.
void learn_days(State& state);
// The forecasts of the last observed step, made again.
void remake(State& state);

inline constexpr float kNeverHeard = 1e6F;  // steps of silence

}  // namespace dispecer::forecast
