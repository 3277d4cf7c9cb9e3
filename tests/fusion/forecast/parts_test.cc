// The parts by themselves: profile, nearest days, regressions, network term, net, interval.
#include <gtest/gtest.h>

#include "tests/fusion/forecast/town.h"

namespace dispecer::forecast {
namespace {

Day flat_day(std::int32_t day, DayKind kind, float value) {
  Day d = empty_day(2, 96);
  d.day = day;
  d.kind = kind;
  d.value.setConstant(value);
  d.known.setOnes();
  return d;
}

std::size_t at(DayKind kind) {
  return static_cast<std::size_t>(kind);
}

TEST(Profile, KindsNeverSeenTakeTheNearestKindThatWas) {
  const auto p = quarter_hours();
  History history(10);
  Profile profile = make_profile(2, 96);
  for (int d = 0; d < 5; ++d) history.push(flat_day(kMonday + d, static_cast<DayKind>(d), 100));
  learn(profile, history.days(0, 2), p);
  EXPECT_NEAR(profile.value[at(DayKind::saturday)](0, 40), 100, 1e-3);
  history.push(flat_day(kMonday + 5, DayKind::saturday, 60));
  learn(profile, history.days(0, 2), p);
  EXPECT_NEAR(profile.value[at(DayKind::saturday)](0, 40), 60, 1e-3);
  EXPECT_NEAR(profile.value[at(DayKind::sunday)](0, 40), 60, 1e-3);
  history.push(flat_day(kMonday + 6, DayKind::sunday, 40));
  learn(profile, history.days(0, 2), p);
  EXPECT_NEAR(profile.value[at(DayKind::saturday)](0, 40), 60, 1e-3);
  EXPECT_NEAR(profile.value[at(DayKind::holiday)](0, 40), 40, 1e-3);
  EXPECT_NEAR(profile.value[at(DayKind::monday)](0, 40), 100, 1e-3);
}

TEST(Profile, OneDayGoneWrongHardlyMovesIt) {
  const auto p = quarter_hours();
  History history(20);
  Profile profile = make_profile(2, 96);
  Town town(1);
  for (int d = 0; d < 10; ++d) {
    auto day = flat_day(kMonday + 7 * (d / 5) + d % 5, static_cast<DayKind>(d % 5), 100);
    for (auto& v : day.value.reshaped()) v += static_cast<float>(5 * town.normal());
    if (d == 6) day.value.setConstant(1000);
    history.push(day);
  }
  learn(profile, history.days(0, 2), p);
  // The plain mean would stand near 190.
  EXPECT_LT(profile.value[at(DayKind::monday)].maxCoeff(), 115);
  EXPECT_GT(profile.value[at(DayKind::monday)].minCoeff(), 90);
}

TEST(Profile, ASlotNeverHeardIsFilledFromOtherKindsOfDay) {
  const auto p = quarter_hours();
  History history(10);
  Profile profile = make_profile(2, 96);
  history.push(flat_day(kMonday, DayKind::monday, 100));
  auto saturday = flat_day(kMonday + 5, DayKind::saturday, 50);
  saturday.known.block(0, 20, 2, 40).setZero();
  saturday.value.block(0, 20, 2, 40).setZero();
  history.push(saturday);
  learn(profile, history.days(0, 2), p);
  const auto& value = profile.value[at(DayKind::saturday)];
  EXPECT_NEAR(value(0, 10), 50, 1);
  EXPECT_GT(value(0, 40), 50);
}

TEST(History, ForgetsTheOldestDay) {
  History history(3);
  for (int d = 0; d < 5; ++d) history.push(flat_day(d, DayKind::monday, static_cast<float>(d)));
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history.ago(0).day, 4);
  EXPECT_EQ(history.ago(2).day, 2);
}

TEST(NearestDays, TheDayThatLooksLikeTodayWeighsMost) {
  History history(10);
  history.push(flat_day(0, DayKind::monday, 100));
  history.push(flat_day(1, DayKind::tuesday, 60));
  history.push(flat_day(2, DayKind::wednesday, 102));
  auto nearest = make_nearest_days(10, 7200);
  begin_day(nearest, history, DayKind::thursday);
  const Values seen = Values::Constant(2, 61);
  for (int slot = 0; slot < 20; ++slot)
    compare(nearest, history, slot, seen, Values::Ones(2), Values::Constant(2, 10), 900);
  EXPECT_GT(nearest.weight[1], 0.75);
  Values out;
  recall(nearest, history, 30, false, Values::Constant(2, 100), out);
  EXPECT_NEAR(out(0), 61, 10);
}

TEST(NearestDays, WhatNoDayKnowsComesFromTheFallback) {
  History history(10);
  history.push(empty_day(2, 96));
  auto nearest = make_nearest_days(10, 7200);
  begin_day(nearest, history, DayKind::monday);
  Values out;
  recall(nearest, history, 30, false, Values::Constant(2, 77), out);
  EXPECT_NEAR(out(1), 77, 1e-3);
}

TEST(Regression, SharedCoefficientsAreFound) {
  Town dice(1);
  auto r = make_shared_ridge(2, 1e-6);
  for (int t = 0; t < 200; ++t) {
    Matrix x(5, 2);
    for (auto& v : x.reshaped()) v = dice.normal();
    const Vector y = x * Vector{{0.7, -0.3}};
    learn(r, x, y, Vector::Ones(5), 0.999);
  }
  solve(r);
  EXPECT_NEAR(r.beta(0), 0.7, 1e-6);
  EXPECT_NEAR(r.beta(1), -0.3, 1e-6);
}

TEST(Regression, APlaceThatWasNotHeardKeepsItsOwnCoefficients) {
  Town dice(1);
  auto r = make_own_ridge(1, 2, 1e-6);
  for (int t = 0; t < 100; ++t) {
    const Matrix x = Matrix::Constant(2, 1, dice.normal());
    learn(r, x, x.col(0).cwiseProduct(Vector{{0.5, -2.0}}), Vector{{1.0, t < 50 ? 1.0 : 0.0}}, 0.9);
    solve(r, 0, 1);
  }
  EXPECT_NEAR(r.beta(0, 0), 0.5, 1e-4);
  EXPECT_NEAR(r.beta(0, 1), -2.0, 1e-4);
}

TEST(NetworkTerm, APlaceThatFollowsAnotherIsForeseen) {
  Town dice(3);
  auto net = make_network_term(3, {2}, 8);
  net.ridge = 5;
  std::vector<float> lead;
  Eigen::VectorXf out;
  double error = 0;
  double plain = 0;
  for (int t = 0; t < 600; ++t) {
    lead.push_back(static_cast<float>(dice.normal()));
    Eigen::VectorXf z(3);
    z << lead.back(), t < 2 ? 0.0F : lead[static_cast<std::size_t>(t - 2)],
        static_cast<float>(dice.normal());
    observe(net, z, Eigen::VectorXf::Zero(3), 1.0);
    if (t % 50 == 49) solve(net);
    predict(net, 0, out);
    if (t >= 400) {
      error += std::abs(out(1) - lead.back());
      plain += std::abs(lead.back());
    }
  }
  EXPECT_LT(error, 0.15 * plain);
}

TEST(Net, LearnsABendThatNoLineHas) {
  Town dice(5);
  auto net = make_net(2, 4, 16, 4096);
  const Eigen::VectorXf beta = Eigen::VectorXf::Zero(2);
  const auto examples = [&] {
    Examples e{Eigen::MatrixXf(2, 4), Eigen::VectorXf(4), {0, 1, 2, 3}};
    for (Eigen::Index i = 0; i < 4; ++i) {
      e.x(0, i) = 1;
      e.x(1, i) = static_cast<float>(dice.normal());
      e.y(i) = std::abs(e.x(1, i));
    }
    return e;
  };
  for (int t = 0; t < 3000; ++t) learn(net, examples(), beta, 4);
  double error = 0;
  double mean = 0;
  Eigen::VectorXf out;
  for (int t = 0; t < 100; ++t) {
    const auto e = examples();
    predict(net, e.x, out);
    error += (out - e.y).cwiseAbs().sum();
    mean += (e.y.array() - 0.8F).abs().sum();
  }
  EXPECT_LT(error, 0.4 * mean);
}

TEST(Interval, FollowsErrorsThatGrow) {
  Town dice(9);
  auto interval = make_interval(50, 0.9);
  double inside = 0;
  double count = 0;
  for (int t = 0; t < 3000; ++t) {
    const double sd = t < 1500 ? 1 : 3;
    Values z(50);
    for (auto& v : z) v = static_cast<float>(sd * dice.normal());
    if (t > 2000) {
      inside += (z <= interval.above && -z <= interval.below).cast<double>().sum();
      count += 50;
    }
    track(interval, z, Values::Ones(50), 0.9);
  }
  EXPECT_NEAR(inside / count, 0.9, 0.015);
}

}  // namespace
}  // namespace dispecer::forecast
