// Whatever the junctions, plans, demands and faults: the real cores, the guard and the virtual
// controllers together never show two conflicting greens, never cut a minimum green or an
// intergreen, never leave a lane with demand at red beyond its maximum, and never go to a stage and
// back for nobody. DISPECER_PROPERTY_COMMANDS sets how many commands each of the two tests sends.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/property/random_town.h"

namespace dispecer {
namespace {

#ifdef DISPECER_SANITIZED
constexpr std::uint64_t kCommands = 30'000;
#else
constexpr std::uint64_t kCommands = 100'000;
#endif
constexpr int kSecondsOfTown = 1800;
// An order that is lost or late at the last moment costs the least green and the intergreen of one
// more stage (9 and 8 s at most here), and the seconds until it is given again.
constexpr double kLineSeconds = 9 + 8 + 6;

std::uint64_t commands() {
  const char* text = std::getenv("DISPECER_PROPERTY_COMMANDS");
  return text == nullptr ? kCommands : std::strtoull(text, nullptr, 10);
}

void run(bool faults, double late) {
  test::TownCounts sum;
  for (unsigned seed = 1; sum.commands < commands(); ++seed) {
    test::RandomTown town({seed, 4, faults});
    for (int s = 0; s < kSecondsOfTown; ++s) town.second();
    const auto& c = town.counts();
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_EQ(c.conflicts, 0U);
    ASSERT_EQ(c.short_greens, 0U);
    ASSERT_EQ(c.short_intergreens, 0U);
    ASSERT_EQ(c.flutters, 0U);
    ASSERT_EQ(c.device_refused, 0U) << "the guard let through what the controller refuses";
    ASSERT_LE(c.longest_red, late) << c.worst;
    sum.commands += c.commands;
    sum.approved += c.approved;
    for (const auto& [rule, n] : c.refused) sum.refused[rule] += n;
    sum.longest_red = std::max(sum.longest_red, c.longest_red);
  }
  std::printf("commands: %llu count\napproved: %llu count\nlongest_red_beyond: %.0f s\n",
              static_cast<unsigned long long>(sum.commands),
              static_cast<unsigned long long>(sum.approved), sum.longest_red);
  for (const auto& [rule, n] : sum.refused) {
    std::printf("refused_%s: %llu count\n", rule.c_str(), static_cast<unsigned long long>(n));
  }
  EXPECT_GT(sum.approved, sum.commands * 9 / 10);
}

TEST(SignalsProperty, RandomTownsAreServedSafelyAndInTime) {
  run(false, 0);
}

TEST(SignalsProperty, RandomTownsStaySafeThroughFaultsAndKeepTheirPromisesOnceTheyAreOver) {
  run(true, kLineSeconds);
}

}  // namespace
}  // namespace dispecer
