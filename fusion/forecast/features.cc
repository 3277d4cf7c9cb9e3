#include <algorithm>
#include <cmath>

#include "fusion/forecast/engine.h"
#include "fusion/model/ensure.h"

namespace dispecer::forecast {
namespace {

constexpr float kFar = 6;  // z beyond this says no more

}  // namespace

Slot slot_of(const State& state, std::int64_t step) {
  const auto local =
      local_time(state.calendar, UtcTime{step * state.parameters.step_s * 1'000'000});
  return {local.day, local.second / state.parameters.step_s,
          kind_of_day(state.calendar, local.day)};
}

Eigen::Index feature_count(const State& state) {
  return static_cast<Eigen::Index>(state.lags.size()) + 26;
}

void make_features(const State& state, std::size_t h, Made& made) {
  const auto n = static_cast<Eigen::Index>(state.places);
  const auto at = slot_of(state, state.step);
  const auto to = slot_of(state, state.step + state.horizons[h].steps);
  const auto now_kind = state.profile.at(at.kind);
  const auto to_kind = state.profile.at(to.kind);
  const auto base_now = state.profile.value[now_kind].col(at.slot);
  const auto scale_now = state.profile.scale[now_kind].col(at.slot);
  made.target = state.step + state.horizons[h].steps;
  made.base = state.profile.value[to_kind].col(to.slot);
  made.days = state.profile.days[to_kind];
  made.scale = state.profile.scale[to_kind].col(to.slot);
  made.x.resize(n, feature_count(state));

  Eigen::Index f = 0;
  const auto put = [&](const auto& column) {
    made.x.col(f++) = column.max(-kFar).min(kFar).matrix();
  };
  const auto ring = state.z.cols();
  const auto lagged = [&](std::int64_t lag) {
    return state.z.col(static_cast<Eigen::Index>((state.step - lag + ring) % ring));
  };
  const Values z = lagged(0);

  put(Values::Ones(n));
  for (const auto lag : state.lags) put(lagged(lag));
  for (const auto& level : state.level) put(level);
  Eigen::VectorXf network;
  predict(state.network, h, network);
  put(network.array());
  put(Values::Constant(n, z.mean()));
  put(Values::Constant(n, lagged(state.lags[1]).mean()));
  put(Values::Constant(n, state.level[0].mean()));
  put(Values::Constant(n, state.level[2].mean()));

  Values then;
  Values now;
  for (const auto* nearest : {&state.fast, &state.slow}) {
    recall(*nearest, state.history, to.slot, to.day != at.day, made.base, then);
    recall(*nearest, state.history, at.slot, false, base_now, now);
    put((then - made.base) / made.scale);
    put((now - base_now) / made.scale);
  }
  put(state.recent.yesterday.col(to.slot));
  put(state.recent.last_alike.col(to.slot));
  put(state.recent.three_alike.col(to.slot));
  put((made.base - base_now) / made.scale);
  put(z * scale_now / made.scale);  // what is off now, in the scale of then
  put(z.abs());
  put((state.silent_steps > 0.5F).cast<float>());
  for (const int k : {1, 2}) {
    const double angle = 2 * M_PI * k * to.slot / state.slots;
    put(Values::Constant(n, static_cast<float>(std::sin(angle))));
    put(Values::Constant(n, static_cast<float>(std::cos(angle))));
  }
  put(Values::Constant(n, is_workday(to.kind) ? 1.0F : 0.0F));
  put((made.base / made.scale) * 0.2F);
  ensure(f == feature_count(state));

  const auto l = static_cast<Eigen::Index>(state.lags.size());
  const std::array<Eigen::Index, kOwnFeatures> own{0,     1,     l + 1,  l + 3,
                                                   l + 5, l + 9, l + 15, l + 16};
  made.own_x.resize(n, kOwnFeatures);
  for (Eigen::Index i = 0; i < kOwnFeatures; ++i)
    made.own_x.col(i) = made.x.col(own[static_cast<std::size_t>(i)]);
}

}  // namespace dispecer::forecast
