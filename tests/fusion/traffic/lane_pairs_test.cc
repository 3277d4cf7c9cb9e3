// Two loops of a lane, of which one goes wrong.
#include <algorithm>
#include <deque>
#include <random>
#include <set>

#include "tests/fusion/traffic/street.h"

namespace dispecer::traffic::test {
namespace {

// What both loops of W see of random traffic through a signal of 60 s, 30 s of them green.
struct Seen {
  std::vector<Loop> ahead;
  std::vector<Loop> stop;
};

bool green_at(std::size_t second) {
  return second % 60 < 30;
}

Seen traffic(std::size_t seconds, double veh_h, unsigned seed = 7) {
  constexpr std::size_t kTravel = 10;
  constexpr std::size_t kHeadway = 2;
  std::mt19937 random(seed);
  std::bernoulli_distribution comes(veh_h / 3600);
  Seen out;
  std::deque<std::size_t> lane;  // when each reaches the line
  bool on_line = false;
  std::size_t next = 0;
  for (std::size_t s = 0; s < seconds; ++s) {
    const bool ahead = comes(random);
    if (ahead) lane.push_back(s + kTravel);
    bool hit = false;
    if (!on_line && !lane.empty() && lane.front() <= s && s >= next) hit = on_line = true;
    bool left = false;
    if (on_line && green_at(s)) {
      left = true;
      on_line = false;
      lane.pop_front();
      next = s + kHeadway;
    }
    out.ahead.push_back(ahead ? kCar : kFree);
    out.stop.push_back({hit ? 1U : 0U, on_line ? (hit ? 0.9 : 1.0) : (left ? 0.4 : 0.0), on_line});
  }
  return out;
}

std::vector<Loop> late(const std::vector<Loop>& loop, std::size_t by) {
  std::vector<Loop> out(by, kFree);
  out.insert(out.end(), loop.begin(), loop.end() - static_cast<std::ptrdiff_t>(by));
  return out;
}

// Every other vehicle.
std::vector<Loop> half(std::vector<Loop> loop) {
  bool lost = false;
  for (auto& second : loop) {
    if (second.count > 0) lost = !lost;
    if (lost) second = kFree;
  }
  return loop;
}

std::vector<Loop> noisy(std::vector<Loop> loop) {
  std::mt19937 random(3);
  std::bernoulli_distribution hit(1.0 / 12);
  for (auto& second : loop) {
    if (hit(random)) ++second.count;
  }
  return loop;
}

void play(Street& street, const Seen& seen) {
  for (std::size_t s = 0; s < seen.stop.size(); ++s) {
    street.g1 = green_at(s) ? Aspect::green : Aspect::red;
    street.second({{"ahead", seen.ahead[s]}, {"stop", seen.stop[s]}});
  }
}

// Who was said to be sick, in order; each once.
std::vector<std::string> accused(const Seen& seen) {
  Street street;
  play(street, seen);
  std::vector<std::string> out;
  for (const auto& event : street.events) {
    if (event.active) out.push_back(event.subject);
  }
  return out;
}

TEST(LanePairs, TwoLoopsThatSeeTheSameVehiclesAreWell) {
  for (const double veh_h : {60.0, 200.0, 500.0}) {
    EXPECT_TRUE(accused(traffic(3600, veh_h)).empty()) << veh_h;
  }
}

TEST(LanePairs, AnAdvanceLoopWithAWrongClockIsFoundByAStopLineThatKeepsToItsSignal) {
  const auto seen = traffic(3600, 100);
  for (const std::size_t by : {75U, 130U, 220U}) {
    EXPECT_EQ(accused({late(seen.ahead, by), seen.stop}), std::vector<std::string>{"ahead"}) << by;
  }
}

TEST(LanePairs, AStopLineThatLeavesOutEveryOtherVehicleIsFound) {
  auto seen = traffic(3600, 120);
  seen.stop = half(seen.stop);
  EXPECT_EQ(accused(seen), std::vector<std::string>{"stop"});
}

TEST(LanePairs, AnAdvanceLoopThatLeavesOutEveryOtherVehicleIsFound) {
  auto seen = traffic(3600, 120);
  seen.ahead = half(seen.ahead);
  EXPECT_EQ(accused(seen), std::vector<std::string>{"ahead"});
}

TEST(LanePairs, AnAdvanceLoopThatInventsVehiclesIsFound) {
  auto seen = traffic(3600, 100);
  seen.ahead = noisy(seen.ahead);
  EXPECT_EQ(accused(seen), std::vector<std::string>{"ahead"});
}

TEST(LanePairs, InventedVehiclesBeforeTheFirstRealOnesDoNotMakeTheStopLineADeadLoop) {
  auto seen = traffic(1800, 60);
  // Nobody comes in the first eight minutes.
  std::fill_n(seen.ahead.begin(), 480, kFree);
  std::fill_n(seen.stop.begin(), 480, kFree);
  seen.ahead = noisy(seen.ahead);
  for (const auto& subject : accused(seen)) EXPECT_EQ(subject, "ahead");
}

TEST(LanePairs, AQuietStopLineIsNotDeadBecauseItsAdvanceLoopShowsABusyLane) {
  auto quiet = traffic(5400, 8);
  quiet.ahead = traffic(5400, 100, 9).ahead;
  for (const auto& subject : accused(quiet)) EXPECT_EQ(subject, "ahead");
}

TEST(DetectorHealth, ASilenceIsHeldAgainstALoopByItsOwnPast) {
  const Parameters p;
  DetectorLive busy;
  busy.past_s = 3600;
  busy.past_hits = 60;
  busy.since_hit_s = 700;
  EXPECT_TRUE(fell_silent(busy, p));
  busy.since_hit_s = 500;  // so long means nothing anywhere
  EXPECT_FALSE(fell_silent(busy, p));
  DetectorLive quiet = busy;
  quiet.past_hits = 8;
  quiet.since_hit_s = 700;
  EXPECT_FALSE(fell_silent(quiet, p));
  quiet.since_hit_s = 7200;
  EXPECT_TRUE(fell_silent(quiet, p));
  DetectorLive never;
  never.since_hit_s = 1.5 * p.no_hits_min_s;
  EXPECT_FALSE(fell_silent(never, p));
  never.since_hit_s = 2 * p.no_hits_min_s;
  EXPECT_TRUE(fell_silent(never, p));
}

TEST(LanePairs, AnAdvanceLoopOfAnotherLaneIsFound) {
  auto seen = traffic(3600, 100);
  std::mt19937 random(11);
  std::bernoulli_distribution comes(90.0 / 3600);
  for (auto& second : seen.ahead) second = comes(random) ? kCar : kFree;
  EXPECT_EQ(accused(seen), std::vector<std::string>{"ahead"});
}

TEST(LanePairs, VehiclesThatLeaveALaneOfSeveralAccuseNobody) {
  auto net = make_network();
  net.links[0].lanes = 2;
  net.movements[0].lanes = {0, 1};
  auto seen = traffic(3600, 150);
  seen.stop = half(seen.stop);
  Street street({}, net);
  play(street, seen);
  EXPECT_TRUE(street.events.empty());
}

TEST(LanePairs, WhoStopsAndTurnsRightAtRedIsNoWrongClock) {
  auto net = make_network();
  net.movements[1].turn = Turn::right;
  Street street({}, net);
  for (int s = 0; s < 5400; ++s) {
    const int phase = s % 60;
    street.g1 = phase < 25 ? Aspect::green : Aspect::red;
    const bool stands = phase == 41 || phase == 42;
    street.second({{"ahead", phase == 30 ? kCar : kFree},
                   {"stop", phase == 40 ? kCarStops : (stands ? kStands : kFree)}});
  }
  EXPECT_TRUE(street.events.empty());
}

// Ten approaches of two lanes with loops in one; what each sees is told by its number.
template <class See>
std::set<std::string> accused_of_ten(See&& see) {
  constexpr int kApproaches = 10;
  Network net = make_network();
  net.links.clear();
  net.movements.clear();
  net.detectors.clear();
  net.crossings.clear();
  net.links.push_back(make_link("E", "J", "B"));
  std::vector<Seen> seen;
  for (int i = 0; i < kApproaches; ++i) {
    const auto n = std::to_string(i);
    net.links.push_back(make_link("W" + n, "A" + n, "J"));
    net.links.back().lanes = 2;
    net.movements.push_back(make_movement("W" + n, "E", "J", "g1", 1));
    net.movements.back().lanes = {0, 1};
    net.detectors.push_back(make_detector("stop" + n, DetectorKind::stop_line, "W" + n, 1));
    net.detectors.push_back(make_detector("ahead" + n, DetectorKind::advance, "W" + n, 126));
    seen.push_back(see(i));
  }
  Street street({}, net);
  for (std::size_t s = 0; s < seen[0].stop.size(); ++s) {
    street.g1 = green_at(s) ? Aspect::green : Aspect::red;
    std::map<std::string, Loop> loops;
    for (int i = 0; i < kApproaches; ++i) {
      const auto& own = seen[static_cast<std::size_t>(i)];
      loops["ahead" + std::to_string(i)] = own.ahead[s];
      loops["stop" + std::to_string(i)] = own.stop[s];
    }
    street.second(loops);
  }
  std::set<std::string> out;
  for (const auto& event : street.events) {
    if (event.active) out.insert(event.subject);
  }
  return out;
}

TEST(LanePairs, WhatOtherLanesShowTellsALoopThatWasWrongFromTheFirstSecond) {
  const auto others = [](int i) { return traffic(3600, 100, 7 + static_cast<unsigned>(i)); };
  EXPECT_EQ(accused_of_ten(others), std::set<std::string>{});
  // Another lane's traffic comes in as that of the advance loop, and one stop line is dead.
  EXPECT_EQ(accused_of_ten([&](int i) {
              auto seen = others(i);
              if (i == 3) seen.ahead = others(20).ahead;
              if (i == 6) seen.stop.assign(seen.stop.size(), kFree);
              return seen;
            }),
            (std::set<std::string>{"ahead3", "stop6"}));
}

TEST(LanePairs, WhereVehiclesChangeLanesEverywhereNobodyIsAccused) {
  EXPECT_EQ(accused_of_ten([](int i) {
              auto seen = traffic(3600, 150, 7 + static_cast<unsigned>(i));
              seen.stop = half(seen.stop);
              return seen;
            }),
            std::set<std::string>{});
}

TEST(LanePairs, AStopLineThatIsLateByWholeCyclesKeepsToItsSignalAndIsFoundAllTheSame) {
  const auto seen = traffic(5400, 40);
  for (const std::size_t by : {120U, 180U, 240U}) {
    EXPECT_EQ(accused({seen.ahead, late(seen.stop, by)}), std::vector<std::string>{"stop"}) << by;
  }
}

TEST(LanePairs, TheCityIsWhatMostOfItsLanesShow) {
  std::vector<LanePairLive> pairs(12);
  for (auto& pair : pairs) pair.both = 40;
  for (std::size_t k = 0; k < 5; ++k) {  // sick ones, fewer than half
    pairs[k].both = 2;
    pairs[k].only_up = 50;
  }
  compare_lanes(pairs);
  ASSERT_TRUE(pairs[0].elsewhere);
  EXPECT_LT(*pairs[0].elsewhere, 0.1);
  pairs.resize(7);  // too few to speak for a city
  compare_lanes(pairs);
  EXPECT_FALSE(pairs[0].elsewhere);
}

}  // namespace
}  // namespace dispecer::traffic::test
