// What the benchmark of the forecast reads and measures against.
#include "tests/bench/forecast/counts.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <cstdlib>

#include <filesystem>
#include <fstream>

#include "tests/bench/forecast/baselines.h"

namespace dispecer::bench {
namespace {

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("forecast_" + std::to_string(::getpid()) + "_" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& text) {
    const auto path = folder_ / "counts.csv";
    std::ofstream(path) << text;
    return path.string();
  }

 private:
  std::filesystem::path folder_;
};

// Two days of hourly values, `workday` by day of the week from Monday on.
std::string matrix(std::size_t days, std::size_t first_weekday) {
  std::string text = "a,b\n";
  for (std::size_t d = 0; d < days; ++d) {
    const bool workday = (first_weekday + d) % 7 < 5;
    for (std::size_t hour = 0; hour < 24; ++hour) {
      const auto value = workday && hour == 8 ? 90 : 10 + (d * 7 + hour) % 3;
      text += std::to_string(value) + "," + std::to_string(value / 2) + "\n";
    }
  }
  return text;
}

TEST_F(Files, AMatrixIsReadWithMissingCellsAndZerosAsAsked) {
  auto text = matrix(2, 0);
  text.replace(text.find("10,5"), 4, "0,nan");
  const auto kept = read_matrix(file(text), 60, false);
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept->places, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(kept->rows.size(), 48U);
  EXPECT_EQ(kept->rows[0][0], 0.0);
  EXPECT_EQ(kept->rows[0][1], std::nullopt);
  const auto missing = read_matrix(file(text), 60, true);
  ASSERT_TRUE(missing.ok());
  EXPECT_EQ(missing->rows[0][0], std::nullopt);
  EXPECT_EQ(missing->rows[8][0], 90.0);
}

TEST_F(Files, AColumnOfTimesTellsTheDayAndLeavesGapsWhereRowsAreMissing) {
  std::string text = "timestamp,a\n";
  for (int d = 1; d <= 3; ++d) {
    for (int h = 0; h < 24; ++h) {
      if (d == 2 && h >= 5 && h < 8) continue;
      char line[64];
      std::snprintf(line, sizeof line, "2012-03-%02d %02d:00:00,%d\n", d, h, d * 100 + h);
      text += line;
    }
  }
  const auto counts = read_matrix(file(text), 60, false);
  ASSERT_TRUE(counts.ok()) << counts.error().message();
  EXPECT_TRUE(counts->day_known);
  EXPECT_EQ(counts->first_day, 15400);  // 1 March 2012, a Thursday
  ASSERT_EQ(counts->rows.size(), 72U);
  EXPECT_EQ(counts->rows[24 + 6][0], std::nullopt);
  EXPECT_EQ(counts->rows[24 + 8][0], 208.0);
}

TEST_F(Files, BadCellsWidthsAndShortFilesAreRefusedByNameAndLine) {
  const auto cause = [&](const std::string& text) {
    const auto r = read_matrix(file(text), 60, false);
    return r.ok() ? std::string() : r.error().cause;
  };
  EXPECT_EQ(cause(matrix(1, 0)), "no_rows");
  EXPECT_EQ(cause("a,b\n1,x\n"), "bad_number");
  EXPECT_EQ(cause("a,b\n1\n"), "bad_width");
  EXPECT_EQ(cause("time,b\nyesterday,1\n"), "bad_time");
  EXPECT_EQ(read_matrix("/nowhere/at/all", 60, false).error().cause, "cannot_open");
  const auto r = read_matrix(file("a,b\n1,2\n1,x\n"), 60, false);
  EXPECT_NE(r.error().where.find(":3"), std::string::npos);
  EXPECT_EQ(read_scats(file("a,b\n"), 60).error().cause, "bad_header");
}

TEST_F(Files, TheWeekdayOfTheFirstRowIsToldByTheDaysThemselves) {
  for (std::size_t first = 0; first < 7; ++first) {
    const auto counts = read_matrix(file(matrix(14, first)), 60, false);
    ASSERT_TRUE(counts.ok());
    EXPECT_EQ(likely_weekday(*counts, 10), static_cast<std::int32_t>(first));
  }
}

TEST_F(Files, TheBaselinesAreTheProfileOfTheKindOfDayAndTheLastValue) {
  const auto counts = read_matrix(file(matrix(14, 0)), 60, false);
  ASSERT_TRUE(counts.ok());
  Baselines baselines(*counts, 7, 0, {1, 2});
  // Smoothed over three slots: half of 90 and a quarter of each neighbour of about 11.
  EXPECT_NEAR(baselines.profile(0, 7 * 24 + 8), 50.5, 1);
  EXPECT_NEAR(baselines.profile(0, 5 * 24 + 8), 11, 1);
  EXPECT_EQ(baselines.copy_last(0, 3), baselines.profile(0, 3));
  baselines.observe(0, {42.0, std::nullopt});
  EXPECT_EQ(baselines.copy_last(0, 3), 42.0);
  EXPECT_EQ(baselines.profile_level(1, 3, 0), baselines.profile(1, 3));
}

TEST(Sample, TheMonthOfSignalCountsHasItsApproachesAndDays) {
  const char* samples = std::getenv("DISPECER_SAMPLES");
  if (samples == nullptr) GTEST_SKIP() << "DISPECER_SAMPLES is not set";
  const auto counts = read_scats(std::string(samples) + "/counts/scats-boroondara-2006-10.csv", 15);
  ASSERT_TRUE(counts.ok()) << counts.error().message();
  EXPECT_EQ(counts->places.size(), 106U);
  EXPECT_EQ(counts->rows.size(), 31U * 96U);
  EXPECT_EQ(((counts->first_day % 7) + 3) % 7, 6);  // 1 October 2006 was a Sunday
  EXPECT_EQ(likely_weekday(*counts, 24), 6);
}

}  // namespace
}  // namespace dispecer::bench
