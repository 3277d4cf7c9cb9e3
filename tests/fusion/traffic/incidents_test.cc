#include "tests/fusion/traffic/street.h"

namespace dispecer::traffic::test {
namespace {

// A car each six seconds over both loops of the approach while the signal is green all the time.
void flow(Street& street, int seconds, bool stopped) {
  street.g1 = Aspect::green;
  for (int s = 0; s < seconds; ++s) {
    street.second({{"ahead", !stopped && s % 6 == 0 ? kCar : kFree},
                   {"stop", !stopped && s % 6 == 3 ? kCar : kFree}});
  }
}

std::vector<AlarmEvent> incidents(const Street& street) {
  std::vector<AlarmEvent> out;
  for (const auto& e : street.events) {
    if (e.kind == "incident") out.push_back(e);
  }
  return out;
}

TEST(Incidents, ALinkOnWhichNobodyComesAnyMoreIsOneAndItsEndIsTold) {
  Street street;
  flow(street, 1500, false);
  ASSERT_TRUE(incidents(street).empty());
  int waited = 0;
  while (incidents(street).empty() && waited < 600) {
    flow(street, 1, true);
    ++waited;
  }
  ASSERT_EQ(incidents(street).size(), 1U);
  EXPECT_TRUE(incidents(street)[0].active);
  EXPECT_EQ(incidents(street)[0].subject, "W");
  EXPECT_LT(waited, 240);
  flow(street, 300, false);
  ASSERT_EQ(incidents(street).size(), 2U);
  EXPECT_FALSE(incidents(street)[1].active);
}

TEST(Incidents, ARedSignalIsNone) {
  Street street;
  flow(street, 1500, false);
  street.g1 = Aspect::red;
  for (int s = 0; s < 60; ++s) street.second({{"stop", kStands}});
  EXPECT_TRUE(incidents(street).empty());
}

TEST(Incidents, AClosureInTheBookIsNone) {
  Street street;
  flow(street, 1500, false);
  BookEntry closure;
  closure.kind = BookKind::closure;
  closure.begin = street.now;
  closure.end = street.now + std::chrono::hours(1);
  closure.links = {LinkId{"W"}};
  set_book(street.state, Book{{closure}});
  flow(street, 900, true);
  EXPECT_TRUE(incidents(street).empty());
}

TEST(Incidents, ASilentSourceIsNone) {
  Street street;
  flow(street, 1500, false);
  street.detectors_heard = street.signals_heard = false;
  street.seconds(900);
  EXPECT_TRUE(incidents(street).empty());
}

}  // namespace
}  // namespace dispecer::traffic::test
