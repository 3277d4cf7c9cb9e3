// Alarms through their whole life, the clock behind every stamp, and what is not understood.
#include <gmock/gmock.h>

#include <ctime>
#include <regex>

#include "tests/conformance/rsmp_site/peer.h"

namespace dispecer::conformance {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class SiteEvents : public SiteTest {
 protected:
  using SiteTest::SiteTest;
  void set_up() override {
    SiteTest::set_up();
    start();
  }
  std::string force(const char* input, const char* on, const char* value) {
    return peer_->command(
        "M0019", "setInput",
        {{"status", on}, {"securityCode", "2222"}, {"input", input}, {"inputValue", value}});
  }
};

EVERY_PAIR(SiteEvents, AnAlarmIsRaisedAcknowledgedSuspendedResumedAndCleared) {
  auto& peer = *peer_;
  ASSERT_EQ(force("7", "True", "False"), "");
  auto since = peer.mark();
  const auto alarm = [&](const char* kind, const char* state, Millis most = kWait) {
    return peer.wait(
        [&](const json::object& m) {
          return text_of(m, "type") == "Alarm" && text_of(m, "cId") == "DL1" &&
                 text_of(m, "aCId") == "A0302" && text_of(m, "aSp") == kind &&
                 text_of(m, "aS") == state;
        },
        since, most);
  };
  const auto order = [&](const char* kind) {
    since = peer.mark();
    auto body = peer.component("DL1");
    body["aCId"] = "A0302";
    body["xACId"] = "";
    body["xNACId"] = "";
    body["aSp"] = kind;
    if (std::string(kind) == "Acknowledge") body["aTs"] = "2026-01-01T00:00:00.000Z";
    EXPECT_EQ(peer.ack_of(peer.send("Alarm", body), since), "ack") << kind;
  };
  ASSERT_EQ(force("7", "True", "True"), "");
  const auto raised = alarm("Issue", "Active");
  ASSERT_TRUE(raised);
  EXPECT_EQ(text_of(*raised, "ack"), "notAcknowledged");
  EXPECT_EQ(text_of(*raised, "cat"), "D");
  std::tm moment{};
  ASSERT_NE(::strptime(text_of(*raised, "aTs").c_str(), "%Y-%m-%dT%H:%M:%S", &moment), nullptr);
  EXPECT_LT(std::abs(std::difftime(::timegm(&moment), ::time(nullptr))), 60);
  order("Acknowledge");
  const auto acknowledged = alarm("Acknowledge", "Active");
  ASSERT_TRUE(acknowledged);
  EXPECT_EQ(text_of(*acknowledged, "ack"), "Acknowledged");
  order("Suspend");
  const auto suspended = alarm("Suspend", "Active");
  ASSERT_TRUE(suspended);
  EXPECT_EQ(text_of(*suspended, "sS"), "Suspended");
  ASSERT_EQ(force("7", "True", "False"), "");
  EXPECT_FALSE(alarm("Issue", "inActive", Millis{300})) << "a suspended alarm is silent";
  // Suspension outlives the line.
  peer.hang_up();
  since = peer.mark();
  ASSERT_TRUE(peer.establish(*door_));
  if (peer.core("3.1.3")) {
    const auto told = alarm("Issue", "inActive");
    ASSERT_TRUE(told);
    EXPECT_EQ(text_of(*told, "sS"), peer.core("3.2") ? "suspended" : "Suspended");
  }
  order("Resume");
  const auto resumed = alarm("Suspend", "inActive");
  ASSERT_TRUE(resumed) << "with the state reached meanwhile";
  EXPECT_EQ(text_of(*resumed, "sS"), "notSuspended");
  ASSERT_EQ(force("7", "True", "True"), "");
  ASSERT_TRUE(alarm("Issue", "Active"));
  if (peer.core("3.1.5")) {
    order("Request");
    EXPECT_TRUE(alarm("Issue", "Active"));
  }
  ASSERT_EQ(force("7", "True", "False"), "");
  EXPECT_TRUE(alarm("Issue", "inActive"));
}

EVERY_PAIR(SiteEvents, EveryStampFollowsTheClock) {
  auto& peer = *peer_;
  EXPECT_EQ(peer.command("M0104", "setDate",
                         {{"securityCode", "1111"},
                          {"year", "2020"},
                          {"month", "9"},
                          {"day", "29"},
                          {"hour", "17"},
                          {"minute", "29"},
                          {"second", "51"}}),
            "");
  const std::regex then("2020-09-29T17:29:5[0-9]\\.[0-9]{3}Z");
  const auto near = [&](const std::string& stamp) { return std::regex_match(stamp, then); };
  const auto values = peer.status("S0096", {"year", "month", "day", "hour", "minute", "second"});
  ASSERT_TRUE(values);
  EXPECT_EQ(text_of(*values, "year"), "2020");
  EXPECT_EQ(text_of(*values, "minute"), "29");
  EXPECT_LE(std::stoi(text_of(*values, "second")) - 51, 1);
  EXPECT_TRUE(near(text_of(*values, "sTs")));
  auto since = peer.mark();
  const auto watchdog =
      peer.wait([](const json::object& m) { return text_of(m, "type") == "Watchdog"; }, since);
  ASSERT_TRUE(watchdog);
  EXPECT_TRUE(near(text_of(*watchdog, "wTs")));
  since = peer.mark();
  ASSERT_EQ(force("7", "True", "True"), "");
  const auto alarm =
      peer.wait([](const json::object& m) { return text_of(m, "type") == "Alarm"; }, since);
  ASSERT_TRUE(alarm);
  EXPECT_TRUE(near(text_of(*alarm, "aTs")));
  const auto response = peer.wait(
      [](const json::object& m) { return text_of(m, "type") == "CommandResponse"; }, since);
  EXPECT_TRUE(near(text_of(*response, "cTS")));
  const auto status = peer.wait(
      [](const json::object& m) { return text_of(m, "type") == "AggregatedStatus"; }, since);
  ASSERT_TRUE(status) << "the alarm changed it";
  EXPECT_TRUE(near(text_of(*status, "aSTS")));
  EXPECT_FALSE(peer.closed()) << "timers do not run on this clock";
}

EVERY_PAIR(SiteEvents, WhatIsNotUnderstoodIsNamedAndWhatIsNotThereIsUndefined) {
  auto& peer = *peer_;
  const auto refused = [&](const char* type, json::object body) {
    body["planted"] = true;
    const auto since = peer.mark();
    return peer.ack_of(peer.send(type, std::move(body)), since);
  };
  const auto items = [&](const char* code, const char* name, const char* id = "TC") {
    auto body = peer.component(id);
    body["sS"] = json::array{json::object{{"sCI", code}, {"n", name}}};
    return body;
  };
  EXPECT_THAT(refused("StatusRequest", items("S0000", "status")), HasSubstr("S0000"));
  EXPECT_THAT(refused("StatusRequest", items("S0001", "bad")), HasSubstr("bad"));
  EXPECT_THAT(refused("StatusRequest", peer.component("TC")), StartsWith("NotAck "));
  auto command = peer.component("TC");
  command["arg"] = json::array();
  EXPECT_THAT(refused("CommandRequest", command), StartsWith("NotAck "));
  const auto order = [&](const char* code, const char* name, Arguments list) {
    auto body = peer.component("TC");
    json::array arguments;
    for (const auto& [n, v] : list)
      arguments.push_back(json::object{{"cCI", code}, {"n", n}, {"cO", name}, {"v", v}});
    body["arg"] = arguments;
    return refused("CommandRequest", body);
  };
  const Arguments right{{"status", "NormalControl"},
                        {"securityCode", "2222"},
                        {"timeout", "0"},
                        {"intersection", "0"}};
  EXPECT_THAT(order("M0000", "setValue", right), HasSubstr("M0000"));
  EXPECT_THAT(order("M0001", "bad", right), HasSubstr("bad"));
  EXPECT_THAT(order("M0001", "setValue",
                    {{"securityCode", "2222"}, {"timeout", "0"}, {"intersection", "0"}}),
              HasSubstr("status"));
  auto wrong = right;
  wrong[1].second = "0000";
  EXPECT_THAT(order("M0001", "setValue", wrong), HasSubstr("ode"));
  // An unknown component is no fault of form.
  auto since = peer.mark();
  auto body = items("S0001", "signalgroupstatus", "bad");
  ASSERT_EQ(peer.ack_of(peer.send("StatusRequest", body), since), "ack");
  const auto answer = peer.wait(
      [](const json::object& m) { return text_of(m, "type") == "StatusResponse"; }, since);
  ASSERT_TRUE(answer);
  const auto& item = answer->at("sS").at(0).as_object();
  EXPECT_EQ(text_of(item, "q"), peer.core("3.1.3") ? "undefined" : "unknown");
  EXPECT_EQ(item.at("s").is_null(), peer.core("3.1.3"));
  since = peer.mark();
  auto lost = peer.component("bad");
  json::array arguments;
  for (const auto& [n, v] : right)
    arguments.push_back(json::object{{"cCI", "M0001"}, {"n", n}, {"cO", "setValue"}, {"v", v}});
  lost["arg"] = arguments;
  ASSERT_EQ(peer.ack_of(peer.send("CommandRequest", lost), since), "ack");
  const auto response = peer.wait(
      [](const json::object& m) { return text_of(m, "type") == "CommandResponse"; }, since);
  ASSERT_TRUE(response);
  for (const auto& rv : response->at("rvs").as_array())
    EXPECT_EQ(text_of(rv.as_object(), "age"), peer.core("3.1.3") ? "undefined" : "unknown");
  // The key that came with 3.1.5 is demanded from then on and refused before.
  auto subscribe = peer.subscription("S0001", {"stage"}, "1");
  auto& first = subscribe.at("sS").at(0).as_object();
  if (peer.core("3.1.5")) {
    first.erase("sOc");
  } else {
    first["sOc"] = true;
  }
  EXPECT_THAT(refused("StatusSubscribe", subscribe), HasSubstr("sOc"));
  EXPECT_FALSE(peer.closed());
}

}  // namespace
}  // namespace dispecer::conformance
