// From a SUMO network to the city's network and signals. Pure: no files.
#pragma once

#include <memory>
#include <optional>

#include "adapters/city/city.h"
#include "adapters/city/importer/importer.h"
#include "adapters/city/importer/sumo_net.h"

namespace dispecer::city {

using Findings = std::vector<Finding>;

// One way through a junction that an index of a traffic light governs.
struct SignalWay {
  std::uint32_t index = 0;
  std::string node;
  int number = -1;        // link number in the node's <request> table, -1 = not found
  std::string from_edge;  // street, or walking area
  std::uint32_t from_lane = 0;
  std::string to_edge;
  std::string crossing;  // edge id where it is a crossing on foot
  char turn = 's';       // SUMO's dir
  double speed = 0;      // m/s allowed on the approach
  GroupKind kind = GroupKind::unknown;
  std::vector<Local> path;  // from the stop line to the exit
};

// Which junction of ours a SUMO node belongs to: the traffic light that governs it, else itself.
class Places {
 public:
  explicit Places(const sumo::Net& net);
  [[nodiscard]] JunctionId of(const std::string& node) const;
  [[nodiscard]] const std::map<std::string, std::vector<SignalWay>>& ways() const { return ways_; }

 private:
  std::map<std::string, std::string> light_of_node_;
  std::map<std::string, std::vector<SignalWay>> ways_;  // by traffic light
};

// A junction's signals and how SUMO's indices hang on them.
struct DerivedSignals {
  JunctionSignals signals;
  std::vector<std::vector<std::uint32_t>> group_indices;
  std::string idle_state;
  std::map<std::uint32_t, std::size_t> group_of_index;
};

// Nothing where the program cannot be used; the reason is a finding of kind "unusable".
std::optional<DerivedSignals> derive_signals(const sumo::Net& net, const std::string& light,
                                             const std::vector<SignalWay>& ways,
                                             Findings& findings);

// Times of the local plan, set so that it keeps intergreens and minimum greens; what had to change
// is a finding. `starts` are the seconds at which the ring's stages begin in a cycle of `cycle`.
struct RingTimes {
  std::vector<std::uint32_t> stages;  // numbers
  std::vector<double> starts;
  std::vector<double> full;  // seconds of green that each stage had; it keeps them, at most 5
  double cycle = 0;
};
RingTimes fit_ring(const JunctionSignals& signals, RingTimes delivered, Findings& findings);

// Seconds from the end of green of `losing` to the start of green of `gaining`, by geometry.
// `crossing` is the length of the losing crossing where that is one on foot, m.
double clearance_seconds(const SignalWay& losing, const SignalWay& gaining, double crossing);
double amber_seconds(GroupKind kind, double speed);

// Junctions, links, movements, detectors, crossings; and the names of all of them in SUMO.
void derive_network(const sumo::Net& net, const Places& places, const Projection& projection,
                    const std::map<std::string, DerivedSignals>& signals, City& city,
                    Findings& findings);

struct LoopPlace {
  DetectorId id;
  std::string lane;
  double position = 0;  // from the start of the lane, m
};
// Stop-line and advance loops and push buttons for every derived junction.
std::vector<LoopPlace> derive_detectors(const sumo::Net& net, const Places& places,
                                        const std::map<std::string, DerivedSignals>& signals,
                                        City& city);

}  // namespace dispecer::city
