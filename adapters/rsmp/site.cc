#include "adapters/rsmp/site.h"

#include <algorithm>
#include <cstdio>

#include "adapters/rsmp/command.h"
#include "adapters/rsmp/sxl.h"

namespace dispecer::rsmp {
namespace {

constexpr Duration kRepeat = from_seconds(2);     // domain, between observations at the latest
constexpr Duration kPatience = from_seconds(15);  // wall, for a site's first connection
constexpr Duration kAskAgain = from_seconds(5);   // domain, between wishes for a release
constexpr Duration kOursFor = from_seconds(10);   // domain, that a set input counts as ours
constexpr Duration kClockTolerance = from_seconds(5);
// Wall: a site tells its aggregated status first; requests before that would come in between.
constexpr Duration kSettle = from_seconds(1);

}  // namespace

Site::Site(SiteConfig config, Secrets secrets, Counters& counters, OrderTimes times)
    : config_(std::move(config)),
      secrets_(std::move(secrets)),
      counters_(counters),
      orders_(counters, times),
      alarms_(counters) {
  for (const JunctionWire& wire : config_.junctions) {
    const auto [at, fresh] = states_.emplace(wire.id(), JunctionState(wire.signals));
    at->second.last.junction = wire.id();
  }
}

void Site::raise(SiteOutput& out, const std::string& kind, const std::string& subject,
                 AlarmPriority priority, bool active, UtcTime t, const std::string& text) {
  out.alarms.push_back({kind, subject, priority, active, t, text});
}

const JunctionWire* Site::wire_of(const JunctionId& junction) const {
  for (const JunctionWire& wire : config_.junctions) {
    if (wire.id() == junction) return &wire;
  }
  return nullptr;
}

void Site::connected(Core core, const std::string& sxl, Sender sender, Now now, SiteOutput& out) {
  core_ = core;
  sxl_ = sxl;
  sender_ = std::move(sender);
  link_ = CommLink::connected;
  board_.clear();
  detectors_.clear();
  points_.clear();
  requests_.clear();
  subscribe_ids_.clear();
  for (auto& [id, state] : states_) {
    state.clean = false;
    state.asked.reset();
    state.ours.clear();
    state.held = false;
  }
  if (core == Core::v3_1_2) {
    // Absence means inactive there: what is still active will be told again.
    std::vector<AlarmChange> changes;
    alarms_.forget_active(now.utc, changes);
    tell_alarms(changes, now, out);
  }
  settling_ = now.mono;
  lost_alarm_ = false;
  for (const JunctionWire& wire : config_.junctions) {
    raise(out, "no_communication", wire.id().str(), AlarmPriority::high, false, now.utc, "");
    publish(wire, false, true, now, out);
  }
}

void Site::begin(Now now, SiteOutput& out) {
  settling_.reset();
  const Component main{config_.main_component, config_.nts_id, ""};
  // First of all: what is set at the controller?
  sender_(StatusRequest{main, {{"S0003", "inputstatus"}}});
  if (find_status("S0029", sxl_) != nullptr) sender_(StatusRequest{main, {{"S0029", "status"}}});
  if (find_status("S0023", sxl_) != nullptr) sender_(StatusRequest{main, {{"S0023", "status"}}});
  subscribe();
  if (find_status("S0097", sxl_) != nullptr) {
    sender_(StatusRequest{main, {{"S0097", "checksum"}, {"S0097", "timestamp"}}});
  }
  out.joined.push_back({config_.admission.site_id, core_, sxl_});
  check_inputs(now, out);
}

void Site::subscribe() {
  if (!sender_) return;
  const Component main{config_.main_component, config_.nts_id, ""};
  for (StatusSubscribe& subscribe : subscriptions(main, sxl_, core_)) {
    const std::string code = subscribe.items.front().code;
    subscribe_ids_[sender_(std::move(subscribe))] = code;
  }
}

Result<std::string> Site::ask(Query query) {
  const std::string where = config_.admission.site_id;
  if (!sender_) return Error{"not_connected", "the site is not connected", where};
  const auto* alarm = std::get_if<Alarm>(&query);
  if (alarm != nullptr && (alarm->kind != AlarmKind::request || alarm->state)) {
    return Error{"not_a_question", "an alarm is written to through an approved order", where};
  }
  const bool newer = alarm != nullptr || std::holds_alternative<AggregatedStatusRequest>(query);
  if (newer && !rules(core_).requests) {
    return Error{"not_in_version",
                 "core " + std::string(rules(core_).text) + " has no such request", where};
  }
  return std::visit([&](auto& body) { return sender_(Body{std::move(body)}); }, query);
}

void Site::disconnected(Now now, SiteOutput& out) {
  if (!sender_) return;
  sender_ = nullptr;
  link_ = CommLink::no_communication;
  settling_.reset();
  board_.clear();
  detectors_.clear();
  points_.clear();
  requests_.clear();
  clock_error_.reset();
  local_control_ = false;
  orders_.link_lost(now);
  flush_reports(now, out);
  lost_alarm_ = true;
  for (const JunctionWire& wire : config_.junctions) {
    states_.at(wire.id()).settings.link_lost();
    out.lost.push_back(wire.id());
    raise(out, "no_communication", wire.id().str(), AlarmPriority::high, true, now.utc,
          "site " + config_.admission.site_id + " is not connected");
    publish(wire, false, true, now, out);
  }
}

BoardContext Site::context_of(const JunctionWire& wire, Now now) const {
  BoardContext context;
  context.link = link_;
  context.local_control = local_control_;
  if (clock_error_) context.clock_error = Seconds{in_seconds(*clock_error_)};
  const JunctionState& state = states_.at(wire.id());
  for (const auto& [input, t] : state.ours) {
    if (now.utc - t <= kOursFor) context.ours.insert(input);
  }
  context.role = state.role;
  context.fixed_time_ours = state.fixed_time_ours;
  context.now = now.utc;
  context.takes_requests = requests_.told();
  context.requests = requests_.requests();
  return context;
}

void Site::publish(const JunctionWire& wire, bool lamps, bool repeat, Now now, SiteOutput& out) {
  JunctionState& state = states_.at(wire.id());
  SignalObservation seen = observation_of(board_, wire, context_of(wire, now));
  SignalObservation before = state.last;
  before.t = seen.t;
  if (!lamps && !repeat && seen == before) return;
  state.last = seen;
  state.published = now.utc;
  out.sightings.push_back({std::move(seen), lamps});
}

void Site::received(const Body& body, Now now, SiteOutput& out) {
  if (const auto* update = std::get_if<StatusUpdate>(&body)) {
    on_values(update->items, update->component, update->t, now, out);
  } else if (const auto* response = std::get_if<StatusResponse>(&body)) {
    on_values(response->items, response->component, response->t, now, out);
  } else if (const auto* answer = std::get_if<CommandResponse>(&body)) {
    orders_.response(*answer, now);
    check_orders(now, out);
  } else if (const auto* alarm = std::get_if<Alarm>(&body)) {
    on_alarm(*alarm, now, out);
  } else if (const auto* status = std::get_if<AggregatedStatus>(&body)) {
    on_aggregated(*status, now, out);
  } else if (const auto* watchdog = std::get_if<Watchdog>(&body)) {
    on_clock(watchdog->t, now, out);
  }
}

void Site::on_values(const std::vector<StatusValue>& items, const Component& component,
                     UtcTime stamp, Now now, SiteOutput& out) {
  if (component.id != config_.main_component) {
    ++counters_["rsmp.status_of_other_component"];
    return;
  }
  std::uint64_t old = 0;
  const Duration error = clock_error_.value_or(Duration{0});
  const auto codes = board_.apply(items, {stamp, now.utc, error, rules(core_).old_quality}, old);
  if (old > 0) counters_["rsmp.old_values"] += old;
  for (const StatusValue& item : items) {
    if (item.quality == Quality::undefined) ++counters_["rsmp.undefined_values"];
  }
  if (codes.contains("S0096")) {
    // Whole seconds, and as old as the message: only a real step shows.
    const auto clock = site_clock(board_);
    if (clock && (!clock_error_ || std::abs(in_seconds(*clock - now.utc - error)) > 3.0)) {
      on_clock(*clock, now, out);
    }
  }
  on_parameters(items, now, out);
  if (codes.contains("S0033")) {
    const auto list = board_.text("S0033", "status");
    if (list) requests_.update(*list, error, now.utc, counters_);
  }
  if (codes.contains("S0002")) {
    const auto t = board_.time("S0002", "detectorlogicstatus").value_or(now.utc);
    const auto bits = board_.text("S0002", "detectorlogicstatus").value_or("");
    points_.momentary(config_.junctions, bits, t, out.points);
  }
  detectors_.update(items, clock_error_.value_or(Duration{0}), now, counters_);
  for (DetectorBatch& batch :
       detectors_.take(config_.junctions, board_, now, points_, out.points)) {
    out.batches.push_back(std::move(batch));
  }
  const bool lamps = codes.contains("S0001");
  for (const JunctionWire& wire : config_.junctions) publish(wire, lamps, false, now, out);
  check_inputs(now, out);
  check_orders(now, out);
}

void Site::check_inputs(Now now, SiteOutput& out) {
  if (!sender_) return;
  const bool forced_known = !sxl_at_least(sxl_, "1.0.13") || board_.answered("S0029", "status");
  if (!board_.text("S0003", "inputstatus") || !forced_known) return;
  for (const JunctionWire& wire : config_.junctions) {
    JunctionState& state = states_.at(wire.id());
    if (state.clean) continue;
    const auto demands = demand_inputs(wire.signals);
    const bool set = std::ranges::any_of(set_inputs(board_, wire.signals), [&](std::uint32_t i) {
      return std::ranges::binary_search(demands, i);
    });
    if (!set) {
      if (bands_left(wire, now, out)) continue;
      state.clean = true;
      out.clean.push_back({wire.id()});
      continue;
    }
    if (orders_.has_release(wire.id())) continue;
    if (state.asked && now.utc - *state.asked < kAskAgain) continue;
    state.asked = now.utc;
    ++counters_["rsmp.latched_inputs"];
    out.releases.push_back({wire.id()});
  }
}

void Site::on_clock(UtcTime site, Now now, SiteOutput& out) {
  clock_error_ = site - now.utc;
  const bool off = *clock_error_ > kClockTolerance || *clock_error_ < Duration{0} - kClockTolerance;
  if (off == clock_alarm_) return;
  clock_alarm_ = off;
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f s", in_seconds(*clock_error_));
  raise(out, "clock_error", subject_of(config_.main_component), AlarmPriority::low, off, now.utc,
        text);
}

bool Site::has_component(const std::string& component) const {
  if (component == config_.main_component) return true;
  return std::ranges::any_of(config_.junctions, [&](const JunctionWire& wire) {
    return std::ranges::count(wire.group_components, component) > 0 ||
           std::ranges::any_of(wire.detectors, [&](const DetectorWire& detector) {
             return detector.component == component;
           });
  });
}

std::string Site::subject_of(const std::string& component) const {
  for (const JunctionWire& wire : config_.junctions) {
    for (const DetectorWire& detector : wire.detectors) {
      if (detector.component == component) return detector.id.str();
    }
    for (std::size_t g = 0; g < wire.group_components.size(); ++g) {
      if (wire.group_components[g] == component)
        return group_subject(wire.id(), wire.signals.groups[g].id);
    }
  }
  if (component == config_.main_component && !config_.junctions.empty()) {
    return config_.junctions.front().id().str();
  }
  return config_.admission.site_id + "/" + component;
}

void Site::on_alarm(const Alarm& alarm, Now now, SiteOutput& out) {
  std::vector<AlarmChange> changes;
  alarms_.apply(alarm, now.utc, changes);
  tell_alarms(changes, now, out);
  check_orders(now, out);
}

void Site::tell_alarms(const std::vector<AlarmChange>& changes, Now now, SiteOutput& out) {
  for (const AlarmChange& change : changes) {
    std::string text = change.alarm.text;
    if (change.flutters) text += (text.empty() ? "" : ", ") + std::string("comes and goes");
    raise(out, "field." + change.key.code, subject_of(change.key.component), change.alarm.priority,
          change.shown, now.utc, text);
  }
}

void Site::on_aggregated(const AggregatedStatus& status, Now now, SiteOutput& out) {
  if (settling_) begin(now, out);
  local_control_ = status.bits[0];
  const AlarmPriority fault = status.bits[2]   ? AlarmPriority::high
                              : status.bits[3] ? AlarmPriority::medium
                              : status.bits[4] ? AlarmPriority::low
                                               : AlarmPriority::unknown;
  if (fault != fault_) {
    const bool active = fault != AlarmPriority::unknown;
    raise(out, "controller_fault", subject_of(config_.main_component), active ? fault : fault_,
          active, now.utc, "");
    fault_ = fault;
  }
  for (const JunctionWire& wire : config_.junctions) publish(wire, false, false, now, out);
}

void Site::watchdogs_stale(bool stale, Now now, SiteOutput& out) {
  raise(out, "watchdog_missing", subject_of(config_.main_component), AlarmPriority::low, stale,
        now.utc, "");
}

void Site::acknowledged(const std::string& id, Now now, SiteOutput& out) {
  subscribe_ids_.erase(id);
  orders_.acknowledged(id, now);
  flush_reports(now, out);
}

void Site::not_acknowledged(const std::string& id, const std::string& reason, Now now,
                            SiteOutput& out) {
  if (const auto at = subscribe_ids_.find(id); at != subscribe_ids_.end()) {
    ++counters_["rsmp.subscribe_refused." + at->second];
    subscribe_ids_.erase(at);
  }
  orders_.not_acknowledged(id, reason, now);
  flush_reports(now, out);
}

void Site::timer(Now now, SiteOutput& out) {
  if (!first_) first_ = now.mono;
  if (!sender_ && !lost_alarm_ && now.mono - *first_ >= kPatience) {
    lost_alarm_ = true;
    link_ = CommLink::no_communication;
    for (const JunctionWire& wire : config_.junctions) {
      raise(out, "no_communication", wire.id().str(), AlarmPriority::high, true, now.utc,
            "site " + config_.admission.site_id + " never connected");
    }
  }
  for (DetectorBatch& batch :
       detectors_.take(config_.junctions, board_, now, points_, out.points)) {
    out.batches.push_back(std::move(batch));
  }
  if (settling_ && now.mono - *settling_ >= kSettle) begin(now, out);
  requests_.timer(now.utc);
  std::vector<AlarmChange> changes;
  alarms_.timer(now.utc, changes);
  tell_alarms(changes, now, out);
  check_inputs(now, out);
  check_orders(now, out);
  check_settings(now, out);
  check_returns(now, out);
  for (const JunctionWire& wire : config_.junctions) {
    const UtcTime last = states_.at(wire.id()).published;
    // Also after a backward jump of the clock.
    if (now.utc - last >= kRepeat || now.utc < last) publish(wire, false, true, now, out);
  }
}

std::vector<JunctionId> Site::holding() const {
  std::vector<JunctionId> list;
  if (!sender_) return list;
  for (const JunctionWire& wire : config_.junctions) {
    const auto demands = demand_inputs(wire.signals);
    const bool set = std::ranges::any_of(set_inputs(board_, wire.signals), [&](std::uint32_t i) {
      return std::ranges::binary_search(demands, i);
    });
    if (set || states_.at(wire.id()).held) list.push_back(wire.id());
  }
  return list;
}

std::vector<bool> Site::demand(const JunctionWire& junction) const {
  std::vector<bool> demand(junction.signals.groups.size(), false);
  const std::string occupied = board_.text("S0002", "detectorlogicstatus").value_or("");
  for (const DetectorWire& detector : junction.detectors) {
    if (detector.number > occupied.size() || occupied[detector.number - 1] != '1') continue;
    for (std::size_t g = 0; g < demand.size(); ++g) {
      if (junction.signals.groups[g].id == detector.group) demand[g] = true;
    }
  }
  return demand;
}

}  // namespace dispecer::rsmp
