#include "sim/controller/modes.h"

#include "sim/controller/virtual_controller.h"

namespace dispecer::sim {
namespace {

void stop(State& state, ControlMode mode) {
  state.mode = mode;
  state.startup = Startup::none;
  state.change.reset();
  state.stage.reset();
  state.mode_until.reset();
}

}  // namespace

void begin_startup(State& state, UtcTime now, bool after_power) {
  stop(state, ControlMode::startup);
  state.startup = Startup::flash;
  state.startup_since = now;
  state.starts_after_power = after_power;
}

Result<> set_mode(State& state, const SetMode& in, UtcTime now) {
  if (state.mode == ControlMode::failure) return Error{"no_such_mode", "in failure", ""};
  if (state.police_key != 0 || state.manual)
    return Error{"local_control", "the police key or the operator's panel is in use", ""};
  if (in.mode == ControlMode::control) {
    state.mode_until.reset();
    if (state.mode == ControlMode::yellow_flash || state.mode == ControlMode::dark)
      begin_startup(state, now, false);
    return Ok{};
  }
  if (in.mode != ControlMode::yellow_flash && in.mode != ControlMode::dark)
    return Error{"no_such_mode", "", ""};
  stop(state, in.mode);
  if (in.timeout_min > 0) state.mode_until = now + std::chrono::minutes{in.timeout_min};
  return Ok{};
}

Result<> turn_police_key(State& state, const SetPoliceKey& in, UtcTime now) {
  constexpr std::array kModes{ControlMode::control, ControlMode::dark, ControlMode::yellow_flash,
                              ControlMode::all_red};
  if (in.position >= kModes.size())
    return Error{"no_such_mode", "found key position " + std::to_string(in.position), ""};
  const auto before = std::exchange(state.police_key, in.position);
  if (before == in.position || state.mode == ControlMode::failure) return Ok{};
  if (in.position == 0) {
    begin_startup(state, now, false);
  } else {
    stop(state, kModes[in.position]);
  }
  return Ok{};
}

void restart(State& state, UtcTime now) {
  state.monitor = {};
  for (auto& bit : state.inputs) bit = {};
  for (auto& output : state.outputs) output.reset();
  for (auto& d : state.detectors) d.forced.reset();
  state.plan.reset();
  state.fixed_time = false;
  begin_startup(state, now, true);
}

void set_mains(State& state, bool on, UtcTime now) {
  if (!on) {
    state.mains_lost = now;
    stop(state, ControlMode::dark);
    // Memory of commands does not outlive the power; a matrix once read wrong may well do.
    state.plan.reset();
    return;
  }
  const bool drained = !state.alive(now);
  state.mains_lost.reset();
  if (drained) {
    drop_bands(state, now);
    state.clock_error += state.settings.clock_loss;
    state.clock_doubtful = state.clock_doubtful || state.settings.clock_loss != Duration{0};
  }
  restart(state, now);
  if (state.police_key != 0) {
    const auto position = std::exchange(state.police_key, 0);
    static_cast<void>(turn_police_key(state, {position}, now));
  }
}

void drop_bands(State& state, UtcTime now) {
  for (const auto& [plan, bands] : std::map(state.bands)) {
    SetBands back{plan, {}};
    for (const auto& [number, length] : bands) back.bands.push_back({number, 0});
    // The plan without bands was accepted when the controller was made or its cycle was set.
    static_cast<void>(apply(state, back, now));
  }
  state.bands.clear();
}

}  // namespace dispecer::sim
