// What a run watches on the street itself, beyond what the centre sees.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "fusion/model/decision.h"
#include "sim/street/street.h"
#include "tests/bench/lockstep/field.h"

namespace dispecer::bench {

// What buses lose on links that end at a signal: seconds below the speed limit, stops left out.
class BusLoss {
 public:
  explicit BusLoss(const city::City& city);
  // `shown`: the lamps of this second.
  void add(const sim::StreetVehicle& bus, const std::vector<Field::Shown>& shown);
  [[nodiscard]] std::size_t buses() const { return buses_.size(); }
  [[nodiscard]] double mean() const { return lost_ / static_cast<double>(buses_.size()); }
  // Of that: standing while every group of its link has red; standing while one has green.
  [[nodiscard]] double at_red() const { return red_ / static_cast<double>(buses_.size()); }
  [[nodiscard]] double in_queue() const { return queue_ / static_cast<double>(buses_.size()); }

 private:
  struct Approach {
    double limit = 0;  // m/s
    JunctionId junction;
    std::set<std::uint32_t> groups;
  };
  std::map<LinkId, Approach> approaches_;  // links that end at a signal
  std::set<std::string> buses_;
  double lost_ = 0;
  double red_ = 0;
  double queue_ = 0;
};

// What grants were worth, by the street's own passings: a grant is effective where the bus passed a
// second or more before the red would have ended that the decision without it had in mind.
class SparedWatch {
 public:
  void add(const sim::StreetVehicle& bus, UtcTime now);
  void add(const PriorityRequest& request);
  struct Grants {
    double changed = 0;    // requests for which the decision was changed
    double effective = 0;  // of them
    double saved_s = 0;    // of all of them together
  };
  [[nodiscard]] Grants grants(const Network& network) const;

 private:
  std::map<std::string, LinkId> at_;
  std::map<std::pair<std::string, LinkId>, std::vector<UtcTime>> left_;
  std::map<RequestId, PriorityRequest> spared_;
};

// How evenly the buses of a line follow each other: the times between two of them at the beginning
// of each link that they use.
class HeadwayWatch {
 public:
  // `line` by the timetable; streets do not always tell it.
  void add(const sim::StreetVehicle& bus, const LineId& line, double now_s);
  // Standard deviation over mean of the headways, mean over lines and links that three buses or
  // more of a line passed. Absent = there are none.
  [[nodiscard]] std::optional<double> cv() const;

 private:
  std::map<std::string, LinkId> at_;                               // bus -> its link
  std::map<std::pair<LineId, LinkId>, std::vector<double>> seen_;  // s, ascending
};

// Reds of approaches at which a vehicle waited, by SUMO's own vehicles: from the moment at which
// somebody stood there under red until any of its groups had green.
class RedWatch {
 public:
  explicit RedWatch(const city::City& city);
  void add(const std::vector<sim::StreetVehicle>& vehicles, const std::vector<Field::Shown>& shown);
  // Seconds; those still going on are among them.
  [[nodiscard]] std::vector<double> reds() const;

 private:
  struct Approach {
    std::vector<std::pair<JunctionId, std::uint32_t>> groups;
    double length = 0;
    double red = 0;
  };
  std::map<LinkId, Approach> approaches_;
  std::vector<double> ended_;
};

// How often junctions changed stage, left the order of their ring, or passed a stage over.
class OrderWatch {
 public:
  explicit OrderWatch(const city::City& city);
  void add(const std::vector<Field::Shown>& shown);
  [[nodiscard]] double changes() const { return changes_; }
  [[nodiscard]] double out_of_order() const { return out_of_order_; }
  [[nodiscard]] double skipped() const { return skipped_; }

 private:
  struct Place {
    std::vector<std::uint32_t> ring;  // stage numbers
    std::uint32_t last = 0;
  };
  std::map<JunctionId, Place> places_;
  double changes_ = 0;
  double out_of_order_ = 0;
  double skipped_ = 0;
};

// Of all vehicles that were demanded until now: seconds lost driving and waiting to enter.
struct Delays {
  double all = 0;  // mean, s
  double vehicles = 0;
  double bus = 0;  // mean time lost of buses, s
  double buses = 0;
  double others = 0;       // mean of everybody else, s
  double person_lost = 0;  // s, by the people in the vehicles
  double people = 0;
  double travel = 0;  // mean time on the road of those that arrived, s
};
// `people_in_car`, `people_in_bus`: occupants taken where the street has none.
Delays delays(const sim::Street& street, double people_in_car, double people_in_bus);

}  // namespace dispecer::bench
