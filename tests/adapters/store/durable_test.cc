// Durable streams over a real Redis of the test's own.
#include "adapters/store/durable.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <thread>

#include "adapters/store/redis.h"
#include "tests/support/folder.h"

namespace dispecer::store {
namespace {

class DurableTest : public ::testing::Test {
 protected:
  void SetUp() override { start_redis(); }
  void TearDown() override { stop_redis(SIGTERM); }

  void start_redis() {
    redis_ = ::fork();
    if (redis_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const auto log = folder_.file("redis.log");
      ::execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", socket().c_str(),
               "--dir", folder_.str().c_str(), "--appendonly", "yes", "--appendfsync", "always",
               "--save", "", "--logfile", log.c_str(), nullptr);
      ::_exit(127);
    }
    Redis probe(socket());
    for (int i = 0; i < 500 && !probe.ping(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  void stop_redis(int signal) {
    if (redis_ == 0) return;
    ::kill(redis_, signal);
    ::waitpid(redis_, nullptr, 0);
    redis_ = 0;
  }
  // For what must not come: long enough for several turns of the worker.
  template <class Done>
  void wait_in_vain(Done done) {
    EXPECT_FALSE(run_until(done, std::chrono::seconds(3)));
  }
  std::string socket() const { return folder_.file("redis.sock"); }
  DurableOptions options(const std::string& process) const {
    return {folder_.file("journals"), socket(), "test:", process, {"leads"}};
  }
  template <class Done>
  bool run_until(Done done, std::chrono::seconds limit = std::chrono::seconds(60)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!done() && std::chrono::steady_clock::now() < end) {
      io_.run_for(std::chrono::milliseconds(10));
      io_.restart();
    }
    return done();
  }

  test::Folder folder_{"durable"};
  pid_t redis_ = 0;
  boost::asio::io_context io_;
};

TEST_F(DurableTest, AServerThatDiedBetweenTwoCommandsIsAnErrorAndNotASignal) {
  Redis redis(socket());
  ASSERT_TRUE(redis.ping().ok());
  stop_redis(SIGKILL);
  const auto gone = redis.ping();
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().cause, "redis_gone");
  start_redis();
  EXPECT_TRUE(redis.ping().ok());
}

TEST_F(DurableTest, ARecordReachesItsReaderOnceHoweverOftenItIsWritten) {
  Durable writer(io_, options("writer"));
  Durable reader(io_, options("reader"));
  std::vector<std::string> got;
  reader.read("intents", false, [&](const DurableRecord& r) {
    got.push_back(r.key + "=" + r.data);
    return true;
  });
  writer.start();
  reader.start();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(writer.write("intents", {"k1", "one"}).ok());
  EXPECT_TRUE(writer.write("intents", {"k2", std::string("two\0x", 5)}).ok());
  ASSERT_TRUE(run_until([&] { return got.size() == 2; }));
  wait_in_vain([&] { return got.size() > 2; });
  EXPECT_EQ(got, (std::vector<std::string>{"k1=one", std::string("k2=two\0x", 8)}));
}

TEST_F(DurableTest, WhatWasWrittenWithoutRedisWaitsAndArrivesWhenItIsBack) {
  stop_redis(SIGKILL);
  Durable writer(io_, options("writer"));
  Durable reader(io_, options("reader"));
  int got = 0;
  reader.read("intents", false, [&](const DurableRecord&) { return ++got > 0; });
  writer.start();
  reader.start();
  EXPECT_TRUE(writer.write("intents", {"k1", "one"}).ok()) << "kept on disk";
  wait_in_vain([&] { return !writer.redis_up() && got > 0; });
  EXPECT_EQ(got, 0);
  start_redis();
  EXPECT_TRUE(run_until([&] { return got == 1; }));
}

TEST_F(DurableTest, ARecordThatTheReaderCouldNotKeepComesAgain) {
  Durable writer(io_, options("writer"));
  Durable reader(io_, options("reader"));
  int offered = 0;
  reader.read("intents", false, [&](const DurableRecord&) { return ++offered >= 3; });
  writer.start();
  reader.start();
  EXPECT_TRUE(writer.write("intents", {"k1", "one"}).ok());
  EXPECT_TRUE(run_until([&] { return offered == 3; }));
  wait_in_vain([&] { return offered > 3; });
  EXPECT_EQ(offered, 3);
}

TEST_F(DurableTest, ARestartedWriterCarriesWhatItHadNotCarriedAndNothingTwice) {
  stop_redis(SIGKILL);
  {
    Durable writer(io_, options("writer"));
    EXPECT_TRUE(writer.write("intents", {"k1", "one"}).ok());
  }
  start_redis();
  Durable writer(io_, options("writer"));
  EXPECT_TRUE(writer.write("intents", {"k1", "one"}).ok());
  writer.start();
  Redis redis(socket());
  EXPECT_TRUE(run_until([&] {
    return redis.stream_length("test:intents").ok() && *redis.stream_length("test:intents") == 1;
  }));
  wait_in_vain([&] { return *redis.stream_length("test:intents") > 1; });
  EXPECT_EQ(*redis.stream_length("test:intents"), 1);
}

TEST_F(DurableTest, APersonalRecordLeavesTheDiskAndTheStreamOnceItWasRead) {
  Durable writer(io_, options("writer"));
  Durable reader(io_, options("reader"));
  int got = 0;
  reader.read("leads", true, [&](const DurableRecord&) { return ++got > 0; });
  writer.start();
  reader.start();
  EXPECT_TRUE(writer.write("leads", {"lead-1", "MM12ABC"}).ok());
  Redis redis(socket());
  ASSERT_TRUE(run_until([&] { return got == 1 && *redis.stream_length("test:leads") == 0; }));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.file("journals"))) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find("MM12ABC"), std::string::npos) << entry.path();
  }
  EXPECT_TRUE(writer.write("leads", {"lead-1", "MM12ABC"}).ok());
  wait_in_vain([&] { return got > 1; });
  EXPECT_EQ(got, 1) << "its key is still known";
}

}  // namespace
}  // namespace dispecer::store
