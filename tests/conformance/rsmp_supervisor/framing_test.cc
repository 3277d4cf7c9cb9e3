// Bytes on the line: cut anywhere, many at once, too many, or no messages at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/rsmp_supervisor/program.h"
#include "tests/conformance/rsmp_supervisor/raw_site.h"

namespace dispecer::conformance {
namespace {

struct Line {
  Line()
      : program({DISPECER_RSMP, "--listen", "127.0.0.1:0", "--core", "3.2.2", "--sxl", "1.2.1"}) {
    up = site.connect(program.port()) && site.establish();
    while (const auto message = site.next(0.7)) site.acknowledge(*message);
  }
  std::string frame(std::string& id) {
    id = fresh_id();
    json::object message = site.watchdog();
    message["mType"] = "rSMsg";
    message["mId"] = id;
    return json::serialize(message) + "\f";
  }
  bool acknowledged(const std::string& id, double within_s = 5) {
    const double end = seconds() + within_s;
    while (seconds() < end) {
      const auto message = site.next(end - seconds());
      if (!message) return false;
      if (text(*message, "oMId") == id) return text(*message, "type") == "MessageAck";
      site.acknowledge(*message);
    }
    return false;
  }
  bool serves() {
    std::string id;
    site.send_bytes(frame(id));
    return acknowledged(id);
  }
  Program program;
  RawSite site;
  bool up = false;
};

TEST(SupervisorFraming, AFrameMayComeByteByByte) {
  Line line;
  ASSERT_TRUE(line.up);
  std::string id;
  for (const char c : line.frame(id)) line.site.send_bytes(std::string(1, c));
  EXPECT_TRUE(line.acknowledged(id));
}

TEST(SupervisorFraming, AThousandFramesMayComeInOneWrite) {
  Line line;
  ASSERT_TRUE(line.up);
  std::string all;
  std::vector<std::string> ids(1000);
  for (std::string& id : ids) all += line.frame(id);
  line.site.send_bytes(all);
  for (const std::string& id : ids) ASSERT_TRUE(line.acknowledged(id, 20));
}

TEST(SupervisorFraming, CharactersMayBeSplitAndInvalidOnesAreNoReasonToClose) {
  Line line;
  ASSERT_TRUE(line.up);
  const std::string id = fresh_id();
  const std::string bytes = "{\"mType\":\"rSMsg\",\"type\":\"Watchdog\",\"mId\":\"" + id +
                            "\",\"wTs\":\"" + now_text() +
                            "\",\"note\":\"V\xc3\xa4ster\xc3\xa5s\"}\f";
  const auto cut = bytes.find("\xa4");
  line.site.send_bytes(bytes.substr(0, cut));
  line.site.send_bytes(bytes.substr(cut));
  EXPECT_TRUE(line.acknowledged(id));
  line.site.send_bytes("{\"mType\":\"rSMsg\",\"type\":\"Watchdog\",\"mId\":\"\xff\xfe\"}\f");
  EXPECT_TRUE(line.serves());
}

TEST(SupervisorFraming, StormsOfFormFeedsAndGarbageAreOutlived) {
  Line line;
  ASSERT_TRUE(line.up);
  line.site.send_bytes(std::string(100000, '\f'));
  line.site.send_bytes("\f\f{\f[]\fnull\f\"text\"\f{}\f{\"mType\":\"rSMsg\"}\f\f");
  EXPECT_TRUE(line.serves());
}

TEST(SupervisorFraming, APacketAboveTheCapIsSkippedAndTheNextOneServed) {
  Line line;
  ASSERT_TRUE(line.up);
  line.site.send_bytes("{\"mType\":\"rSMsg\",\"type\":\"");
  const std::string mebibyte(1 << 20, 'x');
  for (int i = 0; i < 10; ++i) line.site.send_bytes(mebibyte);
  line.site.send_bytes("\"}\f");
  EXPECT_TRUE(line.serves());
}

TEST(SupervisorFraming, ALargeConfigurationPasses) {
  Line line;
  ASSERT_TRUE(line.up);
  const std::string id =
      line.site.send({{"type", "StatusResponse"},
                      {"ntsOId", ""},
                      {"xNId", ""},
                      {"cId", "TC"},
                      {"sTs", now_text()},
                      {"sS", json::array{json::object{{"sCI", "S0098"},
                                                      {"n", "config"},
                                                      {"s", std::string(4 << 20, 'A')},
                                                      {"q", "recent"}}}}});
  EXPECT_TRUE(line.acknowledged(id, 20));
}

TEST(SupervisorFraming, ALineCutAtAnyByteLeavesTheSupervisorFitForTheNext) {
  Program program({DISPECER_RSMP, "--listen", "127.0.0.1:0", "--core", "3.2.2", "--sxl", "1.2.1"});
  const auto port = program.port();
  RawSite site;
  json::object version = site.version({"3.2.2"}, "1.2.1");
  version["mType"] = "rSMsg";
  version["mId"] = fresh_id();
  const std::string bytes = json::serialize(version) + "\f";
  for (std::size_t cut = 0; cut <= bytes.size(); cut += 7) {
    ASSERT_TRUE(site.connect(port));
    site.send_bytes(bytes.substr(0, cut));
    site.disconnect();
  }
  ASSERT_TRUE(site.connect(port));
  EXPECT_TRUE(site.establish());
}

}  // namespace
}  // namespace dispecer::conformance
