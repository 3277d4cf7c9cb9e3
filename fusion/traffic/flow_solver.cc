#include "fusion/traffic/flow_solver.h"

#include <algorithm>
#include <cmath>

#include "fusion/model/ensure.h"

namespace dispecer::traffic {
namespace {

std::vector<SparseFactor::Place> pattern(std::size_t n, const std::vector<FlowSolver::Row>& rows) {
  std::vector<SparseFactor::Place> places;
  for (std::uint32_t i = 0; i < n; ++i) places.push_back({i, i});
  for (const auto& row : rows) {
    ensure(row.links.size() == row.coefficients.size() && row.links.size() < 65536);
    for (const auto a : row.links) {
      ensure(a < n);
      for (const auto b : row.links) {
        if (a > b) places.push_back({a, b});
      }
    }
  }
  const auto before = [](const SparseFactor::Place& x, const SparseFactor::Place& y) {
    return x.column != y.column ? x.column < y.column : x.row < y.row;
  };
  std::sort(places.begin(), places.end(), before);
  const auto same = [](const SparseFactor::Place& x, const SparseFactor::Place& y) {
    return x.column == y.column && x.row == y.row;
  };
  places.erase(std::unique(places.begin(), places.end(), same), places.end());
  return places;
}

}  // namespace

FlowSolver::FlowSolver(std::size_t links, std::vector<Row> rows)
    : links_(links), rows_(std::move(rows)), places_(pattern(links, rows_)) {
  const auto find = [&](std::uint32_t row, std::uint32_t column) {
    const auto it =
        std::lower_bound(places_.begin(), places_.end(), SparseFactor::Place{row, column},
                         [](const auto& x, const auto& y) {
                           return x.column != y.column ? x.column < y.column : x.row < y.row;
                         });
    return static_cast<std::uint32_t>(it - places_.begin());
  };
  for (std::uint32_t i = 0; i < links_; ++i) diagonal_.push_back(find(i, i));
  for (std::uint32_t r = 0; r < rows_.size(); ++r) {
    const auto& row = rows_[r];
    for (std::uint16_t a = 0; a < row.links.size(); ++a) {
      for (std::uint16_t b = 0; b < row.links.size(); ++b) {
        if (row.links[a] < row.links[b]) continue;
        entries_.push_back({r, find(row.links[a], row.links[b]), a, b});
      }
    }
  }
  values_.resize(places_.size());
  weight_.resize(links_);
  right_.resize(links_);
  if (links_ > 0) factor_.emplace_back(links_, places_);
}

bool FlowSolver::fill_and_factorise(const Problem& problem) {
  std::fill(values_.begin(), values_.end(), 0.0);
  for (const auto& e : entries_) {
    const double sd = problem.row_sd[e.row];
    const auto& c = rows_[e.row].coefficients;
    values_[e.position] += c[e.a] * c[e.b] / (sd * sd);
  }
  for (std::size_t i = 0; i < links_; ++i) {
    values_[diagonal_[i]] += weight_[i] + 1 / (problem.prior_sd[i] * problem.prior_sd[i]);
  }
  factored_ = factor_.front().factorise(values_);
  return factored_;
}

bool FlowSolver::factorise(const Problem& problem) {
  ensure(problem.row_sd.size() == rows_.size() && problem.measured.size() == links_ &&
         problem.prior_sd.size() == links_);
  if (links_ == 0) return true;
  for (std::size_t i = 0; i < links_; ++i) weight_[i] = problem.measured[i].weight;
  return fill_and_factorise(problem);
}

bool FlowSolver::solve(const Problem& problem, std::span<double> x) {
  ensure(problem.measured.size() == links_ && problem.prior.size() == links_ &&
         problem.prior_sd.size() == links_ && x.size() == links_);
  if (links_ == 0) return true;
  if (!factored_) return false;
  for (std::size_t i = 0; i < links_; ++i) {
    right_[i] = problem.prior[i] / (problem.prior_sd[i] * problem.prior_sd[i]) +
                weight_[i] * problem.measured[i].flow;
  }
  factor_.front().solve(right_);
  for (const double v : right_) {
    if (!std::isfinite(v)) return false;
  }
  for (std::size_t i = 0; i < links_; ++i) x[i] = std::max(0.0, right_[i]);
  return true;
}

bool FlowSolver::solve_again(const Problem& problem, std::span<double> x) {
  bool outlier = false;
  for (std::size_t i = 0; i < links_; ++i) {
    if (weight_[i] <= 0) continue;
    const double residual = std::abs(right_[i] - problem.measured[i].flow) * std::sqrt(weight_[i]);
    if (residual <= problem.huber) continue;
    weight_[i] *= problem.huber / residual;
    outlier = true;
  }
  return !outlier || (fill_and_factorise(problem) && solve(problem, x));
}

double FlowSolver::variance(std::uint32_t link) {
  ensure(factored_ && link < links_);
  std::fill(right_.begin(), right_.end(), 0.0);
  right_[link] = 1;
  factor_.front().solve(right_);
  return std::max(0.0, right_[link]);
}

std::vector<FlowSolver::Value> FlowSolver::normal() const {
  std::vector<Value> out;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    out.push_back({places_[i].row, places_[i].column, values_[i]});
  }
  return out;
}

}  // namespace dispecer::traffic
