#include "controller/signals/horizon.h"

#include <algorithm>
#include <cmath>

namespace dispecer::signals {
namespace {

constexpr double kStep = 3;     // s between the moments at which a stage may end
constexpr double kSpan = 61;    // s that are looked at
constexpr double kLongest = 3;  // s that a queue is moved on at once
constexpr float kOnFoot = 100;  // per second: all who wait cross at once
constexpr float kNever = 1e6F;
constexpr float kHopeless = 1.3F;    // times the best cost
constexpr float kHopelessCost = 40;  // and so many vehicle-seconds more
constexpr float kBusyVehicles = 5;   // that a lane lets go while those against it clear

float f(double v) {
  return static_cast<float>(v);
}

}  // namespace

void Horizon::prepare(const Site& site, const JunctionView& view, const Memory& memory,
                      const std::vector<BusDemand>& buses, const SignalParameters& p) {
  p_ = &p;
  bundles_ = &site.bundles;
  n_ = bundles_->rows.size();
  stages_ = site.stages.size();
  if (times_.empty()) {
    times_.push_back(0);
    for (double t = 1; t <= kSpan; t += kStep) times_.push_back(t);
  }
  come_.resize(kHalves * n_);
  if (slots_.size() < times_.size() * stages_) slots_.resize(times_.size() * stages_);
  for (std::size_t i = 0; i < times_.size() * stages_; ++i) slots_[i].count = 0;
  for (std::size_t b = 0; b < n_; ++b) {
    const auto& row = bundles_->rows[b];
    if (row.movements.empty()) {
      const auto& c = view.crossings[row.crossing];
      const bool waits = c.called && !memory.groups[row.groups.front()].green;
      queue_[b] = waits ? f(p.pedestrian_value + p.pedestrian_per_s * c.waiting) : 0.0F;
      weight_[b] = 1;
      for (std::size_t h = 0; h < kHalves; ++h) come_[h * n_ + b] = 0;
      continue;
    }
    MovementView all;
    double queue = 0;
    double near = 1e-3;
    double pressed = 0;
    double waiting = 0;
    double spill = 0;
    for (const auto i : row.movements) {
      const auto& m = view.movements[i];
      queue += m.queue;
      const double soon = m.queue + m.come[2] + 1e-3;
      near += soon;
      pressed += soon * downstream_factor(m.ahead, p);
      waiting = std::max(waiting, m.waiting);
      spill = std::max(spill, m.spill);
      for (std::size_t k = 0; k <= kBins; ++k) all.come[k] += m.come[k];
    }
    for (std::size_t h = 0; h < kHalves; ++h) {
      come_[h * n_ + b] = f(all.arrivals(0.5 * static_cast<double>(h)));
    }
    double credit = 0;
    for (std::size_t s = 0; s < stages_; ++s) {
      if (row.shows[s] == Show::free) credit = std::max(credit, memory.credit[s]);
    }
    queue_[b] = f(queue);
    weight_[b] =
        f((pressed / near + 0.05) * (1 + p.spill_weight * spill) *
          (1 + std::min(waiting / p.waiting_full_s, 1.0)) * (1 + p.credit_weight * credit));
  }
  set_capacities(view, p);
  set_buses(site, buses, p);
}

// A lane is first in, first out. Where part of what stands in it has red, what has green goes only
// until the first of those reaches the line: of a share p, (1 - p) / p vehicles are expected to.
// Where part of it must give way, the lane goes on while nobody comes against it. Where the first
// one was seen not to go, nobody behind it in the lane goes either until another stage has run.
void Horizon::set_capacities(const JunctionView& view, const SignalParameters& p) {
  clear_.assign(stages_ * n_, 0);
  busy_.assign(stages_ * n_, 0);
  limit_.assign(stages_ * n_, 0);
  foes_.assign(stages_ * n_, 0);
  yields_.assign(stages_, 0);
  best_flow_.fill(1e-3F);
  std::array<float, kMostBundles> mass{};
  std::array<float, kMostBundles> room{};  // share of it that has room downstream
  for (std::size_t b = 0; b < n_; ++b) {
    mass[b] = (queue_[b] + come_at(30)[b] + 0.05F) / f(std::max(1.0, bundles_->rows[b].lanes));
    double open = 1e-3;
    double all = 1e-3;
    for (const auto i : bundles_->rows[b].movements) {
      const auto& m = view.movements[i];
      const double near = m.queue + m.come[2] + 1e-3;
      all += near;
      if (m.ahead <= p.spillback_storage) open += near;
    }
    room[b] = f(open / all);
  }
  for (std::size_t s = 0; s < stages_; ++s) {
    for (const auto& lane : bundles_->lanes) {
      const bool held =
          s == question.from && std::any_of(lane.movements.begin(), lane.movements.end(),
                                            [&](auto m) { return view.movements[m].blocked; });
      if (!held) add_lane(s, lane, mass, room);
    }
    for (std::size_t b = 0; b < n_; ++b) {
      const auto at = s * n_ + b;
      if (bundles_->rows[b].movements.empty() && bundles_->rows[b].shows[s] != Show::red) {
        clear_[at] = busy_[at] = kOnFoot;
        limit_[at] = kNever;
      }
      if (foes_[at] != 0) yields_[s] = 1;
      best_flow_[b] = std::max(best_flow_[b], clear_[at]);
    }
  }
}

void Horizon::add_lane(std::size_t stage, const BundleLane& lane,
                       const std::array<float, kMostBundles>& mass,
                       const std::array<float, kMostBundles>& room) {
  float all = 0;
  float red = 0;
  float yields = 0;
  std::uint64_t foes = 0;
  for (const auto b : lane.bundles) {
    const auto show = bundles_->rows[b].shows[stage];
    all += mass[b];
    if (show == Show::red) red += mass[b];
    if (show != Show::yields) continue;
    yields += mass[b];
    foes |= bundles_->foes[stage * n_ + b];
  }
  const float closed = red / all;
  const float giving = yields / all;
  for (const auto b : lane.bundles) {
    const auto show = bundles_->rows[b].shows[stage];
    if (show == Show::red) continue;
    const auto at = stage * n_ + b;
    const float flow = f(lane.flow) * mass[b] / (all - red) * room[b];
    const float until = closed > 0 ? (1 - closed) / closed * mass[b] / (all - red) : kNever;
    limit_[at] = std::min(kNever, limit_[at] + until);
    foes_[at] |= foes;
    if (show == Show::yields) {
      clear_[at] += flow * f(p_->yielding_share);
      busy_[at] += f(p_->sneakers_per_s) * mass[b] / yields;
    } else {
      clear_[at] += flow;
      busy_[at] +=
          flow * (giving > 0 ? std::min(1.0F, (1 - giving) / (kBusyVehicles * giving)) : 1.0F);
    }
  }
}

// The arrival of a bus is uncertain: its weight counts by the chance of each of three moments.
void Horizon::set_buses(const Site& site, const std::vector<BusDemand>& buses,
                        const SignalParameters& p) {
  point_count_ = 0;
  for (const auto& bus : buses) {
    const auto bundle = site.bundles.of(bus.movement, bus.group);
    if (bundle == kNone) continue;
    const double lanes = std::max(1.0, site.bundles.rows[bundle].lanes);
    const std::array<double, 3> moments{bus.low, bus.eta, bus.high};
    for (std::size_t i = 0; i < moments.size(); ++i) {
      if (bus.chance[i] <= 0) continue;
      if (point_count_ == kPoints) return;
      auto& point = points_[point_count_++];
      point.eta = f(std::max(0.0, moments[i]));
      point.weight = question.watch_only ? 0.0F : f(bus.weight * bus.chance[i]);
      point.chance = f(bus.chance[i]);
      point.room = bus.own_lane ? 0.0F : f(lanes * bus.to_stop_line / p.metres_per_vehicle);
      point.bundle = bundle;
    }
  }
}

void Horizon::span(Node& node, double from, double to, std::uint32_t stage,
                   std::uint32_t next) const {
  const float dt = f(to - from);
  const bool steady = stage == next;
  const float* since = come_at(from);
  const float* until = come_at(to);
  const float* clear = &clear_[stage * n_];
  const float* both = &busy_[next * n_];
  std::array<float, kMostBundles> flow;
  for (std::size_t b = 0; b < n_; ++b) flow[b] = steady ? clear[b] : std::min(clear[b], both[b]);
  give_way(node, stage, flow);
  std::array<float, kMostBundles> served;
  std::array<float, kMostBundles> costs;
  const float stop = f(p_->stop_s);
  for (std::size_t b = 0; b < n_; ++b) {
    const float comes = until[b] - since[b];
    const float before = node.queue[b];
    const float there = before + comes;
    const float goes = std::min(std::min(flow[b] * dt, node.limit[b]), there);
    const float after = there - goes;
    const float stops = before > 0.5F || goes < comes ? comes : 0.0F;
    node.queue[b] = after;
    node.limit[b] -= goes;
    served[b] = goes;
    costs[b] = weight_[b] * (0.5F * (before + after) * dt + stop * stops);
  }
  float cost = 0;
  for (std::size_t b = 0; b < n_; ++b) cost += costs[b];
  node.cost += cost;
  if (point_count_ > 0) move_buses(node, from, to, stage, next, served);
}

// Those who yield, and who stands behind them in their lanes, go on while nobody comes against
// them.
void Horizon::give_way(const Node& node, std::uint32_t stage,
                       std::array<float, kMostBundles>& flow) const {
  if (!yields_[stage]) return;
  std::uint64_t queued = 0;
  for (std::size_t b = 0; b < n_; ++b) {
    if (node.queue[b] > 0.7F) queued |= std::uint64_t{1} << b;
  }
  for (std::size_t b = 0; b < n_; ++b) {
    const auto at = stage * n_ + b;
    if ((foes_[at] & queued) != 0) flow[b] = std::min(flow[b], busy_[at]);
  }
}

void Horizon::move_buses(Node& node, double from, double to, std::uint32_t stage,
                         std::uint32_t next, const std::array<float, kMostBundles>& served) const {
  for (std::size_t i = 0; i < point_count_; ++i) {
    const auto& point = points_[i];
    if ((node.passed >> i & 1U) != 0 || point.eta >= f(to)) continue;
    const auto b = point.bundle;
    auto& ahead = node.ahead[i];
    if (ahead < 0) {
      ahead = std::min(node.queue[b] + served[b], point.room);
    }
    const bool green = opens(stage, b) && (stage == next || opens(next, b));
    if (green) ahead = std::max(0.0F, ahead - served[b]);
    if (green && ahead <= 0.5F) {
      node.passed |= 1U << i;
    } else {
      const float waits = f(to) - std::max(f(from), point.eta);
      node.cost += point.weight * waits;
      node.bus_cost += point.weight * waits;
      node.bus_s += point.chance * waits;
    }
  }
}

void Horizon::run(Node& node, double from, double to, std::uint32_t stage,
                  std::uint32_t next) const {
  const double end = std::min(to, times_.back());
  while (from < end - 1e-6) {
    const double until = std::min(end, from + kLongest);
    span(node, from, until, stage, next);
    from = until;
  }
}

float Horizon::left(const Node& node, std::uint32_t stage) const {
  float cost = 0;
  for (std::size_t b = 0; b < n_; ++b) {
    const float q = node.queue[b];
    if (q <= 0) continue;
    const bool green = opens(stage, b);
    const float clear = std::min(q / best_flow_[b], 120.0F);
    cost += weight_[b] * q * (0.5F * clear + (green ? 0.0F : f(p_->left_red_s)));
  }
  return cost + buses_left(node, stage).first;
}

std::pair<float, float> Horizon::buses_left(const Node& node, std::uint32_t stage) const {
  std::pair<float, float> out{0.0F, 0.0F};
  for (std::size_t i = 0; i < point_count_; ++i) {
    const auto& point = points_[i];
    if ((node.passed >> i & 1U) != 0 || node.ahead[i] < 0) continue;
    const float waits = opens(stage, point.bundle) ? 2.0F : f(p_->left_red_s);
    out.first += point.weight * waits;
    out.second += point.chance * waits;
  }
  return out;
}

void Horizon::open_lanes(Node& node, std::uint32_t stage) const {
  for (std::size_t b = 0; b < n_; ++b) node.limit[b] = limit_[stage * n_ + b];
}

// Does anybody stand, or come soon, whom the stage would let go?
bool Horizon::wanted(const Node& node, std::uint32_t stage, double at) const {
  const float* now = come_at(at);
  const float* soon = come_at(at + 12);
  for (std::size_t b = 0; b < n_; ++b) {
    if (!opens(stage, b)) continue;
    if (node.queue[b] + soon[b] - now[b] > 0.3F) return true;
  }
  if (question.watch_only) return false;
  for (std::size_t i = 0; i < point_count_; ++i) {
    if ((node.passed >> i & 1U) == 0 && opens(stage, points_[i].bundle)) return true;
  }
  return false;
}

void Horizon::copy(Node& to, const Node& from) const {
  std::copy_n(from.queue.begin(), n_, to.queue.begin());
  std::copy_n(from.limit.begin(), n_, to.limit.begin());
  std::copy_n(from.ahead.begin(), point_count_, to.ahead.begin());
  to.passed = from.passed;
  to.cost = from.cost;
  to.rank = from.rank;
  to.bus_s = from.bus_s;
  to.bus_cost = from.bus_cost;
  to.ends = from.ends;
  to.root = from.root;
}

void Horizon::keep(std::size_t time, std::uint32_t stage, const Node& node) {
  auto& s = slot(time, stage);
  const float rank = node.cost + left(node, stage);
  std::size_t at = s.count;
  while (at > 0 && s.nodes[s.order[at - 1]].rank > rank) --at;
  if (at >= kBeam) return;
  const auto free = static_cast<std::uint8_t>(s.count < kBeam ? s.count : s.order[kBeam - 1]);
  s.count = std::min<std::uint32_t>(kBeam, s.count + 1);
  for (std::size_t i = s.count - 1; i > at; --i) s.order[i] = s.order[i - 1];
  s.order[at] = free;
  copy(s.nodes[free], node);
  s.nodes[free].rank = rank;
}

// Leaves `from` for `to`, `wait` seconds after the moment `at`, and gives it its least green.
void Horizon::change(const Site& site, const Node& node, std::size_t at, double wait,
                     std::uint32_t from, std::uint32_t to) {
  const auto& way = site.way(from, to);
  if (way.first == kNone) return;
  Node next;
  copy(next, node);
  double t = times_[at];
  if (wait > 0) {
    run(next, t, t + wait, from, from);
    t += wait;
  }
  if (at == 0) {
    next.root = to;
    next.ends = 0;
  } else if (next.ends <= 0) {
    next.ends = f(t);
  }
  next.cost += f(p_->switch_cost);
  run(next, t, t + way.loss + p_->startup_s, from, to);
  t += way.loss + p_->startup_s;
  const double least = t + std::max(site.stages[to].min_green, p_->least_green_s) - p_->startup_s;
  std::size_t land = at + 1;
  while (land + 1 < times_.size() && times_[land] < least) ++land;
  open_lanes(next, to);
  run(next, t, times_[land], to, to);
  keep(land, to, next);
}

// Ways that cost much more than the best one of the same moment are not followed.
void Horizon::expand(const Site& site, std::size_t k) {
  float best = kNever;
  for (std::uint32_t s = 0; s < stages_; ++s) {
    const auto& here = slot(k, s);
    if (here.count > 0) best = std::min(best, here.nodes[here.order[0]].rank);
  }
  const float most = best * kHopeless + kHopelessCost;
  Node on;
  for (std::uint32_t s = 0; s < stages_; ++s) {
    const auto& here = slot(k, s);
    for (std::uint32_t i = 0; i < here.count; ++i) {
      const auto& node = here.nodes[here.order[i]];
      if (node.rank > most) break;
      copy(on, node);
      run(on, times_[k], times_[k + 1], s, s);
      keep(k + 1, s, on);
      for (std::uint32_t to = 0; to < stages_; ++to) {
        if (to == s || question.blocked[to] != 0 || !wanted(node, to, times_[k])) continue;
        change(site, node, k, 0, s, to);
      }
    }
  }
}

Outlook Horizon::look(const Site& site, const JunctionView& view, const Memory& memory,
                      const std::vector<BusDemand>& buses, const SignalParameters& p) {
  prepare(site, view, memory, buses, p);
  Outlook out;
  out.target = question.from;
  by_root_.assign(stages_, kNever);
  Node start{};
  start.root = question.from;
  for (std::size_t b = 0; b < n_; ++b) start.queue[b] = queue_[b];
  start.ahead.fill(-1);
  open_lanes(start, question.from);
  out.demand_here = wanted(start, question.from, 0);

  double soonest = kNever;
  for (const double wait : question.wait) {
    if (wait >= 0) soonest = std::min(soonest, wait);
  }
  // A second in which nothing could be begun needs no search.
  if (soonest >= 1) {
    out.ends = std::min(soonest, times_.back());
    return out;
  }
  const auto last = times_.size() - 1;
  bool elsewhere = false;
  for (std::uint32_t s = 0; s < stages_; ++s) {
    const bool wants = wanted(start, s, 0);
    if (s == question.from || question.wait[s] < 0 || question.blocked[s] != 0 || !wants) continue;
    change(site, start, 0, question.wait[s], question.from, s);
    elsewhere = true;
  }
  // A stage that feeds a full link ends for whoever can be served elsewhere.
  if (question.blocked[question.from] == 0 || !elsewhere) {
    Node stay;
    copy(stay, start);
    run(stay, 0, times_[1], question.from, question.from);
    keep(1, question.from, stay);
  }
  for (std::size_t k = 1; k < last; ++k) expand(site, k);
  float best = kNever;
  for (std::uint32_t s = 0; s < stages_; ++s) {
    const auto& end = slot(last, s);
    for (std::uint32_t i = 0; i < end.count; ++i) {
      const auto& node = end.nodes[i];
      by_root_[node.root] = std::min(by_root_[node.root], node.rank);
      if (node.rank >= best) continue;
      best = node.rank;
      const auto left_over = buses_left(node, s);
      out.others = static_cast<double>(node.rank - node.bus_cost - left_over.first);
      out.bus_s = static_cast<double>(node.bus_s + left_over.second);
      out.target = node.root;
      out.ends = node.ends > 0 ? static_cast<double>(node.ends) : times_.back();
    }
  }
  const float stayed = by_root_[question.from];
  out.cost = static_cast<double>(best);
  out.stay_cost = static_cast<double>(stayed < kNever ? stayed : best);
  return out;
}

std::optional<double> Horizon::cost_of(std::uint32_t stage) const {
  if (stage >= by_root_.size() || by_root_[stage] >= kNever) return std::nullopt;
  return static_cast<double>(by_root_[stage]);
}

}  // namespace dispecer::signals
