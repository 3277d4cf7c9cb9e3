#include "tests/bench/estimate/synthetic.h"

#include <time.h>

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "fusion/traffic/traffic.h"

namespace dispecer::bench {
namespace {

double cpu_ms() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

// Processor time, so that others on the machine count less.
template <class Fn>
double milliseconds(Fn&& fn) {
  const double begin = cpu_ms();
  fn();
  return cpu_ms() - begin;
}

// Median over `times` runs: the machine is shared.
template <class Fn>
double median_ms(int times, Fn&& fn) {
  std::vector<double> all;
  for (int i = 0; i < times; ++i) all.push_back(milliseconds(fn));
  return percentile(std::move(all), 0.5);
}

struct Town {
  Network network;
  std::map<JunctionId, JunctionSignals> signals;
};

std::string name_of(int row, int column) {
  return std::to_string(row) + "." + std::to_string(column);
}

Town make_town(std::size_t links, std::mt19937_64& rng) {
  // A square of n x n junctions has 4 n (n - 1) links inside and 8 n to and from the outside.
  const int n = std::max(
      2,
      static_cast<int>(std::lround((std::sqrt(16.0 + 16.0 * static_cast<double>(links)) - 4) / 8)));
  Town town;
  std::map<std::string, std::vector<std::pair<std::string, int>>> into;  // junction: link, heading
  std::map<std::string, std::vector<std::pair<std::string, int>>> out_of;
  std::uniform_real_distribution<double> metres(120, 400);
  constexpr int kRow[] = {0, 1, 0, -1};
  constexpr int kColumn[] = {1, 0, -1, 0};
  const auto inside = [&](int r, int c) { return r >= 0 && r < n && c >= 0 && c < n; };
  for (int r = -1; r <= n; ++r) {
    for (int c = -1; c <= n; ++c) {
      for (int h = 0; h < 4; ++h) {
        const int r2 = r + kRow[h];
        const int c2 = c + kColumn[h];
        if (!inside(r, c) && !inside(r2, c2)) continue;
        const bool corner = (r < 0 || r >= n) && (c < 0 || c >= n);
        if (corner || r2 < -1 || r2 > n || c2 < -1 || c2 > n) continue;
        Link link;
        link.id = LinkId(name_of(r, c) + ">" + name_of(r2, c2));
        link.from = JunctionId(name_of(r, c));
        link.to = JunctionId(name_of(r2, c2));
        link.length = Metres{metres(rng)};
        link.lanes = 1 + static_cast<std::uint32_t>(rng() % 2);
        link.speed_limit = MetresPerSecond{13.9};
        link.saturation_flow = Flow{1800.0 * link.lanes};
        out_of[link.from.str()].emplace_back(link.id.str(), h);
        into[link.to.str()].emplace_back(link.id.str(), h);
        town.network.links.push_back(std::move(link));
      }
    }
  }
  for (const auto& [junction, arms] : into) {
    const auto exits = out_of.find(junction);
    if (exits == out_of.end() || arms.size() < 2) continue;
    JunctionSignals signals;
    signals.junction = JunctionId(junction);
    signals.groups.resize(2);
    signals.groups[0].id = SignalGroupId("a");
    signals.groups[1].id = SignalGroupId("b");
    town.signals[signals.junction] = signals;
    for (const auto& [from, heading] : arms) {
      for (const auto& [to, onward] : exits->second) {
        if ((onward + 2) % 4 == heading) continue;
        Movement m;
        m.id = MovementId(from + "/" + to);
        m.junction = signals.junction;
        m.from = LinkId(from);
        m.to = LinkId(to);
        m.turn = onward == heading             ? Turn::straight
                 : onward == (heading + 1) % 4 ? Turn::right
                                               : Turn::left;
        m.group = SignalGroupId(heading % 2 == 0 ? "a" : "b");
        m.saturation_flow = Flow{1800};
        m.share = Ratio{m.turn == Turn::straight ? 0.6 : 0.2};
        town.network.movements.push_back(std::move(m));
      }
    }
  }
  for (const auto& link : town.network.links) {
    const bool signalled = town.signals.contains(link.to);
    if (!signalled || rng() % 10 >= 3) continue;
    for (std::uint32_t lane = 0; lane < link.lanes; ++lane) {
      Detector d;
      d.id = DetectorId(link.id.str() + "." + std::to_string(lane));
      d.kind = DetectorKind::advance;
      d.junction = link.to;
      d.link = link.id;
      d.lane = lane;
      d.to_stop_line = Metres{60};
      town.network.detectors.push_back(std::move(d));
    }
  }
  return town;
}

struct Plain {
  double factor_ms = 0;
  double solve_ms = 0;
};

Plain measure_plain(const traffic::FlowSolver& solver, int times) {
  const auto n = static_cast<Eigen::Index>(solver.links());
  std::vector<Eigen::Triplet<double>> triplets;
  for (const auto& v : solver.normal()) {
    triplets.emplace_back(static_cast<int>(v.row), static_cast<int>(v.column), v.value);
  }
  Eigen::SparseMatrix<double> matrix(n, n);
  matrix.setFromTriplets(triplets.begin(), triplets.end());
  Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>, Eigen::Lower> ldlt;
  ldlt.analyzePattern(matrix);
  Plain out;
  out.factor_ms = median_ms(times, [&] { ldlt.factorize(matrix); });
  const Eigen::VectorXd b = Eigen::VectorXd::Ones(n);
  Eigen::VectorXd x(n);
  out.solve_ms = median_ms(times, [&] { x = ldlt.solve(b); });
  return out;
}

}  // namespace

const char* describe_synthetic() {
  return R"(
With --synthetic N: a made-up grid of about N links, a signal at each junction, loops on 30 % of the
links (all lanes). Medians of processor time; one thread.
  factor_ms             weights into the normal matrix and its factor anew
  solve_ms              one estimate of all links with the factor at hand
  step_ms               one second of the whole traffic estimator (flows, queues, health, incidents)
  step_worst_ms         the longest of 130 such seconds: those that weigh anew
  plain_factor_ms, plain_solve_ms   Eigen's SimplicialLDLT on the same matrix, pattern known
  links, matrix_nonzeros_count, factor_nonzeros_count
)";
}

Figures measure_synthetic(std::size_t links) {
  std::mt19937_64 rng(1);
  const auto town = make_town(links, rng);
  double setup_ms = 0;
  std::optional<traffic::State> state;
  setup_ms = milliseconds([&] { state.emplace(traffic::make_state(town.network, town.signals)); });
  const auto& net = town.network;
  // A minute-long programme: the two groups in turn; loops count at random.
  std::map<JunctionId, DetectorBatch> batches;
  for (const auto& d : net.detectors) {
    auto& batch = batches[d.junction];
    batch.junction = d.junction;
    batch.samples.push_back({d.id, 0, Ratio{0}, false, std::nullopt, false});
  }
  std::vector<double> steps;
  UtcTime now{1'700'000'000'000'000};
  for (int s = 0; s < 150; ++s) {
    const auto next = now + std::chrono::seconds(1);
    for (const auto& [id, signals] : town.signals) {
      SignalObservation seen;
      seen.junction = id;
      seen.t = next;
      seen.link = CommLink::connected;
      const bool first = s % 60 < 30;
      seen.groups = {first ? Aspect::green : Aspect::red, first ? Aspect::red : Aspect::green};
      traffic::apply(*state, seen);
    }
    for (auto& [id, batch] : batches) {
      batch.from = now;
      batch.to = next;
      for (auto& sample : batch.samples) {
        sample.count = rng() % 9 == 0 ? 1 : 0;
        sample.occupancy.value = sample.count > 0 ? 0.5 : 0.0;
      }
      traffic::apply(*state, batch);
    }
    now = next;
    const double took = milliseconds([&] { (void)traffic::step(*state, now); });
    if (s >= 20) steps.push_back(took);
  }
  const traffic::FlowSolver::Problem problem{state->row_sd, state->hour_measured, state->prior,
                                             state->prior_sd, 3};
  auto& solver = state->hour_solver;
  Figures out;
  constexpr int kTimes = 31;
  out.add("factor_ms", median_ms(kTimes, [&] { (void)solver.factorise(problem); }), "ms");
  out.add("solve_ms", median_ms(kTimes, [&] { (void)solver.solve(problem, state->solution); }),
          "ms");
  out.add("step_ms", percentile(steps, 0.5), "ms");
  out.add("step_worst_ms", percentile(steps, 1.0), "ms");
  const auto plain = measure_plain(solver, kTimes);
  out.add("plain_factor_ms", plain.factor_ms, "ms");
  out.add("plain_solve_ms", plain.solve_ms, "ms");
  out.add("setup_ms", setup_ms, "ms");
  out.add("links", static_cast<double>(net.links.size()), "count");
  out.add("matrix_nonzeros_count", static_cast<double>(solver.normal().size()), "count");
  out.add("factor_nonzeros_count", static_cast<double>(solver.factor_nonzeros()), "count");
  return out;
}

}  // namespace dispecer::bench
