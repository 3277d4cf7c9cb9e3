// The city's book as operators write it: who may, what is refused, what it does at the signals,
// what stays over a restart.
#include "controller/app/book_desk.h"

#include <gtest/gtest.h>

#include "controller/app/deciding.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;
using controller::Deciding;

BookEntry works(const char* id, double from, double to) {
  BookEntry e;
  e.id = BookEntryId(id);
  e.kind = BookKind::works;
  e.title = "Water main";
  e.begin = at(from);
  e.end = at(to);
  e.links = {LinkId("in_n")};
  e.lanes_lost = 1;
  return e;
}

Crossroads two_lanes() {
  Crossroads road;
  for (auto& l : road.network.links) l.lanes = 2;
  return road;
}

IntentResult say(Deciding& deciding, IntentAction action, Role role = Role::op,
                 const char* who = "ana") {
  Intent i;
  i.id = IntentId("i");
  i.expires = at(1e9);
  i.actor = {PersonId(who), role, WorkplaceId("desk")};
  i.action = std::move(action);
  return deciding.on_intent(i).value();
}

void tick(Deciding& deciding, Crossroads& road, double s) {
  deciding.on_clock({at(s), 1, 0});
  deciding.on_picture(*road.now(s));
}

double own_room(const Deciding& deciding) {
  return deciding.state().junctions.at(JunctionId("j")).site.movements[0].own.room;
}

TEST(BookDesk, AnOperatorsEntryIsOwnedByWhoSaidItAndActsAtTheSignalsUntilItsEnd) {
  auto road = two_lanes();
  Deciding deciding(road.controller());
  tick(deciding, road, 0);
  auto entry = works("w", 2, 10);
  entry.owner = "somebody else";
  EXPECT_EQ(say(deciding, SaveBookEntry{entry}).outcome, IntentOutcome::done);
  const auto& book = deciding.state().desk.in_force;
  ASSERT_EQ(book.entries.size(), 1U);
  EXPECT_EQ(book.entries[0].owner, "ana");
  tick(deciding, road, 1);
  EXPECT_EQ(own_room(deciding), 1.0);
  tick(deciding, road, 2);
  EXPECT_EQ(own_room(deciding), 0.5);
  tick(deciding, road, 10);
  EXPECT_EQ(own_room(deciding), 1.0);
}

TEST(BookDesk, AnEntryIsChangedUnderItsIdAndEndedAtOnce) {
  auto road = two_lanes();
  Deciding deciding(road.controller());
  tick(deciding, road, 0);
  say(deciding, SaveBookEntry{works("w", 0, 100)});
  tick(deciding, road, 1);
  EXPECT_EQ(own_room(deciding), 0.5);
  auto elsewhere = works("w", 0, 100);
  elsewhere.links = {LinkId("in_s")};
  EXPECT_EQ(say(deciding, SaveBookEntry{elsewhere}, Role::supervisor, "ion").outcome,
            IntentOutcome::done);
  ASSERT_EQ(deciding.state().desk.in_force.entries.size(), 1U);
  EXPECT_EQ(deciding.state().desk.in_force.entries[0].owner, "ion");
  tick(deciding, road, 2);
  EXPECT_EQ(own_room(deciding), 1.0);
  EXPECT_EQ(deciding.state().junctions.at(JunctionId("j")).site.movements[1].own.room, 0.5);
  EXPECT_EQ(say(deciding, EndBookEntry{BookEntryId("w")}).outcome, IntentOutcome::done);
  tick(deciding, road, 3);
  EXPECT_FALSE(deciding.state().junctions.at(JunctionId("j")).site.limited);
  EXPECT_EQ(say(deciding, EndBookEntry{BookEntryId("w")}).cause, "unknown_entry");
}

TEST(BookDesk, WhatCannotStandIsRefusedAndChangesNothing) {
  auto road = two_lanes();
  Deciding deciding(road.controller());
  tick(deciding, road, 50);
  const auto refused = [&](BookEntry e, Role role = Role::op) {
    const auto r = say(deciding, SaveBookEntry{std::move(e)}, role);
    EXPECT_EQ(r.outcome, IntentOutcome::refused);
    return r.cause;
  };
  const auto with = [](auto&& change) {
    auto e = works("w", 0, 100);
    change(e);
    return e;
  };
  for (const auto role : {Role::viewer, Role::police, Role::maintainer, Role::automaton}) {
    EXPECT_EQ(refused(works("w", 0, 100), role), "right");
  }
  EXPECT_EQ(refused(works("w", 0, 50)), "until") << "it is over";
  EXPECT_EQ(refused(works("w", 0, 732 * 86400.0)), "until") << "longer than two years";
  EXPECT_EQ(refused(works("w", 90, 90)), "bad_value");
  EXPECT_EQ(refused(with([](auto& e) { e.title = " "; })), "missing_key");
  EXPECT_EQ(refused(with([](auto& e) { e.id = {}; })), "missing_key");
  EXPECT_EQ(refused(with([](auto& e) { e.kind = BookKind::unknown; })), "bad_value");
  EXPECT_EQ(refused(with([](auto& e) { e.links = {LinkId("nowhere")}; })), "unknown_reference");
  EXPECT_EQ(refused(with([](auto& e) { e.junctions = {JunctionId("k")}; })), "unknown_reference");
  EXPECT_EQ(refused(with([](auto& e) {
              e.junctions = {JunctionId("j")};
              e.plan = 7;
            })),
            "unknown_reference");
  EXPECT_EQ(refused(with([](auto& e) { e.from_minute = 1500; })), "out_of_range");
  EXPECT_EQ(refused(with([](auto& e) { e.weekdays = 128; })), "out_of_range");
  EXPECT_EQ(refused(with([](auto& e) { e.flow_share = 0; })), "out_of_range");
  EXPECT_EQ(refused(with([](auto& e) { e.lanes_lost = 2; })), "all_lanes_lost");
  EXPECT_EQ(refused(with([](auto& e) { e.lines = {LineId("1")}; })), "bad_value");
  EXPECT_EQ(refused(with([](auto& e) {
              e.lines = {LineId("1")};
              e.way = {LinkId("in_n"), LinkId("out_e")};
            })),
            "bad_value")
      << "nobody gets from one link of that way to the next";
  EXPECT_TRUE(deciding.state().desk.in_force.entries.empty());
  EXPECT_EQ(deciding.state().desk.version, 0U);
}

TEST(BookDesk, AnEntryThatContradictsOneInForceIsRefusedAndOneToLookAtIsSavedWithAWord) {
  auto road = two_lanes();
  road.signals.plans.push_back(road.signals.plans[0]);
  road.signals.plans[1].number = 2;
  Deciding deciding(road.controller());
  tick(deciding, road, 0);
  auto night = works("night", 0, 100);
  night.kind = BookKind::night;
  night.links = {};
  night.lanes_lost = 0;
  night.junctions = {JunctionId("j")};
  night.plan = 1;
  EXPECT_EQ(say(deciding, SaveBookEntry{night}).cause, "");
  auto other = night;
  other.id = BookEntryId("other");
  other.plan = 2;
  EXPECT_EQ(say(deciding, SaveBookEntry{other}).cause, "two_plans");
  other.id = night.id;
  EXPECT_EQ(say(deciding, SaveBookEntry{other}).cause, "") << "changed, it stands alone";
  EXPECT_EQ(say(deciding, SaveBookEntry{works("a", 0, 100)}).text, "");
  const auto second = say(deciding, SaveBookEntry{works("b", 0, 100)});
  EXPECT_EQ(second.outcome, IntentOutcome::done);
  EXPECT_NE(second.text.find("all 2 lanes"), std::string::npos) << second.text;
}

TEST(BookDesk, AnEntryOfTheCitysFilesIsEndedAndOneToComeIsTakenOut) {
  auto road = two_lanes();
  controller::ControllerParameters parameters;
  parameters.book.entries = {works("now", 0, 1000), works("later", 500, 1000)};
  parameters.book.entries[1].links = {LinkId("in_s")};
  for (auto& e : parameters.book.entries) e.owner = "city hall";
  Deciding deciding(road.controller(parameters));
  tick(deciding, road, 10);
  EXPECT_EQ(own_room(deciding), 0.5);
  EXPECT_EQ(say(deciding, EndBookEntry{BookEntryId("now")}).outcome, IntentOutcome::done);
  EXPECT_EQ(say(deciding, EndBookEntry{BookEntryId("later")}).outcome, IntentOutcome::done);
  const auto& entries = deciding.state().desk.in_force.entries;
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].end, at(10));
  tick(deciding, road, 11);
  EXPECT_EQ(own_room(deciding), 1.0);
  tick(deciding, road, 600);
  EXPECT_FALSE(deciding.state().junctions.at(JunctionId("j")).site.limited);
}

TEST(BookDesk, WhatOperatorsWroteIsKeptOverARestart) {
  auto road = two_lanes();
  controller::ControllerParameters parameters;
  parameters.book.entries = {works("city", 0, 1000), works("gone", 500, 1000)};
  for (auto& e : parameters.book.entries) e.owner = "city hall";
  Deciding before(road.controller(parameters));
  tick(before, road, 0);
  auto mine = works("mine", 0, 500);
  mine.links = {LinkId("in_s")};
  say(before, SaveBookEntry{mine});
  tick(before, road, 1);
  say(before, EndBookEntry{BookEntryId("city")});
  say(before, EndBookEntry{BookEntryId("gone")});
  const auto kept = controller::snapshot(before.state());

  Deciding after(road.controller(parameters));
  controller::restore(after.state(), kept);
  EXPECT_EQ(after.state().desk.in_force, before.state().desk.in_force);
  tick(after, road, 2);
  const auto& movements = after.state().junctions.at(JunctionId("j")).site.movements;
  EXPECT_EQ(movements[0].own.room, 1.0);
  EXPECT_EQ(movements[1].own.room, 0.5);
}

TEST(BookDesk, AnEntryThatTheChangedCityContradictsIsLeftOutAndComesBackWithIt) {
  auto road = two_lanes();
  Deciding before(road.controller());
  tick(before, road, 0);
  auto mine = works("mine", 0, 500);
  mine.links = {};
  mine.lanes_lost = 0;
  mine.junctions = {JunctionId("j")};
  mine.local = true;
  say(before, SaveBookEntry{mine});
  const auto kept = controller::snapshot(before.state());

  controller::ControllerParameters parameters;
  auto plan = mine;
  plan.id = BookEntryId("city");
  plan.owner = "city hall";
  plan.local = false;
  plan.plan = 1;
  plan.begin = at(100);
  parameters.book.entries = {plan};
  Deciding after(road.controller(parameters));
  controller::restore(after.state(), kept);
  EXPECT_EQ(after.state().desk.in_force, parameters.book);
  ASSERT_EQ(after.state().desk.left_out.size(), 1U);
  EXPECT_EQ(after.state().desk.left_out[0].rule, "two_plans");
  tick(after, road, 1);
  say(after, EndBookEntry{BookEntryId("city")});
  ASSERT_EQ(after.state().desk.in_force.entries.size(), 1U);
  EXPECT_EQ(after.state().desk.in_force.entries[0].id, BookEntryId("mine"));
  EXPECT_TRUE(after.state().desk.left_out.empty());

  road.network.links.erase(road.network.links.begin());
  mine.links = {LinkId("in_n")};
  controller::Snapshot lost;
  lost.book_written = {mine};
  lost.book_written[0].owner = "ana";
  Deciding smaller(road.controller());
  controller::restore(smaller.state(), lost);
  EXPECT_TRUE(smaller.state().desk.in_force.entries.empty()) << "the city lost that link";
  EXPECT_EQ(smaller.state().counters.at("controller.book_entries_lost"), 1U);
}

TEST(BookDesk, AHolidayOfAnOperatorMakesSchoolsStayClosed) {
  Crossroads road;
  Deciding deciding(road.controller());
  tick(deciding, road, 0);
  BookEntry day = works("day", -1e5, 2e5);
  day.kind = BookKind::holiday;
  day.links = {};
  day.lanes_lost = 0;
  EXPECT_TRUE(deciding.state().holidays.empty());
  say(deciding, SaveBookEntry{day});
  EXPECT_FALSE(deciding.state().holidays.empty());
  say(deciding, EndBookEntry{BookEntryId("day")});
  controller::set_local_time(deciding.state(), {}, {20000});
  EXPECT_TRUE(
      std::count(deciding.state().holidays.begin(), deciding.state().holidays.end(), 20000));
}

TEST(BookDesk, OldEntriesOfOperatorsAreForgottenButNotTheEndOfOneOfTheCitys) {
  auto road = two_lanes();
  controller::ControllerParameters parameters;
  parameters.book.entries = {works("city", 0, 1e8)};
  parameters.book.entries[0].owner = "city hall";
  Deciding deciding(road.controller(parameters));
  tick(deciding, road, 1);
  say(deciding, EndBookEntry{BookEntryId("city")});
  say(deciding, SaveBookEntry{works("mine", 0, 100)});
  EXPECT_EQ(deciding.state().desk.written.size(), 2U);
  tick(deciding, road, 40 * 86400.0);
  say(deciding, SaveBookEntry{works("next", 40 * 86400.0, 41 * 86400.0)});
  const auto& written = deciding.state().desk.written;
  ASSERT_EQ(written.size(), 2U);
  EXPECT_EQ(written[0].id, BookEntryId("city"));
  EXPECT_EQ(written[1].id, BookEntryId("next"));
}

}  // namespace
}  // namespace dispecer
