#include <gtest/gtest.h>

#include "tests/controller/emergency/row.h"

namespace dispecer::test {
namespace {

EmergencyRegister desks() {
  return {{{VehicleId("v"), EmergencyKind::ambulance}},
          {{PersonId("dispatch/smurd"), {EmergencyKind::ambulance, EmergencyKind::fire}, {}},
           {PersonId("station/1"),
            {EmergencyKind::fire},
            {LinkId("west_a"), LinkId("a_b"), LinkId("b_east")}}},
          {}};
}

std::string asked(const Actor& actor, EmergencyKind kind, const std::string& from = "west_a",
                  const std::string& to = "b_east") {
  const Row row;
  auto state = row.state(desks());
  auto r = request("c", "v", from, to);
  r.kind = kind;
  const auto done = emergency::open(state, r, actor, at(0));
  return done ? "ok" : done.error().cause;
}

TEST(Rights, EachWayOfAskingHasItsOwn) {
  using K = EmergencyKind;
  struct Case {
    Actor actor;
    K kind;
    const char* expected;
  };
  const std::vector<Case> cases{
      {person(Role::op), K::ambulance, "ok"},
      {person(Role::supervisor), K::police, "ok"},
      {person(Role::admin), K::other, "ok"},
      {person(Role::op), K::unknown, "right"},
      {person(Role::viewer), K::ambulance, "right"},
      {person(Role::maintainer), K::ambulance, "right"},
      {person(Role::police), K::police, "ok"},
      {person(Role::police), K::ambulance, "right"},
      {person(Role::automaton, "dispatch/smurd"), K::ambulance, "ok"},
      {person(Role::automaton, "dispatch/smurd"), K::police, "right"},
      {person(Role::automaton, "dispatch/other"), K::ambulance, "right"},
      {person(Role::op, "dispatch/smurd"), K::police, "ok"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(asked(c.actor, c.kind), c.expected)
        << c.actor.person.str() << " " << to_name(c.actor.role) << " " << to_name(c.kind);
  }
}

TEST(Rights, AStationsButtonOpensItsOwnRouteAndNoOther) {
  const auto station = person(Role::automaton, "station/1");
  EXPECT_EQ(asked(station, EmergencyKind::fire, "", ""), "ok");
  EXPECT_EQ(asked(station, EmergencyKind::fire, "west_a", "b_east"), "right");
  EXPECT_EQ(asked(station, EmergencyKind::ambulance, "", ""), "right");
}

TEST(Rights, AVehicleOpensOneByItsOwnWordOnlyIfItStandsInTheRegisterWithThatKind) {
  const Row row;
  for (const auto& [vehicle, kind, opens] : {std::tuple{"v", EmergencyKind::ambulance, true},
                                             {"v", EmergencyKind::police, false},
                                             {"w", EmergencyKind::ambulance, false},
                                             {"v", EmergencyKind::unknown, false}}) {
    auto state = row.state(desks());
    auto p = row.position(vehicle, {100, 0}, 90, 1);
    p.emergency = kind;
    emergency::heard(state, p, at(1));
    EXPECT_EQ(!state.corridors.empty(), opens) << vehicle << " " << to_name(kind);
  }
}

TEST(Rights, OnlyWhoOpenedItOrAnOperatorEndsIt) {
  const Row row;
  auto state = row.state(desks());
  const auto desk = person(Role::automaton, "dispatch/smurd");
  const auto again = [&] {
    return emergency::open(state, request("c", "v", "west_a", "b_east"), desk, at(0)).ok();
  };
  const auto end = [&](const Actor& actor) {
    const auto r = emergency::end(state, RequestId("c"), actor, at(1));
    return r ? std::string("ok") : r.error().cause;
  };
  ASSERT_TRUE(again());
  EXPECT_EQ(end(person(Role::automaton, "station/1")), "right");
  EXPECT_EQ(end(person(Role::viewer)), "right");
  EXPECT_EQ(end(desk), "ok");
  EXPECT_EQ(end(desk), "unknown_corridor");
  ASSERT_TRUE(again());
  EXPECT_EQ(end(person(Role::op)), "ok");
}

}  // namespace
}  // namespace dispecer::test
