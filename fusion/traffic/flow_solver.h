// Link flows by sparse weighted least squares. Minimises over x (veh/h per link)
//
//   sum_r ((a_r . x) / q_r)^2  +  sum_i ((x_i - y_i) / s_i)^2  +  sum_i ((x_i - p_i) / t_i)^2
//
// rows r: conservation across a junction (a_r . x = 0 in truth); y: what loops counted; p: prior.
// The normal matrix is symmetric, positive definite and of constant pattern: its elimination order
// is found once, the factor anew with each solve (Eigen SimplicialLDLT, one thread).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace dispecer::traffic {

class FlowSolver {
 public:
  struct Row {
    std::vector<std::uint32_t> links;  // each at most once
    std::vector<double> coefficients;
    bool operator==(const Row&) const = default;
  };
  struct Measurement {
    double flow = 0;  // veh/h
    double sd = 1;    // > 0
  };
  struct Problem {
    std::span<const double> row_sd;                        // one per row, > 0
    std::span<const std::optional<Measurement>> measured;  // one per link
    std::span<const double> prior;                         // one per link
    std::span<const double> prior_sd;                      // one per link, > 0
    double huber = 3;  // a measurement further off than so many sd counts as if it were so far off
  };

  FlowSolver(std::size_t links, std::vector<Row> rows);
  FlowSolver(const FlowSolver& other);
  FlowSolver& operator=(const FlowSolver& other);
  FlowSolver(FlowSolver&&) noexcept;
  FlowSolver& operator=(FlowSolver&&) noexcept;
  ~FlowSolver();

  [[nodiscard]] std::size_t links() const;
  [[nodiscard]] const std::vector<Row>& rows() const;

  // Writes the estimate (one per link, not below 0) to `x`. False where the matrix could not be
  // factorised (a weight was not a number); `x` then stays.
  bool solve(const Problem& problem, std::span<double> x);
  // Variance of one link in the last successful solve, (veh/h)^2.
  double variance(std::uint32_t link);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dispecer::traffic
