#include "fusion/alarms/alarms.h"

#include <gtest/gtest.h>

namespace dispecer::alarms {
namespace {

constexpr UtcTime kStart{1'700'000'000'000'000};
UtcTime at(double s) {
  return kStart + from_seconds(s);
}
AlarmEvent event(const std::string& subject, bool active, double s,
                 const std::string& kind = "order_deviated") {
  return {kind, subject, AlarmPriority::medium, active, at(s), "text"};
}
const AlarmId kId{"order_deviated/J"};

AlarmState state(const Book& book, const AlarmId& id = kId) {
  const auto it = book.entries.find(id.str());
  return it == book.entries.end() ? AlarmState::normal : state_of(it->second);
}

enum class Act { raise, clear, acknowledge, shelve, expire, out, back };

void perform(Book& book, Act act, double s) {
  switch (act) {
    case Act::raise:
      apply(book, event("J", true, s));
      break;
    case Act::clear:
      apply(book, event("J", false, s));
      break;
    case Act::acknowledge:
      (void)acknowledge(book, kId, at(s)).ok();
      break;
    case Act::shelve:
      (void)shelve(book, kId, at(s + 600), at(s)).ok();
      break;
    case Act::expire:
      step(book, at(s + 601));
      break;
    case Act::out:
      (void)set_out_of_service(book, kId, true, at(s)).ok();
      break;
    case Act::back:
      (void)set_out_of_service(book, kId, false, at(s)).ok();
      break;
  }
}

// How each state is reached, and where each act leads from there.
TEST(AlarmStates, TheWholeChartHolds) {
  using S = AlarmState;
  struct From {
    S state;
    std::vector<Act> way;
  };
  const std::vector<From> froms{
      {S::normal, {}},
      {S::unacknowledged, {Act::raise}},
      {S::acknowledged, {Act::raise, Act::acknowledge}},
      {S::returned_unacknowledged, {Act::raise, Act::clear}},
      {S::shelved, {Act::raise, Act::shelve}},
      {S::out_of_service, {Act::raise, Act::out}},
  };
  const std::vector<Act> acts{Act::raise,  Act::clear, Act::acknowledge, Act::shelve,
                              Act::expire, Act::out,   Act::back};
  // Rows as `froms`, columns as `acts`.
  const S chart[6][7] = {
      {S::unacknowledged, S::normal, S::normal, S::normal, S::normal, S::normal, S::normal},
      {S::unacknowledged, S::returned_unacknowledged, S::acknowledged, S::shelved,
       S::unacknowledged, S::out_of_service, S::unacknowledged},
      {S::acknowledged, S::normal, S::acknowledged, S::shelved, S::acknowledged, S::out_of_service,
       S::acknowledged},
      {S::unacknowledged, S::returned_unacknowledged, S::normal, S::shelved,
       S::returned_unacknowledged, S::out_of_service, S::returned_unacknowledged},
      {S::shelved, S::shelved, S::shelved, S::shelved, S::unacknowledged, S::out_of_service,
       S::shelved},
      {S::out_of_service, S::out_of_service, S::out_of_service, S::out_of_service,
       S::out_of_service, S::out_of_service, S::unacknowledged},
  };
  for (std::size_t f = 0; f < froms.size(); ++f) {
    for (std::size_t a = 0; a < acts.size(); ++a) {
      Book book = make_book();
      double s = 0;
      for (const Act act : froms[f].way) perform(book, act, s += 10);
      ASSERT_EQ(state(book), froms[f].state) << "row " << f;
      perform(book, acts[a], s + 10);
      EXPECT_EQ(state(book), chart[f][a]) << "row " << f << " column " << a;
    }
  }
}

TEST(AlarmStates, WhatHappensUnderAShelfShowsWhenItEnds) {
  Book book = make_book();
  apply(book, event("J", true, 0));
  ASSERT_TRUE(shelve(book, kId, at(100), at(1)).ok());
  apply(book, event("J", false, 2));
  ASSERT_TRUE(acknowledge(book, kId, at(3)).ok());
  step(book, at(50));
  EXPECT_EQ(state(book), AlarmState::shelved);
  step(book, at(100));
  EXPECT_EQ(state(book), AlarmState::normal);
  EXPECT_TRUE(list(book).alarms.empty());
}

TEST(AlarmStates, AShelfHasAnEndWithinADayAndCanBeEnded) {
  Book book = make_book();
  apply(book, event("J", true, 0));
  EXPECT_EQ(shelve(book, kId, at(90000), at(0)).error().cause, "shelf_too_long");
  EXPECT_EQ(shelve(book, kId, at(0), at(0)).error().cause, "not_shelved");
  ASSERT_TRUE(shelve(book, kId, at(60), at(0)).ok());
  ASSERT_TRUE(shelve(book, kId, at(10), at(10)).ok());
  EXPECT_EQ(state(book), AlarmState::unacknowledged);
  EXPECT_EQ(acknowledge(book, AlarmId{"x/y"}, at(0)).error().cause, "unknown_alarm");
}

TEST(Damping, AChatteringAlarmIsOneAlarmWithACount) {
  Book book = make_book();
  for (int i = 0; i < 10; ++i) {
    apply(book, event("J", true, 4 * i));
    step(book, at(4 * i));
    apply(book, event("J", false, 4 * i + 2));
    step(book, at(4 * i + 2));
  }
  EXPECT_EQ(state(book), AlarmState::unacknowledged);  // held as active
  ASSERT_EQ(list(book).alarms.size(), 1U);
  EXPECT_EQ(list(book).alarms[0].count, 10U);
  step(book, at(38 + 59));
  EXPECT_EQ(state(book), AlarmState::unacknowledged);
  step(book, at(38 + 61));
  EXPECT_EQ(state(book), AlarmState::returned_unacknowledged);
}

TEST(Damping, ARepeatOfWhatIsActiveIsNoNewAlarm) {
  Book book = make_book();
  apply(book, event("J", true, 0));
  ASSERT_TRUE(acknowledge(book, kId, at(1)).ok());
  apply(book, event("J", true, 2));
  EXPECT_EQ(state(book), AlarmState::acknowledged);
  apply(book, event("J", false, 3));
  apply(book, event("J", false, 4));
  EXPECT_EQ(book.counters.at("alarms.clear_of_nothing"), 1U);
}

TEST(Grouping, AllControllersLostAreOneAlarmWithTheirNumber) {
  Book book = make_book();
  for (int i = 0; i < 45; ++i) {
    apply(book, event("J" + std::to_string(100 + i), true, 1, "no_communication"));
  }
  step(book, at(2));
  auto shown = list(book).alarms;
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].id, AlarmId{"group/no_communication"});
  EXPECT_EQ(shown[0].subject, "no_communication");
  EXPECT_EQ(shown[0].count, 45U);
  EXPECT_EQ(shown[0].text, "J100, J101, J102, J103, J104, J105, +39");
  EXPECT_EQ(shown[0].state, AlarmState::unacknowledged);
  ASSERT_TRUE(acknowledge(book, shown[0].id, at(3)).ok());
  EXPECT_EQ(list(book).alarms[0].state, AlarmState::acknowledged);
  // All come back: nothing is left to acknowledge one by one.
  for (int i = 0; i < 45; ++i) {
    apply(book, event("J" + std::to_string(100 + i), false, 10, "no_communication"));
  }
  step(book, at(11));
  EXPECT_TRUE(list(book).alarms.empty());
}

TEST(Grouping, AGroupStaysUntilItsLastMemberIsGoneAndANewOneSpeaksUp) {
  Book book = make_book();
  for (int i = 0; i < 5; ++i) apply(book, event("J" + std::to_string(i), true, 1));
  step(book, at(2));
  ASSERT_TRUE(acknowledge(book, AlarmId{"group/order_deviated"}, at(3)).ok());
  for (int i = 0; i < 3; ++i) apply(book, event("J" + std::to_string(i), false, 4));
  step(book, at(5));
  ASSERT_EQ(list(book).alarms.size(), 1U);
  EXPECT_EQ(list(book).alarms[0].count, 2U);
  EXPECT_EQ(list(book).alarms[0].state, AlarmState::acknowledged);
  apply(book, event("J9", true, 6));
  step(book, at(7));
  EXPECT_EQ(list(book).alarms[0].state, AlarmState::unacknowledged);
  for (const char* j : {"J3", "J4", "J9"}) apply(book, event(j, false, 8));
  step(book, at(9));
  EXPECT_EQ(list(book).alarms[0].state, AlarmState::returned_unacknowledged);
  ASSERT_TRUE(acknowledge(book, AlarmId{"group/order_deviated"}, at(10)).ok());
  step(book, at(11));
  EXPECT_TRUE(list(book).alarms.empty());
}

TEST(Grouping, ThreeOfAKindStandForThemselves) {
  Book book = make_book();
  for (int i = 0; i < 3; ++i) apply(book, event("J" + std::to_string(i), true, 1));
  step(book, at(2));
  EXPECT_EQ(list(book).alarms.size(), 3U);
}

TEST(Roots, WhatFollowsFromASilentFeedIsSuppressed) {
  Book book = make_book();
  for (int i = 0; i < 500; ++i) {
    apply(book, event("J" + std::to_string(i), true, 1, "no_communication"));
  }
  apply(book, SourceState{"signals", Quality::stale, Seconds{6}, 500, 0}, at(1));
  apply(book, SourceState{"detectors", Quality::stale, Seconds{6}, 900, 0}, at(1));
  step(book, at(2));
  int loud = 0;
  for (const auto& alarm : list(book).alarms) {
    if (alarm.state == AlarmState::suppressed) continue;
    ++loud;
    EXPECT_EQ(alarm.id, AlarmId{"source_silent/signals"});
    EXPECT_EQ(alarm.priority, AlarmPriority::high);
  }
  EXPECT_EQ(loud, 1);
  EXPECT_EQ(list(book).alarms.front().id, AlarmId{"source_silent/signals"});
  // The feed is back; what is still wrong speaks up again.
  apply(book, SourceState{"signals", Quality::live, Seconds{0}, 500, 1}, at(3));
  step(book, at(4));
  bool group_loud = false;
  for (const auto& alarm : list(book).alarms) {
    group_loud = group_loud || (alarm.id == AlarmId{"group/no_communication"} &&
                                alarm.state == AlarmState::unacknowledged);
  }
  EXPECT_TRUE(group_loud);
}

TEST(Roots, AFeedThatWasNeverHeardRaisesNothing) {
  Book book = make_book();
  apply(book, SourceState{"air", Quality::unknown, Seconds{0}, 5, 0}, at(1));
  step(book, at(2));
  EXPECT_TRUE(list(book).alarms.empty());
}

TEST(AlarmList, IsOrderedByPriorityThenByTime) {
  Book book = make_book();
  apply(book, AlarmEvent{"a", "1", AlarmPriority::low, true, at(5), ""});
  apply(book, AlarmEvent{"b", "1", AlarmPriority::high, true, at(1), ""});
  apply(book, AlarmEvent{"c", "1", AlarmPriority::high, true, at(2), ""});
  step(book, at(6));
  const auto rows = list(book).alarms;
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].kind, "c");
  EXPECT_EQ(rows[1].kind, "b");
  EXPECT_EQ(rows[2].kind, "a");
}

TEST(Restart, WhatARestartedProcessDoesNotSayAgainIsOver) {
  Book book = make_book();
  apply(book, event("A", true, 0), "rsmp");
  apply(book, event("B", true, 0), "rsmp");
  apply(book, event("C", true, 0), "feeds");
  for (const char* j : {"A", "B", "C"}) {
    ASSERT_TRUE(acknowledge(book, AlarmId{std::string("order_deviated/") + j}, at(1)).ok());
  }
  restarted(book, "rsmp", at(10));
  apply(book, event("A", true, 20), "rsmp");
  step(book, at(69));
  EXPECT_EQ(list(book).alarms.size(), 3U);
  step(book, at(71));
  EXPECT_EQ(state(book, AlarmId{"order_deviated/A"}), AlarmState::acknowledged);
  EXPECT_EQ(state(book, AlarmId{"order_deviated/B"}), AlarmState::normal);
  EXPECT_EQ(state(book, AlarmId{"order_deviated/C"}), AlarmState::acknowledged);
}

TEST(Restart, TheBookComesBackAsItWasButForWhatIsFoundAnew) {
  Book book = make_book();
  apply(book, event("A", true, 0), "rsmp");
  ASSERT_TRUE(acknowledge(book, AlarmId{"order_deviated/A"}, at(1)).ok());
  apply(book, event("B", true, 0), "rsmp");
  ASSERT_TRUE(shelve(book, AlarmId{"order_deviated/B"}, at(900), at(1)).ok());
  apply(book, event("own", true, 0, "detector_fault"));
  Book other = make_book();
  restore(other, snapshot(book));
  step(other, at(2));
  EXPECT_EQ(state(other, AlarmId{"order_deviated/A"}), AlarmState::acknowledged);
  EXPECT_EQ(state(other, AlarmId{"order_deviated/B"}), AlarmState::shelved);
  EXPECT_EQ(other.entries.size(), 2U);
}

TEST(AlarmBook, IsBoundedAndSaysWhatItDropped) {
  Parameters p;
  p.most_entries = 10;
  p.group_least = 100;
  Book book = make_book(p);
  for (int i = 0; i < 15; ++i) apply(book, event("J" + std::to_string(i), true, i));
  EXPECT_EQ(book.entries.size(), 10U);
  EXPECT_EQ(book.counters.at("alarms.dropped"), 5U);
}

}  // namespace
}  // namespace dispecer::alarms
