#include <gtest/gtest.h>

#include "adapters/bus/codec.h"
#include "tests/controller/access/town.h"

namespace dispecer::access {
namespace {

const UtcTime kNight = at("2026-11-23T21:00:00Z");  // 23:00 local, the zone sleeps
const Actor kAna{PersonId("ana"), Role::op, WorkplaceId("1")};
const Actor kDan{PersonId("dan"), Role::supervisor, WorkplaceId("2")};

ActivateZone on(double hours) {
  return {ZoneId("old_town"), true, kNight + from_seconds(hours * 3600)};
}

bool active(const State& state, UtcTime t) {
  return zone_status(old_town(), state.by_hand, town().local, t).active();
}

TEST(Activation, TwoDifferentPersonsSwitchAZoneOnAndItEndsAtTheEarlierEnd) {
  State state;
  const auto rules = town();
  EXPECT_EQ(apply(state, rules, {}, on(3), kAna, kNight),
            (Verdict{IntentOutcome::accepted, "needs_second_person"}));
  EXPECT_FALSE(active(state, kNight));
  EXPECT_EQ(apply(state, rules, {}, on(3), kAna, kNight + from_seconds(5)),
            (Verdict{IntentOutcome::accepted, "needs_second_person"}));
  EXPECT_FALSE(active(state, kNight + from_seconds(5)));
  EXPECT_EQ(apply(state, rules, {}, on(2), kDan, kNight + from_seconds(10)),
            (Verdict{IntentOutcome::done, ""}));
  EXPECT_TRUE(active(state, kNight + from_seconds(10)));
  EXPECT_TRUE(active(state, kNight + from_seconds(7199)));
  EXPECT_FALSE(active(state, kNight + from_seconds(7200)));
}

TEST(Activation, TheSecondPersonMustComeWithinTenMinutes) {
  State state;
  apply(state, town(), {}, on(3), kAna, kNight);
  EXPECT_EQ(apply(state, town(), {}, on(3), kDan, kNight + from_seconds(601)).outcome,
            IntentOutcome::accepted);
  EXPECT_FALSE(active(state, kNight + from_seconds(602)));
}

TEST(Activation, WithoutADecisionNumberNobodyCanSwitchItOn) {
  State state;
  auto rules = town();
  rules.zones[0].legal.decision = "";
  EXPECT_EQ(apply(state, rules, {}, on(3), kAna, kNight),
            (Verdict{IntentOutcome::refused, "no_legal_basis"}));
  rules = town();
  rules.zones[0].legal.validity.end = kNight;
  EXPECT_EQ(apply(state, rules, {}, on(3), kDan, kNight),
            (Verdict{IntentOutcome::refused, "no_legal_basis"}));
  EXPECT_TRUE(state.by_hand.empty());
}

TEST(Activation, EveryActivationHasAnEndAndTheRightRole) {
  State state;
  EXPECT_EQ(apply(state, town(), {}, on(0), kAna, kNight).cause, "until_range");
  EXPECT_EQ(apply(state, town(), {}, on(25), kAna, kNight).cause, "until_range");
  for (const auto role :
       {Role::unknown, Role::viewer, Role::police, Role::maintainer, Role::admin, Role::automaton})
    EXPECT_EQ(apply(state, town(), {}, on(1), {PersonId("x"), role, WorkplaceId()}, kNight).cause,
              "role");
  EXPECT_EQ(apply(state, town(), {}, on(1), {PersonId(), Role::op, WorkplaceId()}, kNight).cause,
            "role");
  auto elsewhere = on(1);
  elsewhere.zone = ZoneId("gone");
  EXPECT_EQ(apply(state, town(), {}, elsewhere, kAna, kNight).cause, "unknown_zone");
}

TEST(Activation, OnePersonSuspendsTheTimetableUntilTheEndHeNamed) {
  State state;
  EXPECT_EQ(apply(state, town(), {}, {ZoneId("old_town"), false, kNoon + from_seconds(3600)}, kAna,
                  kNoon),
            (Verdict{IntentOutcome::done, ""}));
  EXPECT_FALSE(active(state, kNoon + from_seconds(3599)));
  EXPECT_TRUE(active(state, kNoon + from_seconds(3600)));
}

TEST(Activation, AfterAnActivationByHandThereIsGraceToo) {
  auto state = signs_right(kNight + from_seconds(50));
  apply(state, town(), {}, on(3), kAna, kNight);
  apply(state, town(), {}, on(3), kDan, kNight);
  EXPECT_EQ(decide(state, town(), {}, passage(kNight + from_seconds(50))).reason.rule, "grace");
  apply(state, shows("sign_north", kNight + from_seconds(119), kSignRestricted));
  EXPECT_EQ(decide(state, town(), {}, passage(kNight + from_seconds(120))).reason.rule, "no_right");
}

TEST(Activation, ActivationsSurviveARestart) {
  State state;
  apply(state, town(), {}, on(3), kAna, kNight);
  apply(state, town(), {}, on(3), kDan, kNight);
  const auto bytes = bus::encode(snapshot(state));
  const auto again = restore(bus::decode<Snapshot>(bytes).value());
  EXPECT_EQ(again.by_hand, state.by_hand);
  EXPECT_TRUE(active(again, kNight + from_seconds(1)));
}

}  // namespace
}  // namespace dispecer::access
