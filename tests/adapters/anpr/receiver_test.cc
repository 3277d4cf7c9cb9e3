#include "adapters/anpr/receiver.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "adapters/http/client.h"
#include "adapters/http/server.h"

namespace dispecer::anpr {
namespace {

const UtcTime kNow = parse_iso("2026-11-23T10:00:00Z").value();

struct Gatehouse {
  std::vector<PlateRead> reads;
  Receiver receiver{
      {{ReaderId("r1"), GateId("north"), "t1"}, {ReaderId("r2"), GateId("south"), "t2"}},
      [this](PlateRead read) { reads.push_back(std::move(read)); }};

  unsigned push(const std::string& body, const std::string& token = "t1", UtcTime now = kNow) {
    http::Request request;
    request.method = "POST";
    request.headers = {{"Authorization", "Bearer " + token}};
    request.body = body;
    return receiver.handle(request, now).status;
  }
  std::uint64_t counted(const std::string& name) {
    const auto it = receiver.counters().find("anpr." + name);
    return it == receiver.counters().end() ? 0 : it->second;
  }
};

std::string one(const char* id, const char* sent = "2026-11-23T10:00:00Z",
                const char* device = "r1", const char* time = "2026-11-23T09:59:59Z") {
  return std::string(R"({"device": ")") + device + R"(", "sent": ")" + sent +
         R"(", "reads": [{"id": ")" + id + R"(", "time": ")" + time +
         R"(", "plate": "MM12ABC", "country": "RO", "confidence": 0.97}]})";
}

TEST(Anpr, AReadPassesOnWithItsGateAndClockError) {
  Gatehouse g;
  EXPECT_EQ(g.push(one("e1", "2026-11-23T10:00:02.5Z")), 200U);
  ASSERT_EQ(g.reads.size(), 1U);
  EXPECT_EQ(g.reads[0].gate, GateId("north"));
  EXPECT_EQ(g.reads[0].reader, ReaderId("r1"));
  EXPECT_EQ(g.reads[0].plate, "MM12ABC");
  EXPECT_NEAR(g.reads[0].clock_error.value, 2.5, 1e-9);
  EXPECT_FALSE(g.reads[0].rights);
  EXPECT_EQ(g.counted("accepted"), 1U);
}

TEST(Anpr, ARepeatIsAcceptedOnTheWireAndPassedOnOnce) {
  Gatehouse g;
  EXPECT_EQ(g.push(one("e1")), 200U);
  EXPECT_EQ(g.push(one("e1")), 200U);
  EXPECT_EQ(g.reads.size(), 1U);
  EXPECT_EQ(g.counted("duplicate"), 1U);
  // The same number at another reader is another event.
  EXPECT_EQ(g.push(one("e1", "2026-11-23T10:00:00Z", "r2"), "t2"), 200U);
  EXPECT_EQ(g.reads.size(), 2U);
}

TEST(Anpr, NobodyPushesInAnothersName) {
  Gatehouse g;
  EXPECT_EQ(g.push(one("e1"), "t2"), 401U);
  EXPECT_EQ(g.push(one("e1"), ""), 401U);
  EXPECT_EQ(g.push(one("e1", "2026-11-23T10:00:00Z", "r9"), "t1"), 404U);
  EXPECT_TRUE(g.reads.empty());
  EXPECT_EQ(g.counted("unauthorised"), 2U);
  EXPECT_EQ(g.counted("unknown_device"), 1U);
}

TEST(Anpr, AReaderWithoutATokenMayPushOnlyWhereItIsOpen) {
  std::size_t reads = 0;
  http::Request request;
  request.method = "POST";
  request.body = one("e1");
  Receiver shut({{ReaderId("r1"), GateId("north"), ""}}, [&](PlateRead) { ++reads; });
  EXPECT_EQ(shut.handle(request, kNow).status, 401U);
  Receiver open({{ReaderId("r1"), GateId("north"), "", true}}, [&](PlateRead) { ++reads; });
  EXPECT_EQ(open.handle(request, kNow).status, 200U);
  EXPECT_EQ(reads, 1U);
}

TEST(Anpr, BadInputIsRefusedCountedAndNotRepeated) {
  Gatehouse g;
  http::Request request;
  request.method = "POST";
  request.body = "{\"device\": \"MM12ABC\"";
  const auto response = g.receiver.handle(request, kNow);
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(response.body.find("MM12ABC"), std::string::npos);
  request.method = "GET";
  EXPECT_EQ(g.receiver.handle(request, kNow).status, 405U);
  EXPECT_EQ(g.counted("bad_json"), 1U);
  EXPECT_EQ(g.counted("bad_method"), 1U);
}

TEST(Anpr, AReadFromTheFutureIsNone) {
  Gatehouse g;
  g.push(one("e1", "2026-11-23T10:00:00Z", "r1", "2026-11-23T10:01:01Z"));
  EXPECT_TRUE(g.reads.empty());
  EXPECT_EQ(g.counted("from_the_future"), 1U);
}

TEST(Anpr, ASilentReaderIsNamedUntilItSpeaks) {
  Gatehouse g;
  EXPECT_TRUE(g.receiver.silent(kNow, Seconds{30}).empty());
  const auto later = kNow + from_seconds(31);
  EXPECT_EQ(g.receiver.silent(later, Seconds{30}).size(), 2U);
  g.push(R"({"device": "r1", "sent": "2026-11-23T10:00:31Z", "reads": []})", "t1", later);
  EXPECT_EQ(g.receiver.silent(later, Seconds{30}), (std::vector{ReaderId("r2")}));
}

TEST(Anpr, CountersNeverHoldAPlate) {
  Gatehouse g;
  g.push(one("e1"));
  g.push(one("MM12ABC"));
  g.push(one("e2", "never"));
  for (const auto& [name, n] : g.receiver.counters())
    EXPECT_EQ(name.find("MM12ABC"), std::string::npos);
}

TEST(Anpr, WorksOverARealSocket) {
  boost::asio::io_context io;
  Gatehouse g;
  auto server = http::Server::listen(
      io, {}, [&](const http::Request& r) { return g.receiver.handle(r, kNow); });
  ASSERT_TRUE(server);
  http::Client client(io);
  unsigned status = 0;
  client.post("http://127.0.0.1:" + std::to_string((*server)->port()) + "/anpr", "application/json",
              one("e1"), {{"Authorization", "Bearer t1"}}, [&](Result<http::Response> r) {
                status = r ? r->status : 0;
                io.stop();
              });
  io.run_for(std::chrono::seconds(10));
  EXPECT_EQ(status, 200U);
  EXPECT_EQ(g.reads.size(), 1U);
}

}  // namespace
}  // namespace dispecer::anpr
