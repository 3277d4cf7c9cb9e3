#include "controller/walk/walk.h"

#include <algorithm>
#include <cmath>

namespace dispecer::walk {
namespace {

std::string whole(double v) {
  return std::to_string(static_cast<long>(std::lround(v)));
}

PriorityRequest told(const Row& row, RequestState state, std::string rule, UtcTime now) {
  PriorityRequest r;
  r.id = row.request;
  r.kind = RequestKind::pedestrian;
  r.junction = row.junction;
  r.group = row.group;
  r.state = state;
  r.received = row.since;
  r.changed = now;
  r.fix = now;
  r.reason.rule = std::move(rule);
  auto& inputs = r.reason.inputs;
  inputs.push_back({"crossing", row.crossing.str()});
  inputs.push_back({"promise_s", whole(row.promise)});
  inputs.push_back({"wait_s", whole(in_seconds(now - row.since))});
  inputs.push_back({"waits", std::to_string(row.served)});
  if (row.served > 0) {
    const double share = static_cast<double>(row.kept) / static_cast<double>(row.served);
    inputs.push_back({"kept_pct", whole(100 * share)});
    inputs.push_back({"longest_wait_s", whole(row.longest)});
  }
  return r;
}

void begin(Row& row, UtcTime since, UtcTime now, std::vector<PriorityRequest>& out) {
  row.waits = true;
  row.broken = false;
  row.since = since;
  row.request = RequestId(row.crossing.str() + "@" + std::to_string(since.us / 1000));
  if (row.push_button) out.push_back(told(row, RequestState::queued, "walk_called", now));
}

void end(Row& row, UtcTime now, std::vector<PriorityRequest>& out) {
  const double wait = in_seconds(now - row.since);
  row.waits = false;
  ++row.served;
  if (wait <= row.promise) ++row.kept;
  row.longest = std::max(row.longest, wait);
  out.push_back(told(row, RequestState::served,
                     wait <= row.promise ? "walk_promise_kept" : "walk_promise_broken", now));
}

}  // namespace

State make_state(const Network& network, const std::map<JunctionId, JunctionSignals>& signals,
                 const signals::SignalParameters& parameters) {
  State state;
  for (const auto& c : network.crossings) {
    const auto junction = signals.find(c.junction);
    if (c.group.empty() || junction == signals.end()) continue;
    const auto& groups = junction->second.groups;
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&](const SignalGroup& g) { return g.id == c.group; });
    if (group == groups.end()) continue;
    Row row;
    row.crossing = c.id;
    row.junction = c.junction;
    row.group = c.group;
    row.group_index = static_cast<std::uint32_t>(group - groups.begin());
    row.push_button = c.push_button;
    row.promise = signals::promised_wait(c, parameters);
    state.rows.push_back(std::move(row));
  }
  return state;
}

std::vector<PriorityRequest> apply(State& state, const CityPicture& picture) {
  std::vector<PriorityRequest> out;
  std::map<CrossingId, const CrossingState*> crossings;
  for (const auto& c : picture.crossings) crossings[c.crossing] = &c;
  std::map<JunctionId, const SignalObservation*> signals;
  for (const auto& s : picture.signals) signals[s.junction] = &s;
  for (auto& row : state.rows) {
    const auto signal = signals.find(row.junction);
    const bool works = signal != signals.end() && signal->second->link == CommLink::connected &&
                       signal->second->mode == ControlMode::control &&
                       row.group_index < signal->second->groups.size();
    if (!works) {
      if (row.waits && row.push_button) {
        out.push_back(told(row, RequestState::cancelled, "no_signal", picture.t));
      }
      row.waits = false;
      continue;
    }
    const bool green = is_green(signal->second->groups[row.group_index]);
    const auto seen = crossings.find(row.crossing);
    const bool called = seen != crossings.end() && seen->second->called;
    const bool waits = !green && (called || !row.push_button);
    if (row.waits && !waits) {
      end(row, picture.t, out);
    } else if (waits && !row.waits) {
      const double waited = row.push_button ? seen->second->waiting.value : 0;
      begin(row, picture.t - from_seconds(waited), picture.t, out);
    }
    if (row.waits && !row.broken && in_seconds(picture.t - row.since) > row.promise) {
      row.broken = true;
      out.push_back(told(row, RequestState::queued, "walk_promise_broken", picture.t));
    }
  }
  return out;
}

void forget(State& state) {
  for (auto& row : state.rows) row.waits = false;
}

}  // namespace dispecer::walk
