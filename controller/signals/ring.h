// A signal plan as the plan and cycle layers work on it: its stages by index, when each of them
// begins in the cycle, and what stands between them. Built once from the city.
#pragma once

#include <cstdint>
#include <vector>

#include "controller/plan/junction_signals.h"

namespace dispecer::signals {

struct Site;

// Share of the local plan's green that a stage keeps whatever the queues say: loops do not see what
// stands beyond them, and who made the plan knew of it.
inline constexpr double kLeastOfLocal = 0.8;

struct RingStage {
  std::uint32_t stage = 0;  // index into Site::stages
  double start = 0;         // s of the cycle
  double between = 0;       // s from the end of its green to the green of the next one
  double least = 0;         // s of green
  double most = 0;          // s of green
  double floor = 0;         // s of green below which bands do not cut it, see kLeastOfLocal
};

struct Ring {
  std::uint32_t plan = 0;  // number
  double cycle = 0;        // s
  double offset = 0;       // s, as the junction's file has it
  std::vector<RingStage> stages;

  [[nodiscard]] std::size_t size() const { return stages.size(); }
  // Where the last stage ends: at the begin of the first one, which need not be second 0.
  [[nodiscard]] double end() const { return cycle + stages.front().start; }
  // A second of the cycle as one at or after the begin of the first stage.
  [[nodiscard]] double from_first(double second) const {
    return second < stages.front().start ? second + cycle : second;
  }
  // Seconds of green of stage i when the bands before it, and its own, are `bands` (at most one for
  // each stage but the last, which pays for them). An empty vector = the plan as it is.
  [[nodiscard]] double green(std::size_t i, const std::vector<int>& bands = {}) const;
  // Second of the cycle at which the green of stage i begins with those bands.
  [[nodiscard]] double start(std::size_t i, const std::vector<int>& bands = {}) const;
};

// One for each plan whose stages the junction has. `site` has its stages.
std::vector<Ring> make_rings(const Site& site);
const Ring* find_ring(const std::vector<Ring>& rings, std::uint32_t plan);

}  // namespace dispecer::signals
