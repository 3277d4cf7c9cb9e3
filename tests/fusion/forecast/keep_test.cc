#include "fusion/forecast/keep.h"

#include <gtest/gtest.h>

#include "tests/fusion/forecast/town.h"

namespace dispecer::forecast {
namespace {

constexpr std::size_t kPlaces = 4;

Parameters small() {
  auto p = quarter_hours();
  p.days_kept = 10;
  p.remembered = 64;
  p.replays = 1;
  return p;
}

void expect_same(const State& a, const State& b) {
  for (std::size_t h = 0; h < a.horizons.size(); ++h) {
    ASSERT_EQ(forecast(a, h).ready, forecast(b, h).ready);
    EXPECT_TRUE((forecast(a, h).value == forecast(b, h).value).all()) << h;
    EXPECT_TRUE((forecast(a, h).low == forecast(b, h).low).all()) << h;
    EXPECT_TRUE((forecast(a, h).high == forecast(b, h).high).all()) << h;
    EXPECT_TRUE((score(a, h).mae == score(b, h).mae).all()) << h;
  }
}

TEST(Keep, AStateReadBackForetellsTheSameAtOnce) {
  auto state = make_state(kPlaces, small());
  Town town(kPlaces);
  live(state, town, kMonday, kMonday + 9);
  observe(state, at_day(kMonday + 9), town.values(true, 0));
  auto back = make_state(kPlaces, small());
  ASSERT_TRUE(load(back, save(state)).ok());
  expect_same(state, back);
  EXPECT_GT(score(back, 0).count.sum(), 100);
}

TEST(Keep, TornOrForeignBytesLeaveTheStateAsItWas) {
  auto state = make_state(kPlaces, small());
  Town town(kPlaces);
  live(state, town, kMonday, kMonday + 2);
  const auto bytes = save(state);
  auto back = make_state(kPlaces, small());
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{5}, bytes.size() / 2, bytes.size() - 1}) {
    EXPECT_FALSE(load(back, bytes.substr(0, size)).ok()) << size;
    EXPECT_FALSE(forecast(back, 0).ready);
    EXPECT_EQ(back.history.size(), 0U);
  }
  EXPECT_EQ(load(back, bytes + "x").error().cause, "kept_torn");
  EXPECT_EQ(load(back, "rubbish and more").error().cause, "kept_version");
  auto other = make_state(kPlaces + 1, small());
  EXPECT_EQ(load(other, bytes).error().cause, "kept_other");
}

TEST(Keep, ARestartedClockKeepsTheUsualDayAndForgetsToday) {
  auto state = make_state(kPlaces, small());
  Town town(kPlaces);
  live(state, town, kMonday, kMonday + 8);
  const auto days = state.history.size();
  restart(state);
  EXPECT_FALSE(forecast(state, 0).ready);
  // The new epoch begins a week before: its first step already knows the usual day.
  observe(state, at_day(kMonday + 1, 8 * 3600), town.values(true, 8));
  EXPECT_EQ(state.history.size(), days);
  ASSERT_TRUE(forecast(state, 0).ready);
  EXPECT_NEAR(forecast(state, 0).value(0), Town::usual(0, true, 8.25), 30);
}

TEST(Keep, PlacesThatMovedTakeTheirDaysAlong) {
  auto from = make_state(kPlaces, small());
  Town town(kPlaces);
  live(from, town, kMonday, kMonday + 5);
  auto to = make_state(3, small());
  adopt_days(to, from, {2, -1, 0});
  const auto& a = from.history.ago(0);
  const auto& b = to.history.ago(0);
  EXPECT_EQ(a.day, b.day);
  EXPECT_TRUE((b.value.row(0) == a.value.row(2)).all());
  EXPECT_TRUE((b.value.row(2) == a.value.row(0)).all());
  EXPECT_EQ(b.known.row(1).sum(), 0);
  EXPECT_TRUE(to.profile.ready);
}

}  // namespace
}  // namespace dispecer::forecast
