#include "adapters/city/importer/importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "adapters/city/city.h"
#include "adapters/city/importer/derive.h"
#include "adapters/city/importer/lead_stages.h"
#include "adapters/city/importer/projection.h"
#include "adapters/city/importer/ring.h"
#include "tests/adapters/city/importer_town.h"

namespace dispecer::city::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST(Importer, ANetOfOneJunctionBecomesACityThatReadsWithoutAFault) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t;
  ASSERT_TRUE(t.made);
  const auto report = t.import();
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report->signalised, 1U);
  const auto city = read_city(t.out);
  ASSERT_TRUE(city.ok()) << city.error().message();
  EXPECT_TRUE(city->quarantined.empty());
  EXPECT_EQ(city->network.junctions.size(), 5U);
  EXPECT_EQ(city->network.links.size(), 8U);
  const auto& s = city->signals.at(JunctionId("C"));
  expect_safe(s);
  EXPECT_EQ(s.release_time, Seconds{5});
  EXPECT_EQ(s.signatures.at(0).origin, Origin::derived);
  for (const auto& stage : s.stages) EXPECT_EQ(stage.demand_input, stage.number);

  std::set<std::string> streets;
  for (const auto& l : city->network.links) {
    streets.insert(l.name);
    EXPECT_EQ(l.lanes, 2U);
    EXPECT_EQ(l.saturation_flow.value, 3600);
    EXPECT_TRUE(l.sidewalk);
  }
  EXPECT_EQ(streets.size(), 2U);
  for (const auto& j : city->network.junctions) {
    EXPECT_EQ(j.signalised, j.id == JunctionId("C"));
    if (j.id == JunctionId("C")) {
      EXPECT_EQ(j.name, "Strada Lată / Strada Lungă");
      EXPECT_NEAR(j.position.lon, 23.57, 1e-6);
      EXPECT_NEAR(j.position.lat, 47.65, 1e-6);
    }
  }
  // Four arms with two lanes, a loop at the line and one upstream on each; a button per crossing.
  std::map<DetectorKind, int> kinds;
  for (const auto& d : city->network.detectors) {
    ++kinds[d.kind];
    EXPECT_FALSE(d.group.empty());
    if (d.kind == DetectorKind::stop_line) {
      EXPECT_EQ(d.to_stop_line.value, 2);
    }
    if (d.kind == DetectorKind::advance) {
      EXPECT_EQ(d.to_stop_line.value, 80);
    }
  }
  EXPECT_EQ(kinds[DetectorKind::stop_line], 8);
  EXPECT_EQ(kinds[DetectorKind::advance], 8);
  EXPECT_EQ(kinds[DetectorKind::push_button], 4);
  EXPECT_EQ(city->rsmp.at(0).detector_components.size(), 20U);
  EXPECT_EQ(city->sumo.induction_loop.size(), 16U);
  EXPECT_THAT(slurp(t.out + "/sumo/city.sumocfg"), HasSubstr(t.net()));
}

TEST(Importer, AmberClearanceAndWalkFollowSpeedAndGeometry) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t;
  ASSERT_TRUE(t.made);
  ASSERT_TRUE(t.import().ok());
  const auto city = read_city(t.out);
  ASSERT_TRUE(city.ok());
  const auto& s = city->signals.at(JunctionId("C"));
  std::map<std::string, double> widest;
  for (const auto& x : city->network.crossings) {
    widest[x.group.str()] = std::max(widest[x.group.str()], x.length.value);
    EXPECT_TRUE(x.push_button);
  }
  std::map<std::string, bool> fast;
  for (const auto& m : city->network.movements) {
    fast[m.group.str()] = fast[m.group.str()] || m.from.str()[0] == 'W' || m.from.str()[0] == 'E';
  }
  int walks = 0;
  for (std::uint32_t g = 0; g < s.groups.size(); ++g) {
    const auto& group = s.groups[g];
    if (group.kind == GroupKind::pedestrian) {
      ++walks;
      const double clear = std::ceil(widest.at(group.id.str()) / 1.2 - 1e-9);
      EXPECT_EQ(group.amber.time.value, clear);
      bool conflicts = false;
      for (const auto& i : s.intergreens) {
        if (i.losing != g) continue;
        conflicts = true;
        EXPECT_LE(i.time.time.value, clear);
        EXPECT_GT(i.time.time.value, 5);
      }
      EXPECT_TRUE(conflicts);
    } else {
      EXPECT_EQ(group.amber.time.value, fast.at(group.id.str()) ? 5 : 3);
    }
  }
  EXPECT_EQ(walks, 2);
}

TEST(Importer, ImportingTwiceGivesTheSameCity) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t;
  ASSERT_TRUE(t.made);
  ASSERT_TRUE(t.import().ok());
  const auto first = read_city(t.out)->hash;
  ASSERT_TRUE(t.import().ok());
  EXPECT_EQ(read_city(t.out)->hash, first);
}

TEST(Importer, AProgramTooShortForItsIndicesIsToldAndTheRestIsImported) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t;
  ASSERT_TRUE(t.made);
  spit(t.scenario + "/late.add.xml",
       "<additional><tlLogic id=\"C\" type=\"static\" programID=\"x\" offset=\"0\">"
       "<phase duration=\"10\" state=\"GGr\"/></tlLogic></additional>");
  const auto report = t.import();
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report->signalised, 0U);
  EXPECT_EQ(report->links, 8U);
  const auto told = of_kind(*report, "unusable");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].subject, "C");
  EXPECT_THAT(told[0].text, HasSubstr("has 3 characters, expected 20"));
  const auto city = read_city(t.out);
  ASSERT_EQ(city->quarantined.size(), 1U);
  EXPECT_EQ(city->quarantined[0].subject, "C");
}

TEST(Importer, TheLastLoadedProgramIsTheOneThatCounts) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t;
  ASSERT_TRUE(t.made);
  // Arms N, E, S, W hold indices 0-3, 4-7, 8-11, 12-15; crossings follow.
  spit(t.scenario + "/own.add.xml",
       "<additional><tlLogic id=\"C\" type=\"static\" programID=\"own\" offset=\"7\">"
       "<phase duration=\"20\" state=\"GGGgrrrrGGGgrrrrrrrr\"/>"
       "<phase duration=\"3\" state=\"yyyyrrrryyyyrrrrrrrr\"/>"
       "<phase duration=\"20\" state=\"rrrrGGGgrrrrGGGgrrrr\"/>"
       "<phase duration=\"3\" state=\"rrrryyyyrrrryyyyrrrr\"/>"
       "</tlLogic></additional>");
  const auto report = t.import();
  ASSERT_TRUE(report.ok()) << report.error().message();
  const auto city = read_city(t.out);
  const auto& s = city->signals.at(JunctionId("C"));
  expect_safe(s);
  EXPECT_EQ(s.stages.size(), 2U);
  EXPECT_EQ(s.plans.at(0).cycle.value, 46);
  EXPECT_EQ(s.plans.at(0).offset.value, 7);
  EXPECT_EQ(of_kind(*report, "group_unserved").size(), 4U);  // people on foot never get green
  EXPECT_EQ(of_kind(*report, "retimed").size(), 1U);         // 3 s are less than amber and clearing
  for (const auto& stage : s.stages) EXPECT_EQ(stage.yielding.size(), 1U);
}

TEST(Importer, AnOffsetAloneMovesTheProgramThatIsThere) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t;
  ASSERT_TRUE(t.made);
  ASSERT_TRUE(t.import().ok());
  const auto before = read_city(t.out)->signals.at(JunctionId("C")).plans.at(0);
  spit(t.scenario + "/own.add.xml",
       "<additional><tlLogic id=\"C\" programID=\"0\" offset=\"11\"/></additional>");
  const auto report = t.import();
  ASSERT_TRUE(report.ok()) << report.error().message();
  auto after = read_city(t.out)->signals.at(JunctionId("C")).plans.at(0);
  EXPECT_EQ(after.offset.value, 11);
  after.offset = before.offset;
  EXPECT_EQ(after, before);
}

TEST(Importer, OutputsOfTheScenarioAreNotWrittenBesideIt) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t;
  ASSERT_TRUE(t.made);
  spit(t.scenario + "/loops.add.xml",
       "<additional><inductionLoop id=\"x\" lane=\"Nin_1\" pos=\"5\" freq=\"60\" file=\"x.xml\"/>"
       "<parkingArea id=\"P\" lane=\"Nin_1\" startPos=\"10\" endPos=\"50\" roadsideCapacity=\"8\"/>"
       "</additional>");
  spit(t.scenario + "/t.sumocfg",
       "<configuration><input><net-file value=\"t.net.xml\"/>"
       "<additional-files value=\"loops.add.xml\"/></input>"
       "<output><tripinfo-output value=\"trips.xml\"/></output></configuration>");
  const auto report = t.import();
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(of_kind(*report, "outputs_removed").size(), 1U);
  const auto config = slurp(t.out + "/sumo/city.sumocfg");
  EXPECT_EQ(config.find("tripinfo"), std::string::npos);
  EXPECT_THAT(config, HasSubstr(t.out + "/sumo/0_loops.add.xml,"));
  const auto city = read_city(t.out);
  ASSERT_EQ(city->parking.size(), 1U);
  EXPECT_EQ(city->parking[0].capacity, 8U);
  EXPECT_EQ(city->parking[0].link, LinkId("Nin"));
  EXPECT_EQ(city->parking[0].along.value, 30);
  if (!has_tool("sumo")) return;
  const auto run = "cd " + t.out +
                   " && SUMO_HOME=/usr/share/sumo sumo -c sumo/city.sumocfg --end 5 "
                   "--no-step-log >/dev/null 2>&1";
  EXPECT_EQ(std::system(run.c_str()), 0);
}

TEST(Importer, AnOverlayGivesTheTownItsNameZonesDevicesAndOrigins) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t;
  ASSERT_TRUE(t.made);
  const auto overlay = t.in("overlay");
  std::filesystem::create_directories(overlay);
  const auto put = [&](const char* name, const char* text) { spit(overlay + "/" + name, text); };
  put("city.toml",
      "id = \"oras\"\nname = \"Orașul\"\nversion = \"3\"\nvalid_from = 2026-02-03\n"
      "timezone = \"Europe/Bucharest\"\ndemonstration = true\n"
      "[map]\ncentre = [23.57, 47.65]\nbounds = [23.5, 47.6, 23.6, 47.7]\n");
  put("crossings.toml",
      "crossing = [{ junction = \"C\", links = [\"Nin\", \"Nout\"], "
      "push_button = true, promised_wait_s = 45, slow_walk = true, early_start_s = 4 }, "
      "{ junction = \"C\", links = [\"Nin\"] }]\n");
  put("emergency.toml",
      "desk = [{ id = \"dispatch/112\", kinds = [\"ambulance\", \"fire\"] }, "
      "{ id = \"station/1\", kinds = [\"fire\"], route = [\"Nin\"] }]\n"
      "unit = [{ id = \"MM-112\", kind = \"ambulance\" }]\n");
  put("zones.toml",
      "[[zone]]\nid = \"Z\"\npolygon = [[23.56, 47.64], [23.58, 47.64], [23.57, 47.66]]\n"
      "council_decision = \"HCL 1\"\nvalid_from = 2026-01-01\ndays = [\"mon\", \"sun\"]\n"
      "from = \"22:00\"\nto = \"06:00\"\ngrace_s = 60\n"
      "[[zone.permit]]\nkind = \"resident\"\ntimes = [\"00:00-24:00\"]\n"
      "[[zone.permit]]\nkind = \"delivery\"\ntimes = [\"06:00-10:00\"]\n"
      "[[zone.gate]]\nid = \"G\"\nlink = \"Nin\"\nposition_m = 20\nreader = \"R\"\nsign = \"V\"\n"
      "[[zone.gate]]\nid = \"O\"\ndirection = \"out\"\nlink = \"Nout\"\nreader = \"R2\"\n");
  put("parking.toml",
      "[[area]]\nid = \"PA\"\nkind = \"garage\"\nlink = \"Win\"\nfrom_m = 10\n"
      "to_m = 30\ncapacity = 50\nspecial = { disabled = 3 }\ngrace_min = 10\n");
  put("calendar.toml",
      "[[holiday]]\ndate = 2026-07-01\nname = \"Ziua\"\n"
      "[[entry]]\nid = \"W\"\nkind = \"works\"\nname = \"Lucrări\"\n"
      "owner = \"Primăria\"\nfrom = 2026-01-05T07:00:00\nto = 2026-01-06T18:00:00\n"
      "links = [\"Nin\"]\njunctions = [\"C\"]\nlocal = true\ndaily = [\"22:00\", \"05:30\"]\n"
      "days = [\"sat\", \"sun\"]\neffect = { lanes_closed = 1, flow_share = 0.5 }\n");
  put("devices.toml",
      "device = [{ id = \"CAM\", class = \"parking_camera\", protocol = \"parking_counts\", "
      "area = \"PA\", street = \"simulated\" },\n"
      "{ id = \"R\", class = \"plate_reader\", protocol = \"anpr\", gate = \"G\" },\n"
      "{ id = \"RADIO\", class = \"priority_receiver\", protocol = \"r09\", "
      "address = \"127.0.0.1:4420\", settings = { point_4800 = \"C g1 registration 140\" } }]\n");
  put("provenance.toml",
      "[class.link]\norigin = \"approximate\"\n"
      "[[exception]]\nclass = \"link\"\nid = \"Nin\"\norigin = \"sourced\"\n");
  const auto report = t.import(overlay);
  ASSERT_TRUE(report.ok()) << report.error().message();
  const auto c = read_city(t.out);
  ASSERT_TRUE(c.ok()) << c.error().message();
  EXPECT_TRUE(c->quarantined.empty());
  EXPECT_EQ(c->name, "oras");
  EXPECT_EQ(c->title, "Orașul");
  EXPECT_EQ(c->valid_from, "2026-02-03");
  EXPECT_EQ(c->south_west, (LonLat{23.5, 47.6}));
  ASSERT_EQ(c->zones.size(), 1U);
  EXPECT_TRUE(c->zones[0].legal.demonstration);
  // Monday and Sunday from 22:00 to the next morning: Tuesday and Monday.
  EXPECT_EQ(c->zones[0].active, (std::vector<WeekWindow>{{65, 1320, 1440}, {3, 0, 360}}));
  ASSERT_EQ(c->zones[0].exempt.size(), 2U);
  EXPECT_TRUE(c->zones[0].exempt[0].windows.empty());
  EXPECT_EQ(c->zones[0].exempt[1].windows, (std::vector<WeekWindow>{{127, 360, 600}}));
  ASSERT_EQ(c->gates.size(), 1U);
  EXPECT_EQ(c->gates[0].reader, ReaderId("R"));
  EXPECT_NEAR(c->gates[0].position.lat, 47.652 - 20 / 111195.0, 3e-6);
  ASSERT_EQ(c->parking.size(), 1U);
  EXPECT_EQ(c->parking[0].along.value, 20);
  EXPECT_EQ(c->parking[0].grace.value, 600);
  ASSERT_EQ(c->emergency.desks.size(), 2U);
  EXPECT_EQ(c->emergency.desks[1].route, std::vector<LinkId>{LinkId("Nin")});
  EXPECT_EQ(c->emergency.units,
            (std::vector<EmergencyUnit>{{VehicleId("MM-112"), EmergencyKind::ambulance}}));
  EXPECT_TRUE(
      std::any_of(c->network.crossings.begin(), c->network.crossings.end(), [](const Crossing& x) {
        return x.promised_wait == Seconds{45} && x.slow_walk && x.early_start == Seconds{4};
      }));
  ASSERT_EQ(c->book.entries.size(), 2U);
  EXPECT_EQ(to_iso(c->book.entries[0].begin), "2026-06-30T21:00:00.000Z");  // summer time
  EXPECT_EQ(to_iso(c->book.entries[1].begin), "2026-01-05T05:00:00.000Z");  // winter time
  EXPECT_EQ(c->book.entries[1].lanes_lost, 1U);
  EXPECT_EQ(c->book.entries[1].flow_share, 0.5);
  EXPECT_EQ(c->book.entries[1].from_minute, 1320U);
  EXPECT_EQ(c->book.entries[1].to_minute, 330U);
  EXPECT_EQ(c->book.entries[1].weekdays, 96U);
  EXPECT_TRUE(c->book.entries[1].local);
  std::vector<std::string> rows;
  for (const auto& d : c->devices) rows.push_back(d.kind + " " + d.id + " " + d.address);
  EXPECT_THAT(rows,
              ::testing::ElementsAre("controller C_C @rsmp", "parking_counts PA @parking_counts",
                                     "anpr R @anpr", "priority_points RADIO 127.0.0.1:4420"));
  EXPECT_EQ(c->devices.back().settings.at("point_4800"), "C g1 registration 140");
  for (const auto& l : c->network.links) {
    EXPECT_EQ(l.provenance, l.id == LinkId("Nin") ? Provenance::sourced : Provenance::approximate);
  }
  // A crossing without a line in crossings.toml keeps its button; one told as unknown is a finding.
  EXPECT_EQ(of_kind(*report, "overlay").size(), 2U);  // the crossing, and the gate outwards
}

// The row town's junction with a turn beside its crossing, which gives way to it.
JunctionSignals with_turn() {
  auto s = two_stage_signals("J1");
  s.groups.push_back(s.groups[0]);
  s.groups.back().id = SignalGroupId("turn");
  s.intergreens.insert(s.intergreens.end(), {{1, 2, {{5}, 0}}, {2, 1, {{6}, 0}}});
  s.stages[0].green = {0, 2};
  s.stages[0].yielding = {2};
  return s;
}

TEST(LeadStages, AreMadeForCrossingsThatStartEarlyAndLeadWhereTheyShould) {
  auto town = row_town(1);
  Findings findings;
  auto s = with_turn();
  ASSERT_TRUE(validate(s).ok()) << validate(s).error().message();
  const auto before = s;
  add_lead_stages(s, town.network, findings);
  EXPECT_EQ(s, before) << "no crossing starts early";
  town.network.crossings[0].early_start = {4};
  add_lead_stages(s, town.network, findings);
  ASSERT_TRUE(validate(s).ok()) << validate(s).error().message();
  EXPECT_TRUE(findings.empty());
  ASSERT_EQ(s.stages.size(), 3U);
  EXPECT_EQ(s.stages[2].number, 3U);
  EXPECT_EQ(s.stages[2].green, std::vector<std::uint32_t>{0});
  EXPECT_TRUE(s.stages[2].skippable);
  EXPECT_EQ(s.stages[2].demand_input, 3U);
  EXPECT_TRUE(transition_allowed(s, 2, 3));
  EXPECT_TRUE(transition_allowed(s, 3, 1));
  EXPECT_FALSE(transition_allowed(s, 3, 2));
  EXPECT_FALSE(transition_allowed(s, 1, 3));
  const auto once = s;
  add_lead_stages(s, town.network, findings);
  EXPECT_EQ(s, once) << "it has one now";
}

TEST(LeadStages, ACrossingThatIsBoundToTheTurnCannotStartAlone) {
  auto town = row_town(1);
  town.network.crossings[0].early_start = {4};
  auto s = with_turn();
  s.bound_groups = {{0, 2}};
  const auto before = s;
  Findings findings;
  add_lead_stages(s, town.network, findings);
  EXPECT_EQ(s, before);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, "early_start");
}

TEST(Importer, AFaultInAnOverlayNamesFileRowAndKey) {
  if (!has_tool("netconvert")) GTEST_SKIP() << "netconvert (Debian package sumo) is not installed";
  const Town t;
  ASSERT_TRUE(t.made);
  const auto overlay = t.in("overlay");
  std::filesystem::create_directories(overlay);
  const std::pair<const char*, const char*> faults[] = {
      {"device = [{ id = \"X\", class = \"toaster\", protocol = \"p\" }]\n",
       "devices.toml: device[0] 'X'.class: found 'toaster'"},
      {"device = [{ id = \"X\", class = \"plate_reader\" }]\n",
       "devices.toml: device[0] 'X'.protocol: found nothing"},
      {"device = [{ id = \"X\"", "devices.toml: line 1"},
  };
  for (const auto& [text, says] : faults) {
    spit(overlay + "/devices.toml", text);
    const auto r = t.import(overlay);
    ASSERT_FALSE(r.ok());
    EXPECT_THAT(r.error().message(), HasSubstr(says));
  }
}

TEST(Importer, WhatIsNoScenarioIsRefusedByName) {
  const Scratch t;
  const auto cause = [&](const std::string& scenario) {
    ImportOptions options;
    options.scenario = scenario;
    options.out = t.in("out");
    const auto r = import_sumo(options);
    EXPECT_FALSE(r.ok());
    EXPECT_FALSE(std::filesystem::exists(t.in("out")));
    return r ? "" : r.error().cause;
  };
  EXPECT_EQ(cause(t.in("nowhere")), "no_file");
  EXPECT_EQ(cause(t.path.string()), "no_net");
  spit(t.in("a.net.xml"), "<net");
  EXPECT_EQ(cause(t.path.string()), "bad_xml");
  spit(t.in("a.net.xml"), "<routes/>");
  EXPECT_EQ(cause(t.in("a.net.xml")), "bad_xml");
  spit(t.in("a.net.xml"), "<net/>");
  EXPECT_EQ(cause(t.in("a.net.xml")), "no_edges");
  spit(t.in("b.net.xml"), "<net/>");
  EXPECT_EQ(cause(t.path.string()), "ambiguous");
  spit(t.in("x.sumocfg"), "<configuration/>");
  EXPECT_EQ(cause(t.in("x.sumocfg")), "no_net");
  const std::string big(100000, 'a');
  const auto gz = gzopen(t.in("c.net.xml.gz").c_str(), "wb");
  gzwrite(gz, ("<net><!--" + big + "--></net>").data(), 100020);
  gzclose(gz);
  EXPECT_EQ(cause(t.in("c.net.xml.gz")), "no_edges");
  std::filesystem::resize_file(t.in("c.net.xml.gz"), 60);
  EXPECT_EQ(cause(t.in("c.net.xml.gz")), "bad_xml");
}

TEST(Projection, KnownPointsOfTheUtmGridComeOutWhereTheyAre) {
  // Central meridian and equator are exact; the CN Tower is a published pair (zone 17).
  const Projection p34("+proj=utm +zone=34 +ellps=WGS84", "0,0", "0,0,1,1", "0,0,1,1");
  EXPECT_EQ(p34.to_lon_lat({500000, 0}), (LonLat{21, 0}));
  const Projection p17("+proj=utm +zone=17 +ellps=WGS84", "-600000,-4800000", "0,0,1,1", "0,0,1,1");
  const auto tower = p17.to_lon_lat({30084, 33438});
  EXPECT_NEAR(tower.lat, 43.642567, 1e-5);
  EXPECT_NEAR(tower.lon, -79.387139, 1e-5);
}

TEST(Projection, ANetWithoutAPlaceIsPutAtItsMadeUpMiddleAndAnUnknownOneIsStretched) {
  const Projection none("!", "0,0", "0,0,1500,1500", "0,0,1500,1500");
  EXPECT_EQ(none.kind(), ProjectionKind::made_up);
  EXPECT_EQ(none.to_lon_lat({750, 750}), (LonLat{23.57, 47.65}));
  const Projection odd("+proj=lcc +lat_1=48", "0,0", "0,0,100,200", "10,50,11,52");
  EXPECT_EQ(odd.kind(), ProjectionKind::stretched);
  EXPECT_EQ(odd.to_lon_lat({50, 50}), (LonLat{10.5, 50.5}));
}

PhaseGreens greens(std::vector<std::uint32_t> green, std::vector<std::uint32_t> yielding = {}) {
  return {std::move(green), std::move(yielding)};
}

TEST(Ring, TransitionsFallAwayAndALongerGreenWithPriorityStays) {
  Findings findings;
  const std::vector<sumo::Phase> phases = {{20, 0, 0, ""}, {3, 0, 0, ""},  {6, 5, 50, ""},
                                           {3, 0, 0, ""},  {25, 0, 0, ""}, {4, 0, 0, ""}};
  const auto ring = delivered_ring(
      phases,
      {greens({0, 1}, {1}), greens({1}, {1}), greens({1}), greens({}), greens({2}), greens({})},
      "x", findings);
  ASSERT_EQ(ring.stages.size(), 3U);
  EXPECT_EQ(ring.starts, (std::vector<double>{0, 23, 32}));
  EXPECT_EQ(ring.full, (std::vector<double>{20, 6, 25}));
  EXPECT_EQ(ring.max, (std::vector<double>{0, 50, 0}));
  EXPECT_EQ(ring.cycle, 61);
  EXPECT_TRUE(findings.empty());
}

TEST(Ring, AStageThatRunsOverTheEndOfTheCycleIsOne) {
  Findings findings;
  const auto ring = delivered_ring({{10, 0, 0, ""}, {20, 0, 0, ""}, {15, 0, 0, ""}},
                                   {greens({0}), greens({1}), greens({0})}, "x", findings);
  EXPECT_EQ(ring.starts, (std::vector<double>{10, 30}));
  EXPECT_EQ(ring.full, (std::vector<double>{20, 25}));
}

TEST(Ring, AShortGreenWithPriorityIsLeftOutAndTold) {
  Findings findings;
  const auto ring = delivered_ring({{20, 0, 0, ""}, {2, 0, 0, ""}, {20, 0, 0, ""}},
                                   {greens({0, 1}, {1}), greens({1}), greens({2})}, "x", findings);
  EXPECT_EQ(ring.stages.size(), 2U);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, "stage_dropped");
}

TEST(Ring, ShortStagesAreLengthenedAtTheCostOfLongOnesAndTheCycleIsKept) {
  const auto s = two_stage_signals("J");  // intergreens 5 and 6 s, minimum greens 5 s
  Findings findings;
  const auto fitted = fit_ring(s, {{1, 2}, {0, 52}, {50, 6}, 60}, findings);
  EXPECT_EQ(fitted.cycle, 60);
  EXPECT_EQ(fitted.starts, (std::vector<double>{0, 49}));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, "stage_lengthened");
}

TEST(Ring, ACycleTooShortForTheIntergreensIsLengthened) {
  const auto s = two_stage_signals("J");
  Findings findings;
  const auto fitted = fit_ring(s, {{1, 2}, {0, 8}, {5, 5}, 16}, findings);
  EXPECT_EQ(fitted.cycle, 21);  // 5 + 5 and 5 + 6
  EXPECT_EQ(fitted.starts, (std::vector<double>{0, 10}));
  bool told = false;
  for (const auto& f : findings) told = told || f.kind == "cycle_lengthened";
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace dispecer::city::test
