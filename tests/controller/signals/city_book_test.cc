// The city's book at the signals: what an entry takes while it runs, and that nothing of it stays.
#include "controller/signals/city_book.h"

#include <gtest/gtest.h>

#include <cmath>

#include "fusion/model/holidays.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer::test {
namespace {

BookEntry entry(BookKind kind, double from, double to, std::vector<LinkId> links = {}) {
  BookEntry e;
  e.id = BookEntryId("e");
  e.kind = kind;
  e.owner = "owner";
  e.begin = at(from);
  e.end = at(to);
  e.links = std::move(links);
  return e;
}

controller::ControllerState with(const Crossroads& road, std::vector<BookEntry> entries) {
  controller::ControllerParameters parameters;
  parameters.book.entries = std::move(entries);
  return road.controller(parameters);
}

const signals::Site& site(const controller::ControllerState& state) {
  return state.junctions.at(JunctionId("j")).site;
}

// Saturation flow of the one lane of an arm, veh/s.
double lane_flow(const controller::ControllerState& state, const std::string& arm) {
  const auto& s = site(state);
  for (const auto& lane : s.bundles.lanes) {
    const auto& row = s.bundles.rows[lane.bundles.front()];
    if (!row.movements.empty() && s.movements[row.movements.front()].id.str() == arm) {
      EXPECT_EQ(lane.flow, row.lane_flow);
      return lane.flow;
    }
  }
  return std::nan("");
}

TEST(CityBook, LanesLostTakeTheirShareOfFlowAndRoomWhileTheEntryRuns) {
  Crossroads road;
  for (auto& l : road.network.links) l.lanes = 2;
  auto works = entry(BookKind::works, 10, 20, {LinkId("in_n"), LinkId("out_e")});
  works.lanes_lost = 1;
  auto state = with(road, {works});
  second(state, road, 9);
  EXPECT_EQ(lane_flow(state, "n"), 0.25);
  second(state, road, 10);
  EXPECT_EQ(lane_flow(state, "n"), 0.125);
  EXPECT_EQ(lane_flow(state, "s"), 0.25);
  EXPECT_EQ(site(state).movements[2].ahead.room, 0.5);
  second(state, road, 20);
  EXPECT_EQ(lane_flow(state, "n"), 0.25);
  EXPECT_FALSE(site(state).limited);
  EXPECT_EQ(state.counters.at("controller.book_changes"), 3U);  // first look, begin, end
}

TEST(CityBook, AHalvedExitIsFullWithHalfTheVehicles) {
  Crossroads road;
  for (auto& l : road.network.links) l.lanes = 2;
  road.exit("e").storage.value = 0.4;
  auto works = entry(BookKind::works, 10, 100, {LinkId("out_e")});
  works.lanes_lost = 1;
  auto state = with(road, {works});
  const auto& view = state.junctions.at(JunctionId("j")).view;
  second(state, road, 9);
  EXPECT_EQ(view.movements[2].storage, 0.4);
  second(state, road, 10);
  EXPECT_EQ(view.movements[2].storage, 0.8);
}

TEST(CityBook, IceSlowsEveryLaneAndATemporarySignalItsOwn) {
  Crossroads road;
  auto ice = entry(BookKind::weather, 0, 100);
  ice.flow_share = 0.8;
  auto alternate = entry(BookKind::works, 0, 100, {LinkId("in_n")});
  alternate.flow_share = 0.5;
  auto state = with(road, {ice, alternate});
  second(state, road, 1);
  EXPECT_EQ(lane_flow(state, "s"), 0.5 * 0.8);
  EXPECT_EQ(lane_flow(state, "n"), 0.5 * 0.8 * 0.5);
}

TEST(CityBook, SeveralWorksOnALinkLeaveOneLane) {
  Crossroads road;
  for (auto& l : road.network.links) l.lanes = 3;
  auto works = entry(BookKind::works, 0, 100, {LinkId("in_n")});
  works.lanes_lost = 2;
  auto state = with(road, {works, works});
  second(state, road, 1);
  EXPECT_DOUBLE_EQ(lane_flow(state, "n"), 0.5 / 9);  // a third of each of three lanes
}

TEST(CityBook, NoGreenIsGivenForAQueueThatTheEstimateSeesOnAClosedLink) {
  for (const bool closed : {false, true}) {
    Crossroads road;
    auto closure = entry(BookKind::closure, 0, 1000, {LinkId("in_e"), LinkId("in_w")});
    auto state = with(road, closed ? std::vector{closure} : std::vector<BookEntry>{});
    double s = settle(state, road);
    road.queue("e", 8, 0);
    road.arrivals("e", 2);
    std::uint32_t ordered = 0;
    for (int i = 0; i < 15; ++i) ordered = std::max(ordered, second(state, road, s++).ordered());
    EXPECT_EQ(ordered, closed ? 1U : 2U);
  }
}

TEST(CityBook, ACallAtAClosedLinkIsServedBeforeItsMaximumRed) {
  Crossroads road;
  auto state = with(road, {entry(BookKind::closure, 0, 1000, {LinkId("in_e"), LinkId("in_w")})});
  double s = settle(state, road);
  road.queue("n", 30, 1);
  double served = 0;
  for (; s < 125 && served == 0; ++s) {
    road.queue("e", 1, s);  // a resident stands on the loop
    if (second(state, road, s).ordered() == 2) served = s;
  }
  EXPECT_GT(served, 60) << "nobody is expected there: it is not the cost that decides";
  EXPECT_LT(served, 120);
}

TEST(CityBook, AClosedLinkThatNobodySeesIsServedByItsMaximumRedAndNotEachCycle) {
  const auto first_east = [](bool closed) {
    Crossroads road;
    for (const auto* arm : {"e", "w"}) {
      road.movement(arm).demand_known = false;
      road.movement(arm).queue.quality = Quality::unknown;
    }
    auto closure = entry(BookKind::closure, 0, 1000, {LinkId("in_e"), LinkId("in_w")});
    auto state = with(road, closed ? std::vector{closure} : std::vector<BookEntry>{});
    road.queue("n", 30, 1);
    for (double s = 0; s < 130; ++s) {
      if (second(state, road, s).ordered() == 2) return s;
    }
    return 1e9;
  };
  EXPECT_LT(first_east(false), 90);
  EXPECT_GT(first_east(true), 90);
  EXPECT_LT(first_east(true), 120);
}

TEST(CityBook, TrafficForAClosedExitIsExpectedWhereElseItsLinkLeads) {
  Crossroads road;
  // From the north also to the east and to the south twice over.
  for (const auto* id : {"n_east", "n_west"}) {
    auto m = road.network.movements[0];
    m.id = MovementId(id);
    m.to = LinkId(std::string(id) == "n_east" ? "out_e" : "out_w");
    road.network.movements.push_back(m);
    auto seen = road.picture->movements[0];
    seen.movement = m.id;
    road.picture->movements.push_back(seen);
  }
  auto state = with(road, {entry(BookKind::closure, 10, 20, {LinkId("out_e")})});
  road.queue("n", 3, 5);
  road.queue("n_east", 4, 7);
  road.queue("n_west", 1, 5);
  road.arrivals("n_east", 1);
  const auto& movements = state.junctions.at(JunctionId("j")).view.movements;
  second(state, road, 9);
  EXPECT_EQ(movements[4].queue, 4);
  second(state, road, 10);
  EXPECT_EQ(movements[4].queue, 0);
  EXPECT_EQ(movements[4].come[signals::kBins], 0);
  EXPECT_NEAR(movements[0].queue + movements[5].queue, 8, 1e-9);
  EXPECT_NEAR(movements[0].queue, 3 + 4 * 3.1 / 4.2, 1e-9);
  EXPECT_NEAR(movements[0].come[signals::kBins] + movements[5].come[signals::kBins], 12, 1e-9);
  EXPECT_EQ(movements[0].waiting, 7);
  second(state, road, 20);
  EXPECT_EQ(movements[4].queue, 4);
}

TEST(CityBook, ALinkWhoseOnlyExitIsClosedHasNoDemand) {
  Crossroads road;
  auto state = with(road, {entry(BookKind::closure, 0, 1000, {LinkId("out_e")})});
  road.queue("e", 5, 3);
  second(state, road, 1);
  const auto& m = state.junctions.at(JunctionId("j")).view.movements[2];
  EXPECT_EQ(m.queue, 0);
  EXPECT_EQ(m.waiting, 3) << "the call stands";
}

// --- plan numbers and night operation ---

BookEntry word(double from, double to, std::uint32_t plan) {
  auto e = entry(BookKind::night, from, to);
  e.junctions = {JunctionId("j")};
  e.plan = plan;
  e.local = plan == 0;
  return e;
}

TEST(BookWord, AJunctionIsReleasedForItsNightAndTakenBackAtItsEnd) {
  Crossroads road;
  auto state = with(road, {word(10, 30, 0)});
  for (double s = 0; s < 10; ++s) EXPECT_EQ(second(state, road, s).ordered(), 1U) << s;
  auto first = second(state, road, 10);
  EXPECT_TRUE(first.released());
  EXPECT_EQ(first.decision.reason.rule, "book_local");
  ASSERT_EQ(first.decision.reason.inputs.size(), 1U);
  EXPECT_EQ(first.decision.reason.inputs[0].value, "e");
  for (double s = 11; s < 30; ++s) EXPECT_FALSE(second(state, road, s).proposal) << s;
  EXPECT_EQ(second(state, road, 30).ordered(), 1U);
}

TEST(BookWord, APlanIsAskedForOnceTheJunctionIsReleasedAndEndsWithTheEntry) {
  Crossroads road;
  auto plan = road.signals.plans[0];
  plan.number = 2;
  road.signals.plans.push_back(plan);
  auto state = with(road, {word(10, 400, 2)});
  for (double s = 0; s < 10; ++s) second(state, road, s);
  EXPECT_TRUE(second(state, road, 10).released());
  std::optional<Proposal> asked;
  double s = 11;
  for (; s < 300 && !asked; ++s) asked = second(state, road, s).proposal;
  ASSERT_TRUE(asked);
  const auto* order = std::get_if<PlanOrder>(&asked->write);
  ASSERT_NE(order, nullptr);
  EXPECT_EQ(order->plan, 2U);
  EXPECT_EQ(asked->until, at(400)) << "not the usual quarter of an hour";
  EXPECT_EQ(asked->reason.rule, "book_plan");
  EXPECT_FALSE(asked->operator_confirmed);
  road.seen().plan = 2;
  for (; s < 400; ++s) EXPECT_FALSE(second(state, road, s).proposal) << s;
  // At its end the plan is taken back at once, then the stages are ours again.
  const auto back = second(state, road, 400);
  ASSERT_TRUE(back.proposal);
  order = std::get_if<PlanOrder>(&back.proposal->write);
  ASSERT_NE(order, nullptr);
  EXPECT_EQ(order->plan, 0U);
  EXPECT_EQ(back.decision.reason.rule, "book_ended");
  EXPECT_EQ(second(state, road, 401).ordered(), 1U);
}

TEST(BookWord, WithThePlanLeverItEndsToo) {
  Crossroads road;
  auto plan = road.signals.plans[0];
  plan.number = 2;
  road.signals.plans.push_back(plan);
  road.signals.lever = Lever::plan;
  auto state = with(road, {word(10, 400, 2)});
  std::vector<std::uint32_t> plans;
  for (double s = 0; s < 420; ++s) {
    const auto out = second(state, road, s);
    if (!out.proposal) continue;
    const auto* order = std::get_if<PlanOrder>(&out.proposal->write);
    ASSERT_NE(order, nullptr);
    plans.push_back(order->plan);
    road.seen().plan = order->plan == 0 ? 1 : order->plan;
  }
  EXPECT_EQ(plans, (std::vector<std::uint32_t>{2, 0}));
}

TEST(BookWord, AnOperatorStandsBeforeTheBook) {
  Crossroads road;
  auto state = with(road, {word(0, 1000, 0)});
  const double s = settle(state, road);
  Intent hold;
  hold.id = IntentId("i");
  hold.actor = {PersonId("ana"), Role::op, WorkplaceId("1")};
  hold.expires = at(s + 60);
  hold.action = HoldStage{JunctionId("j"), 2, at(s + 30)};
  ASSERT_EQ(controller::apply(state, hold, at(s))->outcome, IntentOutcome::done);
  EXPECT_EQ(second(state, road, s).ordered(), 2U);
  for (double t = s + 1; t < s + 30; ++t) second(state, road, t);
  EXPECT_TRUE(second(state, road, s + 30).released());
}

TEST(BookWord, AJunctionThatIsOnlySupervisedIsNotGivenAPlan) {
  Crossroads road;
  auto plan = road.signals.plans[0];
  plan.number = 2;
  road.signals.plans.push_back(plan);
  road.signals.commissioning = Commissioning::supervised;
  auto state = with(road, {word(0, 1000, 2)});
  for (double s = 0; s < 300; ++s) EXPECT_FALSE(second(state, road, s).proposal) << s;
}

// --- schools and kind of day ---

// Seconds of green beyond the minimum at the crossing (18 m long), at a second of the day.
double longer(controller::ControllerState& state, Crossroads& road, double s) {
  second(state, road, s);
  return site(state).longer_walk[2];
}

BookEntry school(std::vector<LinkId> links) {
  // kStart is a Tuesday, 22:13:20 UTC.
  auto e = entry(BookKind::school, -86400, 7 * 86400, std::move(links));
  e.from_minute = 7 * 60 + 30;
  e.to_minute = 8 * 60 + 30;
  return e;
}

constexpr double kHalfPastSeven = 9 * 3600 + 16 * 60 + 40;  // s from kStart, Wednesday, UTC

TEST(SchoolHours, DoNotEndTheSlowWalkAtCrossingsThatTheCityMarks) {
  Crossroads road;
  road.network.crossings[0].length = {18};
  road.network.crossings[0].slow_walk = true;
  for (const auto& links : {std::vector<LinkId>{}, std::vector{LinkId("in_n")}}) {
    auto state = with(road, {school(links)});
    for (const double s : {kHalfPastSeven - 1, kHalfPastSeven, kHalfPastSeven + 3600}) {
      EXPECT_NEAR(longer(state, road, s), 3, 1e-9) << s;
    }
  }
}

TEST(SchoolHours, AtOtherCrossingsOnlyOnTheLinksThatAreNamed) {
  Crossroads road;
  road.network.crossings[0].length = {18};
  auto everywhere = with(road, {school({})});
  EXPECT_EQ(longer(everywhere, road, kHalfPastSeven), 0);
  auto here = with(road, {school({LinkId("in_n")})});
  EXPECT_NEAR(longer(here, road, kHalfPastSeven), 3, 1e-9);
  auto elsewhere = with(road, {school({LinkId("far")})});
  EXPECT_EQ(longer(elsewhere, road, kHalfPastSeven), 0);
}

TEST(SchoolHours, AreLocalAndNotOnHolidays) {
  Crossroads road;
  road.network.crossings[0].length = {18};
  auto state = with(road, {school({LinkId("in_n")})});
  const access::LocalTime romania{{{UtcTime{0}, Seconds{7200}}}};
  controller::set_local_time(state, romania, {});
  EXPECT_NEAR(longer(state, road, kHalfPastSeven - 7200), 3, 1e-9);
  EXPECT_EQ(longer(state, road, kHalfPastSeven), 0);
  controller::set_local_time(state, romania, {day_number(2023, 11, 15)});
  EXPECT_EQ(longer(state, road, kHalfPastSeven - 7200), 0);
  controller::set_local_time(state, romania, {day_number(2023, 11, 14)});
  EXPECT_NEAR(longer(state, road, kHalfPastSeven - 7200), 3, 1e-9);
}

TEST(CityBookHolidays, AHolidayOfTheBookIsOneOnEveryLocalDayThatItTouches) {
  Crossroads road;
  auto fair = entry(BookKind::holiday, 0, 86400);  // Tuesday 22:13 to Wednesday 22:13, UTC
  auto state = with(road, {fair});
  const auto tuesday = day_number(2023, 11, 14);
  EXPECT_EQ(state.holidays, (std::vector<std::int64_t>{tuesday, tuesday + 1}));
  controller::set_local_time(state, {{{UtcTime{0}, Seconds{7200}}}}, {tuesday + 1, tuesday + 9});
  EXPECT_EQ(state.holidays, (std::vector<std::int64_t>{tuesday + 1, tuesday + 2, tuesday + 9}));
}

}  // namespace
}  // namespace dispecer::test
