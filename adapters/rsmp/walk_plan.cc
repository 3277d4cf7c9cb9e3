// What a walk goes through, in order.
#include "adapters/rsmp/sxl.h"
#include "adapters/rsmp/walk.h"

namespace dispecer::rsmp {
namespace {

constexpr int kTrafficInterval = 5;  // s

}  // namespace

void Walk::question(const std::string& label, Query query, bool answered) {
  steps_.push_back({Kind::ask, label, std::move(query), {}, answered});
}

void Walk::order(const std::string& label, FieldWrite write) {
  steps_.push_back({Kind::order, label, {}, std::move(write), false});
}

void Walk::plan_statuses() {
  const Component main{site_.main_component, site_.nts_id, ""};
  if (rules(core_).requests) {
    question("AggregatedStatusRequest", AggregatedStatusRequest{main}, true);
  }
  struct Target {
    const ListStatus* row;
    Component component;
  };
  std::vector<Target> targets;
  for (const ListStatus& row : list_statuses()) {
    if (!in_list(row.span, sxl_)) continue;
    if (row.target == ListTarget::main) {
      targets.push_back({&row, main});
      continue;
    }
    for (const JunctionWire& wire : site_.junctions) {
      if (row.target == ListTarget::group) {
        for (const std::string& id : wire.group_components) targets.push_back({&row, {id, "", ""}});
      } else {
        for (const DetectorWire& d : wire.detectors)
          targets.push_back({&row, {d.component, "", ""}});
      }
    }
  }
  for (const auto& [row, component] : targets) {
    StatusRequest request{component, {}};
    for (const ListName* name : names_in(row->names, sxl_)) {
      request.items.push_back({std::string(row->code), std::string(name->name)});
    }
    question("request " + std::string(row->code) + " of " + component.id, std::move(request), true);
  }
  // What is subscribed to already would tell nothing at once when it is subscribed to again.
  for (const StatusSubscribe& usual : subscriptions(main, sxl_, core_)) {
    StatusUnsubscribe end{main, {}};
    for (const Subscription& item : usual.items) end.items.push_back({item.code, item.name});
    question("unsubscribe " + usual.items.front().code, std::move(end), false);
  }
  for (const auto& [row, component] : targets) {
    StatusSubscribe subscribe{component, {}};
    const int interval = row->traffic_data ? kTrafficInterval : 0;
    for (const ListName* name : names_in(row->names, sxl_)) {
      subscribe.items.push_back(
          {std::string(row->code), std::string(name->name), interval, !row->traffic_data});
    }
    question("subscribe " + std::string(row->code) + " of " + component.id, std::move(subscribe),
             !row->traffic_data);
  }
  for (const auto& [row, component] : targets) {
    StatusUnsubscribe end{component, {}};
    for (const ListName* name : names_in(row->names, sxl_)) {
      end.items.push_back({std::string(row->code), std::string(name->name)});
    }
    question("unsubscribe " + std::string(row->code) + " of " + component.id, std::move(end),
             false);
  }
  steps_.push_back({Kind::restore, "the usual subscriptions", {}, {}, false});
}

void Walk::plan_alarm() {
  if (settings_.alarm_input == 0) return;
  order("set the input that raises an alarm", InputOrder{settings_.alarm_input, true});
  steps_.push_back({Kind::alarm_comes, "alarm " + settings_.alarm_code, {}, {}, false});
  for (const AlarmAction action :
       {AlarmAction::acknowledge, AlarmAction::suspend, AlarmAction::resume}) {
    order("alarm: " + std::string(to_name(action)),
          AlarmOrder{action, settings_.alarm_code, settings_.alarm_subject});
  }
  const auto component = component_of(site_, site_.junctions.front(), settings_.alarm_subject);
  if (rules(core_).requests && component) {
    Alarm request{{*component, "", ""}, settings_.alarm_code, "", "", AlarmKind::request, {}, {}};
    question("alarm: request", std::move(request), false);
  }
  order("clear the input that raises an alarm", InputOrder{settings_.alarm_input, false});
}

void Walk::plan_commands() {
  const JunctionWire& wire = site_.junctions.front();
  const JunctionSignals& signals = wire.signals;
  const SignalPlan& plan = signals.plans.front();
  const auto has = [&](std::string_view code) { return find_command(code, sxl_) != nullptr; };
  // The time is put in when it is sent.
  order("clock", ClockOrder{});
  order("security code level 1", SecurityCodeOrder{1, "code1"});
  order("security code level 2", SecurityCodeOrder{2, "code2"});
  for (const SignalPlan& one : signals.plans) order("plan", PlanOrder{one.number});
  order("plan: the controller's own", PlanOrder{0});
  for (const std::uint32_t n : settings_.situations) order("situation", SituationOrder{n, true});
  order("situation: given back", SituationOrder{settings_.situations.front(), false});
  for (const std::uint32_t n : settings_.routes)
    order("emergency route", EmergencyRouteOrder{n, true});
  for (const std::uint32_t n : settings_.routes) {
    order("emergency route: off", EmergencyRouteOrder{n, false});
  }
  order("input", InputOrder{settings_.input, true});
  order("input: cleared", InputOrder{settings_.input, false});
  plan_alarm();
  order("fixed time", FixedTimeOrder{true});
  order("fixed time: off", FixedTimeOrder{false});
  for (const DetectorWire& detector : wire.detectors) {
    order("detector", DetectorOrder{detector.id, true, true});
    order("detector: let go", DetectorOrder{detector.id, false, false});
  }
  order("stage demands: released", ReleaseOrder{});
  if (has("M0014") && plan.ring.size() > 1) {
    BandsOrder bands{plan.number, {}, 10};
    for (std::uint32_t n = 1; n < plan.ring.size(); ++n) bands.bands.push_back({n, Seconds{0}});
    bands.bands.front().extension = Seconds{1};
    order("dynamic bands", bands);
    bands.bands.front().extension = Seconds{0};
    order("dynamic bands: back", bands);
  }
  if (has("M0014")) {
    order("offset", OffsetOrder{plan.number, Seconds{1}});
    order("offset: back", OffsetOrder{plan.number, plan.offset});
    order("week and day tables", TablesOrder{settings_.week_table, settings_.day_tables});
    order("cycle", CycleOrder{plan.number, Seconds{plan.cycle.value + 2}});
    order("cycle: back", CycleOrder{plan.number, plan.cycle});
  }
  order("forced input", ForceInputOrder{settings_.input, true, true});
  order("forced input: let go", ForceInputOrder{settings_.input, false, false});
  if (has("M0020")) {
    order("forced output", OutputOrder{settings_.output, true, true});
    order("forced output: let go", OutputOrder{settings_.output, false, false});
    order("sensitivity", SensitivityOrder{{{settings_.loop, 50}}});
  }
  if (has("M0022")) {
    PriorityOrder request;
    request.request = RequestId(settings_.request);
    request.group = signals.groups.front().id;
    request.level = 7;
    request.eta = Seconds{10};
    request.vehicle = PriorityVehicle::bus;
    order("priority", request);
    request.update = true;
    request.eta = Seconds{5};
    order("priority: update", request);
    request.update = false;
    request.cancel = true;
    order("priority: cancel", request);
  }
  order("yellow flash", ModeOrder{ControlMode::yellow_flash, 1});
  order("normal control", ModeOrder{ControlMode::control, 0});
  order("dark", ModeOrder{ControlMode::dark, 1});
  steps_.push_back({Kind::restart, "restart", {}, RestartOrder{}, false});
}

}  // namespace dispecer::rsmp
