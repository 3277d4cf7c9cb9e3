// Broken sources of every kind: the picture degrades, says so, and recovers.
#include <cmath>

#include "tests/fusion/app/town.h"

namespace dispecer::fusion::test {
namespace {

// What still works in a second.
struct Works {
  bool loops = true;
  bool lamps = true;
  bool buses = true;
  bool cameras = true;
};

class BrokenSources : public ::testing::Test {
 protected:
  // Seconds (from, to], everything told that works; the bus drives at 2 m/s from second 1,000 on.
  void live(double from, double to, Works works = {}) {
    for (double s = from + 1; s <= to; ++s) {
      tell(s, works);
      picture_ = step(state_, {at(s), 1, epoch_});
    }
  }
  void tell(double s, Works works) {
    SignalObservation seen;
    seen.junction = JunctionId{"J"};
    seen.t = at(s);
    seen.link = works.lamps ? CommLink::connected : CommLink::no_communication;
    seen.mode = works.lamps ? ControlMode::control : ControlMode::unknown;
    if (works.lamps) seen.groups = {std::fmod(s, 60) < 30 ? Aspect::green : Aspect::red};
    apply(state_, seen);
    if (works.loops && works.lamps) {
      // A stop line lets go with green.
      const std::uint32_t count = std::fmod(s, 60) < 30 && std::fmod(s, 4) < 1 ? 1 : 0;
      apply(state_,
            DetectorBatch{JunctionId{"J"},
                          at(s - 1),
                          at(s),
                          {{DetectorId{"loop"}, count, Ratio{count * 0.3}, false, {}, false}}});
    }
    if (works.cameras && std::fmod(s, 60) == 0) {
      apply(state_, ParkingCount{ParkingId{"P"}, at(s), 20, {}, {}, "camera"});
    }
    if (works.buses && s >= 1000) apply(state_, bus(s, 2 * (s - 1000)));
  }
  static VehiclePosition bus(double s, double x) {
    auto p = fix(s, x);
    p.speed = MetresPerSecond{2};
    return p;
  }
  [[nodiscard]] const SourceState& source(const std::string& name) const {
    for (const auto& row : picture_.sources) {
      if (row.source == name) return row;
    }
    ADD_FAILURE() << name;
    return picture_.sources.front();
  }
  [[nodiscard]] bool alarmed(const std::string& id) const {
    for (const auto& alarm : alarm_list(state_).alarms) {
      if (alarm.id == AlarmId{id}) {
        return alarm.state == AlarmState::unacknowledged || alarm.state == AlarmState::acknowledged;
      }
    }
    return false;
  }
  [[nodiscard]] const BusState& the_bus() const { return picture_.buses.at(0); }

  FusionState state_ = make();
  CityPicture picture_;
  std::uint32_t epoch_ = 0;
};

TEST_F(BrokenSources, LoopsGone) {
  live(600, 1100);
  EXPECT_TRUE(picture_.movements[0].demand_known);
  EXPECT_EQ(picture_.links[0].flow->quality, Quality::live);
  live(1100, 1400, {.loops = false});
  EXPECT_EQ(source(kDetectors).quality, Quality::stale);
  EXPECT_EQ(source(kSignals).quality, Quality::live);
  EXPECT_TRUE(alarmed("source_silent/detectors"));
  EXPECT_FALSE(picture_.movements[0].demand_known);
  live(1400, 1540);
  EXPECT_EQ(source(kDetectors).quality, Quality::live);
  EXPECT_FALSE(alarmed("source_silent/detectors"));
  EXPECT_TRUE(picture_.movements[0].demand_known);
}

TEST_F(BrokenSources, ControllersGoneTakesThePassingButNotTheArrivalOfABus) {
  live(600, 1100);
  ASSERT_TRUE(the_bus().pass);
  live(1100, 1130, {.lamps = false});
  EXPECT_EQ(source(kSignals).quality, Quality::stale);
  EXPECT_TRUE(alarmed("source_silent/signals"));
  EXPECT_TRUE(the_bus().eta);
  EXPECT_FALSE(the_bus().pass);
  // Two cycles later the lamps are known again.
  live(1130, 1220);
  EXPECT_EQ(source(kSignals).quality, Quality::live);
  EXPECT_FALSE(alarmed("source_silent/signals"));
  EXPECT_TRUE(the_bus().pass);
}

TEST_F(BrokenSources, BusFeedSilent) {
  live(600, 1320);
  EXPECT_EQ(the_bus().quality, Quality::live);
  EXPECT_EQ(the_bus().trust, Trust::trusted);
  live(1320, 1350, {.buses = false});
  EXPECT_EQ(the_bus().quality, Quality::stale);
  EXPECT_EQ(the_bus().lateness->quality, Quality::stale);
  EXPECT_EQ(source(kAvl).quality, Quality::stale);
  EXPECT_TRUE(alarmed("source_silent/avl"));
  live(1350, 1400);
  EXPECT_EQ(the_bus().quality, Quality::live);
  EXPECT_FALSE(alarmed("source_silent/avl"));
}

TEST_F(BrokenSources, BusFeedFrozenWithNewTimes) {
  live(600, 1100);
  EXPECT_TRUE(may_ask(the_bus().trust));
  for (double s = 1101; s <= 1140; ++s) {
    tell(s, {.buses = false});
    apply(state_, bus(s, 200));
    picture_ = step(state_, {at(s), 1, 0});
  }
  EXPECT_EQ(the_bus().trust, Trust::frozen);
  live(1140, 1160);
  EXPECT_TRUE(may_ask(the_bus().trust));
}

TEST_F(BrokenSources, BusFeedFrozenWithItsOldTimesIsStaleAndNoNews) {
  live(600, 1100);
  for (double s = 1101; s <= 1120; ++s) {
    tell(s, {.buses = false});
    EXPECT_FALSE(apply(state_, bus(1100, 200)).has_value());
    picture_ = step(state_, {at(s), 1, 0});
  }
  EXPECT_EQ(the_bus().quality, Quality::stale);
  EXPECT_GE(state_.transit.counters.at("transit.repeated"), 20U);
}

TEST_F(BrokenSources, PositionsThatComeLateNeverLookLive) {
  live(600, 1100, {.buses = false});
  apply(state_, bus(1060, 120));
  picture_ = step(state_, {at(1101), 1, 0});
  EXPECT_EQ(the_bus().quality, Quality::stale);
}

TEST_F(BrokenSources, AGhostIsNeverTrustedAndTheRealBusOfItsTripStays) {
  for (double s = 901; s <= 1500; ++s) {
    auto ghost = fix(s, 300);
    ghost.vehicle = VehicleId{"ghost"};
    ghost.speed = MetresPerSecond{0};
    const auto seen = apply(state_, ghost);
    ASSERT_TRUE(seen.has_value());
    EXPECT_FALSE(may_ask(seen->trust)) << s;
    tell(s, {});
    picture_ = step(state_, {at(s), 1, 0});
  }
  ASSERT_EQ(picture_.buses.size(), 2U);
  EXPECT_EQ(picture_.buses[1].vehicle, VehicleId{"v"});
  EXPECT_EQ(picture_.buses[1].trust, Trust::trusted);
}

TEST_F(BrokenSources, ALoopThatSticksIsWeighedOutSaidSoAndTrustedAgainAfterAWhile) {
  live(600, 1500, {.buses = false});
  ASSERT_TRUE(picture_.detectors.empty());
  const double flow = picture_.links[0].flow->value;
  for (double s = 1501; s <= 1860; ++s) {
    tell(s, {.loops = false, .buses = false});
    apply(state_, DetectorBatch{JunctionId{"J"},
                                at(s - 1),
                                at(s),
                                {{DetectorId{"loop"}, 0, Ratio{1}, true, {}, false}}});
    picture_ = step(state_, {at(s), 1, 0});
  }
  ASSERT_EQ(picture_.detectors.size(), 1U);
  EXPECT_EQ(picture_.detectors[0].fault, "locked_on");
  EXPECT_TRUE(alarmed("detector_fault/loop"));
  EXPECT_FALSE(picture_.movements[0].demand_known);
  EXPECT_NE(picture_.links[0].flow->quality, Quality::live);
  EXPECT_GT(picture_.links[0].flow->value, 0.3 * flow) << "its zeros are no flow";
  // The source is well: one sick device is no silent feed.
  EXPECT_FALSE(alarmed("source_silent/detectors"));
  live(1860, 2520, {.buses = false});
  EXPECT_TRUE(picture_.detectors.empty());
  EXPECT_FALSE(alarmed("detector_fault/loop"));
  EXPECT_TRUE(picture_.movements[0].demand_known);
}

TEST_F(BrokenSources, NonsenseOfADetectorFeedIsCountedAndChangesNothing) {
  live(600, 900, {.buses = false});
  auto other = state_;
  const auto batch = [](double from, double to, const char* id, double occupancy) {
    return DetectorBatch{JunctionId{"J"},
                         at(from),
                         at(to),
                         {{DetectorId{id}, 5, Ratio{occupancy}, true, {}, false}}};
  };
  apply(other, batch(901, 900, "loop", 0.5));          // ends before it begins
  apply(other, batch(5000, 5001, "loop", 0.5));        // of the future
  apply(other, batch(900, 901, "no_such_loop", 0.5));  // of another city
  apply(other, batch(900, 901, "loop", std::nan("")));
  apply(other, batch(900, 901, "loop", 7));
  tell(901, {.buses = false});
  picture_ = step(state_, {at(901), 1, 0});
  std::swap(state_, other);
  tell(901, {.buses = false});
  const auto picture = step(state_, {at(901), 1, 0});
  EXPECT_EQ(picture.movements, picture_.movements);
  EXPECT_EQ(picture.links, picture_.links);
  const auto all = counters(state_);
  EXPECT_EQ(all.at("traffic.batch_bad_interval"), 1U);
  EXPECT_EQ(all.at("traffic.batch_future"), 1U);
  EXPECT_EQ(all.at("traffic.unknown_detector"), 1U);
  EXPECT_EQ(all.at("traffic.bad_occupancy"), 2U);
}

TEST_F(BrokenSources, CamerasGone) {
  live(0, 600);
  ASSERT_TRUE(picture_.parking[0].free_low);
  const double sd = picture_.parking[0].occupied->sd;
  live(600, 1600, {.cameras = false});
  EXPECT_EQ(picture_.parking[0].occupied->quality, Quality::stale);
  EXPECT_GT(picture_.parking[0].occupied->sd, sd);
  EXPECT_FALSE(picture_.parking[0].free_low);
  live(1600, 1680);
  EXPECT_EQ(picture_.parking[0].occupied->quality, Quality::live);
  EXPECT_TRUE(picture_.parking[0].free_low);
}

TEST_F(BrokenSources, AClockThatStepsForwardMakesEverythingStaleUntilItIsToldAnew) {
  live(600, 1100);
  picture_ = step(state_, {at(1200), 1, 0});
  EXPECT_EQ(the_bus().quality, Quality::stale);
  EXPECT_EQ(source(kDetectors).quality, Quality::stale);
  live(1200, 1330);
  EXPECT_EQ(the_bus().quality, Quality::live);
  EXPECT_EQ(source(kDetectors).quality, Quality::live);
  EXPECT_TRUE(picture_.movements[0].demand_known);
}

TEST_F(BrokenSources, AClockThatStepsBackBeginsANewEpochAndTheCityIsSeenAgain) {
  live(600, 1100);
  epoch_ = 1;
  picture_ = step(state_, {at(1010), 1, 1});
  EXPECT_TRUE(picture_.buses.empty());
  EXPECT_EQ(source(kSignals).quality, Quality::unknown);
  live(1010, 1180);
  EXPECT_EQ(the_bus().quality, Quality::live);
  EXPECT_TRUE(the_bus().pass);
  EXPECT_EQ(source(kSignals).quality, Quality::live);
  EXPECT_EQ(source(kDetectors).quality, Quality::live);
}

}  // namespace
}  // namespace dispecer::fusion::test
