// The city's book as fusion follows it: another book without a restart, hours and weekdays, lines
// that drive another way.
#include <gtest/gtest.h>

#include "fusion/app/setup.h"
#include "fusion/transit/detour.h"
#include "tests/fusion/app/town.h"

namespace dispecer::fusion {
namespace {

BookEntry entry(BookKind kind, UtcTime begin, UtcTime end) {
  BookEntry e;
  e.id = BookEntryId("e");
  e.kind = kind;
  e.begin = begin;
  e.end = end;
  return e;
}

bool excused(FusionState& state, UtcTime t) {
  step(state, {t, 1, 0});
  return state.traffic.links.at(0).excused;
}

TEST(FusionBook, AnEntryExcusesItsLinksOnlyInItsHoursAndOnItsWeekdays) {
  auto state = make_fusion(test::make_setup());
  const auto at = [](const char* t) { return parse_iso(t).value(); };
  ASSERT_TRUE(keep_days(state, "Europe/Bucharest", at("2026-11-26T00:00:00Z")).ok());
  auto works = entry(BookKind::works, at("2026-11-01T00:00:00Z"), at("2026-12-31T00:00:00Z"));
  works.links = {LinkId{"W"}};
  works.from_minute = 9 * 60;  // local time: two hours ahead of UTC in winter
  works.to_minute = 15 * 60;
  works.weekdays = 0b0001000;  // Thursday
  apply(state, Book{{works}});
  EXPECT_FALSE(excused(state, at("2026-11-26T06:59:00Z")));
  EXPECT_TRUE(excused(state, at("2026-11-26T07:00:00Z")));
  EXPECT_TRUE(excused(state, at("2026-11-26T12:59:00Z")));
  EXPECT_FALSE(excused(state, at("2026-11-26T13:00:00Z")));
  EXPECT_FALSE(excused(state, at("2026-11-27T08:00:00Z"))) << "a Friday";
  apply(state, Book{});
  EXPECT_FALSE(excused(state, at("2026-12-03T08:00:00Z")));
  EXPECT_EQ(state.counters.at("fusion.book_changes"), 2U);
}

TEST(FusionBook, ANewBooksHolidaysAreInTheCalendarFromTheNextTickOn) {
  auto state = make_fusion(test::make_setup());
  const auto now = parse_iso("2026-11-26T00:00:00Z").value();
  ASSERT_TRUE(keep_days(state, "Europe/Bucharest", now).ok());
  const auto day = static_cast<std::int32_t>(now.us / 86'400'000'000);
  EXPECT_EQ(forecast::kind_of_day(state.calendar, day), forecast::DayKind::thursday);
  apply(state, Book{{entry(BookKind::holiday, now, now + std::chrono::hours(20))}});
  ASSERT_TRUE(keep_days(state, "Europe/Bucharest", now).ok());
  EXPECT_EQ(forecast::kind_of_day(state.calendar, day), forecast::DayKind::holiday);
  ASSERT_TRUE(state.outlook.parts.front().forecast.has_value());
  EXPECT_EQ(state.outlook.parts.front().forecast->calendar, state.calendar);
}

// The town with a side street: N leaves the junction to the north, and leads back to the east.
std::shared_ptr<const Setup> with_side_street() {
  auto setup = std::make_shared<Setup>(*test::make_setup());
  auto& net = setup->network;
  const LocalPlane plane({23.58, 47.66});
  const auto point = [&](double x, double y) { return plane.to_lon_lat({x, y}); };
  net.links[1].shape = {point(500, 0), point(800, 0)};  // E is left out
  net.links[1].length = Metres{300};
  Link side = net.links[1];
  side.id = LinkId{"N"};
  side.shape = {point(500, 0), point(500, 300), point(800, 300), point(800, 0)};
  side.length = Metres{900};
  Link last = net.links[1];
  last.id = LinkId{"Z"};
  last.shape = {point(800, 0), point(1300, 0)};
  last.length = Metres{500};
  net.links.push_back(side);
  net.links.push_back(last);
  const auto turn = [&](const char* id, const char* from, const char* to, bool signal) {
    Movement m = net.movements[0];
    m.id = MovementId{id};
    m.from = LinkId{from};
    m.to = LinkId{to};
    if (!signal) m.group = {};
    net.movements.push_back(m);
  };
  turn("W-N", "W", "N", true);
  turn("E-Z", "E", "Z", false);
  turn("N-Z", "N", "Z", false);
  auto& table = setup->timetable;
  table.shapes[0].points = {point(0, 0), point(1300, 0)};
  table.shapes[0].links = {LinkId{"W"}, LinkId{"E"}, LinkId{"Z"}};
  table.stops = {{StopId{"a"}, "", point(0, 0), LinkId{"W"}, Metres{0}},
                 {StopId{"left"}, "", point(650, 0), LinkId{"E"}, Metres{150}},
                 {StopId{"b"}, "", point(1300, 0), LinkId{"Z"}, Metres{500}}};
  auto& stops = table.trips[0].stop_times;
  stops.insert(stops.begin() + 1,
               {StopId{"left"}, 2, Seconds{1500}, Seconds{1500}, Metres{650}, true});
  stops.back().sequence = 3;
  stops.back().along = Metres{1300};
  return setup;
}

BookEntry detour() {
  auto e = entry(BookKind::detour, test::at(1000), test::at(1200));
  e.lines = {LineId{"1"}};
  e.way = {LinkId{"W"}, LinkId{"N"}, LinkId{"Z"}};
  return e;
}

VehiclePosition fix(double s, double x, double y) {
  auto p = test::fix(s, x);
  p.position = LocalPlane({23.58, 47.66}).to_lon_lat({x, y});
  return p;
}

TEST(FusionBook, ABusOnADetourAsksAtTheTurnThatItTakesAndIsMatchedAlongIt) {
  auto state = make_fusion(with_side_street());
  set_days(state, {{20231114, test::kDay}});
  apply(state, Book{{detour()}});
  step(state, {test::at(999), 1, 0});
  apply(state, fix(999, 100, 0));
  EXPECT_EQ(state.transit.vehicles.begin()->second.shown.next_movement, MovementId{"W-E"});
  step(state, {test::at(1000), 1, 0});
  auto bus = apply(state, fix(1001, 120, 0));
  ASSERT_TRUE(bus.has_value());
  EXPECT_EQ(bus->next_movement, MovementId{"W-N"}) << "not at the stop line that it will not pass";
  bus = apply(state, fix(1060, 500, 200));
  ASSERT_TRUE(bus.has_value());
  EXPECT_EQ(bus->phase, BusPhase::running) << "200 m beside its usual way";
  EXPECT_EQ(bus->link, LinkId{"N"});
  ASSERT_TRUE(bus->lateness.has_value());
  step(state, {test::at(1200), 1, 0});
  bus = apply(state, fix(1201, 500, 250));
  ASSERT_TRUE(bus.has_value());
  EXPECT_EQ(bus->phase, BusPhase::off_route) << "the detour is over";
  EXPECT_EQ(state.counters.at("fusion.detour_changes"), 2U);
}

TEST(FusionBook, ADetourThatFitsNoWayOfItsLinesRaisesAnAlarmWhileItRuns) {
  auto state = make_fusion(with_side_street());
  auto wrong = detour();
  wrong.way = {LinkId{"Z"}, LinkId{"N"}, LinkId{"W"}};
  apply(state, Book{{wrong}});
  const auto raised = [&] {
    const auto list = alarm_list(state);
    return std::any_of(list.alarms.begin(), list.alarms.end(), [](const Alarm& a) {
      return a.kind == "detour_unmatched" && a.state == AlarmState::unacknowledged;
    });
  };
  step(state, {test::at(999), 1, 0});
  EXPECT_FALSE(raised());
  step(state, {test::at(1001), 1, 0});
  EXPECT_TRUE(raised());
  step(state, {test::at(1201), 1, 0});
  EXPECT_FALSE(raised());
}

TEST(FusionBook, OnADetourTheStopsOnTheWayThatIsLeftOutAreNotServed) {
  const auto setup = with_side_street();
  const auto driven = transit::detour(setup->timetable, setup->network, {detour()});
  EXPECT_EQ(driven.shapes, 1U);
  EXPECT_TRUE(driven.unmatched.empty());
  const auto& stops = driven.timetable.trips[0].stop_times;
  ASSERT_EQ(stops.size(), 2U);
  EXPECT_EQ(stops[1].stop, StopId{"b"});
  EXPECT_DOUBLE_EQ(stops[1].along.value, 1300 + 900 - 300);
  EXPECT_EQ(driven.timetable.shapes.back().links,
            (std::vector{LinkId{"W"}, LinkId{"N"}, LinkId{"Z"}}));
  EXPECT_EQ(driven.timetable.shapes[0], setup->timetable.shapes[0]) << "others may drive on it";
}

}  // namespace
}  // namespace dispecer::fusion
