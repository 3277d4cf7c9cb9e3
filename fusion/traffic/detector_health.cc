#include "fusion/traffic/detector_health.h"

#include <algorithm>
#include <cmath>

namespace dispecer::traffic {
namespace {

constexpr double kStops_s = 1;   // covered so long: it stood
constexpr double kClears_s = 6;  // late ones, through amber and into red

bool is_button(const DetectorIndex& index) {
  return index.kind == DetectorKind::push_button;
}

// Of n hits in T seconds as a Poisson stream with a Gamma prior of shape one half, the chance of s
// seconds without any is (T / (T + s))^(n + 1/2); the limit is where that is the chance allowed.
double no_hits_limit(const DetectorLive& live, const Parameters& p) {
  if (live.past_s <= 0) return p.no_hits_max_s;
  const double n = std::min(live.past_hits, live.past_s / p.no_hits_cluster_s);
  const double s = live.past_s * std::expm1(-std::log(p.no_hits_chance) / (n + 0.5));
  return std::clamp(s, p.no_hits_min_s, p.no_hits_max_s);
}

// The same turned round: the chance of the present silence.
double silence_chance(const DetectorLive& live, const Parameters& p) {
  const double n = std::min(live.past_hits, live.past_s / p.no_hits_cluster_s);
  return std::pow(live.past_s / (live.past_s + live.since_hit_s), n + 0.5);
}

void remember_hits(DetectorLive& live, const Parameters& p) {
  if (live.hits <= 0) return;
  const double gap = live.since_hit_s;
  const double keep = std::exp(-gap / p.no_hits_memory_s);
  live.past_hits = live.past_hits * keep + live.hits;
  live.past_s = live.past_s * keep + gap;
}

// Do vehicles leave the stop line without regard to its signal? Then the loop is another's, or its
// clock is wrong.
void watch_leaves(DetectorLive& live, const DetectorIndex& index, double stood_s, double dt,
                  const Surroundings& around, const Parameters& p) {
  constexpr double kMemory_s = 900;
  if (!around.own_green || !around.lamps_known) return;
  const double keep = std::exp(-dt / kMemory_s);
  const bool red = !*around.own_green && live.since_green_s > kClears_s;
  live.signalled_s = live.signalled_s * keep + dt;
  live.red_share += ((red ? 1.0 : 0.0) - live.red_share) * std::min(1.0, dt / live.signalled_s);
  // One that stopped and then turned right at red did what many streets allow.
  if (red && index.turns_right && stood_s >= kStops_s) return;
  const double left = live.stepped_left;
  if (left <= 0 || live.signalled_s < 300 || live.red_share < p.least_red_share) return;
  const double sick = std::min(live.red_share, 0.9);
  const double well = p.red_leaves_share;
  const double odds = left * (red ? std::log(sick / well) : std::log((1 - sick) / (1 - well)));
  live.red_evidence = std::clamp(live.red_evidence + odds, 0.0, 2 * p.red_leaves_evidence);
  live.in_time = std::clamp(live.in_time - odds, 0.0, 2 * p.red_leaves_evidence);
}

// Closes a period: chatter and no change are judged on whole ones.
bool close_period(DetectorLive& live, const Parameters& p) {
  const double occupancy = live.period_covered_s / live.period_s;
  const bool partly = occupancy > 1e-9 && occupancy < 1 - 1e-9;
  const bool same = partly && std::abs(occupancy - live.period_occupancy) < 1e-9;
  live.unchanged_s = same ? live.unchanged_s + live.period_s : 0.0;
  if (live.period_occupancy >= 0) {
    const double steps = std::floor(std::abs(occupancy - live.period_occupancy) / p.spike_step);
    live.spike_s = std::max(0.0, live.spike_s + (steps - 1) * live.period_s);
  }
  const bool chatter = live.period_hits * p.period_s / live.period_s >= p.chatter_hits;
  live.period_occupancy = occupancy;
  live.period_s = live.period_hits = live.period_covered_s = 0;
  return chatter;
}

// No two vehicles hit a loop within the same second, and none hits one that stays covered while its
// signal holds them; where they start, or none holds them, the gaps of a queue are shorter than
// what a reading of a second can show.
void watch_hits(DetectorLive& live, double share, bool was_occupied, double dt,
                std::optional<bool> own_green, const Parameters& p) {
  constexpr double kMemory_s = 900;
  const double keep = std::exp(-dt / kMemory_s);
  live.recent_hits = live.recent_hits * keep + live.hits;
  live.impossible *= keep;
  if (own_green) live.since_green_s = *own_green ? 0.0 : live.since_green_s + dt;
  const bool starting = own_green && live.since_green_s <= kClears_s;
  if (dt > 1.5) return;
  double impossible = std::max(0.0, live.hits - 1);
  const bool covered = was_occupied && live.occupied && share >= 1 - 1e-9;
  if (live.hits > 0 && covered && own_green && !starting) impossible += 1;
  live.impossible += impossible;
  const double sick = p.impossible_sick;
  const double well = p.impossible_well;
  live.impossible_evidence +=
      impossible * std::log(sick / well) +
      std::max(0.0, live.hits - impossible) * std::log((1 - sick) / (1 - well));
  live.impossible_evidence = std::clamp(live.impossible_evidence, 0.0, 2 * p.impossible_evidence);
}

// What the tests say now, before any memory of an earlier fault.
Fault judge(const DetectorLive& live, const DetectorIndex& index, bool chatter,
            const Surroundings& around, const Parameters& p) {
  if (live.forced) return Fault::forced;
  if (chatter) return Fault::chatter;
  const double longer = index.kind == DetectorKind::stop_line ? 1.0 : p.locked_on_upstream;
  // Two loops of a lane that stay covered together are a queue that cannot go, until they have been
  // for longer than any queue stands.
  const bool by_signal = around.own_green && !around.queue_stands;
  const bool locked =
      !around.excused && (by_signal ? live.occupied_s >= longer * p.locked_on_s &&
                                          live.green_covered_s >= longer * p.locked_on_green_s
                                    : live.occupied_s >= p.locked_on_unsignalled_s);
  if (locked) return Fault::locked_on;
  if (live.unchanged_s >= p.no_change_s) return Fault::no_change;
  if (!is_button(index)) {
    if (live.impossible_evidence >= p.impossible_evidence) return Fault::impossible_hits;
    if (index.kind == DetectorKind::stop_line && live.red_evidence >= p.red_leaves_evidence) {
      return Fault::wrong_time;
    }
    if (around.free_flow && live.spike_s > p.spike_s) return Fault::spike;
    if (live.accusation != Fault::none) return live.accusation;
  }
  if (!is_button(index) && !around.excused && !live.occupied &&
      live.since_hit_s >= no_hits_limit(live, p)) {
    return Fault::no_hits;
  }
  return Fault::none;
}

// Does a fault that the tests no longer see stay for a while?
bool lingers(const DetectorLive& live, const Parameters& p) {
  if (live.fault == Fault::no_hits) return live.since_hit_s > 0;
  if (live.fault == Fault::chatter || live.fault == Fault::locked_on ||
      live.fault == Fault::impossible_hits || live.fault == Fault::wrong_time ||
      live.fault == Fault::spike) {
    return live.good_s < p.recover_s;
  }
  return false;
}

}  // namespace

const char* to_text(Fault fault) {
  switch (fault) {
    case Fault::no_hits:
      return "no_hits";
    case Fault::chatter:
      return "chatter";
    case Fault::locked_on:
      return "locked_on";
    case Fault::no_change:
      return "no_change";
    case Fault::forced:
      return "forced";
    case Fault::impossible_hits:
      return "impossible_hits";
    case Fault::wrong_time:
      return "wrong_time";
    case Fault::lane_disagrees:
      return "lane_disagrees";
    case Fault::conservation:
      return "conservation";
    case Fault::spike:
      return "spike";
    case Fault::none:
      break;
  }
  return "";
}

void CountWindow::add(std::int64_t bin, double vehicles_, double dt) {
  const auto n = static_cast<std::int64_t>(kBins);
  for (auto b = std::max(newest + 1, bin - n + 1); b <= bin; ++b) {
    hits[static_cast<std::size_t>(b % n)] = seconds[static_cast<std::size_t>(b % n)] = 0;
  }
  newest = std::max(newest, bin);
  hits[static_cast<std::size_t>(bin % n)] += vehicles_;
  seconds[static_cast<std::size_t>(bin % n)] += dt;
}

double CountWindow::vehicles(std::size_t bins) const {
  double sum = 0;
  for (std::size_t k = 0; k < std::min(bins, kBins); ++k) {
    const auto b = newest - static_cast<std::int64_t>(k);
    if (b >= 0) sum += hits[static_cast<std::size_t>(b) % kBins];
  }
  return sum;
}

double CountWindow::span_s(std::size_t bins) const {
  double sum = 0;
  for (std::size_t k = 0; k < std::min(bins, kBins); ++k) {
    const auto b = newest - static_cast<std::int64_t>(k);
    if (b >= 0) sum += seconds[static_cast<std::size_t>(b) % kBins];
  }
  return sum;
}

void collect(DetectorLive& live, const DetectorSample& sample, UtcTime from, UtcTime to) {
  const double span = std::clamp(in_seconds(to - from), 0.0, 3600.0);
  const double share = std::clamp(sample.occupancy.value, 0.0, 1.0);
  live.heard = true;
  live.hits += sample.count;
  live.covered_s += share * span;
  live.sampled_s += span;
  live.occupied = sample.occupied;
  live.forced = sample.forced;
  if (to > live.news) live.news = to;
  if (sample.count > 0 && sample.speed && sample.speed->value > 0) {
    // Each vehicle counts once; half of what was known is forgotten after some ten vehicles.
    const double keep = std::pow(0.93, sample.count);
    live.speed = live.speed * keep + sample.speed->value * (1 - keep);
    live.speed_weight = live.speed_weight * keep + (1 - keep);
    live.speed_at = to;
  }
}

HealthChange settle(DetectorLive& live, const DetectorIndex& index, const Surroundings& around,
                    double dt, const Parameters& p) {
  const auto own_green = around.own_green;
  live.live = live.heard && around.source_live;
  live.stepped_hits = live.hits;
  live.stepped_left = 0;
  HealthChange change{live.fault, live.fault};
  if (!live.live || dt <= 0) {
    if (!live.live) {
      live.hits = live.covered_s = live.sampled_s = 0;
      live.occupied_s = live.free_s = live.green_covered_s = 0;
    }
    live.stepped_hits = live.live ? live.stepped_hits : 0;
    return change;
  }
  const double share = live.sampled_s > 0 ? std::min(1.0, live.covered_s / live.sampled_s)
                                          : (live.occupied ? 1.0 : 0.0);
  const double stood_s = live.occupied_s;
  const bool was_occupied = stood_s > 0;
  watch_hits(live, share, was_occupied, dt, own_green, p);
  live.window.add(around.bin, live.hits, dt);
  // A step that saw the loop free for a moment, or a vehicle come, breaks the run.
  const bool whole = live.occupied && share >= 1 - 1e-9 && live.hits <= 0;
  live.occupied_s =
      whole ? live.occupied_s + dt : (live.occupied ? std::max(share * dt, 1e-9) : 0.0);
  live.free_s = !live.occupied && share <= 1e-9 && live.hits <= 0 ? live.free_s + dt : 0.0;
  live.green_covered_s =
      whole ? live.green_covered_s + (own_green.value_or(false) ? dt : 0.0) : 0.0;
  live.since_hit_s += dt;
  remember_hits(live, p);
  if (live.hits > 0) live.since_hit_s = 0;
  live.stepped_left =
      std::max(0.0, (was_occupied ? 1.0 : 0.0) + live.stepped_hits - (live.occupied ? 1.0 : 0.0));
  watch_leaves(live, index, stood_s, dt, around, p);

  if (live.fault == Fault::none || live.fault == Fault::no_hits ||
      live.fault == Fault::conservation || live.fault == Fault::lane_disagrees) {
    const double k = 1 - std::exp(-dt / p.flow_tau_s);
    live.rate += (live.hits / dt - live.rate) * k;
    live.rate_weight += (1 - live.rate_weight) * k;
    const double o = 1 - std::exp(-dt / p.occupancy_tau_s);
    live.occupancy += (share - live.occupancy) * o;
    live.occupancy_weight += (1 - live.occupancy_weight) * o;
  }
  live.period_s += dt;
  live.period_hits += live.hits;
  live.period_covered_s += share * dt;
  const bool chatter = live.period_s >= p.period_s - 1e-9 && close_period(live, p);
  live.hits = live.covered_s = live.sampled_s = 0;

  const Fault now = judge(live, index, chatter, around, p);
  live.good_s = now == Fault::none ? live.good_s + dt : 0.0;
  if (now != Fault::none) {
    // It is said once what is wrong; further signs of the same sickness are no news.
    if (live.fault == Fault::none || now == Fault::forced) live.fault = now;
  } else if (live.fault != Fault::none && !lingers(live, p)) {
    live.fault = Fault::none;
  }
  live.faulty_s = live.fault == Fault::none ? 0.0 : live.faulty_s + dt;
  change.after = live.fault;
  const bool by_neighbours =
      change.before == Fault::conservation || change.before == Fault::lane_disagrees;
  // What came in while it was sick counts for nothing.
  if (change.after == Fault::none && change.before != Fault::none && !by_neighbours) {
    live.window.clear();
  }
  return change;
}

bool fell_silent(const DetectorLive& live, const Parameters& p) {
  constexpr double kChance = 1e-3;
  if (live.past_s <= 0) return live.since_hit_s >= 2 * p.no_hits_min_s;
  return live.since_hit_s >= p.no_hits_min_s && silence_chance(live, p) < kChance;
}

Quality quality_of(const DetectorLive& live) {
  if (!live.heard) return Quality::unknown;
  if (live.fault != Fault::none) return Quality::implausible;
  return live.live ? Quality::live : Quality::stale;
}

}  // namespace dispecer::traffic
