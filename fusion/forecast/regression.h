// Linear regressions that learn one step at a time and forget slowly.
#pragma once

#include <Eigen/Core>

namespace dispecer::forecast {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

// One set of coefficients for all places: minimises sum w (y - x b)^2 + ridge |b|^2 over the past,
// whose weights fade. Normal equations, solved by Cholesky (LDLT).
struct SharedRidge {
  Matrix normal;  // features x features
  Vector right;   // features
  Vector beta;    // features
  double ridge = 1;
};

SharedRidge make_shared_ridge(Eigen::Index features, double ridge);
// x: places x features, y and w: places. `keep` in (0, 1]: what remains of the past.
void learn(SharedRidge& r, const Matrix& x, const Vector& y, const Vector& w, double keep);
void solve(SharedRidge& r);

// A set of coefficients per place, shrunk towards 0: what a place does otherwise than all.
struct OwnRidge {
  Matrix normal;  // features^2 x places: a column per place
  Matrix right;   // features x places
  Matrix beta;    // features x places
  double ridge = 1;
};

OwnRidge make_own_ridge(Eigen::Index features, Eigen::Index places, double ridge);
void learn(OwnRidge& r, const Matrix& x, const Vector& y, const Vector& w, double keep);
// Solves every `stride`-th place from `first` on.
void solve(OwnRidge& r, Eigen::Index first, Eigen::Index stride);

}  // namespace dispecer::forecast
