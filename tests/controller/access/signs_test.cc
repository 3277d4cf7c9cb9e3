#include <gtest/gtest.h>

#include "tests/controller/access/town.h"

namespace dispecer::access {
namespace {

std::vector<std::string> messages(const Outputs& out) {
  std::vector<std::string> all;
  for (const auto& p : out.proposals) {
    const auto& order = std::get<SignOrder>(p.write);
    all.push_back(order.sign.str() + "=" + order.message);
  }
  return all;
}

TEST(Signs, EverySignIsToldWhatItsZoneDemandsAndNotTwiceInTheSameBreath) {
  State state;
  EXPECT_EQ(messages(step(state, town(), {}, kNoon, 0)),
            (std::vector<std::string>{"sign_north=restricted", "sign_south=restricted"}));
  EXPECT_TRUE(step(state, town(), {}, kNoon + from_seconds(1), 0).proposals.empty());
}

TEST(Signs, WhenTheZoneEndsTheSignsAreToldInThatSecond) {
  const auto end = at("2026-11-23T18:00:00Z");  // 20:00 local
  State state;
  step(state, town(), {}, end - from_seconds(2), 0);
  EXPECT_TRUE(step(state, town(), {}, end - from_seconds(1), 0).proposals.empty());
  EXPECT_EQ(messages(step(state, town(), {}, end, 0)),
            (std::vector<std::string>{"sign_north=open", "sign_south=open"}));
}

TEST(Signs, AProposalIsShortLivedAndNamesItsReason) {
  State state;
  const auto out = step(state, town(), {}, kNoon, 7);
  const auto& p = out.proposals.at(0);
  EXPECT_EQ(p.expires - p.decided, from_seconds(3));
  EXPECT_EQ(p.epoch, 7U);
  EXPECT_EQ(p.actor.role, Role::automaton);
  EXPECT_EQ(p.reason.rule, "zone_state");
  EXPECT_NE(p.id, out.proposals.at(1).id);
}

TEST(Signs, ARightSignIsRefreshedSeldomAWrongOneSoon) {
  auto state = signs_right(kNoon);
  apply(state, shows("sign_south", kNoon, kSignOpen));
  step(state, town(), {}, kNoon, 0);
  std::map<std::string, int> told;
  for (int s = 1; s <= 30; ++s) {
    const auto t = kNoon + from_seconds(s);
    apply(state, shows("sign_north", t, kSignRestricted));
    apply(state, shows("sign_south", t, kSignOpen));
    for (const auto& m : messages(step(state, town(), {}, t, 0))) ++told[m];
  }
  EXPECT_EQ(told["sign_north=restricted"], 1);
  EXPECT_EQ(told["sign_south=restricted"], 6);
}

TEST(Signs, AnAlarmSaysThatAGateStoppedAndThatItGoesOnAgain) {
  State state;
  std::vector<AlarmEvent> alarms;
  for (int s = 0; s <= 30; ++s) {
    const auto t = kNoon + from_seconds(s);
    apply(state, shows("sign_north", t, s < 20 ? kSignOpen : kSignRestricted));
    apply(state, shows("sign_south", t, kSignRestricted));
    const auto out = step(state, town(), {}, t, 0);
    alarms.insert(alarms.end(), out.alarms.begin(), out.alarms.end());
  }
  ASSERT_EQ(alarms.size(), 2U);
  EXPECT_EQ(alarms[0].kind, "sign_mismatch");
  EXPECT_EQ(alarms[0].subject, "north");
  EXPECT_TRUE(alarms[0].active);
  EXPECT_EQ(alarms[0].t, kNoon + from_seconds(15));
  EXPECT_FALSE(alarms[1].active);
}

TEST(Signs, AStartCallsNobodyWhileTheFirstReportsAreOnTheirWay) {
  State state;
  for (int s = 0; s <= 40; ++s) {
    const auto t = kNoon + from_seconds(s);
    if (s >= 14) {
      apply(state, shows("sign_north", t, kSignRestricted));
      apply(state, shows("sign_south", t, kSignRestricted));
    }
    EXPECT_TRUE(step(state, town(), {}, t, 0).alarms.empty()) << s;
  }
}

TEST(Signs, AZoneWithoutALegalBasisShowsOpen) {
  auto rules = town();
  rules.zones[0].legal.decision = "";
  State state;
  EXPECT_EQ(messages(step(state, rules, {}, kNoon, 0)).at(0), "sign_north=open");
}

}  // namespace
}  // namespace dispecer::access
