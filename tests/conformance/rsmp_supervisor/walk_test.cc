// The walk: every command and every status of the list, for every pair of core and list versions,
// against a raw site and against the virtual controller.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/conformance/rsmp_supervisor/obedient_site.h"
#include "tests/conformance/rsmp_supervisor/program.h"
#include "tests/conformance/schema/schema.h"

namespace dispecer::conformance {
namespace {

using testing::Contains;
using testing::IsSupersetOf;
using testing::Not;

struct Pair {
  std::string core;
  std::string sxl;
  std::size_t statuses;  // codes in the list
  std::size_t commands;  // codes that may be sent
};

// As in the published lists; M0010 to M0012 are never sent.
const std::vector<Pair>& pairs() {
  static const std::vector<Pair> list{{"3.1.2", "1.0.7", 30, 11},  {"3.1.3", "1.0.13", 37, 17},
                                      {"3.1.4", "1.0.14", 41, 17}, {"3.1.5", "1.0.15", 45, 19},
                                      {"3.2.0", "1.1.0", 48, 21},  {"3.2.1", "1.2.0", 48, 21},
                                      {"3.2.2", "1.2.1", 48, 21}};
  return list;
}

std::vector<std::string> command_of(const Pair& pair) {
  return {DISPECER_RSMP, "--listen", "127.0.0.1:0", "--core",        pair.core,
          "--sxl",       pair.sxl,   "--walk",      "--walk-within", "150"};
}

json::object summary_of(const Program& program) {
  for (const auto& line : program.lines()) {
    if (const auto* summary = line.if_contains("summary")) return summary->as_object();
  }
  return {};
}

// Every message of the journal against the published schemas, both ways.
void check_journal(const Program& program, const Pair& pair) {
  std::size_t messages = 0;
  const char* folder = std::getenv("DISPECER_SAMPLES");
  std::optional<Schemas> schemas;
  if (folder != nullptr) schemas.emplace(std::string(folder) + "/rsmp-schemas");
  for (const auto& line : program.lines()) {
    const auto* message = line.if_contains("message");
    if (message == nullptr) continue;
    ++messages;
    const std::string all = json::serialize(*message);
    if (text(message->as_object(), "type").starts_with("Command")) {
      EXPECT_THAT(all, Not(testing::HasSubstr("\"v\":\"2222\""))) << "codes are masked";
      EXPECT_THAT(all, Not(testing::HasSubstr("\"v\":\"1111\""))) << "codes are masked";
    }
    if (!schemas) continue;
    for (const std::string& fault : schemas->faults(*message, pair.core, pair.sxl)) {
      ADD_FAILURE() << pair.core << "/" << pair.sxl << " " << text(line, "direction") << ": "
                    << fault << " in " << all.substr(0, 400);
    }
  }
  EXPECT_GT(messages, 200u) << pair.core;
  if (folder == nullptr) {
    std::puts("schemas not checked: DISPECER_SAMPLES is not set");
  }
}

void check_summary(const Program& program, const Pair& pair, int exit_status) {
  const json::object summary = summary_of(program);
  ASSERT_FALSE(summary.empty()) << pair.core;
  const std::string all = json::serialize(summary);
  EXPECT_EQ(exit_status, 0) << all;
  EXPECT_TRUE(summary.at("good").as_bool()) << all;
  EXPECT_EQ(summary.at("status_codes").as_array().size(), pair.statuses) << all;
  EXPECT_EQ(summary.at("command_codes").as_array().size(), pair.commands) << all;
  EXPECT_EQ(summary.at("not_acks").as_array().size(), 0u) << all;
  // The one order that the guard never lets through.
  ASSERT_EQ(summary.at("refused").as_array().size(), 1u) << all;
  EXPECT_EQ(text(summary.at("refused").as_array().at(0).as_object(), "why"), "mode_forbidden");
}

class SupervisorWalk : public testing::TestWithParam<Pair> {};

TEST_P(SupervisorWalk, GoesThroughEveryCommandAndStatusOfARawSite) {
  const Pair& pair = GetParam();
  Program program(command_of(pair));
  ObedientSite site(pair.core, pair.sxl);
  const auto port = program.port();
  ASSERT_TRUE(site.connect(port));
  ASSERT_TRUE(site.establish());
  const double end = seconds() + 150;
  while (!program.wait(0) && seconds() < end) {
    site.serve([&] { return program.wait(0) || seconds() > end; });
    if (program.wait(0)) break;
    if (site.connect(port)) site.establish();
  }
  check_summary(program, pair, program.wait(10).value_or(-1));
  check_journal(program, pair);
  EXPECT_TRUE(site.not_acks.empty())
      << json::serialize(site.not_acks.empty() ? json::object{} : site.not_acks.front());
  for (const char* never : {"M0010", "M0011", "M0012"}) EXPECT_FALSE(site.heard.contains(never));
  for (const char* kind : {"Alarm Acknowledge", "Alarm Suspend", "Alarm Resume"}) {
    EXPECT_EQ(site.heard[kind], 1) << pair.core << kind;
  }
  const bool requests = pair.core >= "3.1.5";
  EXPECT_EQ(site.heard["Alarm Request"], requests ? 1 : 0);
  EXPECT_EQ(site.heard["AggregatedStatusRequest"], requests ? 1 : 0);
  EXPECT_EQ(site.heard["M0022"], pair.sxl >= "1.1" ? 3 : 0) << "new, update, cancel";
}

#ifdef DISPECER_TLC
TEST_P(SupervisorWalk, GoesThroughEveryCommandAndStatusOfTheVirtualController) {
  const Pair& pair = GetParam();
  // It does all that it is told, so that patience costs nothing on a quiet machine and keeps a busy
  // one from being taken for a fault.
  auto command = command_of(pair);
  command.insert(command.end(), {"--patience", "30"});
  Program program(command);
  const auto port = program.port();
  ASSERT_NE(port, 0);
  Program controller({DISPECER_TLC, "--config", DISPECER_TLC_CONFIG, "--supervisor",
                      "127.0.0.1:" + std::to_string(port), "--core", pair.core, "--sxl", pair.sxl});
  const auto status = program.wait(200);
  ASSERT_TRUE(status.has_value());
  check_summary(program, pair, *status);
  check_journal(program, pair);
  const json::object summary = summary_of(program);
  ASSERT_FALSE(summary.empty());
  const std::string all = json::serialize(summary);
  EXPECT_EQ(summary.at("planned_not_acks").as_array().size(), 0u) << all;
  EXPECT_EQ(summary.at("failed").as_array().size(), 0u) << all;
  EXPECT_EQ(summary.at("values_outside_the_list").as_array().size(), 0u) << all;
  EXPECT_EQ(summary.at("commands_accepted_without_visible_effect").to_number<int>(), 0)
      << "it does all that it is told: " << all;
}
#endif

INSTANTIATE_TEST_SUITE_P(Versions, SupervisorWalk, testing::ValuesIn(pairs()), [](const auto& one) {
  std::string name = one.param.core + "_" + one.param.sxl;
  for (char& c : name) c = c == '.' ? '_' : c;
  return name;
});

TEST(SupervisorWalkFaults, ARefusalThatWasNotPlannedFailsTheWalkAndTheRestGoesOn) {
  const Pair pair{"3.2.2", "1.2.1", 48, 21};
  Program program(command_of(pair));
  ObedientSite site(pair.core, pair.sxl);
  site.refuse = {"S0034", "S0019"};
  const auto port = program.port();
  ASSERT_TRUE(site.connect(port));
  ASSERT_TRUE(site.establish());
  const double end = seconds() + 150;
  while (!program.wait(0) && seconds() < end) {
    site.serve([&] { return program.wait(0) || seconds() > end; });
    if (program.wait(0)) break;
    if (site.connect(port)) site.establish();
  }
  EXPECT_EQ(program.wait(10).value_or(-1), 1);
  const json::object summary = summary_of(program);
  ASSERT_FALSE(summary.empty());
  ASSERT_EQ(summary.at("not_acks").as_array().size(), 1u) << "asked once, then left alone";
  EXPECT_EQ(text(summary.at("not_acks").as_array().at(0).as_object(), "what"),
            "StatusRequest S0019");
  EXPECT_EQ(summary.at("planned_not_acks").as_array().size(), 1u)
      << "S0034 is known to be missing in the reference site";
  EXPECT_EQ(summary.at("command_codes").as_array().size(), pair.commands);
}

TEST(SupervisorAlone, ASiteOfTestsIsServedOnLoopbackOnly) {
  Program program({DISPECER_RSMP, "--listen", "0.0.0.0:0"});
  EXPECT_EQ(program.wait(20).value_or(-1), 2);
}

}  // namespace
}  // namespace dispecer::conformance
