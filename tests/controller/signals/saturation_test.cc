// Full links, queues beyond the approach, and the pace of a saturated junction.
#include <gtest/gtest.h>

#include "controller/signals/pace.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;

LinkState& state_of(CityPicture& picture, const std::string& link) {
  for (auto& l : picture.links) {
    if (l.link.str() == link) return l;
  }
  picture.links.push_back({});
  picture.links.back().link = LinkId(link);
  return picture.links.back();
}

// The west arm's exit is the approach of a second stop line of the same junction, which has green
// together with `group`.
struct TwoStopLines : Crossroads {
  explicit TwoStopLines(const std::string& group) {
    Movement m = network.movements[0];
    m.id = MovementId("second");
    m.from = LinkId("out_w");
    m.to = LinkId("out_n");
    m.group = SignalGroupId(group);
    network.movements.push_back(m);
    auto state = picture->movements[0];
    state.movement = m.id;
    picture->movements.push_back(state);
  }
};

TEST(FullLinks, AStageThatEmptiesTheFullLinkItselfMayLeadIntoIt) {
  for (const bool empties : {true, false}) {
    TwoStopLines road(empties ? "ew" : "ns");
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("w", 12);
    road.exit("w").spillback = true;
    const auto now = second(state, road, t);
    EXPECT_EQ(now.ordered(), empties ? 2u : 1u) << now.decision.reason.rule;
  }
}

TEST(FullLinks, WhereEveryStageLeadsIntoOneThoseMayGoThatMostlyLeadElsewhere) {
  Crossroads road;
  auto state = road.controller();
  const double t = settle(state, road);
  road.queue("n", 12);
  road.exit("n").spillback = true;
  road.queue("w", 9);
  road.queue("e", 3);
  road.exit("e").spillback = true;
  EXPECT_EQ(second(state, road, t).ordered(), 2u);
}

// A road without signals, "feed", leads into the north arm; a third of it turns off before.
struct Feeding : Crossroads {
  Feeding() {
    network.links.push_back(make_link("feed", "behind", "far_n"));
    network.links.push_back(make_link("away", "far_n", "elsewhere"));
    for (const char* to : {"in_n", "away"}) {
      Movement m;
      m.id = MovementId(std::string("feed_") + to);
      m.junction = JunctionId("far_n");
      m.from = LinkId("feed");
      m.to = LinkId(to);
      m.lanes = {0};
      network.movements.push_back(m);
      MovementState state = picture->movements[0];
      state.movement = m.id;
      picture->movements.push_back(state);
    }
    state_of(*picture, "in_n");
  }
};

TEST(Beyond, WhoStandsBehindAFullApproachCountsAsFarAsHeComesIntoIt) {
  Feeding road;
  const auto index = signals::make_index(road.network);
  const signals::SignalParameters p;
  const auto site = signals::make_site(index, road.signals, p);
  ASSERT_EQ(site.feeders.rows.size(), 1u);
  signals::PictureIndex rows;
  rows.update(*road.picture);
  const auto view_rows = signals::find_rows(site, rows);
  road.queue("n", 4);
  road.queue("feed_in_n", 6);
  road.queue("feed_away", 3);
  signals::JunctionView view;
  signals::look(site, view_rows, *road.now(0), at(0), p, view);
  EXPECT_DOUBLE_EQ(view.movements[0].queue, 4) << "the approach is not full: they still come to it";
  state_of(*road.picture, "in_n").spillback = true;
  signals::look(site, view_rows, *road.now(1), at(1), p, view);
  EXPECT_DOUBLE_EQ(view.movements[0].queue, 10);
  EXPECT_NEAR(view.movements[0].spill, 6 / p.spill_full_veh, 1e-12);
}

TEST(Beyond, LinksOutOfReachAndOnesWithSignalsAreNotFollowed) {
  Feeding road;
  signals::SignalParameters p;
  p.feeder_reach_m = 300;  // the length of the approach alone
  const auto index = signals::make_index(road.network);
  EXPECT_TRUE(signals::make_site(index, road.signals, p).feeders.rows.empty());
  p.feeder_reach_m = 301;
  EXPECT_EQ(signals::make_site(index, road.signals, p).feeders.rows.size(), 1u);
  for (auto& m : road.network.movements) {
    if (m.id.str() == "feed_in_n") m.group = SignalGroupId("other");
  }
  EXPECT_TRUE(signals::make_site(index, road.signals, p).feeders.rows.empty());
}

// A road "behind" leads into the east arm and, where `parts`, into another one.
void lead_into_east(Crossroads& road, bool parts) {
  road.network.links.push_back(make_link("behind", "town", "far_e"));
  road.network.links.push_back(make_link("away", "far_e", "elsewhere"));
  for (const char* to : {"in_e", "away"}) {
    if (!parts && to == std::string("away")) continue;
    Movement m;
    m.id = MovementId(std::string("behind_") + to);
    m.junction = JunctionId("far_e");
    m.from = LinkId("behind");
    m.to = LinkId(to);
    m.lanes = {0};
    road.network.movements.push_back(m);
    MovementState state = road.picture->movements[0];
    state.movement = m.id;
    road.picture->movements.push_back(state);
  }
}

TEST(Beyond, AQueueThatFillsItsLinkOutweighsALongerOneWhereItStopsOthers) {
  for (const bool parts : {true, false}) {
    Crossroads road;
    lead_into_east(road, parts);
    auto state = road.controller();
    const double t = settle(state, road);
    road.queue("n", 10);
    road.queue("e", 8);
    auto other = state;
    ASSERT_EQ(second(other, road, t).ordered(), 1u);
    state_of(*road.picture, "in_e").queue_length = Estimate{290, 10, 1, Quality::live, kLoops};
    EXPECT_EQ(second(state, road, t).ordered(), parts ? 2u : 1u);
  }
}

TEST(Beyond, WhoStandsInTheWayIsFoundBehindPlainLinksAndUTurnsDoNotCount) {
  Crossroads road;
  lead_into_east(road, false);
  const auto stands = [&](double reach_m) {
    return signals::in_the_way(signals::make_index(road.network), LinkId("in_e"), reach_m);
  };
  EXPECT_FALSE(stands(1000)) << "the network begins there";
  road.network.links.push_back(make_link("further", "town2", "town"));
  for (const char* to : {"behind", "back"}) {
    Movement m;
    m.id = MovementId(std::string("further_") + to);
    m.from = LinkId("further");
    m.to = LinkId(to);
    m.turn = to == std::string("back") ? Turn::u_turn : Turn::straight;
    road.network.movements.push_back(m);
  }
  EXPECT_FALSE(stands(1000));
  road.network.movements.back().turn = Turn::right;
  EXPECT_TRUE(stands(301));
  EXPECT_FALSE(stands(300)) << "out of reach";
}

// Queues fill the north and the east arm.
struct Saturated : Crossroads {
  Saturated() {
    queue("n", 40, 30);
    queue("e", 40, 30);
    fill("n", 300);
    fill("e", 300);
  }
  void fill(const std::string& arm, double metres) {
    state_of(*picture, "in_" + arm).queue_length = Estimate{metres, 10, 1, Quality::live, kLoops};
  }
};

TEST(Pace, ATurnThatHadToGiveWayIsCalledIntoTheStageThatFreesIt) {
  Crossroads road;
  road.network.crossings.clear();
  road.picture->crossings.clear();
  road.signals.groups[2].kind = GroupKind::vehicle;
  road.network.movements[0].group = SignalGroupId("foot");
  road.signals.stages[0].green = {0, 2};
  road.signals.stages[0].yielding = {2};
  std::swap(road.signals.plans[0].ring[1], road.signals.plans[0].ring[2]);
  const auto site = signals::make_site(signals::make_index(road.network), road.signals, {});
  ASSERT_EQ(site.ring, (std::vector<std::uint32_t>{0, 2, 1}));
  signals::Memory memory;
  memory.stage = 0;
  signals::JunctionView view;
  view.movements.resize(site.movements.size());
  const auto next = [&] {
    return signals::pace(site, view, memory, {0, 0, 0}, 30, signals::SignalParameters{}).next;
  };
  view.movements[2].queue = 5;  // the east arm
  EXPECT_EQ(next(), 1u) << "nobody turns: its stage is left out";
  view.movements[0].queue = 1;
  EXPECT_EQ(next(), 2u) << "it had green, but somebody came against it";
}

TEST(Pace, ASaturatedJunctionKeepsAboutTheGreensOfItsPlan) {
  for (const bool saturated : {true, false}) {
    Saturated road;
    road.queue("n", 2, 30);
    auto state = road.controller();
    state.junctions.at(JunctionId("j")).memory.saturated = saturated;
    double left = 0;
    for (double s = 0; s < 100 && left == 0; ++s) {
      if (second(state, road, s).ordered() == 2) left = s;
    }
    constexpr double kPlanned = 40 - 5;  // of the ring, without the way to the next stage
    if (saturated) {
      EXPECT_NEAR(left, 0.6 * kPlanned, 1);
    } else {
      EXPECT_LT(left, 0.3 * kPlanned);
    }
  }
}

TEST(Pace, AStageEndsAtTheMostOfItsPlanThoughItHasMoreToServe) {
  Saturated road;
  auto state = road.controller();
  road.queue("n", 60, 30);
  std::string rule;
  double changed = 0;
  for (double s = 0; s < 110 && changed == 0; ++s) {
    const auto now = second(state, road, s);
    if (now.ordered() == 2) {
      changed = s;
      rule = now.decision.reason.rule;
    }
  }
  EXPECT_LE(changed, 1.4 * 35 + 1);
  EXPECT_EQ(rule, "plan_pace");
}

TEST(Pace, SaturationIsJudgedSlowlyAndForgottenMoreSlowly) {
  signals::SignalParameters p;
  signals::Memory memory;
  for (int s = 0; s < p.saturated_after_s - 1; ++s) signals::judge_saturation(memory, true, 1, p);
  EXPECT_FALSE(memory.saturated);
  signals::judge_saturation(memory, false, 1, p);
  signals::judge_saturation(memory, true, 1, p);
  EXPECT_FALSE(memory.saturated) << "one second without begins the count anew";
  for (int s = 0; s < p.saturated_after_s; ++s) signals::judge_saturation(memory, true, 1, p);
  EXPECT_TRUE(memory.saturated);
  for (int s = 0; s < p.unsaturated_after_s - 1; ++s) {
    signals::judge_saturation(memory, false, 1, p);
  }
  EXPECT_TRUE(memory.saturated);
  signals::judge_saturation(memory, false, 1, p);
  EXPECT_FALSE(memory.saturated);
}

TEST(Pace, FullApproachesThatOneStageServesAreNotSaturation) {
  Saturated road;
  const signals::SignalParameters p;
  const auto index = signals::make_index(road.network);
  const auto site = signals::make_site(index, road.signals, p);
  signals::PictureIndex ids;
  const auto overfull = [&] {
    ids.update(*road.picture);
    signals::JunctionView view;
    signals::look(site, signals::find_rows(site, ids), *road.now(0), at(0), p, view);
    return signals::overfull(site, view, p);
  };
  EXPECT_TRUE(overfull());
  road.fill("e", 10);
  EXPECT_FALSE(overfull());
  road.fill("s", 300);
  EXPECT_FALSE(overfull()) << "north and south have green together";
}

}  // namespace
}  // namespace dispecer
