#include "fusion/model/book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fusion/model/book_check.h"

namespace dispecer {
namespace {

UtcTime at(double s) {
  return UtcTime{1'700'000'000'000'000} + from_seconds(s);
}

BookEntry entry(const char* id, BookKind kind, double from, double to,
                std::vector<LinkId> links = {}) {
  BookEntry e;
  e.id = BookEntryId(id);
  e.kind = kind;
  e.begin = at(from);
  e.end = at(to);
  e.links = std::move(links);
  return e;
}

// Monday 08:00 on a working day after a working day, unless told otherwise.
LocalMinute wall(std::uint32_t weekday, std::uint32_t minute, bool workday = true,
                 bool before = true) {
  return {weekday, minute, workday, before};
}

TEST(BookEntryRuns, FromItsBeginToItsEndWhichIsOutside) {
  const auto works = entry("w", BookKind::works, 0, 100);
  EXPECT_FALSE(runs(works, at(-0.001), {}));
  EXPECT_TRUE(runs(works, at(0), {}));
  EXPECT_TRUE(runs(works, at(99.999), {}));
  EXPECT_FALSE(runs(works, at(100), {}));
}

TEST(BookEntryRuns, OnlyInItsHoursAndOnItsWeekdays) {
  auto works = entry("w", BookKind::works, 0, 1e7);
  works.from_minute = 480;
  works.to_minute = 960;
  works.weekdays = 0b0000101;  // Monday and Wednesday
  EXPECT_FALSE(runs(works, at(1), wall(0, 479)));
  EXPECT_TRUE(runs(works, at(1), wall(0, 480)));
  EXPECT_FALSE(runs(works, at(1), wall(1, 480)));
  EXPECT_TRUE(runs(works, at(1), wall(2, 959)));
  EXPECT_FALSE(runs(works, at(1), wall(2, 960)));
}

TEST(BookEntryRuns, HoursOverMidnightBelongToTheDayOnWhichTheyBegin) {
  auto night = entry("n", BookKind::night, 0, 1e7);
  night.from_minute = 1320;
  night.to_minute = 300;
  night.weekdays = 0b0100000;  // Saturday
  EXPECT_FALSE(runs(night, at(1), wall(5, 299))) << "that is Friday's night";
  EXPECT_TRUE(runs(night, at(1), wall(5, 1320)));
  EXPECT_TRUE(runs(night, at(1), wall(6, 299)));
  EXPECT_FALSE(runs(night, at(1), wall(6, 300)));
  EXPECT_FALSE(runs(night, at(1), wall(6, 1320)));
}

TEST(BookEntryRuns, ASchoolOnlyOnWorkingDays) {
  auto school = entry("s", BookKind::school, 0, 1e7);
  EXPECT_TRUE(runs(school, at(1), wall(0, 480)));
  EXPECT_FALSE(runs(school, at(1), wall(0, 480, false))) << "a public holiday";
  school.from_minute = 1320;
  school.to_minute = 60;
  EXPECT_FALSE(runs(school, at(1), wall(5, 30, false, false)));
  EXPECT_TRUE(runs(school, at(1), wall(5, 30, false, true))) << "the evening before was one";
}

// Two streets from "in" to "out": over "a" and over "b"; "park" hangs on both.
Network town() {
  Network n;
  for (const auto* id : {"in", "a", "b", "park", "out"}) {
    Link l;
    l.id = LinkId(id);
    l.lanes = 2;
    n.links.push_back(l);
  }
  for (const auto& [from, to] : std::vector<std::pair<const char*, const char*>>{{"in", "a"},
                                                                                 {"in", "b"},
                                                                                 {"a", "park"},
                                                                                 {"b", "park"},
                                                                                 {"a", "out"},
                                                                                 {"b", "out"},
                                                                                 {"park", "out"}}) {
    Movement m;
    m.id = MovementId(std::string(from) + to);
    m.from = LinkId(from);
    m.to = LinkId(to);
    n.movements.push_back(m);
  }
  return n;
}

std::vector<std::string> rules(const Book& book) {
  std::vector<std::string> out;
  for (const auto& c : contradictions(book, town())) {
    out.push_back(c.rule + " " + c.first.str() + (c.second.empty() ? "" : " " + c.second.str()) +
                  (c.refuse ? "!" : ""));
    EXPECT_THAT(c.text, ::testing::HasSubstr("'" + c.first.str() + "'"));
    EXPECT_THAT(c.text, ::testing::HasSubstr("'" + c.second.str()));
  }
  return out;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(BookContradictions, EntriesThatGoTogetherAreNotToldOf) {
  auto works = entry("w", BookKind::works, 0, 100, {LinkId("a")});
  works.lanes_lost = 1;
  auto night = entry("n", BookKind::night, 0, 100);
  night.local = true;
  night.junctions = {JunctionId("j")};
  EXPECT_THAT(rules({{works, night, entry("c", BookKind::closure, 0, 100, {LinkId("b")})}}),
              IsEmpty());
}

TEST(BookContradictions, AnEntryThatCannotStandAloneIsRefused) {
  auto late = entry("late", BookKind::event, 10, 10);
  auto all = entry("all", BookKind::works, 0, 100, {LinkId("a")});
  all.lanes_lost = 2;
  auto closed = entry("closed", BookKind::closure, 0, 100, {LinkId("a")});
  closed.lanes_lost = 2;
  auto torn = entry("torn", BookKind::night, 0, 100);
  torn.local = true;
  torn.plan = 2;
  EXPECT_THAT(rules({{late, all, closed, torn}}),
              ElementsAre("end_before_begin late!", "all_lanes_lost all!", "plan_and_local torn!",
                          "no_junctions torn!"));
}

TEST(BookContradictions, TwoPlansAtOneJunctionAreRefusedOnlyWhereTheirTimesMeet) {
  auto first = entry("first", BookKind::event, 0, 100);
  first.plan = 2;
  first.junctions = {JunctionId("i"), JunctionId("j")};
  auto second = entry("second", BookKind::works, 50, 200);
  second.plan = 3;
  second.junctions = {JunctionId("j")};
  EXPECT_THAT(rules({{first, second}}), ElementsAre("two_plans first second!"));
  second.plan = 2;
  EXPECT_THAT(rules({{first, second}}), IsEmpty()) << "the same plan";
  second.plan = 0;
  second.local = true;
  EXPECT_THAT(rules({{first, second}}), ElementsAre("two_plans first second!"));
  second.begin = at(100);
  EXPECT_THAT(rules({{first, second}}), IsEmpty()) << "one after the other";
  second.begin = at(50);
  first.from_minute = 480;
  first.to_minute = 960;
  second.from_minute = 1320;
  second.to_minute = 480;
  EXPECT_THAT(rules({{first, second}}), IsEmpty()) << "one by day, one by night";
  second.to_minute = 481;
  EXPECT_THAT(rules({{first, second}}), ElementsAre("two_plans first second!"));
}

TEST(BookContradictions, WorksThatTogetherTakeAllLanesAreToldOf) {
  auto first = entry("first", BookKind::works, 0, 100, {LinkId("a")});
  auto second = entry("second", BookKind::works, 0, 100, {LinkId("b"), LinkId("a")});
  first.lanes_lost = second.lanes_lost = 1;
  EXPECT_THAT(rules({{first, second}}), ElementsAre("all_lanes_together first second"));
  second.weekdays = 0b1;
  first.weekdays = 0b10;
  EXPECT_THAT(rules({{first, second}}), IsEmpty());
}

TEST(BookContradictions, ClosuresThatOnlyTogetherCutLinksOffAreToldOf) {
  const auto a = entry("a", BookKind::closure, 0, 100, {LinkId("a")});
  const auto b = entry("b", BookKind::closure, 99, 200, {LinkId("b")});
  EXPECT_THAT(rules({{a, b}}), ElementsAre("cut_off a b"));
  const auto later = entry("b", BookKind::closure, 100, 200, {LinkId("b")});
  EXPECT_THAT(rules({{a, later}}), IsEmpty());
  const auto alone = entry("alone", BookKind::closure, 0, 100, {LinkId("a"), LinkId("b")});
  const auto park = entry("park", BookKind::closure, 0, 100, {LinkId("park")});
  EXPECT_THAT(rules({{alone, park}}), IsEmpty()) << "the first cuts off by itself";
}

TEST(BookContradictions, ATownWithoutEdgesIsEnteredAtItsLargestJunction) {
  // A ring of two halves: with both closed, "a" and "c" part.
  Network ring;
  for (const auto& [id, to] : std::vector<std::pair<const char*, const char*>>{
           {"a", "x"}, {"b", "x"}, {"c", "y"}, {"d", "x"}}) {
    Link l;
    l.id = LinkId(id);
    l.to = JunctionId(to);
    l.lanes = 1;
    ring.links.push_back(l);
  }
  for (const auto& [from, to] : std::vector<std::pair<const char*, const char*>>{
           {"a", "c"}, {"c", "b"}, {"c", "d"}, {"b", "a"}, {"d", "a"}}) {
    Movement m;
    m.id = MovementId(std::string(from) + to);
    m.from = LinkId(from);
    m.to = LinkId(to);
    ring.movements.push_back(m);
  }
  const auto b = entry("b", BookKind::closure, 0, 100, {LinkId("b")});
  const auto d = entry("d", BookKind::closure, 0, 100, {LinkId("d")});
  const auto found = contradictions({{b, d}}, ring);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "cut_off");
  EXPECT_FALSE(found[0].refuse);
}

}  // namespace
}  // namespace dispecer
