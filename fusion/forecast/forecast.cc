#include "fusion/forecast/forecast.h"

#include <algorithm>
#include <cmath>

#include "fusion/model/ensure.h"

namespace dispecer::forecast {
namespace {

constexpr float kFar = 6;
constexpr std::array<double, 3> kLevelHours{1, 4, 24};
constexpr std::int64_t kSolveEvery = 4;  // steps between two solutions of the regressions

double keep_of(const State& state, double half_life_s) {
  return std::exp2(-static_cast<double>(state.parameters.step_s) / half_life_s);
}

void keep_score(Score& score, const Values& error, const Values& profile_error,
                const Values& inside, const Values& known, float keep) {
  score.count += known;
  const Values share = known * (1.0F / score.count.max(1.0F)).max(1.0F - keep);
  score.mae += share * (error - score.mae);
  score.profile_mae += share * (profile_error - score.profile_mae);
  score.covered += share * (inside - score.covered);
}

// Exponentiated gradient on |z - sum w e|, with a little mixed back so that no expert is lost.
void reweigh(Eigen::ArrayXXf& weight, const Eigen::ArrayXXf& expert, const Values& z,
             const Values& known, float own_rate) {
  constexpr float kShared = 0.5F;  // all places together tell more surely than one
  constexpr float kMix = 5e-4F;
  const Values blend = (weight * expert).rowwise().sum();
  const Values slope = known * ((blend > z).cast<float>() - (blend < z).cast<float>());
  const float heard = std::max(known.sum(), 1.0F);
  for (Eigen::Index e = 0; e < kExperts; ++e) {
    const Values gradient = slope * (expert.col(e) - blend);
    const float all = gradient.sum() / heard;
    weight.col(e) *= (-own_rate * gradient - kShared * all).exp();
  }
  const Values sum = weight.rowwise().sum();
  weight.colwise() /= sum;
  weight = (1 - kMix) * weight + kMix / static_cast<float>(kExperts);
}

void learn_from(State& state, Horizon& h, const Values& y, const Values& known) {
  const auto steps = static_cast<std::int64_t>(h.made.size());
  auto& m = h.made[static_cast<std::size_t>(state.step % steps)];
  if (!m.valid || m.target != state.step) return;
  m.valid = false;
  const Values z = ((y - m.base) / m.scale).max(-kFar).min(kFar);
  const auto keep = keep_of(state, state.parameters.learn_half_life_days * 86400);

  if (m.forecast.ready) {
    const Values inside = (y >= m.forecast.low && y <= m.forecast.high).cast<float>();
    keep_score(h.score, (y - m.forecast.value).abs(), (y - m.base).abs(), inside, known,
               static_cast<float>(keep_of(state, 7 * 86400)));
    const Values told = known * (m.forecast.trust > 0.7F).cast<float>();
    track(h.interval, (y - m.forecast.value) / m.scale, told, state.parameters.coverage);
    reweigh(h.weight, m.expert, z, known, state.parameters.blend_rate);
  }

  // A profile of few days makes poor examples, one lent by another kind of day none at all; Huber
  // weights bound what one wild value can do.
  const Vector target = z.cast<double>().matrix();
  const float proper = m.days > 0.5 ? 1.0F : 0.0F;
  const Vector usable = (proper * known * (m.forecast.trust > 0.7F).cast<float>()).cast<double>();
  const Matrix x = m.x.cast<double>();
  const Vector error = target - x * h.shared.beta;
  const Vector weight = usable.array() * m.days / (m.days + 2) / error.array().abs().max(1.0);
  learn(h.shared, x, target, weight, keep);
  learn(h.own, m.own_x.cast<double>(), error, weight, keep);
  if (state.step % kSolveEvery == 0) {
    solve(h.shared);
    solve(h.own, (state.step / kSolveEvery) % 8, 8);
  }

  Examples fresh;
  const auto n = static_cast<Eigen::Index>(usable.sum() + 0.5);
  fresh.x.resize(m.x.cols(), n);
  fresh.y.resize(n);
  Eigen::Index next = 0;
  for (Eigen::Index i = 0; i < usable.size(); ++i) {
    if (usable(i) <= 0) continue;
    fresh.x.col(next) = m.x.row(i).transpose();
    fresh.y(next++) = z(i);
    fresh.place.push_back(i);
  }
  learn(h.net, fresh, h.shared.beta.cast<float>(), state.parameters.replays);
}

void make_forecast(State& state, std::size_t index) {
  auto& h = state.horizons[index];
  auto& m = h.made[static_cast<std::size_t>((state.step + h.steps) %
                                            static_cast<std::int64_t>(h.made.size()))];
  make_features(state, index, m);
  const Vector shared = m.x.cast<double>() * h.shared.beta;
  m.expert.resize(m.x.rows(), kExperts);
  m.expert.col(0).setZero();
  m.expert.col(1) = shared.cast<float>().array();
  m.expert.col(2) =
      m.expert.col(1) + (m.own_x.cast<double>().array() * h.own.beta.transpose().array())
                            .rowwise()
                            .sum()
                            .cast<float>();
  Eigen::VectorXf net;
  predict(h.net, m.x.transpose(), net);
  m.expert.col(3) = m.expert.col(1) + net.array();
  m.expert = m.expert.max(-kFar).min(kFar);

  auto& f = m.forecast;
  const auto half_life = static_cast<float>(state.parameters.trust_half_life_s) /
                         static_cast<float>(state.parameters.step_s);
  f.trust = (state.silent_steps * (-std::log(2.0F) / half_life)).exp();
  f.ready = state.profile.ready;
  const Values deviation = (h.weight * m.expert).rowwise().sum();
  f.value = m.base + f.trust * deviation * m.scale;
  f.known = state.known;
  // A silent place is as uncertain as its profile: the scale is that of single values about it.
  const auto alone = make_interval(f.value.size(), state.parameters.coverage);
  const auto bound = [&](const Values& learnt, const Values& profile) -> Values {
    return f.trust * learnt + (1 - f.trust) * learnt.max(profile);
  };
  f.low = f.value - bound(h.interval.below, alone.below) * m.scale;
  f.high = f.value + bound(h.interval.above, alone.above) * m.scale;
  if (state.parameters.non_negative) {
    f.value = f.value.max(0.0F);
    f.low = f.low.max(0.0F);
    f.high = f.high.max(0.0F);
  }
  m.valid = true;
}

// One step, all of it: score and learn, take in, forecast.
void advance(State& state, const Values& y, const Values& known) {
  go_on(state, state.places);
  ++state.step;
  const auto at = slot_of(state, state.step);
  if (at.day != state.today.day) begin_day(state, at.day);
  if (!state.parameters.spread) go_on(state, state.places);

  if (state.profile.ready) {
    for (auto& h : state.horizons) learn_from(state, h, y, known);
  }
  state.today.value.col(at.slot) = y * known;
  state.today.known.col(at.slot) = known;
  state.silent_steps = (1 - known) * (state.silent_steps + 1);
  if (!state.profile.ready) return;

  const auto k = state.profile.at(at.kind);
  const auto scale = state.profile.scale[k].col(at.slot);
  const auto ring = state.z.cols();
  const auto column = static_cast<Eigen::Index>(state.step % ring);
  const auto before = static_cast<Eigen::Index>((state.step - 1) % ring);
  const auto fade = static_cast<float>(keep_of(state, state.parameters.trust_half_life_s));
  const Values heard = ((y - state.profile.value[k].col(at.slot)) / scale).max(-kFar).min(kFar);
  state.z.col(column) = (known > 0.5F).select(heard, fade * state.z.col(before));
  for (std::size_t i = 0; i < state.level.size(); ++i) {
    const auto keep = static_cast<float>(keep_of(state, kLevelHours[i] * 3600));
    state.level[i] += known * (1 - keep) * (heard - state.level[i]);
  }
  compare(state.fast, state.history, at.slot, y, known, scale, state.parameters.step_s);
  compare(state.slow, state.history, at.slot, y, known, scale, state.parameters.step_s);
  observe(state.network, state.z.col(column).matrix(), state.level[0].matrix(),
          keep_of(state, state.parameters.learn_half_life_days * 86400));
  for (std::size_t h = 0; h < state.horizons.size(); ++h) make_forecast(state, h);
}

}  // namespace

State make_state(std::size_t places, Parameters parameters, Calendar calendar) {
  ensure(places > 0 && parameters.step_s > 0 && 86400 % parameters.step_s == 0);
  ensure(!parameters.horizons.empty() && parameters.horizons.front() > 0 &&
         std::is_sorted(parameters.horizons.begin(), parameters.horizons.end()));
  const auto n = static_cast<Eigen::Index>(places);
  const auto slots = static_cast<std::size_t>(86400 / parameters.step_s);
  State state{.parameters = parameters,
              .calendar = std::move(calendar),
              .places = places,
              .slots = static_cast<std::int32_t>(slots),
              .lags = {},
              .history = History(parameters.days_kept),
              .today = empty_day(places, slots),
              .profile = {},
              .learning = {},
              .recent = {},
              .fast = make_nearest_days(parameters.days_kept, 2 * 3600),
              .slow = make_nearest_days(parameters.days_kept, 12 * 3600),
              .network = make_network_term(n, parameters.horizons,
                                           static_cast<Eigen::Index>(parameters.block)),
              .silent_steps = Values::Constant(n, kNeverHeard),
              .known = Values::Zero(n),
              .z = {},
              .level = {Values::Zero(n), Values::Zero(n), Values::Zero(n)},
              .horizons = {},
              .counters = {}};
  state.network.ridge = parameters.network_ridge;
  for (const auto minutes : {0, 5, 10, 15, 30, 45, 60}) {
    const auto lag = (minutes * 60 + parameters.step_s / 2) / parameters.step_s;
    if (state.lags.empty() || state.lags.back() < lag) state.lags.push_back(lag);
  }
  state.z = Eigen::ArrayXXf::Zero(n, state.lags.back() + 1);
  const auto features = feature_count(state);
  for (const auto steps : parameters.horizons) {
    Horizon h;
    h.steps = steps;
    h.shared = make_shared_ridge(features, parameters.shared_ridge);
    h.own = make_own_ridge(kOwnFeatures, n, parameters.own_ridge);
    h.net =
        make_net(features, n, parameters.hidden, static_cast<Eigen::Index>(parameters.remembered));
    h.weight.resize(n, kExperts);
    h.weight.rowwise() = Eigen::Array<float, 1, kExperts>(0.1F, 0.15F, 0.15F, 0.6F);
    h.interval = make_interval(n, parameters.coverage);
    h.score = {Values::Zero(n), Values::Zero(n), Values::Zero(n), Values::Zero(n)};
    h.made.resize(static_cast<std::size_t>(steps) + 1);
    state.horizons.push_back(std::move(h));
  }
  return state;
}

void observe(State& state, UtcTime t, std::span<const std::optional<double>> values) {
  if (values.size() != state.places) {
    ++state.counters["forecast.wrong_size"];
    return;
  }
  if (t.us < 0) {
    ++state.counters["forecast.before_1970"];
    return;
  }
  const auto step = t.us / (static_cast<std::int64_t>(state.parameters.step_s) * 1'000'000);
  if (state.started && step <= state.step) {
    ++state.counters["forecast.older"];
    return;
  }
  const auto n = static_cast<Eigen::Index>(state.places);
  Values y = Values::Zero(n);
  Values known = Values::Zero(n);
  // After a day of silence nothing short-lived is left to age.
  const auto first = state.started ? std::max(step - state.slots, state.step + 1) : step;
  state.started = true;
  state.step = first - 1;
  for (auto missing = first; missing < step; ++missing) {
    ++state.counters["forecast.gap"];
    advance(state, y, known);
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto& v = values[static_cast<std::size_t>(i)];
    if (!v) continue;
    if (!std::isfinite(*v)) {
      ++state.counters["forecast.not_finite"];
    } else if (state.parameters.non_negative && *v < 0) {
      ++state.counters["forecast.negative"];
    } else {
      y(i) = static_cast<float>(*v);
      known(i) = 1;
    }
  }
  advance(state, y, known);
}

void learn(State& state, UtcTime first, std::span<const std::vector<std::optional<double>>> rows) {
  auto t = first;
  for (const auto& row : rows) {
    observe(state, t, row);
    t = t + std::chrono::seconds(state.parameters.step_s);
  }
}

void remake(State& state) {
  if (!state.started || !state.profile.ready) return;
  for (std::size_t h = 0; h < state.horizons.size(); ++h) make_forecast(state, h);
}

const Forecast& forecast(const State& state, std::size_t h) {
  ensure(h < state.horizons.size());
  const auto& made = state.horizons[h].made;
  return made[static_cast<std::size_t>((state.step + state.horizons[h].steps) %
                                       static_cast<std::int64_t>(made.size()))]
      .forecast;
}

const Score& score(const State& state, std::size_t h) {
  ensure(h < state.horizons.size());
  return state.horizons[h].score;
}

}  // namespace dispecer::forecast
