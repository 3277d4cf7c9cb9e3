// A clean stop takes everything back; local time and holidays of the city's zone.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "controller/app/deciding.h"
#include "controller/app/shadow_file.h"
#include "controller/app/time_zone.h"
#include "fusion/model/holidays.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer {
namespace {

using namespace test;

template <class T>
std::vector<T> of(const controller::Outputs& out) {
  std::vector<T> all;
  for (const auto& p : out.proposals) {
    if (const auto* write = std::get_if<T>(&p.write)) all.push_back(*write);
  }
  return all;
}

TEST(CleanStop, OffsetsPlansAndBandsAreTakenBackInAnOrderThatAControllerCanFollow) {
  Crossroads road;
  road.signals.lever = Lever::bands;
  auto second_plan = road.signals.plans[0];
  second_plan.number = 2;
  road.signals.plans.push_back(second_plan);
  auto state = road.controller();
  second(state, road, 1);
  auto& plans = state.junctions.at(JunctionId("j")).memory.plans;
  plans.ours = true;
  plans.plan_sent = 2;
  plans.offset[2] = 17;
  plans.bands_plan = 2;
  plans.bands = {4, 0};
  const auto out = controller::release_all(state, at(2), 0);
  ASSERT_EQ(out.proposals.size(), 3U);
  EXPECT_EQ(out.decisions.size(), 3U);
  ASSERT_EQ(of<OffsetOrder>(out).size(), 1U);
  EXPECT_EQ(of<OffsetOrder>(out)[0].offset.value, 0) << "as the file has it";
  ASSERT_EQ(of<PlanOrder>(out).size(), 1U);
  EXPECT_EQ(of<PlanOrder>(out)[0].plan, 0U);
  const auto bands = of<BandsOrder>(out);
  ASSERT_EQ(bands.size(), 1U);
  EXPECT_EQ(bands[0].bands.size(), 2U);
  for (const auto& band : bands[0].bands) EXPECT_EQ(band.extension.value, 0);
  EXPECT_TRUE(std::holds_alternative<BandsOrder>(out.proposals.back().write))
      << "a plan that bands have shaped is left first";
  std::set<ProposalId> ids;
  for (const auto& p : out.proposals) {
    EXPECT_EQ(p.reason.rule, "centre_stops");
    ids.insert(p.id);
  }
  EXPECT_EQ(ids.size(), 3U);
  EXPECT_TRUE(controller::release_all(state, at(3), 0).proposals.empty());
}

TEST(CleanStop, AJunctionThatRunsOnItsOwnIsToldNothing) {
  Crossroads road;
  road.signals.lever = Lever::plan;
  auto state = road.controller();
  second(state, road, 1);
  EXPECT_TRUE(controller::release_all(state, at(2), 0).proposals.empty());
}

TEST(ZoneKeeper, TellsTheOffsetsAndHolidaysOnceAndAgainBeforeTheyRunOut) {
  controller::ZoneKeeper keeper("Europe/Bucharest");
  const UtcTime day = parse_iso("2026-04-10T12:00:00Z").value();
  const auto first = keeper.follow(day);
  ASSERT_TRUE(first && *first);
  EXPECT_EQ(access::local_moment((*first)->local, day).minute, 15U * 60);
  const auto& days = (*first)->holidays;
  EXPECT_TRUE(std::binary_search(days.begin(), days.end(), day_number(2026, 4, 10)));
  EXPECT_FALSE(std::binary_search(days.begin(), days.end(), day_number(2026, 4, 11)));
  EXPECT_FALSE(keeper.follow(day + std::chrono::hours(24 * 99)));
  EXPECT_TRUE(keeper.follow(day + std::chrono::hours(24 * 101)));
  EXPECT_TRUE(keeper.follow(day)) << "the clock may go back";
}

TEST(ZoneKeeper, AnUnknownZoneIsAnErrorAndNotUtc) {
  controller::ZoneKeeper keeper("Europe/Nowhere");
  const auto news = keeper.follow(at(0));
  ASSERT_TRUE(news);
  ASSERT_FALSE(*news);
  EXPECT_EQ(news->error().cause, "unknown_timezone");
}

TEST(Candidate, AFileNamesWhatDiffersAndItsFaultsAreNamed) {
  const auto file = (std::filesystem::temp_directory_path() /
                     ("dispecer_candidate_" + std::to_string(::getpid()) + ".toml"))
                        .string();
  const auto read = [&](const char* text) {
    std::ofstream(file) << text;
    return controller::read_candidate(file);
  };
  const auto good = read("switch_cost = 12\nmax_red_s = 90.5\n");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->name, std::filesystem::path(file).stem().string());
  EXPECT_EQ(good->policy, signals::ShadowPolicy::look_ahead);
  EXPECT_EQ(good->parameters.switch_cost, 12);
  EXPECT_EQ(good->parameters.max_red_s, 90.5);
  EXPECT_EQ(good->parameters.stop_s, signals::SignalParameters{}.stop_s);
  const auto plan = read("policy = \"plan\"\nmax_red_s = 90\n");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->policy, signals::ShadowPolicy::plan);
  EXPECT_EQ(plan->parameters.max_red_s, 90);
  EXPECT_EQ(read("policy = \"magic\"\n").error().cause, "bad_value");
  EXPECT_EQ(read("policy = 3\n").error().cause, "bad_value");
  EXPECT_EQ(read("swich_cost = 12\n").error().cause, "unknown_key");
  EXPECT_EQ(read("switch_cost = -1\n").error().cause, "out_of_range");
  EXPECT_EQ(controller::read_candidate(file + ".missing").error().cause, "no_file");
  std::filesystem::remove(file);
}

TEST(Candidate, TheTableSaysWhereTheTwoDifferMost) {
  signals::Shadow shadow;
  shadow.score = {7200, 72, 36, 20, 10, 40, 60, 1, 0};
  shadow.junctions[JunctionId("calm")] = {3600, 0, 0, 0, 0, 20, 20, 0, 0};
  shadow.junctions[JunctionId("mild")] = {1800, 9, 4, 2, 1, 10, 20, 0, 0};
  shadow.junctions[JunctionId("wild")] = {1800, 63, 32, 18, 9, 10, 20, 1, 0};
  const auto table = controller::shadow_table(shadow, 1);
  EXPECT_NE(table.find("shadow_different_pct: 1 pct\n"), std::string::npos) << table;
  EXPECT_NE(table.find("shadow_priced_pct: 50 pct\n"), std::string::npos);
  EXPECT_NE(table.find("shadow_loss_by_live: 10 veh_s_per_junction_h\n"), std::string::npos);
  EXPECT_NE(table.find("shadow_changes_per_h: 20 count\n"), std::string::npos);
  EXPECT_NE(table.find("# wild 3.5 18.0 9.0 10 20\n"), std::string::npos);
  EXPECT_EQ(table.find("mild"), std::string::npos);
}

}  // namespace
}  // namespace dispecer
