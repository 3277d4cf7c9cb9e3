#include "adapters/bus/zmq_bus.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>

#include "adapters/bus/query.h"

namespace dispecer::bus {
namespace {

class ZmqBusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() / ("dispecer_bus_" + std::to_string(::getpid()));
    std::filesystem::create_directories(dir_);
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  static Message message(const Topic& topic, const std::string& source, std::uint64_t sequence,
                         const std::string& payload) {
    Message m;
    m.envelope.world = "bench-1";
    m.envelope.topic = topic.number;
    m.envelope.source = source;
    m.envelope.sequence = sequence;
    m.raw_envelope = encode(m.envelope);
    m.payload = payload;
    return m;
  }

  // Runs the loop until `done` or a second has passed.
  template <class Done>
  bool run_until(Done done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!done() && std::chrono::steady_clock::now() < end)
      io_.run_for(std::chrono::milliseconds(5));
    return done();
  }

  boost::asio::io_context io_;
  std::filesystem::path dir_;
};

TEST_F(ZmqBusTest, MessagesReachTheSubscriberOfTheirTopicOnly) {
  ZmqBus rsmp(io_, dir_.string(), "rsmp");
  ZmqBus fusion(io_, dir_.string(), "fusion");
  std::vector<std::string> seen;
  fusion.subscribe(topic::Signals::row, [&](const Message& m) { seen.push_back(m.payload); });
  std::uint64_t n = 0;
  ASSERT_TRUE(run_until([&] {
    ++n;
    rsmp.send(topic::Detectors::row, message(topic::Detectors::row, "rsmp", n, "no"));
    rsmp.send(topic::Signals::row, message(topic::Signals::row, "rsmp", n, "yes"));
    return !seen.empty();
  }));
  for (const auto& payload : seen) EXPECT_EQ(payload, "yes");
}

TEST_F(ZmqBusTest, AGapInTheSequenceIsCounted) {
  ZmqBus rsmp(io_, dir_.string(), "rsmp");
  ZmqBus fusion(io_, dir_.string(), "fusion");
  int seen = 0;
  fusion.subscribe(topic::Signals::row, [&](const Message&) { ++seen; });
  ASSERT_TRUE(run_until([&] {
    rsmp.send(topic::Signals::row, message(topic::Signals::row, "rsmp", 1, ""));
    return seen > 0;
  }));
  rsmp.send(topic::Signals::row, message(topic::Signals::row, "rsmp", 5, "last"));
  ASSERT_TRUE(run_until([&] { return fusion.counters().contains("bus.gap.signals"); }));
  EXPECT_EQ(fusion.counters().at("bus.gap.signals"), 3U);
}

TEST_F(ZmqBusTest, ASubscriberSurvivesTheRestartOfAWriter) {
  ZmqBus fusion(io_, dir_.string(), "fusion");
  int seen = 0;
  fusion.subscribe(topic::Signals::row, [&](const Message&) { ++seen; });
  for (int life = 0; life < 2; ++life) {
    seen = 0;
    ZmqBus rsmp(io_, dir_.string(), "rsmp");
    EXPECT_TRUE(run_until([&] {
      rsmp.send(topic::Signals::row, message(topic::Signals::row, "rsmp", 1, ""));
      return seen > 0;
    })) << "life "
        << life;
  }
}

TEST_F(ZmqBusTest, AQueryIsAnsweredRefusedOrTimedOut) {
  Query controller(io_, dir_.string(), "controller");
  Query console(io_, dir_.string(), "console");
  controller.answer("cases", [](const std::string& q) -> Result<std::string> {
    if (q == "bad") return Error{"no_right", "viewers see no cases", ""};
    return "answer to " + q;
  });
  std::vector<std::string> got;
  const auto note = [&](Result<std::string> r) { got.push_back(r ? *r : r.error().cause); };
  console.ask("controller", "cases", "all", std::chrono::seconds(4), note);
  console.ask("controller", "cases", "bad", std::chrono::seconds(4), note);
  console.ask("controller", "nothing", "", std::chrono::seconds(4), note);
  ASSERT_TRUE(run_until([&] { return got.size() == 3; }));
  EXPECT_EQ(got, (std::vector<std::string>{"answer to all", "no_right", "no_such_query"}));
  console.ask("nobody", "cases", "", std::chrono::milliseconds(50), note);
  ASSERT_TRUE(run_until([&] { return got.size() == 4; }));
  EXPECT_EQ(got[3], "no_answer");
}

}  // namespace
}  // namespace dispecer::bus
