// What the field's conformance suite does, in its order and with one and the same running
// controller, so that nothing one part leaves behind stands in the way of the next.
#include <gmock/gmock.h>

#include <regex>

#include "tests/conformance/rsmp_site/peer.h"

namespace dispecer::conformance {
namespace {

using testing::StartsWith;

auto matches(const std::string& pattern) {
  return [pattern](const json::value& v) {
    return v.is_string() && std::regex_match(std::string(v.get_string()), std::regex(pattern));
  };
}
Peer::Test of_type(const char* type) {
  return [type](const json::object& m) { return text_of(m, "type") == type; };
}

// The file as it is shipped, but for the patience with a busy machine.
class SiteOneLife : public SiteTest {
 public:
  using SiteTest::SiteTest;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> changes() const override {
    return {{"ack_timeout_s = 0.5", "ack_timeout_s = 10"}};
  }

  Peer& p() { return *peer_; }
  // The suite closes its own end and listens anew.
  void reconnect(Millis away = Millis{0}) {
    p().hang_up();
    if (away > Millis{0}) {
      door_->close();
      p().listen(away);
      door_->open();
    }
    ASSERT_TRUE(p().establish(*door_));
  }
  std::string order(const char* code, const char* name, Arguments list, const char* id = "TC") {
    list.emplace_back("securityCode", "2222");
    return p().command(code, name, list, id);
  }
  bool mode(const char* wanted, const char* minutes = "0") {
    const auto done = order("M0001", "setValue",
                            {{"status", wanted}, {"timeout", minutes}, {"intersection", "0"}});
    EXPECT_EQ(done, "") << wanted;
    const std::string position(wanted);
    if (position == "YellowFlash") return p().until("S0011", "status", matches("True"));
    if (position == "Dark") return p().until("S0007", "status", matches("False"));
    return p().until("S0007", "status", matches("True")) &&
           p().until("S0011", "status", matches("False")) &&
           p().until("S0005", "status", matches("False"));
  }
  void force(int input, bool on, bool value) {
    const auto before = std::to_string(input - 1);
    const auto text = [](bool yes) { return yes ? "True" : "False"; };
    EXPECT_EQ(
        order(
            "M0019", "setInput",
            {{"status", text(on)}, {"input", std::to_string(input)}, {"inputValue", text(value)}}),
        "");
    if (p().sxl("1.0.13")) {
      EXPECT_TRUE(p().until("S0029", "status", matches(".{" + before + (on ? "}1.*" : "}0.*"))));
    }
    if (!on) return;
    EXPECT_TRUE(
        p().until("S0003", "inputstatus", matches(".{" + before + (value ? "}1.*" : "}0.*"))));
  }
  bool alarm(const char* kind, const char* state, std::size_t since) {
    return p()
        .wait(
            [&](const json::object& m) {
              return text_of(m, "type") == "Alarm" && text_of(m, "aCId") == "A0302" &&
                     text_of(m, "cId") == "DL1" && text_of(m, "aSp") == kind &&
                     (*state == 0 || text_of(m, "aS") == state);
            },
            since)
        .has_value();
  }
  void alarm_order(const char* kind) {
    auto body = p().component("DL1");
    body["aCId"] = "A0302";
    body["xACId"] = body["xNACId"] = "";
    body["aSp"] = kind;
    if (std::string(kind) == "Acknowledge") body["aTs"] = Peer::iso_now();
    const auto since = p().mark();
    EXPECT_EQ(p().ack_of(p().send("Alarm", body), since), "ack") << kind;
  }
  void set_clock(const std::vector<std::string>& date) {
    EXPECT_EQ(p().command("M0104", "setDate",
                          {{"securityCode", "1111"},
                           {"year", date[0]},
                           {"month", date[1]},
                           {"day", date[2]},
                           {"hour", date[3]},
                           {"minute", date[4]},
                           {"second", date[5]}}),
              "");
  }
  void unsubscribe_from_the_whole_list();
  void core_part();
  void alarm_part();
  void clock_part();
  void input_part();
  void mode_part();
  void plan_part();
  void priority_part();
  void subscription_part();
};

// Names of statuses of other components stand in it too: one message, for the main component.
void SiteOneLife::unsubscribe_from_the_whole_list() {
  auto body = p().component("TC");
  json::array items;
  const std::vector<std::pair<std::string, std::string>> list{
      {"S0001", "signalgroupstatus"}, {"S0014", "status"}, {"S0025", "minToGEstimate"},
      {"S0201", "vehicles"},          {"S0204", "PS"},     {"S0096", "year"}};
  for (const auto& [code, name] : list) items.push_back(json::object{{"sCI", code}, {"n", name}});
  body["sS"] = items;
  const auto since = p().mark();
  EXPECT_EQ(p().ack_of(p().send("StatusUnsubscribe", body), since), "ack");
}

void SiteOneLife::core_part() {
  for (int i = 0; i < 3; ++i) reconnect();
  if (!p().core("3.1.4")) return;
  for (int i = 0; i < 2; ++i) {
    auto since = p().mark();
    p().send("StatusSubscribe", p().subscription("S0001", {"signalgroupstatus"}, "1"));
    ASSERT_TRUE(p().wait(of_type("StatusUpdate"), since));
    since = p().mark();
    reconnect(Millis{1500});
    const auto update = p().wait(of_type("StatusUpdate"), since);
    ASSERT_TRUE(update) << "what was kept";
    p().unsubscribe("S0001", {"signalgroupstatus"});
  }
}

void SiteOneLife::alarm_part() {
  for (int i = 0; i < 2; ++i) {
    force(7, true, false);
    auto since = p().mark();
    force(7, true, true);
    EXPECT_TRUE(alarm("Issue", "Active", since));
    if (i == 1) {
      since = p().mark();
      alarm_order("Acknowledge");
      EXPECT_TRUE(alarm("Acknowledge", "Active", since));
    }
    since = p().mark();
    force(7, true, false);
    EXPECT_TRUE(alarm("Issue", "inActive", since));
  }
  alarm_order("Resume");
  for (const char* kind : {"Suspend", "Resume"}) {
    const auto since = p().mark();
    alarm_order(kind);
    EXPECT_TRUE(alarm("Suspend", "", since)) << kind;
  }
  alarm_order("Resume");
}

void SiteOneLife::clock_part() {
  for (int i = 0; i < 2; ++i) {
    set_clock({"2020", "9", "29", "17", "29", "51"});
    EXPECT_EQ(p().status_text("S0096", "year"), "2020");
    EXPECT_EQ(p().status_text("S0096", "minute"), "29");
    EXPECT_TRUE(mode("NormalControl"));
    auto since = p().mark();
    force(7, true, false);
    force(7, true, true);
    EXPECT_TRUE(alarm("Issue", "Active", since));
    since = p().mark();
    force(7, true, false);
    EXPECT_TRUE(alarm("Issue", "inActive", since));
    since = p().mark();
    const auto watchdog = p().wait(of_type("Watchdog"), since);
    ASSERT_TRUE(watchdog);
    EXPECT_THAT(text_of(*watchdog, "wTs"), StartsWith("2020-09-29T17:"));
    const auto now = Peer::iso_now();
    set_clock({now.substr(0, 4), now.substr(5, 2), now.substr(8, 2), now.substr(11, 2),
               now.substr(14, 2), now.substr(17, 2)});
  }
}

void SiteOneLife::input_part() {
  for (const char* id : {"DL1", "DL2"}) {
    for (const char* on : {"True", "False"})
      EXPECT_EQ(order("M0008", "setForceDetectorLogic", {{"status", "True"}, {"mode", on}}, id),
                "");
  }
  for (const int input : {1, 3, 8}) {
    force(input, true, false);
    force(input, true, true);
    force(input, false, true);
    const auto digit = ".{" + std::to_string(input - 1) + "}";
    for (const char* on : {"True", "False"}) {
      EXPECT_EQ(order("M0006", "setInput", {{"status", on}, {"input", std::to_string(input)}}), "");
      EXPECT_TRUE(p().until("S0003", "inputstatus",
                            matches(digit + (std::string(on) == "True" ? "1.*" : "0.*"))));
    }
  }
  if (p().sxl("1.0.10")) {
    EXPECT_EQ(order("M0013", "setInput", {{"status", "1,3,12;5,5,10"}}), "");
  }
  if (!p().sxl("1.0.15")) return;
  EXPECT_EQ(order("M0021", "setLevel", {{"status", "1-50"}}), "");
  for (const char* output : {"1", "3", "8"}) {
    for (const auto& [on, value] :
         {std::pair{"True", "True"}, {"True", "False"}, {"False", "True"}})
      EXPECT_EQ(
          order("M0020", "setOutput", {{"status", on}, {"output", output}, {"outputValue", value}}),
          "");
  }
}

void SiteOneLife::mode_part() {
  EXPECT_TRUE(mode("YellowFlash"));
  EXPECT_TRUE(p().until("S0001", "signalgroupstatus", matches("c+")));
  EXPECT_TRUE(mode("NormalControl"));
  EXPECT_TRUE(p().until("S0001", "signalgroupstatus", matches("[^c]+")));
  EXPECT_TRUE(mode("Dark"));
  EXPECT_TRUE(mode("NormalControl"));
  for (const char* on : {"True", "False"}) {
    EXPECT_EQ(order("M0007", "setFixedTime", {{"status", on}}), "");
    EXPECT_TRUE(p().until("S0009", "status", matches(on)));
  }
  // Through the start-up letters, and in control as soon as the last of them is seen.
  const auto since = p().mark();
  p().send("StatusSubscribe", p().subscription("S0001", {"signalgroupstatus"}, "0"));
  EXPECT_TRUE(mode("YellowFlash"));
  EXPECT_TRUE(mode("NormalControl"));
  for (const char* letters : {"eeee", "ffff", "gggg"}) {
    EXPECT_TRUE(p().wait(
        [&](const json::object& m) {
          return text_of(m, "type") == "StatusUpdate" &&
                 text_of(m.at("sS").at(0).as_object(), "s") == letters;
        },
        since))
        << letters;
  }
  EXPECT_TRUE(p().until("S0020", "controlmode", matches("control"), Millis{1000}));
  p().unsubscribe("S0001", {"signalgroupstatus"});
  EXPECT_TRUE(mode("NormalControl"));
}

void SiteOneLife::plan_part() {
  for (const char* plan : {"1", "2"}) {
    EXPECT_EQ(order("M0002", "setPlan", {{"status", "True"}, {"timeplan", plan}}), "");
    EXPECT_TRUE(p().until("S0014", "status", matches(plan)));
  }
  for (const char* n : {"1", "2"}) {
    EXPECT_EQ(order("M0003", "setTrafficSituation", {{"status", "True"}, {"traficsituation", n}}),
              "");
    EXPECT_TRUE(p().until("S0015", "status", matches(n)));
  }
  EXPECT_EQ(order("M0003", "setTrafficSituation", {{"status", "False"}, {"traficsituation", "1"}}),
            "");
  EXPECT_TRUE(p().until("S0015", "status", matches("1")));
  if (!p().sxl("1.0.13")) return;
  EXPECT_EQ(order("M0016", "setWeekTable", {{"status", "0-1,6-2"}}), "");
  EXPECT_EQ(order("M0017", "setTimeTable", {{"status", "12-1-12-59,1-0-23-12"}}), "");
  EXPECT_EQ(order("M0014", "setCommands", {{"plan", "1"}, {"status", "1-12"}}), "");
  for (const auto& [set, told] : {std::pair{"3-1", "1-3-1"}, {"3-0", "1-3-0"}}) {
    EXPECT_EQ(order("M0014", "setCommands", {{"plan", "1"}, {"status", set}}), "");
    EXPECT_THAT(p().status_text("S0023", "status"), testing::HasSubstr(told));
  }
  EXPECT_EQ(order("M0015", "setOffset", {{"status", "99"}, {"plan", "1"}}), "");
  EXPECT_EQ(p().status_text("S0014", "status"), "2") << "as commanded";
  for (const auto& [cycle, told] : {std::pair{"11", "1-6,2-11"}, {"6", "1-6,2-6"}}) {
    EXPECT_EQ(order("M0018", "setCycleTime", {{"status", cycle}, {"plan", "2"}}), "");
    EXPECT_EQ(p().status_text("S0028", "status"), told);
  }
  if (!p().sxl("1.1")) return;
  for (const char* minutes : {"10", "0"})
    EXPECT_EQ(order("M0023", "setTimeout", {{"status", minutes}}), "");
}

void SiteOneLife::priority_part() {
  if (!p().core("3.2") || !p().sxl("1.1")) return;
  for (const bool cancelled : {true, false}) {
    const std::string mine = cancelled ? "a1" : "b1";
    const auto since = p().mark();
    p().send("StatusSubscribe", p().subscription("S0033", {"status"}, "0"));
    for (const auto& id : {"x" + mine, mine, "y" + mine}) {
      EXPECT_EQ(p().command("M0022", "requestPriority",
                            {{"requestId", id},
                             {"signalGroupId", "A1"},
                             {"type", "new"},
                             {"level", "7"},
                             {"eta", "2"},
                             {"vehicleType", "car"}}),
                "");
    }
    const auto reached = [&](const char* state) {
      return p()
          .wait(
              [&](const json::object& m) {
                if (text_of(m, "type") != "StatusUpdate") return false;
                for (const auto& one : m.at("sS").at(0).at("s").as_array()) {
                  if (text_of(one.as_object(), "r") == mine &&
                      text_of(one.as_object(), "s") == state)
                    return true;
                }
                return false;
              },
              since)
          .has_value();
    };
    EXPECT_TRUE(reached("received"));
    EXPECT_TRUE(reached("activated"));
    if (cancelled) {
      EXPECT_EQ(p().command("M0022", "requestPriority", {{"requestId", mine}, {"type", "cancel"}}),
                "");
    }
    EXPECT_TRUE(reached(cancelled ? "completed" : "stale"));
    p().unsubscribe("S0033", {"status"});
  }
}

void SiteOneLife::subscription_part() {
  // The first at once, the changed one at once, and one more at the new interval.
  const auto since = p().mark();
  for (const char* interval : {"60", "1"}) {
    auto body = p().subscription("S0001", {"cyclecounter"}, interval);
    if (p().core("3.1.5")) body.at("sS").at(0).as_object()["sOc"] = false;
    const auto from = p().mark();
    EXPECT_EQ(p().ack_of(p().send("StatusSubscribe", body), from), "ack");
  }
  int updates = 0;
  EXPECT_TRUE(p().wait(
      [&](const json::object& m) { return text_of(m, "type") == "StatusUpdate" && ++updates == 3; },
      since, Millis{2000}));
  p().unsubscribe("S0001", {"cyclecounter"});
}

EVERY_PAIR(SiteOneLife, EveryPartOfTheSuiteAfterTheOther) {
  start();
  using Part = void (SiteOneLife::*)();
  const std::vector<Part> parts{&SiteOneLife::unsubscribe_from_the_whole_list,
                                &SiteOneLife::core_part, &SiteOneLife::alarm_part,
                                &SiteOneLife::clock_part, &SiteOneLife::input_part,
                                &SiteOneLife::mode_part, &SiteOneLife::plan_part,
                                &SiteOneLife::priority_part, &SiteOneLife::subscription_part,
                                // Once more, with all that the first time left behind.
                                &SiteOneLife::alarm_part, &SiteOneLife::mode_part,
                                &SiteOneLife::plan_part, &SiteOneLife::subscription_part};
  for (const Part part : parts) {
    if (p().closed()) break;
    (this->*part)();
    reconnect();
  }
}

}  // namespace
}  // namespace dispecer::conformance
