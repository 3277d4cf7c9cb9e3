#include "tests/bench/lockstep/field.h"

#include <time.h>

#include <algorithm>

namespace dispecer::bench {

Result<Field> Field::make(const city::City& city) {
  Field field;
  for (const auto& [id, signals] : city.signals) {
    sim::Settings settings;
    settings.demand_detectors = city::demand_detectors(city, id);
    for (const auto& d : city.network.detectors) {
      if (d.junction == id && d.number != 0) settings.detectors.insert(d.number);
    }
    auto controller = sim::make_controller(signals, settings);
    if (!controller) return controller.error();
    Post post{.signals = &signals,
              .matrix = IntergreenMatrix(signals),
              .controller = std::move(*controller),
              .seen = guard::watch(signals),
              .observation = {},
              .demand = std::vector<bool>(signals.groups.size()),
              .asking = settings.demand_detectors};
    post.seen.inputs_clean = true;
    // A controller that comes up as part of the run has a supervisor from the first second.
    (void)sim::apply(post.controller, sim::SupervisorLink{true}, UtcTime{});
    field.posts_.emplace(id, std::move(post));
  }
  return field;
}

void Field::read(const Detector& detector, const sim::DetectorReading& reading, UtcTime now) {
  const auto it = posts_.find(detector.junction);
  if (it == posts_.end() || detector.number == 0) return;
  auto own = reading;
  own.number = detector.number;
  (void)sim::apply(it->second.controller, own, now);
  if (!reading.occupied) return;
  auto& post = it->second;
  const auto& lamps = post.observation.groups;
  for (std::size_t g = 0; g < post.asking.size(); ++g) {
    if (g < lamps.size() && is_green(lamps[g])) continue;  // it leaves, or still may
    if (std::count(post.asking[g].begin(), post.asking[g].end(), detector.number) != 0) {
      post.demand[g] = true;
    }
  }
}

std::vector<Field::Shown> Field::tick(UtcTime now) {
  std::vector<Shown> out;
  for (auto& [id, post] : posts_) {
    const auto shown = sim::tick(post.controller, now);
    auto& o = post.observation;
    if (shown.stage && shown.stage != o.stage) ++counts_.stage_changes;
    o.junction = id;
    o.t = now;
    if (!post.mains) {
      o.link = CommLink::no_communication;
      out.push_back({id, shown.aspects, std::nullopt, ControlMode::dark, Holder::unknown});
      continue;
    }
    o.link = CommLink::connected;
    o.mode = shown.mode;
    // As a supervisor sees it: who has set the inputs, not whether they are obeyed in this second.
    o.holder = sim::demanded_stages(post.controller).empty() ? Holder::local_plan : Holder::centre;
    o.groups = shown.aspects;
    o.stage = shown.stage;
    o.plan = shown.plan;
    o.cycle_second = shown.cycle_second;
    o.parameter_checksum = post.signals->parameter_checksum;
    for (std::size_t g = 0; g < shown.aspects.size(); ++g) {
      if (is_green(shown.aspects[g])) post.demand[g] = false;
    }
    guard::set_demand(post.seen, post.demand, now);
    guard::observe(post.seen, o, now);
    for (std::size_t a = 0; a < shown.aspects.size(); ++a) {
      for (std::size_t b = a + 1; b < shown.aspects.size(); ++b) {
        if (is_green(shown.aspects[a]) && is_green(shown.aspects[b]) && post.matrix.conflict(a, b))
          ++counts_.conflicting_greens;
      }
    }
    out.push_back({id, shown.aspects, shown.stage, shown.mode, o.holder});
  }
  return out;
}

void Field::set_mains(const JunctionId& junction, bool on, UtcTime now) {
  auto& post = posts_.at(junction);
  if (post.mains == on) return;
  post.mains = on;
  (void)sim::apply(post.controller, sim::SetFault{sim::Fault::power_cut, !on, 0}, now);
  if (!on) {
    guard::note_disconnect(post.seen);
    return;
  }
  obey(post, ReleaseOrder{}, now);
  post.seen.inputs_clean = true;
}

std::vector<SignalObservation> Field::observations() const {
  std::vector<SignalObservation> out;
  for (const auto& [id, post] : posts_) out.push_back(post.observation);
  return out;
}

bool Field::obey(Post& post, const FieldWrite& write, UtcTime now) {
  if (const auto* order = std::get_if<StageOrder>(&write)) {
    sim::SetInputs inputs;
    for (const auto& stage : post.signals->stages) {
      if (!stage.demand_input) continue;
      (stage.number == order->stage ? inputs.set : inputs.clear).push_back(*stage.demand_input);
    }
    return sim::apply(post.controller, inputs, now).ok();
  }
  if (std::holds_alternative<ReleaseOrder>(write)) {
    sim::SetInputs inputs;
    for (const auto& stage : post.signals->stages) {
      if (stage.demand_input) inputs.clear.push_back(*stage.demand_input);
    }
    return sim::apply(post.controller, inputs, now).ok();
  }
  if (const auto* order = std::get_if<PlanOrder>(&write)) {
    const auto plan = order->plan == 0 ? std::nullopt : std::optional(order->plan);
    return sim::apply(post.controller, sim::SelectPlan{plan}, now).ok();
  }
  if (const auto* order = std::get_if<OffsetOrder>(&write)) {
    const sim::SetOffset offset{order->plan, order->offset.value};
    return sim::apply(post.controller, offset, now).ok();
  }
  if (const auto* order = std::get_if<BandsOrder>(&write)) {
    sim::SetBands bands{order->plan, {}};
    for (const auto& b : order->bands) bands.bands.push_back({b.number, b.extension.value});
    const sim::SetBandTimeout timeout{order->timeout_min};
    return sim::apply(post.controller, bands, now).ok() &&
           sim::apply(post.controller, timeout, now).ok();
  }
  return false;  // the controller core proposes nothing else
}

double Field::judge(const std::vector<Proposal>& proposals, UtcTime now) const {
  timespec begin{};
  timespec end{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
  for (const auto& p : proposals) {
    const auto it = posts_.find(p.junction);
    if (it == posts_.end()) continue;
    (void)guard::Guard::check(p, *it->second.signals, it->second.seen, {now, 0, WorldKind::bench});
  }
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
  return static_cast<double>(end.tv_sec - begin.tv_sec) * 1e3 +
         static_cast<double>(end.tv_nsec - begin.tv_nsec) * 1e-6;
}

OrderReport Field::send(const Proposal& proposal, UtcTime now, std::uint32_t epoch) {
  OrderReport report{proposal.id, proposal.junction, now, OrderState::refused, "", ""};
  const auto it = posts_.find(proposal.junction);
  if (it == posts_.end()) {
    report.rule = "wrong_target";
    ++counts_.refused[report.rule];
    return report;
  }
  auto& post = it->second;
  const auto approved =
      guard::Guard::check(proposal, *post.signals, post.seen, {now, epoch, WorldKind::bench});
  if (!approved) {
    report.rule = approved.error().cause;
    report.text = approved.error().message();
    ++counts_.refused[report.rule];
    return report;
  }
  ++counts_.approved;
  guard::note_sent(post.seen, *approved, now);
  if (!obey(post, approved->write(), now)) {
    ++counts_.device_refused;
    report.state = OrderState::deviated;
    return report;
  }
  report.state = OrderState::sent;
  return report;
}

}  // namespace dispecer::bench
