// A small net that learns on line what the linear regressions cannot say: one hidden layer and a
// habit per place, trained on what the shared regression leaves (Huber loss, Huber 1964) by Adam
// (Kingma and Ba 2015), on new examples and on a bounded memory of old ones, drawn by a generator
// of fixed seed.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace dispecer::forecast {

// out = v' max(0, W x + b + E_place). `weight` is hidden x (inputs + 2 + places): [W | b | v | E].
struct Net {
  Eigen::Index inputs = 0;
  Eigen::MatrixXf weight;
  Eigen::MatrixXf first;   // Adam: running mean of the gradient
  Eigen::MatrixXf second;  // and of its square
  std::int64_t steps = 0;
  // Remembered examples, a ring, one per column.
  Eigen::MatrixXf memory;  // inputs + 1 x capacity; the last row is the target
  std::vector<Eigen::Index> memory_place;
  std::int64_t remembered = 0;
  std::uint64_t dice = 1;
};

struct Examples {
  Eigen::MatrixXf x;  // inputs x examples
  Eigen::VectorXf y;  // the shared regression included
  std::vector<Eigen::Index> place;
};

Net make_net(Eigen::Index inputs, Eigen::Index places, Eigen::Index hidden, Eigen::Index memory);
// out: places; column i of x belongs to place i.
void predict(const Net& net, const Eigen::MatrixXf& x, Eigen::VectorXf& out);
// One step of training; `beta` are the coefficients of the shared regression.
void learn(Net& net, const Examples& fresh, const Eigen::VectorXf& beta, std::int32_t replays);

}  // namespace dispecer::forecast
