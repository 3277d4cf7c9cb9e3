// Holds a picture against the truth and makes the figures. What each figure is: `describe()`.
#pragma once

#include <set>
#include <vector>

#include "adapters/city/city.h"
#include "fusion/model/picture.h"
#include "tests/bench/estimate/faults.h"
#include "tests/bench/estimate/incident.h"
#include "tests/bench/estimate/run.h"
#include "tests/bench/estimate/truth.h"
#include "tests/bench/figures/figures.h"

namespace dispecer::bench {

const char* describe();

// GEH of two hourly flows; 0 where both are 0.
double geh(double a, double b);

class Score {
 public:
  Score(const city::City& city, const Faults& faults);

  // Each second: `sent` as the loops told it, `really` as it was.
  void see(const CityPicture& picture, const Truth& truth,
           const std::map<DetectorId, DetectorSample>& sent,
           const std::map<DetectorId, DetectorSample>& really, double second);
  void see_incidents(const std::set<LinkId>& alarms, const Incident& incident, double second);
  void finish(const CityPicture& picture, const Truth& truth, const Incident& incident,
              double second);

  [[nodiscard]] const Sums& sums() const { return sums_; }
  // A line for each loop that was wrong, and for each approach with a loop on every lane.
  [[nodiscard]] std::vector<std::string> story() const;

 private:
  struct Watch {
    bool flagged = false;
    double passed = 0;  // true vehicles since it broke
    std::optional<double> found;
    double found_after = 0;
    unsigned alarms = 0;
    std::string fault;
  };
  void see_queues(const CityPicture& picture, const Truth& truth);
  void close_cycle(std::size_t link);
  void covered(const char* what, const Estimate& estimate, double truth);
  [[nodiscard]] std::vector<double> naive() const;

  const city::City& city_;
  const Faults& faults_;
  std::vector<char> looped_;  // per link: has a loop
  std::vector<char> fully_;   // every lane has one
  std::vector<std::vector<std::size_t>> beside_;
  std::vector<double> cycle_s_;  // per link, 0 = not a signalised approach
  std::map<DetectorId, Watch> watch_;
  std::map<DetectorId, double> told_;
  struct Cycle {
    double seconds = 0;
    double truth = 0;
    double estimate = 0;
    std::optional<Estimate> at;
    bool known = false;
  };
  std::vector<Cycle> cycles_;
  struct Tally {  // of cycles with a queue that is worth a share
    double n = 0;
    double share = 0;  // sum of |estimate - truth| / truth
    double truth = 0;  // sums, veh
    double estimate = 0;
  };
  std::vector<Tally> tallies_;  // per link
  std::set<LinkId> raised_;
  std::optional<double> incident_found_;
  Sums sums_;
  double second_ = 0;
};

// Of sums added over runs. A figure that nothing was measured for is left out.
Figures figures_of(const Sums& sums);
// Those that must be there for the run to count.
std::vector<std::string> required(bool incident);

}  // namespace dispecer::bench
