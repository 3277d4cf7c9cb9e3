#include "tests/sim/rsmp_site/supervisor_hand.h"

namespace dispecer::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using Types = std::vector<std::string>;

TEST(RsmpSite, EstablishesInTheStrictOrderAndThenTellsItsWholeState) {
  Hand hand;
  hand.site->connected(hand.now());
  auto heard = hand.hear(false);
  ASSERT_EQ(Hand::types(heard), Types{"Version"});
  EXPECT_THAT(std::get<rsmp::Version>(heard[0].body).site_ids, ElementsAre("RN+SI0001"));
  hand.say(rsmp::MessageAck{heard[0].id});
  EXPECT_THAT(hand.hear(), IsEmpty());
  hand.say(rsmp::Version{{"3.1.4", "3.2.2"}, {"RN+SI0001"}, "1.2.1"});
  heard = hand.hear(false);
  ASSERT_EQ(Hand::types(heard), (Types{"MessageAck", "Watchdog"}));
  EXPECT_FALSE(hand.site->established());
  hand.say(rsmp::MessageAck{heard[1].id});
  hand.say(rsmp::Watchdog{at(0)});
  heard = hand.hear();
  // Three alarms of the whole controller, three of each group, one of each detector logic.
  Types expected(3 + 3 * 3 + 2, "Alarm");
  expected.insert(expected.begin(), {"MessageAck", "AggregatedStatus"});
  EXPECT_EQ(Hand::types(heard), expected);
  EXPECT_TRUE(hand.site->established());
}

TEST(RsmpSite, BeforeTheVersionsAreSettledNothingButVersionIsAnswered) {
  Hand hand;
  hand.site->connected(hand.now());
  hand.hear();
  hand.say(rsmp::Watchdog{at(0)});
  hand.say(rsmp::StatusRequest{{"TC", "", ""}, {{"S0001", "stage"}}});
  EXPECT_THAT(hand.hear(), IsEmpty());
}

TEST(RsmpSite, A312SiteAcceptsAnyOrderAndTellsOnlyActiveAlarms) {
  Hand hand(Hand::settings(rsmp::Core::v3_1_2));
  hand.site->connected(hand.now());
  hand.say(rsmp::Version{{"3.1.2"}, {"RN+SI0001"}, "1.2.1"});
  hand.say(rsmp::Watchdog{at(0)});  // before our own Version was acknowledged
  auto heard = hand.hear();
  EXPECT_EQ(Hand::types(heard), (Types{"Version", "MessageAck", "MessageAck"}));
  heard = hand.hear();
  EXPECT_EQ(Hand::types(heard), Types{"Watchdog"});
  heard = hand.hear();
  EXPECT_EQ(Hand::types(heard), Types{"AggregatedStatus"});
}

TEST(RsmpSite, AWrongVersionListOrSiteIdIsRefusedAndTheLineClosed) {
  for (const auto& version : {rsmp::Version{{"3.0"}, {"RN+SI0001"}, "1.2.1"},
                              rsmp::Version{{"3.2.2"}, {"OTHER"}, "1.2.1"},
                              rsmp::Version{{"3.2.2"}, {"RN+SI0001"}, "1.0.7"}}) {
    Hand hand;
    hand.site->connected(hand.now());
    hand.hear();
    hand.say(version);
    EXPECT_EQ(Hand::types(hand.hear()), Types{"MessageNotAck"});
    EXPECT_EQ(hand.site->close_reason(), "version_mismatch");
  }
}

TEST(RsmpSite, ASecondVersionIsRefusedAndTheLineKept) {
  Hand hand;
  hand.establish();
  hand.say(rsmp::Version{{"3.2.2"}, {"RN+SI0001"}, "1.2.1"});
  EXPECT_EQ(Hand::types(hand.hear()), Types{"MessageNotAck"});
  EXPECT_EQ(hand.site->close_reason(), "");
}

TEST(RsmpSite, ClosesWhenItsMessagesAreNotAcknowledged) {
  Hand hand;
  hand.establish();
  for (int i = 0; i < 60; ++i) hand.second();
  EXPECT_EQ(hand.site->close_reason(), "");
  hand.hear(false);  // the watchdog of this minute is left unanswered
  for (int i = 0; i < 40; ++i) hand.second();
  EXPECT_EQ(hand.site->close_reason(), "ack_timeout");
}

TEST(RsmpSite, MalformedFramesAreRefusedWhereTheyCanBeNamedAndTheLineIsKept) {
  Hand hand;
  hand.establish();
  hand.raw("{nonsense");
  EXPECT_THAT(hand.hear(), IsEmpty());
  hand.raw(R"({"mType":"rSMsg","type":"Nonsense","mId":"b0e7d6a1-8d2a-4d4e-9b43-5a1b2d3c4e5f"})");
  EXPECT_EQ(Hand::types(hand.hear()), Types{"MessageNotAck"});
  EXPECT_EQ(hand.site->close_reason(), "");
  EXPECT_EQ(hand.site->counters().at("rsmp_site.refused.bad_json"), 1U);
  EXPECT_EQ(hand.site->counters().at("rsmp_site.refused.unknown_type"), 1U);
}

TEST(RsmpSite, AnswersTheStatusesOfARunningController) {
  Hand hand;
  hand.establish();
  hand.second();  // second 0 of the plan: stage 1
  EXPECT_EQ(hand.status("S0001", "signalgroupstatus"), "1BB");
  EXPECT_EQ(hand.status("S0001", "stage"), "1");
  EXPECT_EQ(hand.status("S0001", "cyclecounter"), "0");
  EXPECT_EQ(hand.status("S0002", "detectorlogicstatus"), "00");
  EXPECT_EQ(hand.status("S0003", "inputstatus"), "0000000000000000");
  EXPECT_EQ(hand.status("S0005", "status"), "False");
  EXPECT_EQ(hand.status("S0007", "status"), "True");
  EXPECT_EQ(hand.status("S0007", "intersection"), "1");
  EXPECT_EQ(hand.status("S0011", "status"), "False");
  EXPECT_EQ(hand.status("S0014", "status"), "1");
  EXPECT_EQ(hand.status("S0016", "number"), "2");
  EXPECT_EQ(hand.status("S0017", "number"), "3");
  EXPECT_EQ(hand.status("S0020", "controlmode"), "control");
  EXPECT_EQ(hand.status("S0022", "status"), "1,2");
  EXPECT_EQ(hand.status("S0024", "status"), "1-0,2-30") << "cycle counter = base + offset";
  EXPECT_EQ(hand.status("S0028", "status"), "1-60,2-40");
  EXPECT_EQ(hand.status("S0096", "year"), "2026");
  EXPECT_EQ(hand.status("S0097", "checksum").size(), 16U);
  EXPECT_GT(hand.status("S0098", "config").size(), 100U);
  EXPECT_EQ(hand.status("S0001", "stage", "TC9"), "(undefined)");
  EXPECT_THAT(hand.status("S0099", "status"), StartsWith("NotAck"));
  EXPECT_THAT(hand.status("S0001", "colour"), StartsWith("NotAck"));
  EXPECT_THAT(hand.status("S0001", "stage", "DL1"), StartsWith("NotAck"));
  EXPECT_THAT(hand.status("S0018", "number"), StartsWith("NotAck")) << "gone in 1.2";
}

TEST(RsmpSite, ASubscriptionOnChangeIsToldAtOnceAndThenOnlyOnChange) {
  Hand hand;
  hand.establish();
  hand.second();
  hand.say(rsmp::StatusSubscribe{{"TC", "", ""}, {{"S0001", "stage", 0, true}}});
  auto updates = Hand::all<rsmp::StatusUpdate>(hand.hear());
  ASSERT_EQ(updates.size(), 1U);
  EXPECT_EQ(updates[0].items[0].value, rsmp::Value("1"));
  std::vector<std::string> seen;
  for (int i = 0; i < 59; ++i) {
    hand.second();
    for (const auto& u : Hand::all<rsmp::StatusUpdate>(hand.hear()))
      seen.push_back(u.items[0].value.text.value_or(""));
  }
  EXPECT_EQ(seen, (Types{"0", "2", "0"}));
  hand.say(rsmp::StatusUnsubscribe{{"TC", "", ""}, {{"S0001", "stage"}}});
  hand.hear();
  for (int i = 0; i < 60; ++i) hand.second();
  EXPECT_THAT(Hand::all<rsmp::StatusUpdate>(hand.hear()), IsEmpty());
}

TEST(RsmpSite, AnIntervalOfOneSecondTellsEachSecond) {
  Hand hand;
  hand.establish();
  hand.say(rsmp::StatusSubscribe{
      {"TC", "", ""},
      {{"S0001", "signalgroupstatus", 1, true}, {"S0001", "cyclecounter", 1, true}}});
  hand.hear();
  for (int i = 0; i < 5; ++i) hand.second();
  EXPECT_EQ(Hand::all<rsmp::StatusUpdate>(hand.hear()).size(), 5U);
}

TEST(RsmpSite, TrafficDataComesForWholePeriodsOnEvenMultiplesOnly) {
  Hand hand;
  hand.establish();
  for (int i = 0; i < 3; ++i) hand.second();  // not on an even minute
  hand.say(rsmp::StatusSubscribe{
      {"TC", "", ""}, {{"S0205", "start", 10, false}, {"S0205", "vehicles", 10, false}}});
  EXPECT_THAT(Hand::all<rsmp::StatusUpdate>(hand.hear()), IsEmpty());
  std::vector<rsmp::StatusUpdate> updates;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(apply(hand.cabinet,
                      DetectorReading{.number = 2, .count = 1, .occupied = true, .speed_mps = 10},
                      at(hand.now_s)));
    hand.second();
    for (auto& u : Hand::all<rsmp::StatusUpdate>(hand.hear())) updates.push_back(u);
  }
  ASSERT_EQ(updates.size(), 1U) << "the first, partial period is not told";
  EXPECT_EQ(updates[0].items[0].value, rsmp::Value(to_iso(at(130))));
  EXPECT_EQ(updates[0].items[1].value, rsmp::Value("-1,10")) << "logic 1 had no reading";
}

TEST(RsmpSite, SubscriptionsEndWithTheLineAndAlarmsAreKeptForLater) {
  Hand hand;
  hand.establish();
  hand.say(rsmp::StatusSubscribe{{"TC", "", ""}, {{"S0001", "stage", 1, true}}});
  hand.hear();
  hand.site->disconnected();
  ASSERT_TRUE(apply(hand.cabinet, SetFault{Fault::wrong_matrix, true}, at(hand.now_s)));
  for (int i = 0; i < 60; ++i) hand.second();
  ASSERT_TRUE(apply(hand.cabinet, Restart{}, at(hand.now_s)));
  ASSERT_TRUE(apply(hand.cabinet, SetFault{Fault::wrong_matrix, false}, at(hand.now_s)));
  for (int i = 0; i < 60; ++i) hand.second();
  const auto heard = hand.establish();
  const auto alarms = Hand::all<rsmp::Alarm>(heard);
  ASSERT_EQ(alarms.size(), 15U) << "present states, and one event of the outage";
  for (std::size_t i = 0; i < 14; ++i)
    EXPECT_EQ(alarms[i].state->active, alarms[i].code == "A0007") << alarms[i].code;
  EXPECT_TRUE(alarms[14].state->active);
  EXPECT_EQ(alarms[14].code, "A0006");
  // Failure, and its end together with nobody being there, told after the present one.
  EXPECT_EQ(Hand::all<rsmp::AggregatedStatus>(heard).size(), 3U);
  hand.second();
  EXPECT_THAT(Hand::all<rsmp::StatusUpdate>(hand.hear()), IsEmpty());
}

TEST(RsmpSite, ABufferedStatusIsToldFirstAndAsOld) {
  auto settings = Hand::settings();
  settings.buffered = {"S0001"};
  Hand hand(settings);
  hand.establish();
  hand.say(rsmp::StatusSubscribe{{"TC", "", ""}, {{"S0001", "stage", 1, true}}});
  hand.hear();
  hand.site->disconnected();
  for (int i = 0; i < 3; ++i) hand.second();
  const auto updates = Hand::all<rsmp::StatusUpdate>(hand.establish());
  ASSERT_EQ(updates.size(), 3U);
  EXPECT_EQ(updates[0].items[0].quality, rsmp::Quality::old);
  EXPECT_EQ(updates[0].t, at(120));
  hand.second();
  EXPECT_EQ(Hand::all<rsmp::StatusUpdate>(hand.hear())[0].items[0].quality, rsmp::Quality::recent);
}

TEST(RsmpSite, AnAlarmIsAcknowledgedSuspendedAndResumedByOrder) {
  Hand hand;
  hand.establish();
  ASSERT_TRUE(apply(hand.cabinet, SetFault{Fault::wrong_matrix, true}, at(hand.now_s)));
  for (int i = 0; i < 60; ++i) hand.second();
  auto alarms = Hand::all<rsmp::Alarm>(hand.hear());
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_TRUE(alarms[0].state->active);
  EXPECT_FALSE(alarms[0].state->acknowledged);
  const auto order = [&](rsmp::AlarmKind kind) {
    rsmp::Alarm alarm;
    alarm.component = {"TC", "", ""};
    alarm.code = "A0006";
    alarm.kind = kind;
    if (kind == rsmp::AlarmKind::acknowledge) alarm.event = at(1);
    hand.say(alarm);
    return Hand::all<rsmp::Alarm>(hand.hear());
  };
  alarms = order(rsmp::AlarmKind::acknowledge);
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_TRUE(alarms[0].state->acknowledged);
  EXPECT_THAT(order(rsmp::AlarmKind::acknowledge), IsEmpty());
  alarms = order(rsmp::AlarmKind::suspend);
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_TRUE(alarms[0].state->suspended);
  ASSERT_TRUE(apply(hand.cabinet, Restart{}, at(hand.now_s)));
  hand.second();
  EXPECT_THAT(Hand::all<rsmp::Alarm>(hand.hear()), IsEmpty()) << "suspended alarms are silent";
  alarms = order(rsmp::AlarmKind::resume);
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_FALSE(alarms[0].state->active);
}

TEST(RsmpSite, FailureShowsInTheAggregatedStatus) {
  Hand hand;
  hand.establish();
  ASSERT_TRUE(apply(hand.cabinet, SetFault{Fault::wrong_matrix, true}, at(hand.now_s)));
  for (int i = 0; i < 60; ++i) hand.second();
  const auto heard = Hand::all<rsmp::AggregatedStatus>(hand.hear());
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_TRUE(heard[0].bits[2]);
  EXPECT_EQ(hand.status("S0020", "controlmode"), "failure");
  EXPECT_EQ(hand.status("S0001", "signalgroupstatus"), "ccc");
}

}  // namespace
}  // namespace dispecer::sim
