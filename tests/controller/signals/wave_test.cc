// Green waves at cycling speed: the streets of the city, offsets, and who is expected at the stage
// lever.
#include "controller/signals/wave.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/controller/signals/crossroads.h"

namespace dispecer::signals {
namespace {

using test::at;

// Three links with a signal behind the first and the second one, 300 m apart.
Network street(double speed = 5, double flow = 360, double weight = 1) {
  Network net;
  for (const auto* id : {"a", "b", "c"}) net.links.push_back(test::make_link(id, "", ""));
  const auto movement = [&](const char* id, const char* from, const char* to, const char* group) {
    Movement m;
    m.id = MovementId(id);
    m.junction = JunctionId(std::string("at_") + to);
    m.from = LinkId(from);
    m.to = LinkId(to);
    m.group = SignalGroupId(group);
    net.movements.push_back(m);
  };
  movement("ab", "a", "b", "g");
  movement("bc", "b", "c", "g");
  Progression p;
  p.id = "cycles";
  p.links = {LinkId("a"), LinkId("b"), LinkId("c")};
  p.speed = {speed};
  p.flow = {flow};
  p.weight = weight;
  net.progressions = {p};
  return net;
}

TEST(Wave, TravelsAtTheSpeedOfTheStreetFromStopLineToStopLine) {
  const auto waves = make_waves(street());
  ASSERT_EQ(waves.size(), 1U);
  ASSERT_EQ(waves[0].steps.size(), 2U);
  EXPECT_EQ(waves[0].steps[1].movement, MovementId("bc"));
  EXPECT_DOUBLE_EQ(waves[0].steps[1].travel, 60);
  EXPECT_DOUBLE_EQ(waves[0].flow, 0.1);
  auto plain = street();
  plain.movements[0].group = {};
  EXPECT_TRUE(make_waves(plain).empty()) << "with one signal there is no wave";
}

// Both signals open for 20 of 60 s; no cars.
PlatoonNet net_of_two(double car_flow, double car_travel) {
  PlatoonNet net;
  net.cycle = 60;
  net.nodes.resize(2);
  std::vector<float> open(30, 0.0F);
  std::fill(open.begin(), open.begin() + 10, 0.5F);
  net.nodes[0].approaches = {{car_flow, open, {}, {}}};
  net.nodes[1].approaches = {{car_flow, open, {}, {}}};
  if (car_flow > 0) {
    net.nodes[0].next = {1};
    net.nodes[1].approaches[0].feeds = {{0, 0, 1.0, car_travel}};
  }
  return net;
}

double settled_offset(PlatoonNet net) {
  net.settle();
  for (int i = 0; i < 3; ++i) sweep_offsets(net, 0, 2, 0.01);
  return std::fmod(net.nodes[1].offset - net.nodes[0].offset + 120, 60);
}

const std::map<MovementId, WavePlace> kPlaces{{MovementId("ab"), {0, 0}},
                                              {MovementId("bc"), {1, 0}}};

TEST(Wave, OffsetsFollowTheStreetThatTheCityWeighsMore) {
  // Cars take 20 s, cycles 36 s. The head of a platoon takes 0.8 of that.
  const auto offset = [&](double cars, double weight) {
    auto net = net_of_two(cars, 20);
    add_waves(net, make_waves(street(300.0 / 36, 360, weight)), kPlaces);
    return settled_offset(std::move(net));
  };
  const auto by_cars = settled_offset(net_of_two(0.1, 20));
  EXPECT_NEAR(offset(0.1, 0.01), by_cars, 4);
  EXPECT_GT(offset(0.1, 5), by_cars + 8);
  EXPECT_NEAR(offset(0, 1), 0.8 * 36, 8);
}

TEST(Wave, AStreetWhoseSignalRunsAnotherCycleBeginsAnewBehindIt) {
  auto net = net_of_two(0, 20);
  add_waves(net, make_waves(street()), {{MovementId("bc"), {1, 0}}});
  ASSERT_EQ(net.nodes[1].approaches.size(), 2U);
  EXPECT_TRUE(net.nodes[1].approaches[1].feeds.empty());
  EXPECT_EQ(net.nodes[0].approaches.size(), 1U);
}

TEST(Wave, ThoseWhoWereLetGoAreExpectedWhenTheyArrive) {
  const auto wave = make_waves(street(10)).front();  // 30 s from signal to signal
  WaveLive live;
  const auto second = [&](int s, bool open) { follow(wave, live, at(s), {open, false}); };
  // 50 s of red at the first signal: five wait there, and leave within ten seconds of green.
  for (int s = 0; s < 50; ++s) second(s, false);
  EXPECT_NEAR(live.queue[0], 5, 1e-9);
  MovementView movement;
  expect(wave, live, 1, movement);
  EXPECT_EQ(movement.come[kBins], 0);
  for (int s = 50; s < 65; ++s) second(s, true);
  EXPECT_LT(live.queue[0], 0.2);
  movement = {};
  expect(wave, live, 1, movement);
  EXPECT_NEAR(movement.come[3], 0, 1e-9) << "the first of them left 15 s ago, and takes 30";
  EXPECT_NEAR(movement.come[5], 5, 0.6);
  EXPECT_NEAR(movement.come[kBins], 6.5, 0.2);
  MovementView first;
  expect(wave, live, 0, first);
  EXPECT_EQ(first.come[kBins], 0) << "nobody lets them go before the first signal";
}

TEST(Wave, AfterALongSilenceNobodyIsOnHisWay) {
  const auto wave = make_waves(street(10)).front();
  WaveLive live;
  for (int s = 0; s < 60; ++s) follow(wave, live, at(s), {s > 40, false});
  follow(wave, live, at(200), {false, false});
  MovementView movement;
  expect(wave, live, 1, movement);
  EXPECT_EQ(movement.come[kBins], 0);
  follow(wave, live, at(100), {false, false});  // another epoch
  EXPECT_LE(live.queue[0], 0.1 + 1e-9);
}

}  // namespace
}  // namespace dispecer::signals
