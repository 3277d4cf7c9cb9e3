#include "adapters/rsmp/supervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "adapters/rsmp/message/signal_list.h"
#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::set<std::string> subscribed(const std::vector<Message>& messages) {
  std::set<std::string> codes;
  for (const Message& m : messages) {
    if (const auto* s = std::get_if<StatusSubscribe>(&m.body)) codes.insert(s->items[0].code);
  }
  return codes;
}

TEST(RsmpSupervisor, ReadsTheInputsFirstAndThenSubscribesToAllThatTheListHas) {
  Street s;
  const auto asked = s.connect();
  ASSERT_GT(asked.size(), 3u);
  EXPECT_EQ(std::get<StatusRequest>(asked[0].body).items[0].code, "S0003");
  EXPECT_EQ(std::get<StatusRequest>(asked[1].body).items[0].code, "S0029");
  const auto codes = subscribed(asked);
  for (const char* code :
       {"S0001", "S0002", "S0003", "S0005", "S0007", "S0008", "S0009", "S0011", "S0012", "S0013",
        "S0014", "S0020", "S0023", "S0024", "S0028", "S0029", "S0096", "S0205", "S0206", "S0207"}) {
    EXPECT_TRUE(codes.contains(code)) << code;
  }
  EXPECT_TRUE(std::ranges::any_of(asked, [](const Message& m) {
    const auto* r = std::get_if<StatusRequest>(&m.body);
    return r != nullptr && r->items[0].code == "S0097";
  }));
}

TEST(RsmpSupervisor, AsksAnOlderListForNothingThatItDoesNotHave) {
  Street s(Core::v3_1_2, "1.0.7");
  const auto asked = s.connect();
  const auto codes = subscribed(asked);
  for (const char* code : {"S0023", "S0029", "S0030", "S0033", "S0035", "S0097", "S0205"}) {
    EXPECT_FALSE(codes.contains(code)) << code;
  }
  for (const std::string& text : s.raw) {
    EXPECT_THAT(text, Not(HasSubstr("sOc")));
    EXPECT_THAT(text, Not(HasSubstr("\"source\"")));
  }
  EXPECT_TRUE(sxl_at_least("1.0.13", "1.0.9"));
  EXPECT_FALSE(sxl_at_least("1.0.9", "1.0.13"));
  EXPECT_TRUE(sxl_at_least("1.2", "1.2.0"));
}

TEST(RsmpSupervisor, LettersStagePlanAndModeBecomeAnObservation) {
  Street s;
  s.run();
  s.update("S0014", {{"status", "2"}, {"source", "calendar_clock"}});
  EXPECT_EQ(s.seen.link, CommLink::connected);
  EXPECT_EQ(s.seen.mode, ControlMode::control);
  EXPECT_EQ(s.seen.holder, Holder::local_plan);
  EXPECT_THAT(s.seen.groups, ElementsAre(Aspect::green, Aspect::red));
  EXPECT_EQ(s.seen.stage, 1u);
  EXPECT_EQ(s.seen.plan, 2u);
  EXPECT_EQ(s.seen.cycle_second, 7u);
  s.lamps("NB", "0");
  EXPECT_FALSE(s.seen.stage.has_value()) << "between stages";
  EXPECT_THAT(s.seen.groups, ElementsAre(Aspect::amber, Aspect::red));
}

TEST(RsmpSupervisor, FlashDarkAllRedFailureAndStartupAreNeverMerged) {
  struct Row {
    const char* code;
    const char* name;
    const char* value;
    ControlMode mode;
  };
  for (const Row& row : {Row{"S0011", "status", "True", ControlMode::yellow_flash},
                         Row{"S0007", "status", "False", ControlMode::dark},
                         Row{"S0012", "status", "True", ControlMode::all_red},
                         Row{"S0005", "status", "True", ControlMode::startup},
                         Row{"S0020", "controlmode", "failure", ControlMode::failure},
                         Row{"S0020", "controlmode", "standby", ControlMode::standby}}) {
    Street s;
    s.run();
    s.update(row.code, {{"intersection", "0"}, {row.name, row.value}});
    EXPECT_EQ(s.seen.mode, row.mode) << row.code;
  }
}

TEST(RsmpSupervisor, WhoHoldsTheJunctionFollowsFromWhatTheControllerShows) {
  struct Row {
    const char* code;
    const char* name;
    const char* value;
    Holder holder;
  };
  for (const Row& row : {Row{"S0013", "status", "2", Holder::police_key},
                         Row{"S0008", "status", "True", Holder::panel},
                         Row{"S0009", "status", "True", Holder::panel},
                         Row{"S0020", "controlmode", "test", Holder::maintenance},
                         Row{"S0003", "inputstatus", "00100000", Holder::other_supervisor},
                         Row{"S0003", "inputstatus", "11000000", Holder::local_plan}}) {
    Street s;
    s.run();
    s.update(row.code, {{"intersection", "0"}, {row.name, row.value}});
    EXPECT_EQ(s.seen.holder, row.holder) << row.code << " " << row.value;
  }
  Street s;
  s.run();
  AggregatedStatus local{{"TC", "", ""}, kStart, {}, {}, {true}};
  s.say(local);
  EXPECT_EQ(s.seen.holder, Holder::maintenance);
}

TEST(RsmpSupervisor, OnlyItsOwnIntersectionCountsWhereSeveralAreListed) {
  Street s;
  s.run();
  s.update("S0011", {{"intersection", "2,1"}, {"status", "True,False"}});
  EXPECT_EQ(s.seen.mode, ControlMode::control);
  s.update("S0011", {{"intersection", "2,1"}, {"status", "False,True"}});
  EXPECT_EQ(s.seen.mode, ControlMode::yellow_flash);
}

TEST(RsmpSupervisor, BufferedValuesNeverReplaceALiveOne) {
  Street s;
  s.run();
  s.update("S0001", {{"signalgroupstatus", "B1"}, {"stage", "2"}}, Quality::old);
  EXPECT_EQ(s.seen.stage, 1u);
  EXPECT_EQ(s.supervisor->counters().at("rsmp.old_values"), 2u);
  Street old(Core::v3_1_4, "1.0.15");
  old.run();
  const Now now = old.now;
  StatusUpdate update{
      {"TC", "", ""}, now.utc - from_seconds(60), {{"S0001", "stage", "2", Quality::recent}}};
  old.say(update);
  EXPECT_EQ(old.seen.stage, 1u) << "before 3.2 only the stamp tells";
}

TEST(RsmpSupervisor, AWrongSiteClockIsShownAndTheObservationKeepsOurTime) {
  Street s;
  s.run();
  s.say(Watchdog{s.now.utc + from_seconds(3600)});
  ASSERT_TRUE(s.seen.clock_error.has_value() || !s.alarms.empty());
  StatusUpdate update{{"TC", "", ""},
                      s.now.utc + from_seconds(3600),
                      {{"S0001", "signalgroupstatus", "B1", Quality::recent},
                       {"S0001", "stage", "2", Quality::recent}}};
  s.say(update);
  EXPECT_DOUBLE_EQ(s.seen.clock_error->value, 3600);
  EXPECT_EQ(s.seen.t, s.now.utc);
  EXPECT_EQ(s.seen.stage, 2u);
  EXPECT_TRUE(std::ranges::any_of(s.alarms, [](const AlarmEvent& a) {
    return a.kind == "clock_error" && a.active && a.subject == "j1" && a.text == "+3600.0 s";
  }));
}

TEST(RsmpSupervisor, AnObservationIsRepeatedEachTwoSecondsWithItsOldTime) {
  Street s;
  s.run();
  const UtcTime lamps = s.seen.t;
  s.seen = {};
  s.pass(2.1);
  EXPECT_EQ(s.seen.t, lamps);
  EXPECT_EQ(s.seen.stage, 1u);
}

TEST(RsmpSupervisor, DetectorDataOfASecondIsPutTogetherAndConverted) {
  Street s;
  s.run();
  s.update("S0002", {{"detectorlogicstatus", "10"}});
  s.update("S0021", {{"detectorlogics", "01"}});
  const std::string start = to_iso(s.now.utc - from_seconds(1));
  s.update("S0205", {{"start", start}, {"vehicles", "2,-1"}});
  s.update("S0206", {{"start", start}, {"speed", "36,-1"}});
  EXPECT_THAT(s.batches, IsEmpty());
  s.update("S0207", {{"start", start}, {"occupancy", "25,-1"}});
  ASSERT_EQ(s.batches.size(), 1u);
  const DetectorBatch& batch = s.batches[0];
  EXPECT_EQ(batch.from, s.now.utc - from_seconds(1));
  EXPECT_EQ(batch.to, s.now.utc);
  ASSERT_EQ(batch.samples.size(), 1u) << "-1 is no data";
  EXPECT_EQ(batch.samples[0].detector, DetectorId("d1"));
  EXPECT_EQ(batch.samples[0].count, 2u);
  EXPECT_DOUBLE_EQ(batch.samples[0].occupancy.value, 0.25);
  EXPECT_DOUBLE_EQ(batch.samples[0].speed->value, 10.0);
  EXPECT_TRUE(batch.samples[0].occupied);
}

TEST(RsmpSupervisor, AMissingPartOfASecondIsNotWaitedForForever) {
  Street s;
  s.run();
  s.update("S0205", {{"start", to_iso(s.now.utc)}, {"vehicles", "1,0"}});
  s.pass(0.5);
  EXPECT_THAT(s.batches, IsEmpty());
  s.pass(0.6);
  ASSERT_EQ(s.batches.size(), 1u);
  EXPECT_EQ(s.batches[0].samples.size(), 2u);
  s.update("S0205", {{"start", "yesterday"}, {"vehicles", "1,0"}});
  s.update("S0205", {{"start", to_iso(s.now.utc)}, {"vehicles", "1;0"}});
  s.update("S0205", {{"vehicles", "1,0"}});
  EXPECT_EQ(s.supervisor->counters().at("rsmp.detectors.bad_value"), 2u);
  EXPECT_EQ(s.supervisor->counters().at("rsmp.detectors.partial"), 1u);
}

TEST(RsmpSupervisor, ALostLinkIsTheStateNoCommunicationAndAnAlarm) {
  Street s;
  s.run();
  s.supervisor->closed(s.connection, s.now);
  s.note(s.supervisor->take());
  EXPECT_EQ(s.seen.link, CommLink::no_communication);
  EXPECT_THAT(s.seen.groups, IsEmpty());
  EXPECT_EQ(s.seen.holder, Holder::unknown);
  EXPECT_EQ(s.alarms.back().kind, "no_communication");
  EXPECT_TRUE(s.alarms.back().active);
  EXPECT_EQ(s.alarms.back().subject, "j1");
  s.connect(2);
  EXPECT_EQ(s.seen.link, CommLink::connected);
  EXPECT_FALSE(s.alarms.back().active);
}

TEST(RsmpSupervisor, ASiteThatNeverComesRaisesAnAlarm) {
  Street s;
  s.pass(1);
  EXPECT_THAT(s.alarms, IsEmpty());
  EXPECT_EQ(s.seen.link, CommLink::connecting);
  s.pass(16);
  ASSERT_EQ(s.alarms.size(), 1u);
  EXPECT_EQ(s.alarms[0].kind, "no_communication");
}

TEST(RsmpSupervisor, TheNewestConnectionOfASiteReplacesTheOlder) {
  Street s;
  s.run();
  const auto asked = s.connect(2);
  EXPECT_THAT(s.closed, ElementsAre("replaced"));
  EXPECT_EQ(s.supervisor->counters().at("rsmp.duplicate_site"), 1u);
  EXPECT_FALSE(subscribed(asked).empty());
  EXPECT_EQ(s.supervisor->connected_sites(), 1u);
  s.supervisor->closed(1, s.now);  // the old socket's end comes later
  s.note(s.supervisor->take());
  EXPECT_EQ(s.supervisor->connected_sites(), 1u);
  EXPECT_EQ(s.seen.link, CommLink::connected);
}

TEST(RsmpSupervisor, SubscriptionsAreMadeAnewOnEveryConnection) {
  Street s;
  const auto first = subscribed(s.connect());
  s.supervisor->closed(1, s.now);
  s.note(s.supervisor->take());
  EXPECT_EQ(subscribed(s.connect(2)), first);
}

TEST(RsmpSupervisor, ARefusedSubscriptionIsCountedByItsCodeAndSpoilsNoOther) {
  Street s;
  s.connection = 1;
  s.connect();
  s.supervisor->closed(1, s.now);
  s.note(s.supervisor->take());
  s.supervisor->opened(2, s.now.mono);
  s.connection = 2;
  s.say(Version{{"3.2.2"}, {"S1"}, "1.2.1"});
  for (const Message& m : s.take_inbox()) {
    if (!is_ack(m.body)) s.say(MessageAck{m.id});
  }
  s.say(Watchdog{s.now.utc});
  for (const Message& m : s.take_inbox()) {
    if (!is_ack(m.body)) s.say(MessageAck{m.id});
  }
  s.tell_aggregated();
  for (const Message& m : s.take_inbox()) {
    if (is_ack(m.body)) continue;
    const auto* wish = std::get_if<StatusSubscribe>(&m.body);
    if (wish != nullptr && wish->items[0].code == "S0033") {
      s.say(MessageNotAck{m.id, "not implemented"});
    } else {
      s.say(MessageAck{m.id});
    }
  }
  EXPECT_EQ(s.supervisor->counters().at("rsmp.subscribe_refused.S0033"), 1u);
  s.lamps("1B", "1");
  EXPECT_EQ(s.seen.stage, 1u);
}

TEST(RsmpAlarms, FieldAlarmsComeAndGoByTheTimeOfTheEvent) {
  Street s;
  s.run();
  s.alarms.clear();
  Alarm alarm{{"DL1", "", ""},
              "A0302",
              "",
              "",
              AlarmKind::issue,
              AlarmState{false, true, false, kStart, 'D', 2, {{"detector", "1"}}},
              {}};
  s.say(alarm);
  s.say(alarm);
  ASSERT_EQ(s.alarms.size(), 1u) << "a repeat is no event";
  EXPECT_EQ(s.alarms[0].kind, "field.A0302");
  EXPECT_EQ(s.alarms[0].subject, "d1");
  EXPECT_EQ(s.alarms[0].priority, AlarmPriority::medium);
  alarm.state->active = false;
  alarm.state->t = kStart - from_seconds(60);
  s.say(alarm);
  EXPECT_EQ(s.alarms.size(), 1u) << "an older event from the buffer changes nothing";
  alarm.state->t = kStart + from_seconds(60);
  s.say(alarm);
  ASSERT_EQ(s.alarms.size(), 2u);
  EXPECT_FALSE(s.alarms[1].active);
}

TEST(RsmpAlarms, TheFaultBitsOfTheAggregatedStatusAreAnAlarm) {
  Street s;
  s.run();
  s.alarms.clear();
  s.say(AggregatedStatus{{"TC", "", ""}, kStart, {}, {}, {false, false, true, false, false, true}});
  ASSERT_EQ(s.alarms.size(), 1u);
  EXPECT_EQ(s.alarms[0].priority, AlarmPriority::high);
  s.say(
      AggregatedStatus{{"TC", "", ""}, kStart, {}, {}, {false, false, false, false, false, true}});
  ASSERT_EQ(s.alarms.size(), 2u);
  EXPECT_FALSE(s.alarms[1].active);
}

}  // namespace
}  // namespace dispecer::rsmp
