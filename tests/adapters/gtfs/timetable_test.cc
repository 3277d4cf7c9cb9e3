#include "adapters/gtfs/timetable.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "adapters/gtfs/along.h"

namespace dispecer::gtfs {
namespace {

// A small city: two stops 1 km apart and one between, on a street that runs north along 23.58 E.
// One degree of latitude is 111.195 km here.
class TimetableTest : public testing::Test {
 protected:
  TimetableTest()
      : folder_(std::filesystem::temp_directory_path() /
                ("dispecer_gtfs_" + std::to_string(::getpid()) + "_" +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(folder_ / "gtfs");
    table("agency.txt",
          "agency_id,agency_name,agency_url,agency_timezone\nA,B,c,Europe/Bucharest\n");
    table("stops.txt",
          "stop_id,stop_name,stop_lat,stop_lon,location_type\n"
          "S1,Gara,47.650000,23.58,0\nS2,\"Piața, "
          "mare\",47.654500,23.58,\nS3,Spital,47.659000,23.58,0\n"
          "ST,Station,47.65,23.58,1\n");
    table("routes.txt",
          "route_id,agency_id,route_short_name,route_long_name,route_type\n"
          "R1,A,50,Gara – Spital,11\nR2,A,7,Centru,3\n");
    table(
        "calendar.txt",
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "W,1,1,1,1,1,0,0,20261116,20261129\n");
    table("calendar_dates.txt", "service_id,date,exception_type\nW,20261121,1\nW,20261120,2\n");
    table("shapes.txt",
          "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
          "SH,47.660000,23.58,3\nSH,47.649000,23.58,1\nSH,47.655000,23.58,2\n");
    table("trips.txt",
          "route_id,service_id,trip_id,trip_headsign,direction_id,shape_id\nR1,W,T1,Spital,0,SH\n");
    table("stop_times.txt",
          "trip_id,arrival_time,departure_time,stop_id,stop_sequence,timepoint\n"
          "T1,24:10:00,24:10:00,S3,30,1\nT1,,,S2,20,\nT1,23:58:00,24:00:00,S1,10,1\n");
    file(
        "transit.toml",
        "[[stop]]\nid = \"S1\"\nlink = \"L1\"\nalong = 12.5\n[[stop]]\nid = \"S2\"\nlink = \"L2\"\n"
        "position_m = 30.0\nbay = true\n[[shape]]\nid = \"SH\"\nlinks = [\"L1\", \"L2\"]\n");
  }
  ~TimetableTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  void table(const std::string& name, const std::string& text) { file("gtfs/" + name, text); }
  void drop(const std::string& name) { std::filesystem::remove(folder_ / "gtfs" / name); }
  Result<Timetable> read() { return read_timetable(folder_.string(), report_); }
  std::uint64_t counted(const std::string& cause) {
    const auto found = report_.counters.find("gtfs." + cause);
    return found == report_.counters.end() ? 0 : found->second;
  }

  std::filesystem::path folder_;
  Report report_;
};

TEST_F(TimetableTest, AWholeFeedIsReadWithItsPlacesOnTheLinks) {
  const auto t = read();
  ASSERT_TRUE(t.ok()) << t.error().message();
  EXPECT_TRUE(report_.faults.empty()) << report_.faults.front().message();
  EXPECT_EQ(t->timezone, "Europe/Bucharest");
  ASSERT_EQ(t->lines.size(), 2U);
  EXPECT_EQ(t->lines[0], (Line{LineId("R1"), "50", "Gara – Spital", VehicleKind::trolleybus}));
  EXPECT_EQ(t->lines[1].kind, VehicleKind::bus);
  ASSERT_EQ(t->stops.size(), 3U) << "a station is not a platform";
  EXPECT_EQ(t->stops[0].link, LinkId("L1"));
  EXPECT_EQ(t->stops[0].along, Metres{12.5});
  EXPECT_EQ(t->stops[1].name, "Piața, mare");
  EXPECT_EQ(t->stops[1].along, Metres{30});
  EXPECT_TRUE(t->stops[2].link.empty());
  ASSERT_EQ(t->shapes.size(), 1U);
  EXPECT_EQ(t->shapes[0].links, (std::vector{LinkId("L1"), LinkId("L2")}));
  EXPECT_EQ(t->shapes[0].points.front().lat, 47.649) << "points stand by sequence";
}

TEST_F(TimetableTest, RowsInAnyOrderBecomeStopsBySequenceAndTimesMayPassMidnight) {
  const auto t = read();
  ASSERT_TRUE(t.ok());
  ASSERT_EQ(t->trips.size(), 1U);
  const auto& calls = t->trips[0].stop_times;
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[0].stop, StopId("S1"));
  EXPECT_EQ(calls[0].departure, Seconds{86400});
  EXPECT_EQ(calls[2].arrival, Seconds{86400 + 600});
  EXPECT_NEAR(calls[0].along.value, 111.2, 0.5);
  EXPECT_NEAR(calls[2].along.value, 1111.9, 1);
}

TEST_F(TimetableTest, AMissingTimeIsFilledInByDistanceAndIsNoControlPoint) {
  const auto t = read();
  ASSERT_TRUE(t.ok());
  const auto& middle = t->trips[0].stop_times[1];
  EXPECT_NEAR(middle.arrival.value, 86400 + 300, 1) << "half of the way between the other two";
  EXPECT_EQ(middle.arrival, middle.departure);
  EXPECT_FALSE(middle.timepoint);
}

TEST_F(TimetableTest, ServicesAreDaysWithTheirExceptions) {
  const auto t = read();
  ASSERT_TRUE(t.ok());
  ASSERT_EQ(t->services.size(), 1U);
  EXPECT_EQ(t->services[0].days,
            (std::vector<std::uint32_t>{20261116, 20261117, 20261118, 20261119, 20261121, 20261123,
                                        20261124, 20261125, 20261126, 20261127}));
}

TEST_F(TimetableTest, AServiceMayLiveInCalendarDatesAlone) {
  drop("calendar.txt");
  const auto t = read();
  ASSERT_TRUE(t.ok());
  EXPECT_EQ(t->trips.size(), 1U);
  EXPECT_EQ(t->services[0].days, std::vector<std::uint32_t>{20261121});
}

TEST_F(TimetableTest, WithoutANeededTableItRefusesByName) {
  drop("trips.txt");
  const auto t = read();
  ASSERT_FALSE(t.ok());
  EXPECT_EQ(t.error().cause, "no_table");
  EXPECT_NE(t.error().where.find("trips.txt"), std::string::npos);
}

TEST_F(TimetableTest, WithoutANeededColumnItRefusesByName) {
  table("stop_times.txt", "trip_id,arrival_time,departure_time,stop_id\n");
  const auto t = read();
  ASSERT_FALSE(t.ok());
  EXPECT_EQ(t.error().cause, "no_column");
  EXPECT_NE(t.error().what.find("stop_sequence"), std::string::npos);
}

TEST_F(TimetableTest, AnUnknownTimeZoneRefuses) {
  table("agency.txt", "agency_name,agency_timezone\nB,Mars/Olympus\n");
  EXPECT_EQ(read().error().cause, "bad_timezone");
}

struct Fault {
  const char* cause;
  const char* row;  // of stop_times for trip T2, which is left out
};

TEST_F(TimetableTest, AFaultyTripIsLeftOutByNameAndTheOthersStay) {
  for (const auto& [cause, rows] : std::initializer_list<Fault>{
           {"stop_time.unknown_stop", "T2,06:00:00,06:00:00,S1,1,\nT2,06:05:00,06:05:00,NONE,2,\n"},
           {"stop_time.bad_time", "T2,06:00:00,06:00:00,S1,1,\nT2,6 o'clock,06:05:00,S2,2,\n"},
           {"stop_time.bad_sequence", "T2,06:00:00,06:00:00,S1,one,\nT2,06:05:00,,S2,2,\n"},
           {"stop_time.duplicate_sequence", "T2,06:00:00,,S1,1,\nT2,06:05:00,,S2,1,\n"},
           {"trip.no_stop_times", "T2,06:00:00,,S1,1,\n"},
           {"trip.no_times", "T2,06:00:00,,S1,1,\nT2,,,S2,2,\n"},
           {"trip.time_goes_back", "T2,06:00:00,,S1,1,\nT2,05:00:00,,S2,2,\n"},
           {"row.torn", "T2,06:00:00,,S1,1,\nT2,06:05:00,,S2,2,\"\n"}}) {
    report_ = {};
    table("trips.txt", "route_id,service_id,trip_id,shape_id\nR1,W,T1,SH\nR2,W,T2,\n");
    table("stop_times.txt",
          std::string("trip_id,arrival_time,departure_time,stop_id,stop_sequence,timepoint\n"
                      "T1,05:00:00,,S1,1,1\nT1,05:10:00,,S3,2,1\n") +
              rows);
    const auto t = read();
    ASSERT_TRUE(t.ok()) << cause;
    EXPECT_EQ(t->trips.size(), 1U) << cause;
    EXPECT_EQ(counted(cause), 1U) << cause;
    ASSERT_EQ(report_.faults.size(), 1U) << cause;
    EXPECT_NE(report_.faults[0].what.find("T2"), std::string::npos) << report_.faults[0].message();
  }
}

TEST_F(TimetableTest, ATripOfAnUnknownLineOrServiceIsLeftOut) {
  table("trips.txt", "route_id,service_id,trip_id,shape_id\nR1,W,T1,SH\nR9,W,T2,\nR1,X,T3,\n");
  const auto t = read();
  ASSERT_TRUE(t.ok());
  EXPECT_EQ(t->trips.size(), 1U);
  EXPECT_EQ(counted("trip.unknown_line"), 1U);
  EXPECT_EQ(counted("trip.unknown_service"), 1U);
}

TEST_F(TimetableTest, ATripWhoseShapeIsMissingRunsByStraightDistances) {
  table("trips.txt", "route_id,service_id,trip_id,shape_id\nR1,W,T1,NONE\n");
  const auto t = read();
  ASSERT_TRUE(t.ok());
  EXPECT_EQ(counted("trip.unknown_shape"), 1U);
  ASSERT_EQ(t->trips.size(), 1U);
  EXPECT_TRUE(t->trips[0].shape.empty());
  EXPECT_EQ(t->trips[0].stop_times[0].along, Metres{0});
  EXPECT_NEAR(t->trips[0].stop_times[2].along.value, 1000.8, 1);
}

TEST_F(TimetableTest, BadStopsLinesAndMappingsAreToldOneByOne) {
  table("stops.txt",
        "stop_id,stop_name,stop_lat,stop_lon\nS1,a,47.65,23.58\nS2,b,47.6545,23.58\nS3,c,47.659,23."
        "58\n"
        "S1,again,47.65,23.58\nS4,far,147.65,23.58\nS5,null,0,0\nS6,text,47.65,east\n,none,47.6,23."
        "5\n");
  table("routes.txt", "route_id,route_type\nR1,3\nR2,bus\nR1,3\n");
  file("transit.toml",
       "[[stop]]\nid = \"S1\"\nlink = \"L1\"\nalong = 1.0\n[[stop]]\nid = \"S1\"\nlink = "
       "\"L9\"\nalong = 1.0\n"
       "[[stop]]\nid = \"S9\"\nlink = \"L1\"\nalong = 1.0\n[[stop]]\nid = \"S2\"\nlink = \"L1\"\n"
       "[[shape]]\nid = \"SH\"\nlinks = []\n[[shape]]\nid = \"SX\"\nlinks = [\"L1\"]\n");
  const auto t = read();
  ASSERT_TRUE(t.ok());
  EXPECT_EQ(t->stops.size(), 3U);
  EXPECT_EQ(t->stops[0].link, LinkId("L1"));
  EXPECT_EQ(counted("stop.duplicate_id"), 1U);
  EXPECT_EQ(counted("stop.bad_position"), 3U);
  EXPECT_EQ(counted("stop.no_id"), 1U);
  EXPECT_EQ(counted("line.bad_type"), 1U);
  EXPECT_EQ(counted("line.duplicate_id"), 1U);
  EXPECT_EQ(counted("map.mapped_twice"), 1U);
  EXPECT_EQ(counted("map.unknown_stop"), 1U);
  EXPECT_EQ(counted("map.bad_row"), 2U);
  EXPECT_EQ(counted("map.unknown_shape"), 1U);
  const auto list = alarms(report_, UtcTime{7});
  EXPECT_EQ(list.size(), 9U) << "one alarm per cause";
  for (const auto& a : list) EXPECT_TRUE(a.active && a.kind == "quarantined" && !a.text.empty());
}

TEST_F(TimetableTest, AnUnreadableMapLeavesTheTimetable) {
  file("transit.toml", "[[stop]\n");
  const auto t = read();
  ASSERT_TRUE(t.ok());
  EXPECT_EQ(counted("map.unreadable"), 1U);
  EXPECT_EQ(t->trips.size(), 1U);
  EXPECT_TRUE(t->stops[0].link.empty());
}

TEST_F(TimetableTest, FrequenciesBecomeOneTripPerDeparture) {
  table("frequencies.txt",
        "trip_id,start_time,end_time,headway_secs,exact_times\nT1,06:00:00,06:30:00,600,1\n"
        "T9,06:00:00,06:30:00,600,1\nT1,07:00:00,06:00:00,600,0\n");
  const auto t = read();
  ASSERT_TRUE(t.ok());
  ASSERT_EQ(t->trips.size(), 3U);
  EXPECT_EQ(t->trips[1].id, TripId("T1@06:10:00"));
  EXPECT_EQ(t->trips[1].stop_times[0].departure, Seconds{6 * 3600 + 600});
  EXPECT_EQ(t->trips[1].stop_times[2].arrival, Seconds{6 * 3600 + 1200});
  EXPECT_EQ(counted("frequency.unknown_trip"), 1U);
  EXPECT_EQ(counted("frequency.bad_row"), 1U);
}

TEST_F(TimetableTest, DeclaredDistancesInAnyUnitAreTurnedIntoMetres) {
  table("shapes.txt",
        "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled\n"
        "SH,47.649,23.58,1,0\nSH,47.660,23.58,2,1.2231\n");
  table("stop_times.txt",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"
        "T1,05:00:00,,S1,1,0.1\nT1,05:10:00,,S3,2,0.6116\n");
  const auto t = read();
  ASSERT_TRUE(t.ok());
  EXPECT_NEAR(t->trips[0].stop_times[0].along.value, 100, 0.5);
  EXPECT_NEAR(t->trips[0].stop_times[1].along.value, 611.6, 0.5);
}

TEST(StopsOnAShape, APlaceThatIsPassedTwiceIsPutWhereItBelongs) {
  // 1 km out and back on the same street: the second call at the first stop is at the end.
  const auto shape = measure({{23.58, 47.650}, {23.58, 47.659}, {23.58, 47.650}}, {});
  const auto along =
      place_stops(shape, {{23.58, 47.651}, {23.58, 47.658}, {23.58, 47.658}, {23.58, 47.651}});
  ASSERT_EQ(along.size(), 4U);
  EXPECT_NEAR(along[0], 111, 1);
  EXPECT_NEAR(along[1], 890, 1);
  EXPECT_GE(along[2], along[1] - 0.001);
  EXPECT_NEAR(along[3], 1890, 1);
}

TEST(StopsOnAShape, NoisyStopsNeverGoBack) {
  const auto shape = measure({{23.58, 47.650}, {23.58, 47.659}}, {});
  const auto along = place_stops(shape, {{23.5801, 47.6550}, {23.5799, 47.6549}, {23.58, 47.658}});
  EXPECT_LE(along[0], along[1]);
  EXPECT_LE(along[1], along[2]);
}

}  // namespace
}  // namespace dispecer::gtfs
