#include "fusion/traffic/flow_solver.h"

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>

#include "fusion/model/ensure.h"

namespace dispecer::traffic {

using Matrix = Eigen::SparseMatrix<double>;

struct FlowSolver::Impl {
  std::size_t links = 0;
  std::vector<Row> rows;
  Matrix normal;  // lower triangle
  Eigen::SimplicialLDLT<Matrix, Eigen::Lower> factor;
  Eigen::VectorXd right;
  Eigen::VectorXd unit;
  bool factored = false;
  std::vector<int> diagonal;  // where (i, i) stands among the values
  struct Entry {
    std::uint32_t row;
    int position;
    double product;
  };
  std::vector<Entry> entries;

  Impl(std::size_t n, std::vector<Row> all) : links(n), rows(std::move(all)) {
    const auto size = static_cast<Eigen::Index>(n);
    std::vector<Eigen::Triplet<double>> triplets;
    for (Eigen::Index i = 0; i < size; ++i) triplets.emplace_back(i, i, 1.0);
    for (const auto& row : rows) {
      ensure(row.links.size() == row.coefficients.size());
      for (const auto a : row.links) {
        ensure(a < n);
        for (const auto b : row.links) {
          if (a >= b) triplets.emplace_back(static_cast<int>(a), static_cast<int>(b), 0.0);
        }
      }
    }
    normal.resize(size, size);
    normal.setFromTriplets(triplets.begin(), triplets.end());
    normal.makeCompressed();
    for (std::uint32_t i = 0; i < n; ++i) diagonal.push_back(position(i, i));
    for (std::uint32_t r = 0; r < rows.size(); ++r) {
      const auto& row = rows[r];
      for (std::size_t i = 0; i < row.links.size(); ++i) {
        for (std::size_t j = 0; j < row.links.size(); ++j) {
          if (row.links[i] < row.links[j]) continue;
          entries.push_back(
              {r, position(row.links[i], row.links[j]), row.coefficients[i] * row.coefficients[j]});
        }
      }
    }
    right.resize(size);
    unit = Eigen::VectorXd::Zero(size);
    if (n > 0) factor.analyzePattern(normal);
  }

  [[nodiscard]] int position(std::uint32_t row, std::uint32_t column) const {
    const int* begin = normal.innerIndexPtr() + normal.outerIndexPtr()[column];
    const int* end = normal.innerIndexPtr() + normal.outerIndexPtr()[column + 1];
    return static_cast<int>(std::lower_bound(begin, end, static_cast<int>(row)) -
                            normal.innerIndexPtr());
  }
};

FlowSolver::FlowSolver(std::size_t links, std::vector<Row> rows)
    : impl_(std::make_unique<Impl>(links, std::move(rows))) {}
FlowSolver::FlowSolver(const FlowSolver& other)
    : impl_(std::make_unique<Impl>(other.impl_->links, other.impl_->rows)) {}
FlowSolver& FlowSolver::operator=(const FlowSolver& other) {
  if (this != &other) impl_ = std::make_unique<Impl>(other.impl_->links, other.impl_->rows);
  return *this;
}
FlowSolver::FlowSolver(FlowSolver&&) noexcept = default;
FlowSolver& FlowSolver::operator=(FlowSolver&&) noexcept = default;
FlowSolver::~FlowSolver() = default;

std::size_t FlowSolver::links() const {
  return impl_->links;
}
const std::vector<FlowSolver::Row>& FlowSolver::rows() const {
  return impl_->rows;
}

bool FlowSolver::solve(const Problem& problem, std::span<double> x) {
  auto& im = *impl_;
  const std::size_t n = im.links;
  ensure(problem.row_sd.size() == im.rows.size() && problem.measured.size() == n &&
         problem.prior.size() == n && problem.prior_sd.size() == n && x.size() == n);
  if (n == 0) return true;
  Eigen::VectorXd solution;
  // The second pass takes weight from measurements that the first one could not explain.
  for (int pass = 0; pass < 2; ++pass) {
    double* values = im.normal.valuePtr();
    std::fill(values, values + im.normal.nonZeros(), 0.0);
    for (const auto& e : im.entries) {
      const double sd = problem.row_sd[e.row];
      values[e.position] += e.product / (sd * sd);
    }
    bool outlier = false;
    for (std::size_t i = 0; i < n; ++i) {
      const auto at = static_cast<Eigen::Index>(i);
      double weight = 1.0 / (problem.prior_sd[i] * problem.prior_sd[i]);
      im.right[at] = weight * problem.prior[i];
      if (const auto& m = problem.measured[i]) {
        double w = 1.0 / (m->sd * m->sd);
        if (pass > 0) {
          const double residual = std::abs(solution[at] - m->flow) / m->sd;
          if (residual > problem.huber) {
            w *= problem.huber / residual;
            outlier = true;
          }
        }
        weight += w;
        im.right[at] += w * m->flow;
      }
      values[im.diagonal[i]] += weight;
    }
    if (pass > 0 && !outlier) break;
    im.factor.factorize(im.normal);
    im.factored = im.factor.info() == Eigen::Success;
    if (!im.factored) return false;
    solution = im.factor.solve(im.right);
  }
  if (!solution.allFinite()) {
    im.factored = false;
    return false;
  }
  for (std::size_t i = 0; i < n; ++i) x[i] = std::max(0.0, solution[static_cast<Eigen::Index>(i)]);
  return true;
}

double FlowSolver::variance(std::uint32_t link) {
  auto& im = *impl_;
  ensure(im.factored && link < im.links);
  im.unit[link] = 1.0;
  const Eigen::VectorXd column = im.factor.solve(im.unit);
  im.unit[link] = 0.0;
  return std::max(0.0, column[link]);
}

}  // namespace dispecer::traffic
