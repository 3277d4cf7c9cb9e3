#include "adapters/rsmp/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/rsmp/command.h"
#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

city::City town() {
  city::City city;
  for (const char* id : {"j1", "j2"}) city.signals[JunctionId(id)] = two_stages(id);
  city.signals[JunctionId("j2")].intersection = 2;
  city.rsmp = {
      {ControllerId("c1"), JunctionId("j2"), "S1", "TC", {"B1", "B2"}, {"DL1", "DL2", "DL3"}},
      {ControllerId("c1"), JunctionId("j1"), "S1", "TC", {"A1", "A2"}, {"DL1", "DL2"}}};
  city.devices = {
      {"c1",
       "controller",
       "rsmp",
       "@rsmp",
       "code_c1",
       city::StreetKind::simulated,
       {{"sxl", "1.0.15"}, {"core", "3.2.2,3.1.4"}, {"code1", "low"}, {"ack_timeout_s", "5"}}}};
  Detector detector;
  detector.id = DetectorId("d3");
  detector.junction = JunctionId("j2");
  detector.number = 3;
  city.network.detectors = {detector};
  return city;
}

std::optional<std::string> secret(const std::string& name) {
  if (name == "code_c1") return "2222";
  if (name == "low") return "1111";
  return std::nullopt;
}

TEST(RsmpConfig, ASiteIsMadeOfItsRowAndItsIntersectionsInOrder) {
  const auto sites = site_configs(town(), secret);
  ASSERT_TRUE(sites.ok()) << sites.error().message();
  ASSERT_EQ(sites->size(), 1u);
  const SiteConfig& site = sites->front();
  EXPECT_EQ(site.admission.site_id, "S1");
  EXPECT_EQ(site.admission.sxl, "1.0.15");
  EXPECT_THAT(site.admission.cores, ElementsAre(Core::v3_1_4, Core::v3_2_2));
  EXPECT_EQ(site.admission.ack_timeout, from_seconds(5));
  EXPECT_EQ(site.code1, "1111");
  EXPECT_EQ(site.code2, "2222");
  ASSERT_EQ(site.junctions.size(), 2u);
  EXPECT_EQ(site.junctions[0].id(), JunctionId("j1"));
  EXPECT_EQ(site.junctions[0].first_group, 0u);
  EXPECT_EQ(site.junctions[1].first_group, 2u);
  EXPECT_EQ(site.junctions[1].detectors.at(0).component, "DL3");
  EXPECT_THAT(demand_inputs(site.junctions[0].signals), ElementsAre(3u, 4u));
}

TEST(RsmpConfig, ARowThatIsOffOrSpeaksAnotherProtocolIsLeftAlone) {
  auto city = town();
  city.devices[0].street = city::StreetKind::off;
  EXPECT_TRUE(site_configs(city, secret)->empty());
  city.devices[0].street = city::StreetKind::real;
  city.devices[0].protocol = "ug405";
  EXPECT_TRUE(site_configs(city, secret)->empty());
}

TEST(RsmpConfig, AQuarantinedJunctionDoesNotSpoilTheOthersOfItsController) {
  auto city = town();
  city.signals.erase(JunctionId("j2"));
  const auto sites = site_configs(city, secret);
  ASSERT_TRUE(sites.ok());
  EXPECT_EQ(sites->front().junctions.size(), 1u);
}

TEST(RsmpConfig, EachFaultIsNamedWithItsPlace) {
  const auto fault = [](auto&& change) {
    auto city = town();
    change(city);
    const auto sites = site_configs(city, secret);
    return sites.ok() ? std::string() : sites.error().cause + " @ " + sites.error().where;
  };
  EXPECT_EQ(fault([](auto& c) { c.devices.clear(); }), "unknown_controller @ c1");
  EXPECT_EQ(fault([](auto& c) { c.rsmp[0].group_components.pop_back(); }),
            "group_count @ rsmp mapping of j2");
  EXPECT_EQ(fault([](auto& c) { c.devices[0].settings["core"] = "3.9"; }),
            "bad_core @ devices.toml c1");
  EXPECT_EQ(fault([](auto& c) { c.devices[0].settings["ack_timeout_s"] = "soon"; }),
            "bad_number @ devices.toml c1");
  EXPECT_EQ(fault([](auto& c) { c.network.detectors.push_back(c.network.detectors[0]); }),
            "detector_number @ rsmp mapping of j2");
  EXPECT_EQ(fault([](auto& c) {
              c.devices.push_back(c.devices[0]);
              c.devices[1].id = "c2";
              c.rsmp[1].controller = ControllerId("c2");
            }),
            "duplicate_site @ c2");
}

TEST(RsmpConfig, TheSecondIntersectionReadsItsOwnLettersAndReportsItsOwnJunction) {
  auto sites = site_configs(town(), secret);
  Counters counters;
  Site site(sites->front(), secret, counters);
  SiteOutput out;
  const Now now{MonoTime{1}, kStart};
  int ids = 0;
  site.connected(
      Core::v3_2_2, "1.0.15", [&](Body) { return std::to_string(++ids); }, now, out);
  out = {};
  site.received(
      StatusUpdate{
          {"TC", "", ""}, kStart, {{"S0001", "signalgroupstatus", "1BNB", Quality::recent}}},
      now, out);
  ASSERT_EQ(out.sightings.size(), 2u);
  EXPECT_THAT(out.sightings[0].seen.groups, ElementsAre(Aspect::green, Aspect::red));
  EXPECT_THAT(out.sightings[1].seen.groups, ElementsAre(Aspect::amber, Aspect::red));
  EXPECT_EQ(out.sightings[1].seen.junction, JunctionId("j2"));
}

}  // namespace
}  // namespace dispecer::rsmp
