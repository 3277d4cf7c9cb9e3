// Alarms that a controller raises by itself.
#include "tests/sim/rsmp_site/supervisor_hand.h"

namespace dispecer::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Watched : Hand {
  Watched() { establish(); }
  // "component code +" or "-" of what was told in these seconds, with return values.
  std::vector<std::string> told(int seconds) {
    std::vector<std::string> out;
    for (int i = 0; i < seconds; ++i) {
      second();
      for (const auto& alarm : all<rsmp::Alarm>(hear())) {
        std::string text =
            alarm.component.id + " " + alarm.code + (alarm.state->active ? " +" : " -");
        for (const auto& v : alarm.state->values)
          if (alarm.state->active) text += " " + v.name + "=" + v.value.text.value_or("");
        out.push_back(text);
      }
    }
    return out;
  }
  State& controller() { return cabinet.intersections[0].state; }
  void fault(Fault f, bool on, std::uint32_t number = 0) {
    ASSERT_TRUE(apply(cabinet, SetFault{f, on, number}, at(now_s)).ok());
  }
};

TEST(RsmpSiteAlarms, ABrokenRedLampStopsTheJunctionAndIsNamedAtItsGroup) {
  Watched w;
  w.fault(Fault::lamp_red, true, 2);
  const auto told = w.told(3);
  EXPECT_THAT(told, testing::UnorderedElementsAre("A2 A0201 + color=red", "TC A0006 +"));
  EXPECT_EQ(w.cabinet.intersections[0].output.mode, ControlMode::failure);
  EXPECT_EQ(w.cabinet.intersections[0].output.failure, "red_lamp EW");
  w.fault(Fault::lamp_red, false, 2);
  EXPECT_THAT(w.told(3), ElementsAre("A2 A0201 -"));
  EXPECT_EQ(w.cabinet.intersections[0].output.mode, ControlMode::failure) << "until a restart";
  ASSERT_TRUE(apply(w.cabinet, Restart{}, at(w.now_s)).ok());
  EXPECT_THAT(w.told(3), ElementsAre("TC A0006 -"));
}

TEST(RsmpSiteAlarms, OtherLampsAreTheLesserFault) {
  Watched w;
  w.fault(Fault::lamp_yellow, true, 1);
  EXPECT_THAT(w.told(2), ElementsAre("A1 A0202 + color=yellow"));
  w.fault(Fault::lamp_green, true, 3);
  EXPECT_THAT(w.told(2), ElementsAre("B1 A0202 + color=green"));
  EXPECT_EQ(w.cabinet.intersections[0].output.mode, ControlMode::control);
  w.fault(Fault::lamp_yellow, false);
  w.fault(Fault::lamp_green, false);
  EXPECT_THAT(w.told(2), ElementsAre("A1 A0202 -", "B1 A0202 -"));
  EXPECT_FALSE(apply(w.cabinet, SetFault{Fault::lamp_red, true, 4}, at(w.now_s)).ok())
      << "there are three groups";
}

TEST(RsmpSiteAlarms, AWrongClockIsAnErrorOfSynchronisationAndOfCommunication) {
  Watched w;
  w.fault(Fault::wrong_clock, true);
  EXPECT_THAT(w.told(2), ElementsAre("TC A0005 +", "TC A0007 + protocol=ntp"));
  w.fault(Fault::wrong_clock, false);
  EXPECT_THAT(w.told(2), ElementsAre("TC A0005 -", "TC A0007 -"));
}

TEST(RsmpSiteAlarms, TheProtocolIsNamedFromList11On) {
  Hand hand;
  ASSERT_TRUE(apply(hand.cabinet, SetFault{Fault::wrong_clock, true}, at(hand.now_s)).ok());
  for (const auto& [list, values] : {std::pair{"1.0.15", 0U}, {"1.1.0", 1U}}) {
    auto settings = Hand::settings();
    settings.sxl = list;
    AlarmTable table(hand.cabinet, settings, at(0));
    bool found = false;
    for (const auto& alarm : table.follow(hand.cabinet, settings, at(1))) {
      if (alarm.code != "A0007") continue;
      found = true;
      EXPECT_EQ(alarm.state->values.size(), values) << list;
    }
    EXPECT_TRUE(found);
  }
}

TEST(RsmpSiteAlarms, AMinuteWithoutASupervisorIsToldWhenItIsBack) {
  Watched w;
  const auto outage = [&](int seconds) {
    w.site->disconnected();
    for (int i = 0; i < seconds; ++i) w.second();
    std::vector<std::string> active;
    for (const auto& alarm : Hand::all<rsmp::Alarm>(w.establish())) {
      if (alarm.state->active) active.push_back(alarm.code);
    }
    return active;
  };
  EXPECT_THAT(outage(55), IsEmpty()) << "a short one is none";
  EXPECT_THAT(w.told(2), IsEmpty());
  EXPECT_THAT(outage(70), ElementsAre("A0007")) << "once, from the present state or the buffer";
  EXPECT_THAT(w.told(2), ElementsAre("TC A0007 -"));
}

TEST(RsmpSiteAlarms, AClockLostWithTheBatteryIsDoubtfulUntilItIsSet) {
  Watched w;
  auto& c = w.controller();
  c.settings.battery_s = 5;
  c.settings.clock_loss = std::chrono::hours{-2};
  w.fault(Fault::power_cut, true);
  for (int i = 0; i < 10; ++i) w.second();
  w.hear();
  w.fault(Fault::power_cut, false);
  EXPECT_THAT(w.told(2), testing::Contains("TC A0005 +"));
  ASSERT_TRUE(apply(w.cabinet, SetClock{at(w.now_s)}, at(w.now_s)).ok());
  EXPECT_THAT(w.told(2), testing::Contains("TC A0005 -"));
}

TEST(RsmpSiteAlarms, AGroupThatNeverGetsGreenIsLocked) {
  Watched w;
  w.cabinet.programme.routes = {{1, 2, 1}};
  ASSERT_TRUE(set_emergency(w.cabinet, 1, true).ok());  // that nobody ends
  // NS has no longest red in its file: five minutes, from the end of its green on.
  EXPECT_THAT(w.told(299), IsEmpty());
  EXPECT_THAT(w.told(40), ElementsAre("A1 A0008 + timeplan=1"));
  ASSERT_TRUE(set_emergency(w.cabinet, 1, false).ok());
  EXPECT_THAT(w.told(70), ElementsAre("A1 A0008 -"));
}

TEST(RsmpSiteAlarms, AFileWithALongestRedIsTakenTwice) {
  Watched w;
  w.controller().own.groups[0].max_red.time.value = 60;
  w.cabinet.programme.routes = {{1, 2, 1}};
  ASSERT_TRUE(set_emergency(w.cabinet, 1, true).ok());
  EXPECT_THAT(w.told(119), IsEmpty());
  EXPECT_THAT(w.told(40), ElementsAre("A1 A0008 + timeplan=1"));
}

}  // namespace
}  // namespace dispecer::sim
