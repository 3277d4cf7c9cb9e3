// Inputs, outputs, detector logics, traffic data, subscriptions, system.
#include <gmock/gmock.h>

#include "tests/conformance/rsmp_site/peer.h"

namespace dispecer::conformance {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class SiteDevice : public SiteTest {
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

auto digit(std::size_t index, char wanted) {
  return [index, wanted](const json::value& v) {
    const auto text = std::string(v.as_string());
    return text.size() > index && text[index] == wanted;
  };
}

EVERY_PAIR(SiteDevice, InputsAreSetForcedAndReleased) {
  auto& peer = *peer_;
  for (const char* input : {"1", "3", "8"}) {
    const auto index = static_cast<std::size_t>(std::stoi(input)) - 1;
    for (const bool on : {true, false}) {
      EXPECT_EQ(
          peer.command(
              "M0006", "setInput",
              {{"status", on ? "True" : "False"}, {"securityCode", "2222"}, {"input", input}}),
          "");
      EXPECT_TRUE(peer.until("S0003", "inputstatus", digit(index, on ? '1' : '0')));
    }
    EXPECT_EQ(force(input, "True", "False"), "");
    EXPECT_EQ(force(input, "True", "True"), "");
    EXPECT_TRUE(peer.until("S0003", "inputstatus", digit(index, '1')));
    if (peer.sxl("1.0.13")) {
      EXPECT_TRUE(peer.until("S0029", "status", digit(index, '1')));
    }
    EXPECT_EQ(force(input, "False", "True"), "");
    if (peer.sxl("1.0.13")) {
      EXPECT_TRUE(peer.until("S0029", "status", digit(index, '0')));
    }
  }
  if (peer.sxl("1.0.10")) {
    EXPECT_EQ(
        peer.command("M0013", "setInput", {{"status", "1,3,12;5,5,10"}, {"securityCode", "2222"}}),
        "");
    EXPECT_EQ(peer.status_text("S0003", "inputstatus"), "11001010");
  }
  EXPECT_THAT(peer.command("M0006", "setInput",
                           {{"status", "True"}, {"securityCode", "2222"}, {"input", "9"}}),
              StartsWith("NotAck "));
  if (!peer.sxl("1.2")) {
    EXPECT_EQ(peer.status_text("S0003", "extendedinputstatus"), "");
  }
}

EVERY_PAIR(SiteDevice, OutputsAndSensitivityAreOrderedAndReadBack) {
  auto& peer = *peer_;
  const auto output = [&](const char* n, const char* on, const char* value) {
    return peer.command(
        "M0020", "setOutput",
        {{"status", on}, {"securityCode", "2222"}, {"output", n}, {"outputValue", value}});
  };
  if (!peer.sxl("1.0.15")) {
    EXPECT_THAT(output("1", "True", "True"), StartsWith("NotAck ")) << "not in this list";
    return;
  }
  EXPECT_EQ(output("3", "True", "True"), "");
  EXPECT_EQ(peer.status_text("S0004", "outputstatus"), "00100000");
  EXPECT_EQ(peer.status_text("S0030", "status"), "00100000");
  EXPECT_EQ(output("3", "True", "False"), "");
  EXPECT_EQ(peer.status_text("S0004", "outputstatus"), "00000000");
  EXPECT_EQ(output("3", "False", "True"), "");
  EXPECT_EQ(peer.status_text("S0030", "status"), "00000000");
  EXPECT_EQ(peer.command("M0021", "setLevel", {{"status", "1-50"}, {"securityCode", "2222"}}), "");
  EXPECT_EQ(peer.status_text("S0031", "status"), "1-50");
}

EVERY_PAIR(SiteDevice, DetectorLogicsAreForced) {
  auto& peer = *peer_;
  EXPECT_EQ(peer.status_text("S0016", "number"), "2");
  for (const auto& [id, index] : {std::pair{"DL1", 0U}, {"DL2", 1U}}) {
    for (const bool on : {true, false}) {
      EXPECT_EQ(
          peer.command(
              "M0008", "setForceDetectorLogic",
              {{"status", "True"}, {"securityCode", "2222"}, {"mode", on ? "True" : "False"}}, id),
          "");
      EXPECT_TRUE(peer.until("S0002", "detectorlogicstatus", digit(index, on ? '1' : '0')));
      EXPECT_TRUE(peer.until("S0021", "detectorlogics", digit(index, '1')));
    }
  }
  EXPECT_THAT(peer.command("M0008", "setForceDetectorLogic",
                           {{"status", "True"}, {"securityCode", "1111"}, {"mode", "True"}}, "DL1"),
              StartsWith("NotAck "))
      << "the code of level 1";
}

EVERY_PAIR(SiteDevice, TrafficDataIsAnswered) {
  auto& peer = *peer_;
  const std::vector<std::string> classes{"P", "PS", "L", "LS", "B", "SP", "MC", "C", "F"};
  auto names = classes;
  names.insert(names.begin(), "starttime");
  peer.listen(Millis{150});  // the loops are read
  EXPECT_EQ(text_of(*peer.status("S0201", {"starttime", "vehicles"}, "DL1"), "vehicles"), "0");
  peer.status("S0202", {"starttime", "speed"}, "DL1");
  EXPECT_EQ(text_of(*peer.status("S0203", {"starttime", "occupancy"}, "DL1"), "occupancy"), "0");
  EXPECT_EQ(text_of(*peer.status("S0204", names, "DL1"), "B"), "0");
  if (!peer.sxl("1.0.14")) return;
  names.front() = "start";
  EXPECT_EQ(text_of(*peer.status("S0205", {"start", "vehicles"}), "vehicles"), "0,0");
  EXPECT_EQ(text_of(*peer.status("S0206", {"start", "speed"}), "speed"), "-1,-1");
  EXPECT_EQ(text_of(*peer.status("S0208", names), "F"), "0,0");
  const auto since = peer.mark();
  ASSERT_EQ(peer.ack_of(peer.send("StatusSubscribe",
                                  peer.subscription("S0207", {"start", "occupancy"}, "60")),
                        since),
            "ack");
  EXPECT_TRUE(
      peer.wait([](const json::object& m) { return text_of(m, "type") == "StatusUpdate"; }, since))
      << "at once, as this file asks";
  peer.unsubscribe("S0207", {"start", "occupancy"});
}

EVERY_PAIR(SiteDevice, SubscriptionsKeepTheirIntervalAndTakeANewOne) {
  auto& peer = *peer_;
  const auto update = [](const json::object& m) { return text_of(m, "type") == "StatusUpdate"; };
  auto since = peer.mark();
  peer.send("StatusSubscribe", peer.subscription("S0091", {"user"}, "60"));
  ASSERT_TRUE(peer.wait(update, since)) << "the first one at once";
  since = peer.mark();
  peer.send("StatusSubscribe", peer.subscription("S0091", {"user"}, "1"));
  EXPECT_TRUE(peer.wait(update, since)) << "a repeated one too, as this file asks";
  since = peer.mark();
  EXPECT_FALSE(peer.wait(update, since, Millis{500}));
  EXPECT_TRUE(peer.wait(update, since, Millis{2000}));
  peer.unsubscribe("S0091", {"user"});
  since = peer.mark();
  EXPECT_FALSE(peer.wait(update, since, Millis{1300}));
}

EVERY_PAIR(SiteDevice, SystemStatusesAndSecurityCodes) {
  auto& peer = *peer_;
  const bool numbers = peer.sxl("1.1");
  EXPECT_EQ(peer.status_text("S0091", "user"), numbers ? "0" : "nobody");
  EXPECT_EQ(peer.status_text("S0092", "user"), numbers ? "0" : "nobody");
  if (!numbers) {
    EXPECT_EQ(peer.status_text("S0091", "status"), "logout");
  }
  EXPECT_THAT(peer.status_text("S0095", "status"), HasSubstr("Dispecer"));
  for (const auto& [level, code] : {std::pair{"Level1", "1111"}, {"Level2", "2222"}}) {
    EXPECT_EQ(
        peer.command("M0103", "setSecurityCode",
                     {{"status", level}, {"oldSecurityCode", code}, {"newSecurityCode", code}}),
        "");
  }
  if (!peer.sxl("1.0.15")) return;
  EXPECT_EQ(peer.status_text("S0097", "checksum").size(), 16U);
  const auto file = peer.status("S0098", {"config", "timestamp", "version"});
  for (const char* name : {"config", "timestamp", "version"}) EXPECT_NE(text_of(*file, name), "");
  EXPECT_EQ(text_of(*file, "config").size() % 4, 0U) << "base64";
}

}  // namespace
}  // namespace dispecer::conformance
