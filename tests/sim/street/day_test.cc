#include "sim/street/day.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "sim/street/fault_file.h"
#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct File {
  std::string name = testing::TempDir() + "dispecer_day_" +
                     testing::UnitTest::GetInstance()->current_test_info()->name();
  File() { std::remove(name.c_str()); }
  ~File() { std::remove(name.c_str()); }
  void put(const std::string& text) const { std::ofstream(name) << text; }
};

TEST(StreetDay, AStartAfterACrashNeverGoesBack) {
  const File file;
  DayFile day(file.name);
  EXPECT_FALSE(day.load());
  DayState state{1, at(0), 20260105};
  for (int i = 0; i < 47; ++i) {
    state.now = at(i);
    ASSERT_TRUE(day.keep(state, from_seconds(20)));
  }
  const auto kept = DayFile(file.name).load();
  ASSERT_TRUE(kept);
  EXPECT_GE(kept->now, at(46));
  EXPECT_LE(kept->now, at(66));
  ASSERT_TRUE(day.close(state));
  EXPECT_EQ(DayFile(file.name).load(), state);
}

TEST(StreetDay, AFileThatWasTornIsAsNone) {
  const File file;
  file.put("1 17");
  EXPECT_FALSE(DayFile(file.name).load());
}

TEST(StreetDay, WeekendsAndDaysOffAreLeftOut) {
  const auto off = [](std::uint32_t d) { return d == 20260106; };
  EXPECT_EQ(working_day(20260102, off), 20260102U);
  EXPECT_EQ(working_day(20260103, off), 20260105U);
  EXPECT_EQ(working_day(20260106, off), 20260107U);
  EXPECT_EQ(day_after(20261231), 20270101U);
  EXPECT_EQ(utc_date(at(0)), 20260101U);
}

TEST(StreetDay, ClocksAreReadExactly) {
  EXPECT_EQ(*parse_clock("06:30"), 23400);
  for (const auto* bad : {"6.30", "24:00", "06:60", "06:30x", ""})
    EXPECT_FALSE(parse_clock(bad).ok()) << bad;
}

TEST(StreetDay, ADemandOfADayComesAgainAndAnHourDoesNot) {
  const File file;
  file.put("<configuration><time><begin value='0'/><end value='86400'/></time></configuration>");
  EXPECT_TRUE(read_configured_time(file.name)->whole_day());
  file.put(
      "<configuration><time><begin value='25200'/><end value='28800'/></time></configuration>");
  EXPECT_FALSE(read_configured_time(file.name)->whole_day());
  EXPECT_EQ(read_configured_time(file.name)->begin_s, 25200);
  file.put("<configuration><time>");
  EXPECT_EQ(read_configured_time(file.name).error().cause, "bad_xml");
}

TEST(FaultFile, TellsWhatBeganAndWhatEnded) {
  const File file;
  FaultFile faults(file.name);
  std::vector<std::string> bad;
  EXPECT_THAT(faults.look(bad), IsEmpty());
  file.put("C1 lost_link  # for an hour\n\nC1.d2 detector_stuck\none\na b c\n");
  EXPECT_THAT(faults.look(bad), ElementsAre(FaultChange{"C1", "lost_link", true},
                                            FaultChange{"C1.d2", "detector_stuck", true}));
  EXPECT_THAT(bad, ElementsAre("one", "a b c"));
  EXPECT_THAT(faults.look(bad), IsEmpty());
  file.put("C1.d2 detector_stuck\nC9 garbage\n");
  EXPECT_THAT(faults.look(bad), ElementsAre(FaultChange{"C1", "lost_link", false},
                                            FaultChange{"C9", "garbage", true}));
  std::remove(file.name.c_str());
  EXPECT_EQ(faults.look(bad).size(), 2U);
}

}  // namespace
}  // namespace dispecer::sim
