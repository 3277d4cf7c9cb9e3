// Commands to the controller: checked against its own file before anything changes.
#include <algorithm>

#include "sim/controller/detectors.h"
#include "sim/controller/modes.h"
#include "sim/controller/virtual_controller.h"

namespace dispecer::sim {
namespace {

constexpr Duration kWrongClock = std::chrono::seconds{90};
constexpr std::size_t kMostBands = 10;  // of the signal list

Error refuse(const char* cause, std::uint32_t number) {
  return {cause, "found " + std::to_string(number), ""};
}

SignalPlan* find_mutable(State& state, std::uint32_t number) {
  const auto it = std::find_if(state.plans.begin(), state.plans.end(),
                               [&](const SignalPlan& p) { return p.number == number; });
  return it == state.plans.end() ? nullptr : &*it;
}

// Plan 0 stands for the one that runs.
std::uint32_t plan_number(const State& state, std::uint32_t number) {
  return number == 0 ? state.running_plan().number : number;
}

Result<> accept(State& state, SignalPlan& plan, SignalPlan changed) {
  // A pattern has no intergreens that a change could break: it is for tests only and says so.
  if (state.patterns.empty()) {
    if (auto r = validate(state.own, changed); !r) return Error{"unsafe_plan", r.error().what, ""};
  }
  plan = std::move(changed);
  return Ok{};
}

bool exists(const auto& list, std::uint32_t number) {
  return number >= 1 && number <= list.size();
}

struct Apply {
  State& state;
  UtcTime now;

  Result<> operator()(const DetectorReading& r) const {
    if (!state.wired.contains(r.number)) return refuse("no_such_detector", r.number);
    read_detector(state.detectors[r.number - 1], r, now);
    return Ok{};
  }
  Result<> operator()(const SetInputs& in) const {
    for (const auto* list : {&in.set, &in.clear}) {
      for (const auto n : *list) {
        if (!exists(state.inputs, n)) return refuse("no_such_input", n);
      }
    }
    for (const auto n : in.set) {
      auto& bit = state.inputs[n - 1];
      if (!bit.commanded) bit.order = ++state.orders;
      bit.commanded = true;
      bit.refreshed = now;
    }
    if (state.faults.contains(Fault::latched_inputs)) return Ok{};
    for (const auto n : in.clear) state.inputs[n - 1].commanded = false;
    return Ok{};
  }
  Result<> operator()(const ForceInput& in) const {
    if (!exists(state.inputs, in.input)) return refuse("no_such_input", in.input);
    auto& bit = state.inputs[in.input - 1];
    if (in.value && *in.value && !bit.value()) bit.order = ++state.orders;
    bit.forced = in.value;
    return Ok{};
  }
  Result<> operator()(const ForceOutput& in) const {
    if (!exists(state.outputs, in.output)) return refuse("no_such_output", in.output);
    state.outputs[in.output - 1] = in.value;
    return Ok{};
  }
  Result<> operator()(const ForceDetector& in) const {
    if (!state.wired.contains(in.number)) return refuse("no_such_detector", in.number);
    auto& d = state.detectors[in.number - 1];
    d.forced = in.value;
    DetectorReading road{.number = in.number, .speed_mps = std::nullopt};
    road.occupied = d.reading.occupied;
    read_detector(d, road, now);
    return Ok{};
  }
  Result<> operator()(const SelectPlan& in) const {
    if (state.manual) return Error{"local_control", "the operator's panel is in use", ""};
    if (in.plan && find_mutable(state, *in.plan) == nullptr)
      return refuse("no_such_plan", *in.plan);
    state.plan = in.plan;
    return Ok{};
  }
  Result<> operator()(const SetCycle& in) const {
    auto* plan = find_mutable(state, plan_number(state, in.plan));
    if (plan == nullptr) return refuse("no_such_plan", in.plan);
    auto changed = *plan;
    changed.cycle.value = in.cycle_s;
    return accept(state, *plan, std::move(changed));
  }
  Result<> operator()(const SetOffset& in) const {
    auto* plan = find_mutable(state, plan_number(state, in.plan));
    if (plan == nullptr) return refuse("no_such_plan", in.plan);
    auto changed = *plan;
    changed.offset.value = in.offset_s;
    return accept(state, *plan, std::move(changed));
  }
  Result<> operator()(const SetBands& in) const {
    const auto number = plan_number(state, in.plan);
    auto* plan = find_mutable(state, number);
    if (plan == nullptr) return refuse("no_such_plan", in.plan);
    auto bands = state.bands[number];
    for (const auto& b : in.bands) {
      const auto most = state.patterns.empty() ? plan->ring.size() - 1 : kMostBands;
      if (b.number < 1 || b.number > most) {
        return Error{"unsafe_plan", "no band " + std::to_string(b.number), ""};
      }
      bands[b.number] = b.length_s;
    }
    auto changed = *plan;
    shift(changed, state.bands[number], -1);
    shift(changed, bands, 1);
    auto r = accept(state, *plan, std::move(changed));
    if (r) state.bands[number] = bands;
    return r;
  }
  Result<> operator()(const SetBandTimeout& in) const {
    state.band_timeout_min = in.minutes;
    return Ok{};
  }
  Result<> operator()(const SetMode& in) const { return set_mode(state, in, now); }
  Result<> operator()(const SetClock& in) const {
    state.clock_error = in.time - now;
    state.clock_doubtful = false;
    return Ok{};
  }
  Result<> operator()(const Restart&) const {
    restart(state, now);
    return Ok{};
  }
  Result<> operator()(const SetFixedTime& in) const {
    state.fixed_time = in.on;
    return Ok{};
  }
  Result<> operator()(const SetPoliceKey& in) const { return turn_police_key(state, in, now); }
  Result<> operator()(const SetManual& in) const {
    state.manual = in.on;
    return Ok{};
  }
  Result<> operator()(const SupervisorLink& in) const {
    if (in.connected) {
      state.supervisor_lost.reset();
    } else if (!state.supervisor_lost) {
      state.supervisor_lost = now;
    }
    return Ok{};
  }
  Result<> operator()(const SetFault& in) const {
    const bool detector = in.fault == Fault::detector_dead || in.fault == Fault::detector_stuck ||
                          in.fault == Fault::detector_chatter;
    if (detector) {
      if (in.number != 0 && !state.wired.contains(in.number))
        return refuse("no_such_detector", in.number);
      for (std::size_t i = 0; i < state.detectors.size(); ++i) {
        if (in.number == 0 || i + 1 == in.number) toggle(state.detectors[i].faults, in);
      }
      return Ok{};
    }
    if (of_lamp(in.fault)) {
      if (in.number > state.lamps.size()) return refuse("no_such_group", in.number);
      state.lamp_faults.resize(state.lamps.size());
      for (std::size_t g = 0; g < state.lamps.size(); ++g) {
        if (in.number == 0 || g + 1 == in.number) toggle(state.lamp_faults[g], in);
      }
      return Ok{};
    }
    const bool had = state.faults.contains(in.fault);
    toggle(state.faults, in);
    if (in.fault == Fault::wrong_clock && had != in.on) {
      state.clock_error = in.on ? kWrongClock : Duration{0};
    }
    if (in.fault == Fault::power_cut && had != in.on) set_mains(state, !in.on, now);
    return Ok{};
  }

  static void toggle(std::set<Fault>& faults, const SetFault& in) {
    in.on ? static_cast<void>(faults.insert(in.fault)) : static_cast<void>(faults.erase(in.fault));
  }
  static void shift(SignalPlan& plan, const std::map<std::uint32_t, double>& bands, double sign) {
    double sum = 0;
    for (std::size_t i = 0; i < plan.ring.size(); ++i) {
      plan.ring[i].start.value += sum;
      const auto it = bands.find(static_cast<std::uint32_t>(i + 1));
      if (it != bands.end()) sum += sign * it->second;
    }
  }
};

}  // namespace

Result<> apply(State& state, const Input& input, UtcTime now) {
  const bool road = std::holds_alternative<DetectorReading>(input);
  const bool always = road || std::holds_alternative<SetFault>(input) ||
                      std::holds_alternative<SupervisorLink>(input);
  if (!always && state.faults.contains(Fault::power_cut)) return Error{"no_power", "", ""};
  auto r = std::visit(Apply{state, now}, input);
  if (!r) {
    ++state.refused[r.error().cause];
    state.last_refusal = r.error().message();
  }
  return r;
}

}  // namespace dispecer::sim
