// How long the first one waits is kept from second to second and never counted anew; here it is.
#include <random>

#include "tests/fusion/traffic/street.h"

namespace dispecer::traffic::test {
namespace {

// Seconds back until as many came as wait; absent where the kept arrivals are fewer.
std::optional<double> counted_anew(const State& state, std::size_t m) {
  const auto now = state.now.us / 1'000'000;
  const double wanted = 0.9 * state.movements[m].queue;
  double sum = 0;
  for (std::int64_t back = 0; back < static_cast<std::int64_t>(kWaited); ++back) {
    sum += static_cast<double>(state.came.at(now - back, m));
    if (sum >= wanted - 1e-9) return static_cast<double>(back);
  }
  return std::nullopt;
}

TEST(Waiting, IsTheAgeOfTheArrivalThatStandsInFront) {
  Street street;
  std::mt19937 rng(4);
  std::size_t compared = 0;
  for (int s = 0; s < 1500; ++s) {
    street.g1 = s % 90 < 25 ? Aspect::green : Aspect::red;
    const bool green = street.g1 == Aspect::green;
    std::map<std::string, Loop> loops;
    if (rng() % 6 == 0) loops["ahead"] = kCar;
    if (street.queue() > 0.5) loops["stop"] = green && s % 2 == 0 ? Loop{1, 0.8, true} : kStands;
    street.second(loops);
    for (std::size_t m = 0; m < 2; ++m) {
      if (street.state.movements[m].queue < 0.5) continue;
      const auto anew = counted_anew(street.state, m);
      if (!anew) continue;
      ++compared;
      const auto& live = street.state.movements[m];
      ASSERT_NEAR(live.waiting, std::max(*anew, live.called), 1.0) << "second " << s;
    }
  }
  EXPECT_GT(compared, 300U);
}

TEST(Waiting, GoesOnWhereNobodyKnowsAnyMoreWhenTheyCame) {
  Street street;
  for (int s = 0; s < 30; ++s) street.second({{"ahead", s % 3 == 0 ? kCar : kFree}});
  const int more = static_cast<int>(kCame) + 200;
  double before = 0;
  for (int s = 0; s < more; ++s) {
    street.second({{"stop", kStands}});
    const double waiting = street.look().movements[0].waiting.value;
    ASSERT_GE(waiting, before);
    before = waiting;
  }
  EXPECT_GT(before, static_cast<double>(kWaited) + 100);
}

TEST(Waiting, ASourceThatWasSilentForAMinuteIsCaughtUp) {
  Street street;
  for (int s = 0; s < 20; ++s) street.second({{"ahead", s % 2 == 0 ? kCar : kFree}});
  street.seconds(15, {{"stop", kStands}});
  street.now = street.now + std::chrono::seconds(50);
  street.second({{"stop", kStands}});
  const auto anew = counted_anew(street.state, 0);
  ASSERT_TRUE(anew);
  EXPECT_NEAR(street.state.movements[0].waiting, *anew, 1.0);
  EXPECT_GT(*anew, 50);
}

}  // namespace
}  // namespace dispecer::traffic::test
