// One controller with several supervisors, several intersections, and the loss of its mains.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/conformance/rsmp_site/peer.h"

namespace dispecer::conformance {
namespace {

using testing::StartsWith;

const Versions kNewest{"3.2.2", "1.2.1"};

// The shipped file with some texts changed.
class File {
 public:
  File(const std::string& original, const std::vector<std::pair<std::string, std::string>>& changes,
       const std::string& name)
      : path_((std::filesystem::temp_directory_path() /
               ("dispecer_" + name + "_" + std::to_string(::getpid()) + ".toml"))
                  .string()) {
    std::ifstream in(original);
    std::ostringstream whole;
    whole << in.rdbuf();
    auto text = whole.str();
    for (const auto& [from, to] : changes) {
      const auto found = text.find(from);
      EXPECT_NE(found, std::string::npos) << from;
      if (found != std::string::npos) text.replace(found, from.size(), to);
    }
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Peer::Test of_type(const char* type) {
  return [type](const json::object& m) { return text_of(m, "type") == type; };
}
auto matches(const char* pattern) {
  return [pattern](const json::value& v) {
    return v.is_string() && std::regex_match(std::string(v.get_string()), std::regex(pattern));
  };
}

class Crossings : public testing::Test {
 protected:
  void SetUp() override {
    peer_.site_id = "DISPECER-0002";
    peer_.nts_id = "";
    controller_.emplace(file_.path(), std::vector<int>{door_.port()}, kNewest);
    ASSERT_TRUE(peer_.establish(door_));
  }
  void TearDown() override {
    EXPECT_EQ(controller_->stop(), 0);
    expect_valid(peer_.log(), kNewest);
  }
  File file_{DISPECER_TWO_CROSSINGS,
             {{"startup_step_s = 2", "startup_step_s = 0.1"},
              {"battery_s = 20", "battery_s = 1.5"},
              {"reconnect_s = 10", "reconnect_s = 0.2"},
              {"first_reconnect_s = 0.5", "first_reconnect_s = 0.1"}},
             "crossings"};
  Door door_;
  std::optional<Controller> controller_;
  Peer peer_{kNewest};
};

TEST_F(Crossings, EveryStatusByIntersectionHasBothAndAModeMayBeOrderedForOne) {
  EXPECT_EQ(peer_.status_text("S0007", "intersection"), "1,2");
  EXPECT_EQ(peer_.status_text("S0001", "signalgroupstatus").size(), 5U);
  const auto mode = [&](const char* wanted, const char* intersection) {
    return peer_.command("M0001", "setValue",
                         {{"status", wanted},
                          {"securityCode", "2222"},
                          {"timeout", "0"},
                          {"intersection", intersection}});
  };
  EXPECT_EQ(mode("YellowFlash", "2"), "");
  EXPECT_EQ(peer_.status_text("S0011", "status"), "False,True");
  EXPECT_TRUE(peer_.until("S0001", "signalgroupstatus", matches("[^c]{3}cc")));
  EXPECT_EQ(mode("NormalControl", "0"), "");
  EXPECT_TRUE(peer_.until("S0011", "status", matches("False,False")));
  EXPECT_THAT(mode("Dark", "3"), StartsWith("NotAck "));
  const auto by = peer_.status("S0005", {"statusByIntersection"});
  EXPECT_EQ(by->at("statusByIntersection").as_array().size(), 2U);
}

TEST_F(Crossings, KeepsItsOwnRulesWhateverIsOrdered) {
  const auto order = [&](const char* code, const char* name, const char* value) {
    return peer_.command(code, name, {{"status", value}, {"plan", "1"}, {"securityCode", "2222"}});
  };
  EXPECT_THAT(order("M0018", "setCycleTime", "20"), StartsWith("status is not echoed"))
      << "too short for minimum greens and intergreens";
  EXPECT_EQ(peer_.status_text("S0028", "status"), "1-60,2-48");
  EXPECT_EQ(order("M0018", "setCycleTime", "70"), "");
  EXPECT_EQ(peer_.status_text("S0028", "status"), "1-70,2-48");
  EXPECT_THAT(order("M0014", "setCommands", "1-60"), StartsWith("status is not echoed"));
  EXPECT_EQ(order("M0014", "setCommands", "1-5"), "");
  EXPECT_EQ(peer_.status_text("S0023", "status"), "1-1-5");
}

TEST_F(Crossings, TheKeyThePanelAndTheDoorShowInStatusAndAlarms) {
  const auto since = peer_.mark();
  controller_->type("key 3");
  EXPECT_TRUE(peer_.until("S0013", "status", matches("0,0")))
      << "inputs say where the key is in this file";
  const auto force = [&](const char* input, const char* value) {
    return peer_.command(
        "M0019", "setInput",
        {{"status", "True"}, {"securityCode", "2222"}, {"input", input}, {"inputValue", value}});
  };
  EXPECT_EQ(force("13", "True"), "");
  EXPECT_TRUE(peer_.until("S0013", "status", matches("2,2")));
  EXPECT_EQ(peer_.status_text("S0011", "source"), "operator_panel,operator_panel");
  const auto bits = peer_.wait(
      [](const json::object& m) {
        return text_of(m, "type") == "AggregatedStatus" && m.at("se").at(0).as_bool();
      },
      since);
  EXPECT_TRUE(bits) << "local control";
  EXPECT_EQ(force("13", "False"), "");
  EXPECT_EQ(force("15", "True"), "");
  EXPECT_TRUE(peer_.until("S0091", "user", matches("1")));
  EXPECT_EQ(peer_.status_text("S0008", "status"), "True,True");
  EXPECT_EQ(force("15", "False"), "");
  EXPECT_EQ(force("16", "True"), "");
  const auto alarm = peer_.wait(
      [](const json::object& m) {
        return text_of(m, "type") == "Alarm" && text_of(m, "aCId") == "A0010" &&
               text_of(m, "aS") == "Active";
      },
      since);
  ASSERT_TRUE(alarm);
  EXPECT_EQ(text_of(*alarm, "pri"), "3");
}

TEST_F(Crossings, WithoutMainsItSpeaksOnBatteryThenFallsSilentAndComesBackWithAWrongClock) {
  EXPECT_EQ(peer_.command("M0014", "setCommands",
                          {{"plan", "1"}, {"status", "1-5"}, {"securityCode", "2222"}}),
            "");
  auto since = peer_.mark();
  controller_->type("fault power_cut on");
  const auto alarm = peer_.wait(
      [](const json::object& m) {
        return text_of(m, "type") == "Alarm" && text_of(m, "aCId") == "A0009";
      },
      since);
  ASSERT_TRUE(alarm) << "told on battery";
  EXPECT_EQ(peer_.status_text("S0007", "status"), "False,False");
  // Silent, not closed: a dead device sends no farewell.
  peer_.listen(Millis{1800});
  since = peer_.mark();
  peer_.send("Watchdog", {{"wTs", "2026-01-01T00:00:00.000Z"}});
  peer_.listen(Millis{300});
  EXPECT_FALSE(peer_.wait(of_type("MessageAck"), since, Millis{1}));
  controller_->type("fault power_cut off");
  ASSERT_TRUE(peer_.establish(door_)) << "a new connection";
  EXPECT_EQ(peer_.status_text("S0023", "status"), "") << "bands are lost";
  const auto watchdog = peer_.wait(of_type("Watchdog"), since);
  ASSERT_TRUE(watchdog);
  const auto real = peer_.iso_now();
  EXPECT_LT(text_of(*watchdog, "wTs").substr(0, 13), real.substr(0, 13)) << "two hours behind";
}

TEST(SeveralSupervisors, ThreeAreServedAndOnlyTheFirstHasAlarmsAndTheClock) {
  File file(DISPECER_REFERENCE_SITE,
            {{"startup_step_s = 1.0", "startup_step_s = 0.2"},
             {"ack_timeout_s = 0.5", "ack_timeout_s = 10"}},
            "several");
  Door doors[3];
  Peer peers[3]{Peer{kNewest}, Peer{kNewest}, Peer{kNewest}};
  Controller controller(file.path(), {doors[0].port(), doors[1].port(), doors[2].port()}, kNewest);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(peers[i].establish(doors[i])) << i;
  const auto pump = [&] {
    for (auto& peer : peers) peer.listen(Millis{20});
  };
  pump();
  const auto since = peers[0].mark();
  const std::size_t marks[3]{peers[0].mark(), peers[1].mark(), peers[2].mark()};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(
        peers[i].command(
            "M0002", "setPlan",
            {{"status", "True"}, {"securityCode", "2222"}, {"timeplan", i % 2 == 0 ? "2" : "1"}}),
        "")
        << "first come, first served";
    pump();
  }
  for (auto& peer : peers) {
    EXPECT_EQ(peer.status_text("S0014", "status"), "2") << "the last order is seen by all";
    pump();
  }
  EXPECT_EQ(peers[1].command(
                "M0103", "setSecurityCode",
                {{"status", "Level2"}, {"oldSecurityCode", "2222"}, {"newSecurityCode", "3333"}}),
            "");
  pump();
  EXPECT_EQ(
      peers[2].command(
          "M0019", "setInput",
          {{"status", "True"}, {"securityCode", "3333"}, {"input", "7"}, {"inputValue", "True"}}),
      "")
      << "a changed code holds on every line";
  const auto alarm = [&](int i, std::size_t from, Millis most) {
    return peers[i].wait(of_type("Alarm"), from, most).has_value();
  };
  EXPECT_TRUE(alarm(0, since, kWait));
  EXPECT_FALSE(alarm(1, marks[1], Millis{150}));
  EXPECT_FALSE(alarm(2, marks[2], Millis{150}));
  EXPECT_THAT(peers[1].command("M0104", "setDate",
                               {{"securityCode", "1111"},
                                {"year", "2020"},
                                {"month", "1"},
                                {"day", "1"},
                                {"hour", "0"},
                                {"minute", "0"},
                                {"second", "0"}}),
              StartsWith("NotAck "));
  // One line gone leaves the others as they are.
  peers[0].hang_up();
  doors[0].close();
  pump();
  EXPECT_EQ(peers[2].status_text("S0017", "number"), "4");
  EXPECT_EQ(controller.stop(), 0);
  for (auto& peer : peers) expect_valid(peer.log(), kNewest);
}

TEST(BufferOnDisk, WhatHappenedWhileAloneOutlivesTheProgram) {
  const auto kept =
      (std::filesystem::temp_directory_path() / ("dispecer_buffer_" + std::to_string(::getpid())))
          .string();
  File file(DISPECER_REFERENCE_SITE,
            {{"startup_step_s = 1.0", "startup_step_s = 0.1"},
             {"ack_timeout_s = 0.5", "ack_timeout_s = 10"},
             {"[buffer]\n", "[buffer]\nfile = \"" + kept + "\"\n"}},
            "buffer");
  Door door;
  Peer peer{kNewest};
  {
    Controller controller(file.path(), {door.port()}, kNewest);
    ASSERT_TRUE(peer.establish(door));
    const auto since = peer.mark();
    peer.send("StatusSubscribe", peer.subscription("S0001", {"signalgroupstatus"}, "1"));
    ASSERT_TRUE(peer.wait(of_type("StatusUpdate"), since));
    peer.hang_up();
    door.close();
    peer.listen(Millis{1300});
    EXPECT_EQ(controller.stop(), 0);
  }
  door.open();
  Controller again(file.path(), {door.port()}, kNewest);
  const auto since = peer.mark();
  ASSERT_TRUE(peer.establish(door));
  const auto update = peer.wait(of_type("StatusUpdate"), since);
  ASSERT_TRUE(update);
  EXPECT_EQ(text_of(update->at("sS").at(0).as_object(), "q"), "old");
  EXPECT_FALSE(std::filesystem::exists(kept)) << "told once";
  EXPECT_EQ(again.stop(), 0);
  expect_valid(peer.log(), kNewest);
}

}  // namespace
}  // namespace dispecer::conformance
