// What the look-ahead knows of lanes, platoons and people on foot, each shown against its absence.
#include <gtest/gtest.h>

#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;
using signals::Show;

// The north arm's only lane also leads to the left, which has green in stage 3 alone.
struct SharedLane : Crossroads {
  SharedLane() {
    network.crossings.clear();
    picture->crossings.clear();
    signals.groups[2].kind = GroupKind::vehicle;
    Movement left = network.movements[0];
    left.id = MovementId("n_left");
    left.to = LinkId("out_e");
    left.turn = Turn::left;
    left.group = SignalGroupId("foot");
    network.movements.push_back(left);
    MovementState state = picture->movements[0];
    state.movement = left.id;
    picture->movements.push_back(state);
  }
};

TEST(Bundles, MovementsOfALinkWithTheSameGreensAreOneAndOthersShareItsLane) {
  SharedLane road;
  const auto index = signals::make_index(road.network);
  const auto site = signals::make_site(index, road.signals, {});
  ASSERT_EQ(site.bundles.rows.size(), 5u) << "four arms, and the left turn of one of them";
  std::size_t shared = 0;
  for (const auto& lane : site.bundles.lanes) shared += lane.bundles.size() == 2 ? 1 : 0;
  EXPECT_EQ(site.bundles.lanes.size(), 4u);
  EXPECT_EQ(shared, 1u);
  for (const auto& b : site.bundles.rows) {
    EXPECT_EQ(std::count(b.shows.begin(), b.shows.end(), Show::free), 1);
  }
}

TEST(Bundles, ATurnGivesWayToWhatComesStraightFromAnotherArm) {
  Crossroads road;
  road.network.movements[0].turn = Turn::left;
  road.network.movements[1].turn = Turn::straight;
  road.network.movements[0].group = SignalGroupId("foot");
  road.network.crossings.clear();
  road.signals.groups[2].kind = GroupKind::vehicle;
  std::erase_if(road.signals.intergreens, [](const Intergreen& i) {
    return (i.losing == 0 && i.gaining == 2) || (i.losing == 2 && i.gaining == 0);
  });
  road.signals.stages[0].green = {0, 2};
  road.signals.stages[0].yielding = {2};
  const auto index = signals::make_index(road.network);
  const auto site = signals::make_site(index, road.signals, {});
  const std::size_t n = site.bundles.rows.size();
  std::uint64_t foes = 0;
  std::size_t straight = n;
  for (std::size_t b = 0; b < n; ++b) {
    if (site.bundles.rows[b].shows[0] == Show::yields) foes = site.bundles.foes[b];
    if (site.bundles.rows[b].movements == std::vector<std::uint32_t>{1}) straight = b;
  }
  ASSERT_LT(straight, n);
  EXPECT_EQ(foes, std::uint64_t{1} << straight);
}

TEST(LookAhead, AQueueBehindSomebodyWithRedIsNotServedForLong) {
  // Seven straight on in the north lane, and as many on the east arm.
  const auto ordered = [](bool closed) {
    SharedLane road;
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("n", 7);
    road.queue("e", 4);
    if (closed) {
      road.queue("n_left", 2);
      road.movement("n").blocked = true;
    }
    return second(state, road, t).ordered();
  };
  EXPECT_EQ(ordered(false), 1u) << "an open lane is served to its end";
  EXPECT_NE(ordered(true), 1u) << "nobody leaves a lane whose first vehicle has red";
}

TEST(LookAhead, HalfAQueueGoesWhereTheFirstInOneOfItsTwoLanesIsHeld) {
  const auto ends = [](bool held) {
    SharedLane road;
    road.network.links[0].lanes = 2;
    road.network.links[0].saturation_flow = {3600};
    road.network.movements[0].lanes = {0, 1};
    road.network.movements.back().lanes = {1};
    road.signals.intergreens.clear();
    road.signals.stages[0].green = {0, 2};
    road.signals.stages[0].yielding = {2};
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("n", 14);
    road.queue("n_left", 1);
    road.queue("e", 2);
    road.movement("n_left").blocked = held;
    const auto now = second(state, road, t);
    EXPECT_EQ(now.ordered(), 1u);
    for (const auto& input : now.decision.reason.inputs) {
      if (input.name == "green_ends_s") return std::stod(input.value);
    }
    return -1.0;
  };
  EXPECT_GT(ends(true), ends(false) + 3);
}

TEST(LookAhead, APlatoonThatComesInTimeIsLetThroughBeforeTheOtherSide) {
  const auto ordered = [](double per_bin) {
    Crossroads road;
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("e", 2);
    road.movement("n").arrivals = {per_bin, per_bin, per_bin, 0, 0, 0};
    return second(state, road, t).ordered();
  };
  EXPECT_EQ(ordered(0), 2u);
  EXPECT_EQ(ordered(2.5), 1u) << "stopping it would cost more than two who wait a little longer";
}

TEST(LookAhead, TheEndOfGreenIsForeseenLaterWithALongerQueue) {
  const auto ends = [](double vehicles) {
    Crossroads road;
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("n", vehicles);
    road.queue("e", 4);
    for (const auto& input : second(state, road, t).decision.reason.inputs) {
      if (input.name == "green_ends_s") return std::stod(input.value);
    }
    return -1.0;
  };
  EXPECT_GT(ends(14), ends(8));
  EXPECT_GT(ends(8), 5);
}

TEST(LookAhead, WhoeverWaitsLongerWeighsMore) {
  const auto changes = [](double waiting) {
    Crossroads road;
    auto state = road.controller();
    const double t = settle(state, road);
    road.arrivals("n", 1.6);
    road.arrivals("s", 1.6);
    road.queue("e", 3, waiting);
    int seconds = 0;
    while (seconds < 60 && second(state, road, t + seconds).ordered() == 1) ++seconds;
    return seconds;
  };
  EXPECT_LE(changes(90), changes(1));
}

TEST(LookAhead, AJunctionWithMoreBundlesThanItCountsStillDecides) {
  Crossroads road;
  for (int i = 0; i < 60; ++i) {
    road.network.links.push_back(make_link("in_x" + std::to_string(i), "far", "j"));
    Movement m = road.network.movements[2];
    m.id = MovementId("x" + std::to_string(i));
    m.from = LinkId("in_x" + std::to_string(i));
    road.network.movements.push_back(m);
    MovementState state = road.picture->movements[2];
    state.movement = m.id;
    state.queue.value = 3;
    state.waiting = {10};
    road.picture->movements.push_back(state);
  }
  auto state = road.controller();
  const double t = settle(state, road);
  EXPECT_EQ(second(state, road, t).ordered(), 2u);
}

}  // namespace
}  // namespace dispecer
