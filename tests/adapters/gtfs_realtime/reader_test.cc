#include "adapters/gtfs_realtime/reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

#include "adapters/gtfs_realtime/message/message.h"
#include "fusion/model/ranges.h"

namespace dispecer::gtfs_realtime {
namespace {

constexpr std::uint64_t kNow = 1795248000;  // 2026-11-21T08:00:00Z

UtcTime at(std::uint64_t s) {
  return {static_cast<std::int64_t>(s) * 1'000'000};
}

FeedVehicle bus(const std::string& id, std::uint64_t t = kNow) {
  FeedVehicle v;
  v.id = id;
  v.has_position = true;
  v.lat = 47.65;
  v.lon = 23.58;
  v.timestamp = t;
  return v;
}

Feed feed_of(std::vector<FeedVehicle> vehicles, std::uint64_t t = kNow) {
  Feed feed{"2.0", 0, t, {}};
  for (auto& v : vehicles)
    feed.entities.push_back({"e" + std::to_string(feed.entities.size()), false, false, false, v});
  return feed;
}

Timetable timetable() {
  Timetable t;
  t.lines = {{LineId("L50"), "50", "", VehicleKind::bus}};
  Trip trip;
  trip.id = TripId("T1");
  trip.line = LineId("L50");
  t.trips.push_back(trip);
  for (const int start : {21600, 22200}) {
    trip.id = TripId("F1@0" + std::to_string(start / 3600) + ":" +
                     (start % 3600 == 0 ? "00" : "10") + ":00");
    trip.stop_times = {{StopId("S"), 1, Seconds{double(start)}, Seconds{double(start)}, {}, true}};
    t.trips.push_back(trip);
  }
  return t;
}

class GtfsRealtime : public testing::Test {
 protected:
  std::vector<VehiclePosition> read(const Feed& feed, std::uint64_t now = kNow) {
    const auto r = reader_.read(encode(feed), at(now));
    if (!r) return {};
    for (const auto& p : r->positions) EXPECT_TRUE(check_ranges(p).ok());
    return r->positions;
  }
  std::uint64_t counted(const std::string& name) {
    const auto found = reader_.counters().find("gtfs_rt." + name);
    return found == reader_.counters().end() ? 0 : found->second;
  }
  // Every vehicle ends in one counter of position.*, and only one.
  std::uint64_t outcomes() {
    std::uint64_t n = 0;
    for (const auto& [name, value] : reader_.counters()) {
      if (name.starts_with("gtfs_rt.position.")) n += value;
    }
    return n;
  }

  static ReaderOptions options() {
    ReaderOptions o;
    o.south_west = {23.4, 47.5};
    o.north_east = {23.7, 47.8};
    return o;
  }
  Reader reader_{timetable(), options()};
};

TEST_F(GtfsRealtime, AWholePositionIsReadFieldByField) {
  auto v = bus("B7", kNow - 2);
  v.trip = FeedTrip{"T1", "L50", "20261121", "08:00:00", 0, 0};
  v.bearing = 90;
  v.speed = 12.5;
  v.stop_sequence = 4;
  v.status = 1;
  v.load_percent = 55;
  const auto got = read(feed_of({v}));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].vehicle, VehicleId("B7"));
  EXPECT_EQ(got[0].t, at(kNow - 2));
  EXPECT_NEAR(got[0].position.lat, 47.65, 1e-5);
  EXPECT_NEAR(got[0].position.lon, 23.58, 1e-5);
  EXPECT_EQ(got[0].bearing, Bearing{90});
  EXPECT_EQ(got[0].speed, MetresPerSecond{12.5});
  EXPECT_EQ(got[0].trip, TripId("T1"));
  EXPECT_EQ(got[0].line, LineId("L50"));
  EXPECT_EQ(got[0].start_date, "20261121");
  EXPECT_EQ(got[0].stop_sequence, 4U);
  EXPECT_EQ(got[0].stop_status, StopStatus::stopped);
  EXPECT_NEAR(got[0].passenger_load->value, 0.55, 1e-9);
  EXPECT_EQ(counted("position.published"), 1U);
}

TEST_F(GtfsRealtime, WhatTheFeedDoesNotSayStaysUnknown) {
  const auto got = read(feed_of({bus("B7")}));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_FALSE(got[0].bearing || got[0].speed || got[0].stop_sequence || got[0].passenger_load);
  EXPECT_TRUE(got[0].trip.empty() && got[0].line.empty());
  EXPECT_EQ(got[0].stop_status, StopStatus::unknown);
}

TEST_F(GtfsRealtime, APositionWithoutATimestampIsCountedAndDropped) {
  auto v = bus("B7");
  v.timestamp.reset();
  EXPECT_TRUE(read(feed_of({v})).empty());
  EXPECT_EQ(counted("position.no_timestamp"), 1U);
}

TEST_F(GtfsRealtime, MillisecondsAreNotTakenForSeconds) {
  EXPECT_TRUE(read(feed_of({bus("B7", kNow * 1000)}, kNow * 1000)).empty());
  EXPECT_EQ(counted("position.milliseconds"), 1U);
  EXPECT_EQ(read(feed_of({bus("B7")})).size(), 1U) << "and the feed's time is not spoilt by it";
}

TEST_F(GtfsRealtime, APositionFromTheFutureIsDroppedBeyondTheTolerance) {
  EXPECT_EQ(read(feed_of({bus("A", kNow + 10), bus("B", kNow + 11)}, kNow)).size(), 1U);
  EXPECT_EQ(counted("position.future"), 1U);
  EXPECT_EQ(counted("note.header_older"), 2U);
}

TEST_F(GtfsRealtime, AStalePositionIsDroppedAndTold) {
  const auto r =
      reader_.read(encode(feed_of({bus("A", kNow - 90), bus("B", kNow - 91)})), at(kNow));
  ASSERT_TRUE(r.ok());
  EXPECT_EQ(r->positions.size(), 1U);
  EXPECT_EQ(r->stale, 1U);
  EXPECT_EQ(r->vehicles, 2U);
  EXPECT_EQ(counted("position.stale"), 1U);
}

TEST_F(GtfsRealtime, BadPositionsAreDropped) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<FeedVehicle> all(6, bus(""));
  for (std::size_t i = 0; i < all.size(); ++i) all[i].id = "B" + std::to_string(i);
  all[0].lat = nan;
  all[1].lon = 181;
  all[2].lat = all[2].lon = 0;
  all[3].lat.reset();
  all[4].has_position = false;
  all[4].lat.reset();
  all[4].lon.reset();
  all[5].lat = -std::numeric_limits<double>::infinity();
  EXPECT_TRUE(read(feed_of(all)).empty());
  EXPECT_EQ(counted("position.bad_position"), 6U);
}

TEST_F(GtfsRealtime, APositionFarFromTheCityIsDropped) {
  auto v = bus("B7");
  v.lat = 44.4;
  EXPECT_TRUE(read(feed_of({v})).empty());
  EXPECT_EQ(counted("position.far_position"), 1U);
}

TEST_F(GtfsRealtime, AVehicleIdThatComesTwiceCountsOnce) {
  EXPECT_EQ(read(feed_of({bus("B7"), bus("B7", kNow - 1), bus("B8")})).size(), 2U);
  EXPECT_EQ(counted("position.duplicate_vehicle"), 1U);
}

TEST_F(GtfsRealtime, WithoutAVehicleIdTheLabelOrTheEntityStandsIn) {
  auto labelled = bus("");
  labelled.label = "car 12";
  auto nameless = bus("");
  auto feed = feed_of({labelled, nameless, nameless});
  feed.entities[2].id = "";
  const auto got = read(feed);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].vehicle, VehicleId("car 12"));
  EXPECT_EQ(got[1].vehicle, VehicleId("e1"));
  EXPECT_EQ(counted("position.no_vehicle_id"), 1U);
}

TEST_F(GtfsRealtime, AnUnknownTripIsTakenOffButTheBusIsStillSeen) {
  auto v = bus("B7");
  v.trip = FeedTrip{"T999", "L50", {}, {}, {}, {}};
  v.stop_sequence = 3;
  const auto got = read(feed_of({v}));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_TRUE(got[0].trip.empty());
  EXPECT_FALSE(got[0].stop_sequence);
  EXPECT_EQ(got[0].line, LineId("L50"));
  EXPECT_EQ(counted("position.unknown_trip"), 1U);
}

TEST_F(GtfsRealtime, AnUnknownRouteIsTakenOffToo) {
  auto v = bus("B7");
  v.trip = FeedTrip{"T999", "L99", {}, {}, {}, {}};
  const auto got = read(feed_of({v}));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_TRUE(got[0].line.empty());
  EXPECT_EQ(counted("position.unknown_route"), 1U);
}

TEST_F(GtfsRealtime, ATripByFrequencyIsTheNearestDeparture) {
  auto v = bus("B7");
  v.trip = FeedTrip{"F1", {}, {}, "06:09:10", {}, {}};
  const auto got = read(feed_of({v}));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].trip, TripId("F1@06:10:00"));
  EXPECT_EQ(got[0].line, LineId("L50"));
}

TEST_F(GtfsRealtime, WithoutATimetableNothingIsCalledUnknown) {
  Reader reader({}, options());
  auto v = bus("B7");
  v.trip = FeedTrip{"T5", "R5", {}, {}, {}, {}};
  const auto r = reader.read(encode(feed_of({v})), at(kNow));
  ASSERT_TRUE(r.ok());
  ASSERT_EQ(r->positions.size(), 1U);
  EXPECT_EQ(r->positions[0].trip, TripId("T5"));
  EXPECT_EQ(r->positions[0].line, LineId("R5"));
}

TEST_F(GtfsRealtime, ARepeatedPositionIsNotPublishedAgain) {
  EXPECT_EQ(read(feed_of({bus("B7")})).size(), 1U);
  EXPECT_TRUE(read(feed_of({bus("B7")}, kNow + 1), kNow + 1).empty());
  EXPECT_EQ(counted("position.repeated"), 1U);
  EXPECT_EQ(read(feed_of({bus("B7", kNow + 2)}, kNow + 2), kNow + 2).size(), 1U);
}

TEST_F(GtfsRealtime, APositionOlderThanTheVehiclesLastIsDropped) {
  EXPECT_EQ(read(feed_of({bus("B7")})).size(), 1U);
  EXPECT_TRUE(read(feed_of({bus("B7", kNow - 3)}, kNow + 1), kNow + 1).empty());
  EXPECT_EQ(counted("position.goes_back"), 1U);
}

TEST_F(GtfsRealtime, AFeedOlderThanTheLastIsDroppedWhole) {
  EXPECT_EQ(read(feed_of({bus("A")}, kNow)).size(), 1U);
  const auto r = reader_.read(encode(feed_of({bus("B")}, kNow - 1)), at(kNow + 1));
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().cause, "header_back");
  EXPECT_EQ(counted("feed.header_back"), 1U);
}

TEST_F(GtfsRealtime, ANewEpochOfTheClockForgetsWhatWasSeen) {
  EXPECT_EQ(read(feed_of({bus("A")}, kNow)).size(), 1U);
  EXPECT_EQ(read(feed_of({bus("A", kNow - 7200)}, kNow - 7200), kNow - 7200).size(), 1U);
}

TEST_F(GtfsRealtime, TheSameHeaderTimeWithNewContentIsNotedAndRead) {
  EXPECT_EQ(read(feed_of({bus("A")})).size(), 1U);
  EXPECT_EQ(read(feed_of({bus("A"), bus("B")})).size(), 1U);
  EXPECT_EQ(counted("note.same_time_new_content"), 1U);
}

TEST_F(GtfsRealtime, HeaderFaultsAreNotedAndThePositionsRead) {
  auto feed = feed_of({bus("A")});
  feed.timestamp.reset();
  feed.incrementality.reset();
  EXPECT_EQ(read(feed).size(), 1U);
  EXPECT_EQ(counted("note.no_header_time"), 1U);
  EXPECT_EQ(counted("note.no_incrementality"), 1U);
}

TEST_F(GtfsRealtime, DeletedEntitiesAreSkippedAndAFaultInAWholeDataSet) {
  auto feed = feed_of({bus("A"), bus("B")});
  feed.entities[0].deleted = true;
  EXPECT_EQ(read(feed).size(), 1U);
  EXPECT_EQ(counted("position.deleted"), 1U);
  EXPECT_EQ(counted("note.deleted_in_full"), 1U);
  feed = feed_of({bus("C")}, kNow + 1);
  feed.incrementality = 1;
  feed.entities[0].deleted = true;
  EXPECT_TRUE(read(feed).empty());
  EXPECT_EQ(counted("note.deleted_in_full"), 1U);
}

TEST_F(GtfsRealtime, ImpossibleSpeedsBearingsAndDatesAreLeftOut) {
  auto v = bus("B7");
  v.speed = 200;
  v.bearing = -5;
  v.trip = FeedTrip{"T1", {}, "21.11.2026", {}, {}, {}};
  auto w = bus("B8");
  w.speed = std::numeric_limits<double>::quiet_NaN();
  w.bearing = 360;
  const auto got = read(feed_of({v, w}));
  ASSERT_EQ(got.size(), 2U);
  EXPECT_FALSE(got[0].speed || got[0].bearing);
  EXPECT_EQ(got[0].start_date, "");
  EXPECT_EQ(got[1].bearing, Bearing{0});
  EXPECT_EQ(counted("note.bad_speed"), 2U);
  EXPECT_EQ(counted("note.bad_bearing"), 1U);
  EXPECT_EQ(counted("note.bad_start_date"), 1U);
}

TEST_F(GtfsRealtime, OccupancyIsMappedByTheProducersTable) {
  std::vector<FeedVehicle> all;
  for (int status = 0; status <= 9; ++status) {
    all.push_back(bus("B" + std::to_string(status)));
    all.back().occupancy = status;
  }
  const auto got = read(feed_of(all));
  ASSERT_EQ(got.size(), 10U);
  double last = -1;
  for (std::size_t i = 0; i < 6; ++i) {
    ASSERT_TRUE(got[i].passenger_load) << i;
    EXPECT_GT(got[i].passenger_load->value, last);
    last = got[i].passenger_load->value;
  }
  EXPECT_EQ(got[6].passenger_load, Ratio{1});
  EXPECT_FALSE(got[7].passenger_load || got[8].passenger_load || got[9].passenger_load);
  EXPECT_EQ(counted("note.unknown_occupancy"), 1U);
}

TEST_F(GtfsRealtime, UpdatesAlertsAndPartsWeDoNotKnowAreCountedAndSkipped) {
  // entity 1: a trip update (field 3) with a trip; 2: an alert (5); 3: a shape (6), newer than us;
  // and an unknown field 1234 in the feed itself.
  const std::string header = std::string("\x0a\x0d\x0a\x03") + "2.0\x10" + std::string(1, '\0') +
                             "\x18\x80\xbc\x85\xd8\x06";
  const std::string bytes = header + std::string("\x12\x08\x0a\x01") + "1\x1a\x03\x0a\x01x" +
                            "\x12\x05\x0a\x01" + "2\x2a" + std::string(1, '\0') +
                            "\x12\x05\x0a\x01" + "3\x32" + std::string(1, '\0') + "\x92\x4d\x02hi";
  const auto r = reader_.read(bytes, at(kNow));
  ASSERT_TRUE(r.ok()) << r.error().message();
  EXPECT_TRUE(r->positions.empty());
  EXPECT_EQ(counted("entity.trip_update"), 1U);
  EXPECT_EQ(counted("entity.alert"), 1U);
  EXPECT_EQ(counted("entity.other"), 1U);
}

TEST_F(GtfsRealtime, BytesThatAreNoFeedAreRefusedByName) {
  for (const auto& bytes : {std::string("<html>502</html>"), std::string(1000, '\xff'),
                            encode(feed_of({bus("A")})).substr(0, 30)}) {
    const auto r = reader_.read(bytes, at(kNow));
    ASSERT_FALSE(r.ok());
    EXPECT_EQ(r.error().cause, "bad_protobuf");
  }
  EXPECT_EQ(reader_.read("", at(kNow)).error().cause, "no_header");
  EXPECT_EQ(counted("feed.bad_protobuf"), 3U);
  EXPECT_EQ(counted("feed.no_header"), 1U);
}

TEST_F(GtfsRealtime, MutatedFeedsNeverCrashAndEveryVehicleStillEndsInOneCounter) {
  std::vector<FeedVehicle> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(bus("B" + std::to_string(i)));
    all.back().trip = FeedTrip{"T1", "L50", "20261121", "08:00:00", 1, 0};
    all.back().speed = 5;
    all.back().occupancy = i;
    all.back().stop_sequence = 2;
  }
  const std::string seed = encode(feed_of(all));
  std::mt19937_64 random(20261121);
  std::uint64_t vehicles = 0;
  std::uint64_t accepted = 0;
  for (int round = 0; round < 8000; ++round) {
    std::string bytes = seed;
    const auto changes = 1 + random() % 4;
    for (std::uint64_t c = 0; c < changes; ++c) {
      const auto where = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[where] = static_cast<char>(bytes[where] ^ (1 << (random() % 8)));
          break;
        case 1:
          bytes[where] = static_cast<char>(random());
          break;
        case 2:
          bytes.erase(where, 1 + random() % 3);
          break;
        default:
          bytes.insert(where, 1, static_cast<char>(random()));
      }
    }
    reader_ = Reader(timetable(), options());
    const auto r = reader_.read(bytes, at(kNow));
    if (!r) continue;
    ++accepted;
    vehicles += r->vehicles;
    ASSERT_EQ(outcomes(), r->vehicles) << "round " << round;
    for (const auto& p : r->positions) ASSERT_TRUE(check_ranges(p).ok()) << "round " << round;
  }
  EXPECT_GT(vehicles, accepted);
  EXPECT_GT(accepted, 500U) << "the mutations must also reach the inner checks";
}

TEST(GtfsRealtimeSamples, ThePublishedExamplesAreRead) {
  const char* folder = std::getenv("DISPECER_SAMPLES");
  if (folder == nullptr) GTEST_SKIP() << "DISPECER_SAMPLES is not set";
  int seen = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(folder) / "gtfs-realtime")) {
    if (file.path().extension() != ".pb") continue;
    ++seen;
    std::ifstream in(file.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const auto feed = decode(bytes.str());
    ASSERT_TRUE(feed.ok()) << file.path();
    ASSERT_FALSE(feed->entities.empty()) << file.path();
    ASSERT_TRUE(feed->entities[0].vehicle) << file.path();
    const bool tells = file.path().string().find("with-occupancy") != std::string::npos;
    if (file.path().string().find("pre-occupancy") != std::string::npos) {
      EXPECT_EQ(feed->entities[0].vehicle->occupancy.has_value(), tells) << file.path();
    }
    Reader reader({}, {});
    const auto r = reader.read(bytes.str(), at(kNow));
    ASSERT_TRUE(r.ok()) << file.path();
    std::uint64_t outcomes = 0;
    for (const auto& [name, n] : reader.counters()) {
      if (name.starts_with("gtfs_rt.position.")) outcomes += n;
    }
    EXPECT_EQ(outcomes, r->vehicles);
  }
  EXPECT_EQ(seen, 3);
}

}  // namespace
}  // namespace dispecer::gtfs_realtime
