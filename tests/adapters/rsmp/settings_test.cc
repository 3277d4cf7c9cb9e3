// What the centre holds of a controller, what it finds there, and what it takes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/rsmp/cycle_counter.h"
#include "adapters/rsmp/held.h"
#include "adapters/rsmp/returns.h"
#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<AlarmEvent> of_kind(const std::vector<AlarmEvent>& alarms, const std::string& kind) {
  std::vector<AlarmEvent> list;
  for (const AlarmEvent& a : alarms) {
    if (a.kind == kind) list.push_back(a);
  }
  return list;
}

TEST(RsmpSettings, ACycleOrOffsetThatIsNotTheFilesRaisesAnAlarmAfterTenSeconds) {
  Street s;
  s.run();
  s.update("S0028", {{"status", "01-60"}});
  s.update("S0024", {{"status", "1-0,9-44"}});
  s.pass(1);
  s.pass(11);
  EXPECT_THAT(of_kind(s.alarms, "settings_deviate"), IsEmpty());
  s.update("S0028", {{"status", "01-70"}});
  s.pass(1);
  s.pass(8);
  EXPECT_THAT(of_kind(s.alarms, "settings_deviate"), IsEmpty()) << "it may still be under way";
  s.pass(3);
  auto alarms = of_kind(s.alarms, "settings_deviate");
  ASSERT_THAT(alarms, SizeIs(1));
  EXPECT_TRUE(alarms[0].active);
  EXPECT_EQ(alarms[0].text, "plan 1 cycle 60 s, found 70 s");
  s.update("S0028", {{"status", "1-60"}});
  s.pass(1);
  alarms = of_kind(s.alarms, "settings_deviate");
  ASSERT_THAT(alarms, SizeIs(2));
  EXPECT_FALSE(alarms[1].active);
}

TEST(RsmpSettings, WhatWasOrderedAndProvedIsHeldFromThenOn) {
  Street s;
  s.run();
  s.update("S0028", {{"status", "1-60"}});
  s.order(CycleOrder{1, {90}});
  s.obey();
  s.update("S0028", {{"status", "1-90"}});
  s.pass(1);
  s.pass(12);
  EXPECT_THAT(of_kind(s.alarms, "settings_deviate"), IsEmpty());
  s.update("S0028", {{"status", "1-60"}});
  s.pass(1);
  s.pass(12);
  ASSERT_THAT(of_kind(s.alarms, "settings_deviate"), SizeIs(1));
}

TEST(RsmpSettings, AnOffsetOnTheWireIsWhatTheCycleCounterRunsAhead) {
  EXPECT_EQ(wire_offset(Seconds{0}, 60), 0);
  EXPECT_EQ(wire_offset(Seconds{12}, 60), 48);
  EXPECT_EQ(wire_offset(Seconds{59}, 60), 1);
  EXPECT_EQ(wire_offset(Seconds{70}, 60), 50) << "an offset of a longer cycle";
  // Second 0 of the cycle lies 12 s after the reference, so at the reference it is second 48.
  const std::int64_t base = 0;
  EXPECT_EQ((base + wire_offset(Seconds{12}, 60)) % 60, 48);
  Street s;
  s.run();
  s.update("S0028", {{"status", "1-90"}});
  s.order(OffsetOrder{1, {12}});
  EXPECT_EQ(text_of(s.obey().at(0)), "M0015 setOffset status=78 plan=1 securityCode=2222")
      << "of the cycle that the controller runs now";
}

TEST(RsmpSettings, BandsPlansAndTablesAreComparedToo) {
  HeldSettings held(two_stages());
  held.proved(BandsOrder{1, {{1, {20}}}, 10});
  held.proved(PlanOrder{2});
  held.proved(TablesOrder{"0-1,6-2", "1-1-6-30"});
  StatusBoard board;
  std::uint64_t old = 0;
  const auto tell = [&](const char* code, const char* value) {
    board.apply({{code, "status", Value(value), Quality::recent}}, {kStart, kStart, {}, true}, old);
  };
  EXPECT_THAT(held.deviations(board), IsEmpty()) << "nothing is told, nothing deviates";
  tell("S0023", "1-1-25,1-1-20");
  tell("S0014", "2");
  tell("S0026", "06-02,00-01");
  tell("S0027", "1-1-6-30");
  EXPECT_THAT(held.deviations(board), IsEmpty()) << "order and zeros do not matter";
  tell("S0023", "1-1-20,1-1-25");
  tell("S0014", "1");
  tell("S0026", "0-1,6-3");
  tell("S0027", "");
  EXPECT_THAT(held.deviations(board), ElementsAre("plan 1 band 1 20 s, found 25 s",
                                                  "plan 2, found 1", "week table", "day tables"));
  tell("S0023", "");
  EXPECT_THAT(held.deviations(board), Contains("plan 1 band 1 20 s, found 0 s"));
  held.link_lost();
  EXPECT_THAT(held.deviations(board), ElementsAre("week table", "day tables"))
      << "without its centre a controller runs its own plan";
}

TEST(RsmpSettings, TheCycleCounterMustFollowFromPlanCycleAndOffset) {
  StatusBoard board;
  std::uint64_t old = 0;
  const auto tell = [&](const char* code, const char* name, const std::string& value) {
    board.apply({{code, name, Value(value), Quality::recent}}, {kStart, kStart, {}, true}, old);
  };
  EXPECT_FALSE(counter_deviation(board)) << "nothing is told";
  tell("S0014", "status", "2");
  tell("S0028", "status", "01-60,02-80");
  tell("S0024", "status", "1-0,2-15");
  EXPECT_FALSE(counter_deviation(board));
  const auto counters = [&](int base, int counter) {
    tell("S0001", "basecyclecounter", std::to_string(base));
    tell("S0001", "cyclecounter", std::to_string(counter));
    return counter_deviation(board).value_or("");
  };
  EXPECT_EQ(counters(10, 25), "");
  EXPECT_EQ(counters(10, 26), "") << "told a second later";
  EXPECT_EQ(counters(79, 14), "");
  EXPECT_EQ(counters(65, 79), "") << "around the end of the cycle";
  EXPECT_EQ(counters(64, 0), "");
  EXPECT_EQ(counters(10, 27), "plan 2 cycle counter 27 does not follow from base 10 and offset 15");
  EXPECT_THAT(counters(10, 23), HasSubstr("does not follow"));
  EXPECT_EQ(counters(30, 15),
            "plan 2 cycle counter 15 does not follow from base 30 and offset 15: the offset is "
            "counted the other way");
  EXPECT_EQ(counters(65, 80), "plan 2 cycle counter 80 is outside the cycle of 80 s");
  tell("S0028", "status", "1-60");
  EXPECT_EQ(counters(10, 27), "") << "no cycle of this plan is told";
}

TEST(RsmpSettings, ACounterThatDoesNotFollowForFiveMinutesIsADeviation) {
  Street s;
  s.run();
  s.update("S0014", {{"status", "1"}});
  s.update("S0028", {{"status", "1-60"}});
  s.update("S0024", {{"status", "1-0"}});
  const auto wrong = [&](double seconds) {
    for (double t = 0; t < seconds; t += 2) {
      s.update("S0001", {{"signalgroupstatus", "1B"},
                         {"cyclecounter", "7"},
                         {"basecyclecounter", "20"},
                         {"stage", "1"}});
      s.pass(2);
      s.work();  // watchdogs are acknowledged
    }
  };
  wrong(300);
  EXPECT_THAT(of_kind(s.alarms, "settings_deviate"), IsEmpty()) << "it may still come into step";
  wrong(14);
  const auto alarms = of_kind(s.alarms, "settings_deviate");
  ASSERT_THAT(alarms, SizeIs(1));
  EXPECT_THAT(alarms[0].text, HasSubstr("cycle counter 7"));
  s.update("S0001", {{"cyclecounter", "20"}, {"basecyclecounter", "20"}});
  s.pass(1);
  EXPECT_FALSE(of_kind(s.alarms, "settings_deviate").back().active);
}

TEST(RsmpOverrides, AnOverrideIsTakenBackAtItsEndAndAgainUntilThatIsProved) {
  Street s;
  s.run();
  s.update("S0029", {{"status", "00000000"}});
  ASSERT_EQ(s.order(ForceInputOrder{7, true, true}), "");
  s.obey();
  s.update("S0029", {{"status", "00000010"}});
  s.update("S0003", {{"inputstatus", "00000010"}});
  EXPECT_THAT(s.states(), Contains("confirmed"));
  s.pass(599);
  EXPECT_THAT(s.returns, IsEmpty());
  s.pass(1);
  ASSERT_THAT(s.returns, SizeIs(1));
  EXPECT_EQ(s.returns[0].write, (FieldWrite{ForceInputOrder{7, false, false}}));
  EXPECT_EQ(s.returns[0].actor.person, PersonId("anna")) << "who ordered its end";
  EXPECT_TRUE(s.returns[0].confirmed);
  s.pass(5);
  EXPECT_THAT(s.returns, SizeIs(1));
  s.pass(5.1);
  EXPECT_THAT(s.returns, SizeIs(2)) << "not taken back yet";
  s.lamps("1B", "1");
  ASSERT_EQ(s.order(ForceInputOrder{7, false, false}), "");
  s.obey();
  s.update("S0029", {{"status", "00000000"}});
  s.pass(20);
  EXPECT_THAT(s.returns, SizeIs(2));
  EXPECT_THAT(s.supervisor->open_overrides(), IsEmpty());
}

TEST(RsmpOverrides, AnEndThatComesWhileTheLineIsDownIsKeptForTheNext) {
  Street s;
  s.run();
  ASSERT_EQ(s.order(EmergencyRouteOrder{3, true}), "");
  s.obey();
  EXPECT_THAT(s.supervisor->open_overrides(), SizeIs(1));
  s.supervisor->closed(1, s.now);
  s.note(s.supervisor->take());
  s.pass(700);
  EXPECT_THAT(s.returns, IsEmpty());
  s.connect(2);
  s.update("S0003", {{"inputstatus", "00000000"}});
  s.update("S0029", {{"status", "00000000"}});
  s.pass(1);
  ASSERT_THAT(s.returns, SizeIs(1));
  EXPECT_EQ(s.returns[0].write, (FieldWrite{EmergencyRouteOrder{3, false}}));
}

TEST(RsmpOverrides, WhatGivesBackIsKnownForEveryKind) {
  EXPECT_EQ(taking_back(PlanOrder{2}), (FieldWrite{PlanOrder{0}}));
  EXPECT_EQ(taking_back(SituationOrder{2, true}), (FieldWrite{SituationOrder{2, false}}));
  EXPECT_EQ(taking_back(FixedTimeOrder{true}), (FieldWrite{FixedTimeOrder{false}}));
  EXPECT_EQ(taking_back(InputOrder{2, true}), (FieldWrite{InputOrder{2, false}}));
  EXPECT_EQ(taking_back(OutputOrder{2, true, true}), (FieldWrite{OutputOrder{2, false, false}}));
  const DetectorId d("d1");
  EXPECT_EQ(taking_back(DetectorOrder{d, true, true}),
            (FieldWrite{DetectorOrder{d, false, false}}));
  for (const FieldWrite& none :
       {FieldWrite{PlanOrder{0}}, FieldWrite{SituationOrder{2, false}}, FieldWrite{ReleaseOrder{}},
        FieldWrite{StageOrder{1}}, FieldWrite{RestartOrder{}}}) {
    EXPECT_FALSE(taking_back(none).has_value());
  }
}

TEST(RsmpLatching, BandsLeftFromBeforeTheLineFellAreGivenTheirEarlierLengthsFirst) {
  Street s;
  s.run();
  s.update("S0023", {{"status", "1-1-3,1-2-20"}});
  ASSERT_EQ(s.order(BandsOrder{1, {{1, {10}}}, 5}), "");
  s.obey();
  s.update("S0023", {{"status", "1-1-10,1-2-20"}});
  s.supervisor->closed(1, s.now);
  s.note(s.supervisor->take());
  s.connect(2);
  s.update("S0020", {{"intersection", "0"}, {"controlmode", "control"}});
  s.update("S0007", {{"intersection", "0"}, {"status", "True"}});
  s.lamps("1B", "1");
  s.update("S0023", {{"status", "1-1-10,1-2-20"}});
  s.update("S0003", {{"inputstatus", "00000000"}});
  s.update("S0029", {{"status", "00000000"}});
  EXPECT_FALSE(s.state.inputs_clean);
  ASSERT_THAT(s.returns, SizeIs(1));
  const auto& back = std::get<BandsOrder>(s.returns[0].write);
  EXPECT_THAT(back.bands, ElementsAre(Band{1, Seconds{3}}));
  EXPECT_GT(back.timeout_min, 0u);
  s.update("S0023", {{"status", "1-1-3,1-2-20"}});
  EXPECT_TRUE(s.state.inputs_clean);
}

TEST(RsmpLatching, ABandThatWasNotListedBeforeIsGivenBackAsNoExtension) {
  Street s;
  s.run();
  s.update("S0023", {{"status", ""}});
  ASSERT_EQ(s.order(BandsOrder{1, {{1, {10}}}, 5}), "");
  s.obey();
  s.update("S0023", {{"status", "1-1-10"}});
  s.supervisor->closed(1, s.now);
  s.note(s.supervisor->take());
  s.connect(2);
  s.update("S0020", {{"intersection", "0"}, {"controlmode", "control"}});
  s.lamps("1B", "1");
  s.update("S0023", {{"status", "1-1-10"}});
  s.update("S0003", {{"inputstatus", "00000000"}});
  s.update("S0029", {{"status", "00000000"}});
  ASSERT_THAT(s.returns, SizeIs(1));
  EXPECT_EQ(s.returns[0].write, (FieldWrite{BandsOrder{1, {{1, Seconds{0}}}, 5}}));
  s.update("S0023", {{"status", ""}});
  EXPECT_TRUE(s.state.inputs_clean);
}

TEST(RsmpParameters, AnotherChecksumIsAnAlarmAndFetchesACopy) {
  Street s;
  s.run();
  s.inbox.clear();
  const auto tell = [&](const char* checksum) {
    s.update("S0097", {{"checksum", checksum}, {"timestamp", to_iso(s.now.utc)}});
  };
  const auto asked = [&] {
    std::size_t n = 0;
    for (const Message& m : s.work()) {
      const auto* r = std::get_if<StatusRequest>(&m.body);
      n += r != nullptr && r->items[0].code == "S0098" ? 1 : 0;
    }
    return n;
  };
  tell("aa");
  EXPECT_EQ(asked(), 1u) << "the first copy";
  EXPECT_THAT(of_kind(s.alarms, "parameters_changed"), IsEmpty());
  s.update("S0098", {{"config", "Zmlyc3Q="}, {"timestamp", "t"}, {"version", "7"}});
  ASSERT_THAT(s.backups, SizeIs(1));
  EXPECT_EQ(s.backups[0].checksum, "aa");
  EXPECT_EQ(s.backups[0].config, "Zmlyc3Q=");
  EXPECT_EQ(s.backups[0].site, "S1");
  tell("aa");
  EXPECT_EQ(asked(), 0u);
  tell("bb");
  EXPECT_EQ(asked(), 1u);
  const auto alarms = of_kind(s.alarms, "parameters_changed");
  ASSERT_THAT(alarms, SizeIs(1));
  EXPECT_THAT(alarms[0].text, HasSubstr("was aa, is bb"));
  s.update("S0098", {{"config", "c2Vjb25k"}, {"timestamp", "t"}, {"version", "8"}});
  ASSERT_THAT(s.backups, SizeIs(2));
  EXPECT_EQ(s.backups[1].checksum, "bb");
}

TEST(RsmpHolder, FixedTimeOfOursIsOursAndThatOfOthersIsNot) {
  Street s;
  s.run();
  ASSERT_EQ(s.order(FixedTimeOrder{true}), "");
  s.obey();
  s.update("S0009", {{"intersection", "0"}, {"status", "True"}, {"source", "forced"}});
  EXPECT_EQ(s.seen.holder, Holder::local_plan);
  EXPECT_EQ(s.order(FixedTimeOrder{false}), "");
  s.obey();
  s.update("S0009", {{"intersection", "0"}, {"status", "False"}});
  s.pass(1);
  s.update("S0009", {{"intersection", "0"}, {"status", "True"}});
  EXPECT_EQ(s.seen.holder, Holder::panel) << "somebody else's";
}

TEST(RsmpHolder, WhoeverIsLoggedInAtThePanelHoldsTheJunction) {
  Street s;
  s.run();
  s.update("S0091", {{"user", "1"}});
  EXPECT_EQ(s.seen.holder, Holder::panel);
  s.update("S0091", {{"user", "0"}});
  EXPECT_EQ(s.seen.holder, Holder::local_plan);
  Street old(Core::v3_1_5, "1.0.15");
  old.run();
  old.update("S0091", {{"user", "Eva"}, {"status", "login"}});
  EXPECT_EQ(old.seen.holder, Holder::panel);
  old.update("S0091", {{"user", "nobody"}, {"status", "logout"}});
  EXPECT_EQ(old.seen.holder, Holder::local_plan);
}

TEST(RsmpQuestions, OnlyWhatChangesNothingMayBeAskedWithoutApproval) {
  Street s;
  s.run();
  const Component tc{"TC", "", ""};
  EXPECT_TRUE(s.supervisor->ask("S1", StatusRequest{tc, {{"S0095", "status"}}}, s.now).ok());
  Alarm alarm{tc, "A0001", "", "", AlarmKind::request, {}, {}};
  EXPECT_TRUE(s.supervisor->ask("S1", alarm, s.now).ok());
  for (const AlarmKind kind : {AlarmKind::acknowledge, AlarmKind::suspend, AlarmKind::resume}) {
    alarm.kind = kind;
    EXPECT_EQ(s.supervisor->ask("S1", alarm, s.now).error().cause, "not_a_question");
  }
  EXPECT_EQ(s.supervisor->ask("S9", AggregatedStatusRequest{tc}, s.now).error().cause,
            "unknown_site");
  Street old(Core::v3_1_4, "1.0.14");
  EXPECT_EQ(old.supervisor->ask("S1", AggregatedStatusRequest{tc}, old.now).error().cause,
            "not_connected");
  old.run();
  EXPECT_EQ(old.supervisor->ask("S1", AggregatedStatusRequest{tc}, old.now).error().cause,
            "not_in_version");
}

}  // namespace
}  // namespace dispecer::rsmp
