// The kerb of a lock-step run: whom the guard takes to be waiting.
#include "tests/bench/lockstep/field.h"

#include <gtest/gtest.h>

#include "tests/bench/scale/grid.h"

namespace dispecer::bench {
namespace {

UtcTime at(int second) {
  return UtcTime{} + from_seconds(second);
}

// Seconds of the local plans until `done`, at most five minutes.
template <class Done>
bool run_until(Field& field, int& second, Done done) {
  for (const int end = second + 300; second < end; ++second) {
    for (const auto& shown : field.tick(at(second))) {
      if (done(shown)) return true;
    }
  }
  return false;
}

TEST(Field, WhoLeavesInTheLastSecondOfGreenDoesNotWaitAndWhoStandsAtRedDoes) {
  const auto city = make_grid(1);
  auto field = Field::make(city);
  ASSERT_TRUE(field) << field.error().message();
  const auto& [id, signals] = *city.signals.begin();
  const auto asking = city::demand_detectors(city, id);
  const auto loop = std::find_if(
      city.network.detectors.begin(), city.network.detectors.end(), [&](const Detector& d) {
        return d.junction == id && std::count(asking[0].begin(), asking[0].end(), d.number) != 0;
      });
  ASSERT_NE(loop, city.network.detectors.end());
  sim::DetectorReading covered{.number = loop->number, .speed_mps = std::nullopt};
  covered.occupied = true;
  covered.occupancy = 1;

  int second = 0;
  ASSERT_TRUE(run_until(*field, second, [](const auto& s) { return is_green(s.aspects[0]); }));
  ASSERT_TRUE(run_until(*field, second, [&](const auto& s) {
    if (is_green(s.aspects[0])) field->read(*loop, covered, at(second));
    return !is_green(s.aspects[0]);
  }));
  EXPECT_FALSE(field->demand(id).at(0)) << "it was over the stop line while the lamp was green";

  field->read(*loop, covered, at(second));
  (void)field->tick(at(++second));
  EXPECT_TRUE(field->demand(id).at(0));
  ASSERT_TRUE(run_until(*field, second, [](const auto& s) { return is_green(s.aspects[0]); }));
  EXPECT_FALSE(field->demand(id).at(0)) << "it has had its green";
}

}  // namespace
}  // namespace dispecer::bench
