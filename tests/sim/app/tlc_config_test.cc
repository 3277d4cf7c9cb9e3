// The file of a controller that runs alone: what it says, and how it is refused.
#include "sim/app/tlc_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace dispecer::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr UtcTime kNow{1'767'225'600LL * 1'000'000};

Result<TlcConfig> shipped(const std::string& name, const TlcChoice& choice = {}) {
  return read_tlc_config(std::string(DISPECER_SIM_APP) + "/" + name, choice, kNow);
}

// The reference site with one text replaced; the error, or "".
std::string refusal(const std::string& from, const std::string& to, const TlcChoice& choice = {}) {
  std::ifstream in(std::string(DISPECER_SIM_APP) + "/reference_site.toml");
  std::ostringstream whole;
  whole << in.rdbuf();
  auto text = whole.str();
  const auto found = text.find(from);
  EXPECT_NE(found, std::string::npos) << from;
  text.replace(found, from.size(), to);
  const auto path = testing::TempDir() + "/tlc_config_test.toml";
  std::ofstream(path) << text;
  const auto r = read_tlc_config(path, choice, kNow);
  return r ? "" : r.error().message();
}

TEST(TlcConfig, TheReferenceSiteIsTheDefaultSiteOfTheField) {
  const auto c = shipped("reference_site.toml");
  ASSERT_TRUE(c) << c.error().message();
  EXPECT_TRUE(c->test_only);
  EXPECT_EQ(c->site.site_id, "RN+SI0001");
  EXPECT_THAT(c->site.group_components, ElementsAre("A1", "A2", "B1", "B2"));
  EXPECT_EQ(c->site.detector_components.at(2), "DL2");
  EXPECT_EQ(c->site.cores.size(), 3u) << "those that its signal list goes with";
  const auto& state = c->cabinet.intersections.at(0).state;
  EXPECT_EQ(state.inputs.size(), 8u);
  EXPECT_EQ(state.outputs.size(), 8u);
  EXPECT_EQ(state.bands.at(1).at(2), 5);
  EXPECT_EQ(state.plans[0].cycle.value, 6);
  EXPECT_EQ(state.settings.startup_flash_s + state.settings.startup_amber_s +
                state.settings.startup_red_s,
            3)
      << "one letter a second";
  ASSERT_EQ(c->lines.size(), 1u);
  EXPECT_EQ(c->lines[0].port, "12111");
}

TEST(TlcConfig, TheControllerOfTwoCrossingsHasItsOwnRules) {
  const auto c = shipped("two_crossings.toml");
  ASSERT_TRUE(c) << c.error().message();
  EXPECT_FALSE(c->test_only);
  ASSERT_EQ(c->cabinet.intersections.size(), 2u);
  EXPECT_TRUE(c->cabinet.intersections[0].state.patterns.empty());
  EXPECT_EQ(c->cabinet.intersections[1].state.wired, (std::set<std::uint32_t>{3}));
  EXPECT_EQ(c->cabinet.programme.key_inputs.at(13), 2u);
  EXPECT_EQ(c->site.priority_references.at("inputId 3"), "K2-A");
}

TEST(TlcConfig, TheCommandLineChoosesVersionsAndSupervisors) {
  const auto one = shipped("reference_site.toml", {"3.2", "1.1", {"example.org:5000"}});
  ASSERT_TRUE(one) << one.error().message();
  EXPECT_THAT(one->site.cores, ElementsAre(rsmp::Core::v3_2_0)) << "3.2 is 3.2.0";
  EXPECT_EQ(one->site.sxl, "1.1");
  EXPECT_EQ(one->lines[0].host, "example.org");
  EXPECT_EQ(one->lines[0].port, "5000");
  const auto three = shipped("reference_site.toml", {"", "", {"a:1", "b:2", "c:3"}});
  ASSERT_TRUE(three);
  EXPECT_EQ(three->lines.size(), 3u);
  const auto message = [](const TlcChoice& choice) {
    const auto r = shipped("reference_site.toml", choice);
    return r ? "" : r.error().message();
  };
  EXPECT_THAT(message({"3.9", "", {}}), HasSubstr("bad_core"));
  EXPECT_THAT(message({"", "2.0", {}}), HasSubstr("bad_sxl"));
  EXPECT_THAT(message({"3.1.5", "1.2.1", {}}), HasSubstr("bad_core")) << "1.1 on needs core 3.2";
  EXPECT_THAT(message({"", "", {"nowhere"}}), HasSubstr("bad_supervisor"));
  EXPECT_THAT(message({"", "", {"host:99999"}}), HasSubstr("bad_supervisor"));
  EXPECT_THAT(message({"3.1.5", "1.0.15", {"a:1", "b:2"}}), HasSubstr("bad_supervisor"));
}

TEST(TlcConfig, WhatIsWrongIsNamedWithFileKeyAndWhatWasFound) {
  EXPECT_THAT(refusal("test_only = true", "test_only = false"), HasSubstr("test_only"));
  EXPECT_THAT(refusal("outputs = 8", "outptus = 8"), HasSubstr("outptus"));
  EXPECT_THAT(refusal("inputs = 8", "inputs = 300"), HasSubstr("300"));
  EXPECT_THAT(refusal("\"efg\"", "\"gfe\""), HasSubstr("gfe"));
  EXPECT_THAT(refusal("111NBB", "111NB"), HasSubstr("bad_pattern"));
  EXPECT_THAT(refusal("111NBB", "111N?B"), HasSubstr("bad_pattern"));
  EXPECT_THAT(
      refusal("component = \"DL1\"\n\n[[situation]]", "component = \"DL9\"\n\n[[situation]]"),
      HasSubstr("DL9"));
  EXPECT_THAT(refusal("[[group]]\ncomponent = \"B2\"", ""), HasSubstr("bad_pattern"));
  EXPECT_THAT(refusal("id = \"RN+SI0001\"", "id = \"\""), HasSubstr("site"));
  EXPECT_THAT(refusal("name = ", "name "), HasSubstr("tlc_config_test.toml"));
  const auto r = read_tlc_config("/nowhere.toml", {}, kNow);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().cause, "no_file");
}

}  // namespace
}  // namespace dispecer::sim
