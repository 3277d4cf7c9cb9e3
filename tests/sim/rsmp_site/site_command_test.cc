#include "tests/sim/rsmp_site/supervisor_hand.h"

namespace dispecer::sim {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Established : Hand {
  Established() { establish(); }
};

TEST(RsmpSiteCommands, M0013SetsOneStageDemandAndClearsTheOthers) {
  Established hand;
  EXPECT_EQ(hand.command("M0013", "setInput", {{"status", "1,2,1"}, {"securityCode", "2222"}}),
            "status=1,2,1");
  EXPECT_EQ(hand.status("S0003", "inputstatus").substr(0, 3), "010");
  for (int i = 0; i < 20; ++i) {
    hand.command("M0013", "setInput", {{"status", "1,2,1"}, {"securityCode", "2222"}});
    hand.second();
    hand.hear();
  }
  EXPECT_EQ(hand.status("S0001", "stage"), "2");
  for (int i = 0; i < 6; ++i) hand.second();
  EXPECT_EQ(hand.status("S0003", "inputstatus").substr(0, 3), "000") << "released by itself";
}

TEST(RsmpSiteCommands, PlansCyclesOffsetsAndBandsAreReadBack) {
  Established hand;
  EXPECT_EQ(hand.command("M0002", "setPlan",
                         {{"status", "True"}, {"securityCode", "2222"}, {"timeplan", "2"}}),
            "status=True timeplan=2");
  hand.second();
  EXPECT_EQ(hand.status("S0014", "status"), "2");
  EXPECT_EQ(hand.status("S0014", "source"), "forced");
  EXPECT_EQ(hand.command("M0018", "setCycleTime",
                         {{"status", "70"}, {"plan", "1"}, {"securityCode", "2222"}}),
            "status=70 plan=1");
  EXPECT_EQ(hand.status("S0028", "status"), "1-70,2-40");
  hand.command("M0015", "setOffset", {{"status", "12"}, {"plan", "1"}, {"securityCode", "2222"}});
  EXPECT_EQ(hand.status("S0024", "status"), "1-12,2-30") << "cycle counter = base + offset";
  hand.second();
  EXPECT_EQ(std::stoi(hand.status("S0001", "cyclecounter")), [&] {
    const int base = std::stoi(hand.status("S0001", "basecyclecounter"));
    return (base + 30) % 40;
  }()) << "plan 2 runs";
  hand.command("M0014", "setCommands",
               {{"plan", "1"}, {"status", "1-4"}, {"securityCode", "2222"}});
  EXPECT_EQ(hand.status("S0023", "status"), "1-1-4");
  hand.command("M0023", "setTimeout", {{"status", "10"}, {"securityCode", "2222"}});
  EXPECT_EQ(hand.status("S0034", "status"), "10");
}

TEST(RsmpSiteCommands, AnUnsafeCycleIsAnsweredWithTheOneThatStaysInForce) {
  Established hand;
  EXPECT_EQ(hand.command("M0018", "setCycleTime",
                         {{"status", "20"}, {"plan", "1"}, {"securityCode", "2222"}}),
            "status=60 plan=1");
  EXPECT_EQ(hand.status("S0028", "status"), "1-60,2-40");
}

TEST(RsmpSiteCommands, ModesAreOrderedAndSeen) {
  Established hand;
  hand.command("M0001", "setValue",
               {{"status", "YellowFlash"},
                {"securityCode", "2222"},
                {"timeout", "0"},
                {"intersection", "0"}});
  hand.second();
  EXPECT_EQ(hand.status("S0011", "status"), "True");
  EXPECT_EQ(hand.status("S0001", "signalgroupstatus"), "ccc");
  hand.command("M0001", "setValue",
               {{"status", "NormalControl"},
                {"securityCode", "2222"},
                {"timeout", "0"},
                {"intersection", "0"}});
  std::string seen;
  for (int i = 0; i < 16; ++i) {
    hand.second();
    hand.hear();
    const char c = hand.status("S0001", "signalgroupstatus")[0];
    if (seen.empty() || seen.back() != c) seen += c;
  }
  EXPECT_THAT(seen, StartsWith("efg"));
}

TEST(RsmpSiteCommands, DetectorsInputsAndOutputsAreForced) {
  Established hand;
  hand.command("M0008", "setForceDetectorLogic",
               {{"status", "True"}, {"securityCode", "2222"}, {"mode", "True"}}, "DL2");
  EXPECT_EQ(hand.status("S0002", "detectorlogicstatus"), "01");
  EXPECT_EQ(hand.status("S0021", "detectorlogics"), "01");
  hand.command(
      "M0019", "setInput",
      {{"status", "True"}, {"securityCode", "2222"}, {"input", "7"}, {"inputValue", "True"}});
  EXPECT_EQ(hand.status("S0029", "status").substr(0, 8), "00000010");
  EXPECT_EQ(hand.status("S0003", "inputstatus").substr(0, 8), "00000010");
  hand.command(
      "M0020", "setOutput",
      {{"status", "True"}, {"securityCode", "2222"}, {"output", "3"}, {"outputValue", "True"}});
  EXPECT_EQ(hand.status("S0004", "outputstatus"), "00100000");
  EXPECT_EQ(hand.status("S0030", "status"), "00100000");
  hand.command("M0006", "setInput", {{"status", "True"}, {"securityCode", "2222"}, {"input", "9"}});
  EXPECT_EQ(hand.status("S0003", "inputstatus").substr(0, 9), "000000101");
}

TEST(RsmpSiteCommands, TheClockFollowsM0104) {
  Established hand;
  hand.command("M0104", "setDate",
               {{"securityCode", "1111"},
                {"year", "2020"},
                {"month", "2"},
                {"day", "29"},
                {"hour", "12"},
                {"minute", "30"},
                {"second", "0"}});
  hand.second();
  EXPECT_EQ(hand.status("S0096", "year"), "2020");
  EXPECT_EQ(hand.status("S0096", "day"), "29");
  hand.say(rsmp::AggregatedStatusRequest{{"TC", "", ""}});
  const auto heard = Hand::all<rsmp::AggregatedStatus>(hand.hear());
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_THAT(to_iso(heard[0].t), StartsWith("2020-02-29T12:30:0"));
}

TEST(RsmpSiteCommands, WhatIsNotUnderstoodIsNotAcknowledged) {
  Established hand;
  const auto plan = [&](const std::string& order, const std::string& code, const std::string& n) {
    return hand.command("M0002", order,
                        {{"status", "True"}, {"securityCode", code}, {"timeplan", n}});
  };
  EXPECT_THAT(plan("setPlan", "0000", "1"), HasSubstr("security code"));
  EXPECT_THAT(plan("setNothing", "2222", "1"), StartsWith("NotAck"));
  EXPECT_THAT(plan("setPlan", "2222", "9"), StartsWith("NotAck"));
  EXPECT_THAT(plan("setPlan", "2222", "0"), StartsWith("NotAck"));
  EXPECT_THAT(hand.command("M0002", "setPlan", {{"status", "True"}, {"securityCode", "2222"}}),
              HasSubstr("timeplan"));
  EXPECT_THAT(hand.command("M0099", "setX", {{"status", "True"}}), StartsWith("NotAck"));
  EXPECT_THAT(hand.command("M0013", "setInput", {{"status", "200,1,0"}, {"securityCode", "2222"}}),
              StartsWith("NotAck"));
  EXPECT_THAT(hand.command("M0002", "setPlan",
                           {{"status", "true"}, {"securityCode", "2222"}, {"timeplan", "1"}}),
              StartsWith("NotAck"));
  EXPECT_EQ(hand.status("S0014", "status"), "1");
}

TEST(RsmpSiteCommands, WhatIsNotThereIsAnsweredAsUndefinedOrUnknown) {
  Established hand;
  EXPECT_EQ(hand.command("M0002", "setPlan",
                         {{"status", "True"}, {"securityCode", "2222"}, {"timeplan", "1"}}, "XX"),
            "status=(undefined) timeplan=(undefined)");
  EXPECT_EQ(hand.command("M0002", "setPlan",
                         {{"status", "True"}, {"securityCode", "2222"}, {"timeplan", "1"}}, "A1"),
            "status=(unknown) timeplan=(unknown)");
}

TEST(RsmpSiteCommands, SecurityCodesCanBeChanged) {
  Established hand;
  EXPECT_THAT(hand.command(
                  "M0103", "setSecurityCode",
                  {{"status", "Level2"}, {"oldSecurityCode", "1234"}, {"newSecurityCode", "3333"}}),
              StartsWith("NotAck"));
  hand.command("M0103", "setSecurityCode",
               {{"status", "Level2"}, {"oldSecurityCode", "2222"}, {"newSecurityCode", "3333"}});
  EXPECT_EQ(hand.command("M0023", "setTimeout", {{"status", "1"}, {"securityCode", "3333"}}),
            "status=1");
}

TEST(RsmpSiteCommands, ReservedOrdersAreAnsweredAndNeverCarriedOut) {
  Established hand;
  hand.second();
  const auto before = hand.status("S0001", "signalgroupstatus");
  EXPECT_EQ(hand.command("M0011", "setStop", {{"status", "True"}, {"securityCode", "2222"}}, "A1"),
            "status=True");
  EXPECT_EQ(hand.status("S0001", "signalgroupstatus"), before);
}

TEST(RsmpSiteCommands, AForeignWordForTrueOrAnUnknownArgumentIsNotUnderstood) {
  Established hand;
  EXPECT_THAT(hand.command("M0007", "setFixedTime", {{"status", "1"}, {"securityCode", "2222"}}),
              StartsWith("NotAck"));
  EXPECT_THAT(hand.command("M0007", "setFixedTime",
                           {{"status", "True"}, {"securityCode", "2222"}, {"why", "so"}}),
              HasSubstr("why"));
}

TEST(RsmpSiteCommands, ARestartMayDropTheLineAndForgetsSubscriptions) {
  auto settings = Hand::settings();
  settings.restart_drops_line = true;
  Hand hand(settings);
  hand.establish();
  hand.command("M0002", "setPlan",
               {{"status", "True"}, {"securityCode", "2222"}, {"timeplan", "2"}});
  EXPECT_EQ(hand.command("M0004", "setRestart", {{"status", "True"}, {"securityCode", "2222"}}),
            "status=True");
  EXPECT_EQ(hand.site->close_reason(), "restart");
  hand.site->disconnected();
  hand.second();
  hand.establish();
  EXPECT_EQ(hand.status("S0005", "status"), "True");
  EXPECT_EQ(hand.status("S0014", "status"), "1") << "the commanded plan is forgotten";
}

TEST(RsmpSiteCommands, APoliceKeyIsToldAndWinsOverTheSupervisor) {
  Established hand;
  ASSERT_TRUE(apply(hand.cabinet, SetPoliceKey{3}, at(hand.now_s)));
  for (int i = 0; i < 6; ++i) {
    hand.second();
    hand.hear();
  }
  EXPECT_EQ(hand.status("S0013", "status"), "3");
  EXPECT_EQ(hand.status("S0012", "status"), "True");
  EXPECT_EQ(hand.status("S0012", "source"), "operator_panel");
  EXPECT_EQ(hand.command("M0001", "setValue",
                         {{"status", "YellowFlash"},
                          {"securityCode", "2222"},
                          {"timeout", "0"},
                          {"intersection", "0"}}),
            "status=NormalControl timeout=0 intersection=0")
      << "refused: the answer tells what stays";
  hand.say(rsmp::AggregatedStatusRequest{{"TC", "", ""}});
  const auto heard = Hand::all<rsmp::AggregatedStatus>(hand.hear());
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_TRUE(heard[0].bits[0]) << "local control";
}

}  // namespace
}  // namespace dispecer::sim
