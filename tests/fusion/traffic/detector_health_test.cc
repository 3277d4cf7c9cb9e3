#include "tests/fusion/traffic/street.h"

namespace dispecer::traffic::test {
namespace {

TEST(DetectorHealth, AStuckLoopIsWeighedOutAndReportedOnce) {
  Street street;
  // Cars pass until the loop at the stop line sticks; cycles of 60 s go on.
  for (int s = 0; s < 420; ++s) {
    street.g1 = s % 60 < 30 ? Aspect::green : Aspect::red;
    const bool stuck = s >= 120;
    street.second({{"stop", stuck ? kStands : (s % 10 == 5 ? kCar : kFree)},
                   {"ahead", s % 10 == 0 ? kCar : kFree}});
  }
  ASSERT_EQ(street.events.size(), 1U);
  EXPECT_EQ(street.events[0].kind, "detector_fault");
  EXPECT_EQ(street.events[0].subject, "stop");
  EXPECT_EQ(street.events[0].text, "locked_on");
  EXPECT_TRUE(street.events[0].active);
  const auto out = street.look();
  const auto* row = street.detector(out, "stop");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->quality, Quality::implausible);
  EXPECT_EQ(row->fault, "locked_on");
  EXPECT_GT(row->faulty_for.value, 60);
  // The advance loop still sees the movement; nothing is live that rests on a model of departures.
  EXPECT_TRUE(out.movements[0].demand_known);
  EXPECT_EQ(out.movements[0].queue.quality, Quality::substituted);
}

TEST(DetectorHealth, ALoopThatRecoversIsTrustedAfterAWhileAndSaidSoOnce) {
  Street street;
  street.g1 = Aspect::green;
  street.seconds(130, {{"stop", kStands}});
  ASSERT_EQ(street.events.size(), 1U);
  street.seconds(590);
  EXPECT_EQ(street.events.size(), 1U);
  street.seconds(20);
  ASSERT_EQ(street.events.size(), 2U);
  EXPECT_FALSE(street.events[1].active);
  EXPECT_EQ(street.detector(street.look(), "stop"), nullptr);
}

TEST(DetectorHealth, ALongRedQueueIsNotALockedLoop) {
  Street street;
  street.g1 = Aspect::red;
  street.seconds(400, {{"stop", kStands}});
  EXPECT_TRUE(street.events.empty());
}

TEST(DetectorHealth, AQueueThatCannotGoAtGreenIsNotTwoLockedLoops) {
  Street street;
  street.g1 = Aspect::green;
  street.seconds(600, {{"stop", kStands}, {"ahead", kStands}});
  EXPECT_TRUE(street.events.empty());
  const auto out = street.look();
  EXPECT_GT(out.movements[0].queue.value, 5);
  // Nothing stands for longer than that.
  street.seconds(330, {{"stop", kStands}, {"ahead", kStands}});
  EXPECT_EQ(street.events.size(), 2U);
}

TEST(DetectorHealth, ALoopBehindAQueueIsLockedOnceTheQueueBeforeItIsGone) {
  Street street;
  street.g1 = Aspect::green;
  street.seconds(400, {{"stop", kStands}, {"ahead", kStands}});
  ASSERT_TRUE(street.events.empty());
  street.seconds(10, {{"ahead", kStands}});
  ASSERT_EQ(street.events.size(), 1U);
  EXPECT_EQ(street.events[0].subject, "ahead");
}

TEST(DetectorHealth, FortyHitsInHalfAMinuteAreChatter) {
  Street street;
  street.second();
  const auto begin = street.now;
  for (int s = 10; s <= 30; s += 10) {
    street.now = begin + std::chrono::seconds(s);
    apply(street.state, DetectorBatch{JunctionId{"J"},
                                      street.now - std::chrono::seconds(10),
                                      street.now,
                                      {{DetectorId{"ahead"}, 14, Ratio{0.5}, false, {}, false}}});
    for (auto& event : step(street.state, street.now)) street.events.push_back(std::move(event));
  }
  ASSERT_EQ(street.events.size(), 1U);
  EXPECT_EQ(street.events[0].text, "chatter");
}

TEST(DetectorHealth, TwoHitsInEachSecondAreImpossibleAndSaidOnce) {
  Street street;
  street.seconds(60, {{"ahead", Loop{2, 0.5, false}}});
  ASSERT_EQ(street.events.size(), 1U);
  EXPECT_EQ(street.events[0].text, "impossible_hits");
  EXPECT_FALSE(street.look().movements[0].queue.quality == Quality::live);
}

TEST(DetectorHealth, ABusyLoopThatFallsSilentIsFoundWithinTenMinutes) {
  Parameters often;  // a short learning is enough where vehicles come one by one
  often.no_hits_cluster_s = 30;
  Street street(often);
  street.g1 = Aspect::green;
  for (int s = 0; s < 900; ++s)
    street.second({{"ahead", s % 6 == 0 ? kCar : kFree}, {"stop", s % 6 == 3 ? kCar : kFree}});
  ASSERT_TRUE(street.events.empty());
  for (int s = 0; s < 610; ++s) street.second({{"ahead", s % 6 == 0 ? kCar : kFree}});
  ASSERT_EQ(street.events.size(), 1U);
  EXPECT_EQ(street.events[0].subject, "stop");
  EXPECT_EQ(street.events[0].text, "no_hits");
  street.second({{"stop", kCar}});
  ASSERT_EQ(street.events.size(), 2U);
  EXPECT_FALSE(street.events[1].active);
}

TEST(DetectorHealth, ASilentSourceIsNotASickDetector) {
  Street street;
  street.g1 = Aspect::green;
  for (int s = 0; s < 900; ++s)
    street.second({{"ahead", s % 6 == 0 ? kCar : kFree}, {"stop", s % 6 == 3 ? kCar : kFree}});
  street.detectors_heard = street.signals_heard = false;
  street.seconds(4000);
  EXPECT_TRUE(street.events.empty());
  const auto out = street.look();
  const auto* row = street.detector(out, "stop");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->quality, Quality::stale);
  EXPECT_EQ(row->fault, "");
}

TEST(DetectorHealth, TheSameOccupancyForHalfAnHourIsNoMeasurement) {
  Street street;
  street.seconds(1840, {{"ahead", Loop{0, 0.37, false}}});
  ASSERT_FALSE(street.events.empty());
  EXPECT_EQ(street.events[0].subject, "ahead");
  EXPECT_EQ(street.events[0].text, "no_change");
}

TEST(DetectorHealth, AForcedDetectorIsNotTheStreet) {
  Street street;
  street.second();
  apply(street.state,
        DetectorBatch{JunctionId{"J"},
                      street.now,
                      street.now + std::chrono::seconds(1),
                      {{DetectorId{"ahead"}, 0, Ratio{1}, true, std::nullopt, true}}});
  street.now = street.now + std::chrono::seconds(1);
  step(street.state, street.now);
  const auto out = street.look();
  ASSERT_NE(street.detector(out, "ahead"), nullptr);
  EXPECT_EQ(street.detector(out, "ahead")->fault, "forced");
  EXPECT_LT(street.queue(), 2);  // nobody really stands there
}

TEST(DetectorHealth, ANeverHeardDetectorIsUnknownNotStale) {
  Street street;
  street.detectors_heard = false;
  street.seconds(3);
  const auto out = street.look();
  ASSERT_EQ(out.detectors.size(), 3U);
  EXPECT_EQ(out.detectors[0].quality, Quality::unknown);
  EXPECT_FALSE(out.movements[0].demand_known);
}

TEST(DetectorHealth, DetectorsThatReportOnlyChangesStayLiveWhileTheirControllerIsHeard) {
  Street street;
  street.seconds(3);
  street.detectors_heard = false;
  street.seconds(60);
  EXPECT_TRUE(street.look().detectors.empty());
  street.seconds(100);
  EXPECT_EQ(street.look().detectors.size(), 3U);
}

TEST(DetectorHealth, ALoopThatIsHitInTheMiddleOfRedHasAWrongClockOrWire) {
  Street street;
  // Two cars run through in each green; the loop tells it half a cycle later.
  for (int s = 0; s < 900 && street.events.empty(); ++s) {
    street.g1 = s % 60 < 25 ? Aspect::green : Aspect::red;
    const int phase = s % 60;
    const bool hit = phase == 40 || phase == 44 || phase == 48;
    street.second({{"stop", hit ? kCar : kFree}, {"ahead", phase % 20 == 0 ? kCar : kFree}});
  }
  ASSERT_FALSE(street.events.empty());
  EXPECT_EQ(street.events[0].subject, "stop");
  EXPECT_EQ(street.events[0].text, "wrong_time");
}

TEST(DetectorHealth, CarsThatWaitOnTheLoopAtRedAndOneThatRunsThroughAreNoWrongClock) {
  Street street;
  for (int s = 0; s < 7200; ++s) {
    const int phase = s % 60;
    street.g1 = phase < 25 ? Aspect::green : Aspect::red;
    // One stops in the middle of red and leaves with green, two follow; each hour a few run the
    // red.
    Loop stop = kFree;
    if (phase == 40) stop = kCarStops;
    if (phase > 40) stop = kStands;
    if (phase == 4 || phase == 8) stop = kCar;
    if (phase == 34 && s % 600 < 60) stop = kCar;
    const bool comes = phase == 30 || phase == 54 || phase == 58 || (phase == 24 && s % 600 < 60);
    street.second({{"stop", stop}, {"ahead", comes ? kCar : kFree}});
  }
  EXPECT_TRUE(street.events.empty());
}

TEST(DetectorHealth, WhileTheSignalFlashesCarsThatDoNotWaitProveNothing) {
  Street street;
  for (int s = 0; s < 3600; ++s) {
    street.g1 = s < 900 ? (s % 60 < 25 ? Aspect::green : Aspect::red) : Aspect::amber_flash;
    const int phase = s % 60;
    const bool hit = s < 900 ? (phase == 5 || phase == 10) : (phase == 30 || phase == 50);
    street.second({{"stop", hit ? kCar : kFree}, {"ahead", hit ? kCar : kFree}});
  }
  EXPECT_TRUE(street.events.empty());
}

TEST(DetectorHealth, ALoneCarInTheEveningDoesNotMakeASilentNightAFault) {
  Street street;
  street.g1 = Aspect::green;
  for (int s = 0; s < 3 * 3600; ++s) {
    street.second({{"ahead", s == 30 ? kCar : kFree}, {"stop", s == 40 ? kCar : kFree}});
  }
  EXPECT_TRUE(street.events.empty());
}

// A loop that no signal governs, covered for `low` and `high` of its periods in turn: its fault
// after ten minutes.
Fault after_ten_minutes(double low, double high, bool free_flow) {
  DetectorLive live;
  DetectorIndex index;
  index.kind = DetectorKind::advance;
  Surroundings around;
  around.source_live = true;
  around.free_flow = free_flow;
  UtcTime now{};
  for (int s = 0; s < 600; ++s) {
    const double share = s / 30 % 2 == 0 ? low : high;
    const std::uint32_t count = s % 5 == 0 ? 1 : 0;
    collect(live, {DetectorId{"d"}, count, Ratio{share}, false, {}, false}, now,
            now + std::chrono::seconds(1));
    now = now + std::chrono::seconds(1);
    settle(live, index, around, 1, Parameters{});
  }
  return live.fault;
}

TEST(DetectorHealth, OccupancyThatJumpsFromPeriodToPeriodWhereNoSignalStandsIsASpike) {
  EXPECT_EQ(after_ten_minutes(0.05, 0.9, true), Fault::spike);
  EXPECT_EQ(after_ten_minutes(0.05, 0.9, false), Fault::none) << "a signal makes it jump";
  EXPECT_EQ(after_ten_minutes(0.05, 0.28, true), Fault::none) << "so much comes with traffic";
}

TEST(DetectorHealth, AHitOnALoopThatStaysCoveredIsImpossible) {
  Street street;
  street.second({{"stop", kCarStops}});
  for (int s = 0; s < 60; ++s) {
    street.second({{"stop", s % 4 == 0 ? Loop{1, 1, true} : kStands}});
  }
  ASSERT_EQ(street.events.size(), 1U);
  EXPECT_EQ(street.events[0].text, "impossible_hits");
}

TEST(DetectorHealth, OfTwoLoopsOfALaneTheDeadOneIsWeighedOutLongBeforeItsOwnTestSaysSo) {
  Street street;
  street.g1 = Aspect::green;
  int seconds = 0;
  while (street.events.empty() && seconds < 1200) {
    street.second({{"ahead", seconds % 6 == 0 ? kCar : kFree}});
    ++seconds;
  }
  ASSERT_EQ(street.events.size(), 1U);
  EXPECT_EQ(street.events[0].subject, "stop");
  EXPECT_EQ(street.events[0].text, "lane_disagrees");
  EXPECT_LT(seconds, 600);
  street.seconds(120, {{"ahead", kFree}});
  EXPECT_GT(street.look().links[0].flow->value, 300) << "the dead loop's zero takes no part";
}

TEST(DetectorHealth, AClosedLaneInTheBookIsNotABrokenLoop) {
  Street street;
  street.g1 = Aspect::green;
  for (int s = 0; s < 900; ++s) {
    street.second({{"ahead", s % 6 == 0 ? kCar : kFree}, {"stop", s % 6 == 3 ? kCar : kFree}});
  }
  Book book;
  BookEntry works;
  works.kind = BookKind::works;
  works.begin = street.now;
  works.end = street.now + std::chrono::hours(8);
  works.links = {LinkId{"W"}};
  book.entries = {works};
  set_book(street.state, book);
  street.seconds(3600);
  EXPECT_TRUE(street.events.empty());
  EXPECT_TRUE(street.look().detectors.empty());
}

}  // namespace
}  // namespace dispecer::traffic::test
