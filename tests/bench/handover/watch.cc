#include "tests/bench/handover/watch.h"

#include <algorithm>
#include <cmath>

namespace dispecer::bench {
namespace {

// The stage that the plan has at that moment: from its planned first second of green to that of the
// next one, the change at the end included.
std::uint32_t planned_stage(const SignalPlan& plan, UtcTime now) {
  const double cycle = plan.cycle.value;
  const double unix = std::fmod(static_cast<double>(now.us) * 1e-6 - plan.offset.value, cycle);
  const double at = unix < 0 ? unix + cycle : unix;
  std::uint32_t stage = plan.ring.back().stage;
  for (const auto& s : plan.ring) {
    if (s.start.value <= at) stage = s.stage;
  }
  return stage;
}

}  // namespace

void LampWatch::see(const Field::Shown& shown, const PointRoad& road, bool lit, UtcTime now) {
  const auto n = signals_->groups.size();
  if (!lit || shown.aspects.size() != n) {
    std::fill(green_.begin(), green_.end(), std::nullopt);
    std::fill(red_.begin(), red_.end(), 0.0);
    was_green_.clear();
    in_step_ = 0;
    return;
  }
  for (std::size_t g = 0; g < n; ++g) {
    const bool green = is_green(shown.aspects[g]);
    const bool before = was_green_.size() == n && was_green_[g];
    if (green) {
      red_[g] = 0;
      if (before && green_[g]) {
        *green_[g] += 1;
      } else if (!before && was_green_.size() == n) {
        green_[g] = 1;
      }
      continue;
    }
    if (before && green_[g]) {
      shortest_green_ = std::min(shortest_green_.value_or(*green_[g]), *green_[g]);
      if (*green_[g] < signals_->groups[g].min_green.time.value) ++cut_short_;
    }
    green_[g].reset();
    if (red_[g] > 0 || road.waits(shown.junction, g)) red_[g] += 1;
    worst_red_ = std::max(worst_red_, red_[g]);
  }
  was_green_.resize(n);
  for (std::size_t g = 0; g < n; ++g) was_green_[g] = is_green(shown.aspects[g]);
  const auto* plan = find_plan(*signals_, signals_->local_plan);
  const bool agrees = !shown.stage || plan == nullptr || *shown.stage == planned_stage(*plan, now);
  in_step_ = agrees ? in_step_ + 1 : 0;
}

}  // namespace dispecer::bench
