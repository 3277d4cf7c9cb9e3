// Plate readers and the scan car against the adapters that take their reads.
#include <gtest/gtest.h>

#include "adapters/anpr/receiver.h"
#include "adapters/http/server.h"
#include "adapters/scan_car/receiver.h"
#include "sim/devices/plate_reader/ocr.h"
#include "sim/devices/plate_reader/plate_reader.h"
#include "sim/devices/scan_car/scan_car.h"
#include "tests/sim/devices_enforcement/street.h"

namespace dispecer::sim {
namespace {

TEST(Ocr, TheErrorModelIsWhatItSays) {
  int unreadable = 0, wrong = 0, sure = 0, very_sure = 0, sure_and_wrong = 0;
  constexpr int kReads = 20000;
  for (int i = 0; i < kReads; ++i) {
    const auto vehicle = "v" + std::to_string(i % 5000);
    const auto plate = plate_of(vehicle, 1);
    const auto read = read_plate(vehicle, plate, std::to_string(i), 1);
    unreadable += read.plate.empty() ? 1 : 0;
    const bool bad = !read.plate.empty() && read.plate != plate;
    wrong += bad ? 1 : 0;
    sure += read.confidence >= 0.95 ? 1 : 0;
    very_sure += read.confidence >= 0.99 ? 1 : 0;
    sure_and_wrong += bad && read.confidence >= 0.95 ? 1 : 0;
    EXPECT_GE(read.confidence, 0);
    EXPECT_LE(read.confidence, 1);
  }
  EXPECT_NEAR(unreadable / double{kReads}, 0.02, 0.005);
  EXPECT_NEAR(wrong / double{kReads}, 0.03, 0.008);
  EXPECT_NEAR(sure / double{kReads}, 0.85, 0.03);
  EXPECT_NEAR(very_sure / double{kReads}, 0.565, 0.03);
  EXPECT_LT(sure_and_wrong / double{kReads}, 0.006);
}

TEST(Ocr, SomeVehiclesAreMisreadTheSameWayEachTime) {
  int lasting = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto vehicle = "v" + std::to_string(i);
    const auto plate = plate_of(vehicle, 1);
    std::set<std::string> reads;
    for (const char* occasion : {"a", "b", "c", "d"}) {
      auto read = read_plate(vehicle, plate, occasion, 1);
      if (!read.plate.empty()) reads.insert(read.plate);
    }
    lasting += reads.size() == 1 && *reads.begin() != plate ? 1 : 0;
  }
  EXPECT_GT(lasting, 5);
  EXPECT_LT(lasting, 50);
}

// A centre that takes reads of r1 at the gate "north" and of the scan car.
struct Centre {
  explicit Centre(Town& town) : town_(town) { open(); }
  void open(std::uint16_t port = 0) {
    http::ServerOptions options;
    options.port = port;
    server = std::move(http::Server::listen(town_.io, options, [this](const http::Request& r) {
               return http::path_of(r.target) == "/anpr" ? anpr.handle(r, town_.view.now)
                                                         : cars.handle(r, town_.view.now);
             })).value();
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(server->port()); }

  Town& town_;
  std::vector<PlateRead> reads;
  std::vector<std::pair<ScanRead, bool>> scans;
  anpr::Receiver anpr{{{ReaderId("r1"), GateId("north"), "", true}},
                      [this](PlateRead r) { reads.push_back(std::move(r)); }};
  scan_car::Receiver cars{
      {{VehicleId("car1"), "", true}}, town_.city.parking, [this](ScanRead r, bool late) {
        scans.emplace_back(std::move(r), late);
      }};
  std::unique_ptr<http::Server> server;
};

GatePassage passage(const char* vehicle, double s) {
  GatePassage p;
  p.gate = GateId("north");
  p.t = after(s);
  p.vehicle = vehicle;
  p.plate = plate_of(vehicle, 1);
  return p;
}

TEST(PlateReader, EveryPassageReachesTheCentreOnce) {
  Town town;
  Centre centre(town);
  auto device =
      std::move(PlateReaderDevice::make(town.context({row("r1", "anpr", centre.address())})))
          .value();
  for (int i = 0; i < 40; ++i) {
    town.view.passages = {passage(("v" + std::to_string(i)).c_str(), i)};
    town.tick(*device, i);
  }
  for (int i = 40; i < 200 && centre.reads.size() < 40; ++i) town.tick(*device, i);
  ASSERT_EQ(centre.reads.size(), 40U);
  for (const auto& read : centre.reads) EXPECT_LT(std::abs(read.clock_error.value), 1);
  EXPECT_EQ(centre.reads[7].gate, GateId("north"));
}

TEST(PlateReader, WhileTheCentreIsAwayReadsWait) {
  Town town;
  Centre centre(town);
  const auto port = centre.server->port();
  auto device =
      std::move(PlateReaderDevice::make(town.context({row("r1", "anpr", centre.address())})))
          .value();
  centre.server.reset();
  for (int i = 0; i < 5; ++i) {
    town.view.passages = {passage(("v" + std::to_string(i)).c_str(), i)};
    town.tick(*device, i);
  }
  EXPECT_TRUE(centre.reads.empty());
  centre.open(port);
  for (int i = 5; i < 200 && centre.reads.size() < 5; ++i) town.tick(*device, i);
  EXPECT_EQ(centre.reads.size(), 5U);
}

TEST(PlateReader, FaultsShowAtTheCentre) {
  Town town;
  Centre centre(town);
  auto device =
      std::move(PlateReaderDevice::make(town.context({row("r1", "anpr", centre.address())})))
          .value();
  EXPECT_FALSE(device->set_fault("r1", "unheard_of", true));
  EXPECT_FALSE(device->set_fault("r9", "dead", true));
  EXPECT_TRUE(device->set_fault("", "wrong_clock", true));
  town.view.passages = {passage("v1", 0)};
  town.tick(*device, 0);
  ASSERT_TRUE(town.run_until([&] { return centre.reads.size() == 1; }));
  EXPECT_NEAR(centre.reads[0].clock_error.value, 5, 0.5);
  device->set_fault("r1", "wrong_clock", false);
  device->set_fault("r1", "garbage", true);
  town.view.passages = {passage("v2", 10)};
  town.tick(*device, 10);
  town.run_until([&] { return counted(*device, "plate_reader.status_400") > 0; });
  EXPECT_EQ(centre.reads.size(), 1U);
  device->set_fault("r1", "garbage", false);
  for (int i = 11; i < 200 && centre.reads.size() < 2; ++i) town.tick(*device, i);
  EXPECT_EQ(centre.reads.size(), 2U);
  device->set_fault("r1", "dead", true);
  town.view.passages = {passage("v3", 20)};
  town.tick(*device, 20);
  town.run(100);
  EXPECT_EQ(centre.reads.size(), 2U);
}

TEST(PlateReader, AReaderWithoutAGateIsRefused) {
  Town town;
  EXPECT_EQ(PlateReaderDevice::make(town.context({row("r9", "anpr", "127.0.0.1:1")})).error().cause,
            "unknown_gate");
}

// `n` vehicles in a row of bays, five metres apart.
void park(Town& town, unsigned n) {
  auto& bays = town.view.parked[ParkingId("p1")];
  for (unsigned i = 0; i < n; ++i) {
    ParkedVehicle v;
    v.id = "v" + std::to_string(i);
    v.plate = plate_of(v.id, 1);
    v.parking = ParkingId("p1");
    v.bay = i;
    v.position = LocalPlane({23.58, 47.66}).to_lon_lat({5.0 * i - 10, 0});
    v.since = kNow;
    bays.push_back(v);
  }
}

std::unique_ptr<ScanCarDevice> scan_car_at(Town& town, const Centre& centre) {
  auto r = row("scan_car", "scan_car", centre.address());
  r.settings = {{"device", "car1"}, {"lap_s", "420"}};
  return std::move(ScanCarDevice::make(town.context({r}))).value();
}

TEST(ScanCar, ReadsEachParkedVehicleOnceALapAndComesBackAfterTheGrace) {
  Town town;
  Centre centre(town);
  park(town, 6);
  auto device = scan_car_at(town, centre);
  for (int i = 0; i < 430; ++i) {
    town.view.now = after(i);
    device->tick(town.view, town.view.now);
    town.run(i % 10 == 0 || i > 418 ? 20 : 1);
  }
  for (int i = 430; i < 600 && centre.scans.size() < 10; ++i) town.tick(*device, i);
  ASSERT_GE(centre.scans.size(), 10U);
  std::map<std::string, std::vector<UtcTime>> seen;
  for (const auto& [read, late] : centre.scans) {
    EXPECT_FALSE(late);
    EXPECT_EQ(read.parking, ParkingId("p1"));
    if (!read.plate.empty()) seen[read.plate].push_back(read.t);
  }
  int twice = 0;
  for (const auto& [plate, times] : seen) {
    ASSERT_LE(times.size(), 2U);
    if (times.size() < 2) continue;
    ++twice;
    EXPECT_GE(in_seconds(times[1] - times[0]), 300);
  }
  EXPECT_GE(twice, 3);
}

TEST(ScanCar, WithoutAConnectionReadsAreKeptAndComeLate) {
  Town town;
  Centre centre(town);
  park(town, 6);
  auto device = scan_car_at(town, centre);
  device->set_fault("", "offline", true);
  for (int i = 0; i < 10; ++i) town.tick(*device, i);
  EXPECT_TRUE(centre.scans.empty());
  device->set_fault("", "offline", false);
  for (int i = 100; i < 200 && centre.scans.size() < 4; ++i) town.tick(*device, i);
  ASSERT_GE(centre.scans.size(), 4U);
  for (const auto& [read, late] : centre.scans) EXPECT_TRUE(late);
}

TEST(ScanCar, ABadSettingIsNamed) {
  Town town;
  auto r = row("scan_car", "scan_car", "127.0.0.1:1");
  r.settings["lap_s"] = "soon";
  EXPECT_EQ(ScanCarDevice::make(town.context({r})).error().cause, "bad_setting");
}

}  // namespace
}  // namespace dispecer::sim
