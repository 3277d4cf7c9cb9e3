// The streets as an emergency vehicle uses them: ways between links, and on which link a position
// lies.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "controller/emergency/parameters.h"
#include "fusion/model/network.h"

namespace dispecer::emergency {

inline constexpr std::uint32_t kNoRoad = std::numeric_limits<std::uint32_t>::max();

struct Turning {
  std::uint32_t to = 0;  // road
  MovementId movement;
  JunctionId junction;
  SignalGroupId group;  // empty = no signal
  Turn turn = Turn::unknown;
};

struct Road {
  LinkId id;
  double length = 0;  // m
  double speed = 1;   // m/s, the limit
  std::vector<Local> shape;
  double shape_m = 0;  // of the shape; may differ a little from `length`
  Local low;           // box around the shape
  Local high;
  std::vector<Turning> turns;
};

// How a position fits on a road: m off it, more where it points elsewhere.
struct Fit {
  std::uint32_t road = kNoRoad;
  double along = 0;  // m from its start
  double misfit = 0;
};

class Roads {
 public:
  explicit Roads(const Network& network, const Parameters& parameters = {});

  [[nodiscard]] const std::vector<Road>& all() const { return roads_; }
  [[nodiscard]] std::uint32_t find(const LinkId& id) const;
  [[nodiscard]] const Turning* turning(std::uint32_t from, std::uint32_t to) const;
  // Roads of the quickest way, both ends included; empty = there is none (Dijkstra, free flow).
  [[nodiscard]] std::vector<std::uint32_t> way(std::uint32_t from, std::uint32_t to) const;
  // `from` and what follows straight on, about `metres` of it.
  [[nodiscard]] std::vector<std::uint32_t> straight_on(std::uint32_t from, double metres) const;
  [[nodiscard]] Local local(LonLat p) const { return plane_.to_local(p); }
  [[nodiscard]] Fit fit(std::uint32_t road, Local p, std::optional<double> bearing) const;
  // The road that fits best within reach; `road` is kNoRoad where there is none.
  [[nodiscard]] Fit match(Local p, std::optional<double> bearing) const;

 private:
  Parameters parameters_;
  LocalPlane plane_;
  std::vector<Road> roads_;
  std::map<LinkId, std::uint32_t> index_;
};

}  // namespace dispecer::emergency
