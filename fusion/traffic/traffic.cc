#include "fusion/traffic/traffic.h"

#include <algorithm>
#include <cmath>

namespace dispecer::traffic {
namespace {

// One row per link with traffic from behind: its flow is the turning shares of the links behind.
// Links behind stand in order of their movements, the link itself last.
std::vector<FlowSolver::Row> conservation(const Index& index) {
  std::vector<FlowSolver::Row> rows;
  for (std::uint32_t j = 0; j < index.links.size(); ++j) {
    FlowSolver::Row row;
    for (const auto m : index.links[j].in) {
      const auto from = index.movements[m].from;
      if (from == kNone || from == j) continue;
      if (std::find(row.links.begin(), row.links.end(), from) != row.links.end()) continue;
      row.links.push_back(from);
    }
    if (row.links.empty()) continue;
    row.links.push_back(j);
    row.coefficients.assign(row.links.size(), 1.0);
    rows.push_back(std::move(row));
  }
  return rows;
}

void step_sites(State& state) {
  const auto& p = state.parameters;
  for (std::size_t j = 0; j < state.junctions.size(); ++j) {
    auto& junction = state.junctions[j];
    const bool fresh = junction.known && detail::age_s(state, junction.t) <= p.stale_s;
    if (fresh == junction.fresh && !junction.changed) continue;
    junction.fresh = fresh;
    junction.changed = false;
    for (const auto m : state.index.signalled[j]) {
      const auto green = green_of(state, state.index.movements[m]);
      state.lamps[m] = green ? (*green ? Lamp::green : Lamp::red) : Lamp::unknown;
    }
  }
}

// Links that the city's book names now are expected to be strange.
void step_book(State& state) {
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    state.links[i].excused = false;
  }
  for (const auto& entry : state.book.entries) {
    const bool closes = entry.kind == BookKind::works || entry.kind == BookKind::closure ||
                        entry.kind == BookKind::event || entry.kind == BookKind::detour;
    if (!closes || !runs(entry, state.now, state.wall)) continue;
    for (const auto& id : entry.links) {
      const auto it = state.index.link_of.find(id);
      if (it != state.index.link_of.end()) state.links[it->second].excused = true;
    }
  }
}

void step_crossings(State& state) {
  for (std::size_t c = 0; c < state.crossings.size(); ++c) {
    const auto& index = state.index.crossings[c];
    auto& live = state.crossings[c];
    if (!index.push_button || index.junction == kNone || index.group == kNone) continue;
    bool pushed = false;
    bool healthy = index.buttons.empty();
    for (const auto d : index.buttons) {
      const auto& button = state.detectors[d];
      healthy = healthy || button.healthy() || !button.heard;
      pushed = pushed || (button.healthy() && (button.stepped_hits > 0 || button.occupied));
    }
    const auto& junction = state.junctions[index.junction];
    const bool walk = junction.fresh && index.group < junction.groups.size() &&
                      is_green(junction.groups[index.group]);
    if (walk) {
      live.called = false;
    } else if ((pushed || !healthy) && !live.called) {
      live.called = true;
      live.since = state.now;
    }
  }
}

}  // namespace

namespace detail {

void count(State& state, const char* name) {
  ++state.counters[name];
}

std::int64_t bin_of(const State& state) {
  return static_cast<std::int64_t>(in_seconds(state.now - state.begun) / CountWindow::kBinSeconds);
}

double age_s(const State& state, UtcTime t) {
  return std::max(0.0, in_seconds(state.now - t));
}

}  // namespace detail

State make_state(const Network& network, const std::map<JunctionId, JunctionSignals>& signals,
                 const Parameters& parameters) {
  State state;
  state.parameters = parameters;
  state.index = make_index(network, signals);
  const auto& index = state.index;
  const auto n = index.links.size();
  state.hour_solver = state.now_solver = FlowSolver(n, conservation(index));
  state.ways = PathFlows(index, Paths(index, parameters.paths));
  state.detectors.resize(index.detectors.size());
  state.pairs = lane_pairs(index);
  state.pairs_live.resize(state.pairs.size());
  state.pair_of.assign(index.detectors.size(), kNone);
  for (std::size_t k = 0; k < state.pairs.size(); ++k) {
    state.pair_of[state.pairs[k].down] = static_cast<std::uint32_t>(k);
  }
  state.sites.resize(index.sites.size());
  state.junctions.resize(index.junctions.size());
  state.links.resize(n);
  state.movements.resize(index.movements.size());
  state.came = Came(index.movements.size());
  state.usual.assign(index.movements.size(), 0.0F);
  state.departed.assign(index.movements.size(), 0.0F);
  state.lamps.assign(index.movements.size(), Lamp::unknown);
  state.near = state.far = Pipe(index.movements.size());
  state.crossings.resize(index.crossings.size());
  state.losses.resize(index.detectors.size());
  state.link_losses.resize(n);
  state.lane_share.assign(index.detectors.size(), 1.0);
  state.blocked.reserve(n);
  state.row_sd.resize(state.hour_solver.rows().size());
  for (auto* work :
       {&state.hour_prior, &state.prior, &state.prior_sd, &state.now_prior_sd, &state.solution}) {
    work->resize(n);
  }
  state.hour_measured.resize(n);
  state.now_measured.resize(n);
  state.counts.resize(n);
  state.lane_queue.assign(index.lanes, 0.0F);
  state.uncleared.assign(index.detectors.size(), 0.0F);
  state.visit.reserve(n);
  state.error_ratios.reserve(n);
  for (std::size_t i = 0; i < state.links.size(); ++i) {
    state.links[i].flow = state.index.links[i].saturation * parameters.first_use;
    state.links[i].flow_sd = state.links[i].flow;
    state.links[i].hour = state.links[i].flow;
    state.links[i].hour_sd = state.links[i].flow;
  }
  return state;
}

std::optional<bool> green_of(const State& state, const MovementIndex& movement) {
  if (movement.group == kNone || movement.junction == kNone) return std::nullopt;
  const auto& junction = state.junctions[movement.junction];
  if (!junction.fresh || movement.group >= junction.groups.size()) return std::nullopt;
  return is_green(junction.groups[movement.group]);
}

void apply(State& state, const DetectorBatch& batch) {
  if (batch.to < batch.from) return detail::count(state, "traffic.batch_bad_interval");
  if (state.started && batch.to > state.now + std::chrono::seconds(60)) {
    return detail::count(state, "traffic.batch_future");
  }
  const auto site = state.index.site_of.find(batch.junction);
  if (site == state.index.site_of.end()) {
    return detail::count(state, "traffic.batch_unknown_junction");
  }
  auto& live = state.sites[site->second];
  live.detectors_heard = live.heard = true;
  if (batch.to > live.detector_news) live.detector_news = batch.to;
  if (batch.to > live.any_news) live.any_news = batch.to;
  for (const auto& sample : batch.samples) {
    const auto it = state.index.detector_of.find(sample.detector);
    if (it == state.index.detector_of.end()) {
      detail::count(state, "traffic.unknown_detector");
      continue;
    }
    if (!(sample.occupancy.value >= 0 && sample.occupancy.value <= 1)) {
      detail::count(state, "traffic.bad_occupancy");
      continue;
    }
    collect(state.detectors[it->second], sample, batch.from, batch.to);
  }
}

void apply(State& state, const SignalObservation& observation) {
  const auto it = state.index.junction_of.find(observation.junction);
  if (it == state.index.junction_of.end()) {
    return detail::count(state, "traffic.signal_unknown_junction");
  }
  auto& live = state.junctions[it->second];
  if (observation.t < live.t) return detail::count(state, "traffic.signal_older");
  live.t = observation.t;
  live.known = observation.link == CommLink::connected && !observation.groups.empty();
  if (live.groups != observation.groups) {
    live.groups = observation.groups;
    live.changed = true;
  }
  if (observation.link != CommLink::connected) return;
  auto& site = state.sites[state.index.site_of.at(observation.junction)];
  site.heard = true;
  if (observation.t > site.any_news) site.any_news = observation.t;
}

void apply(State& state, const BusSpeed& speed) {
  const auto it = state.index.link_of.find(speed.link);
  if (it == state.index.link_of.end() || !(speed.speed.value >= 0)) {
    return detail::count(state, "traffic.bus_speed_unknown_link");
  }
  auto& live = state.links[it->second];
  const bool old = !live.bus_heard || speed.t - live.bus_speed_at > std::chrono::seconds(300);
  live.bus_speed = old ? speed.speed.value : 0.5 * (live.bus_speed + speed.speed.value);
  live.bus_speed_at = speed.t;
  live.bus_heard = true;
}

void set_book(State& state, Book book) {
  state.book = std::move(book);
}

void set_prior(State& state, std::vector<std::optional<FlowPrior>> prior) {
  if (!prior.empty() && prior.size() != state.links.size()) {
    return detail::count(state, "traffic.prior_wrong_length");
  }
  state.told = std::move(prior);
}

std::vector<AlarmEvent> step(State& state, UtcTime now) {
  std::vector<AlarmEvent> events;
  if (state.started && now <= state.now) {
    if (now < state.now) detail::count(state, "traffic.step_backwards");
    return events;
  }
  const double dt = state.started ? std::min(in_seconds(now - state.now), 60.0) : 1.0;
  state.now = now;
  if (!state.started) state.begun = now;
  state.started = true;
  step_sites(state);
  detail::step_detectors(state, dt, events);
  step_book(state);
  detail::estimate_flows(state);
  detail::step_queues(state, dt);
  step_incidents(state, dt, events);
  step_crossings(state);
  return events;
}

double discharge_s(const State& state, std::uint32_t movement) {
  const auto& index = state.index.movements[movement];
  return index.saturation > 0 ? state.movements[movement].queue / index.saturation * 3600.0 : 0.0;
}

}  // namespace dispecer::traffic
