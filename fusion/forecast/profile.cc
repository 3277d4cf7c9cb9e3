#include "fusion/forecast/profile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace dispecer::forecast {
namespace {

struct Group {
  std::vector<const Day*> days;
  std::vector<float> weight;
};

Group group_of(std::span<const Day> history, const Parameters& p, bool (*in)(DayKind)) {
  Group g;
  for (const auto& day : history) {
    if (!in(day.kind)) continue;
    const auto age = static_cast<double>(history.front().day - day.day);
    g.days.push_back(&day);
    g.weight.push_back(static_cast<float>(std::exp2(-age / p.day_half_life)));
  }
  return g;
}

struct Mean {
  Grid value;   // places x slots
  Grid weight;  // sum of the weights behind each
};

// `centre` and `scale` make the Huber weights; without them all days weigh alike.
Mean mean_of(const Group& g, const Grid& like, const Grid* centre, const Grid* scale) {
  Mean m{Grid::Zero(like.rows(), like.cols()), Grid::Zero(like.rows(), like.cols())};
  for (std::size_t i = 0; i < g.days.size(); ++i) {
    Grid w = g.days[i]->known * g.weight[i];
    if (centre != nullptr)
      w *= (1.5F * *scale / (g.days[i]->value - *centre).abs().max(*scale * 1e-3F)).min(1.0F);
    m.value += w * g.days[i]->value;
    m.weight += w;
  }
  m.value = (m.weight > 0).select(m.value / m.weight.max(1e-9F), 0.0F);
  return m;
}

// Of each cell over the days that know it; 0 where none does. With a `centre`, of the distances
// from it.
Grid median_of(const Group& g, const Grid& like, const Grid* centre) {
  Grid out = Grid::Zero(like.rows(), like.cols());
  std::vector<float> cell;
  for (Eigen::Index s = 0; s < like.cols(); ++s) {
    for (Eigen::Index i = 0; i < like.rows(); ++i) {
      cell.clear();
      for (const auto* day : g.days) {
        if (day->known(i, s) < 0.5F) continue;
        const float v = day->value(i, s);
        cell.push_back(centre == nullptr ? v : std::abs(v - (*centre)(i, s)));
      }
      if (cell.empty()) continue;
      const auto middle = cell.begin() + static_cast<std::ptrdiff_t>(cell.size() / 2);
      std::nth_element(cell.begin(), middle, cell.end());
      out(i, s) = *middle;
    }
  }
  return out;
}

double days_behind(const Group& g) {
  double sum = 0;
  double squares = 0;
  for (const auto w : g.weight) {
    sum += w;
    squares += static_cast<double>(w) * w;
  }
  return squares > 0 ? sum * sum / squares : 0;
}

// Slots; about 25 minutes with one day behind, 8 with ten.
double bandwidth(double days, const Parameters& p) {
  const double minutes = std::clamp(25.0 / std::sqrt(std::max(days, 1.0)), 6.0, 25.0);
  return minutes * 60.0 / p.step_s;
}

// Distances beyond three of the median distance count as three: one strange day must not make every
// other one look usual.
Grid scale_of(const Group& g, const Grid& centre, const Parameters& p, const Grid& fallback) {
  const double sd = 45.0 * 60.0 / p.step_s;
  Grid weight = Grid::Zero(centre.rows(), centre.cols());
  for (std::size_t i = 0; i < g.days.size(); ++i) weight += g.days[i]->known * g.weight[i];
  Grid most = Grid::Constant(centre.rows(), centre.cols(), std::numeric_limits<float>::max());
  if (g.days.size() > 2)
    most = 4.5F * smooth(median_of(g, centre, &centre), weight, sd, fallback).max(1e-3F);
  Grid sum = Grid::Zero(centre.rows(), centre.cols());
  for (std::size_t i = 0; i < g.days.size(); ++i)
    sum += g.days[i]->known * g.weight[i] * (g.days[i]->value - centre).abs().min(most);
  const Grid mean = (weight > 0).select(sum / weight.max(1e-9F), 0.0F);
  // A mean absolute deviation of a normal value is 0.8 of its standard deviation; deviations from a
  // mean of n days are too small by sqrt((n-1)/n).
  const auto n = static_cast<float>(std::max(days_behind(g), 1.5));
  return smooth(mean * 1.25F * std::sqrt(n / (n - 1.0F)), weight, sd, fallback);
}

}  // namespace

Grid smooth(const Grid& value, const Grid& weight, double sd, const Grid& fallback) {
  const auto slots = value.cols();
  const auto reach =
      std::min<Eigen::Index>(static_cast<Eigen::Index>(std::ceil(2.5 * sd)), (slots - 1) / 2);
  Grid out(value.rows(), slots);
  const Grid weighted = value * weight;
  Eigen::ArrayXf sum(value.rows());
  Eigen::ArrayXf behind(value.rows());
  for (Eigen::Index s = 0; s < slots; ++s) {
    sum.setZero();
    behind.setZero();
    for (Eigen::Index d = -reach; d <= reach; ++d) {
      const double z = sd > 0 ? static_cast<double>(d) / sd : 0.0;
      const auto k = static_cast<float>(std::exp(-0.5 * z * z));
      const auto at = (s + d + slots) % slots;
      sum += k * weighted.col(at);
      behind += k * weight.col(at);
    }
    out.col(s) = (behind > 1e-6F).select(sum / behind.max(1e-6F), fallback.col(s));
  }
  return out;
}

std::size_t Profile::at(DayKind kind) const {
  const auto wanted = static_cast<std::size_t>(kind);
  if (value[wanted].size() > 0) return wanted;
  for (std::size_t k = 0; k < value.size(); ++k) {
    if (value[k].size() > 0) return k;
  }
  return wanted;
}

Profile make_profile(std::size_t places, std::size_t slots) {
  Profile p;
  const auto n = static_cast<Eigen::Index>(places);
  const auto s = static_cast<Eigen::Index>(slots);
  for (auto& g : p.value) g = Grid::Zero(n, s);
  for (auto& g : p.scale) g = Grid::Ones(n, s);
  return p;
}

void learn(Profile& profile, std::span<const Day> history, const Parameters& parameters) {
  if (history.empty()) return;
  const Grid& like = profile.value[0];
  const Grid zero = Grid::Zero(like.rows(), like.cols());

  const auto fit = [&](const Group& g, const Grid& fallback, const Grid& scale_fallback,
                       Grid& value, Grid& scale) {
    const double sd = bandwidth(days_behind(g), parameters);
    const auto mean = mean_of(g, like, nullptr, nullptr);
    value = smooth(g.days.size() < 3 ? mean.value : median_of(g, like, nullptr), mean.weight, sd,
                   fallback);
    scale = scale_of(g, value, parameters, scale_fallback).max(1e-3F);
    if (g.days.size() < 3) return;
    for (int round = 0; round < 2; ++round) {
      const auto m = mean_of(g, like, &value, &scale);
      value = smooth(m.value, m.weight, sd, fallback);
    }
    scale = scale_of(g, value, parameters, scale_fallback).max(1e-3F);
  };

  const auto all = group_of(history, parameters, [](DayKind) { return true; });
  Grid all_value;
  Grid all_scale;
  fit(all, zero, Grid::Ones(like.rows(), like.cols()), all_value, all_scale);
  // Nothing ever repeats to the last digit: no scale below a tenth of the place's usual one.
  const Eigen::ArrayXf floor =
      (0.3F * all_scale.rowwise().mean()).max(1e-3F + 0.01F * all_value.rowwise().mean().abs());

  const auto work = group_of(history, parameters, &is_workday);
  Grid work_value;
  Grid work_scale;
  fit(work, all_value, all_scale, work_value, work_scale);

  Grid free_value = all_value;
  Grid free_scale = all_scale;
  const auto set = [&](DayKind kind, const Grid& value, const Grid& scale) {
    const auto k = static_cast<std::size_t>(kind);
    profile.value[k] = value;
    profile.scale[k] = scale.max(floor.replicate(1, scale.cols()));
  };
  const auto free_day = [&](DayKind kind, bool (*in)(DayKind)) {
    const auto g = group_of(history, parameters, in);
    profile.days[static_cast<std::size_t>(kind)] = days_behind(g);
    if (!g.days.empty()) {
      // With a single day its own scatter cannot be told: it is taken from what is there.
      const Grid usual = free_scale;
      Grid value;
      fit(g, free_value, usual, value, free_scale);
      free_value = value;
      const auto n = static_cast<float>(days_behind(g) - 1);
      free_scale = ((free_scale.square() * n + usual.square() * 2.0F) / (n + 2.0F)).sqrt();
    }
    set(kind, free_value, free_scale);
  };
  free_day(DayKind::saturday, [](DayKind k) { return k == DayKind::saturday; });
  free_day(DayKind::sunday, [](DayKind k) { return k == DayKind::sunday; });
  free_day(DayKind::holiday, [](DayKind k) { return k == DayKind::holiday; });

  static constexpr std::array<bool (*)(DayKind), 5> kIs{
      [](DayKind k) { return k == DayKind::monday; },
      [](DayKind k) { return k == DayKind::tuesday; },
      [](DayKind k) { return k == DayKind::wednesday; },
      [](DayKind k) { return k == DayKind::thursday; },
      [](DayKind k) { return k == DayKind::friday; }};
  for (std::size_t k = 0; k < kIs.size(); ++k) {
    auto g = group_of(history, parameters, kIs[k]);
    profile.days[k] = days_behind(work);
    if (g.days.empty()) {
      set(static_cast<DayKind>(k), work_value, work_scale);
      continue;
    }
    const auto m = mean_of(g, like, &work_value, &work_scale);
    const auto n = static_cast<float>(days_behind(g));
    const Grid own = smooth(m.value - work_value, m.weight, 45.0 * 60.0 / parameters.step_s, zero);
    set(static_cast<DayKind>(k), work_value + own * (n / (n + 3.0F)), work_scale);
  }
  profile.ready = true;
}

}  // namespace dispecer::forecast
