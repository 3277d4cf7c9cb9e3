#include "sim/devices/gtfs_realtime/gtfs_realtime.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <cmath>

#include "adapters/gtfs_realtime/source.h"

namespace dispecer::sim {
namespace {

using namespace std::chrono_literals;

class GtfsRealtimeOnTheStreet : public testing::Test {
 protected:
  GtfsRealtimeOnTheStreet() {
    city_.centre = {23.58, 47.65};
    city::DeviceRow row;
    row.id = "avl";
    row.kind = "avl";
    row.address = "127.0.0.1:0";
    DeviceContext context;
    context.io = &io_;
    context.city = &city_;
    context.rows = {row};
    context.seed = 7;
    auto made = GtfsRealtimeDevice::make(context);
    EXPECT_TRUE(made.ok()) << made.error().message();
    device_ = std::move(*made);
    row.address = "127.0.0.1:" + std::to_string(device_->port());
    row.settings = {{"period_s", "0.02"}, {"dead_after_s", "0.15"}};
    source_ = std::make_unique<gtfs_realtime::Source>(
        io_, client_, row, "", Timetable{}, LonLat{23, 47}, LonLat{24, 48},
        gtfs_realtime::Surroundings{
            [this] { return view_.now; },
            [this](const VehiclePosition& p, MonoTime) { got_.push_back(p); },
            [this](const AlarmEvent& e) { alarms_.push_back(e); }});
    view_.now = *parse_iso("2026-11-21T08:00:00Z");
    for (int i = 0; i < 10; ++i) {
      StreetVehicle bus;
      bus.id = "bus" + std::to_string(i);
      bus.kind = i % 2 == 0 ? RoadUser::bus : RoadUser::trolleybus;
      bus.position = {23.58, 47.65};
      bus.speed_mps = 10;
      bus.bearing_deg = 45;
      bus.line = LineId("R1");
      bus.trip = TripId("T" + std::to_string(i));
      bus.start_date = "20261121";
      bus.next_stop = StopId("S1");
      bus.stop_sequence = 3;
      bus.passengers = 20;
      bus.places = 80;
      view_.vehicles.push_back(bus);
    }
    StreetVehicle car;
    car.id = "car";
    car.position = {23.58, 47.65};
    view_.vehicles.push_back(car);
  }

  // One domain second, with time enough for the feed to be asked.
  void second(std::chrono::milliseconds wall = 60ms) {
    view_.now = view_.now + Duration{1s};
    device_->tick(view_, view_.now);
    io_.restart();
    io_.run_for(wall);
  }
  std::uint64_t counted(const std::string& name) {
    const auto all = source_->counters();
    const auto found = all.find("gtfs_rt." + name);
    return found == all.end() ? 0 : found->second;
  }

  boost::asio::io_context io_;
  http::Client client_{io_};
  city::City city_;
  StreetView view_;
  std::unique_ptr<GtfsRealtimeDevice> device_;
  std::unique_ptr<gtfs_realtime::Source> source_;
  std::vector<VehiclePosition> got_;
  std::vector<AlarmEvent> alarms_;
};

TEST_F(GtfsRealtimeOnTheStreet, BusesReachTheAdapterOnceASecondAndCarsNever) {
  device_->tick(view_, view_.now);
  source_->start();
  for (int s = 0; s < 10; ++s) second();
  std::map<VehicleId, int> per_bus;
  for (const auto& p : got_) ++per_bus[p.vehicle];
  EXPECT_EQ(per_bus.size(), 10U);
  for (const auto& [id, n] : per_bus) EXPECT_GE(n, 9) << id.str();
  const auto& last = got_.back();
  EXPECT_EQ(last.line, LineId("R1"));
  EXPECT_EQ(last.start_date, "20261121");
  EXPECT_EQ(last.stop_sequence, 3U);
  EXPECT_NEAR(last.passenger_load->value, 0.25, 0.01);
  EXPECT_GE(view_.now - last.t, Duration{0});
  EXPECT_LE(view_.now - last.t, Duration{1s});
  EXPECT_TRUE(alarms_.empty());
}

TEST_F(GtfsRealtimeOnTheStreet, ThePositionErrorHasTheSizeThatIsStated) {
  source_->start();
  for (int s = 0; s < 150; ++s) second(10ms);
  ASSERT_GT(got_.size(), 500U);
  const LocalPlane plane({23.58, 47.65});
  double sum = 0;
  for (const auto& p : got_) {
    const auto off = plane.to_local(p.position);
    sum += off.x * off.x + off.y * off.y;
  }
  const double sd = std::sqrt(sum / 2 / static_cast<double>(got_.size()));
  EXPECT_GT(sd, 3.2);
  EXPECT_LT(sd, 4.8);
}

TEST_F(GtfsRealtimeOnTheStreet, EachFaultEndsInItsCounter) {
  source_->start();
  second();
  for (const auto& [fault, counter] :
       std::map<std::string, std::string>{{"wrong_clock", "position.future"},
                                          {"no_timestamp", "position.no_timestamp"},
                                          {"milliseconds", "position.milliseconds"},
                                          {"duplicate_ids", "position.duplicate_vehicle"},
                                          {"garbage", "feed.bad_protobuf"},
                                          {"hang_up", "http.closed"},
                                          {"dead", "http.refused"}}) {
    const auto before = counted(counter);
    ASSERT_TRUE(device_->set_fault("avl", fault, true)) << fault;
    second(150ms);
    second(150ms);
    EXPECT_GT(counted(counter), before) << fault;
    ASSERT_TRUE(device_->set_fault("", fault, false)) << fault;
    got_.clear();
    for (int i = 0; i < 12 && got_.empty(); ++i) second(150ms);
    EXPECT_FALSE(got_.empty()) << "nothing came after " << fault;
  }
  EXPECT_FALSE(device_->set_fault("avl", "moonlight", true));
  EXPECT_FALSE(device_->set_fault("other", "dead", true));
}

TEST_F(GtfsRealtimeOnTheStreet, AFrozenFeedTellsNothingNewAndALostLinkIsOneAlarm) {
  source_->start();
  second();
  device_->set_fault("avl", "frozen", true);
  second();
  got_.clear();
  for (int i = 0; i < 5; ++i) second();
  EXPECT_TRUE(got_.empty());
  device_->set_fault("avl", "frozen", false);
  device_->set_fault("avl", "wrong_trip", true);
  second();
  ASSERT_FALSE(got_.empty());
  for (const auto& p : got_) EXPECT_NE(p.trip.str().substr(1), p.vehicle.str().substr(3));
}

}  // namespace
}  // namespace dispecer::sim
