// The acceptance of bus priority, and what must hold in every run of the whole loop.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/bench/lockstep/children.h"
#include "tests/bench/lockstep/corridor.h"
#include "tests/bench/lockstep/figures.h"

namespace dispecer {
namespace {

using bench::RunFigures;

std::vector<RunFigures> all_good(const std::vector<Result<RunFigures>>& results) {
  std::vector<RunFigures> out;
  for (const auto& r : results) {
    EXPECT_TRUE(r.ok()) << (r.ok() ? "" : r.error().message());
    if (r.ok()) out.push_back(*r);
  }
  return out;
}

double mean(const std::vector<RunFigures>& runs, const std::string& name) {
  double sum = 0;
  for (const auto& r : runs) sum += r.values.at(name);
  return sum / static_cast<double>(runs.size());
}

TEST(Lockstep, OverThreeSeedsBusesLoseLessAtSignalsWithPriorityThanWithout) {
  const auto folder =
      (std::filesystem::temp_directory_path() / ("lockstep_" + std::to_string(::getpid())))
          .string();
  std::filesystem::create_directories(folder);
  const auto city = bench::make_corridor(folder);
  ASSERT_TRUE(city) << city.error().message();
  std::vector<bench::RunOptions> runs;
  for (const bool priority : {true, false}) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      runs.push_back({*city, seed, 0, 1500, bench::Policy::dispecer, priority});
    }
  }
  auto good = all_good(bench::run_children(runs, 2));
  ASSERT_EQ(good.size(), 6u);
  const std::vector<RunFigures> with(good.begin(), good.begin() + 3);
  const std::vector<RunFigures> without(good.begin() + 3, good.end());
  std::printf("with priority\n%swithout\n%s", to_text(bench::summarise(with)).c_str(),
              to_text(bench::summarise(without)).c_str());
  EXPECT_LT(mean(with, "bus_delay"), mean(without, "bus_delay"));
  EXPECT_GT(mean(with, "buses"), 5);
  EXPECT_GT(mean(with, "priority_granted"), 0);
  EXPECT_EQ(mean(without, "priority_granted"), 0);
  for (const auto& run : good) {
    EXPECT_EQ(run.values.at("conflicting_greens"), 0);
    EXPECT_EQ(run.values.at("teleports"), 0);
    EXPECT_GT(run.values.at("orders_approved"), 4 * 1400 * 0.9)
        << "the centre did command the four junctions";
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace dispecer
