#include "adapters/scan_car/receiver.h"

#include <gtest/gtest.h>

namespace dispecer::scan_car {
namespace {

const UtcTime kNow = parse_iso("2026-11-23T10:00:00Z").value();
constexpr LonLat kCorner{23.58, 47.66};

LonLat at(double east, double north) {
  return LocalPlane(kCorner).to_lon_lat({east, north});
}

// A strip of bays, 50 m long and 2 m wide, along y = `north`.
ParkingArea strip(const char* id, double north) {
  ParkingArea a;
  a.id = ParkingId(id);
  a.position = at(25, north + 1);
  a.polygon = {at(0, north), at(50, north), at(50, north + 2), at(0, north + 2)};
  return a;
}

TEST(StreetFace, AVehicleBelongsToTheStripItStandsInOrNextTo) {
  const std::vector<ParkingArea> areas{strip("south", 0), strip("north", 40)};
  EXPECT_EQ(match(areas, at(10, 1), 4), ParkingId("south"));
  EXPECT_EQ(match(areas, at(10, 8), 4), ParkingId("south"));
  EXPECT_EQ(match(areas, at(10, 36), 4), ParkingId("north"));
  EXPECT_EQ(match(areas, at(10, 21), 4), ParkingId());  // more than 2 sd + 3 m from both
  EXPECT_EQ(match({}, at(0, 0), 4), ParkingId());
}

TEST(StreetFace, BetweenTwoStripsThatAreHardlyApartItIsNoneOfThem) {
  const std::vector<ParkingArea> areas{strip("south", 0), strip("north", 12)};
  EXPECT_EQ(match(areas, at(10, 7), 4), ParkingId());
  EXPECT_EQ(match(areas, at(10, 4), 4), ParkingId("south"));
  EXPECT_EQ(match(areas, at(10, 1), 50), ParkingId("south"));  // inside is inside
}

TEST(StreetFace, AnAreaWithoutAPolygonIsADisc) {
  auto a = strip("yard", 0);
  a.polygon.clear();
  EXPECT_EQ(match({a}, at(25, 20), 2), ParkingId("yard"));
  EXPECT_EQ(match({a}, at(25, 60), 2), ParkingId());
}

struct Office {
  std::vector<std::pair<ScanRead, bool>> reads;
  Receiver receiver{
      {{VehicleId("car1"), "t1"}}, {strip("south", 0)}, [this](ScanRead read, bool late) {
        reads.emplace_back(std::move(read), late);
      }};

  unsigned push(const std::string& reads_json, const std::string& token = "t1") {
    http::Request request;
    request.method = "POST";
    request.headers = {{"Authorization", "Bearer " + token}};
    request.body =
        R"({"device": "car1", "sent": "2026-11-23T10:00:00Z", "reads": [)" + reads_json + "]}";
    return receiver.handle(request, kNow).status;
  }
  std::uint64_t counted(const std::string& name) {
    const auto it = receiver.counters().find("scan_car." + name);
    return it == receiver.counters().end() ? 0 : it->second;
  }
};

std::string read(const char* id, const char* time, LonLat p) {
  return std::string(R"({"id": ")") + id + R"(", "time": ")" + time +
         R"(", "plate": "MM12ABC", "country": "RO", "confidence": 0.99, "sd": 4, "lon": )" +
         std::to_string(p.lon) + R"(, "lat": )" + std::to_string(p.lat) + "}";
}

TEST(ScanCar, ABatchIsMatchedToStreetFaces) {
  Office o;
  EXPECT_EQ(o.push(read("a", "2026-11-23T09:59:58Z", at(10, 1)) + "," +
                   read("b", "2026-11-23T09:59:59Z", at(10, 80))),
            200U);
  ASSERT_EQ(o.reads.size(), 2U);
  EXPECT_EQ(o.reads[0].first.parking, ParkingId("south"));
  EXPECT_EQ(o.reads[0].first.scan_car, VehicleId("car1"));
  EXPECT_EQ(o.reads[0].first.position_sd, Metres{4});
  EXPECT_FALSE(o.reads[0].second);
  EXPECT_EQ(o.reads[1].first.parking, ParkingId());
  EXPECT_EQ(o.counted("unmatched"), 1U);
}

TEST(ScanCar, WhatWasKeptWithoutAConnectionIsTakenAndFlaggedAsLate) {
  Office o;
  o.push(read("a", "2026-11-23T09:58:59Z", at(10, 1)) + "," +
         read("b", "2026-11-23T09:59:00Z", at(10, 1)));
  ASSERT_EQ(o.reads.size(), 2U);
  EXPECT_TRUE(o.reads[0].second);
  EXPECT_FALSE(o.reads[1].second);
  EXPECT_EQ(o.counted("late"), 1U);
}

TEST(ScanCar, ARepeatedBatchChangesNothing) {
  Office o;
  const auto batch = read("a", "2026-11-23T09:59:58Z", at(10, 1));
  o.push(batch);
  EXPECT_EQ(o.push(batch), 200U);
  EXPECT_EQ(o.reads.size(), 1U);
  EXPECT_EQ(o.counted("duplicate"), 1U);
}

TEST(ScanCar, EveryReadEndsInOneCounter) {
  Office o;
  o.push(read("a", "2026-11-23T09:59:58Z", at(10, 1)) + "," +
         read("b", "2026-11-23T10:05:00Z", at(10, 1)) + "," +
         R"({"id": "c", "time": "2026-11-23T09:59:58Z", "confidence": 1}, {"id": "d"})");
  EXPECT_EQ(o.reads.size(), 1U);
  EXPECT_EQ(o.counted("accepted") + o.counted("from_the_future") + o.counted("bad_position") +
                o.counted("bad_time"),
            4U);
  EXPECT_EQ(o.push("", "wrong"), 401U);
}

}  // namespace
}  // namespace dispecer::scan_car
