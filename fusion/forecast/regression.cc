#include "fusion/forecast/regression.h"

#include <Eigen/Cholesky>

namespace dispecer::forecast {

SharedRidge make_shared_ridge(Eigen::Index features, double ridge) {
  return {Matrix::Zero(features, features), Vector::Zero(features), Vector::Zero(features), ridge};
}

void learn(SharedRidge& r, const Matrix& x, const Vector& y, const Vector& w, double keep) {
  r.normal *= keep;
  r.right *= keep;
  const Matrix weighted = w.cwiseSqrt().asDiagonal() * x;
  r.normal.selfadjointView<Eigen::Lower>().rankUpdate(weighted.transpose());
  r.right.noalias() += x.transpose() * y.cwiseProduct(w);
}

void solve(SharedRidge& r) {
  Matrix a = r.normal.selfadjointView<Eigen::Lower>();
  a.diagonal().array() += r.ridge;
  r.beta = a.ldlt().solve(r.right);
}

OwnRidge make_own_ridge(Eigen::Index features, Eigen::Index places, double ridge) {
  return {Matrix::Zero(features * features, places), Matrix::Zero(features, places),
          Matrix::Zero(features, places), ridge};
}

void learn(OwnRidge& r, const Matrix& x, const Vector& y, const Vector& w, double keep) {
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    if (w(i) <= 0) continue;
    auto a = r.normal.col(i).reshaped(x.cols(), x.cols());
    const Vector row = x.row(i).transpose();
    a *= keep;
    a.noalias() += w(i) * row * row.transpose();
    r.right.col(i) = keep * r.right.col(i) + (w(i) * y(i)) * row;
  }
}

void solve(OwnRidge& r, Eigen::Index first, Eigen::Index stride) {
  for (Eigen::Index i = first; i < r.right.cols(); i += stride) {
    Matrix a = r.normal.col(i).reshaped(r.right.rows(), r.right.rows());
    a.diagonal().array() += r.ridge;
    r.beta.col(i) = a.llt().solve(r.right.col(i));
  }
}

}  // namespace dispecer::forecast
