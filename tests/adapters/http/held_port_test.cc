#include "adapters/http/held_port.h"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>

#include "adapters/http/server.h"

namespace dispecer::http {
namespace {

namespace net = boost::asio;
using Tcp = net::ip::tcp;

TEST(HeldPort, ItsOwnerListensThereWhileItIsHeldAndWhoeverElseWantsItIsRefused) {
  net::io_context io;
  const auto held = HeldPort::hold("127.0.0.1", 0);
  ASSERT_TRUE(held.ok()) << held.error().message();
  ASSERT_NE(held->port(), 0);
  Tcp::acceptor stranger(io, Tcp::v4());
  boost::system::error_code ec;
  stranger.bind({net::ip::make_address("127.0.0.1"), held->port()}, ec);
  EXPECT_EQ(ec, net::error::address_in_use);
  ServerOptions options;
  options.address = "127.0.0.1";
  options.port = held->port();
  const auto owner = Server::listen(io, options, [](const Request&) { return Response{}; });
  ASSERT_TRUE(owner.ok()) << owner.error().message();
  EXPECT_EQ((*owner)->port(), held->port());
}

TEST(HeldPort, WhereSomebodyListensNothingIsHeld) {
  net::io_context io;
  Tcp::acceptor other(io, {net::ip::make_address("127.0.0.1"), 0});
  const auto held = HeldPort::hold("127.0.0.1", other.local_endpoint().port());
  ASSERT_FALSE(held.ok());
  EXPECT_EQ(held.error().cause, "address_in_use");
  EXPECT_EQ(HeldPort::hold("nowhere", 0).error().cause, "bad_address");
}

}  // namespace
}  // namespace dispecer::http
