// What the other places say: a ridge-regressed vector autoregression within blocks of places.
//
// For each block with n places and each horizon h: z(t+h) ~ B_h u(t), u = [z; slow z], 2n x 1, in
// units of each place's own scale; B_h = C_h (C + ridge I)^-1 with C = sum u u', C_h = sum z(t+h)
// u' over the past, which fades (Hoerl and Kennard 1970 for the ridge). Memory: 4 n^2 + 4 n^2 per
// horizon floats per block.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace dispecer::forecast {

struct NetworkBlock {
  Eigen::Index first = 0;
  Eigen::Index size = 0;
  Eigen::MatrixXf cov;                 // 2n x 2n, lower half
  std::vector<Eigen::MatrixXf> cross;  // per horizon, n x 2n
  std::vector<Eigen::MatrixXf> gain;   // per horizon, n x 2n
};

struct NetworkTerm {
  std::vector<NetworkBlock> blocks;
  std::vector<std::int32_t> horizons;
  Eigen::MatrixXf past;    // 2 x places, one column per step of the last max horizon + batch steps
  std::int64_t steps = 0;  // observed
  std::int64_t waiting = 0;
  double ridge = 200;  // in observations
};

NetworkTerm make_network_term(Eigen::Index places, std::vector<std::int32_t> horizons,
                              Eigen::Index block);
// z, slow: places. What is unknown is 0.
void observe(NetworkTerm& net, const Eigen::VectorXf& z, const Eigen::VectorXf& slow, double keep);
// Renews the gains; as dear as a Cholesky decomposition of 2n x 2n per block.
void solve(NetworkTerm& net);
void solve(NetworkTerm& net, std::size_t block);
// out: places, the expected z at horizon index h.
void predict(const NetworkTerm& net, std::size_t h, Eigen::VectorXf& out);

}  // namespace dispecer::forecast
