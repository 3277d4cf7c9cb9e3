#include "fusion/forecast/forecast.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/fusion/forecast/town.h"

namespace dispecer::forecast {
namespace {

constexpr std::size_t kPlaces = 6;
const std::vector<std::optional<double>> kNothing(kPlaces);

Values profile_at(const State& state, std::int64_t step) {
  const auto slot = slot_of(state, step);
  return state.profile.value[static_cast<std::size_t>(slot.kind)].col(slot.slot);
}

struct Errors {
  double ours = 0;
  double profile = 0;
  double inside = 0;
  double count = 0;
};

// Lives on for days [first, end) and adds up the errors of horizon index h.
Errors judge(State& state, Town& town, std::int32_t first, std::int32_t end, std::size_t h) {
  Errors errors;
  const auto ahead = state.horizons[h].steps;
  std::vector<Forecast> made;
  for (auto day = first; day < end; ++day) {
    const bool workday = is_workday(kind_of_day(state.calendar, day));
    for (int slot = 0; slot < 96; ++slot) {
      const auto truth = town.values(workday, slot / 4.0);
      const auto n = made.size();
      if (n >= static_cast<std::size_t>(ahead)) {
        const auto& f = made[n - static_cast<std::size_t>(ahead)];
        const auto usual = profile_at(state, state.step + 1);
        for (std::size_t i = 0; i < kPlaces; ++i) {
          const auto row = static_cast<Eigen::Index>(i);
          const auto y = static_cast<float>(*truth[i]);
          errors.ours += std::abs(f.value(row) - y);
          errors.profile += std::abs(usual(row) - y);
          errors.inside += f.low(row) <= y && y <= f.high(row) ? 1 : 0;
          errors.count += 1;
        }
      }
      observe(state, at_day(day, slot * 900), truth);
      made.push_back(forecast(state, h));
    }
  }
  return errors;
}

TEST(Forecast, NothingIsForetoldBeforeADayWasLearnt) {
  auto state = make_state(kPlaces, quarter_hours());
  Town town(kPlaces);
  live(state, town, kMonday, kMonday + 1);
  EXPECT_FALSE(forecast(state, 0).ready);
  observe(state, at_day(kMonday + 1), town.values(true, 0));
  EXPECT_TRUE(forecast(state, 0).ready);
}

TEST(Forecast, ATownWithALevelIsForeseenBetterThanByItsProfileAndIntervalsHold) {
  auto state = make_state(kPlaces, quarter_hours());
  Town town(kPlaces);
  live(state, town, kMonday, kMonday + 21);
  const auto errors = judge(state, town, kMonday + 21, kMonday + 35, 0);
  EXPECT_LT(errors.ours, 0.95 * errors.profile);
  EXPECT_NEAR(errors.inside / errors.count, 0.9, 0.02);
}

TEST(Forecast, TheSameDaysGiveTheSameBits) {
  auto p = quarter_hours();
  p.hidden = 8;
  p.replays = 1;
  auto a = make_state(kPlaces, p);
  auto b = make_state(kPlaces, p);
  Town town_a(kPlaces);
  Town town_b(kPlaces);
  live(a, town_a, kMonday, kMonday + 6);
  live(b, town_b, kMonday, kMonday + 6);
  for (std::size_t h = 0; h < 3; ++h) {
    EXPECT_TRUE((forecast(a, h).value == forecast(b, h).value).all());
    EXPECT_TRUE((forecast(a, h).low == forecast(b, h).low).all());
    EXPECT_TRUE((forecast(a, h).high == forecast(b, h).high).all());
  }
}

TEST(Forecast, WhatComesLaterChangesNoForecastMadeBefore) {
  auto a = make_state(kPlaces, quarter_hours());
  auto b = make_state(kPlaces, quarter_hours());
  Town town_a(kPlaces);
  Town town_b(kPlaces);
  live(a, town_a, kMonday, kMonday + 4);
  live(b, town_b, kMonday, kMonday + 4);
  const Values before = forecast(a, 2).value;
  observe(a, at_day(kMonday + 4), kNothing);
  observe(b, at_day(kMonday + 4), std::vector<std::optional<double>>(kPlaces, 500.0));
  // The ring still holds what was foretold for four steps after the end of the fourth day.
  const auto& made_a = a.horizons[2].made[static_cast<std::size_t>((a.step + 3) % 5)];
  const auto& made_b = b.horizons[2].made[static_cast<std::size_t>((b.step + 3) % 5)];
  EXPECT_EQ(made_a.target, a.step + 3);
  EXPECT_TRUE((made_a.forecast.value == before).all());
  EXPECT_TRUE((made_b.forecast.value == before).all());
  EXPECT_FALSE((forecast(a, 2).value == forecast(b, 2).value).all());
}

TEST(Forecast, WhenDataStopItIsNeverWorseThanTheProfileAndThenIsTheProfile) {
  double ours = 0;
  double usual = 0;
  double inside = 0;
  double count = 0;
  for (const int stop : {28, 34, 40, 60, 70}) {
    auto state = make_state(kPlaces, quarter_hours());
    Town town(kPlaces, static_cast<std::uint64_t>(stop));
    live(state, town, kMonday, kMonday + 15);
    const auto day = kMonday + 15;
    for (int slot = 0; slot < 96; ++slot) {
      const auto truth = town.values(true, slot / 4.0);
      if (slot >= stop) {
        const auto& f = forecast(state, 0);
        const auto p = profile_at(state, state.step + 1);
        for (std::size_t i = 0; i < kPlaces; ++i) {
          const auto row = static_cast<Eigen::Index>(i);
          const auto y = static_cast<float>(*truth[i]);
          ours += std::abs(f.value(row) - y);
          usual += std::abs(p(row) - y);
          inside += f.low(row) <= y && y <= f.high(row) ? 1 : 0;
          count += 1;
        }
      }
      observe(state, at_day(day, slot * 900), slot < stop ? truth : kNothing);
    }
    for (int slot = 0; slot < 48; ++slot) observe(state, at_day(day + 1, slot * 900), kNothing);
    const Values far = (forecast(state, 2).value - profile_at(state, state.step + 4)).abs();
    EXPECT_LT(far.maxCoeff(), 0.01);
    EXPECT_LT(forecast(state, 2).trust.maxCoeff(), 1e-3);
  }
  // A per cent for the luck of five days.
  EXPECT_LE(ours, 1.01 * usual);
  EXPECT_GT(inside / count, 0.85);
  EXPECT_LT(inside / count, 0.97);
}

TEST(Forecast, APlaceThatWasNeverHeardIsMarkedUnknown) {
  auto state = make_state(kPlaces, quarter_hours());
  Town town(kPlaces);
  for (int step = 0; step <= 2 * 96; ++step) {
    auto row = town.values(true, (step % 96) / 4.0);
    if (step < 2 * 96) row[4].reset();
    observe(state, at_day(kMonday, step * 900), row);
    if (step == 2 * 96 - 1) {
      EXPECT_EQ(forecast(state, 0).trust(4), 0.0F);
    }
  }
  EXPECT_EQ(forecast(state, 0).known(4), 0.0F);
  EXPECT_EQ(forecast(state, 0).known(3), 1.0F);
}

TEST(Forecast, APlaceThatFallsSilentLosesTrustAloneAndRegainsItAtOnce) {
  auto state = make_state(kPlaces, quarter_hours());
  Town town(kPlaces);
  live(state, town, kMonday, kMonday + 8);
  for (int slot = 0; slot < 12; ++slot) {
    auto row = town.values(true, slot / 4.0);
    row[2].reset();
    observe(state, at_day(kMonday + 8, slot * 900), row);
  }
  EXPECT_LT(forecast(state, 0).trust(2), 0.05F);
  EXPECT_EQ(forecast(state, 0).trust(1), 1.0F);
  observe(state, at_day(kMonday + 8, 12 * 900), town.values(true, 3));
  EXPECT_EQ(forecast(state, 0).trust(2), 1.0F);
}

TEST(Forecast, DaysThatNobodyToldAreGapsAndTheTownIsKnownAgainAfterwards) {
  auto state = make_state(kPlaces, quarter_hours());
  Town town(kPlaces);
  live(state, town, kMonday, kMonday + 14);
  live(state, town, kMonday + 21, kMonday + 22);  // a week without a word
  EXPECT_GT(state.counters["forecast.gap"], 0U);
  EXPECT_LE(state.counters["forecast.gap"], 96U);
  const auto errors = judge(state, town, kMonday + 22, kMonday + 26, 0);
  EXPECT_LT(errors.ours, errors.profile);
  EXPECT_EQ(state.today.day, kMonday + 25);
}

TEST(Forecast, AfterTheClockChangeThePeaksComeAtTheSameLocalHour) {
  // The clock goes forward on the third Sunday at 01:00 UTC.
  const auto sunday = kMonday + 20;
  Calendar calendar{{{UtcTime{0}, 7200}, {at_day(sunday, 3600), 10800}}, {}};
  auto told = make_state(kPlaces, quarter_hours(), calendar);
  auto untold = make_state(kPlaces, quarter_hours(), Calendar{{{UtcTime{0}, 7200}}, {}});
  Town town(kPlaces);
  double told_error = 0;
  double untold_error = 0;
  for (auto step = static_cast<std::int64_t>(kMonday) * 96;
       step < static_cast<std::int64_t>(kMonday + 23) * 96; ++step) {
    const UtcTime t{step * 900 * kSecond};
    const auto local = local_time(calendar, t);
    const auto truth =
        town.values(is_workday(kind_of_day(calendar, local.day)), local.second / 3600.0);
    if (local.day == kMonday + 21 && local.second >= 5 * 3600 && local.second < 20 * 3600) {
      for (std::size_t i = 0; i < kPlaces; ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        told_error += std::abs(static_cast<double>(forecast(told, 0).value(row)) - *truth[i]);
        untold_error += std::abs(static_cast<double>(forecast(untold, 0).value(row)) - *truth[i]);
      }
    }
    observe(told, t, truth);
    observe(untold, t, truth);
  }
  EXPECT_LT(told_error, 0.8 * untold_error);
  // The hour that was left out was never heard, the others were.
  const auto& day = told.history.ago(2);
  ASSERT_EQ(day.day, sunday);
  EXPECT_EQ(day.known.block(0, 12, kPlaces, 4).sum(), 0);
  EXPECT_EQ(day.known.sum(), 92.0F * kPlaces);
}

TEST(Forecast, AHolidayOfTheBookIsForeseenFromHolidaysBefore) {
  const Calendar holidays{{}, {kMonday + 8, kMonday + 15, kMonday + 23}};
  auto told = make_state(kPlaces, quarter_hours(), holidays);
  auto untold = make_state(kPlaces, quarter_hours());
  Town town(kPlaces);
  double told_error = 0;
  double untold_error = 0;
  for (auto day = kMonday; day <= kMonday + 23; ++day) {
    for (int slot = 0; slot < 96; ++slot) {
      const auto truth = town.values(is_workday(kind_of_day(holidays, day)), slot / 4.0);
      if (day == kMonday + 23) {
        for (std::size_t i = 0; i < kPlaces; ++i) {
          const auto row = static_cast<Eigen::Index>(i);
          told_error += std::abs(static_cast<double>(forecast(told, 2).value(row)) - *truth[i]);
          untold_error += std::abs(static_cast<double>(forecast(untold, 2).value(row)) - *truth[i]);
        }
      }
      observe(told, at_day(day, slot * 900), truth);
      observe(untold, at_day(day, slot * 900), truth);
    }
  }
  EXPECT_LT(told_error, 0.8 * untold_error);
}

TEST(Forecast, EveryBadInputEndsInItsCounter) {
  auto state = make_state(2, quarter_hours());
  using Row = std::vector<std::optional<double>>;
  observe(state, UtcTime{-1}, Row{1.0, 2.0});
  observe(state, at_day(kMonday), Row{1.0, 2.0});
  observe(state, at_day(kMonday), Row{1.0, 2.0});
  observe(state, at_day(kMonday - 1), Row{1.0, 2.0});
  observe(state, at_day(kMonday, 900), Row{1.0});
  observe(state, at_day(kMonday, 900), Row{std::numeric_limits<double>::quiet_NaN(), -3.0});
  observe(state, at_day(kMonday, 4 * 900), Row{1.0, 2.0});
  const std::map<std::string, std::uint64_t> expected{
      {"forecast.before_1970", 1}, {"forecast.gap", 2},   {"forecast.negative", 1},
      {"forecast.not_finite", 1},  {"forecast.older", 2}, {"forecast.wrong_size", 1}};
  EXPECT_EQ(state.counters, expected);
  EXPECT_EQ(state.today.known.sum(), 4);
}

TEST(Forecast, WhateverIsHeardForecastsStayFiniteOrderedAndNotNegative) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto state = make_state(kPlaces, quarter_hours());
    Town dice(kPlaces, seed);
    for (int step = 0; step < 5 * 96; ++step) {
      auto row = dice.values(true, (step % 96) / 4.0);
      for (auto& v : row) {
        const double die = dice.normal();
        if (die > 1) v.reset();
        if (die < -1.5) v = 0.0;
        if (die < -2.5) v = 1e6;
      }
      if (dice.normal() > -1) observe(state, at_day(kMonday, step * 900), row);
      for (std::size_t h = 0; h < 3; ++h) {
        const auto& f = forecast(state, h);
        if (!f.ready) continue;
        ASSERT_TRUE(f.value.isFinite().all() && f.low.isFinite().all() && f.high.isFinite().all());
        ASSERT_TRUE((f.low >= 0 && f.low <= f.value && f.value <= f.high).all());
        ASSERT_TRUE((f.trust >= 0 && f.trust <= 1).all());
      }
    }
  }
}

TEST(Forecast, ItKeepsTheScoreThatItsForecastsEarned) {
  auto state = make_state(kPlaces, quarter_hours());
  Town town(kPlaces);
  live(state, town, kMonday, kMonday + 2);
  const Values before = score(state, 0).count;
  const auto errors = judge(state, town, kMonday + 2, kMonday + 4, 0);
  const auto& s = score(state, 0);
  EXPECT_EQ((s.count - before).minCoeff(), 192);
  // Means over about 3 days and over the last 2 of them cannot lie far apart.
  EXPECT_NEAR(static_cast<double>(s.mae.mean()), errors.ours / errors.count,
              0.25 * errors.ours / errors.count);
  EXPECT_GT(s.profile_mae.minCoeff(), 0);
  EXPECT_TRUE((s.covered > 0.5F && s.covered <= 1).all());
}

TEST(Forecast, ItRemembersNoMoreDaysThanItMay) {
  auto p = quarter_hours();
  p.days_kept = 3;
  auto state = make_state(kPlaces, p);
  Town town(kPlaces);
  live(state, town, kMonday, kMonday + 6);
  EXPECT_EQ(state.history.size(), 3U);
}

}  // namespace
}  // namespace dispecer::forecast
