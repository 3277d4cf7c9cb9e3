// Modes, signal groups, plans, situations, emergency routes, priority.
#include <gmock/gmock.h>

#include <regex>

#include "tests/conformance/rsmp_site/peer.h"

namespace dispecer::conformance {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

bool is(const json::value& value, const char* pattern) {
  return value.is_string() &&
         std::regex_match(std::string(value.get_string()), std::regex(pattern));
}
auto matches(const char* pattern) {
  return [pattern](const json::value& value) { return is(value, pattern); };
}

class SiteControl : public SiteTest {
 protected:
  using SiteTest::SiteTest;
  void set_up() override {
    SiteTest::set_up();
    start();
    ASSERT_TRUE(peer_->until("S0020", "controlmode", matches("control"), Millis{3000}));
  }
  std::string mode(const char* wanted, const char* minutes = "0") {
    return peer_->command("M0001", "setValue",
                          {{"status", wanted},
                           {"securityCode", "2222"},
                           {"timeout", minutes},
                           {"intersection", "0"}});
  }
};

EVERY_PAIR(SiteControl, FlashDarkAndBackAreConfirmedByStatusWithinASecond) {
  auto& peer = *peer_;
  EXPECT_EQ(mode("YellowFlash"), "");
  EXPECT_TRUE(peer.until("S0011", "status", matches("True")));
  EXPECT_TRUE(peer.until("S0001", "signalgroupstatus", matches("c+")));
  EXPECT_EQ(mode("NormalControl"), "");
  EXPECT_TRUE(peer.until("S0007", "status", matches("True")));
  EXPECT_TRUE(peer.until("S0011", "status", matches("False")));
  EXPECT_TRUE(peer.until("S0005", "status", matches("False")));
  EXPECT_TRUE(peer.until("S0001", "signalgroupstatus", matches("[^c]+")));
  EXPECT_EQ(mode("Dark"), "");
  EXPECT_TRUE(peer.until("S0007", "status", matches("False")));
  EXPECT_EQ(mode("NormalControl"), "");
  EXPECT_TRUE(peer.until("S0007", "status", matches("True")));
  EXPECT_EQ(mode("YellowFlash", "1"), "") << "comes back by itself after a minute";
  EXPECT_THAT(mode("Purple"), StartsWith("NotAck "));
  EXPECT_THAT(mode("Dark", "1441"), StartsWith("NotAck "));
}

EVERY_PAIR(SiteControl, AfterFlashEveryGroupPassesTheStartUpLettersInOrder) {
  auto& peer = *peer_;
  ASSERT_EQ(mode("YellowFlash"), "");
  ASSERT_TRUE(peer.until("S0011", "status", matches("True")));
  const auto since = peer.mark();
  ASSERT_EQ(peer.ack_of(peer.send("StatusSubscribe",
                                  peer.subscription("S0001", {"signalgroupstatus"}, "0")),
                        since),
            "ack");
  ASSERT_EQ(mode("NormalControl"), "");
  std::vector<std::string> seen;
  const auto done = peer.wait(
      [&](const json::object& m) {
        if (text_of(m, "type") != "StatusUpdate") return false;
        seen.push_back(text_of(m.at("sS").at(0).as_object(), "s"));
        return std::regex_match(seen.back(), std::regex("[A-G0-9NOP]+"));
      },
      since, Millis{3000});
  ASSERT_TRUE(done);
  ASSERT_GE(seen.size(), 4U);
  const std::vector<std::string> tail(seen.end() - 4, seen.end() - 1);
  EXPECT_EQ(tail, (std::vector<std::string>{"eeee", "ffff", "gggg"}));
  peer.unsubscribe("S0001", {"signalgroupstatus"});
  EXPECT_TRUE(peer.until("S0020", "controlmode", matches("control")));
}

EVERY_PAIR(SiteControl, ItsLampsFollowTheSecondsOfTheCycleOnTheCommonReference) {
  auto& peer = *peer_;
  const auto values =
      peer.status("S0001", {"signalgroupstatus", "cyclecounter", "basecyclecounter", "stage"});
  ASSERT_TRUE(values);
  const auto now = std::stoi(text_of(*values, "sTs").substr(17, 2)) % 6;
  const auto second = std::stoi(text_of(*values, "cyclecounter"));
  EXPECT_THAT((now - second + 6) % 6, AnyOf(0, 1));
  const std::vector<std::string> plan{"111NBB", "11NBBB", "BBB11N", "BBB1NB"};
  std::string letters;
  for (const auto& group : plan) letters += group[static_cast<std::size_t>(second)];
  EXPECT_EQ(text_of(*values, "signalgroupstatus"), letters);
  EXPECT_EQ(peer.status_text("S0017", "number"), "4");
  if (peer.sxl("1.0.13") || !peer.sxl("1.0.8")) {
    const auto estimate =
        peer.status("S0025",
                    {"minToGEstimate", "maxToGEstimate", "likelyToGEstimate", "ToGConfidence",
                     "minToREstimate", "maxToREstimate", "likelyToREstimate", "ToRConfidence"},
                    "A1");
    ASSERT_TRUE(estimate);
    // A1 turns green at second 0 of six and red at second 4.
    const auto green = text_of(*estimate, "likelyToGEstimate");
    const auto red = text_of(*estimate, "likelyToREstimate");
    EXPECT_EQ(std::stoi(green.substr(17, 2)) % 6, 0) << green;
    EXPECT_EQ(std::stoi(red.substr(17, 2)) % 6, 4) << red;
    EXPECT_GT(green, text_of(*estimate, "sTs"));
    EXPECT_EQ(text_of(*estimate, "ToGConfidence"), "100");
  }
  for (const auto& [code, order] : {std::pair{"M0010", "setStart"}, {"M0011", "setStop"}})
    EXPECT_EQ(peer.command(code, order, {{"status", "True"}, {"securityCode", "2222"}}, "A1"), "");
}

EVERY_PAIR(SiteControl, PlansAreChosenChangedAndReadBack) {
  auto& peer = *peer_;
  const auto choose = [&](const char* on, const char* plan) {
    return peer.command("M0002", "setPlan",
                        {{"status", on}, {"securityCode", "2222"}, {"timeplan", plan}});
  };
  for (const char* plan : {"2", "1"}) {
    EXPECT_EQ(choose("True", plan), "");
    EXPECT_EQ(peer.status_text("S0014", "status"), plan) << "at once";
  }
  if (peer.sxl("1.1")) {
    EXPECT_EQ(peer.status_text("S0014", "source"), "forced");
  }
  EXPECT_THAT(choose("True", "99"), StartsWith("NotAck "));
  EXPECT_EQ(choose("False", "1"), "");
  const auto with_code = [](Arguments list) {
    list.emplace_back("securityCode", "2222");
    return list;
  };
  const auto order = [&](const char* code, const char* name, Arguments list) {
    return peer.command(code, name, with_code(std::move(list)));
  };
  if (!peer.sxl("1.0.13")) {
    EXPECT_THAT(order("M0014", "setCommands", {{"plan", "1"}, {"status", "3-1"}}),
                StartsWith("NotAck "))
        << "not in this list";
    EXPECT_EQ(peer.status_text("S0018", "number"), "2");
    return;
  }
  EXPECT_EQ(peer.status_text("S0022", "status"), "1,2");
  EXPECT_EQ(peer.status_text("S0023", "status"), "1-1-0,1-2-5");
  EXPECT_EQ(order("M0014", "setCommands", {{"plan", "1"}, {"status", "3-1"}}), "");
  EXPECT_EQ(peer.status_text("S0023", "status"), "1-1-0,1-2-5,1-3-1");
  EXPECT_EQ(order("M0014", "setCommands", {{"plan", "1"}, {"status", "1-12"}}), "");
  EXPECT_EQ(peer.status_text("S0023", "status"), "1-1-12,1-2-5,1-3-1");
  EXPECT_THAT(order("M0014", "setCommands", {{"plan", "1"}, {"status", "11-1"}}),
              StartsWith("NotAck "));
  EXPECT_EQ(order("M0015", "setOffset", {{"status", "99"}, {"plan", "1"}}), "");
  EXPECT_EQ(peer.status_text("S0024", "status"), "1-99,2-0");
  const auto cycle = peer.status("S0001", {"cyclecounter", "basecyclecounter"});
  EXPECT_EQ(std::stoi(text_of(*cycle, "cyclecounter")),
            (std::stoi(text_of(*cycle, "basecyclecounter")) + 99) % 6);
  EXPECT_EQ(order("M0018", "setCycleTime", {{"status", "11"}, {"plan", "1"}}), "");
  EXPECT_EQ(peer.status_text("S0028", "status"), "1-11,2-6");
  EXPECT_EQ(peer.status_text("S0024", "status"), "1-99,2-0") << "the offset stays as ordered";
  EXPECT_EQ(order("M0018", "setCycleTime", {{"status", "6"}, {"plan", "1"}}), "");
  EXPECT_EQ(order("M0016", "setWeekTable", {{"status", "0-1,6-2"}}), "");
  EXPECT_EQ(peer.status_text("S0026", "status"), "0-1,6-2");
  EXPECT_EQ(order("M0017", "setTimeTable", {{"status", "12-1-12-59,1-0-23-12"}}), "");
  EXPECT_THAT(peer.status_text("S0027", "status"), HasSubstr("12-1-12-59"));
  EXPECT_THAT(order("M0016", "setWeekTable", {{"status", "7-1"}}), StartsWith("NotAck "));
  if (!peer.sxl("1.1")) return;
  for (const char* minutes : {"10", "0"}) {
    EXPECT_EQ(order("M0023", "setTimeout", {{"status", minutes}}), "");
    EXPECT_EQ(peer.status_text("S0034", "status"), minutes);
  }
}

EVERY_PAIR(SiteControl, WeekAndDayTablesChooseThePlan) {
  auto& peer = *peer_;
  if (!peer.sxl("1.0.13")) {
    EXPECT_THAT(
        peer.command("M0016", "setWeekTable", {{"status", "0-1"}, {"securityCode", "2222"}}),
        StartsWith("NotAck "));
    return;
  }
  EXPECT_EQ(peer.status_text("S0014", "status"), "1");
  EXPECT_EQ(
      peer.command("M0017", "setTimeTable", {{"status", "3-2-0-0"}, {"securityCode", "2222"}}), "");
  EXPECT_EQ(peer.command("M0016", "setWeekTable",
                         {{"status", "0-3,1-3,2-3,3-3,4-3,5-3,6-3"}, {"securityCode", "2222"}}),
            "");
  EXPECT_TRUE(peer.until("S0014", "status", matches("2")));
  if (peer.sxl("1.1")) {
    EXPECT_EQ(peer.status_text("S0014", "source"), "calendar_clock");
  }
}

EVERY_PAIR(SiteControl, SituationsAndEmergencyRoutesFollowTheirOrders) {
  auto& peer = *peer_;
  const auto situation = [&](const char* on, const char* n) {
    return peer.command("M0003", "setTrafficSituation",
                        {{"status", on}, {"securityCode", "2222"}, {"traficsituation", n}});
  };
  EXPECT_EQ(peer.status_text("S0019", "number"), "2");
  for (const char* n : {"1", "2"}) {
    EXPECT_EQ(situation("True", n), "");
    EXPECT_TRUE(peer.until("S0015", "status", matches(n)));
  }
  EXPECT_EQ(situation("False", "1"), "");
  EXPECT_EQ(peer.status_text("S0015", "status"), "1");
  EXPECT_THAT(situation("True", "9"), StartsWith("NotAck "));
  const auto route = [&](const char* on, const char* n) {
    return peer.command("M0005", "setEmergency",
                        {{"status", on}, {"securityCode", "2222"}, {"emergencyroute", n}});
  };
  EXPECT_EQ(route("True", "1"), "");
  EXPECT_EQ(route("True", "2"), "");
  EXPECT_TRUE(peer.until("S0006", "emergencystage", matches("2")));
  EXPECT_EQ(peer.status_text("S0006", "status"), "True");
  if (peer.sxl("1.2")) {
    EXPECT_TRUE(peer.until("S0035", "emergencyroutes", [](const json::value& v) {
      return json::serialize(v) == R"([{"id":"1"},{"id":"2"}])";
    }));
  }
  EXPECT_EQ(route("False", "1"), "");
  EXPECT_EQ(route("False", "2"), "");
  EXPECT_TRUE(peer.until("S0006", "emergencystage", matches("0")));
  EXPECT_EQ(peer.status_text("S0006", "status"), "False");
  if (peer.sxl("1.2")) {
    EXPECT_TRUE(peer.until("S0035", "emergencyroutes",
                           [](const json::value& v) { return v == json::array(); }));
  }
  const auto fixed = [&](const char* on) {
    return peer.command("M0007", "setFixedTime", {{"status", on}, {"securityCode", "2222"}});
  };
  EXPECT_EQ(fixed("True"), "");
  EXPECT_TRUE(peer.until("S0009", "status", matches("True")));
  EXPECT_EQ(fixed("False"), "");
  EXPECT_TRUE(peer.until("S0009", "status", matches("False")));
}

// States of one request in the order in which they were told.
std::vector<std::string> states(const Peer& peer, std::size_t since, const std::string& request) {
  std::vector<std::string> out;
  for (std::size_t i = since; i < peer.log().size(); ++i) {
    const auto& heard = peer.log()[i];
    if (!heard.in || text_of(heard.message, "type") != "StatusUpdate") continue;
    for (const auto& entry : heard.message.at("sS").at(0).at("s").as_array()) {
      const auto& o = entry.as_object();
      if (text_of(o, "r") != request) continue;
      if (out.empty() || out.back() != text_of(o, "s")) out.push_back(text_of(o, "s"));
    }
  }
  return out;
}

EVERY_PAIR(SiteControl, PriorityRequestsLiveTheirLife) {
  auto& peer = *peer_;
  const auto ask = [&](const char* id) {
    return peer.command("M0022", "requestPriority",
                        {{"requestId", id},
                         {"signalGroupId", "A1"},
                         {"type", "new"},
                         {"level", "7"},
                         {"eta", "2"},
                         {"vehicleType", "car"}});
  };
  if (!peer.sxl("1.1")) {
    EXPECT_THAT(ask("x"), StartsWith("NotAck "));
    return;
  }
  const auto since = peer.mark();
  ASSERT_EQ(
      peer.ack_of(peer.send("StatusSubscribe", peer.subscription("S0033", {"status"}, "0")), since),
      "ack");
  EXPECT_EQ(ask("before"), "");
  EXPECT_EQ(ask("mine"), "");
  EXPECT_EQ(ask("after"), "");
  const auto reached = [&](const char* id, const char* state, Millis most) {
    return peer
        .wait(
            [&](const json::object&) {
              const auto seen = states(peer, since, id);
              return !seen.empty() && seen.back() == state;
            },
            since, most)
        .has_value();
  };
  EXPECT_TRUE(reached("mine", "activated", Millis{5000}));
  EXPECT_EQ(peer.command("M0022", "requestPriority", {{"requestId", "mine"}, {"type", "cancel"}}),
            "");
  EXPECT_TRUE(reached("mine", "completed", kWait));
  EXPECT_TRUE(reached("after", "stale", Millis{5000})) << "never cancelled";
  EXPECT_EQ(states(peer, since, "mine"),
            (std::vector<std::string>{"received", "activated", "completed"}));
  EXPECT_EQ(states(peer, since, "before"),
            (std::vector<std::string>{"received", "activated", "stale"}));
  peer.listen(Millis{200});
  EXPECT_EQ(peer.status("S0033", {"status"})->at("status"), json::value(json::array()))
      << "an end is told once";
  EXPECT_THAT(
      peer.command(
          "M0022", "requestPriority",
          {{"requestId", "two"}, {"signalGroupId", "A1"}, {"inputId", "3"}, {"type", "new"}}),
      StartsWith("NotAck "))
      << "exactly one reference";
  peer.unsubscribe("S0033", {"status"});
}

}  // namespace
}  // namespace dispecer::conformance
