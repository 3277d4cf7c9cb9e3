// Messages in, outputs out: order, epochs, silence, restart.
#include "controller/app/deciding.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "controller/app/kept.h"
#include "controller/app/time_zone.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;
using controller::Deciding;

const Proposal& only(const controller::Outputs& out) {
  EXPECT_EQ(out.proposals.size(), 1u);
  return out.proposals.at(0);
}

Intent intent(IntentAction action, double until) {
  Intent i;
  i.id = IntentId("i");
  i.expires = at(until);
  i.actor = {PersonId("ana"), Role::op, WorkplaceId("desk")};
  i.action = std::move(action);
  return i;
}

TEST(Deciding, APictureIsDecidedWhenItComesAndTheClockAloneDecidesNothing) {
  Crossroads road;
  Deciding deciding(road.controller());
  deciding.on_clock({at(0), 1, 0});
  EXPECT_TRUE(std::holds_alternative<StageOrder>(only(deciding.on_picture(*road.now(0))).write));
  const auto tick = deciding.on_clock({at(1), 1, 0});
  EXPECT_TRUE(tick.decisions.empty());
  EXPECT_TRUE(tick.proposals.empty());
}

TEST(Deciding, WithoutPicturesTheClockReleasesAfterFiveSeconds) {
  Crossroads road;
  Deciding deciding(road.controller());
  deciding.on_clock({at(0), 1, 0});
  deciding.on_picture(*road.now(0));
  int released_at = 0;
  for (int s = 1; s < 20; ++s) {
    const auto out = deciding.on_clock({at(s), 1, 0});
    if (out.proposals.empty()) continue;
    EXPECT_TRUE(std::holds_alternative<ReleaseOrder>(only(out).write));
    EXPECT_EQ(released_at, 0) << "released twice";
    released_at = s;
  }
  EXPECT_EQ(released_at, 6);
}

TEST(Deciding, APictureOfAnotherEpochIsCountedAndLeftOut) {
  Crossroads road;
  Deciding deciding(road.controller());
  deciding.on_clock({at(0), 1, 2});
  EXPECT_TRUE(deciding.on_picture(*road.now(0)).decisions.empty());
  EXPECT_EQ(deciding.state().counters.at("controller.picture_other_epoch"), 1u);
}

TEST(Deciding, AfterAStepBackOfTheClockPicturesOfTheNewEpochAreDecided) {
  Crossroads road;
  Deciding deciding(road.controller());
  deciding.on_clock({at(1000), 1, 0});
  deciding.on_picture(*road.now(1000));
  deciding.on_clock({at(10), 1, 1});
  road.picture->epoch = 1;
  const auto out = deciding.on_picture(*road.now(10));
  EXPECT_EQ(only(out).epoch, 1u);
  EXPECT_EQ(only(out).decided, at(10));
}

TEST(Deciding, TheReceiptOfThePositionTravelsToTheProposalThatItCaused) {
  Crossroads road;
  Deciding deciding(road.controller());
  for (int s = 0; s <= 12; ++s) {
    deciding.on_clock({at(s), 1, 0});
    road.queue("n", 1);
    deciding.on_picture(*road.now(s));
  }
  VehiclePosition avl;
  avl.vehicle = VehicleId("b");
  avl.t = at(12.2);
  const UtcTime wall{42};
  deciding.on_avl(avl, wall);
  BusState bus;
  bus.vehicle = avl.vehicle;
  bus.trip = TripId("t");
  bus.fix = avl.t;
  bus.phase = BusPhase::running;
  bus.lateness = Estimate{600, 5, 0, Quality::live, kBuses};
  bus.next_movement = MovementId("e");
  bus.to_stop_line = {40};
  bus.eta_low = Seconds{2};
  bus.eta = Seconds{4};
  bus.eta_high = Seconds{6};
  bus.quality = Quality::live;
  const auto out = deciding.on_bus(bus, at(12.3));
  EXPECT_EQ(only(out).cause_received, wall);
  EXPECT_EQ(only(out).decided, at(12.3));
}

TEST(Deciding, AStopOfTheProcessReleasesWhatIsOurs) {
  Crossroads road;
  Deciding deciding(road.controller());
  deciding.on_clock({at(0), 1, 0});
  deciding.on_picture(*road.now(0));
  EXPECT_TRUE(std::holds_alternative<ReleaseOrder>(only(deciding.on_stop()).write));
  EXPECT_TRUE(deciding.on_stop().proposals.empty());
}

TEST(Deciding, ARefusedChangeIsDecidedAnewInsteadOfWaitedFor) {
  Crossroads road;
  auto state = road.controller();
  double t = settle(state, road);
  road.queue("e", 8);
  ASSERT_EQ(second(state, road, t++).ordered(), 2u);
  controller::apply(state, OrderReport{ProposalId("p"), JunctionId("j"), at(t), OrderState::refused,
                                       "min_green", ""});
  road.queue("e", 0);
  road.queue("n", 9);
  EXPECT_EQ(second(state, road, t).ordered(), 1u);
  EXPECT_EQ(state.counters.at("controller.refused_min_green"), 1u);
}

TEST(Deciding, ARefusalBetweenStagesDoesNotGiveUpTheChangeThatIsUnderWay) {
  Crossroads road;
  auto state = road.controller();
  double t = settle(state, road);
  road.queue("e", 8);
  ASSERT_EQ(second(state, road, t++).ordered(), 2u);
  road.show(0);
  EXPECT_EQ(second(state, road, t++).ordered(), 2u);
  controller::apply(state, OrderReport{ProposalId("p"), JunctionId("j"), at(t), OrderState::refused,
                                       "stale_observation", ""});
  const auto next = second(state, road, t);
  EXPECT_EQ(next.ordered(), 2u);
  EXPECT_EQ(next.decision.reason.rule, "changing");
}

TEST(Deciding, OverridesSurviveARestart) {
  Crossroads road;
  Deciding before(road.controller());
  before.on_clock({at(0), 1, 0});
  ASSERT_EQ(before.on_intent(intent(HoldStage{JunctionId("j"), 1, at(300)}, 10))->outcome,
            IntentOutcome::done);
  const auto kept = controller::snapshot(before.state());
  ASSERT_EQ(kept.junctions.size(), 1u);

  auto state = road.controller();
  controller::restore(state, kept);
  Deciding after(std::move(state));
  after.on_clock({at(20), 1, 0});
  road.queue("e", 20);
  const auto out = after.on_picture(*road.now(20));
  EXPECT_EQ(out.decisions.at(0).reason.rule, "operator_hold");
  EXPECT_EQ(only(out).actor.person.str(), "ana");
}

TEST(Deciding, WhatTheCityNoLongerHasIsNotRestored) {
  Crossroads road;
  auto state = road.controller();
  controller::Snapshot kept;
  kept.junctions.push_back(
      {JunctionId("gone"), Commissioning::live, 1, 0, at(100), Actor{}, false});
  kept.junctions.push_back({JunctionId("j"), Commissioning::live, 2, 9, at(100), Actor{}, false});
  controller::restore(state, kept);
  EXPECT_FALSE(state.junctions.at(JunctionId("j")).memory.override_);
}

TEST(Kept, AFileIsReplacedAsAWholeAndReadableByItsOwnerOnly) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("kept_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto file = (folder / "a.kept").string();
  EXPECT_FALSE(controller::read_kept(file));
  ASSERT_TRUE(controller::write_kept(file, "one"));
  ASSERT_TRUE(controller::write_kept(file, std::string("two\0x", 5)));
  EXPECT_EQ(controller::read_kept(file), std::string("two\0x", 5));
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(controller::write_kept((folder / "no" / "a").string(), "x").error().cause,
            "kept_write");
  std::filesystem::remove_all(folder);
}

TEST(TimeZone, TheOffsetsOfRomaniaChangeInMarchAndOctober) {
  const auto from = *parse_iso("2026-01-10T00:00:00Z");
  const auto to = *parse_iso("2026-12-10T00:00:00Z");
  const auto local = controller::local_time("Europe/Bucharest", from, to);
  ASSERT_TRUE(local);
  ASSERT_EQ(local->changes.size(), 3u);
  EXPECT_EQ(local->changes[0].offset.value, 7200);
  EXPECT_EQ(to_iso(local->changes[1].from), "2026-03-29T01:00:00.000Z");
  EXPECT_EQ(local->changes[1].offset.value, 10800);
  EXPECT_EQ(to_iso(local->changes[2].from), "2026-10-25T01:00:00.000Z");
  EXPECT_EQ(local->changes[2].offset.value, 7200);
}

TEST(TimeZone, AnUnknownZoneIsRefusedByName) {
  for (const char* zone : {"", "Europe/Nowhere", "../../etc/passwd"}) {
    EXPECT_EQ(controller::local_time(zone, UtcTime{0}, UtcTime{1}).error().cause,
              "unknown_timezone");
  }
}

}  // namespace
}  // namespace dispecer
