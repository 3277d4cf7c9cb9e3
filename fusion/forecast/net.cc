#include "fusion/forecast/net.h"

#include <algorithm>
#include <cmath>

namespace dispecer::forecast {
namespace {

constexpr float kRate = 4e-4F;
constexpr float kHuber = 0.5F;         // z; beyond it only the sign of an error counts
constexpr Eigen::Index kKeep = 48;     // new examples remembered per step
constexpr Eigen::Index kReplay = 256;  // old examples per step

// Knuth's MMIX constants; the high bits are good.
std::uint64_t roll(std::uint64_t& dice) {
  dice = dice * 6364136223846793005ULL + 1442695040888963407ULL;
  return dice >> 33U;
}

Eigen::MatrixXf hidden_of(const Net& net, const Eigen::MatrixXf& x,
                          const std::vector<Eigen::Index>* place) {
  Eigen::MatrixXf hidden = net.weight.leftCols(net.inputs) * x;
  const auto habits = net.inputs + 2;
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    const auto p = place == nullptr ? i : (*place)[static_cast<std::size_t>(i)];
    hidden.col(i) += net.weight.col(net.inputs) + net.weight.col(habits + p);
  }
  return hidden.cwiseMax(0.0F);
}

void train(Net& net, const Examples& e, const Eigen::VectorXf& beta) {
  const auto count = e.x.cols();
  if (count == 0) return;
  const auto hidden = hidden_of(net, e.x, &e.place);
  const auto v = net.inputs + 1;
  const Eigen::VectorXf error =
      hidden.transpose() * net.weight.col(v) + e.x.transpose() * beta - e.y;
  const Eigen::VectorXf slope =
      error.cwiseMax(-kHuber).cwiseMin(kHuber) / (kHuber * static_cast<float>(count));
  Eigen::MatrixXf back = net.weight.col(v) * slope.transpose();
  back.array() *= (hidden.array() > 0).cast<float>();

  Eigen::MatrixXf gradient = Eigen::MatrixXf::Zero(net.weight.rows(), net.weight.cols());
  gradient.leftCols(net.inputs).noalias() = back * e.x.transpose();
  gradient.col(net.inputs) = back.rowwise().sum();
  gradient.col(v).noalias() = hidden * slope;
  for (Eigen::Index i = 0; i < count; ++i)
    gradient.col(net.inputs + 2 + e.place[static_cast<std::size_t>(i)]) += back.col(i);
  gradient += 1e-3F * net.weight;

  ++net.steps;
  net.first = 0.9F * net.first + 0.1F * gradient;
  net.second.array() = 0.999F * net.second.array() + 0.001F * gradient.array().square();
  const double t = static_cast<double>(net.steps);
  const auto rate =
      kRate * static_cast<float>(std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)));
  net.weight.array() -= rate * net.first.array() / (net.second.array().sqrt() + 1e-7F);
}

}  // namespace

Net make_net(Eigen::Index inputs, Eigen::Index places, Eigen::Index hidden, Eigen::Index memory) {
  Net net;
  net.inputs = inputs;
  net.weight = Eigen::MatrixXf::Zero(hidden, inputs + 2 + places);
  const float width = std::sqrt(2.0F / static_cast<float>(inputs));
  for (Eigen::Index c = 0; c < inputs; ++c) {
    for (Eigen::Index r = 0; r < hidden; ++r)
      net.weight(r, c) = width * (static_cast<float>(roll(net.dice) % 2001) / 1000.0F - 1.0F);
  }
  net.first = Eigen::MatrixXf::Zero(hidden, inputs + 2 + places);
  net.second = net.first;
  net.memory = Eigen::MatrixXf::Zero(inputs + 1, memory);
  net.memory_place.assign(static_cast<std::size_t>(memory), 0);
  return net;
}

void predict(const Net& net, const Eigen::MatrixXf& x, Eigen::VectorXf& out) {
  out.noalias() = hidden_of(net, x, nullptr).transpose() * net.weight.col(net.inputs + 1);
}

void learn(Net& net, const Examples& fresh, const Eigen::VectorXf& beta, std::int32_t replays) {
  train(net, fresh, beta);
  const auto capacity = net.memory.cols();
  const auto held = std::min<std::int64_t>(net.remembered, capacity);
  for (std::int32_t r = 0; held >= kReplay && r < replays; ++r) {
    Examples old{Eigen::MatrixXf(net.inputs, kReplay), Eigen::VectorXf(kReplay),
                 std::vector<Eigen::Index>(static_cast<std::size_t>(kReplay))};
    for (Eigen::Index i = 0; i < kReplay; ++i) {
      const auto c = static_cast<Eigen::Index>(roll(net.dice) % static_cast<std::uint64_t>(held));
      old.x.col(i) = net.memory.col(c).head(net.inputs);
      old.y(i) = net.memory(net.inputs, c);
      old.place[static_cast<std::size_t>(i)] = net.memory_place[static_cast<std::size_t>(c)];
    }
    train(net, old, beta);
  }
  if (fresh.x.cols() == 0) return;
  for (Eigen::Index i = 0; i < std::min(kKeep, fresh.x.cols()); ++i) {
    const auto from =
        static_cast<Eigen::Index>(roll(net.dice) % static_cast<std::uint64_t>(fresh.x.cols()));
    const auto c = static_cast<Eigen::Index>(net.remembered++ % capacity);
    net.memory.col(c).head(net.inputs) = fresh.x.col(from);
    net.memory(net.inputs, c) = fresh.y(from);
    net.memory_place[static_cast<std::size_t>(c)] = fresh.place[static_cast<std::size_t>(from)];
  }
}

}  // namespace dispecer::forecast
