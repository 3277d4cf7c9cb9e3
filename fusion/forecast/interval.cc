#include "fusion/forecast/interval.h"

namespace dispecer::forecast {
namespace {

// Steps grow with the bound, so that a place whose errors grow threefold is followed as fast.
constexpr float kRate = 0.04F;

void move(Eigen::ArrayXf& bound, const Eigen::ArrayXf& error, const Eigen::ArrayXf& known,
          float tail) {
  const Eigen::ArrayXf missed = (error > bound).cast<float>();
  bound = (bound + known * kRate * (0.25F + bound) * (missed - tail)).max(0.0F);
}

}  // namespace

Interval make_interval(Eigen::Index places, double coverage) {
  // 1.645 standard deviations hold 90 % of normal errors; the rest is learnt.
  const auto bound = static_cast<float>(1.645 * coverage / 0.9);
  return {Eigen::ArrayXf::Constant(places, bound), Eigen::ArrayXf::Constant(places, bound)};
}

void track(Interval& interval, const Eigen::ArrayXf& z, const Eigen::ArrayXf& known,
           double coverage) {
  const auto tail = static_cast<float>((1 - coverage) / 2);
  move(interval.above, z, known, tail);
  move(interval.below, -z, known, tail);
}

}  // namespace dispecer::forecast
