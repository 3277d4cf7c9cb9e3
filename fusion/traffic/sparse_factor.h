// Factor of a symmetric positive definite matrix of constant pattern, A = P' L D L' P with L unit
// lower triangular: the elimination order (approximate minimum degree) and every position of L are
// found once; factorising and solving allocate nothing.
//
// The numbers follow the up-looking method of Davis, Direct Methods for Sparse Linear Systems,
// SIAM 2006, chapter 4; what it looks up in each row is kept here from the first time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dispecer::traffic {

class SparseFactor {
 public:
  struct Place {
    std::uint32_t row = 0;
    std::uint32_t column = 0;
  };
  // Pattern of the lower triangle, row >= column, each place once, the diagonal wholly present.
  SparseFactor(std::size_t size, std::span<const Place> lower);

  // `values` in the order of `lower`. False where a pivot is not a positive number; the factor is
  // then not usable until a next call succeeds.
  bool factorise(std::span<const double> values);
  // Solves A x = b in place. After a successful factorise() only.
  void solve(std::span<double> b_to_x);

  // Diagonal of the inverse, column by column, so that it can be spread over many calls: begin()
  // keeps the present factor, go_on() does about so much of inverse_work() and tells whether all is
  // done.
  // (Selected inverse: Takahashi, Fagan, Chen, Formation of a sparse bus impedance matrix, 1973.)
  void begin_inverse();
  bool go_on_inverse(std::uint64_t work);
  // Values that the whole of it looks at.
  [[nodiscard]] std::uint64_t inverse_work() const { return inverse_work_all_; }
  // Of the last finished one; 0 before.
  [[nodiscard]] double inverse_diagonal(std::size_t row) const { return diagonal_[row]; }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t nonzeros() const { return value_.size(); }  // of L, without diagonal

 private:
  struct Entry {
    std::uint32_t column;  // of L in this row
    std::uint32_t at;      // where its value stands
  };
  std::size_t size_ = 0;
  std::vector<std::uint32_t> order_;      // place in the factor -> row of A
  std::vector<std::uint32_t> row_start_;  // of the entries of each row of L, in order of columns
  std::vector<Entry> rows_;
  std::vector<std::uint32_t> column_start_;
  std::vector<std::uint32_t> row_of_;  // per value, by column
  std::vector<double> value_;
  std::vector<double> pivot_;
  std::vector<double> inverse_;
  // A's values by row of the factor: which to put where.
  struct Input {
    std::uint32_t column;
    std::uint32_t from;
  };
  std::vector<std::uint32_t> input_start_;
  std::vector<Input> inputs_;
  std::vector<double> work_;
  // Selected inverse: kept factor, the inverse in its places, what was found.
  std::vector<double> kept_value_;
  std::vector<double> kept_inverse_;
  std::vector<double> inverse_value_;
  std::vector<double> inverse_pivot_;
  std::vector<double> inverse_work_;
  std::vector<double> diagonal_;
  std::size_t inverse_left_ = 0;
  std::vector<std::uint32_t> column_work_;
  std::uint64_t inverse_work_all_ = 0;
};

}  // namespace dispecer::traffic
