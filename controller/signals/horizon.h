// The look-ahead of the second-by-second layer: over the next minute, which sequence of stages,
// with which lengths of green, costs those who come and wait least? It is found anew each second by
// a search over time and stage that keeps the few best ways of being in a stage at a moment (a beam
// on the dynamic programme of COP: Sen and Head, "Controlled optimization of phases at an
// intersection", 1997). Queues are points at the stop line that grow by the expected arrivals and
// leave at saturation flow.
//
// Cost, in vehicle-seconds: waiting, weighted; a fixed number of seconds for each vehicle that must
// stop; for what is left at the end, the time to let it go; buses by their weight while they wait.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "controller/signals/memory.h"
#include "controller/signals/view.h"

namespace dispecer::signals {

// A bus whose request weighs in the decision; seconds count from now.
struct BusDemand {
  std::uint32_t group = 0;
  double low = 0;
  double eta = 0;
  double high = 0;
  double to_stop_line = 0;  // m
  double weight = 0;        // in ordinary vehicles
  // Chances that it comes at low, eta, high, 0..1; together below 1 where it may be through.
  std::array<double, 3> chance{1.0 / 3, 1.0 / 3, 1.0 / 3};
  std::uint32_t movement = kNone;  // index into Site::movements, kNone = any of its group
  bool own_lane = false;           // nobody queues before it
};

// What may be done now. Stages by index; kept from junction to junction.
struct Question {
  std::uint32_t from = 0;     // runs now
  std::vector<double> wait;   // s until `from` may be left for a stage; below 0 = never
  std::vector<char> blocked;  // stages that lead into a full link
  bool watch_only = false;    // buses weigh nothing: what would they meet without priority?
};

struct Outlook {
  std::uint32_t target = 0;  // stage that should run next; `from` = go on
  double cost = 0;           // vehicle-seconds of the best sequence
  double stay_cost = 0;      // of the best one that goes on for at least a second
  double ends = 0;           // s from now at which the target's green ends in the best sequence
  bool demand_here = false;  // somebody waits for, or comes to, the running stage
  // Of the best sequence: what it costs all but buses, and the seconds that buses are expected to
  // wait for green and queue, all together.
  double others = 0;  // vehicle-seconds
  double bus_s = 0;
};

// Work space of the search, kept from junction to junction so that it allocates only when it grows.
class Horizon {
 public:
  Question question;  // what look() answers; filled before it
  Outlook look(const Site& site, const JunctionView& view, const Memory& memory,
               const std::vector<BusDemand>& buses, const SignalParameters& parameters);
  // After look(): what the best of the sequences costs that begin with a stage (`from` = by going
  // on for at least a second); absent where none was followed to the end.
  [[nodiscard]] std::optional<double> cost_of(std::uint32_t stage) const;

 private:
  static constexpr std::size_t kPoints = 12;   // moments at which a bus may come
  static constexpr std::size_t kBeam = 3;      // ways kept of being in a stage at a moment
  static constexpr std::size_t kHalves = 160;  // seconds / 2 of expected arrivals

  struct Node {
    std::array<float, kMostBundles> queue;
    std::array<float, kMostBundles> limit;  // that can still leave before their lanes are closed
    std::array<float, kPoints> ahead;       // vehicles before a bus, below 0 = it has not come
    std::uint32_t passed = 0;               // bits: buses that are through
    float cost = 0;
    float rank = 0;      // cost with what is left
    float bus_s = 0;     // s that buses have waited, expected
    float bus_cost = 0;  // what of `cost` that is
    float ends = 0;      // s at which the green of the first choice ended, 0 = it goes on
    std::uint32_t root = 0;
  };
  struct Slot {
    std::array<Node, kBeam> nodes;
    std::array<std::uint8_t, kBeam> order{};  // of `nodes`, the best first
    std::uint32_t count = 0;
  };
  struct Point {
    float eta = 0;
    float weight = 0;
    float chance = 0;
    float room = 0;  // vehicles that fit before it
    std::uint32_t bundle = 0;
  };

  void prepare(const Site& site, const JunctionView& view, const Memory& memory,
               const std::vector<BusDemand>& buses, const SignalParameters& p);
  void set_capacities(const JunctionView& view, const SignalParameters& p);
  void add_lane(std::size_t stage, const BundleLane& lane,
                const std::array<float, kMostBundles>& mass,
                const std::array<float, kMostBundles>& room);
  void set_buses(const Site& site, const std::vector<BusDemand>& buses, const SignalParameters& p);
  // Moves a node on while lamps stay: those of `stage`, or between `stage` and `next`.
  void run(Node& node, double from, double to, std::uint32_t stage, std::uint32_t next) const;
  void span(Node& node, double from, double to, std::uint32_t stage, std::uint32_t next) const;
  void give_way(const Node& node, std::uint32_t stage, std::array<float, kMostBundles>& flow) const;
  void move_buses(Node& node, double from, double to, std::uint32_t stage, std::uint32_t next,
                  const std::array<float, kMostBundles>& served) const;
  [[nodiscard]] const float* come_at(double seconds) const {
    const auto half = static_cast<std::size_t>(seconds * 2 + 0.5);
    return &come_[std::min(half, kHalves - 1) * n_];
  }
  void change(const Site& site, const Node& node, std::size_t at, double wait, std::uint32_t from,
              std::uint32_t to);
  void keep(std::size_t time, std::uint32_t stage, const Node& node);
  [[nodiscard]] float left(const Node& node, std::uint32_t stage) const;
  // Of that, what buses wait: weighted, and in expected seconds.
  [[nodiscard]] std::pair<float, float> buses_left(const Node& node, std::uint32_t stage) const;
  [[nodiscard]] bool wanted(const Node& node, std::uint32_t stage, double at) const;
  [[nodiscard]] bool opens(std::uint32_t stage, std::size_t bundle) const {
    return clear_[stage * n_ + bundle] > 0;
  }
  // Only what is in use; most junctions have far fewer bundles than there is room for.
  void copy(Node& to, const Node& from) const;
  void expand(const Site& site, std::size_t time);
  void open_lanes(Node& node, std::uint32_t stage) const;
  Slot& slot(std::size_t time, std::uint32_t stage) { return slots_[time * stages_ + stage]; }

  const SignalParameters* p_ = nullptr;
  const Bundles* bundles_ = nullptr;
  std::size_t n_ = 0;
  std::size_t stages_ = 0;
  std::vector<double> times_;
  // [stage * n_ + bundle]
  std::vector<float> clear_;         // veh/s while nobody comes against it
  std::vector<float> busy_;          // veh/s while somebody does
  std::vector<float> limit_;         // vehicles until one with red closes its lanes
  std::vector<std::uint64_t> foes_;  // bundles it, or who shares its lanes, gives way to
  std::vector<char> yields_;         // by stage: does anybody give way there?
  std::array<float, kMostBundles> weight_{};
  std::array<float, kMostBundles> best_flow_{};
  std::array<float, kMostBundles> queue_{};
  std::vector<float> come_;  // vehicles that have come, [half second * n_ + bundle]
  std::array<Point, kPoints> points_{};
  std::size_t point_count_ = 0;
  std::vector<Slot> slots_;
  std::vector<float> by_root_;  // cost of the best sequence, by its first stage
};

}  // namespace dispecer::signals
