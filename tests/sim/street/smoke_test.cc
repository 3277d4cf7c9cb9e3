// The tiny town under its virtual controller, in real SUMO. Compiled against both libraries.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>

#include <array>
#include <set>

#include "sim/street/street.h"
#include "tests/sim/street/tiny_town.h"

// SUMO in process keeps what it allocates until the process ends; its client loses a connection
// whose very first answer never came.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libsumocpp\nleak:libxerces\nleak:libproj\nleak:libtraci::Simulation::init\n";
}

namespace dispecer::sim {
namespace {

struct Watched {
  int steps = 0;
  std::set<std::string> gates;
  std::set<std::string> parked;
  std::uint32_t loop_count = 0;
  std::uint32_t bus_loop_count = 0;
  std::array<std::uint32_t, 9> loop_classes{};
  bool pushed = false;
  bool bus_at_stop = false;
  std::string bus_next;
  std::vector<Journey> journeys;
  StreetCounts counts;
  LonLat first_ns;
};

Watched run(const TinyTown& town, std::uint64_t seed, int seconds) {
  Watched w;
  auto city = town.city;
  Detector bus_loop;  // at the place of the other one, for public transport only
  bus_loop.id = DetectorId("D2");
  bus_loop.kind = DetectorKind::bus;
  bus_loop.junction = JunctionId("J1");
  city.network.detectors.push_back(bus_loop);
  city.sumo.induction_loop[bus_loop.id] = "L1";
  auto street = Street::open(city, {
                                       .seed = seed,
                                       .start_date = "20260101",
                                       .truth = true,
                                   });
  EXPECT_TRUE(street.ok()) << street.error().message();
  if (!street) return w;
  EXPECT_TRUE((*street)->missing().empty());
  State state = *make_controller(town.city.signals.at(JunctionId("J1")), {.detectors = {1, 2}});
  for (int i = 0; i < seconds; ++i) {
    const auto now = at(i);
    const auto out = tick(state, now);
    (*street)->show(JunctionId("J1"), out.aspects, out.stage);
    const auto r = (*street)->step(at(i + 1));
    EXPECT_TRUE(r.ok()) << r.error().message();
    if (!r) return w;
    ++w.steps;
    const auto& view = (*street)->view();
    for (const auto& p : view.passages) {
      EXPECT_TRUE(w.gates.insert(p.vehicle).second) << p.vehicle << " passed twice";
      EXPECT_EQ(p.gate, GateId("G1"));
    }
    for (const auto& v : view.parked.at(ParkingId("PA"))) w.parked.insert(v.id);
    const auto& readings = (*street)->detectors();
    const auto& loop = readings.at(DetectorId("D1"));
    w.loop_count += loop.count;
    const auto& buses = readings.at(DetectorId("D2"));
    w.bus_loop_count += buses.count;
    EXPECT_TRUE(!buses.occupied || loop.occupied || loop.count > 0);
    for (std::size_t c = 0; c < 9; ++c) w.loop_classes[c] += loop.classes.value()[c];
    w.pushed = w.pushed || readings.at(DetectorId("B1")).occupied;
    if (const auto* bus = view.find("T_1")) {
      if (w.bus_next.empty()) w.bus_next = bus->next_stop.str();
      w.bus_at_stop = w.bus_at_stop || bus->at_stop;
      EXPECT_EQ(bus->kind, RoadUser::bus);
      EXPECT_EQ(bus->line, LineId("1"));
    }
    if (const auto* v = view.find("ns.0"); v != nullptr && w.first_ns == LonLat{})
      w.first_ns = v->position;
  }
  w.journeys = (*street)->journeys();
  w.counts = (*street)->counts();
  return w;
}

// In-process SUMO can be opened once per process, so each test is a process of its own in ctest.
TEST(Street, MovesReadsAndObeysTheController) {
  if (!sumo_is_here()) GTEST_SKIP() << "sumo and netconvert are not installed";
  const TinyTown town;
  const auto w = run(town, 1, 500);
  EXPECT_EQ(w.steps, 500);
  EXPECT_GT(w.gates.size(), 40U);
  EXPECT_EQ(w.parked, std::set<std::string>{"parker"});
  EXPECT_NEAR(w.loop_count, 51, 2) << "every vehicle of the flow and the bus, once";
  EXPECT_EQ(w.loop_classes[4], 1U) << "the bus";
  EXPECT_EQ(w.bus_loop_count, 1U);
  EXPECT_EQ(w.loop_classes[0] + w.loop_classes[4], w.loop_count);
  EXPECT_TRUE(w.pushed) << "the person waited at the crossing";
  EXPECT_EQ(w.bus_next, "ST");
  EXPECT_TRUE(w.bus_at_stop);
  EXPECT_EQ(w.counts.teleported, 0U);
  EXPECT_EQ(w.counts.collisions, 0U);
  EXPECT_GT(w.journeys.size(), 95U);
  double waited = 0;
  for (const auto& j : w.journeys) waited = std::max(waited, j.time_loss_s);
  EXPECT_GT(waited, 10) << "red was obeyed";
  const LocalPlane plane(town.city.centre);
  const auto p = plane.to_local(w.first_ns);
  EXPECT_NEAR(p.x, 0, 10);
  EXPECT_GT(p.y, 200);
}

// SUMO in process opens once per process: there this needs child processes, which the lock-step
// harness has.
#ifndef DISPECER_SUMO_IN_PROCESS
TEST(Street, TheSameSeedGivesTheSameDay) {
  if (!sumo_is_here()) GTEST_SKIP() << "sumo and netconvert are not installed";
  const TinyTown town;
  const auto a = run(town, 5, 150);
  const auto b = run(town, 5, 150);
  ASSERT_EQ(a.journeys.size(), b.journeys.size());
  for (std::size_t i = 0; i < a.journeys.size(); ++i) {
    EXPECT_EQ(a.journeys[i].vehicle, b.journeys[i].vehicle);
    EXPECT_EQ(a.journeys[i].time_loss_s, b.journeys[i].time_loss_s);
  }
}
#endif

TEST(Street, AMissingConfigurationIsAClearError) {
  city::City city;
  city.sumo.config_file = "/nowhere/x.sumocfg";
  auto street = Street::open(city, {});
  ASSERT_FALSE(street.ok());
  EXPECT_EQ(street.error().cause, "no_config");
}

#ifndef DISPECER_SUMO_IN_PROCESS
TEST(Street, SignalsDoNotDisturbIt) {
  if (!sumo_is_here()) GTEST_SKIP() << "sumo and netconvert are not installed";
  const TinyTown town;
  struct sigaction action {};
  action.sa_handler = [](int) {};  // without SA_RESTART, as the process's own handlers
  ::sigaction(SIGALRM, &action, nullptr);
  const itimerval each{{0, 500}, {0, 500}};
  ::setitimer(ITIMER_REAL, &each, nullptr);
  const auto w = run(town, 1, 120);
  const itimerval off{};
  ::setitimer(ITIMER_REAL, &off, nullptr);
  EXPECT_EQ(w.steps, 120);
}

TEST(Street, AConfigurationThatSumoRefusesIsToldInSumosWords) {
  if (!sumo_is_here()) GTEST_SKIP() << "sumo and netconvert are not installed";
  const TinyTown town;
  town.write("t.rou.xml", "<routes><vehicle id='x' route='nowhere' depart='0'/></routes>");
  auto street = Street::open(town.city, {.log_file = town.folder + "/sumo.log"});
  if (street) {
    const auto r = (*street)->step(at(0));
    ASSERT_FALSE(r.ok());
    EXPECT_EQ(r.error().cause, "sumo_lost");
  } else {
    EXPECT_EQ(street.error().cause, "sumo_start");
  }
}

TEST(Street, ASumoThatDiesIsANormalEvent) {
  if (!sumo_is_here()) GTEST_SKIP() << "sumo and netconvert are not installed";
  const TinyTown town;
  auto street = Street::open(town.city, {});
  ASSERT_TRUE(street.ok()) << street.error().message();
  ASSERT_TRUE((*street)->step(at(0)).ok());
  // Our only child.
  const std::string children = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
  int pid = 0;
  std::ifstream(children) >> pid;
  ASSERT_GT(pid, 0);
  ::kill(pid, SIGKILL);
  ::usleep(100'000);
  const auto r = (*street)->step(at(1));
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().cause, "sumo_lost");
  EXPECT_NE(r.error().what.find("signal 9"), std::string::npos) << r.error().what;
  (*street)->show(JunctionId("J1"), {Aspect::red, Aspect::red, Aspect::red}, {});
}
#endif

}  // namespace
}  // namespace dispecer::sim
