#include "tests/fusion/traffic/street.h"

namespace dispecer::traffic::test {
namespace {

TEST(Queue, AVehicleSeenByTheAdvanceLoopIsExpectedAfterItsTravelTime) {
  Street street;
  street.second({{"ahead", kCar}});
  const auto out = street.look();
  // 126 m at 0.9 of 14 m/s are ten seconds: the second bin of five, split by the turning shares.
  EXPECT_DOUBLE_EQ(out.movements[0].arrivals[1], 0.75);
  EXPECT_DOUBLE_EQ(out.movements[1].arrivals[1], 0.25);
  EXPECT_DOUBLE_EQ(out.movements[0].arrivals[0], 0);
  EXPECT_EQ(out.movements[0].arrivals.size(), kBins);
  EXPECT_DOUBLE_EQ(street.queue(), 0);
  street.seconds(9);
  street.seconds(2, {{"stop", kStands}});
  EXPECT_NEAR(street.queue(), 1, 1e-9);
}

TEST(Queue, AVehicleThatComesEarlyAtRedIsNotCountedTwice) {
  Street street;
  street.second({{"ahead", kCar}});
  street.seconds(6);
  street.seconds(10, {{"stop", kStands}});
  EXPECT_NEAR(street.queue(), 1, 1e-6);
}

TEST(Queue, WhoComesToStandOnTheStopLineAtRedHasNotLeft) {
  Street street;
  // Two came, three seconds apart, faster than expected: the first stops upon the loop.
  street.second({{"ahead", kCar}});
  street.seconds(2);
  street.second({{"ahead", kCar}});
  street.seconds(4);
  street.second({{"stop", kCarStops}});
  street.seconds(12, {{"stop", kStands}});
  EXPECT_NEAR(street.queue(), 2, 1e-6);
  // Both leave with the green.
  street.g1 = Aspect::green;
  street.second({{"stop", kStands}});
  street.second({{"stop", Loop{1, 0.8, true}}});
  EXPECT_NEAR(street.queue(), 1, 1e-6);
  street.second();
  EXPECT_NEAR(street.queue(), 0, 1e-6);
}

TEST(Queue, WhatCameInAtRedAndLeftAtGreenIsCountedExactly) {
  Street street;
  int in = 0;
  for (int s = 0; s < 40; ++s) {
    const bool comes = s % 4 == 0;
    in += comes ? 1 : 0;
    std::map<std::string, Loop> loops{{"ahead", comes ? kCar : kFree}};
    if (s >= 10) loops["stop"] = kStands;
    street.second(loops);
  }
  street.seconds(12, {{"stop", kStands}});
  EXPECT_EQ(in, 10);
  EXPECT_NEAR(street.queue(), 10, 1e-6);
  street.g1 = Aspect::green;
  for (int s = 0; s < 20; ++s) street.second({{"stop", s % 2 == 0 ? Loop{1, 0.8, true} : kStands}});
  EXPECT_NEAR(street.queue(), 0, 1e-6);
}

TEST(Queue, AVehicleThatComesEarlyAtGreenIsNotCountedTwice) {
  Street street;
  street.g1 = Aspect::green;
  street.second({{"ahead", kCar}});
  street.seconds(6);
  street.second({{"stop", kCar}});  // two seconds before it was expected
  street.seconds(4);
  EXPECT_NEAR(street.queue(), 0, 1e-9);
  street.seconds(4);
  EXPECT_NEAR(street.queue(), 0, 1e-9);  // not when its time comes either
}

TEST(Queue, ALostCountIsForgottenWhenTheStopLineIsUncovered) {
  Street street;
  for (int s = 0; s < 20; ++s) {
    street.second({{"ahead", s % 4 == 0 ? kCar : kFree}, {"stop", s >= 9 ? kStands : kFree}});
  }
  street.seconds(12, {{"stop", kStands}});
  ASSERT_NEAR(street.queue(), 5, 1e-6);
  street.g1 = Aspect::green;
  // Five leave, the loop counts three.
  for (int s = 0; s < 6; ++s) street.second({{"stop", s % 2 == 0 ? Loop{1, 0.8, true} : kStands}});
  EXPECT_NEAR(street.queue(), 2, 1e-6);
  street.seconds(2);
  EXPECT_NEAR(street.queue(), 1, 1e-6) << "the one that stood on it has left";
  street.seconds(2);
  EXPECT_DOUBLE_EQ(street.queue(), 0);
}

TEST(Queue, ACoveredStopLineAtRedMeansThatSomebodyWaits) {
  Street street;
  street.seconds(2, {{"stop", kStands}});
  EXPECT_NEAR(street.queue(), 1, 1e-6);
  street.seconds(30, {{"stop", kStands}});
  const auto out = street.look();
  EXPECT_GE(street.queue(), 1);
  EXPECT_NEAR(out.movements[0].waiting.value, 31, 1.5);
}

TEST(Queue, ALoopThatIsStoodUponHasTheQueueAtLeastAsFar) {
  Street street;
  street.seconds(5, {{"stop", kStands}, {"ahead", kStands}});
  EXPECT_GE(street.queue(), 126 / 7.5);
  const auto out = street.look();
  EXPECT_GE(out.links[0].queue_length->value, 126);
  EXPECT_FALSE(out.links[0].spillback);
}

TEST(Queue, BeyondALoopThatIsStoodUponTheQueueGrowsAsTrafficComesAndIsNotCountedTwice) {
  Street street;
  // A car each four seconds, seen for ten minutes; then a red that outlasts the reach of the loop.
  street.g1 = Aspect::green;
  for (int s = 0; s < 600; ++s) {
    const Loop car = s % 4 == 0 ? kCar : kFree;
    street.second({{"ahead", car}, {"stop", car}});
  }
  street.g1 = Aspect::red;
  for (int s = 0; s < 60; ++s)
    street.second({{"ahead", s % 4 == 0 ? kCar : kFree}, {"stop", kStands}});
  street.seconds(20, {{"ahead", kStands}, {"stop", kStands}});
  const double reached = street.queue();
  street.seconds(40, {{"ahead", kStands}, {"stop", kStands}});
  const double grown = street.queue();
  EXPECT_GT(grown, reached + 4) << "ten more have come unseen";
  EXPECT_LT(grown, reached + 16);
  // It starts to move: what drives over the loop was in the queue before.
  street.g1 = Aspect::green;
  for (int s = 0; s < 10; ++s) {
    const Loop moving = s % 2 == 0 ? Loop{1, 0.8, true} : kStands;
    street.second({{"ahead", moving}, {"stop", moving}});
  }
  EXPECT_LT(street.queue(), grown);
}

TEST(Queue, AFreeLoopSaysThatTheQueueEndsBeforeIt) {
  Street street;
  for (int s = 0; s < 160; ++s)
    street.second({{"ahead", s % 4 == 0 ? kCar : kFree}, {"stop", kStands}});
  street.seconds(20, {{"ahead", kStands}, {"stop", kStands}});
  const double before = street.queue();
  street.seconds(6, {{"stop", kStands}});
  EXPECT_LE(street.queue(), before);
}

BusInTraffic bus(const Street& street, double to_stop_line, double speed) {
  return {MovementId{"W-E"}, Metres{to_stop_line}, MetresPerSecond{speed}, speed < 1, street.now};
}

TEST(Queue, ABusThatStandsInItTellsHowFarItReaches) {
  Street street;
  street.seconds(5, {{"stop", kStands}});
  ASSERT_LT(street.queue(), 3);
  apply(street.state, bus(street, 63, 0));
  street.second({{"stop", kStands}});
  EXPECT_NEAR(street.queue(), 10, 0.5);
  // Told once more it adds nothing.
  apply(street.state, bus(street, 63, 0));
  street.second({{"stop", kStands}});
  EXPECT_NEAR(street.queue(), 10, 0.5);
}

TEST(Queue, ABusThatDrivesHasNoQueueBeforeItsBrakingDistance) {
  Street street;
  street.seconds(5, {{"stop", kStands}});
  apply(street.state, bus(street, 93, 0));
  street.second({{"stop", kStands}});
  ASSERT_NEAR(street.queue(), 14, 0.5);
  // 10 m/s stop within 33 m: the queue ends in the 27 m before the line.
  apply(street.state, bus(street, 60, 10));
  street.second({{"stop", kStands}});
  EXPECT_LT(street.queue(), 4.5);
  EXPECT_GT(street.queue(), 2);
}

TEST(Queue, ABusOfAnotherCityOrOfLongAgoIsCountedAndChangesNothing) {
  Street street;
  street.seconds(10, {{"stop", kStands}});
  const double before = street.queue();
  auto old = bus(street, 93, 0);
  old.t = street.now - std::chrono::seconds(20);
  apply(street.state, old);
  auto stranger = bus(street, 93, 0);
  stranger.movement = MovementId{"nowhere"};
  apply(street.state, stranger);
  street.second({{"stop", kStands}});
  EXPECT_NEAR(street.queue(), before, 0.2);
  EXPECT_EQ(street.state.counters.at("traffic.bus_older"), 1U);
  EXPECT_EQ(street.state.counters.at("traffic.bus_unknown_movement"), 1U);
}

TEST(Queue, AFullLinkSpillsBackAndItsStorageIsTaken) {
  auto net = make_network();
  net.detectors.push_back(make_detector("entry", DetectorKind::entry, "W", 295));
  Street street({}, net);
  street.seconds(6, {{"stop", kStands}, {"ahead", kStands}, {"entry", kStands}});
  const auto out = street.look();
  EXPECT_TRUE(out.links[0].spillback);
  EXPECT_GT(out.links[0].storage.value, 0.95);
  EXPECT_LE(out.links[0].queue->value, 300 / 7.5 + 1e-6);
}

TEST(Queue, ALeftTurnThatIsHeldKeepsItsVehiclesWhileTheOthersLeave) {
  auto net = make_network();
  net.links[0].lanes = 2;
  net.movements[1].lanes = {1};
  net.movements[1].group = SignalGroupId{"walk"};  // another group that stays red
  net.detectors.push_back(make_detector("stop1", DetectorKind::stop_line, "W", 1));
  net.detectors.back().lane = 1;
  Street street({}, net);
  for (int s = 0; s < 16; ++s) street.second({{"ahead", s % 2 == 0 ? kCar : kFree}});
  street.seconds(12, {{"stop", kStands}, {"stop1", kStands}});
  street.g1 = Aspect::green;
  for (int s = 0; s < 14; ++s) {
    street.second({{"stop", s % 2 == 0 ? Loop{1, 0.8, true} : kStands}, {"stop1", kStands}});
  }
  const auto out = street.look();
  EXPECT_GE(out.movements[1].queue.value, 1);
  EXPECT_LT(out.movements[0].queue.value, 1.5);
  EXPECT_GT(out.movements[1].waiting.value, 20);
  EXPECT_LE(out.movements[0].waiting.value, 30);
}

TEST(Queue, AJunctionBehindAnnouncesWhatLeftIt) {
  // W -> J -> E -> K: E has no loop of its own; J's stop line says what comes.
  auto net = make_network();
  net.links.push_back(make_link("F", "K", "D"));
  net.movements.push_back(make_movement("E", "F", "K", "", 1));
  Street street({}, net);
  street.g1 = Aspect::green;
  street.seconds(30);
  street.second({{"stop", kCar}});
  const auto out = street.look();
  // 300 m at 12.6 m/s are 24 s: the fifth bin, for the movement that goes on from E.
  EXPECT_GT(out.movements[2].arrivals[4], 0.3);
  EXPECT_FALSE(out.movements[2].demand_known);
  EXPECT_NE(out.movements[2].queue.quality, Quality::live);
  EXPECT_NE(out.movements[2].queue.sources & kConservation, 0U);
}

TEST(Queue, WhatLeftTheJunctionBehindIsScaledToWhatIsCountedHere) {
  // W -> J -> E -> K -> F. Two thirds of those who reach the end of E come from V, which has no
  // loops; that its lamp is told as red does not keep them.
  auto net = make_network();
  net.links.push_back(make_link("F", "K", "D"));
  net.links.push_back(make_link("V", "Z", "J"));
  net.links[1].to = JunctionId{"K"};
  net.movements = {make_movement("W", "E", "J", "g1", 1), make_movement("E", "F", "K", "", 1),
                   make_movement("V", "E", "J", "walk", 1)};
  net.detectors.push_back(make_detector("out", DetectorKind::stop_line, "E", 1));
  Street street({}, net);
  street.g1 = Aspect::green;
  double expected = 0;
  for (int s = 0; s < 1500; ++s) {
    street.second({{"ahead", s % 15 == 0 ? kCar : kFree},
                   {"stop", s % 15 == 10 ? kCar : kFree},
                   {"out", s % 5 == 0 ? kCar : kFree}});
    // Whoever left is 24 s away, and for four seconds in the bin of 20 to 25 s; of its last second
    // nothing is known but the flow.
    if (s >= 1200) expected += (street.look().movements[1].arrivals[4] - 0.2) / 4;
  }
  EXPECT_NEAR(expected, 300 / 5, 12);
}

// Greens of 30 s in a minute; over the stop line vehicles follow each other without a gap for so
// much of each. Returns the queue in the middle of the last red.
double after_greens(int cycles, int busy_s) {
  auto net = make_network();
  net.detectors.erase(net.detectors.begin() + 1);  // no loop upstream
  Street street({}, net);
  for (int s = 0; s < cycles * 60 + 15; ++s) {
    const int phase = s % 60;
    street.g1 = phase >= 30 ? Aspect::green : Aspect::red;
    const bool moving = phase >= 32 && phase < 30 + busy_s;
    Loop stop = phase < 30 || phase < 32 ? kStands : kFree;
    if (moving) stop = phase % 2 == 0 ? Loop{1, 0.8, true} : kStands;
    street.second({{"stop", stop}});
  }
  return street.queue();
}

TEST(Queue, AGreenThatEndsBeforeTheQueueLeavesSomeOfItTheMoreTheLongerItGoesOn) {
  const double once = after_greens(1, 30);
  const double often = after_greens(9, 30);
  EXPECT_GT(once, 3);
  EXPECT_GT(often, 2 * once);
  EXPECT_LT(often, 300 / 7.5 + 1e-6) << "no more than the link holds";
  EXPECT_LT(after_greens(9, 20), often / 2) << "a gap in each green: it was cleared";
}

TEST(Queue, NobodyLeavesIntoAFullLink) {
  // V runs into W through a plain junction; W is stood upon from end to end.
  auto net = make_network();
  net.links.push_back(make_link("V", "Z", "A"));
  net.movements.push_back(make_movement("V", "W", "A", "", 1));
  net.detectors.push_back(make_detector("entry", DetectorKind::entry, "W", 295));
  Street street({}, net);
  street.second();
  street.state.movements[2].queue = 5;
  street.seconds(10);
  EXPECT_LT(street.look().movements[2].queue.value, 1);
  street.seconds(8, {{"stop", kStands}, {"ahead", kStands}, {"entry", kStands}});
  ASSERT_TRUE(street.look().links[0].spillback);
  street.state.movements[2].queue = 5;
  street.seconds(10, {{"stop", kStands}, {"ahead", kStands}, {"entry", kStands}});
  EXPECT_GE(street.look().movements[2].queue.value, 5);
}

TEST(Queue, AMovementWithoutAHealthyDetectorIsNotKnown) {
  Street street;
  street.seconds(3);
  EXPECT_TRUE(street.look().movements[0].demand_known);
  EXPECT_EQ(street.look().movements[0].queue.quality, Quality::live);
  street.detectors_heard = false;
  street.signals_heard = false;
  street.seconds(15);
  const auto out = street.look();
  EXPECT_FALSE(out.movements[0].demand_known);
  EXPECT_EQ(out.movements[0].queue.quality, Quality::stale);
  EXPECT_GE(out.movements[0].queue.age_s, 10);
  EXPECT_FALSE(out.links[0].queue->usable());
  EXPECT_FALSE(out.links[0].flow && out.links[0].flow->usable());
}

TEST(Queue, EveryEstimateSaysHowSureItIs) {
  Street street;
  for (int s = 0; s < 60; ++s)
    street.second({{"ahead", s % 5 == 0 ? kCar : kFree}, {"stop", s > 9 ? kStands : kFree}});
  const auto out = street.look();
  const auto& queue = out.movements[0].queue;
  EXPECT_GT(queue.sd, 0.5);
  EXPECT_EQ(queue.age_s, 0);
  EXPECT_EQ(queue.sources, static_cast<std::uint32_t>(kLoops));
  EXPECT_GT(out.links[0].flow->sd, 0);
  EXPECT_GT(out.links[0].vehicles->sd, 0);
}

TEST(Calls, ALoopCoveredAtRedCallsUntilTheGreenThoughTheStopLineFallsFreeAgain) {
  Street street;
  street.g1 = Aspect::red;
  street.seconds(3);
  EXPECT_DOUBLE_EQ(street.look().movements[0].waiting.value, 0);
  street.second({{"stop", kCar}});
  EXPECT_DOUBLE_EQ(street.look().movements[0].waiting.value, 0) << "it drove over the line";
  street.second({{"stop", kStands}});
  street.seconds(20);
  EXPECT_DOUBLE_EQ(street.queue(), 0) << "an uncovered stop line: the count says nobody";
  EXPECT_DOUBLE_EQ(street.look().movements[0].waiting.value, 20);
  street.g1 = Aspect::green;
  street.second();
  street.g1 = Aspect::red;
  street.seconds(5);
  EXPECT_DOUBLE_EQ(street.look().movements[0].waiting.value, 0);
}

TEST(Crossings, ACallStandsUntilItsGreen) {
  Street street;
  street.second();
  EXPECT_FALSE(street.look().crossings[0].called);
  street.second({{"button", kCar}});
  street.seconds(20);
  EXPECT_TRUE(street.look().crossings[0].called);
  EXPECT_DOUBLE_EQ(street.look().crossings[0].waiting.value, 20);
  street.walk = Aspect::green;
  street.second({{"button", kCar}});  // pushed while it walks: no new call
  street.walk = Aspect::red;
  street.seconds(2);
  EXPECT_FALSE(street.look().crossings[0].called);
  EXPECT_DOUBLE_EQ(street.look().crossings[0].waiting.value, 0);
}

TEST(Crossings, AStuckButtonCountsAsCalled) {
  Parameters p;
  p.locked_on_unsignalled_s = 60;
  Street street(p);
  street.seconds(70, {{"button", kStands}});
  street.walk = Aspect::green;
  street.seconds(5, {{"button", kStands}});
  street.walk = Aspect::red;
  street.second();
  EXPECT_TRUE(street.look().crossings[0].called);
  ASSERT_EQ(street.events.size(), 1U);
  EXPECT_EQ(street.events[0].subject, "button");
}

TEST(Traffic, TheSameInputsGiveTheSamePicture) {
  const auto play = [] {
    Street street;
    for (int s = 0; s < 200; ++s) {
      street.g1 = s % 60 < 30 ? Aspect::green : Aspect::red;
      street.second({{"ahead", s % 7 == 0 ? kCar : kFree}, {"stop", s % 11 == 0 ? kCar : kFree}});
    }
    return street.look();
  };
  EXPECT_EQ(play(), play());
}

TEST(Traffic, ACopyOfTheStateGoesOnByItself) {
  Street street;
  street.seconds(12, {{"ahead", kCar}});
  Street other = street;
  other.seconds(20, {{"ahead", kCar}, {"stop", kCar}});
  street.seconds(20, {{"ahead", kCar}, {"stop", kCar}});
  EXPECT_EQ(street.look(), other.look());
}

TEST(Traffic, AStepBackwardsAndAnUnknownDetectorAreCounted) {
  Street street;
  street.seconds(2);
  const auto before = street.look();
  EXPECT_TRUE(step(street.state, street.now - std::chrono::seconds(5)).empty());
  EXPECT_EQ(before, street.look());
  EXPECT_EQ(street.state.counters.at("traffic.step_backwards"), 1U);
  apply(street.state, DetectorBatch{JunctionId{"J"},
                                    street.now,
                                    street.now + std::chrono::seconds(1),
                                    {{DetectorId{"?"}, 1, Ratio{0}, false, std::nullopt, false}}});
  EXPECT_EQ(street.state.counters.at("traffic.unknown_detector"), 1U);
  apply(street.state, DetectorBatch{JunctionId{"?"}, street.now, street.now, {}});
  EXPECT_EQ(street.state.counters.at("traffic.batch_unknown_junction"), 1U);
}

}  // namespace
}  // namespace dispecer::traffic::test
