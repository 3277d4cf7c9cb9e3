// An established line: acknowledgements, refusals, time-outs, what is asked in which version.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/conformance/rsmp_supervisor/program.h"
#include "tests/conformance/rsmp_supervisor/raw_site.h"
#include "tests/conformance/schema/schema.h"

namespace dispecer::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Line {
  explicit Line(std::vector<std::string> more = {}, const std::string& core = "3.2.2",
                const std::string& sxl = "1.2.1")
      : program([&] {
          std::vector<std::string> command{DISPECER_RSMP, "--listen", "127.0.0.1:0", "--core", core,
                                           "--sxl",       sxl};
          command.insert(command.end(), more.begin(), more.end());
          return command;
        }()),
        site(core, sxl) {
    up = site.connect(program.port()) && site.establish();
  }
  // The answer to a message: type and reason.
  std::pair<std::string, std::string> answer_to(json::object message) {
    const std::string id = site.send(std::move(message));
    const double end = seconds() + 3;
    while (seconds() < end) {
      const auto got = site.next(end - seconds());
      if (!got) break;
      if (text(*got, "oMId") == id) return {text(*got, "type"), text(*got, "rea")};
      site.acknowledge(*got);
    }
    return {"", ""};
  }
  // What the supervisor asks by itself, acknowledged, until it falls silent.
  std::vector<json::object> asked(double silence_s = 0.7) {
    std::vector<json::object> list;
    while (auto message = site.next(silence_s)) {
      site.acknowledge(*message);
      if (!message->contains("oMId")) list.push_back(*message);
    }
    return list;
  }
  Program program;
  RawSite site;
  bool up = false;
};

json::object update(const char* value, json::object more = {}) {
  json::object message{
      {"type", "StatusUpdate"},
      {"ntsOId", ""},
      {"xNId", ""},
      {"cId", "TC"},
      {"sTs", now_text()},
      {"sS", json::array{
                 json::object{{"sCI", "S0014"}, {"n", "status"}, {"s", value}, {"q", "recent"}}}}};
  for (auto& [key, one] : more) message[key] = one;
  return message;
}

TEST(SupervisorTraffic, WhatIsUnderstoodIsAcknowledgedAndTheRestRefusedWithAReason) {
  Line line;
  ASSERT_TRUE(line.up);
  EXPECT_EQ(line.answer_to(line.site.watchdog()).first, "MessageAck");
  EXPECT_EQ(line.answer_to(line.site.aggregated()).first, "MessageAck");
  EXPECT_EQ(line.answer_to(update("1")).first, "MessageAck");
  EXPECT_EQ(line.answer_to(update("1", {{"never_heard_of", 5}})).first, "MessageAck")
      << "unknown keys are ignored";
  struct Row {
    const char* name;
    json::object message;
    const char* reason;
  };
  json::object no_component = update("1");
  no_component.erase("cId");
  json::object short_bits = line.site.aggregated();
  short_bits["se"] = json::array{true};
  json::object text_bits = line.site.aggregated();
  text_bits["se"] = json::array{"true", "true", "true", "true", "true", "true", "true", "true"};
  const Row rows[] = {
      {"unknown type", {{"type", "Telegram"}}, "type"},
      {"missing component", no_component, "cId"},
      {"bad time", update("1", {{"sTs", "yesterday"}}), "sTs"},
      {"empty list", update("1", {{"sS", json::array{}}}), "sS"},
      {"wrong kind", update("1", {{"sS", "text"}}), "sS"},
      {"eight bits", short_bits, "se"},
      {"booleans from 3.1.3", text_bits, "se"},
      {"not for a supervisor",
       {{"type", "StatusRequest"},
        {"cId", "TC"},
        {"sS", json::array{json::object{{"sCI", "S0001"}, {"n", "stage"}}}}},
       "StatusRequest"},
  };
  for (const Row& row : rows) {
    const auto [type, reason] = line.answer_to(row.message);
    EXPECT_EQ(type, "MessageNotAck") << row.name;
    EXPECT_THAT(reason, HasSubstr(row.reason)) << row.name;
  }
  EXPECT_FALSE(line.site.closed()) << "nothing of this ends the line";
}

TEST(SupervisorTraffic, ARefusalByTheSiteDoesNotEndTheLine) {
  Line line;
  ASSERT_TRUE(line.up);
  while (const auto message = line.site.next(0.7)) {
    if (message->contains("oMId")) continue;
    line.site.send(
        {{"type", "MessageNotAck"}, {"oMId", text(*message, "mId")}, {"rea", "not today"}});
  }
  EXPECT_EQ(line.answer_to(line.site.watchdog()).first, "MessageAck");
}

TEST(SupervisorTraffic, AMissingAcknowledgementEndsTheLineAtTheTimeOut) {
  Line line({"--ack-timeout", "1"});
  ASSERT_TRUE(line.up);
  const double began = seconds();
  ASSERT_TRUE(line.site.next("StatusRequest"));
  while (!line.site.closed() && seconds() - began < 6) {
  }
  EXPECT_TRUE(line.site.closed());
  EXPECT_GT(seconds() - began, 0.8);
  EXPECT_LT(seconds() - began, 4);
}

TEST(SupervisorTraffic, AcknowledgementsThatAreLateUnknownOrDoubleDoNoHarm) {
  Line line;
  ASSERT_TRUE(line.up);
  const auto message = line.site.next();
  ASSERT_TRUE(message);
  line.site.acknowledge(*message);
  line.site.acknowledge(*message);
  line.site.send({{"type", "MessageAck"}, {"oMId", fresh_id()}});
  line.site.send({{"type", "MessageNotAck"}, {"oMId", fresh_id()}, {"rea", "?"}});
  EXPECT_EQ(line.answer_to(line.site.watchdog()).first, "MessageAck");
}

TEST(SupervisorTraffic, ItsOwnWatchdogsComeAtTheirIntervalAndItIsNotEndedByMissingOnes) {
  Line line({"--watchdog", "1"});
  ASSERT_TRUE(line.up);
  int watchdogs = 0;
  const double end = seconds() + 4.5;
  while (seconds() < end) {
    const auto message = line.site.next(end - seconds());
    if (!message) break;
    watchdogs += text(*message, "type") == "Watchdog" ? 1 : 0;
    line.site.acknowledge(*message);
  }
  EXPECT_GE(watchdogs, 3);
  EXPECT_LE(watchdogs, 6);
  EXPECT_FALSE(line.site.closed());
}

TEST(SupervisorTraffic, SubscriptionsAreMadeAnewAfterEveryReconnect) {
  Line line;
  ASSERT_TRUE(line.up);
  const auto codes = [&] {
    std::vector<std::string> list;
    for (const auto& m : line.asked()) {
      if (text(m, "type") == "StatusSubscribe") list.push_back(json::serialize(m.at("sS")));
    }
    return list;
  };
  const auto first = codes();
  EXPECT_GT(first.size(), 20u);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(line.site.connect(line.program.port()));
    ASSERT_TRUE(line.site.establish());
    EXPECT_EQ(codes(), first);
  }
}

TEST(SupervisorTraffic, EachVersionIsAskedInItsOwnWords) {
  struct Row {
    const char* core;
    const char* sxl;
    bool on_change_key;
    bool source;
  };
  for (const Row& row : {Row{"3.1.2", "1.0.7", false, false}, Row{"3.1.4", "1.0.14", false, false},
                         Row{"3.1.5", "1.0.15", true, false}, Row{"3.2.0", "1.1.0", true, true},
                         Row{"3.2.2", "1.2.1", true, true}}) {
    Line line({}, row.core, row.sxl);
    ASSERT_TRUE(line.up) << row.core;
    std::string all;
    for (const auto& m : line.asked()) all += json::serialize(m);
    EXPECT_EQ(all.find("\"sOc\"") != std::string::npos, row.on_change_key) << row.core;
    EXPECT_EQ(all.find("\"source\"") != std::string::npos, row.source) << row.core;
    EXPECT_THAT(all, Not(HasSubstr("null")));
    EXPECT_THAT(all, Not(HasSubstr("M001")));
  }
}

TEST(SupervisorTraffic, AllThatItSaysUnaskedIsValidByThePublishedSchemas) {
  const char* folder = std::getenv("DISPECER_SAMPLES");
  if (folder == nullptr) GTEST_SKIP() << "DISPECER_SAMPLES is not set: no published schemas";
  Schemas schemas(std::string(folder) + "/rsmp-schemas");
  for (const auto& [core, sxl] :
       {std::pair{"3.1.2", "1.0.7"}, std::pair{"3.1.3", "1.0.13"}, std::pair{"3.1.4", "1.0.14"},
        std::pair{"3.1.5", "1.0.15"}, std::pair{"3.2.0", "1.1.0"}, std::pair{"3.2.1", "1.2.0"},
        std::pair{"3.2.2", "1.2.1"}}) {
    Line line({}, core, sxl);
    ASSERT_TRUE(line.up) << core;
    const auto asked = line.asked();
    EXPECT_GT(asked.size(), 15u) << core;
    for (const auto& message : asked) {
      for (const std::string& fault : schemas.faults(message, core, sxl)) {
        ADD_FAILURE() << core << "/" << sxl << ": " << fault << " in " << json::serialize(message);
      }
    }
  }
}

}  // namespace
}  // namespace dispecer::conformance
