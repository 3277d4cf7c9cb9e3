// Loops held against each other: the two loops of a lane count the same vehicles, and what enters a
// place leaves it. Runs once a minute, over the counts of the last hour.
#include <algorithm>
#include <cmath>

#include "fusion/traffic/traffic.h"

namespace dispecer::traffic {
namespace {

constexpr double kSilent_s = 120;
constexpr double kQuietLane = 10;
constexpr double kTwice = 0.69;  // logarithm of two

bool comparable(const DetectorLive& live) {
  return live.live && (live.fault == Fault::none || live.fault == Fault::lane_disagrees ||
                       live.fault == Fault::conservation);
}

struct Both {
  double a = 0;  // vehicles
  double b = 0;
  double span = 0;  // s
};

// Over the bins in which both were heard alike.
Both common(const CountWindow& a, const CountWindow& b) {
  Both sum;
  if (a.newest != b.newest) return sum;
  for (std::size_t k = 0; k < CountWindow::kBins; ++k) {
    if (a.seconds[k] < 30 || std::abs(a.seconds[k] - b.seconds[k]) > 5) continue;
    sum.a += a.hits[k];
    sum.b += b.hits[k];
    sum.span += a.seconds[k];
  }
  return sum;
}

double own_doubt(const DetectorLive& live, const Parameters& p) {
  const double impossible = live.impossible / std::max(5.0, live.recent_hits);
  return impossible + 0.2 * live.red_evidence / p.red_leaves_evidence;
}

// What the surroundings say of the link without its own loops, veh/h; absent where nothing is known
// yet.
struct Outside {
  double flow = 0;
  double sd = 0;
};
std::optional<Outside> from_outside(const State& state, std::uint32_t link) {
  const auto& live = state.links[link];
  if (live.hour_variance <= 0) return std::nullopt;
  double flow = live.hour;
  double variance = live.hour_variance;
  const double used = state.hour_solver.used_weight(link);
  if (live.counted_hour_sd > 0 && used > 0) {
    const double r = 1 / used;
    const double s = std::min(variance, 0.999 * r);
    flow = live.counted_hour - (live.counted_hour - live.hour) * r / (r - s);
    variance = s * r / (r - s);
  }
  return Outside{std::max(0.0, flow), std::sqrt(variance) * state.interval_scale};
}

// Which of two loops of a lane that disagree is wrong? nullptr = cannot be told.
std::uint32_t worse_of(const State& state, std::uint32_t a, std::uint32_t b, const Both& both) {
  const auto& da = state.detectors[a];
  const auto& db = state.detectors[b];
  // One that hardly counts anything while the other does, and has been silent, is dead.
  const auto dead = [&](const DetectorLive& live, double few, double many) {
    return few < 0.1 * many && fell_silent(live, state.parameters);
  };
  if (dead(da, both.a, both.b)) return a;
  if (dead(db, both.b, both.a)) return b;
  const double doubt = own_doubt(da, state.parameters) - own_doubt(db, state.parameters);
  if (std::abs(doubt) > 0.06) return doubt > 0 ? a : b;
  const auto link = state.index.detectors[a].link;
  const auto outside = from_outside(state, link);
  // How much of several lanes runs on one of them is not known.
  if (state.index.links[link].lanes == 1 && outside && outside->sd < 0.5 * outside->flow + 5) {
    const double expected = outside->flow * both.span / 3600;
    const double off_a = std::abs(std::log((both.a + 5) / (expected + 5)));
    const double off_b = std::abs(std::log((both.b + 5) / (expected + 5)));
    // Less than twice as far off tells nothing.
    if (std::abs(off_a - off_b) > kTwice) return off_a > off_b ? a : b;
  }
  return kNone;
}

// One comparison of a kind: after `least_s` against it a loop is accused, after `agree_s` for it no
// longer.
void note(DetectorLive& live, Doubt& doubt, bool against, Fault what, double least_s, double dt,
          const Parameters& p) {
  if (against) {
    doubt.against_s += dt;
    doubt.for_s = 0;
    if (doubt.against_s >= least_s) live.accusation = what;
    return;
  }
  doubt.against_s = 0;
  doubt.for_s += dt;
  if (live.accusation == what && doubt.for_s >= p.agree_s) live.accusation = Fault::none;
}

enum class Pair { none, agrees, differs };

Pair compare_pair(State& state, std::uint32_t a, std::uint32_t b, double dt) {
  const auto& p = state.parameters;
  auto& da = state.detectors[a];
  auto& db = state.detectors[b];
  if (!comparable(da) || !comparable(db)) return Pair::none;
  const auto k = state.pair_of[a];
  if (k != kNone && state.pairs[k].up == b) {
    const auto& pair = state.pairs[k];
    if (differs(state.pairs_live[k], pair, p)) {
      const auto sick = guilty(state.pairs_live[k], pair, db, da, p);
      if (sick == kNone) return Pair::differs;
      note(da, da.by_lane, sick == a, Fault::lane_disagrees, p.disagree_s, dt, p);
      note(db, db.by_lane, sick == b, Fault::lane_disagrees, p.disagree_s, dt, p);
      return Pair::differs;
    }
  }
  const auto both = common(da.window, db.window);
  const double most = std::max(both.a, both.b);
  const auto& ia = state.index.detectors[a];
  const auto& ib = state.index.detectors[b];
  const bool alone = state.index.links[ia.link].lanes == 1;
  const double stored = std::abs(ia.to_stop_line - ib.to_stop_line) / p.metres_per_vehicle + 2;
  const double allowed = stored + (alone ? p.lane_share : p.lane_change_share) * most +
                         p.lane_sigma * (alone ? 0.25 : 0.7) * std::sqrt(most);
  if (most < p.lane_min_count) return Pair::none;
  const bool differ = std::abs(both.a - both.b) > allowed;
  const auto worse = differ ? worse_of(state, a, b, both) : kNone;
  if (differ && worse == kNone) return Pair::differs;
  note(da, da.by_lane, worse == a, Fault::lane_disagrees, p.disagree_s, dt, p);
  note(db, db.by_lane, worse == b, Fault::lane_disagrees, p.disagree_s, dt, p);
  return differ ? Pair::differs : Pair::agrees;
}

// The largest normalised residual of its surroundings (largest |error| in sd; Handschin, Schweppe,
// Kohlas, Fiechter: Bad data analysis for power system state estimation, 1975).
bool largest_around(const State& state, std::uint32_t i) {
  const double here = std::abs(state.links[i].error_ratio);
  const auto larger = [&](std::uint32_t k) {
    return k != kNone && k != i && state.links[k].counted_hour_sd > 0 &&
           std::abs(state.links[k].error_ratio) > here;
  };
  const auto& link = state.index.links[i];
  for (const auto m : link.in) {
    const auto from = state.index.movements[m].from;
    if (larger(from)) return false;
    if (from == kNone) continue;
    for (const auto n : state.index.links[from].out) {
      if (larger(state.index.movements[n].to)) return false;
    }
  }
  for (const auto m : link.out) {
    const auto to = state.index.movements[m].to;
    if (larger(to)) return false;
    if (to == kNone) continue;
    for (const auto n : state.index.links[to].in) {
      if (larger(state.index.movements[n].from)) return false;
    }
  }
  return true;
}

void judge_residual(State& state, std::uint32_t i, std::uint32_t suspect, double dt) {
  const auto& p = state.parameters;
  auto& live = state.detectors[suspect];
  const auto& link = state.links[i];
  if (live.fault == Fault::conservation) {
    // Its own count is no part of the estimate now.
    const double span = live.window.span_s(3);
    if (span < 300 || link.hour_variance <= 0) return;
    const double flow = live.window.vehicles(3) / span * 3600 * state.index.links[i].lanes;
    const double sd = std::sqrt(link.hour_variance) * state.interval_scale +
                      std::sqrt(std::max(flow, 12.0) * 3600 / span);
    note(live, live.by_surroundings, std::abs(flow - link.hour) > p.agree_sigma * sd,
         Fault::conservation, 1e18, dt, p);
    return;
  }
  if (link.counted_hour_sd <= 0 || live.fault != Fault::none) return;
  // A loop that has long been silent where its surroundings say that traffic runs.
  const auto outside = from_outside(state, i);
  const double least = outside ? outside->flow - 2 * outside->sd : 0;
  const auto lanes = state.index.links[i].lanes;
  // That nobody ever uses one lane of several is not for its neighbours to deny.
  const double expected = least / lanes / 3600 * live.since_hit_s / (lanes > 1 ? kQuietLane : 1);
  if (live.since_hit_s >= p.no_hits_min_s && !live.occupied && expected >= p.silent_expected) {
    live.accusation = Fault::conservation;
    live.by_surroundings.for_s = 0;
    return;
  }
  // A silence has a test of its own where the loop has ever counted.
  if (live.past_hits > 0 && live.since_hit_s >= kSilent_s && !live.occupied) return;
  const bool against =
      std::abs(link.error_ratio) / std::max(1.0, state.interval_scale) > p.residual_sigma &&
      largest_around(state, i);
  note(live, live.by_surroundings, against, Fault::conservation, p.residual_s, dt, p);
}

}  // namespace

void detail::compare_loops(State& state, double dt) {
  compare_lanes(state.pairs_live);
  for (std::uint32_t i = 0; i < state.links.size(); ++i) {
    const auto& link = state.index.links[i];
    std::uint32_t unconfirmed = kNone;
    unsigned doubtful = 0;
    if (state.links[i].excused) continue;
    for (std::uint32_t lane = 0; lane < link.lanes; ++lane) {
      std::uint32_t first = kNone;
      for (const auto* loops : {&link.stop_line, &link.advance, &link.entry}) {
        for (const auto d : *loops) {
          if (state.index.detectors[d].lane != lane) continue;
          if (first == kNone) {
            first = d;
            continue;
          }
          const auto pair = compare_pair(state, first, d, dt);
          if (pair == Pair::agrees) {
            first = kNone;
            break;
          }
          // One of two is wrong, and which is not told by what runs around them.
          if (pair == Pair::differs) ++doubtful;
          if (pair == Pair::none && comparable(state.detectors[d]) &&
              !comparable(state.detectors[first])) {
            first = d;
          }
        }
        if (first == kNone && loops != &link.stop_line) break;
      }
      if (first == kNone || !comparable(state.detectors[first])) continue;
      unconfirmed = first;
      ++doubtful;
    }
    // Only where one loop alone speaks for the link can the contradiction be laid at its door.
    if (doubtful == 1) judge_residual(state, i, unconfirmed, dt);
  }
}

}  // namespace dispecer::traffic
