#include "fusion/traffic/lane_pairs.h"

#include <algorithm>
#include <cmath>

namespace dispecer::traffic {
namespace {

constexpr double kMemory = 60;  // vehicles
constexpr double kLearns = 200;
constexpr double kLearnt = 30;  // so many tell how many change lanes
// Of what each of two loops sees and the other does not, where vehicles change lanes between them:
// they do so one way mostly, into a lane or out of it.
constexpr double kTogether = 0.3;
constexpr double kApart = 0.65;
constexpr double kOneSided = 3;          // times as many
constexpr double kDead = 0.05;           // of the vehicles are seen
constexpr double kEarly_s = 20;          // before the loop upstream of it: no vehicle is
constexpr double kHeld_s = 60;           // a red, and the queue before it
constexpr double kMostMissed = 0.4;      // fewer seen than that
constexpr double kDoubtful = 0.02;       // more of the hits of one than of the other are impossible
constexpr double kOthers = 60;           // vehicles of its own that what others show is worth
constexpr double kSpeaks = 10;           // vehicles of a pair before it speaks for the city
constexpr std::size_t kEnoughLanes = 8;  // pairs
constexpr double kQuartile = 0.6745;     // of the normal distribution, in sd
constexpr double kMostChange = 0.4;      // where more change, a loop beside the lane proves nothing

std::uint32_t of_lane(const Index& index, const std::vector<std::uint32_t>& loops,
                      std::uint32_t lane) {
  const auto it = std::find_if(loops.begin(), loops.end(),
                               [&](auto d) { return index.detectors[d].lane == lane; });
  return it == loops.end() ? kNone : *it;
}

double impossible_share(const DetectorLive& live) {
  return live.impossible < 2 ? 0.0 : live.impossible / std::max(20.0, live.recent_hits);
}

void judge(LanePairLive& live, const LanePair& pair, const Parameters& p) {
  const double same = std::min(live.up, live.down);
  const double other = std::max(live.up, live.down) - same;
  const double keep = std::exp(-(same + other) / kMemory);
  live.both = live.both * keep + same;
  live.only_up = live.only_up * keep + std::max(0.0, live.up - live.down);
  live.only_down = live.only_down * keep + std::max(0.0, live.down - live.up);
  if (const auto well = well_share(live, pair, p)) {
    const double sick = 0.5 * (1 + *well);
    live.evidence += other * std::log(sick / *well) + same * std::log((1 - sick) / (1 - *well));
    live.evidence = std::clamp(live.evidence, 0.0, 2 * p.pair_evidence);
    if (live.evidence > 0.5 * p.pair_evidence) return;
  }
  const double fade = std::exp(-(same + other) / kLearns);
  live.learnt = live.learnt * fade + same + other;
  live.differed = live.differed * fade + other;
}

}  // namespace

std::vector<LanePair> lane_pairs(const Index& index) {
  std::vector<LanePair> out;
  for (const auto& link : index.links) {
    for (const auto down : link.stop_line) {
      const auto lane = index.detectors[down].lane;
      auto up = of_lane(index, link.advance, lane);
      if (up == kNone) up = of_lane(index, link.entry, lane);
      if (up == kNone) continue;
      const double apart =
          std::max(0.0, index.detectors[up].to_stop_line - index.detectors[down].to_stop_line);
      out.push_back({up, down, link.lanes == 1, apart / (0.5 * link.free_speed)});
    }
  }
  return out;
}

void compare_lanes(std::vector<LanePairLive>& pairs) {
  std::vector<double> shares;
  for (const auto& live : pairs) {
    const double other = live.only_up + live.only_down;
    if (live.both + other >= kSpeaks) shares.push_back((other + 1) / (live.both + other + 2));
  }
  std::optional<double> most;
  if (shares.size() >= kEnoughLanes) {
    // Median and lower quartile are of healthy pairs; the upper half may be of sick ones.
    const auto at = [&](std::size_t k) {
      const auto it = shares.begin() + static_cast<std::ptrdiff_t>(k);
      std::nth_element(shares.begin(), it, shares.end());
      return *it;
    };
    const double middle = at(shares.size() / 2);
    const double sd = (middle - at(shares.size() / 4)) / kQuartile;
    most = middle + 2 * sd;
  }
  for (auto& live : pairs) {
    // What was learnt while nothing could contradict it may be of a sick loop.
    if (most && !live.elsewhere) live.learnt = live.differed = 0;
    live.elsewhere = most;
  }
}

std::optional<double> well_share(const LanePairLive& live, const LanePair& pair,
                                 const Parameters& p) {
  if (pair.alone) return p.pair_well;
  if (live.learnt < kLearnt && !live.elsewhere) return std::nullopt;
  const double others = live.elsewhere ? kOthers : 0.0;
  const double n = live.learnt + others;
  const double share = (live.differed + 1 + others * live.elsewhere.value_or(0)) / (n + 2);
  const double most = share + 2 * std::sqrt(share * (1 - share) / n);
  if (most > kMostChange) return std::nullopt;
  return std::max(p.pair_well, most);
}

std::uint32_t guilty(const LanePairLive& live, const LanePair& pair, const DetectorLive& up,
                     const DetectorLive& down, const Parameters& p) {
  // What leaves at red has no clock or no wire of its own.
  if (down.red_evidence >= 0.5 * p.red_leaves_evidence) return pair.down;
  const double doubt_up = impossible_share(up);
  const double doubt_down = impossible_share(down);
  if (std::abs(doubt_up - doubt_down) > kDoubtful) {
    return doubt_up > doubt_down ? pair.up : pair.down;
  }
  // A clock may be late: nobody is at the stop line first, or minutes on the way.
  if (const auto lag = lag_of(live.up_hits, live.down_hits)) {
    if (*lag < -kEarly_s) return pair.up;
    if (*lag > pair.travel_s + kHeld_s) return pair.down;
  }
  // Said once in so many detector days by chance, as of a loop alone: one of another lane may well
  // keep to the same signal for a while.
  const bool in_time = down.in_time >= p.red_leaves_evidence;
  // Late, or another lane's: each has what the other has not. So it is, too, with a lane that many
  // enter or leave between the two.
  const double less = std::min(live.only_up, live.only_down);
  const double more = std::max(live.only_up, live.only_down);
  if (less * kOneSided >= more || !well_share(live, pair, p)) return in_time ? pair.up : kNone;
  if (live.only_up < live.only_down) {
    return in_time || fell_silent(up, p) ? pair.up : kNone;
  }
  if (fell_silent(down, p)) return pair.down;
  if (!in_time) return kNone;
  // Rather one invents than that the other leaves out most vehicles and not all of them.
  return live.both < kMostMissed * (live.both + live.only_up) ? pair.up : pair.down;
}

bool differs(const LanePairLive& live, const LanePair& pair, const Parameters& p) {
  if (well_share(live, pair, p)) return live.evidence >= p.pair_evidence;
  const double other = 2 * std::min(live.only_up, live.only_down);
  const double same = live.both + std::abs(live.only_up - live.only_down);
  return other * std::log(kApart / kTogether) + same * std::log((1 - kApart) / (1 - kTogether)) >=
         p.pair_evidence;
}

void watch(LanePairLive& live, const LanePair& pair, const DetectorLive& up,
           const DetectorLive& down, double dt, const Parameters& p) {
  if (!up.live || !down.live) {
    live.synchronous = false;
    return;
  }
  live.seconds += dt;
  if (up.stepped_hits > 0) live.up_hits.add(live.seconds);
  if (down.stepped_hits > 0) live.down_hits.add(live.seconds);
  live.up += up.stepped_hits;
  live.down += down.stepped_hits;
  if (down.free_s < p.gap_clears_s || up.free_s < pair.travel_s + p.gap_clears_s) return;
  if (live.synchronous && live.up + live.down > 0) judge(live, pair, p);
  live.synchronous = true;
  live.up = live.down = 0;
}

}  // namespace dispecer::traffic
