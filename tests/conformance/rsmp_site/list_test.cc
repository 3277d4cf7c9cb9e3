// The signal list from end to end, retyped: every status with every name, from which version to
// which, and what its value looks like.
#include <gmock/gmock.h>

#include <regex>

#include "tests/conformance/rsmp_site/peer.h"

namespace dispecer::conformance {
namespace {

using testing::StartsWith;

constexpr const char* kNumber = "[0-9]+";
constexpr const char* kFlag = "True|False";
constexpr const char* kStamp = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z";
constexpr const char* kSource = "operator_panel|calendar_clock|control_block|forced|startup|other";
constexpr const char* kList = "-?[0-9]+(,-?[0-9]+)*";
constexpr const char* kArray = "[array]";

struct Row {
  const char* code;
  const char* name;
  const char* value;
  const char* at = "TC";
  const char* since = "1.0.7";
  const char* until = "";  // first version without it
};

const std::vector<Row> kStatuses{
    {"S0001", "signalgroupstatus", "[a-hA-G0-9N-P]{4}"},
    {"S0001", "cyclecounter", kNumber},
    {"S0001", "basecyclecounter", kNumber},
    {"S0001", "stage", kNumber},
    {"S0002", "detectorlogicstatus", "[01-]{2}"},
    {"S0003", "inputstatus", "[01-]{8}"},
    {"S0003", "extendedinputstatus", "", "TC", "1.0.7", "1.2"},
    {"S0004", "outputstatus", "[01-]{8}"},
    {"S0004", "extendedoutputstatus", "", "TC", "1.0.7", "1.2"},
    {"S0005", "status", kFlag},
    {"S0005", "statusByIntersection", kArray, "TC", "1.2"},
    {"S0006", "status", kFlag},
    {"S0006", "emergencystage", kNumber},
    {"S0007", "intersection", "1"},
    {"S0007", "status", kFlag},
    {"S0007", "source", kSource, "TC", "1.1"},
    {"S0008", "intersection", "1"},
    {"S0008", "status", kFlag},
    {"S0008", "source", kSource, "TC", "1.1"},
    {"S0009", "intersection", "1"},
    {"S0009", "status", kFlag},
    {"S0009", "source", kSource, "TC", "1.1"},
    {"S0010", "intersection", "1"},
    {"S0010", "status", kFlag},
    {"S0010", "source", kSource, "TC", "1.1"},
    {"S0011", "intersection", "1"},
    {"S0011", "status", kFlag},
    {"S0011", "source", kSource, "TC", "1.1"},
    {"S0012", "intersection", "1"},
    {"S0012", "status", kFlag},
    {"S0012", "source", kSource, "TC", "1.1"},
    {"S0013", "intersection", "1"},
    {"S0013", "status", "[0-3]"},
    {"S0014", "status", kNumber},
    {"S0014", "source", kSource, "TC", "1.1"},
    {"S0015", "status", kNumber},
    {"S0015", "source", kSource, "TC", "1.1"},
    {"S0016", "number", kNumber},
    {"S0017", "number", kNumber},
    {"S0018", "number", kNumber, "TC", "1.0.7", "1.2"},
    {"S0019", "number", kNumber},
    {"S0020", "intersection", "1"},
    {"S0020", "controlmode", "startup|control|standby|failure|test"},
    {"S0021", "detectorlogics", "[01]{2}"},
    {"S0022", "status", kList, "TC", "1.0.13"},
    {"S0023", "status", "[0-9]+-[0-9]+-[0-9]+(,.*)?", "TC", "1.0.13"},
    {"S0024", "status", "[0-9]+-[0-9]+(,.*)?", "TC", "1.0.13"},
    {"S0025", "minToGEstimate", kStamp, "A1", "1.0.13"},
    {"S0025", "maxToGEstimate", kStamp, "A1", "1.0.13"},
    {"S0025", "likelyToGEstimate", kStamp, "A1", "1.0.13"},
    {"S0025", "ToGConfidence", kNumber, "A1", "1.0.13"},
    {"S0025", "minToREstimate", kStamp, "A1", "1.0.13"},
    {"S0025", "maxToREstimate", kStamp, "A1", "1.0.13"},
    {"S0025", "likelyToREstimate", kStamp, "A1", "1.0.13"},
    {"S0025", "ToRConfidence", kNumber, "A1", "1.0.13"},
    {"S0026", "status", "", "TC", "1.0.13"},
    {"S0027", "status", "", "TC", "1.0.13"},
    {"S0028", "status", "[0-9]+-[0-9]+(,.*)?", "TC", "1.0.13"},
    {"S0029", "status", "[01-]{8}", "TC", "1.0.13"},
    {"S0030", "status", "[01-]{8}", "TC", "1.0.15"},
    {"S0031", "status", "", "TC", "1.0.15"},
    {"S0032", "intersection", "1", "TC", "1.1"},
    {"S0032", "status", "local|centralized|off", "TC", "1.1"},
    {"S0032", "source", kSource, "TC", "1.1"},
    {"S0033", "status", kArray, "TC", "1.1"},
    {"S0034", "status", kNumber, "TC", "1.1"},
    {"S0035", "emergencyroutes", kArray, "TC", "1.2"},
    {"S0091", "status", "login|logout", "TC", "1.0.7", "1.1"},
    {"S0092", "status", "login|logout", "TC", "1.0.7", "1.1"},
    {"S0091", "user", "[0-2]|nobody"},
    {"S0092", "user", "[0-2]|nobody"},
    {"S0095", "status", ".+"},
    {"S0096", "year", "20[0-9]{2}"},
    {"S0096", "month", kNumber},
    {"S0096", "day", kNumber},
    {"S0096", "hour", kNumber},
    {"S0096", "minute", kNumber},
    {"S0096", "second", kNumber},
    {"S0097", "checksum", ".+", "TC", "1.0.15"},
    {"S0097", "timestamp", kStamp, "TC", "1.0.15"},
    {"S0098", "config", "[A-Za-z0-9+/=]+", "TC", "1.0.15"},
    {"S0098", "timestamp", kStamp, "TC", "1.0.15"},
    {"S0098", "version", ".+", "TC", "1.0.15"},
    {"S0201", "starttime", kStamp, "DL1"},
    {"S0201", "vehicles", kNumber, "DL1"},
    {"S0202", "starttime", kStamp, "DL1"},
    {"S0202", "speed", kNumber, "DL1"},
    {"S0203", "starttime", kStamp, "DL1"},
    {"S0203", "occupancy", kNumber, "DL1"},
    {"S0204", "starttime", kStamp, "DL1"},
    {"S0204", "P", kNumber, "DL1"},
    {"S0204", "F", kNumber, "DL1"},
    {"S0205", "start", kStamp, "TC", "1.0.14"},
    {"S0205", "vehicles", kList, "TC", "1.0.14"},
    {"S0206", "start", kStamp, "TC", "1.0.14"},
    {"S0206", "speed", kList, "TC", "1.0.14"},
    {"S0207", "start", kStamp, "TC", "1.0.14"},
    {"S0207", "occupancy", kList, "TC", "1.0.14"},
    {"S0208", "start", kStamp, "TC", "1.0.14"},
    {"S0208", "LS", kList, "TC", "1.0.14"},
};

class SiteList : public SiteTest {
 protected:
  using SiteTest::SiteTest;
  void set_up() override {
    SiteTest::set_up();
    start();
    peer_->until(
        "S0020", "controlmode", [](const json::value& v) { return v == json::value("control"); },
        Millis{3000});
  }
};

EVERY_PAIR(SiteList, HasEveryStatusOfItsVersionAndRefusesTheOthers) {
  auto& peer = *peer_;
  int asked = 0;
  for (const auto& row : kStatuses) {
    const bool there = at_least(versions_.sxl, row.since) &&
                       (*row.until == 0 || !at_least(versions_.sxl, row.until));
    // S0025 stood in the first published list, left it and came back.
    const bool first = std::string(row.code) == "S0025" && versions_.sxl == "1.0.7";
    if (!there && !first) {
      auto body = peer.component(row.at);
      body["sS"] = json::array{json::object{{"sCI", row.code}, {"n", row.name}}};
      const auto since = peer.mark();
      EXPECT_THAT(peer.ack_of(peer.send("StatusRequest", body), since), StartsWith("NotAck "))
          << row.code << " " << row.name;
      continue;
    }
    ++asked;
    const auto values = peer.status(row.code, {row.name}, row.at);
    if (!values) continue;
    EXPECT_EQ(text_of(*values, (std::string(row.name) + ".q").c_str()), "recent")
        << row.code << " " << row.name;
    const auto& value = values->at(row.name);
    if (row.value == kArray) {
      EXPECT_TRUE(value.is_array()) << row.code;
    } else {
      EXPECT_TRUE(value.is_string() &&
                  std::regex_match(std::string(value.get_string()), std::regex(row.value)))
          << row.code << " " << row.name << " is " << json::serialize(value);
    }
  }
  EXPECT_GT(asked, 40);
}

// Codes of commands, and the first version of the list that has them.
EVERY_PAIR(SiteList, KnowsTheCommandsOfItsVersionAndNoOther) {
  const std::vector<std::pair<const char*, const char*>> kCommands{
      {"M0001", "1.0.7"},  {"M0002", "1.0.7"},  {"M0003", "1.0.7"},  {"M0004", "1.0.7"},
      {"M0005", "1.0.7"},  {"M0006", "1.0.7"},  {"M0007", "1.0.7"},  {"M0012", "1.0.10"},
      {"M0013", "1.0.10"}, {"M0014", "1.0.13"}, {"M0015", "1.0.13"}, {"M0016", "1.0.13"},
      {"M0017", "1.0.13"}, {"M0018", "1.0.13"}, {"M0019", "1.0.7"},  {"M0020", "1.0.15"},
      {"M0021", "1.0.15"}, {"M0022", "1.1"},    {"M0023", "1.1"},    {"M0103", "1.0.7"},
      {"M0104", "1.0.7"}};
  auto& peer = *peer_;
  for (const auto& [code, since_version] : kCommands) {
    auto body = peer.component("TC");
    body["arg"] =
        json::array{json::object{{"cCI", code}, {"n", "nothing"}, {"cO", "nothing"}, {"v", "0"}}};
    const auto since = peer.mark();
    const auto answer = peer.ack_of(peer.send("CommandRequest", body), since);
    EXPECT_THAT(answer, StartsWith("NotAck ")) << code;
    const bool unknown = answer.find("Unknown command") != std::string::npos;
    EXPECT_EQ(!unknown, at_least(versions_.sxl, since_version)) << code << ": " << answer;
  }
}

}  // namespace
}  // namespace dispecer::conformance
