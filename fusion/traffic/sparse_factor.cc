#include "fusion/traffic/sparse_factor.h"

#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>
#include <algorithm>

#include "fusion/model/ensure.h"

namespace dispecer::traffic {
namespace {

using Matrix = Eigen::SparseMatrix<double>;

// Place in the factor of each row of A.
std::vector<std::uint32_t> elimination_order(std::size_t size,
                                             std::span<const SparseFactor::Place> lower) {
  std::vector<Eigen::Triplet<double>> triplets;
  triplets.reserve(2 * lower.size());
  for (const auto& p : lower) {
    const auto r = static_cast<int>(p.row);
    const auto c = static_cast<int>(p.column);
    triplets.emplace_back(r, c, 1.0);
    if (r != c) triplets.emplace_back(c, r, 1.0);
  }
  Matrix full(static_cast<Eigen::Index>(size), static_cast<Eigen::Index>(size));
  full.setFromTriplets(triplets.begin(), triplets.end());
  Eigen::AMDOrdering<int> amd;
  Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int> order;
  amd(full, order);
  std::vector<std::uint32_t> out(size);
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint32_t>(order.indices()[static_cast<Eigen::Index>(i)]);
  }
  return out;
}

}  // namespace

SparseFactor::SparseFactor(std::size_t size, std::span<const Place> lower) : size_(size) {
  if (size == 0) return;
  order_ = elimination_order(size, lower);
  std::vector<std::uint32_t> place(size);
  for (std::uint32_t k = 0; k < size; ++k) place[order_[k]] = k;

  std::vector<std::vector<Input>> inputs(size);
  for (std::uint32_t v = 0; v < lower.size(); ++v) {
    ensure(lower[v].row < size && lower[v].column <= lower[v].row);
    const auto a = place[lower[v].row];
    const auto b = place[lower[v].column];
    inputs[std::max(a, b)].push_back({std::min(a, b), v});
  }
  // Elimination tree and the columns of each row of L (Davis, 4.1 and 4.2).
  constexpr auto kNone = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> parent(size, kNone);
  std::vector<std::uint32_t> seen(size, kNone);
  std::vector<std::uint32_t> count(size, 0);
  std::vector<std::vector<std::uint32_t>> columns(size);
  for (std::uint32_t k = 0; k < size; ++k) {
    seen[k] = k;
    for (const auto& in : inputs[k]) {
      for (auto i = in.column; seen[i] != k; i = parent[i]) {
        if (parent[i] == kNone) parent[i] = k;
        columns[k].push_back(i);
        ++count[i];
        seen[i] = k;
      }
    }
    // Ascending is topological: a column's parent stands behind it.
    std::sort(columns[k].begin(), columns[k].end());
  }
  column_start_.assign(size + 1, 0);
  for (std::size_t i = 0; i < size; ++i) column_start_[i + 1] = column_start_[i] + count[i];
  value_.resize(column_start_[size]);
  row_of_.resize(value_.size());
  std::vector<std::uint32_t> next(column_start_.begin(), column_start_.end() - 1);
  row_start_.assign(size + 1, 0);
  input_start_.assign(size + 1, 0);
  for (std::uint32_t k = 0; k < size; ++k) {
    for (const auto i : columns[k]) {
      row_of_[next[i]] = k;
      rows_.push_back({i, next[i]++});
    }
    row_start_[k + 1] = static_cast<std::uint32_t>(rows_.size());
    inputs_.insert(inputs_.end(), inputs[k].begin(), inputs[k].end());
    input_start_[k + 1] = static_cast<std::uint32_t>(inputs_.size());
  }
  pivot_.resize(size);
  inverse_.resize(size);
  work_.assign(size, 0.0);
  kept_value_.resize(value_.size());
  kept_inverse_.resize(size);
  inverse_value_.resize(value_.size());
  inverse_pivot_.resize(size);
  inverse_work_.assign(size, 0.0);
  diagonal_.assign(size, 0.0);
  column_work_.assign(size, 1);
  for (std::size_t j = 0; j < size; ++j) {
    for (auto p = column_start_[j]; p < column_start_[j + 1]; ++p) {
      column_work_[j] += count[row_of_[p]] + 1;
    }
    inverse_work_all_ += column_work_[j];
  }
}

bool SparseFactor::factorise(std::span<const double> values) {
  double* y = work_.data();
  const std::uint32_t* row_of = row_of_.data();
  double* value = value_.data();
  for (std::size_t k = 0; k < size_; ++k) {
    double pivot = 0;
    for (auto e = input_start_[k]; e < input_start_[k + 1]; ++e) {
      if (inputs_[e].column == k) {
        pivot += values[inputs_[e].from];
      } else {
        y[inputs_[e].column] += values[inputs_[e].from];
      }
    }
    for (auto e = row_start_[k]; e < row_start_[k + 1]; ++e) {
      const auto [column, at] = rows_[e];
      const double yi = y[column];
      y[column] = 0;
      // What stands in this column above row k is final.
      for (auto p = column_start_[column]; p < at; ++p) y[row_of[p]] -= value[p] * yi;
      const double l = yi * inverse_[column];
      pivot -= l * yi;
      value[at] = l;
    }
    if (!(pivot > 0) || pivot > 1e300) {
      std::fill(work_.begin(), work_.end(), 0.0);
      return false;
    }
    pivot_[k] = pivot;
    inverse_[k] = 1 / pivot;
  }
  return true;
}

void SparseFactor::solve(std::span<double> b_to_x) {
  ensure(b_to_x.size() == size_);
  double* y = work_.data();
  for (std::size_t k = 0; k < size_; ++k) y[k] = b_to_x[order_[k]];
  for (std::size_t k = 0; k < size_; ++k) {
    const double v = y[k];
    for (auto p = column_start_[k]; p < column_start_[k + 1]; ++p) y[row_of_[p]] -= value_[p] * v;
  }
  for (std::size_t k = size_; k-- > 0;) {
    double v = y[k] * inverse_[k];
    for (auto p = column_start_[k]; p < column_start_[k + 1]; ++p) v -= value_[p] * y[row_of_[p]];
    y[k] = v;
  }
  for (std::size_t k = 0; k < size_; ++k) b_to_x[order_[k]] = y[k];
  std::fill(work_.begin(), work_.end(), 0.0);
}

void SparseFactor::begin_inverse() {
  std::copy(value_.begin(), value_.end(), kept_value_.begin());
  std::copy(inverse_.begin(), inverse_.end(), kept_inverse_.begin());
  inverse_left_ = size_;
}

bool SparseFactor::go_on_inverse(std::uint64_t work) {
  double* z = inverse_work_.data();
  for (std::uint64_t did = 0; did < work && inverse_left_ > 0;) {
    const auto j = --inverse_left_;
    did += column_work_[j];
    const auto begin = column_start_[j];
    const auto end = column_start_[j + 1];
    // Z(i, j) = - sum over k of Z(i, k) L(k, j), with i and k in the pattern of column j; Z of
    // later columns is known there.
    for (auto p = begin; p < end; ++p) z[row_of_[p]] = 0;
    for (auto p = begin; p < end; ++p) {
      const auto k = row_of_[p];
      const double l = kept_value_[p];
      double sum = inverse_pivot_[k] * l;
      // Column k below its diagonal, as far as it lies in the pattern of column j.
      auto q = column_start_[k];
      const auto q_end = column_start_[k + 1];
      for (auto r = p + 1; r < end; ++r) {
        while (q < q_end && row_of_[q] < row_of_[r]) ++q;
        if (q == q_end) break;
        if (row_of_[q] != row_of_[r]) continue;
        sum += inverse_value_[q] * kept_value_[r];
        z[row_of_[r]] -= inverse_value_[q] * l;
      }
      z[k] -= sum;
    }
    double pivot = kept_inverse_[j];
    for (auto p = begin; p < end; ++p) {
      inverse_value_[p] = z[row_of_[p]];
      pivot -= inverse_value_[p] * kept_value_[p];
    }
    inverse_pivot_[j] = pivot;
  }
  if (inverse_left_ > 0) return false;
  for (std::size_t k = 0; k < size_; ++k) diagonal_[order_[k]] = inverse_pivot_[k];
  return true;
}

}  // namespace dispecer::traffic
