// Sums of a run, by name, so that runs can be put together.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "controller/priority/priority.h"
#include "fusion/model/picture.h"
#include "fusion/model/transit.h"
#include "tests/bench/transit/feed_errors.h"
#include "tests/bench/transit/truth.h"

namespace dispecer::bench {

inline constexpr double kHorizons_s[] = {10, 20, 40, 60};

using Sums = std::map<std::string, double>;

// What one fusion core, fed each `period` seconds, said of the buses, against the truth.
class Tally {
 public:
  // `trace`: name of a figure of times to the stop line; each of its values goes to stderr.
  Tally(const Timetable& timetable, std::map<MovementId, priority::Place> places, int period,
        UtcTime service_start, std::string trace);

  // The picture of this second, what is planted, and what happened.
  void look(const CityPicture& picture, const FeedErrors& errors, const Truth& truth, UtcTime now);
  void heard(const BusState& bus, const FeedErrors& errors, UtcTime now);
  // Closes the account. "<name>.sum" and "<name>.n".
  [[nodiscard]] Sums sums(const Truth& truth) const;

 private:
  struct Said {
    UtcTime t;
    MovementId movement;
    bool told = false;  // a time to the stop line
    double pass = 0;    // s after t
    double low = 0;
    double high = 0;
    double arrive = 0;  // s after t, whatever the lamps show
    double distance = 0;
  };
  struct Asked {
    VehicleId vehicle;
    MovementId movement;
  };
  void score(const Passing& passing);
  void score(const StopEvent& event, const CityPicture& picture);
  void add(const std::string& name, double value) {
    sums_[name + ".sum"] += value;
    sums_[name + ".n"] += 1;
  }

  std::string suffix_;
  std::string trace_;
  UtcTime service_start_;
  priority::State priority_;
  std::map<VehicleId, std::deque<Said>> said_;
  std::map<std::pair<TripId, std::uint32_t>, const StopTime*> stop_times_;
  std::set<std::pair<TripId, std::uint32_t>> first_;  // stop of each trip
  std::vector<Asked> asked_wrong_;
  std::map<VehicleId, Planted> fates_;
  Sums sums_;
};

}  // namespace dispecer::bench
