// The register and the signs against the adapters that ask them.
#include <gtest/gtest.h>

#include "adapters/http/client.h"
#include "adapters/registers/client.h"
#include "adapters/signs/signs.h"
#include "sim/devices/registers/registers.h"
#include "sim/devices/sign/sign.h"
#include "tests/sim/devices_enforcement/street.h"

namespace dispecer::sim {
namespace {

struct Hall {
  Town town;
  std::unique_ptr<RegistersDevice> device;
  std::unique_ptr<registers::Client> client;

  Hall() {
    device = std::move(RegistersDevice::make(
                           town.context({row("registers", "registers", "127.0.0.1:0")})))
                 .value();
    client = std::make_unique<registers::Client>(
        town.io,
        registers::ClientOptions{"http://127.0.0.1:" + std::to_string(device->port()), "",
                                 std::chrono::seconds(5)},
        [this] { return town.view.now; });
  }
  ~Hall() { client.reset(); }
  void add_vehicle(const char* id, RoadUser kind) {
    StreetVehicle v;
    v.id = id;
    v.kind = kind;
    v.plate = plate_of(id, 1);
    town.view.vehicles.push_back(v);
  }
  RightsAnswer ask(const std::string& plate, UtcTime from, UtcTime to) {
    std::optional<RightsAnswer> answer;
    client->ask({"q", plate, "RO", from, to}, [&](RightsAnswer a) { answer = std::move(a); });
    EXPECT_TRUE(town.run_until([&] { return answer.has_value(); }));
    return answer.value_or(RightsAnswer{});
  }
};

TEST(SimRegister, BusesAndAmbulancesAreExemptAlsoWhenItIsGone) {
  Hall hall;
  hall.add_vehicle("bus1", RoadUser::bus);
  hall.add_vehicle("amb1", RoadUser::emergency);
  hall.town.tick(*hall.device, 0);
  const auto bus = hall.ask(plate_of("bus1", 1), after(0), after(0));
  EXPECT_TRUE(bus.answered);
  EXPECT_NE(std::find(bus.kinds.begin(), bus.kinds.end(), PermitKind::public_transport),
            bus.kinds.end());
  hall.client->refresh_exempt();
  hall.town.run_until([&] { return hall.client->counters().contains("registers.exempt.ok"); });
  ASSERT_TRUE(hall.device->set_fault("", "dead", true));
  const auto ambulance = hall.ask(plate_of("amb1", 1), after(0), after(0));
  EXPECT_FALSE(ambulance.answered);
  EXPECT_EQ(ambulance.kinds, (std::vector{PermitKind::emergency}));
}

TEST(SimRegister, APaymentCountsForTheTimeItWasMadeFor) {
  Hall hall;
  ParkedVehicle v;
  v.id = "v1";
  v.plate = "MM77QQQ";  // a plate for which nobody holds a permit
  ASSERT_TRUE(permits_of(v.plate, 1).empty());
  v.parking = ParkingId("p1");
  v.since = after(0);
  v.paid_until = after(600);
  hall.town.view.parked[ParkingId("p1")] = {v};
  hall.town.tick(*hall.device, 0);
  using K = std::vector<PermitKind>;
  EXPECT_EQ(hall.ask(v.plate, after(10), after(10)).kinds, K{PermitKind::parking_paid});
  EXPECT_EQ(hall.ask(v.plate, after(599), after(599)).kinds, K{PermitKind::parking_paid});
  EXPECT_EQ(hall.ask(v.plate, after(600), after(600)).kinds, K{});
  EXPECT_EQ(hall.ask(v.plate, after(500), after(900)).kinds, K{PermitKind::parking_paid});
  EXPECT_EQ(hall.ask(v.plate, after(-60), after(-1)).kinds, K{});
}

TEST(SimRegister, APlateThatNoVehicleBearsHasNoRight) {
  Hall hall;
  hall.town.tick(*hall.device, 0);
  for (int i = 0; i < 30; ++i) {
    const auto plate = plate_of("ghost" + std::to_string(i), 1);
    const auto answer = hall.ask(plate, after(0), after(0));
    EXPECT_TRUE(answer.answered);
    EXPECT_TRUE(answer.kinds.empty() && answer.neighbour_kinds.empty());
  }
}

TEST(SimRegister, ItGrowsOldWhenItIsNoLongerRenewed) {
  Hall hall;
  hall.town.tick(*hall.device, 0);
  hall.town.tick(*hall.device, 59);
  EXPECT_EQ(hall.ask("MM01AAA", after(59), after(59)).register_age, Seconds{59});
  hall.town.tick(*hall.device, 60);
  EXPECT_EQ(hall.ask("MM01AAA", after(60), after(60)).register_age, Seconds{0});
  ASSERT_TRUE(hall.device->set_fault("registers", "stale", true));
  hall.town.tick(*hall.device, 400);
  EXPECT_EQ(hall.ask("MM01AAA", after(400), after(400)).register_age, Seconds{340});
}

TEST(SimRegister, BadQuestionsAreRefused) {
  Hall hall;
  hall.town.tick(*hall.device, 0);
  http::Client client(hall.town.io);
  const auto base = "http://127.0.0.1:" + std::to_string(hall.device->port());
  std::vector<unsigned> status;
  for (const char* body : {"", "[]", "{}", R"({"plates":["A"],"from":"x","to":"y"})"})
    client.post(base + "/rights", "application/json", body, {},
                [&](Result<http::Response> r) { status.push_back(r ? r->status : 0); });
  ASSERT_TRUE(hall.town.run_until([&] { return status.size() == 4; }));
  EXPECT_EQ(status, (std::vector<unsigned>{400, 400, 400, 400}));
}

TEST(SimSign, ShowsWhatItIsToldAndTheStreetSeesIt) {
  Town town;
  auto device =
      std::move(SignDevice::make(town.context({row("s1", "sign", "127.0.0.1:0")}))).value();
  std::vector<SignReport> reports;
  signs::Signs adapter(
      town.io,
      {{SignId("s1"), "http://127.0.0.1:" + std::to_string(device->port_of("s1")) + "/signs/s1",
        ""}},
      {},
      {[&](const SignReport& r) { reports.push_back(r); }, [](const OrderReport&) {},
       [&] { return town.view.now; }});
  const auto look = [&] {
    reports.clear();
    adapter.poll();
    town.run_until([&] { return !reports.empty(); });
    return reports.at(0);
  };
  EXPECT_EQ(look().shows, "");
  http::Client client(town.io);
  const auto tell = [&](const char* message) {
    bool done = false;
    http::Request request;
    request.method = "PUT";
    request.body = std::string("{\"message\":\"") + message + "\"}";
    client.send("http://127.0.0.1:" + std::to_string(device->port_of("s1")) + "/signs/s1", request,
                [&](const Result<http::Response>&) { done = true; });
    town.run_until([&] { return done; });
  };
  tell("restricted");
  EXPECT_EQ(look().shows, "restricted");
  town.tick(*device, 0);
  EXPECT_EQ(town.signs.sign_shows(SignId("s1")), "restricted");

  device->set_fault("s1", "stuck", true);
  tell("open");
  EXPECT_EQ(look().shows, "restricted");
  device->set_fault("s1", "stuck", false);
  device->set_fault("s1", "dark", true);
  EXPECT_FALSE(look().healthy);
  device->set_fault("s1", "dark", false);
  device->set_fault("s1", "other", true);
  EXPECT_NE(look().shows, "restricted");
  EXPECT_FALSE(device->set_fault("s9", "stuck", true));
  EXPECT_FALSE(device->set_fault("s1", "unheard_of", true));
}

}  // namespace
}  // namespace dispecer::sim
