// The establishment, against the real program over a loopback socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/rsmp_supervisor/program.h"
#include "tests/conformance/rsmp_supervisor/raw_site.h"

namespace dispecer::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> alone(const std::string& core, const std::string& sxl,
                               std::vector<std::string> more = {}) {
  std::vector<std::string> command{DISPECER_RSMP, "--listen", "127.0.0.1:0", "--sxl", sxl};
  if (!core.empty()) command.insert(command.end(), {"--core", core});
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

struct Pair {
  const char* core;
  const char* sxl;
};
constexpr Pair kPairs[] = {{"3.1.2", "1.0.7"},  {"3.1.3", "1.0.13"}, {"3.1.4", "1.0.14"},
                           {"3.1.5", "1.0.15"}, {"3.2.0", "1.1.0"},  {"3.2.1", "1.2.0"},
                           {"3.2.2", "1.2.1"}};

TEST(SupervisorHandshake, EveryCoreVersionKeepsTheOrderAndAcknowledgesTheAggregatedStatusFirst) {
  for (const Pair& pair : kPairs) {
    Program program(alone(pair.core, pair.sxl));
    RawSite site(pair.core, pair.sxl);
    ASSERT_TRUE(site.connect(program.port())) << pair.core;
    EXPECT_TRUE(site.establish()) << pair.core;
    EXPECT_THAT(site.sequence,
                ElementsAre("out Version", "in MessageAck", "in Version", "out MessageAck",
                            "out Watchdog", "in MessageAck", "in Watchdog", "out MessageAck",
                            "out AggregatedStatus", "in MessageAck"))
        << pair.core;
    const auto asked = site.next();
    ASSERT_TRUE(asked) << pair.core;
    EXPECT_EQ(text(*asked, "type"), "StatusRequest") << "what is set is read first";
  }
}

TEST(SupervisorHandshake, ItsVersionSaysWhatWasAgreedInTheSitesOwnSpelling) {
  Program program(alone("", "1.1.0"));
  RawSite site("3.2", "1.1");
  ASSERT_TRUE(site.connect(program.port()));
  site.send(site.version({"3.1.5", "3.2"}, "1.1"));
  ASSERT_EQ(text(*site.next(), "type"), "MessageAck");
  const auto version = site.next();
  ASSERT_TRUE(version);
  const std::string all = json::serialize(*version);
  EXPECT_THAT(all, HasSubstr(R"({"vers":"3.2"})"));
  EXPECT_THAT(all, HasSubstr(R"("SXL":"1.1")"));
  EXPECT_THAT(all, HasSubstr(R"({"sId":"RN+SI0001"})"));
}

TEST(SupervisorHandshake, ASiteThatAlsoOffersANewerCoreSettlesAtTheHighestCommonOne) {
  Program program(alone("", "1.2.1"));
  RawSite site;
  ASSERT_TRUE(site.connect(program.port()));
  json::object version = site.version({"3.1.2", "3.1.3", "3.2.2", "3.3.0"}, "1.2.1");
  version["step"] = "Request";
  version["SXLS"] = json::array{json::object{{"name", "tlc"}, {"version", "1.2.1"}}};
  site.send(version);
  ASSERT_EQ(text(*site.next(), "type"), "MessageAck");
  auto answer = site.next();
  ASSERT_TRUE(answer);
  EXPECT_THAT(json::serialize(*answer), testing::Not(HasSubstr("3.3")));
  site.acknowledge(*answer);
  site.send(site.watchdog());
  const auto watchdog = site.next("Watchdog");
  ASSERT_TRUE(watchdog);
  site.acknowledge(*watchdog);
  site.send(site.aggregated());
  const auto subscribe = site.next("StatusSubscribe", 5);
  ASSERT_TRUE(subscribe);
  EXPECT_THAT(json::serialize(*subscribe), HasSubstr("\"sOc\""))
      << "3.1.2 and 3.1.3 would forbid it";
}

struct Refusal {
  const char* name;
  const char* id;
  std::vector<std::string> cores;
  const char* sxl;
  const char* reason;
};

TEST(SupervisorHandshake, WhatDoesNotFitIsRefusedWithWhatWasAskedAndTheLineIsClosed) {
  const Refusal rows[] = {
      {"unknown site", "STRANGER", {"3.2.2"}, "1.2.1", "STRANGER"},
      {"no common core", "RN+SI0001", {"3.1.1", "3.3.0"}, "1.2.1", "3.3.0"},
      {"wrong list", "RN+SI0001", {"3.2.2"}, "1.0.7", "1.0.7"},
  };
  Program program(alone("3.2.2", "1.2.1"));
  const auto port = program.port();
  for (const Refusal& row : rows) {
    RawSite site("3.2.2", "1.2.1", row.id);
    ASSERT_TRUE(site.connect(port));
    const std::string id = site.send(site.version(row.cores, row.sxl));
    const auto answer = site.next();
    ASSERT_TRUE(answer) << row.name;
    EXPECT_EQ(text(*answer, "type"), "MessageNotAck") << row.name;
    EXPECT_EQ(text(*answer, "oMId"), id) << row.name;
    EXPECT_THAT(text(*answer, "rea"), HasSubstr(row.reason)) << row.name;
    EXPECT_FALSE(site.next(1)) << row.name;
    EXPECT_TRUE(site.closed()) << row.name;
  }
}

TEST(SupervisorHandshake, BeforeTheVersionNothingElseIsAnswered) {
  Program program(alone("3.2.2", "1.2.1"));
  RawSite site;
  ASSERT_TRUE(site.connect(program.port()));
  site.send(site.watchdog());
  site.send(site.aggregated());
  site.send_bytes("{\"mType\":\"rSMsg\",\"type\":\"Nonsense\",\"mId\":\"1\"}\f");
  EXPECT_FALSE(site.next(0.5)) << "silence";
  EXPECT_FALSE(site.closed());
  EXPECT_TRUE(site.establish()) << "and the line still serves";
}

TEST(SupervisorHandshake, ASecondVersionIsRefusedAndTheLineKept) {
  Program program(alone("3.2.2", "1.2.1"));
  RawSite site;
  ASSERT_TRUE(site.connect(program.port()));
  ASSERT_TRUE(site.establish());
  const std::string id = site.send(site.version({"3.2.2"}, "1.2.1"));
  const auto refusal = site.next("MessageNotAck");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(text(*refusal, "oMId"), id);
  site.send(site.watchdog());
  EXPECT_TRUE(site.next("MessageAck"));
  EXPECT_FALSE(site.closed());
}

TEST(SupervisorHandshake, TheNewestConnectionOfASiteCounts) {
  Program program(alone("3.2.2", "1.2.1"));
  const auto port = program.port();
  RawSite first;
  RawSite second;
  ASSERT_TRUE(first.connect(port));
  ASSERT_TRUE(first.establish());
  ASSERT_TRUE(second.connect(port));
  ASSERT_TRUE(second.establish());
  const double end = seconds() + 3;
  while (!first.closed() && seconds() < end) {
  }
  EXPECT_TRUE(first.closed());
  EXPECT_TRUE(second.next("StatusSubscribe")) << "the new one is subscribed to";
}

TEST(SupervisorHandshake, ASiteThatWaitsForOurVersionIsGivenIt) {
  Program program(alone("3.1.2", "1.0.7"));
  RawSite site("3.1.2", "1.0.7");
  ASSERT_TRUE(site.connect(program.port()));
  const auto version = site.next("Version", 8);
  ASSERT_TRUE(version);
  site.acknowledge(*version);
  site.send(site.version({"3.1.2"}, "1.0.7"));
  EXPECT_TRUE(site.next("MessageAck"));
}

TEST(SupervisorHandshake, EarlyMessagesAreToleratedBefore314AndOnlyThere) {
  for (const bool tolerant : {true, false}) {
    const std::string core = tolerant ? "3.1.3" : "3.1.4";
    const std::string sxl = tolerant ? "1.0.13" : "1.0.14";
    Program program(alone(core, sxl));
    RawSite site(core, sxl);
    ASSERT_TRUE(site.connect(program.port()));
    site.send(site.version({core}, sxl));
    ASSERT_EQ(text(*site.next(), "type"), "MessageAck");
    ASSERT_EQ(text(*site.next(), "type"), "Version");
    const std::string id = site.send(site.aggregated());
    const auto answer = site.next(0.7);
    EXPECT_EQ(answer && text(*answer, "oMId") == id, tolerant) << core;
    EXPECT_FALSE(site.closed());
  }
}

}  // namespace
}  // namespace dispecer::conformance
