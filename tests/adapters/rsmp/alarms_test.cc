// Alarms of the field: their state chart as a table, order, repeats, flutter, and what people do.
#include "adapters/rsmp/alarms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/rsmp/alarm_wishes.h"
#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RsmpAlarmChart, EveryStepFromEveryState) {
  using S = AlarmStep;
  struct Row {
    AlarmChart from;  // active, acknowledged, suspended
    S step;
    std::optional<AlarmChart> to;
  };
  std::vector<Row> rows;
  for (const bool suspended : {false, true}) {
    const auto chart = [&](bool active, bool acknowledged) {
      return AlarmChart{active, acknowledged, suspended};
    };
    const std::vector<Row> some{{chart(false, true), S::becomes_active, chart(true, false)},
                                {chart(false, true), S::becomes_inactive, {}},
                                {chart(false, true), S::acknowledged, {}},
                                {chart(false, false), S::becomes_active, chart(true, false)},
                                {chart(false, false), S::becomes_inactive, {}},
                                {chart(false, false), S::acknowledged, chart(false, true)},
                                {chart(true, false), S::becomes_active, {}},
                                {chart(true, false), S::becomes_inactive, chart(false, false)},
                                {chart(true, false), S::acknowledged, chart(true, true)},
                                {chart(true, true), S::becomes_active, {}},
                                {chart(true, true), S::becomes_inactive, chart(false, true)},
                                {chart(true, true), S::acknowledged, {}}};
    rows.insert(rows.end(), some.begin(), some.end());
    for (const bool active : {false, true}) {
      for (const bool acknowledged : {false, true}) {
        AlarmChart other = chart(active, acknowledged);
        other.suspended = !suspended;
        const S step = suspended ? S::resumed : S::suspended;
        const S wrong = suspended ? S::suspended : S::resumed;
        rows.push_back({chart(active, acknowledged), step, other});
        rows.push_back({chart(active, acknowledged), wrong, {}});
      }
    }
  }
  ASSERT_EQ(rows.size(), 8u * 5u) << "eight states, five steps";
  for (const Row& row : rows) {
    EXPECT_EQ(after(row.from, row.step), row.to)
        << row.from.active << row.from.acknowledged << row.from.suspended << " step "
        << static_cast<int>(row.step);
  }
}

struct Told {
  bool active;
  double at_s;
  bool acknowledged = false;
  bool suspended = false;
  AlarmKind kind = AlarmKind::issue;
};

Alarm told(const Told& t) {
  return {{"DL1", "", ""},
          "A0302",
          "",
          "",
          t.kind,
          AlarmState{t.acknowledged,
                     t.active,
                     t.suspended,
                     kStart + from_seconds(t.at_s),
                     'D',
                     2,
                     {{"detector", "1"}}},
          {}};
}

struct Book {
  // "shown", "gone" or "flutters" for each change.
  std::vector<std::string> apply(const Told& t) {
    std::vector<AlarmChange> changes;
    book.apply(told(t), kStart + from_seconds(t.at_s), changes);
    return words(changes);
  }
  std::vector<std::string> timer(double at_s) {
    std::vector<AlarmChange> changes;
    book.timer(kStart + from_seconds(at_s), changes);
    return words(changes);
  }
  static std::vector<std::string> words(const std::vector<AlarmChange>& changes) {
    std::vector<std::string> list;
    for (const AlarmChange& c : changes) {
      list.emplace_back(c.flutters ? "flutters" : c.shown ? "shown" : "gone");
    }
    return list;
  }
  Counters counters;
  AlarmBook book{counters};
};

TEST(RsmpAlarmBook, RepeatsAndOlderEventsChangeNothing) {
  Book b;
  EXPECT_THAT(b.apply({true, 10}), ElementsAre("shown"));
  EXPECT_THAT(b.apply({true, 10}), IsEmpty());
  EXPECT_EQ(b.counters["rsmp.alarms.repeated"], 1u);
  EXPECT_THAT(b.apply({false, 5}), IsEmpty()) << "out of the buffer, after the newer one";
  EXPECT_EQ(b.counters["rsmp.alarms.older"], 1u);
  EXPECT_TRUE(b.book.find({"DL1", "A0302"})->chart.active);
  EXPECT_THAT(b.apply({false, 11}), ElementsAre("gone"));
}

TEST(RsmpAlarmBook, ASuspendedAlarmIsNotShownAndTellsItsStateWhenItIsResumed) {
  Book b;
  b.apply({true, 1});
  EXPECT_THAT(b.apply({true, 2, true, false, AlarmKind::acknowledge}), IsEmpty());
  EXPECT_TRUE(b.book.find({"DL1", "A0302"})->chart.acknowledged);
  EXPECT_THAT(b.apply({true, 3, true, true, AlarmKind::suspend}), ElementsAre("gone"));
  // It went and came while it was suspended: inactive in between, so unacknowledged now.
  EXPECT_THAT(b.apply({true, 9, false, false, AlarmKind::suspend}), ElementsAre("shown"));
  EXPECT_FALSE(b.book.find({"DL1", "A0302"})->chart.acknowledged);
  EXPECT_EQ(b.counters.count("rsmp.alarms.out_of_chart"), 0u);
}

TEST(RsmpAlarmBook, AStepThatTheChartDoesNotHaveIsBelievedAndCounted) {
  Book b;
  b.apply({true, 1});
  b.apply({false, 2, true});  // gone and acknowledged in one
  EXPECT_EQ(b.counters["rsmp.alarms.out_of_chart"], 1u);
  EXPECT_TRUE(b.book.find({"DL1", "A0302"})->chart.acknowledged);
}

TEST(RsmpAlarmBook, FlutterIsShownOnceAndGoesWhenItHasComeToRest) {
  Book b;
  EXPECT_THAT(b.apply({true, 0}), ElementsAre("shown"));
  EXPECT_THAT(b.apply({false, 2}), ElementsAre("gone"));
  EXPECT_THAT(b.apply({true, 4}), ElementsAre("shown"));
  EXPECT_THAT(b.apply({false, 6}), ElementsAre("gone"));
  EXPECT_THAT(b.apply({true, 8}), ElementsAre("shown"));
  EXPECT_THAT(b.apply({false, 10}), ElementsAre("flutters")) << "the sixth turn within a minute";
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(b.apply({i % 2 == 0, 12.0 + 2 * i}), IsEmpty());
    EXPECT_THAT(b.timer(13 + 2 * i), IsEmpty());
  }
  EXPECT_EQ(b.counters["rsmp.alarms.flutter"], 1u);
  EXPECT_THAT(b.timer(50 + 59.9), IsEmpty());
  EXPECT_THAT(b.timer(50 + 60), ElementsAre("gone"));
  EXPECT_THAT(b.apply({true, 200}), ElementsAre("shown")) << "a new one is told at once";
}

TEST(RsmpAlarmOrders, AnAlarmIsAcknowledgedSuspendedAndResumedThroughApprovedOrders) {
  Street s;
  s.run();
  EXPECT_EQ(s.order(AlarmOrder{AlarmAction::acknowledge, "A0302", "d1"}), "unknown_alarm");
  s.say(told({true, 0}));
  s.states();
  ASSERT_EQ(s.order(AlarmOrder{AlarmAction::acknowledge, "A0302", "d1"}), "");
  auto sent = s.work();
  ASSERT_EQ(sent.size(), 1u);
  const auto& alarm = std::get<Alarm>(sent[0].body);
  EXPECT_EQ(alarm.kind, AlarmKind::acknowledge);
  EXPECT_EQ(alarm.component.id, "DL1");
  EXPECT_EQ(alarm.event, kStart) << "the schemas demand the time of the event";
  EXPECT_THAT(s.states(), ElementsAre("requested", "sent", "accepted"));
  s.say(told({true, 1, true, false, AlarmKind::acknowledge}));
  EXPECT_THAT(s.states(), ElementsAre("confirmed"));
  ASSERT_EQ(s.order(AlarmOrder{AlarmAction::suspend, "A0302", "d1"}), "");
  s.work();
  s.say(told({true, 2, true, true, AlarmKind::suspend}));
  EXPECT_THAT(s.states(), ElementsAre("requested", "sent", "accepted", "confirmed"));
  ASSERT_EQ(s.order(AlarmOrder{AlarmAction::resume, "A0302", "d1"}), "");
  s.work();
  s.say(told({true, 3, true, false, AlarmKind::suspend}));
  EXPECT_THAT(s.states(), ElementsAre("requested", "sent", "accepted", "confirmed"));
  EXPECT_EQ(s.order(AlarmOrder{AlarmAction::suspend, "A0302", "nobody"}), "unknown_subject");
}

TEST(RsmpAlarmWishes, WhatPeopleDoInTheAlarmListIsToldToTheControllerOnce) {
  AlarmWishes wishes;
  const auto list = [](std::optional<dispecer::AlarmState> state,
                       const std::string& kind = "field.A0302") {
    AlarmList l;
    if (state) {
      dispecer::Alarm alarm;
      alarm.id = AlarmId(kind + "/d1");
      alarm.kind = kind;
      alarm.subject = "d1";
      alarm.state = *state;
      l.alarms.push_back(alarm);
    }
    return l;
  };
  const auto order = [](AlarmAction action) { return AlarmOrder{action, "A0302", "d1"}; };
  using S = dispecer::AlarmState;
  EXPECT_THAT(wishes.update(list(S::acknowledged)), IsEmpty()) << "done before we came";
  EXPECT_THAT(wishes.update(list(S::returned_unacknowledged)), IsEmpty());
  EXPECT_THAT(wishes.update(list(S::unacknowledged)), IsEmpty());
  EXPECT_THAT(wishes.update(list(S::acknowledged)), ElementsAre(order(AlarmAction::acknowledge)));
  EXPECT_THAT(wishes.update(list(S::acknowledged)), IsEmpty());
  EXPECT_THAT(wishes.update(list(S::shelved)), ElementsAre(order(AlarmAction::suspend)));
  EXPECT_THAT(wishes.update(list(S::unacknowledged)), ElementsAre(order(AlarmAction::resume)));
  EXPECT_THAT(wishes.update(list(S::shelved)), ElementsAre(order(AlarmAction::suspend)));
  EXPECT_THAT(wishes.update(list({})), ElementsAre(order(AlarmAction::resume)))
      << "gone while it was shelved";
  EXPECT_THAT(wishes.update(list(S::acknowledged, "clock_error")), IsEmpty()) << "not the field's";
}

TEST(RsmpAlarmOrders, TheStateOfAlarmsOutlivesAReconnect) {
  Street s;
  s.run();
  s.say(told({true, 0}));
  s.alarms.clear();
  s.supervisor->closed(1, s.now);
  s.connect(2);
  s.alarms.clear();
  s.say(told({true, 0}));
  EXPECT_THAT(s.alarms, IsEmpty()) << "told again at the establishment";
  s.say(told({false, 30}));
  ASSERT_EQ(s.alarms.size(), 1u);
  EXPECT_FALSE(s.alarms[0].active);
}

}  // namespace
}  // namespace dispecer::rsmp
