#include "adapters/priority_points/telegrams.h"

#include <gtest/gtest.h>

#include "tests/adapters/priority_points/town.h"

namespace dispecer::priority_points {
namespace {

const UtcTime kNow = parse_iso("2026-11-23T10:00:00Z").value();

Telegrams telegrams(const city::DeviceRow& row = test::radio_row()) {
  auto made = Telegrams::make(row, test::one_junction());
  EXPECT_TRUE(made) << (made ? "" : made.error().message());
  return std::move(*made);
}

std::string cause(const std::string& name, const std::string& value) {
  auto row = test::radio_row();
  row.settings[name] = value;
  const auto made = Telegrams::make(row, test::one_junction());
  return made ? "" : made.error().cause;
}

TEST(Telegrams, AReportPointAnnouncesAVehicleAtItsGroup) {
  auto t = telegrams();
  const auto point = t.take(test::telegram(), kNow);
  ASSERT_TRUE(point);
  EXPECT_EQ(point->junction, JunctionId("j"));
  EXPECT_EQ(point->group, SignalGroupId("north"));
  EXPECT_EQ(point->kind, PointKind::registration);
  EXPECT_EQ(point->t, kNow);
  EXPECT_EQ(point->source, "radio/1200");
  EXPECT_EQ(point->line, LineId("tram_3"));
  EXPECT_EQ(point->to_stop_line, Metres{140});
  EXPECT_EQ(point->lateness, Seconds{120});
  EXPECT_TRUE(point->vehicle.empty());
}

TEST(Telegrams, EachPointHasItsMeaning) {
  auto t = telegrams();
  EXPECT_EQ(t.take(test::telegram(1201), kNow)->kind, PointKind::door_closed);
  EXPECT_FALSE(t.take(test::telegram(1201), kNow)) << "a repeat";
  EXPECT_EQ(t.take(test::telegram(1202), kNow)->kind, PointKind::deregistration);
}

TEST(Telegrams, ARepeatIsOneVehicleAndALaterOneIsAnother) {
  auto t = telegrams();
  EXPECT_TRUE(t.take(test::telegram(), kNow));
  EXPECT_FALSE(t.take(test::telegram(), kNow + from_seconds(2)));
  EXPECT_TRUE(t.take(test::telegram(), kNow + from_seconds(3)));
  auto other = test::telegram();
  other[6] = '\x13';
  EXPECT_TRUE(t.take(other, kNow + from_seconds(3))) << "another run of the line";
  EXPECT_EQ(t.counters().at("points.repeated"), 1U);
}

TEST(Telegrams, ALineWithoutAnIdOfOursGoesByItsNumber) {
  auto row = test::radio_row();
  row.settings.erase("line_3");
  row.settings["deviation_unit_s"] = "30";
  const auto point = telegrams(row).take(test::telegram(1200, 0x90), kNow);
  EXPECT_EQ(point->line, LineId("3"));
  EXPECT_EQ(point->lateness, Seconds{-30});
}

TEST(Telegrams, WhatIsNotOursIsCountedAndLeftOut) {
  auto t = telegrams();
  EXPECT_FALSE(t.take(test::telegram(77), kNow));
  EXPECT_FALSE(t.take("not a telegram", kNow));
  EXPECT_EQ(t.counters().at("points.unknown_point"), 1U);
  EXPECT_EQ(t.counters().at("points.bad_length"), 1U);
}

TEST(Telegrams, AFaultyRowIsRefusedByTheNameOfItsSetting) {
  EXPECT_EQ(cause("point_70000", "j north registration"), "bad_point");
  EXPECT_EQ(cause("point_1", "j north"), "bad_point");
  EXPECT_EQ(cause("point_1", "j north arrival"), "bad_point");
  EXPECT_EQ(cause("point_1", "j north registration far"), "bad_point");
  EXPECT_EQ(cause("point_1", "j north registration 10 20"), "bad_point");
  EXPECT_EQ(cause("point_1", "j north registration nan"), "bad_point");
  EXPECT_EQ(cause("point_1", "k north registration"), "unknown_junction");
  EXPECT_EQ(cause("point_1", "j west registration"), "unknown_group");
  EXPECT_EQ(cause("line_1000", "x"), "bad_line");
  EXPECT_EQ(cause("deviation_unit_s", "0"), "bad_unit");
  auto row = test::radio_row();
  row.settings = {{"line_3", "tram_3"}};
  EXPECT_EQ(Telegrams::make(row, test::one_junction()).error().cause, "no_points");
  row.settings = {{"point_9", "j west registration"}};
  EXPECT_EQ(Telegrams::make(row, test::one_junction()).error().where, "point_9");
}

}  // namespace
}  // namespace dispecer::priority_points
