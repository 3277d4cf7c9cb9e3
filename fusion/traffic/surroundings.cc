// What is known around each detector, for the tests of its health.
#include <algorithm>

#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

bool source_live(const State& state, const DetectorIndex& index) {
  if (index.site == kNone) return false;
  const auto& site = state.sites[index.site];
  const auto& p = state.parameters;
  if (!site.detectors_heard) return false;
  const double silent = detail::age_s(state, site.detector_news);
  return silent <= p.stale_s ||
         (silent <= p.quiet_s && site.heard && detail::age_s(state, site.any_news) <= p.stale_s);
}

// Is any signal green that lets go what stands on the detector, and are all of them known and in
// control?
void see_lamps(const State& state, const DetectorIndex& index, Surroundings& around) {
  around.lamps_known = true;
  for (const auto m : index.movements) {
    const auto& movement = state.index.movements[m];
    const auto lamp = state.lamps[m];
    if (movement.group != kNone && movement.junction != kNone) {
      around.own_green = around.own_green.value_or(false) || lamp == Lamp::green;
    }
    if (lamp == Lamp::unknown) {
      around.lamps_known = false;
    } else if (lamp == Lamp::red) {
      const auto aspect = state.junctions[movement.junction].groups[movement.group];
      around.lamps_known =
          around.lamps_known &&
          (aspect == Aspect::amber || aspect == Aspect::red || aspect == Aspect::red_amber);
    }
  }
}

// An incident explains a silent or covered loop on its link and on those before and behind, for as
// long as incidents last.
bool blocked(const State& state, std::uint32_t link) {
  constexpr double kLongest_s = 1800;
  if (state.blocked.empty()) return false;
  const auto lost = [&](std::uint32_t k) {
    if (k == kNone) return false;
    const auto& loss = state.link_losses[k];
    return loss.active && detail::age_s(state, loss.since) < kLongest_s;
  };
  const auto& index = state.index.links[link];
  const auto& movements = state.index.movements;
  return lost(link) ||
         std::any_of(index.in.begin(), index.in.end(),
                     [&](auto m) { return lost(movements[m].from); }) ||
         std::any_of(index.out.begin(), index.out.end(),
                     [&](auto m) { return lost(movements[m].to); });
}

// Does a queue stand on the lane, by its other loops, or on the link where the lane has none?
bool queue_stands(const State& state, std::size_t detector) {
  constexpr double kStands_s = 10;  // longer than the gaps of a queue that moves
  const auto& index = state.index.detectors[detector];
  if (index.link == kNone || state.detectors[detector].occupied_s < kStands_s) return false;
  const auto& link = state.index.links[index.link];
  bool lane_has = false, lane = false, other = false;
  for (const auto* kind : {&link.stop_line, &link.advance, &link.entry}) {
    for (const auto d : *kind) {
      if (d == detector) continue;
      const bool stands = state.detectors[d].live && state.detectors[d].occupied_s >= kStands_s;
      const bool same = state.index.detectors[d].lane == index.lane;
      lane_has = lane_has || same;
      (same ? lane : other) |= stands;
    }
  }
  return lane_has ? lane : other;
}

}  // namespace

void detail::step_detectors(State& state, double dt, std::vector<AlarmEvent>& events) {
  const auto bin = bin_of(state);
  for (std::size_t d = 0; d < state.detectors.size(); ++d) {
    const auto& index = state.index.detectors[d];
    const bool excused =
        index.link != kNone && (state.links[index.link].excused || blocked(state, index.link));
    Surroundings around;
    around.source_live = source_live(state, index);
    see_lamps(state, index, around);
    around.free_flow = index.unsignalled;
    around.excused = excused;
    around.queue_stands = queue_stands(state, d);
    around.bin = bin;
    const auto change = settle(state.detectors[d], index, around, dt, state.parameters);
    if (change.before == change.after) continue;
    state.health_changed = true;
    const bool began = change.after != Fault::none;
    events.push_back({"detector_fault", index.id.str(), AlarmPriority::low, began, state.now,
                      to_text(began ? change.after : change.before)});
    count(state, began ? "traffic.detector_fault" : "traffic.detector_recovered");
  }
  for (std::size_t k = 0; k < state.pairs.size(); ++k) {
    const auto& pair = state.pairs[k];
    watch(state.pairs_live[k], pair, state.detectors[pair.up], state.detectors[pair.down], dt,
          state.parameters);
  }
}

}  // namespace dispecer::traffic
