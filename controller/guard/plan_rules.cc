// Plans, cycles, offsets, bands, modes, situations and tables.
#include "controller/guard/rules.h"

namespace dispecer::guard {
namespace {

Verdict check_known_plan(const Scene& s, std::uint32_t plan) {
  if (find_plan(s.signals, plan) != nullptr) return std::nullopt;
  return refuse("unknown_plan", "no plan " + std::to_string(plan), s.where());
}

// The plan with its bands in force: each stage after a band starts by its extension later.
Result<SignalPlan> with_bands(SignalPlan plan, const std::vector<Band>& bands) {
  std::vector<std::optional<double>> extension(plan.ring.size() - 1);
  for (const auto& band : bands) {
    const auto text = "band " + std::to_string(band.number);
    if (band.number == 0 || band.number > extension.size())
      return Error{"band_range", "no " + text, ""};
    if (extension[band.number - 1]) return Error{"band_range", text + " is named twice", ""};
    const double s = band.extension.value;
    if (s < 0 || s > kMaxBand || std::round(s) != s)
      return Error{"band_range", text + " of " + seconds_text(s), ""};
    extension[band.number - 1] = s;
  }
  double later = 0;
  for (std::size_t i = 0; i < extension.size(); ++i) {
    if (!extension[i])
      return Error{"bands_incomplete", "band " + std::to_string(i + 1) + " is not named", ""};
    later += *extension[i];
    plan.ring[i + 1].start.value += later;
  }
  return plan;
}

// A stage that bands made longer or shorter keeps the greens that the plan allows it.
Verdict check_span(const Scene& s, const SignalPlan& before, const SignalPlan& after,
                   std::size_t i) {
  const IntergreenMatrix matrix(s.signals);
  const auto next = (i + 1) % after.ring.size();
  const auto green = [&](const SignalPlan& plan) {
    double span = plan.ring[next].start.value - plan.ring[i].start.value;
    if (next == 0) span += plan.cycle.value;
    return span - matrix.between(*find_stage(s.signals, plan.ring[i].stage),
                                 *find_stage(s.signals, plan.ring[next].stage));
  };
  const double is = green(after);
  const double was = green(before);
  const auto& stage = after.ring[i];
  const bool not_too_long = is <= was || is <= stage.max_green.value;
  const bool not_too_short = is >= was || is >= stage.min_green.value;
  if (not_too_long && not_too_short) return std::nullopt;
  return refuse("band_range",
                "stage " + std::to_string(stage.stage) + " would have " + seconds_text(is) +
                    " green, allowed are " + seconds_text(stage.min_green.value) + " to " +
                    seconds_text(stage.max_green.value),
                s.where());
}

}  // namespace

Verdict check_write(const Scene& s, const PlanOrder& order) {
  if (auto v = need_lever(s, Lever::plan)) return v;
  if (order.plan == 0) return std::nullopt;
  if (auto v = need_control(s)) return v;
  if (auto v = check_known_plan(s, order.plan)) return v;
  const auto recent = std::count_if(
      s.state.plan_changes.begin(), s.state.plan_changes.end(),
      [&](UtcTime t) { return in_seconds(s.situation.now - t) <= kPlanChangeWindow; });
  if (static_cast<std::size_t>(recent) >= kMaxPlanChanges) {
    return refuse("plan_change_rate", std::to_string(recent) + " changes in five minutes",
                  s.where());
  }
  return std::nullopt;
}

Verdict check_write(const Scene& s, const CycleOrder& order) {
  if (auto v = need_lever(s, Lever::plan)) return v;
  if (auto v = check_known_plan(s, order.plan)) return v;
  const auto& plan = *find_plan(s.signals, order.plan);
  const IntergreenMatrix matrix(s.signals);
  double least = 0;
  for (std::size_t i = 0; i < plan.ring.size(); ++i) {
    const auto& stage = *find_stage(s.signals, plan.ring[i].stage);
    double green = plan.ring[i].min_green.value;
    for (const auto g : stage.green)
      green = std::max(green, s.signals.groups[g].min_green.time.value);
    least +=
        green +
        matrix.between(stage, *find_stage(s.signals, plan.ring[(i + 1) % plan.ring.size()].stage));
  }
  if (order.cycle.value >= least && order.cycle.value <= 255) return std::nullopt;
  return refuse(
      "cycle_range",
      "found " + seconds_text(order.cycle.value) + ", needs at least " + seconds_text(least),
      s.where());
}

Verdict check_write(const Scene& s, const OffsetOrder& order) {
  if (auto v = need_lever(s, Lever::plan)) return v;
  if (auto v = check_known_plan(s, order.plan)) return v;
  const double cycle = find_plan(s.signals, order.plan)->cycle.value;
  if (order.offset.value >= 0 && order.offset.value < cycle) return std::nullopt;
  return refuse("offset_range",
                "found " + seconds_text(order.offset.value) + " of " + seconds_text(cycle),
                s.where());
}

Verdict check_write(const Scene& s, const BandsOrder& order) {
  if (auto v = need_lever(s, Lever::bands)) return v;
  if (auto v = need_control(s)) return v;
  if (auto v = check_known_plan(s, order.plan)) return v;
  if (order.timeout_min == 0) return refuse("bands_timeout", "bands need a time-out", s.where());
  const auto& before = *find_plan(s.signals, order.plan);
  const auto after = with_bands(before, order.bands);
  if (!after) return Error{after.error().cause, after.error().what, s.where()};
  for (std::size_t i = 0; i < after->ring.size(); ++i) {
    if (auto v = check_span(s, before, *after, i)) return v;
  }
  if (auto valid = validate(s.signals, *after); !valid)
    return refuse("band_range", valid.error().message(), s.where());
  return std::nullopt;
}

Verdict check_write(const Scene& s, const ModeOrder& order) {
  if (order.mode != ControlMode::control && order.mode != ControlMode::yellow_flash) {
    return refuse("mode_forbidden", std::string(to_name(order.mode)) + " is not ours to order",
                  s.where());
  }
  if (auto v = need_person(s)) return v;
  if (order.mode == ControlMode::yellow_flash &&
      (order.timeout_min == 0 || order.timeout_min > 1440)) {
    return refuse("mode_timeout", "yellow flash needs a time-out of 1 to 1440 min", s.where());
  }
  return std::nullopt;
}

Verdict check_write(const Scene& s, const SituationOrder& order) {
  if (auto v = need_lever(s, Lever::plan)) return v;
  if (auto v = check_number(s, "situation", order.situation, 1, 255)) return v;
  if (!order.active) return std::nullopt;
  if (auto v = need_person(s)) return v;
  if (auto v = need_end(s)) return v;
  return need_control(s);
}

Verdict check_write(const Scene& s, const FixedTimeOrder& order) {
  if (!order.active) return std::nullopt;
  if (auto v = need_person(s)) return v;
  return need_end(s);
}

Verdict check_write(const Scene& s, const TablesOrder& order) {
  if (auto v = need_maintainer(s)) return v;
  const auto legal = [](const std::string& text) {
    return text.find_first_not_of("0123456789-,") == std::string::npos;
  };
  if (!legal(order.week) || !legal(order.day) || (order.week.empty() && order.day.empty())) {
    return refuse("table_text", "expected digits, '-' and ','", s.where());
  }
  return std::nullopt;
}

}  // namespace dispecer::guard
