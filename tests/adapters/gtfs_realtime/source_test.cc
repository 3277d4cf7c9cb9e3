#include "adapters/gtfs_realtime/source.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "adapters/gtfs_realtime/message/message.h"
#include "adapters/http/server.h"

namespace dispecer::gtfs_realtime {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kNow = 1795248000;

TEST(GtfsRealtimeSource, PositionsComeOnceEachAndADeadOrStaleSourceIsOneAlarm) {
  boost::asio::io_context io;
  std::uint64_t feed_time = kNow;
  enum { fresh, frozen, garbage, dead } mode = fresh;
  auto server = http::Server::listen(io, {}, [&](const http::Request& r) {
    EXPECT_EQ(r.target, "/vehicle_positions.pb");
    EXPECT_EQ(http::find_header(r.headers, "X-Key"), "hush");
    if (mode == dead) return http::Response{0, {}, "", {}};
    if (mode == garbage) return http::reply("<html>", "text/html");
    if (mode == fresh) ++feed_time;
    Feed feed{"2.0", 0, feed_time, {}};
    FeedVehicle v;
    v.id = "B1";
    v.has_position = true;
    v.lat = 47.6;
    v.lon = 23.5;
    v.timestamp = feed_time;
    feed.entities.push_back({"1", false, false, false, v});
    return http::reply(encode(feed), "application/x-protobuf");
  });
  ASSERT_TRUE(server.ok());

  http::Client client(io);
  city::DeviceRow row;
  row.id = "avl";
  row.kind = "avl";
  row.address = "127.0.0.1:" + std::to_string((*server)->port());
  row.settings = {{"period_s", "0.02"}, {"dead_after_s", "0.1"}, {"header.X-Key", "secret:"}};
  UtcTime now{static_cast<std::int64_t>(kNow) * 1'000'000};
  std::vector<VehiclePosition> got;
  std::vector<std::pair<std::string, bool>> alarms;
  Source source(io, client, row, "hush", {}, {23, 47}, {24, 48},
                {[&] { return now; },
                 [&](const VehiclePosition& p, MonoTime received) {
                   EXPECT_GT(received.us, 0);
                   got.push_back(p);
                   now = p.t;
                 },
                 [&](const AlarmEvent& e) {
                   EXPECT_EQ(e.subject, "avl");
                   alarms.emplace_back(e.kind, e.active);
                 }});
  source.start();
  io.run_for(300ms);
  ASSERT_GT(got.size(), 3U);
  for (std::size_t i = 1; i < got.size(); ++i) EXPECT_GT(got[i].t, got[i - 1].t);
  EXPECT_TRUE(alarms.empty());

  mode = frozen;
  io.run_for(100ms);
  const auto before = got.size();
  io.run_for(100ms);
  EXPECT_EQ(got.size(), before) << "a frozen feed tells nothing new";
  EXPECT_GT(source.counters().at("gtfs_rt.position.repeated"), 0U);

  mode = garbage;
  io.run_for(800ms);
  EXPECT_EQ(alarms, (std::vector<std::pair<std::string, bool>>{{"dead_source", true}}));
  EXPECT_GT(source.counters().at("gtfs_rt.feed.bad_protobuf"), 0U);
  mode = fresh;
  io.run_for(1000ms);
  EXPECT_EQ(alarms.back(), (std::pair<std::string, bool>{"dead_source", false}));
  mode = dead;
  io.run_for(800ms);
  EXPECT_EQ(alarms.size(), 3U);
  EXPECT_GT(source.counters().at("gtfs_rt.http.closed"), 0U);
}

}  // namespace
}  // namespace dispecer::gtfs_realtime
