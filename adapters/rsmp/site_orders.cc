// The orders of a site and what follows from them: proofs, settings held, overrides taken back.
#include <algorithm>
#include <cmath>

#include "adapters/rsmp/cycle_counter.h"
#include "adapters/rsmp/message/signal_list.h"
#include "adapters/rsmp/site.h"

namespace dispecer::rsmp {
namespace {

constexpr Duration kDeviates = from_seconds(10);  // domain, before a deviation is an alarm
// Domain: a controller may take some cycles to come into step after a change of plan or offset.
constexpr Duration kCounterSettles = from_seconds(300);

}  // namespace

Result<> Site::submit(const ApprovedCommand& command, Now now, SiteOutput& out) {
  const Proposal& proposal = command.proposal();
  const auto refuse = [&](Error error) {
    ++counters_["rsmp.orders.refused"];
    out.reports.push_back(
        {proposal.id, proposal.junction, now.utc, OrderState::refused, error.cause, error.what});
    return error;
  };
  const JunctionWire* wire = wire_of(proposal.junction);
  if (wire == nullptr) {
    return refuse({"wrong_target", "not a junction of this site", proposal.junction.str()});
  }
  if (!sender_) return refuse({"not_connected", "the site is not connected", wire->id().str()});
  JunctionState& state = states_.at(wire->id());
  const bool release = std::holds_alternative<ReleaseOrder>(proposal.write);
  const bool gives_back = release || proposal.reason.rule == kGiveBackRule;
  if (!gives_back && !state.clean) {
    return refuse(
        {"latched_inputs", "inputs set before the connection are not cleared", wire->id().str()});
  }
  const auto forced = set_inputs(board_, wire->signals);
  std::vector<std::uint32_t> forced_by_status;
  for (const std::uint32_t input : forced) {
    const auto bits = board_.text("S0029", "status").value_or("");
    if (input <= bits.size() && bits[input - 1] == '1') forced_by_status.push_back(input);
  }
  const auto alarm_time = [&](const std::string& component, const std::string& code) {
    const FieldAlarm* alarm = alarms_.find({component, code});
    return alarm == nullptr ? std::nullopt : std::optional(alarm->t);
  };
  const auto cycle = [&](std::uint32_t plan) { return cycle_of(board_, wire->signals, plan); };
  auto requests =
      encode(command, {config_, *wire, sxl_, forced_by_status, secrets_, alarm_time, cycle});
  if (!requests) return refuse(requests.error());
  if (const auto* order = std::get_if<StageOrder>(&proposal.write)) {
    const Stage* stage = find_stage(wire->signals, order->stage);
    state.ours[*stage->demand_input] = now.utc;
    state.role = proposal.actor.role;
    state.held = true;
  }
  if (release) state.held = false;
  note_written(proposal, now);
  orders_.submit(command, *std::move(requests), now);
  orders_.pump(sender_, now, out.sent);
  flush_reports(now, out);
  return Ok{};
}

void Site::check_orders(Now now, SiteOutput& out) {
  if (sender_) orders_.pump(sender_, now, out.sent);
  orders_.check(
      [&](const Proposal& proposal) -> std::optional<bool> {
        const JunctionWire* wire = wire_of(proposal.junction);
        if (wire == nullptr) return false;
        if (const auto* order = std::get_if<AlarmOrder>(&proposal.write)) {
          return alarm_proof(*wire, *order);
        }
        return proved(board_, states_.at(wire->id()).last, *wire, proposal.write);
      },
      [&](const JunctionId& junction) {
        const JunctionWire* wire = wire_of(junction);
        const auto time = wire == nullptr ? std::nullopt : wire->signals.release_time;
        return from_seconds(time ? time->value : 0);
      },
      now);
  flush_reports(now, out);
}

void Site::flush_reports(Now now, SiteOutput& out) {
  for (OrderReport& report : orders_.take_reports()) {
    auto state = states_.find(report.junction);
    const bool bad = report.state == OrderState::deviated ||
                     (report.state == OrderState::expired && report.rule == "not_proved");
    const bool good = report.state == OrderState::confirmed;
    if (state != states_.end() && (bad || good) && state->second.order_alarm != bad) {
      state->second.order_alarm = bad;
      raise(out, "order_deviated", report.junction.str(), AlarmPriority::medium, bad, now.utc,
            report.rule + (report.text.empty() ? "" : ": " + report.text));
    }
    out.reports.push_back(std::move(report));
  }
}

std::optional<bool> Site::alarm_proof(const JunctionWire& wire, const AlarmOrder& order) const {
  const auto component = component_of(config_, wire, order.subject);
  const FieldAlarm* alarm = component ? alarms_.find({*component, order.code}) : nullptr;
  if (alarm == nullptr) return std::nullopt;
  if (order.action == AlarmAction::acknowledge) return alarm->chart.acknowledged;
  return alarm->chart.suspended == (order.action == AlarmAction::suspend);
}

void Site::note_written(const Proposal& proposal, Now) {
  JunctionState& state = states_.at(proposal.junction);
  returns_.note(proposal);
  if (const auto* fixed = std::get_if<FixedTimeOrder>(&proposal.write)) {
    state.fixed_time_ours = state.fixed_time_ours || fixed->active;
  }
  state.bands.note(proposal, board_.text("S0023", "status"));
}

void Site::check_settings(Now now, SiteOutput& out) {
  if (!sender_) return;
  for (const Proposal& proposal : orders_.take_proved()) {
    const auto at = states_.find(proposal.junction);
    if (at == states_.end()) continue;
    at->second.settings.proved(proposal.write);
    returns_.done(proposal.junction, proposal.write);
  }
  for (const JunctionWire& wire : config_.junctions) {
    JunctionState& state = states_.at(wire.id());
    if (state.fixed_time_ours && board_.text("S0009", "status") &&
        !board_.flag("S0009", wire.signals.intersection) && orders_.open() == 0) {
      state.fixed_time_ours = false;
    }
    auto texts = state.settings.deviations(board_);
    const auto counter =
        state.last.mode == ControlMode::control ? counter_deviation(board_) : std::nullopt;
    if (!counter) state.counter_off.reset();
    if (counter && !state.counter_off) state.counter_off = now.utc;
    if (counter && now.utc - *state.counter_off >= kCounterSettles) texts.push_back(*counter);
    if (texts.empty()) {
      state.deviates.reset();
    } else if (!state.deviates) {
      state.deviates = now.utc;
    }
    const bool alarm = state.deviates && now.utc - *state.deviates >= kDeviates;
    if (alarm == state.deviation_alarm) continue;
    state.deviation_alarm = alarm;
    std::string text;
    for (const std::string& one : texts) text += (text.empty() ? "" : "; ") + one;
    raise(out, "settings_deviate", wire.id().str(), AlarmPriority::low, alarm, now.utc,
          text.substr(0, 500));
  }
}

void Site::check_returns(Now now, SiteOutput& out) {
  if (!sender_) return;
  for (const JunctionWire& wire : config_.junctions) {
    if (!states_.at(wire.id()).clean) continue;
    for (ReturnDue& due : returns_.due(wire.id(), now.utc)) out.returns.push_back(std::move(due));
  }
}

std::vector<ReturnDue> Site::open_overrides() const {
  std::vector<ReturnDue> all;
  for (const JunctionWire& wire : config_.junctions) {
    for (ReturnDue& due : returns_.open(wire.id())) all.push_back(std::move(due));
  }
  return all;
}

void Site::on_parameters(const std::vector<StatusValue>& items, Now now, SiteOutput& out) {
  const ParameterWatch::News news = parameters_.update(items);
  const std::string& site = config_.admission.site_id;
  if (news.changed) {
    ++counters_["rsmp.parameters_changed"];
    raise(out, "parameters_changed", subject_of(config_.main_component), AlarmPriority::medium,
          true, now.utc,
          "checksum was " + news.before.substr(0, 64) + ", is " +
              parameters_.checksum().substr(0, 64));
  }
  if (news.want_copy && sender_ && find_status("S0098", sxl_) != nullptr) {
    sender_(StatusRequest{{config_.main_component, config_.nts_id, ""},
                          {{"S0098", "config"}, {"S0098", "timestamp"}, {"S0098", "version"}}});
  }
  if (auto copy = parameters_.take(site)) out.backups.push_back(*std::move(copy));
}

}  // namespace dispecer::rsmp
