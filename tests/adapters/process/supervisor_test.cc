#include "adapters/process/supervisor.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <regex>
#include <thread>

#include "adapters/clock/domain_clock.h"
#include "tests/support/folder.h"

namespace dispecer::process {
namespace {

ChildSpec child(const test::Folder& f, const std::string& name, const std::string& script) {
  ChildSpec c;
  c.name = name;
  c.argv = {"/bin/sh", "-c", script};
  c.ready_file = f.file(name + ".ready");
  c.heartbeat = false;
  c.log_file = f.file(name + ".log");
  return c;
}

template <class Done>
bool drive(Supervisor& s, Done done, std::optional<int>* code = nullptr) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < end) {
    const auto ended = s.round(clock::monotonic());
    if (ended && code != nullptr) *code = ended;
    if (done() || ended) return done();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST(Supervisor, AChildStartsOnlyWhenTheOneBeforeItIsReady) {
  const test::Folder f("supervisor");
  Supervisor s({child(f, "first", "sleep 0.3; touch " + f.file("first.ready") + "; exec sleep 60"),
                child(f, "second",
                      "test -e " + f.file("first.ready") + " && touch " + f.file("second.ready") +
                          "; exec sleep 60")},
               [](const std::string&) {});
  EXPECT_TRUE(drive(s, [&] { return s.all_ready(); }));
  s.stop_all(std::chrono::seconds(2));
}

TEST(Supervisor, AKilledChildComesBackAndARestartIsCounted) {
  const test::Folder f("supervisor");
  Supervisor s({child(f, "one", "touch " + f.file("one.ready") + "; exec sleep 60")},
               [](const std::string&) {});
  ASSERT_TRUE(drive(s, [&] { return s.all_ready(); }));
  const auto before = s.pid("one");
  ::kill(before, SIGKILL);
  EXPECT_TRUE(drive(s, [&] { return s.restarts("one") == 1 && s.all_ready(); }));
  EXPECT_NE(s.pid("one"), before);
  s.stop_all(std::chrono::seconds(2));
}

TEST(Supervisor, EachStartStandsInTheLogWithItsTime) {
  const test::Folder f("supervisor");
  {
    Supervisor s({child(f, "one", "echo hello; touch " + f.file("one.ready") + "; exec sleep 60")},
                 [](const std::string&) {});
    ASSERT_TRUE(drive(s, [&] { return s.all_ready(); }));
    s.stop_all(std::chrono::seconds(2));
  }
  std::ifstream log(f.file("one.log"));
  std::string first;
  std::string second;
  std::getline(log, first);
  std::getline(log, second);
  EXPECT_TRUE(std::regex_match(
      first, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ one started, process \d+)")))
      << first;
  EXPECT_EQ(second, "hello");
}

TEST(Supervisor, AChildThatRefusesItsConfigurationEndsTheStart) {
  const test::Folder f("supervisor");
  std::optional<int> code;
  Supervisor s({child(f, "bad", "exit 2")}, [](const std::string&) {});
  EXPECT_FALSE(drive(
      s, [] { return false; }, &code));
  EXPECT_EQ(code, 2);
}

TEST(Supervisor, TheWorldEndsWithTheChildThatEndsIt) {
  const test::Folder f("supervisor");
  auto c = child(f, "street", "touch " + f.file("street.ready") + "; exit 0");
  c.ends_world = true;
  std::optional<int> code;
  Supervisor s({c}, [](const std::string&) {});
  EXPECT_FALSE(drive(
      s, [] { return false; }, &code));
  EXPECT_EQ(code, 0);
}

TEST(Supervisor, AChildThatIgnoresTheRequestToStopIsKilled) {
  const test::Folder f("supervisor");
  Supervisor s(
      {child(f, "deaf",
             "trap '' TERM; touch " + f.file("deaf.ready") + "; while :; do sleep 0.1; done")},
      [](const std::string&) {});
  ASSERT_TRUE(drive(s, [&] { return s.all_ready(); }));
  const auto pid = s.pid("deaf");
  s.stop_all(std::chrono::milliseconds(300));
  EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace
}  // namespace dispecer::process
