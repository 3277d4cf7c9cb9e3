#include "adapters/priority_points/source.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <random>

#include "adapters/http/client.h"
#include "tests/adapters/priority_points/town.h"

namespace dispecer::priority_points {
namespace {

namespace asio = boost::asio;

const UtcTime kNow = parse_iso("2026-11-23T10:00:00Z").value();

struct Centre {
  asio::io_context io;
  city::City city = test::one_junction();
  std::vector<PriorityPoint> points;

  Result<std::unique_ptr<Source>> open(const city::DeviceRow& row, const std::string& secret = "",
                                       const std::string& host = "127.0.0.1") {
    return Source::make(
        io, row, secret, city, {host, 0, {}, host == "127.0.0.1"},
        {[] { return kNow; }, [this](const PriorityPoint& p) { points.push_back(p); }});
  }
  // Until `n` points have come; a hang is the test's own time limit.
  void wait_for(std::size_t n) {
    while (points.size() < n) io.run_one();
  }
};

TEST(PointSource, TelegramsComeInByUdp) {
  Centre centre;
  auto source = centre.open(test::radio_row());
  ASSERT_TRUE(source) << source.error().message();
  asio::ip::udp::socket radio(centre.io, asio::ip::udp::v4());
  const asio::ip::udp::endpoint to(asio::ip::make_address("127.0.0.1"), (*source)->port());
  std::mt19937 random(11);
  for (int i = 0; i < 200; ++i) {
    std::string noise(random() % 40, '\0');
    for (auto& b : noise) b = static_cast<char>(random());
    radio.send_to(asio::buffer(noise), to);
  }
  radio.send_to(asio::buffer(test::telegram() + "x"), to);
  radio.send_to(asio::buffer(test::telegram(1202)), to);
  centre.wait_for(1);
  EXPECT_EQ(centre.points[0].kind, PointKind::deregistration);
  EXPECT_EQ(centre.points[0].junction, JunctionId("j"));
  EXPECT_EQ((*source)->counters().at("points.telegrams"), 1U);
  EXPECT_GT((*source)->counters().at("points.bad_length"), 0U);
}

TEST(PointSource, OnlyTheReceiverThatTheRowNamesIsListenedTo) {
  Centre centre;
  auto row = test::radio_row();
  EXPECT_EQ(centre.open(row, "", "0.0.0.0").error().cause, "sender_required");
  row.settings["sender"] = "127.0.0.2";
  auto source = centre.open(row);
  ASSERT_TRUE(source) << source.error().message();
  const asio::ip::udp::endpoint to(asio::ip::make_address("127.0.0.1"), (*source)->port());
  asio::ip::udp::socket stranger(centre.io, {asio::ip::make_address("127.0.0.1"), 0});
  asio::ip::udp::socket radio(centre.io, {asio::ip::make_address("127.0.0.2"), 0});
  stranger.send_to(asio::buffer(test::telegram(1201)), to);
  radio.send_to(asio::buffer(test::telegram(1200)), to);
  centre.wait_for(1);
  EXPECT_EQ(centre.points[0].kind, PointKind::registration);
  EXPECT_EQ((*source)->counters().at("points.strangers"), 1U);
}

TEST(PointSource, AnotherSupervisorPushesOverHttp) {
  Centre centre;
  auto row = test::radio_row();
  row.protocol = "http_json";
  row.settings.clear();
  row.street = city::StreetKind::real;
  EXPECT_EQ(centre.open(row).error().cause, "secret_required");
  auto source = centre.open(row, "t1");
  ASSERT_TRUE(source) << source.error().message();
  http::Client client(centre.io);
  unsigned status = 0;
  client.post("http://127.0.0.1:" + std::to_string((*source)->port()) + "/", "application/json",
              R"({"requests": [{"id": "r1", "time": "2026-11-23T10:00:00Z", "junction": "j",
                 "group": "east", "kind": "registration", "eta_s": 12}]})",
              {{"Authorization", "Bearer t1"}},
              [&](Result<http::Response> r) { status = r ? r->status : 1; });
  while (status == 0) centre.io.run_one();
  EXPECT_EQ(status, 200U);
  ASSERT_EQ(centre.points.size(), 1U);
  EXPECT_EQ(centre.points[0].group, SignalGroupId("east"));
}

TEST(PointSource, ARowThatCannotBeIsRefused) {
  Centre centre;
  auto row = test::radio_row();
  row.protocol = "smoke";
  EXPECT_EQ(centre.open(row).error().cause, "unknown_protocol");
  row = test::radio_row();
  row.settings["point_1"] = "nowhere north registration";
  EXPECT_EQ(centre.open(row).error().cause, "unknown_junction");
  EXPECT_EQ(centre.open(test::radio_row(), "", "here").error().cause, "bad_address");
}

}  // namespace
}  // namespace dispecer::priority_points
