// What queues at a junction as the look-ahead counts it: a bundle is the movements of one link that
// have green in the same stages, or one crossing. Lanes say which bundles share a queue.
#pragma once

#include <cstdint>
#include <vector>

namespace dispecer::signals {

struct Site;
struct NetworkIndex;

inline constexpr std::size_t kMostBundles = 40;

enum class Show : std::uint8_t { red, yields, free };

struct Bundle {
  std::vector<std::uint32_t> movements;  // indices into Site::movements, empty for a crossing
  std::uint32_t crossing = 0;            // index into Site::crossings, where there is no movement
  std::vector<std::uint32_t> groups;     // of the junction, ascending
  std::uint32_t link = 0;                // number of the link among the approaches
  double lanes = 1;
  double lane_flow = 0;     // veh/s of one lane at saturation, as the city's book leaves it
  double full_flow = 0;     // the same with nothing in the book
  bool turns = false;       // all of it turns: it gives no reason to yield
  std::vector<Show> shows;  // by stage
};

// Bundles that stand in one lane, one behind the other.
struct BundleLane {
  double flow = 0;       // veh/s at saturation, as the city's book leaves it
  double full_flow = 0;  // the same with nothing in the book
  std::vector<std::uint32_t> bundles;
  std::vector<std::uint32_t> movements;  // indices into Site::movements
};

struct Bundles {
  std::vector<Bundle> rows;  // at most kMostBundles; more are left to the maximum red
  std::vector<BundleLane> lanes;
  // Bundles that one yielding in a stage gives way to, as bits: [stage * rows.size() + bundle].
  std::vector<std::uint64_t> foes;

  // In which a vehicle of this movement queues; where that is not known, one of the group's. A
  // group may govern several approaches. Absent: the largest number.
  [[nodiscard]] std::uint32_t of(std::uint32_t movement, std::uint32_t group) const;
};

// `site` has its movements, crossings and stages.
Bundles make_bundles(const Site& site, const NetworkIndex& network);

}  // namespace dispecer::signals
