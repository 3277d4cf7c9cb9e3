// The same over real sockets on the loopback address.
#include "adapters/rsmp/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Peer {
  Peer(asio::io_context& context, std::uint16_t port) : io(context), socket(context) {
    socket.connect({asio::ip::address_v4::loopback(), port});
    socket.non_blocking(true);
  }
  void say(Body body) {
    asio::write(socket, asio::buffer(write_frame(
                            {is_ack(body) ? "" : "p" + std::to_string(++ids), std::move(body)},
                            kNewestCore)));
  }
  // The next message that is no ack; each is acknowledged. Runs the other side meanwhile.
  std::optional<Message> next(double seconds = 5) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (std::chrono::steady_clock::now() < end) {
      while (!frames.empty()) {
        auto message = read(frames.front(), kNewestCore);
        frames.erase(frames.begin());
        if (!message.ok() || is_ack(message->body)) continue;
        say(MessageAck{message->id});
        return *message;
      }
      io.run_for(std::chrono::milliseconds(5));
      io.restart();
      std::array<char, 4096> buffer;
      boost::system::error_code code;
      const std::size_t size = socket.read_some(asio::buffer(buffer), code);
      framer.feed({buffer.data(), size}, frames);
      if (code == asio::error::eof || code == asio::error::connection_reset) {
        ended = true;
        if (frames.empty()) return std::nullopt;
      }
    }
    return std::nullopt;
  }

  asio::io_context& io;
  tcp::socket socket;
  Framer framer;
  std::vector<std::string> frames;
  bool ended = false;
  int ids = 0;
};

struct Hall {
  explicit Hall(ListenerConfig config = {.port = 0}) {
    SiteConfig site;
    site.admission.site_id = "S1";
    site.admission.sxl = "1.2.1";
    site.admission.cores = {Core::v3_2_2};
    site.main_component = "TC";
    site.code2 = "2222";
    JunctionWire wire;
    wire.signals = two_stages();
    wire.group_components = {"A1", "A2"};
    site.junctions = {wire};
    supervisor.emplace(std::vector{site}, [](const std::string&) { return std::nullopt; });
    listener.emplace(
        io, *supervisor, config, [this] { return now(); },
        [this](News& fresh) {
          for (const Sighting& s : fresh.sightings) seen = s.seen;
        });
    const auto started = listener->start();
    EXPECT_TRUE(started.ok());
    listener->accept();
  }
  static Now now() {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(
                        std::chrono::steady_clock::now().time_since_epoch())
                        .count();
    return {MonoTime{us}, UtcTime{kStart.us + us % 3'600'000'000}};
  }
  bool greet(Peer& peer, const std::string& site_id = "S1") {
    peer.say(Version{{"3.2.2"}, {site_id}, "1.2.1"});
    const auto version = peer.next();
    if (!version || !std::holds_alternative<Version>(version->body)) return false;
    peer.say(Watchdog{now().utc});
    const auto watchdog = peer.next();
    return watchdog && std::holds_alternative<Watchdog>(watchdog->body);
  }

  asio::io_context io;
  std::optional<Supervisor> supervisor;
  std::optional<Listener> listener;
  SignalObservation seen;
};

TEST(RsmpListener, ASiteConnectsIsSubscribedToAndSeen) {
  Hall hall;
  ASSERT_NE(hall.listener->port(), 0);
  Peer peer(hall.io, hall.listener->port());
  ASSERT_TRUE(hall.greet(peer));
  peer.say(AggregatedStatus{{"TC", "", ""}, Hall::now().utc, {}, {}, {}});
  const auto first = peer.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_TRUE(std::holds_alternative<StatusRequest>(first->body));
  peer.say(StatusUpdate{{"TC", "", ""},
                        Hall::now().utc,
                        {{"S0001", "signalgroupstatus", "1B", Quality::recent},
                         {"S0001", "stage", "1", Quality::recent}}});
  while (peer.next(0.2)) {
  }
  EXPECT_EQ(hall.seen.stage, 1u);
  peer.socket.close();
  hall.io.run_for(std::chrono::milliseconds(100));
  EXPECT_EQ(hall.seen.link, CommLink::no_communication);
  EXPECT_EQ(hall.supervisor->connected_sites(), 0u);
}

TEST(RsmpListener, AnUnknownSiteIsToldWhyAndLosesItsConnection) {
  Hall hall;
  Peer peer(hall.io, hall.listener->port());
  EXPECT_FALSE(hall.greet(peer, "STRANGER"));
  EXPECT_TRUE(peer.ended);
  EXPECT_EQ(hall.supervisor->counters().at("rsmp.closed.unknown_site_id"), 1u);
}

TEST(RsmpListener, GarbageDisturbsNobodyElse) {
  Hall hall;
  Peer good(hall.io, hall.listener->port());
  Peer bad(hall.io, hall.listener->port());
  asio::write(bad.socket, asio::buffer(std::string("\x16\x03\x01 GET / HTTP/1.1\f{}\f[\f")));
  ASSERT_TRUE(hall.greet(good));
  bad.socket.close();
  EXPECT_TRUE(good.next().has_value());
  EXPECT_EQ(hall.supervisor->counters().at("rsmp.refused.bad_json"), 2u);
}

TEST(RsmpListener, APortInUseIsAnErrorThatNamesIt) {
  Hall hall;
  Listener second(hall.io, *hall.supervisor, {.port = hall.listener->port()}, Hall::now,
                  [](News&) {});
  const auto started = second.start();
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().cause, "cannot_listen");
  EXPECT_THAT(started.error().where, testing::HasSubstr(std::to_string(hall.listener->port())));
  Listener third(hall.io, *hall.supervisor, {.address = "nowhere", .port = 0}, Hall::now,
                 [](News&) {});
  EXPECT_EQ(third.start().error().cause, "bad_address");
}

TEST(RsmpListener, MoreConnectionsThanAllowedAreTurnedAway) {
  Hall hall({.port = 0, .max_connections = 1});
  Peer first(hall.io, hall.listener->port());
  ASSERT_TRUE(hall.greet(first));
  Peer second(hall.io, hall.listener->port());
  EXPECT_FALSE(second.next(1).has_value());
  EXPECT_TRUE(second.ended);
  EXPECT_EQ(hall.listener->counters().at("rsmp.socket.too_many"), 1u);
}

}  // namespace
}  // namespace dispecer::rsmp
