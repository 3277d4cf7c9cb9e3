// Public holidays are known without the city's book.
#include "fusion/model/holidays.h"
#include "fusion/app/setup.h"
#include "tests/fusion/app/town.h"

namespace dispecer::fusion {
namespace {

TEST(Holidays, TheForecastKnowsThoseOfTheCitysCountryBesideTheBooks) {
  auto setup = std::make_shared<fusion::Setup>(*test::make_setup());
  BookEntry fair;
  fair.kind = BookKind::holiday;
  fair.begin = parse_iso("2026-04-21T21:00:00Z").value();
  fair.end = parse_iso("2026-04-22T21:00:00Z").value();
  setup->book.entries = {fair};
  auto state = make_fusion(setup);
  ASSERT_TRUE(keep_days(state, "Europe/Bucharest", parse_iso("2026-04-09T12:00:00Z").value()).ok());
  ASSERT_FALSE(state.outlook.parts.empty());
  const auto& forecast = state.outlook.parts.front().forecast;
  ASSERT_TRUE(forecast.has_value());
  const auto kind = [&](int month, int day) {
    return forecast::kind_of_day(forecast->calendar,
                                 static_cast<std::int32_t>(day_number(2026, month, day)));
  };
  EXPECT_EQ(kind(4, 9), forecast::DayKind::thursday);
  EXPECT_EQ(kind(4, 10), forecast::DayKind::holiday) << "Good Friday";
  EXPECT_EQ(kind(4, 13), forecast::DayKind::holiday) << "Easter Monday";
  EXPECT_EQ(kind(4, 22), forecast::DayKind::holiday) << "of the book, from local midnight";
  EXPECT_EQ(kind(4, 21), forecast::DayKind::tuesday);
  EXPECT_EQ(kind(5, 1), forecast::DayKind::holiday);
}

}  // namespace
}  // namespace dispecer::fusion
