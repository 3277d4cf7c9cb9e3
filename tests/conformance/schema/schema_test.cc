// The judge itself is judged: it must refuse what the published schemas refuse.
#include "tests/conformance/schema/schema.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace dispecer::conformance {
namespace {

namespace json = boost::json;

class PublishedSchemas : public testing::Test {
 protected:
  void SetUp() override {
    const char* samples = std::getenv("DISPECER_SAMPLES");
    if (samples == nullptr) GTEST_SKIP() << "DISPECER_SAMPLES is not set: no published schemas";
    schemas_.emplace(std::string(samples) + "/rsmp-schemas");
  }
  std::size_t faults(const char* text, const char* core = "3.2.2", const char* sxl = "1.2.1") {
    return schemas_->faults(json::parse(text), core, sxl).size();
  }
  std::optional<Schemas> schemas_;
};

constexpr const char* kUpdate =
    R"({"mType":"rSMsg","type":"StatusUpdate","mId":"4173c2c8-a933-43cb-9425-66d4613731ed",
        "ntsOId":"","xNId":"","cId":"TC","sTs":"2026-01-01T00:00:00.000Z",
        "sS":[{"sCI":"%","n":"@","s":#,"q":"recent"}]})";

std::string update(const std::string& code, const std::string& name, const std::string& value) {
  std::string text = kUpdate;
  text.replace(text.find('%'), 1, code);
  text.replace(text.find('@'), 1, name);
  text.replace(text.find('#'), 1, value);
  return text;
}

TEST_F(PublishedSchemas, AGoodMessagePasses) {
  EXPECT_EQ(faults(update("S0001", "signalgroupstatus", R"("11NBBB")").c_str()), 0U);
  EXPECT_EQ(faults(update("S0023", "status", R"("1-1-0,1-2-5")").c_str()), 0U);
  EXPECT_EQ(faults(update("S0023", "status", R"("")").c_str()), 0U);
  EXPECT_EQ(faults(update("S0035", "emergencyroutes", R"([{"id":"1"}])").c_str()), 0U);
}

TEST_F(PublishedSchemas, AWrongValueNameListOrStampIsRefused) {
  EXPECT_GT(faults(update("S0001", "signalgroupstatus", R"("11X")").c_str()), 0U);
  EXPECT_GT(faults(update("S0001", "colour", R"("1")").c_str()), 0U);
  EXPECT_GT(faults(update("S0023", "status", R"("1-1-")").c_str()), 0U);
  EXPECT_GT(faults(update("S0035", "emergencyroutes", R"([{"id":1}])").c_str()), 0U);
  EXPECT_GT(faults(update("S0035", "emergencyroutes", R"([{"id":"1","x":"2"}])").c_str()), 0U);
  EXPECT_GT(faults(update("S0099", "status", R"("1")").c_str()), 0U);
  auto stamp = update("S0001", "stage", R"("1")");
  stamp.replace(stamp.find(".000Z"), 5, "Z");
  EXPECT_GT(faults(stamp.c_str()), 0U);
}

TEST_F(PublishedSchemas, VersionsDifferAsPublished) {
  const auto soc = R"({"mType":"rSMsg","type":"StatusSubscribe",
      "mId":"4173c2c8-a933-43cb-9425-66d4613731ed","ntsOId":"","xNId":"","cId":"TC",
      "sS":[{"sCI":"S0001","n":"stage","uRt":"1","sOc":true}]})";
  EXPECT_EQ(faults(soc), 0U);
  EXPECT_GT(faults(soc, "3.1.2", "1.0.7"), 0U);
  EXPECT_GT(faults(update("S0035", "emergencyroutes", R"([])").c_str(), "3.2.0", "1.1.0"), 0U);
}

}  // namespace
}  // namespace dispecer::conformance
