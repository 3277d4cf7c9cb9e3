#include "sim/devices/air_station/air_station.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "adapters/air_quality/source.h"

namespace dispecer::sim {
namespace {

using namespace std::chrono_literals;

class AirStations : public testing::Test {
 protected:
  AirStations() {
    city_.centre = {23.58, 47.65};
    for (const auto& [id, lon] : std::map<std::string, double>{{"AQ1", 23.58}, {"AQ2", 23.61}}) {
      AirStation s;
      s.id = StationId(id);
      s.position = {lon, 47.65};
      s.pollutants = {Pollutant::no2, Pollutant::pm10};
      city_.stations.push_back(s);
    }
    std::vector<city::DeviceRow> rows(2);
    rows[0].id = "AQ1";
    rows[1].id = "DEV_2";
    rows[1].settings["station"] = "AQ2";
    for (auto& row : rows) row.address = "127.0.0.1:0";
    DeviceContext context;
    context.io = &io_;
    context.city = &city_;
    context.rows = rows;
    auto made = AirStationDevice::make(context);
    EXPECT_TRUE(made.ok()) << made.error().message();
    device_ = std::move(*made);
    for (auto& row : rows) {
      row.address = "127.0.0.1:" + std::to_string(device_->port_of("AQ1"));
      row.settings["period_s"] = "0.02";
      row.settings["dead_after_s"] = "0.1";
    }
    source_ = std::make_unique<air_quality::Source>(
        io_, client_, rows, "", city_,
        air_quality::Surroundings{[this] { return view_.now; },
                                  [this](const AirSample& s, MonoTime) { got_.push_back(s); },
                                  [this](const AlarmEvent& e) { alarms_.push_back(e); }});
    view_.now = *parse_iso("2026-11-21T10:00:00Z");
    for (int i = 0; i < 30; ++i) {
      StreetVehicle car;
      car.id = "car" + std::to_string(100 + i);
      car.position = {23.5802, 47.6501};
      view_.vehicles.push_back(car);
    }
  }
  void minutes(int n, std::chrono::milliseconds wall = 60ms) {
    for (int s = 0; s < n * 60; ++s) {
      view_.now = view_.now + Duration{1s};
      device_->tick(view_, view_.now);
    }
    io_.restart();
    io_.run_for(wall);
  }
  double mean(const char* station, Pollutant pollutant) {
    double sum = 0;
    double n = 0;
    for (const auto& s : got_) {
      if (s.station != StationId(station) || s.pollutant != pollutant) continue;
      sum += s.value.value;
      ++n;
    }
    EXPECT_GT(n, 0);
    return sum / n;
  }

  boost::asio::io_context io_;
  http::Client client_{io_};
  city::City city_;
  StreetView view_;
  std::unique_ptr<AirStationDevice> device_;
  std::unique_ptr<air_quality::Source> source_;
  std::vector<AirSample> got_;
  std::vector<AlarmEvent> alarms_;
};

TEST_F(AirStations, SamplesArriveOncePerMinuteAndTrafficShowsInThem) {
  source_->start();
  for (int i = 0; i < 6; ++i) minutes(2);
  EXPECT_EQ(got_.size(), 11U * 2 * 2) << "11 whole minutes, two stations, two pollutants";
  for (const auto& s : got_) {
    EXPECT_TRUE(s.valid);
    EXPECT_EQ(s.period.end - s.period.begin, Duration{60s});
  }
  EXPECT_GT(mean("AQ1", Pollutant::no2), mean("AQ2", Pollutant::no2) + 20)
      << "thirty cars stand beside the first and none near the second";
  EXPECT_LT(mean("AQ1", Pollutant::no2), 120);
  EXPECT_GT(mean("AQ2", Pollutant::no2), 3);
  EXPECT_TRUE(alarms_.empty());
}

TEST_F(AirStations, EachFaultEndsInItsCounter) {
  source_->start();
  minutes(1);
  for (const auto& [fault, counter] :
       std::map<std::string, std::string>{{"negative", "air.sample.negative"},
                                          {"no_unit", "air.sample.unknown_unit"},
                                          {"garbage", "air.feed.bad_json"},
                                          {"stuck_high", "air.sample.flat_line"},
                                          {"dead", "air.http.refused"}}) {
    const auto before = source_->counters()[counter];
    ASSERT_TRUE(device_->set_fault("AQ1", fault, true)) << fault;
    for (int i = 0; i < 4; ++i) minutes(2, 100ms);
    EXPECT_GT(source_->counters()[counter], before) << fault;
    ASSERT_TRUE(device_->set_fault("AQ1", fault, false)) << fault;
    got_.clear();
    for (int i = 0; i < 10 && got_.empty(); ++i) minutes(1, 150ms);
    EXPECT_FALSE(got_.empty()) << "nothing came after " << fault;
  }
  EXPECT_FALSE(device_->set_fault("AQ9", "flat", true));
  EXPECT_FALSE(device_->set_fault("AQ1", "rain", true));
}

TEST_F(AirStations, OneSeriesCanBeAskedForOnItsOwn) {
  minutes(5);
  std::string body;
  client_.get("http://127.0.0.1:" + std::to_string(device_->port_of("AQ1")) +
                  "/v1.1/Datastreams(2)/Observations?$top=3",
              {}, [&](Result<http::Response> r) { body = r ? r->body : r.error().message(); });
  io_.restart();
  io_.run_for(200ms);
  std::size_t n = 0;
  for (auto at = body.find("phenomenonTime"); at != std::string::npos;
       at = body.find("phenomenonTime", at + 1))
    ++n;
  EXPECT_EQ(n, 3U) << body;
}

}  // namespace
}  // namespace dispecer::sim
