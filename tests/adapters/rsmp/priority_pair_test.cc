// Priority that the signal controller serves itself, from a bus's position to the lamps and back:
// controller core, guard, supervisor, a real socket, the virtual controller.
#include <gtest/gtest.h>

#include "controller/app/core.h"
#include "tests/adapters/rsmp/pair.h"

namespace dispecer::rsmp {
namespace {

struct Centre {
  Pair& pair;
  controller::ControllerState core;
  std::map<RequestId, std::vector<std::string>> lives;  // rules, in order
  std::vector<PriorityRequest> changes;
  std::string refusal;

  explicit Centre(Pair& p) : pair(p) {
    pair.signals.lever = Lever::plan;
    Network network;
    for (const char* name : {"main", "side"}) {
      Link link;
      link.id = LinkId(std::string("in_") + name);
      link.length = {300};
      link.speed_limit = {13.9};
      network.links.push_back(link);
      Movement m;
      m.id = MovementId(name);
      m.junction = pair.signals.junction;
      m.from = link.id;
      m.group = SignalGroupId(name);
      m.lanes = {0};
      network.movements.push_back(m);
    }
    core = controller::make_controller(network, {{pair.signals.junction, pair.signals}});
  }
  BusState bus(double eta) const {
    BusState b;
    b.vehicle = VehicleId("b1");
    b.trip = TripId("t");
    b.fix = pair.utc;
    b.phase = BusPhase::running;
    b.lateness = Estimate{90, 5, 0, dispecer::Quality::live, kBuses};
    b.next_movement = MovementId("side");
    b.eta_low = Seconds{std::max(0.0, eta - 2)};
    b.eta = Seconds{eta};
    b.eta_high = Seconds{eta + 2};
    b.quality = dispecer::Quality::live;
    return b;
  }
  void take(std::vector<PriorityRequest> changed) {
    for (auto& c : changed) {
      lives[c.id].push_back(c.reason.rule);
      changes.push_back(std::move(c));
    }
  }
  // One second with the bus that far away; absent = it has passed.
  void second(std::optional<double> eta) {
    pair.pass(1);
    auto picture = std::make_shared<CityPicture>();
    picture->t = pair.utc;
    picture->signals = {pair.seen};
    auto b = bus(eta.value_or(0));
    if (!eta) b.next_movement = MovementId();
    picture->buses = {b};
    take(controller::apply(core, picture));
    auto out = controller::step(core, pair.utc, 0);
    take(std::move(out.requests));
    for (const auto& p : out.proposals) {
      if (!std::holds_alternative<PriorityOrder>(p.write)) continue;
      const auto sent = pair.order(p);
      if (sent != p.id.str()) refusal = sent;
    }
  }
};

TEST(PriorityByController, ABusIsAskedForActivatedAndTakenBackAndWhatItGaveIsTold) {
  Pair pair;
  Centre centre(pair);
  ASSERT_TRUE(pair.until([&] { return pair.in_control() && pair.seen.takes_requests; }, 60));
  for (double eta = 25; eta >= 0; --eta) centre.second(eta);
  for (int i = 0; i < 5; ++i) centre.second(0);
  centre.second(std::nullopt);
  for (int i = 0; i < 4; ++i) centre.second(std::nullopt);
  EXPECT_EQ(centre.refusal, "");
  ASSERT_EQ(centre.lives.size(), 1u);
  const auto& life = centre.lives.begin()->second;
  const auto has = [&](const char* rule) {
    return std::find(life.begin(), life.end(), rule) != life.end();
  };
  EXPECT_TRUE(has("controller_activated"));
  EXPECT_TRUE(has("passed"));
  EXPECT_EQ(centre.changes.back().state, RequestState::served);
  EXPECT_TRUE(pair.cabinet.priority.requests.empty()) << "nothing is left at the controller";
}

TEST(PriorityByController, AListBeforeTheRequestsExistedLeavesTheDecisionHere) {
  Pair pair(Core::v3_1_5, "1.0.15");
  Centre centre(pair);
  ASSERT_TRUE(pair.until([&] { return pair.in_control(); }, 60));
  for (double eta = 25; eta >= 15; --eta) centre.second(eta);
  EXPECT_FALSE(pair.seen.takes_requests);
  ASSERT_EQ(centre.lives.size(), 1u);
  for (const auto& rule : centre.lives.begin()->second) {
    EXPECT_EQ(rule.find("controller_"), std::string::npos) << rule;
  }
}

TEST(PriorityByController, TheCoolingDownOfTheControllerRefusesTheNextBus) {
  Pair pair;
  pair.cabinet.priority.settings.cooldown_s = 600;
  Centre centre(pair);
  ASSERT_TRUE(pair.until([&] { return pair.in_control() && pair.seen.takes_requests; }, 60));
  for (double eta = 6; eta >= 0; --eta) centre.second(eta);
  centre.second(std::nullopt);
  for (int i = 0; i < 3; ++i) centre.second(std::nullopt);
  centre.changes.clear();
  for (double eta = 12; eta >= 6; --eta) centre.second(eta);
  ASSERT_FALSE(centre.changes.empty());
  EXPECT_EQ(centre.changes.back().state, RequestState::refused);
  EXPECT_EQ(centre.changes.back().reason.rule, "controller_cooldown");
}

TEST(PointByLoop, ABusOverItsLoopIsToldOnceAndIsNoTraffic) {
  Pair pair;
  ASSERT_TRUE(pair.until([&] { return pair.in_control(); }, 60));
  pair.points.clear();
  for (int i = 0; i < 3; ++i) {
    (void)sim::apply(pair.cabinet, sim::DetectorReading{3, i == 0 ? 1u : 0u, 1.0, true, 8.0},
                     pair.utc);
    pair.pass(1);
  }
  (void)sim::apply(pair.cabinet, sim::DetectorReading{3, 0, 0, false, {}}, pair.utc);
  pair.pass(8);
  ASSERT_EQ(pair.points.size(), 1u);
  EXPECT_EQ(pair.points[0].kind, PointKind::registration);
  EXPECT_EQ(pair.points[0].group.str(), "side");
  EXPECT_EQ(pair.points[0].source, "bus");
  EXPECT_EQ(pair.points[0].to_stop_line, Metres{90});
}

}  // namespace
}  // namespace dispecer::rsmp
