// The site on a real socket, against an acceptor that plays the supervisor.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "sim/rsmp_site/client.h"
#include "tests/sim/rsmp_site/supervisor_hand.h"

namespace dispecer::sim {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Wire {
  asio::io_context io;
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  tcp::socket socket{io};
  Cabinet cabinet;
  std::unique_ptr<SiteClient> client;
  rsmp::MessageIds ids;
  std::string inbox;
  double now_s = 120;
  bool eof = false;

  Wire() {
    cabinet.intersections.push_back({1, *make_controller(crossroads(), {.detectors = {1, 2}}), {}});
    for (double t = 0; t < now_s; ++t) sim::tick(cabinet, at(t));
    LineSettings line;
    line.port = std::to_string(acceptor.local_endpoint().port());
    line.first_reconnect = std::chrono::milliseconds{20};
    line.reconnect = std::chrono::milliseconds{50};
    client = std::make_unique<SiteClient>(io, line, cabinet, Hand::settings(), at(now_s));
  }
  // Runs handlers until `done` or two seconds are over.
  bool until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{700};
    while (!done() && std::chrono::steady_clock::now() < end)
      io.run_one_for(std::chrono::milliseconds{20});
    return done();
  }
  bool accept() {
    bool open = false;
    socket = tcp::socket(io);
    inbox.clear();
    eof = false;
    acceptor.async_accept(socket, [&](boost::system::error_code ec) { open = !ec; });
    return until([&] { return open; });
  }
  void say(rsmp::Body body) {
    const auto id = rsmp::is_ack(body) ? "" : ids.next();
    asio::write(socket, asio::buffer(rsmp::write_frame({id, std::move(body)}, rsmp::kNewestCore)));
  }
  // Next message that is no ack; acknowledges it.
  std::string next() {
    for (;;) {
      bool done = false;
      std::size_t n = 0;
      asio::async_read_until(socket, asio::dynamic_buffer(inbox), '\f',
                             [&](boost::system::error_code ec, std::size_t size) {
                               eof = ec.failed();
                               n = size;
                               done = true;
                             });
      if (!until([&] { return done; })) {
        socket.cancel();
        until([&] { return done; });
        return "nothing";
      }
      if (eof) return "closed";
      const auto text = inbox.substr(0, n - 1);
      inbox.erase(0, n);
      auto m = rsmp::read(text, rsmp::kNewestCore);
      if (!m) return "garbage";
      if (rsmp::is_ack(m->body)) continue;
      say(rsmp::MessageAck{m->id});
      return std::string(rsmp::type_name(m->body));
    }
  }
  void second() {
    sim::tick(cabinet, at(now_s));
    client->tick(at(now_s));
    ++now_s;
  }
  void establish() {
    ASSERT_TRUE(accept());
    ASSERT_EQ(next(), "Version");
    say(rsmp::Version{{"3.2.2"}, {"RN+SI0001"}, "1.2.1"});
    ASSERT_EQ(next(), "Watchdog");
    say(rsmp::Watchdog{at(now_s)});
    ASSERT_EQ(next(), "AggregatedStatus");
    ASSERT_TRUE(client->established());
    // Three alarms of the whole controller, three of each group, one of each detector logic.
    for (int i = 0; i < 3 + 3 * 3 + 2; ++i) ASSERT_EQ(next(), "Alarm");
  }
  void fault(Fault f, bool on) { ASSERT_TRUE(apply(cabinet, SetFault{f, on}, at(now_s))); }
};

TEST(RsmpSiteClient, ConnectsAndReconnectsAfterTheSupervisorWentAway) {
  Wire wire;
  wire.establish();
  wire.socket.close();
  wire.establish();
}

TEST(RsmpSiteClient, ALostLinkEndsWithAFinAndStaysAwayUntilItIsOver) {
  Wire wire;
  wire.establish();
  wire.fault(Fault::lost_link, true);
  wire.second();
  EXPECT_EQ(wire.next(), "closed");
  EXPECT_FALSE(wire.client->established());
  EXPECT_FALSE(wire.accept());
  wire.acceptor.cancel();
  wire.io.poll();
  wire.fault(Fault::lost_link, false);
  wire.establish();
}

TEST(RsmpSiteClient, ASilentLinkSaysNothingAndAcknowledgesNothing) {
  Wire wire;
  wire.establish();
  wire.say(rsmp::StatusSubscribe{{"TC", "", ""}, {{"S0001", "stage", 1, true}}});
  EXPECT_EQ(wire.next(), "StatusUpdate");
  wire.fault(Fault::lost_link_silent, true);
  for (int i = 0; i < 3; ++i) wire.second();
  wire.say(rsmp::Watchdog{at(0)});
  EXPECT_EQ(wire.next(), "nothing");
  wire.fault(Fault::lost_link_silent, false);
  wire.second();
  wire.establish();
}

TEST(RsmpSiteClient, GarbageIsSentAndTheSessionGoesOn) {
  Wire wire;
  wire.establish();
  wire.fault(Fault::garbage, true);
  wire.second();
  EXPECT_EQ(wire.next(), "garbage");
  wire.fault(Fault::garbage, false);
  wire.say(rsmp::StatusRequest{{"TC", "", ""}, {{"S0001", "stage"}}});
  std::string type;
  do type = wire.next();
  while (type == "garbage");
  EXPECT_EQ(type, "StatusResponse");
}

TEST(RsmpSiteClient, APowerCutIsSilentAndTheSiteComesBackWithoutSubscriptions) {
  Wire wire;
  wire.establish();
  wire.say(rsmp::StatusSubscribe{{"TC", "", ""}, {{"S0001", "stage", 1, true}}});
  EXPECT_EQ(wire.next(), "StatusUpdate");
  wire.fault(Fault::power_cut, true);
  wire.second();
  EXPECT_EQ(wire.next(), "nothing");
  wire.fault(Fault::power_cut, false);
  wire.second();
  wire.establish();
  wire.second();
  EXPECT_EQ(wire.next(), "nothing");
}

}  // namespace
}  // namespace dispecer::sim
