// Orders from the guard to the proof.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> texts(const std::vector<CommandRequest>& requests) {
  std::vector<std::string> list;
  for (const CommandRequest& r : requests) list.push_back(text_of(r));
  return list;
}

TEST(RsmpOrders, AStageOrderSetsItsInputClearsTheOthersAndEndsConfirmedByTheLamps) {
  Street s;
  s.run();
  s.pass(6);
  s.lamps("1B", "1");
  EXPECT_EQ(s.order(StageOrder{2}), "");
  EXPECT_THAT(s.states(), ElementsAre("requested", "sent"));
  EXPECT_THAT(texts(s.obey()), ElementsAre("M0013 setInput status=3,2,1 securityCode=2222"));
  EXPECT_THAT(s.states(), ElementsAre("accepted"));
  s.update("S0003", {{"inputstatus", "00010000"}});
  EXPECT_EQ(s.seen.holder, Holder::op);
  EXPECT_THAT(s.seen.forced_inputs, ElementsAre(4u));
  EXPECT_THAT(s.states(), IsEmpty()) << "the input alone proves nothing";
  s.lamps("NB", "0");
  s.lamps("B1", "2");
  EXPECT_THAT(s.states(), ElementsAre("confirmed"));
  EXPECT_EQ(s.supervisor->open_orders(), 0u);
  EXPECT_EQ(s.sent.size(), 1u);
  EXPECT_TRUE(s.sent[0].stage);
}

TEST(RsmpOrders, ARefreshOfTheRunningStageIsConfirmedAtOnce) {
  Street s;
  s.run();
  s.order(StageOrder{1});
  s.obey();
  s.update("S0003", {{"inputstatus", "00100000"}});
  s.states();
  s.pass(1);
  s.lamps("1B", "1");
  EXPECT_EQ(s.order(StageOrder{1}), "");
  s.obey();
  EXPECT_THAT(s.states(), ElementsAre("requested", "sent", "accepted", "confirmed"));
}

TEST(RsmpOrders, AReleaseClearsEveryDemandAndIsProvedByTheInputs) {
  Street s;
  s.run();
  s.order(StageOrder{1});
  s.obey();
  s.update("S0003", {{"inputstatus", "00100000"}});
  s.states();
  EXPECT_THAT(s.supervisor->holding(), ElementsAre(JunctionId("j1")));
  EXPECT_EQ(s.order(ReleaseOrder{}), "");
  EXPECT_THAT(texts(s.obey()), ElementsAre("M0013 setInput status=3,0,3 securityCode=2222"));
  EXPECT_THAT(s.states(), ElementsAre("requested", "sent", "accepted"));
  s.update("S0003", {{"inputstatus", "00000000"}});
  EXPECT_THAT(s.states(), ElementsAre("confirmed"));
  EXPECT_THAT(s.supervisor->holding(), IsEmpty());
  EXPECT_EQ(s.seen.holder, Holder::local_plan);
}

TEST(RsmpOrders, ADemandForcedByM0019IsReleasedAsWell) {
  Street s;
  s.run();
  s.update("S0029", {{"status", "00010000"}});
  s.order(ReleaseOrder{});
  EXPECT_THAT(
      texts(s.obey()),
      ElementsAre("M0013 setInput status=3,0,3 securityCode=2222",
                  "M0019 setInput status=False securityCode=2222 input=4 inputValue=False"));
}

TEST(RsmpOrders, OnlyOneRequestOfACodeIsInFlightAndTheNewestStageWins) {
  Street s;
  s.run();
  s.pass(6);
  s.lamps("1B", "1");
  s.order(StageOrder{1});
  EXPECT_EQ(s.order(StageOrder{1}), "");
  EXPECT_EQ(s.order(StageOrder{2}), "");
  EXPECT_THAT(s.states(), ElementsAre("requested", "sent", "requested", "expired:superseded",
                                      "expired:superseded", "requested"));
  EXPECT_THAT(texts(s.obey()), ElementsAre("M0013 setInput status=3,1,2 securityCode=2222",
                                           "M0013 setInput status=3,2,1 securityCode=2222"));
  EXPECT_THAT(s.states(), ElementsAre("sent", "accepted"));
}

TEST(RsmpOrders, ACommandThatWaitsTooLongForItsTurnIsNotSentAnyMore) {
  Street s;
  s.run();
  s.order(StageOrder{1});
  s.order(StageOrder{1});
  s.states();
  s.pass(2.5);
  EXPECT_THAT(s.states(), Contains("expired:stale_in_queue"));
}

TEST(RsmpOrders, ANotAckEndsTheOrderAsDeviatedWithoutTheCodeInItsText) {
  Street s;
  s.run();
  s.order(StageOrder{1});
  s.alarms.clear();
  s.reports.clear();
  for (const Message& m : s.take_inbox()) {
    if (!is_ack(m.body)) s.say(MessageNotAck{m.id, "Wrong security code 2222"});
  }
  ASSERT_EQ(s.reports.size(), 1u);
  EXPECT_EQ(s.reports[0].state, OrderState::deviated);
  EXPECT_EQ(s.reports[0].rule, "not_acknowledged");
  EXPECT_THAT(s.reports[0].text, Not(HasSubstr("2222")));
  ASSERT_EQ(s.alarms.size(), 1u);
  EXPECT_EQ(s.alarms[0].kind, "order_deviated");
  EXPECT_THAT(s.alarms[0].text, Not(HasSubstr("2222")));
}

TEST(RsmpOrders, AnAnswerWithAnotherValueOrAgeIsADeviation) {
  for (const Quality age : {Quality::recent, Quality::undefined, Quality::unknown, Quality::old}) {
    Street s;
    s.run();
    s.order(PlanOrder{1});
    s.reports.clear();
    const auto messages = s.work();
    ASSERT_EQ(messages.size(), 1u);
    auto response = s.answer(std::get<CommandRequest>(messages[0].body), age);
    if (age == Quality::recent) response.values.back().value = Value("2");
    s.say(response);
    ASSERT_EQ(s.reports.size(), 1u);
    EXPECT_EQ(s.reports[0].state, OrderState::deviated);
    const char* rules[] = {"value_refused", "age_old", "age_undefined", "age_unknown"};
    EXPECT_EQ(s.reports[0].rule, rules[static_cast<int>(age)]);
  }
}

TEST(RsmpOrders, ABlankedSecurityCodeInTheAnswerIsNoRefusal) {
  Street s;
  s.run();
  s.order(PlanOrder{1});
  s.reports.clear();
  auto response = s.answer(std::get<CommandRequest>(s.work().at(0).body));
  for (CommandValue& v : response.values) {
    if (v.name == "securityCode") v.value = Value("");
    if (v.name == "status") v.value = Value("true");
  }
  s.say(response);
  EXPECT_THAT(s.states(), ElementsAre("accepted"));
}

TEST(RsmpOrders, ASilentSiteIsADeviationAndAMissingEffectAnExpiry) {
  Street s;
  s.run();
  s.order(PlanOrder{1});
  s.work();
  s.reports.clear();
  s.pass(10.1);
  EXPECT_THAT(s.states(), ElementsAre("deviated:no_response"));
  s.lamps("1B", "1");
  s.order(PlanOrder{1});
  s.obey();
  s.reports.clear();
  for (int i = 0; i < 60; ++i) {
    s.pass(5);
    s.work();
  }
  EXPECT_THAT(s.states(), ElementsAre("expired:not_proved"));
  EXPECT_TRUE(std::ranges::any_of(s.alarms, [](const AlarmEvent& a) {
    return a.kind == "order_deviated" && a.active && a.text.starts_with("no_response");
  }));
}

TEST(RsmpOrders, AStageOrderThatIsNotRefreshedLapses) {
  Street s;
  s.run();
  s.pass(6);
  s.lamps("1B", "1");
  s.order(StageOrder{2});
  s.obey();
  s.reports.clear();
  s.pass(9.9);
  EXPECT_THAT(s.states(), IsEmpty());
  s.pass(0.2);
  EXPECT_THAT(s.states(), ElementsAre("expired:lapsed"));
}

TEST(RsmpOrders, NothingIsRepeatedAfterALostLink) {
  Street s;
  s.run();
  s.order(StageOrder{1});
  s.order(PlanOrder{1});
  s.reports.clear();
  s.supervisor->closed(1, s.now);
  s.note(s.supervisor->take());
  EXPECT_THAT(s.states(), ElementsAre("expired:link_lost", "expired:link_lost"));
  for (const Message& m : s.connect(2)) {
    EXPECT_FALSE(std::holds_alternative<CommandRequest>(m.body));
  }
  s.update("S0020", {{"intersection", "0"}, {"controlmode", "control"}});
  s.lamps("1B", "1");
  EXPECT_EQ(s.order(StageOrder{1}), "guard:latched_inputs")
      << "nothing before the inputs are known to be clear";
}

TEST(RsmpOrders, AfterReconnectWhatIsStillSetIsClearedBeforeAnyOrder) {
  Street s;
  s.run("00010000");
  EXPECT_EQ(s.wanted_releases, 1u);
  EXPECT_EQ(s.seen.holder, Holder::other_supervisor);
  EXPECT_EQ(s.order(StageOrder{1}), "guard:holder");
  const auto refused = [&] {
    // Even what the guard let through earlier must not pass.
    auto open = s.state;
    open.inputs_clean = true;
    open.observed.holder = Holder::local_plan;
    const auto approved = guard::Guard::check(s.propose(StageOrder{1}), s.signals, open,
                                              {s.now.utc, 0, WorldKind::street});
    EXPECT_TRUE(approved.ok());
    return s.supervisor->submit(*approved, s.now);
  };
  EXPECT_EQ(refused().error().cause, "latched_inputs");
  s.supervisor->take();
  EXPECT_EQ(s.order(ReleaseOrder{}), "");
  EXPECT_THAT(texts(s.obey()), ElementsAre("M0013 setInput status=3,0,3 securityCode=2222"));
  EXPECT_FALSE(s.state.inputs_clean);
  s.update("S0003", {{"inputstatus", "00000000"}});
  EXPECT_TRUE(s.state.inputs_clean);
  EXPECT_EQ(s.order(StageOrder{1}), "");
}

TEST(RsmpOrders, ALatchedInputIsAskedToBeClearedAgainAndAgain) {
  Street s;
  s.run("00010000");
  EXPECT_EQ(s.wanted_releases, 1u);
  s.pass(4);
  EXPECT_EQ(s.wanted_releases, 1u);
  s.pass(1.1);
  EXPECT_EQ(s.wanted_releases, 2u);
}

TEST(RsmpCommands, EveryWriteHasItsCodeAndItsArguments) {
  struct Row {
    FieldWrite write;
    std::vector<std::string> commands;
  };
  const std::string code = " securityCode=2222";
  const auto request = [](PriorityReference kind, std::uint32_t number,
                          std::optional<std::uint32_t> lane_out = {}) {
    PriorityOrder order;
    order.request = RequestId("r1");
    order.reference = kind;
    order.number = number;
    order.lane_out = lane_out;
    order.level = 3;
    order.vehicle = PriorityVehicle::light_truck;
    return order;
  };
  PriorityOrder update = request(PriorityReference::group, 0);
  update.update = true;
  update.level = 4;
  update.eta = Seconds{3};
  const Row rows[] = {
      {PlanOrder{1}, {"M0002 setPlan status=True" + code + " timeplan=1"}},
      {PlanOrder{0}, {"M0002 setPlan status=False" + code + " timeplan=1"}},
      {CycleOrder{1, {90}}, {"M0018 setCycleTime status=90 plan=1" + code}},
      {OffsetOrder{1, {12}}, {"M0015 setOffset status=48 plan=1" + code}},
      {BandsOrder{1, {{1, {15}}}, 10},
       {"M0023 setTimeout status=10" + code, "M0014 setCommands plan=1 status=1-15" + code}},
      {ModeOrder{ControlMode::yellow_flash, 5},
       {"M0001 setValue status=YellowFlash" + code + " timeout=5 intersection=1"}},
      {InputOrder{7, true}, {"M0006 setInput status=True" + code + " input=7"}},
      {OutputOrder{2, true, false},
       {"M0020 setOutput status=True" + code + " output=2 outputValue=False"}},
      {ForceInputOrder{7, true, true},
       {"M0019 setInput status=True" + code + " input=7 inputValue=True"}},
      {SituationOrder{2, true},
       {"M0003 setTrafficSituation status=True" + code + " traficsituation=2"}},
      {FixedTimeOrder{true}, {"M0007 setFixedTime status=True" + code}},
      {SensitivityOrder{{{1, 50}, {2, 9}}}, {"M0021 setLevel status=1-50,2-9" + code}},
      {OutputOrder{2, false},
       {"M0020 setOutput status=False" + code + " output=2 outputValue=False"}},
      {DetectorOrder{DetectorId("d2"), true, false},
       {"M0008 setForceDetectorLogic status=True" + code + " mode=False"}},
      {TablesOrder{"0-1,6-2", "1-0-23-12"},
       {"M0016 setWeekTable status=0-1,6-2" + code, "M0017 setTimeTable status=1-0-23-12" + code}},
      {ClockOrder{kStart},
       {"M0104 setDate securityCode=1111 year=2026 month=1 day=1 hour=12 minute=0 second=0"}},
      {SecurityCodeOrder{2, "new_code"},
       {"M0103 setSecurityCode status=Level2 oldSecurityCode=2222 newSecurityCode=9876"}},
      {EmergencyRouteOrder{3, true},
       {"M0005 setEmergency status=True" + code + " emergencyroute=3"}},
      {PriorityOrder{RequestId("r1"), SignalGroupId("side"), 9, Seconds{12}, false},
       {"M0022 requestPriority requestId=r1 type=new signalGroupId=A2 level=9 eta=12"}},
      {PriorityOrder{RequestId("r1"), SignalGroupId("side"), 9, {}, true},
       {"M0022 requestPriority requestId=r1 type=cancel"}},
      {RestartOrder{}, {"M0004 setRestart status=True" + code}},
      {request(PriorityReference::input, 7),
       {"M0022 requestPriority requestId=r1 type=new inputId=7 level=3 vehicleType=lightTruck"}},
      {request(PriorityReference::connection, 8),
       {"M0022 requestPriority requestId=r1 type=new connectionId=8 level=3 "
        "vehicleType=lightTruck"}},
      {request(PriorityReference::approach, 9),
       {"M0022 requestPriority requestId=r1 type=new approachId=9 level=3 vehicleType=lightTruck"}},
      {request(PriorityReference::priority, 10),
       {"M0022 requestPriority requestId=r1 type=new priorityId=10 level=3 "
        "vehicleType=lightTruck"}},
      {request(PriorityReference::lane, 11, 12),
       {"M0022 requestPriority requestId=r1 type=new laneInId=11 laneOutId=12 level=3 "
        "vehicleType=lightTruck"}},
      {update, {"M0022 requestPriority requestId=r1 type=update level=4 eta=3"}},
  };
  for (const Row& row : rows) {
    Street s;
    s.run();
    ASSERT_EQ(s.order(row.write), "") << row.commands[0];
    const auto sent = s.obey();
    EXPECT_EQ(texts(sent), row.commands);
    const bool detector = std::holds_alternative<DetectorOrder>(row.write);
    EXPECT_EQ(sent.at(0).component.id, detector ? "DL2" : "TC");
  }
}

TEST(RsmpCommands, EachEffectIsProvedByItsOwnStatus) {
  using Items = std::vector<std::pair<std::string, std::string>>;
  struct Row {
    FieldWrite write;
    const char* code;
    Items wrong;
    Items right;
  };
  const Row rows[] = {
      {PlanOrder{1}, "S0014", {{"status", "2"}}, {{"status", "1"}}},
      {CycleOrder{1, {90}}, "S0028", {{"status", "1-60"}}, {{"status", "01-90,02-60"}}},
      {OffsetOrder{1, {12}}, "S0024", {{"status", "1-12,2-48"}}, {{"status", "1-48"}}},
      {BandsOrder{1, {{1, {15}}}, 10},
       "S0023",
       {{"status", "1-1-5"}},
       {{"status", "1-1-5,1-1-15"}}},
      {ModeOrder{ControlMode::yellow_flash, 5},
       "S0011",
       {{"intersection", "0"}, {"status", "False"}},
       {{"intersection", "0"}, {"status", "True"}}},
      {InputOrder{7, true}, "S0003", {{"inputstatus", "0000000"}}, {{"inputstatus", "0000001"}}},
      {TablesOrder{"0-1", ""}, "S0026", {{"status", "0-2"}}, {{"status", "0-1"}}},
      {SituationOrder{2, true}, "S0015", {{"status", "1"}}, {{"status", "2"}}},
      {FixedTimeOrder{true},
       "S0009",
       {{"intersection", "0"}, {"status", "False"}},
       {{"intersection", "0"}, {"status", "True"}}},
      {SensitivityOrder{{{1, 50}}}, "S0031", {{"status", "1-49"}}, {{"status", "01-50,02-9"}}},
      {EmergencyRouteOrder{3, true},
       "S0006",
       {{"status", "False"}, {"emergencystage", "0"}},
       {{"status", "True"}, {"emergencystage", "3"}}},
      {ClockOrder{kStart},
       "S0096",
       {{"year", "2025"},
        {"month", "1"},
        {"day", "1"},
        {"hour", "12"},
        {"minute", "0"},
        {"second", "0"}},
       {{"year", "2026"},
        {"month", "1"},
        {"day", "1"},
        {"hour", "12"},
        {"minute", "0"},
        {"second", "1"}}},
  };
  for (const Row& row : rows) {
    Street s;
    s.run();
    ASSERT_EQ(s.order(row.write), "");
    s.obey();
    s.states();
    s.update(row.code, row.wrong);
    EXPECT_THAT(s.states(), Not(Contains("confirmed"))) << row.code;
    s.update(row.code, row.right);
    EXPECT_THAT(s.states(), Contains("confirmed")) << row.code;
  }
}

TEST(RsmpCommands, WhatTheSitesListDoesNotHaveIsRefusedByName) {
  Street s(Core::v3_1_2, "1.0.7");
  s.run();
  EXPECT_EQ(s.order(StageOrder{1}), "not_in_sxl");
  EXPECT_THAT(s.states(), Contains("refused:not_in_sxl"));
  EXPECT_EQ(s.order(PlanOrder{1}), "");
}

TEST(RsmpCommands, NothingIsSentWhereNoSecurityCodeIsKnown) {
  Street s;
  SiteConfig bare;
  bare.admission = {"S1", "1.2.1", {Core::v3_2_2}};
  bare.main_component = "TC";
  JunctionWire wire;
  wire.signals = s.signals;
  wire.group_components = {"A1", "A2"};
  bare.junctions = {wire};
  s.supervisor.emplace(std::vector{bare}, [](const std::string&) { return std::nullopt; });
  s.run();
  EXPECT_EQ(s.order(StageOrder{1}), "no_code");
}

TEST(RsmpCommands, CodesStandInNoReportAlarmOrMaskedFrame) {
  Street s;
  s.run();
  s.order(PlanOrder{1});
  s.order(SecurityCodeOrder{2, "new_code"});
  s.obey();
  bool in_the_clear = false;
  for (const std::string& frame : s.raw) {
    in_the_clear |= frame.find("\"2222\"") != std::string::npos;
    // In quotes: a message id may hold such digits by chance.
    EXPECT_THAT(masked(frame), Not(HasSubstr("\"2222\"")));
    EXPECT_THAT(masked(frame), Not(HasSubstr("\"9876\"")));
  }
  EXPECT_TRUE(in_the_clear) << "the wire itself must carry it";
  for (const OrderReport& r : s.reports) EXPECT_THAT(r.text, Not(HasSubstr("2222")));
}

}  // namespace
}  // namespace dispecer::rsmp
