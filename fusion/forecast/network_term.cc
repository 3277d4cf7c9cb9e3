#include "fusion/forecast/network_term.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace dispecer::forecast {
namespace {

// Matrix products over several steps at once are several times cheaper than rank-one updates.
constexpr std::int64_t kBatch = 16;

Eigen::Index column(const NetworkTerm& net, std::int64_t step) {
  return static_cast<Eigen::Index>(step % net.past.cols());
}

// Steps first <= s < end of `rows` rows from `row`, gathered from the ring.
Eigen::MatrixXf gather(const NetworkTerm& net, Eigen::Index row, Eigen::Index rows,
                       std::int64_t first, std::int64_t end) {
  Eigen::MatrixXf m(rows, end - first);
  for (auto s = first; s < end; ++s)
    m.col(s - first) = net.past.col(column(net, s)).segment(row, rows);
  return m;
}

Eigen::MatrixXf inputs(const NetworkTerm& net, const NetworkBlock& b, std::int64_t first,
                       std::int64_t end) {
  const auto places = net.past.rows() / 2;
  Eigen::MatrixXf u(2 * b.size, end - first);
  u.topRows(b.size) = gather(net, b.first, b.size, first, end);
  u.bottomRows(b.size) = gather(net, places + b.first, b.size, first, end);
  return u;
}

void absorb(NetworkTerm& net, double keep) {
  const auto end = net.steps;
  const auto first = end - net.waiting;
  const auto fade = static_cast<float>(std::pow(keep, static_cast<double>(net.waiting)));
  for (auto& b : net.blocks) {
    const auto u = inputs(net, b, first, end);
    b.cov *= fade;
    b.cov.selfadjointView<Eigen::Lower>().rankUpdate(u);
    const Eigen::MatrixXf z = u.topRows(b.size);
    for (std::size_t h = 0; h < net.horizons.size(); ++h) {
      const auto lag = static_cast<std::int64_t>(net.horizons[h]);
      const auto from = std::max<std::int64_t>(first, lag);
      b.cross[h] *= fade;
      if (from >= end) continue;
      b.cross[h].noalias() +=
          z.rightCols(end - from) * inputs(net, b, from - lag, end - lag).transpose();
    }
  }
  net.waiting = 0;
}

}  // namespace

NetworkTerm make_network_term(Eigen::Index places, std::vector<std::int32_t> horizons,
                              Eigen::Index block) {
  NetworkTerm net;
  const auto reach = horizons.empty() ? 0 : *std::max_element(horizons.begin(), horizons.end());
  net.past = Eigen::MatrixXf::Zero(2 * places, reach + kBatch + 1);
  net.horizons = std::move(horizons);
  const auto count = (places + block - 1) / std::max<Eigen::Index>(block, 1);
  for (Eigen::Index i = 0; i < count; ++i) {
    NetworkBlock b;
    b.first = i * places / count;
    b.size = (i + 1) * places / count - b.first;
    b.cov = Eigen::MatrixXf::Zero(2 * b.size, 2 * b.size);
    b.cross.assign(net.horizons.size(), Eigen::MatrixXf::Zero(b.size, 2 * b.size));
    b.gain = b.cross;
    net.blocks.push_back(std::move(b));
  }
  return net;
}

void observe(NetworkTerm& net, const Eigen::VectorXf& z, const Eigen::VectorXf& slow, double keep) {
  auto at = net.past.col(column(net, net.steps));
  at.head(z.size()) = z;
  at.tail(z.size()) = slow;
  ++net.steps;
  if (++net.waiting == kBatch) absorb(net, keep);
}

void solve(NetworkTerm& net) {
  for (std::size_t i = 0; i < net.blocks.size(); ++i) solve(net, i);
}

void solve(NetworkTerm& net, std::size_t block) {
  auto& b = net.blocks[block];
  Eigen::MatrixXf a = b.cov.selfadjointView<Eigen::Lower>();
  a.diagonal().array() += static_cast<float>(net.ridge);
  const Eigen::LLT<Eigen::MatrixXf> llt(a);
  for (std::size_t h = 0; h < net.horizons.size(); ++h)
    b.gain[h] = llt.solve(b.cross[h].transpose()).transpose();
}

void predict(const NetworkTerm& net, std::size_t h, Eigen::VectorXf& out) {
  const auto places = net.past.rows() / 2;
  out.setZero(places);
  if (net.steps == 0) return;
  const auto at = net.past.col(column(net, net.steps - 1));
  for (const auto& b : net.blocks) {
    out.segment(b.first, b.size).noalias() =
        b.gain[h].leftCols(b.size) * at.segment(b.first, b.size);
    out.segment(b.first, b.size).noalias() +=
        b.gain[h].rightCols(b.size) * at.segment(places + b.first, b.size);
  }
}

}  // namespace dispecer::forecast
