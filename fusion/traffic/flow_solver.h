// Link flows by sparse weighted least squares. Minimises over x (veh/h per link)
//
//   sum_r ((a_r . x) / q_r)^2  +  sum_i ((x_i - y_i) / s_i)^2  +  sum_i ((x_i - p_i) / t_i)^2
//
// rows r: conservation across a junction (a_r . x = 0 in truth); y: what loops counted; p: prior.
// The normal matrix is symmetric, positive definite and of constant pattern. Weights and
// coefficients change rarely (factorise), what was counted each second (solve); neither allocates.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fusion/traffic/sparse_factor.h"

namespace dispecer::traffic {

class FlowSolver {
 public:
  struct Row {
    std::vector<std::uint32_t> links;  // each at most once
    std::vector<double> coefficients;
    bool operator==(const Row&) const = default;
  };
  struct Measurement {
    double flow = 0;    // veh/h
    double weight = 0;  // 1/sd^2; 0 = not measured
  };
  struct Problem {
    std::span<const double> row_sd;         // one per row, > 0
    std::span<const Measurement> measured;  // one per link
    std::span<const double> prior;          // one per link
    std::span<const double> prior_sd;       // one per link, > 0
    double huber = 3;  // a measurement further off than so many sd counts as if it were so far off
  };

  FlowSolver() = default;
  FlowSolver(std::size_t links, std::vector<Row> rows);

  [[nodiscard]] std::size_t links() const { return links_; }
  [[nodiscard]] std::span<const Row> rows() const { return rows_; }
  // New coefficients of a row; its links stay. Takes effect with the next factorise().
  std::span<double> coefficients(std::size_t row) { return rows_[row].coefficients; }

  // Weights of the problem into the factor. False where a weight was not a number.
  bool factorise(const Problem& problem);
  // With the last factor: writes the estimate (one per link, not below 0) to `x`. The weights must
  // be those of factorise(). False where the result is no number; `x` then stays.
  bool solve(const Problem& problem, std::span<double> x);
  // Takes weight from measurements that the last solve() of `problem` could not explain and does
  // both again. True at once where there were none.
  bool solve_again(const Problem& problem, std::span<double> x);
  // Both, twice.
  bool solve_robust(const Problem& problem, std::span<double> x) {
    return factorise(problem) && solve(problem, x) && solve_again(problem, x);
  }

  // Of the last factor: variance of one link, (veh/h)^2. Costs a solve.
  double variance(std::uint32_t link);
  // Variances of all links, a part at a time: begin with the present factor, then do so much of
  // variances_work() until it returns true.
  void begin_variances() {
    if (links_ > 0) factor_.front().begin_inverse();
  }
  bool go_on_variances(std::uint64_t work) {
    return links_ == 0 || factor_.front().go_on_inverse(work);
  }
  [[nodiscard]] std::uint64_t variances_work() const {
    return links_ == 0 ? 0 : factor_.front().inverse_work();
  }
  [[nodiscard]] double last_variance(std::uint32_t link) const {
    return factor_.front().inverse_diagonal(link);
  }
  // Weight that the last factorise() gave the measurement of a link.
  [[nodiscard]] double used_weight(std::uint32_t link) const { return weight_[link]; }
  [[nodiscard]] bool factored() const { return factored_; }
  [[nodiscard]] std::size_t factor_nonzeros() const { return factor_.front().nonzeros(); }

  // The lower triangle of the normal matrix, for comparison with other solvers.
  struct Value {
    std::uint32_t row = 0;
    std::uint32_t column = 0;
    double value = 0;
  };
  [[nodiscard]] std::vector<Value> normal() const;

 private:
  struct Entry {
    std::uint32_t row;
    std::uint32_t position;
    std::uint16_t a;  // of the row's coefficients
    std::uint16_t b;
  };
  bool fill_and_factorise(const Problem& problem);

  std::size_t links_ = 0;
  std::vector<Row> rows_;
  std::vector<SparseFactor::Place> places_;
  std::vector<std::uint32_t> diagonal_;
  std::vector<Entry> entries_;
  std::vector<double> values_;
  std::vector<double> weight_;
  std::vector<double> right_;
  std::vector<SparseFactor> factor_;  // one where there are links
  bool factored_ = false;
};

}  // namespace dispecer::traffic
