#include "adapters/process/ports.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "adapters/process/deployment.h"
#include "tests/support/folder.h"

namespace dispecer::process {
namespace {

using Tcp = boost::asio::ip::tcp;

Tcp::endpoint loopback(std::uint16_t port) {
  return {boost::asio::ip::make_address("127.0.0.1"), port};
}

std::string resolved(const test::Folder& f, const std::string& name) {
  const auto d = Deployment::load(f.file("deploy.toml"), f.file("secrets"));
  return d ? d->resolve(name) : d.error().message();
}

TEST(Ports, AnAddressWithPortZeroGetsOneThatIsKeptAndOthersStayAsWritten) {
  const test::Folder f("ports");
  f.write("deploy.toml",
          "[address]\navl = \"127.0.0.1:0\"\npolice = \"127.0.0.1:0\"\nsign = \"10.0.0.1:80\"\n");
  std::uint16_t avl = 0;
  std::uint16_t police = 0;
  for (int start = 0; start < 2; ++start) {
    const auto held = hold_ports(f.str(), [](const std::string& line) { ADD_FAILURE() << line; });
    ASSERT_TRUE(held.ok()) << held.error().message();
    ASSERT_EQ(held->size(), 2U);
    if (start > 0) {
      EXPECT_EQ((*held)[0].port(), avl) << "a second start takes the ports of the first";
      EXPECT_EQ((*held)[1].port(), police);
    }
    avl = (*held)[0].port();
    police = (*held)[1].port();
    EXPECT_EQ(resolved(f, "@avl/feed"), "127.0.0.1:" + std::to_string(avl) + "/feed");
    EXPECT_EQ(resolved(f, "@police"), "127.0.0.1:" + std::to_string(police));
    EXPECT_EQ(resolved(f, "@sign"), "10.0.0.1:80");
  }
}

TEST(Ports, APortThatAnotherProcessTookInBetweenIsReplacedAndToldByName) {
  const test::Folder f("ports");
  boost::asio::io_context io;
  Tcp::acceptor other(io, loopback(0));
  const auto taken = other.local_endpoint().port();
  f.write("deploy.toml", "[address]\npolice = \"127.0.0.1:0\"\n");
  f.write("ports.toml", "address.police = \"127.0.0.1:" + std::to_string(taken) + "\"\n");
  std::vector<std::string> said;
  const auto held = hold_ports(f.str(), [&](const std::string& line) { said.push_back(line); });
  ASSERT_TRUE(held.ok()) << held.error().message();
  ASSERT_EQ(held->size(), 1U);
  const auto port = held->front().port();
  EXPECT_NE(port, taken);
  EXPECT_EQ(resolved(f, "@police"), "127.0.0.1:" + std::to_string(port));
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0], "address.police: port " + std::to_string(taken) +
                         " was taken by another process, now " + std::to_string(port));
  const Tcp::acceptor owner(io, loopback(port), true);
  EXPECT_EQ(owner.local_endpoint().port(), port) << "its owner may listen while it is held";
}

TEST(Ports, AnAddressThatIsNotOfThisMachineIsRefusedByFileAndKey) {
  const test::Folder f("ports");
  f.write("deploy.toml", "[address]\navl = \"somewhere:0\"\n");
  const auto held = hold_ports(f.str(), [](const std::string&) {});
  ASSERT_FALSE(held.ok());
  EXPECT_EQ(held.error().cause, "bad_address");
  EXPECT_NE(held.error().where.find("deploy.toml key address.avl"), std::string::npos)
      << held.error().where;
}

}  // namespace
}  // namespace dispecer::process
