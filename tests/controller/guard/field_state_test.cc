// What the guard has itself seen of a junction.
#include <gtest/gtest.h>

#include "tests/controller/guard/guard_scene.h"

namespace dispecer::guard {
namespace {

TEST(FieldState, GreensAndRedsAreTimedFromTheReportThatChangedThem) {
  Bench b;
  EXPECT_EQ(b.state.groups[0].since, at(0));
  b.see({Aspect::amber, Aspect::red, Aspect::green_flash}, std::nullopt, 31);
  EXPECT_EQ(b.state.groups[0].since, at(31));
  EXPECT_EQ(b.state.groups[1].since, at(0));
  EXPECT_EQ(b.state.groups[2].since, at(0)) << "flashing green is still green";
  EXPECT_EQ(b.state.stage, 0U);
  EXPECT_EQ(b.state.last_stage, 1U);
  b.see({Aspect::red, Aspect::red, Aspect::red}, std::nullopt, 33);
  EXPECT_EQ(b.state.groups[0].since, at(31)) << "amber and red are one wait";
  b.see({Aspect::red, Aspect::green}, 2, 34);
  EXPECT_EQ(b.state.groups[1].aspect, Aspect::red)
      << "a list of the wrong length says nothing of the lamps";
}

TEST(FieldState, DemandIsForgottenWithGreenAndIgnoredAtTheWrongLength) {
  Bench b;
  set_demand(b.state, {true, true, true}, at(32));
  EXPECT_TRUE(b.state.groups[1].demand);
  set_demand(b.state, {false}, at(33));
  EXPECT_TRUE(b.state.groups[1].demand);
  set_demand(b.state, {true, true, true}, at(34));
  EXPECT_EQ(b.state.groups[1].asked, at(32)) << "the same wait goes on";
  set_demand(b.state, {false, false, false}, at(35));
  set_demand(b.state, {false, true, false}, at(36));
  EXPECT_EQ(b.state.groups[1].asked, at(36));
  b.see({Aspect::red, Aspect::green, Aspect::red}, 2, 40);
  EXPECT_FALSE(b.state.groups[1].demand);
}

TEST(FieldState, AfterADisconnectNothingIsBelieved) {
  Bench b;
  note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(30));
  EXPECT_EQ(b.state.ordered_stage, 2U);
  note_disconnect(b.state);
  EXPECT_EQ(b.state.ordered_stage, 0U);
  EXPECT_FALSE(b.state.inputs_clean);
  EXPECT_EQ(b.verdict(), "no_communication");
  b = Bench();
  note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(30));
  b.proposal.write = ReleaseOrder{};
  note_sent(b.state, *Guard::check(b.proposal, b.signals, b.state, b.situation), at(31));
  EXPECT_EQ(b.state.ordered_stage, 0U);
}

}  // namespace
}  // namespace dispecer::guard
