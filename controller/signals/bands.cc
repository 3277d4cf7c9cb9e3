#include "controller/signals/bands.h"

#include <algorithm>
#include <cmath>

#include "controller/signals/decide.h"

namespace dispecer::signals {
namespace {

constexpr int kMostBand = 99;             // s, two digits in S0023
constexpr int kLeastMove = 2;             // s in all: less is not worth an order
constexpr double kSlack = 1.5;            // s by which what is observed may lag
constexpr std::uint32_t kTimeoutMin = 3;  // longer than the controller keeps our plan without us

bool allowed(const Ring& ring, const std::vector<int>& bands, std::size_t free, double ends) {
  const std::size_t n = ring.size();
  for (std::size_t i = free; i < n; ++i) {
    const double green = ring.green(i, bands);
    const double own = ring.green(i);
    if (i + 1 < n && (bands[i] < 0 || bands[i] > kMostBand)) return false;
    if (green > own && green > ring.stages[i].most) return false;
    if (green < own && green < ring.stages[i].least) return false;
    if (green < std::floor(ring.stages[i].floor)) return false;
  }
  if (ring.start(n - 1, bands) >= ring.cycle) return false;
  const double green_end = ring.start(free, bands) + ring.green(free, bands);
  return free + 1 >= n || green_end >= ends;
}

// Which stage of the ring should run at `at`; those who lag a little are still in step.
std::optional<std::size_t> place(const Ring& ring, const std::vector<int>& bands, double at,
                                 std::uint32_t stage) {
  for (std::size_t i = ring.size(); i-- > 0;) {
    if (ring.start(i, bands) <= at + kSlack) {
      if (ring.stages[i].stage == stage) return i;
      // Just over the edge the stage before may not have been seen to end.
      if (i > 0 && ring.start(i, bands) > at - kSlack && ring.stages[i - 1].stage == stage) {
        return i - 1;
      }
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::string list(const std::vector<int>& bands) {
  std::string out;
  for (const int b : bands) out += (out.empty() ? "" : "+") + std::to_string(b);
  return out;
}

}  // namespace

BandsOrder bands_order(const Ring& ring, const std::vector<int>& bands) {
  BandsOrder order{ring.plan, {}, kTimeoutMin};
  for (std::size_t i = 0; i < bands.size(); ++i) {
    order.bands.push_back(
        {static_cast<std::uint32_t>(i + 1), Seconds{static_cast<double>(bands[i])}});
  }
  return order;
}

std::vector<int> local_split(const Ring& ring, const Ring& local) {
  const std::size_t n = ring.size();
  std::vector<int> out(n - 1, 0);
  double has = 0;
  double had = 0;
  for (std::size_t i = 0; i < n; ++i) {
    has += ring.green(i);
    had += local.green(i);
  }
  double left = ring.green(n - 1) - ring.stages[n - 1].least;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double wanted = std::round(local.green(i) * has / had - ring.green(i));
    const double most = std::min({99.0, left, ring.stages[i].most - ring.green(i)});
    out[i] = static_cast<int>(std::max(0.0, std::min(wanted, std::floor(most))));
    left -= out[i];
  }
  return out;
}

BandsChoice choose_bands(const Ring& ring, const std::vector<int>& kept, std::size_t free,
                         double ends, double at, const CycleForecast& forecast) {
  BandsChoice best;
  best.bands = kept;
  best.keep_cost = forecast.cost(ring, kept, at);
  best.cost = allowed(ring, kept, free, ends) ? best.keep_cost : 1e12;
  if (best.cost >= 1e12) {
    // What is wanted is not possible, or not any more: the least that is comes first.
    auto next = kept;
    for (std::size_t i = free; i + 1 < ring.size(); ++i) {
      const double lacks = std::floor(ring.stages[i].floor) - ring.green(i, next);
      next[i] = std::max(0, next[i] + std::max(0, static_cast<int>(std::ceil(lacks))));
    }
    for (int more = 0; more <= kMostBand && best.cost >= 1e12; ++more, ++next[free]) {
      if (allowed(ring, next, free, ends)) {
        best = {next, forecast.cost(ring, next, at), best.keep_cost};
      }
    }
    if (best.cost >= 1e12) return best;
  }
  const auto attempt = [&](std::size_t from, std::size_t to, int seconds) {
    auto next = best.bands;
    if (from < next.size()) next[from] -= seconds;
    if (to < next.size()) next[to] += seconds;
    if (!allowed(ring, next, free, ends)) return false;
    const double cost = forecast.cost(ring, next, at);
    if (cost >= best.cost - 1e-3) return false;
    best.bands = std::move(next);
    best.cost = cost;
    return true;
  };
  // Index n - 1 stands for the last stage, which pays.
  for (const int seconds : {8, 4, 2, 1}) {
    for (int round = 0; round < 12; ++round) {
      bool better = false;
      for (std::size_t from = free; from < ring.size(); ++from) {
        for (std::size_t to = free; to < ring.size(); ++to) {
          if (from != to) better = attempt(from, to, seconds) || better;
        }
      }
      if (!better) break;
    }
  }
  return best;
}

BandsStep step_bands(const Site& site, const Ring& ring, Memory& memory, const JunctionView& view,
                     const std::vector<BusDemand>& buses, UtcTime now, const SignalParameters& p) {
  BandsStep out;
  auto& m = memory.plans;
  const std::size_t n = ring.size();
  auto& inputs = out.reason.inputs;
  if (m.bands_plan != ring.plan || m.bands.size() + 1 != n) {
    m.bands_plan = ring.plan;
    m.bands.assign(n - 1, 0);
    m.bands_before = m.bands;
    m.bands_sure = false;
    m.bands_repeats = 0;
  }
  if (memory.stage == kNone) {
    out.reason.rule = "between_stages";
    return out;
  }
  const double at = ring.from_first(*view.signal->cycle_second + view.signal_age);
  auto here = place(ring, m.bands, at, memory.stage);
  if (!here && m.bands != m.bands_before) {
    here = place(ring, m.bands_before, at, memory.stage);
    if (here) m.bands = m.bands_before;
  }
  // In the planned green of the first stage no band has begun to run, whatever they are.
  const bool begins =
      memory.stage == ring.stages[0].stage && at < ring.start(1) - ring.stages[0].between;
  if (begins) here = 0;
  if (!here) m.bands_sure = false;
  if (!here || (!m.bands_sure && !begins)) {
    out.reason.rule = "bands_join";
    return out;
  }
  inputs.push_back({"bands_s", list(m.bands)});
  const double since = m.bands_sent ? in_seconds(now - *m.bands_sent) : 1e9;
  const double weighed = m.bands_weighed ? in_seconds(now - *m.bands_weighed) : 1e9;
  out.reason.rule = "bands_hold";
  if (since < p.bands_gap_s || (weighed < p.bands_gap_s && m.bands_sure)) return out;
  m.bands_weighed = now;
  // What an order changes must not have happened when it arrives, by either set of bands.
  const double ends = at + p.bands_lead_s;
  std::size_t free = *here;
  const auto end_of = [&](const std::vector<int>& bands) {
    return ring.start(free, bands) + ring.green(free, bands);
  };
  if (free + 1 < n && std::min(end_of(m.bands), end_of(m.bands_before)) < ends && !begins) ++free;
  if (free + 1 >= n) return out;

  const CycleForecast forecast(site, view, m.pressed, buses, p);
  const auto choice = choose_bands(ring, m.bands, free, free == *here ? ends : 0, at, forecast);
  if (choice.cost >= 1e12) return out;
  const double gain = choice.keep_cost - choice.cost;
  int moved = 0;
  for (std::size_t i = 0; i < m.bands.size(); ++i) moved += std::abs(choice.bands[i] - m.bands[i]);
  const bool changes = moved >= kLeastMove &&
                       gain > std::max(p.bands_least_gain, p.bands_least_share * choice.keep_cost);
  inputs.push_back({"stay_cost_veh_s", text(choice.keep_cost)});
  if (!changes && m.bands_repeats == 0 && m.bands_sure) return out;
  if (changes || !m.bands_sure) {
    m.bands_before = m.bands_sure ? m.bands : choice.bands;
    m.bands = choice.bands;
    m.bands_repeats = 1;
    m.bands_sure = true;
    out.reason.rule = "bands_split";
    out.reason.otherwise = "bands_hold";
    inputs.push_back({"target_cost_veh_s", text(choice.cost)});
    inputs.push_back({"bands_new_s", list(m.bands)});
  } else {
    --m.bands_repeats;
    m.bands_before = m.bands;
    out.reason.rule = "bands_repeat";
  }
  m.bands_sent = now;
  m.ours = true;
  out.order = bands_order(ring, m.bands);
  return out;
}

}  // namespace dispecer::signals
