#include "sim/devices/parking_camera/parking_camera.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <boost/asio/io_context.hpp>

#include "adapters/parking_counts/source.h"
#include "sim/devices/parking_camera/png.h"

namespace dispecer::sim {
namespace {

using namespace std::chrono_literals;

TEST(Png, APictureIsWrittenAsTheStandardSays) {
  Picture p(5, 3, {10, 20, 30});
  p.fill(-4, 1, 2, 99, {200, 0, 0});
  EXPECT_EQ(p.at(1, 2), (Colour{200, 0, 0}));
  EXPECT_EQ(p.at(2, 2), (Colour{10, 20, 30}));
  const auto bytes = p.png();
  ASSERT_TRUE(bytes.starts_with("\x89PNG\r\n\x1a\n"));
  // Chunk by chunk: length, type, data, check sum.
  std::string types;
  std::string packed;
  const auto number = [&](std::size_t at) {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < 4; ++i) n = n << 8 | static_cast<unsigned char>(bytes[at + i]);
    return n;
  };
  for (std::size_t at = 8; at < bytes.size();) {
    const auto length = number(at);
    ASSERT_LE(at + 12 + length, bytes.size());
    types += bytes.substr(at + 4, 4) + " ";
    if (bytes.substr(at + 4, 4) == "IDAT") packed = bytes.substr(at + 8, length);
    EXPECT_EQ(number(at + 8 + length),
              crc32(0, reinterpret_cast<const Bytef*>(&bytes[at + 4]), length + 4));
    at += 12 + length;
  }
  EXPECT_EQ(types, "IHDR IDAT IEND ");
  EXPECT_EQ(number(16), 5U);
  EXPECT_EQ(number(20), 3U);
  std::string lines(3 * (1 + 5 * 3), '?');
  uLongf size = static_cast<uLongf>(lines.size());
  ASSERT_EQ(
      uncompress(reinterpret_cast<Bytef*>(lines.data()), &size,
                 reinterpret_cast<const Bytef*>(packed.data()), static_cast<uLong>(packed.size())),
      Z_OK);
  EXPECT_EQ(size, lines.size());
  EXPECT_EQ(lines[0], 0);
  EXPECT_EQ(lines.substr(1, 3), "\x0a\x14\x1e");
}

class ParkingCameras : public testing::Test {
 protected:
  ParkingCameras() {
    for (const auto* id : {"PA", "PB"}) {
      ParkingArea area;
      area.id = ParkingId(id);
      area.capacity = 100;
      city_.parking.push_back(area);
    }
    city_.timezone = "Europe/Bucharest";
    std::vector<city::DeviceRow> rows(2);
    rows[0].id = "PA";
    rows[1].id = "CAM_B";
    rows[1].settings["area"] = "PB";
    for (auto& row : rows) row.address = "127.0.0.1:0";
    DeviceContext context;
    context.io = &io_;
    context.city = &city_;
    context.rows = rows;
    context.seed = 3;
    auto made = ParkingCameraDevice::make(context);
    EXPECT_TRUE(made.ok()) << made.error().message();
    device_ = std::move(*made);
    for (auto& row : rows) {
      row.address = "127.0.0.1:" + std::to_string(device_->port_of("PA"));
      row.settings["period_s"] = "0.02";
      row.settings["dead_after_s"] = "0.1";
    }
    source_ = std::make_unique<parking_counts::Source>(
        io_, client_, rows, "", city_,
        parking_counts::Surroundings{[this] { return view_.now; },
                                     [this](const ParkingCount& c, MonoTime) { got_.push_back(c); },
                                     [this](const AlarmEvent& e) { alarms_.push_back(e); }});
    view_.now = *parse_iso("2026-11-21T08:00:00Z");
    for (std::uint32_t bay = 0; bay < 60; ++bay) {
      ParkedVehicle v;
      v.id = "v" + std::to_string(bay);
      v.parking = ParkingId("PA");
      v.bay = bay;
      view_.parked[ParkingId("PA")].push_back(v);
    }
  }
  void period(std::chrono::milliseconds wall = 60ms) {
    view_.now = view_.now + Duration{10s};
    device_->tick(view_, view_.now);
    io_.restart();
    io_.run_for(wall);
  }
  std::uint64_t counted(const std::string& name) {
    const auto all = source_->counters();
    const auto found = all.find("parking." + name);
    return found == all.end() ? 0 : found->second;
  }

  boost::asio::io_context io_;
  http::Client client_{io_};
  city::City city_;
  StreetView view_;
  std::unique_ptr<ParkingCameraDevice> device_;
  std::unique_ptr<parking_counts::Source> source_;
  std::vector<ParkingCount> got_;
  std::vector<AlarmEvent> alarms_;
};

TEST_F(ParkingCameras, CountsAreNearTheTruthAndComeOncePerPicture) {
  source_->start();
  for (int i = 0; i < 8; ++i) period();
  ASSERT_GE(got_.size(), 14U);
  EXPECT_LE(got_.size(), 16U) << "two cameras, eight pictures";
  for (const auto& c : got_) {
    EXPECT_EQ(*c.occupied + *c.free, 100U);
    EXPECT_EQ(c.capacity, 100U);
    const double truth = c.parking == ParkingId("PA") ? 60 : 0;
    EXPECT_NEAR(*c.occupied, truth, 5) << c.parking.str();
  }
}

TEST_F(ParkingCameras, EachFaultEndsInItsCounter) {
  source_->start();
  period();
  for (const auto& [fault, counter] :
       std::map<std::string, std::string>{{"over_capacity", "count.free_over_capacity"},
                                          {"negative", "count.negative"},
                                          {"no_time", "count.no_time"},
                                          {"wrong_clock", "count.future"},
                                          {"stuck", "count.repeated"},
                                          {"garbage", "feed.bad_json"},
                                          {"dead", "http.refused"}}) {
    const auto before = counted(counter);
    ASSERT_TRUE(device_->set_fault("PA", fault, true)) << fault;
    period(150ms);
    period(150ms);
    EXPECT_GT(counted(counter), before) << fault;
    ASSERT_TRUE(device_->set_fault("PA", fault, false)) << fault;
    got_.clear();
    for (int i = 0; i < 12 && got_.empty(); ++i) period(150ms);
    EXPECT_FALSE(got_.empty()) << "nothing came after " << fault;
  }
}

TEST_F(ParkingCameras, ADeadServerOfManyCamerasIsOneAlarm) {
  source_->start();
  period();
  device_->set_fault("", "dead", true);
  for (int i = 0; i < 6; ++i) period(100ms);
  ASSERT_EQ(alarms_.size(), 1U);
  EXPECT_EQ(alarms_[0].kind, "dead_source");
  EXPECT_TRUE(alarms_[0].active);
}

TEST_F(ParkingCameras, TheStillPictureIsThereAndAnotherOneIsNot) {
  period();
  std::map<std::string, unsigned> status;
  std::string body;
  const auto base = "http://127.0.0.1:" + std::to_string(device_->port_of("CAM_B"));
  for (const auto* path : {"/images/PA.png", "/images/PX.png", "/secret"}) {
    client_.get(base + path, {}, [&, path](Result<http::Response> r) {
      ASSERT_TRUE(r.ok());
      status[path] = r->status;
      if (r->status == 200) body = r->body;
    });
  }
  io_.restart();
  io_.run_for(300ms);
  EXPECT_EQ(status, (std::map<std::string, unsigned>{
                        {"/images/PA.png", 200}, {"/images/PX.png", 404}, {"/secret", 404}}));
  EXPECT_TRUE(body.starts_with("\x89PNG"));
}

TEST_F(ParkingCameras, ARowOfAnUnknownAreaIsRefusedByName) {
  DeviceContext context;
  context.io = &io_;
  context.city = &city_;
  context.rows.resize(1);
  context.rows[0].id = "PX";
  context.rows[0].address = "127.0.0.1:0";
  EXPECT_EQ(ParkingCameraDevice::make(context).error().cause, "unknown_parking");
  context.rows[0].id = "PA";
  context.rows[0].address = "somewhere";
  EXPECT_EQ(ParkingCameraDevice::make(context).error().cause, "bad_address");
}

}  // namespace
}  // namespace dispecer::sim
