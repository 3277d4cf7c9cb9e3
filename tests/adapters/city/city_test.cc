#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "adapters/city/city.h"
#include "tests/adapters/city/sample.h"

namespace dispecer::city::test {
namespace {

using ::testing::HasSubstr;

std::string slurp(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void spit(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

// Replaces the first `from` in a file; the test fails where it is not there.
void edit(const std::string& path, const std::string& from, const std::string& to) {
  auto text = slurp(path);
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << "'" << from << "' is not in " << path;
  spit(path, text.replace(at, from.size(), to));
}

struct TownFolder : Scratch {
  std::string folder = in("town");
  std::string accepted = in("accepted");
  explicit TownFolder(const City& city) {
    const auto r = write_city(city, folder);
    EXPECT_TRUE(r.ok()) << r.error().message();
  }
  void edit_file(const std::string& name, const std::string& from, const std::string& to) const {
    edit(folder + "/" + name, from, to);
  }
  City read() const {
    auto c = read_city(folder, accepted);
    EXPECT_TRUE(c.ok()) << c.error().message();
    return c ? *c : City{};
  }
  [[nodiscard]] Error refusal() const {
    auto c = read_city(folder);
    EXPECT_FALSE(c.ok());
    return c ? Error{} : c.error();
  }
};

City bare(City c) {
  c.folder.clear();
  c.hash.clear();
  return c;
}

void expect_same(const City& a, const City& b) {
  EXPECT_EQ(a.network, b.network);
  EXPECT_EQ(a.signals, b.signals);
  EXPECT_EQ(a.rsmp, b.rsmp);
  EXPECT_EQ(a.sumo, b.sumo);
  EXPECT_EQ(a.zones, b.zones);
  EXPECT_EQ(a.gates, b.gates);
  EXPECT_EQ(a.parking, b.parking);
  EXPECT_EQ(a.stations, b.stations);
  EXPECT_EQ(a.book, b.book);
  EXPECT_EQ(a.devices, b.devices);
  EXPECT_EQ(a.quarantined, b.quarantined);
  EXPECT_TRUE(a == b);
}

TEST(City, AWrittenTownIsReadBackUnchanged) {
  const auto town = row_town(3);
  TownFolder t(town);
  expect_same(bare(t.read()), town);
}

TEST(City, ManyGeneratedTownsAreReadBackUnchanged) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const auto town = Generator(seed).city();
    TownFolder t(town);
    expect_same(bare(t.read()), town);
    if (HasFailure()) return;
  }
}

TEST(City, TheHashFollowsEveryFileAndNothingElse) {
  TownFolder t(row_town(1));
  const auto before = t.read().hash;
  EXPECT_EQ(before.size(), 64U);
  EXPECT_EQ(t.read().hash, before);
  std::filesystem::create_directories(t.folder + "/gtfs");
  spit(t.folder + "/gtfs/stops.txt", "a");
  const auto after = t.read().hash;
  EXPECT_NE(after, before);
  std::filesystem::rename(t.folder + "/gtfs/stops.txt", t.folder + "/gtfs/stop.txt");
  EXPECT_NE(t.read().hash, after);
}

TEST(City, OneBrokenJunctionFileLeavesTheOthersRunning) {
  TownFolder t(row_town(3));
  spit(t.folder + "/signals/J2.toml", "junction = \"J2\"\ngroups = [");
  const auto c = t.read();
  EXPECT_EQ(c.signals.size(), 2U);
  EXPECT_FALSE(c.signals.contains(JunctionId("J2")));
  EXPECT_EQ(c.rsmp.size(), 2U);
  EXPECT_FALSE(c.sumo.traffic_light.contains(JunctionId("J2")));
  ASSERT_EQ(c.quarantined.size(), 2U);  // the junction, and the row of its controller
  EXPECT_EQ(c.quarantined[0].kind, "quarantined");
  EXPECT_EQ(c.quarantined[0].subject, "J2");
  EXPECT_TRUE(c.quarantined[0].active);
  EXPECT_THAT(c.quarantined[0].text, HasSubstr("signals/J2.toml: line 2"));
  EXPECT_THAT(c.quarantined[0].text, HasSubstr("left out"));
}

TEST(City, ABrokenJunctionRunsOnItsLastAcceptedVersionAndSaysSo) {
  const auto town = row_town(3);
  TownFolder t(town);
  t.read();
  t.edit_file("signals/J2.toml", "cycle = 60", "cycle = 6000");
  const auto c = t.read();
  EXPECT_EQ(c.signals, town.signals);
  EXPECT_EQ(c.sumo, town.sumo);
  EXPECT_EQ(c.devices, town.devices);
  ASSERT_EQ(c.quarantined.size(), 1U);
  EXPECT_THAT(c.quarantined[0].text, HasSubstr("cycle: found 6000, expected 1 to 600"));
  EXPECT_THAT(c.quarantined[0].text, HasSubstr("last accepted version is used"));
  t.edit_file("signals/J2.toml", "cycle = 6000", "cycle = 70");
  const auto mended = t.read();
  EXPECT_TRUE(mended.quarantined.empty());
  EXPECT_EQ(mended.signals.at(JunctionId("J2")).plans[0].cycle.value, 70);
}

TEST(City, AnAcceptedVersionThatNoLongerFitsTheNetworkIsNotUsed) {
  TownFolder t(row_town(2));
  t.read();
  std::filesystem::remove(t.folder + "/signals/J2.toml");
  t.edit_file("network.geojson",
              "\"from\": \"L1_2\", \"to\": \"L2_3\", \"turn\": \"straight\", \"group\": \"A\"",
              "\"from\": \"L1_2\", \"to\": \"L2_3\", \"turn\": \"straight\", \"group\": \"N\"");
  const auto c = t.read();
  EXPECT_EQ(c.signals.size(), 1U);
  ASSERT_FALSE(c.quarantined.empty());
  EXPECT_THAT(c.quarantined[0].text, HasSubstr("has no signal file"));
  EXPECT_THAT(c.quarantined[0].text, HasSubstr("left out"));
}

struct Fault {
  const char* file;
  const char* from;
  const char* to;
  const char* cause;
  const char* says;
};

class JunctionFault : public ::testing::TestWithParam<Fault> {};

TEST_P(JunctionFault, QuarantinesThatJunctionByName) {
  const auto& f = GetParam();
  TownFolder t(row_town(3));
  t.edit_file(f.file, f.from, f.to);
  const auto c = t.read();
  EXPECT_EQ(c.signals.size(), 2U);
  EXPECT_FALSE(c.signals.contains(JunctionId("J1")));
  ASSERT_FALSE(c.quarantined.empty());
  EXPECT_EQ(c.quarantined[0].subject, "J1");
  EXPECT_THAT(c.quarantined[0].text, HasSubstr(std::string("[") + f.cause + "]"));
  EXPECT_THAT(c.quarantined[0].text, HasSubstr(f.says));
}

INSTANTIATE_TEST_SUITE_P(
    City, JunctionFault,
    ::testing::Values(
        Fault{"signals/J1.toml", "lever =", "levr =", "unknown_key", "signals/J1.toml: levr"},
        Fault{"signals/J1.toml", "\"stage\"", "\"sage\"", "bad_value", "lever: found 'sage'"},
        Fault{"signals/J1.toml", "release_time = 5.0", "release_time = \"5\"", "wrong_type",
              "release_time: found '5', expected a number"},
        Fault{"signals/J1.toml", "losing = 0, gaining = 1", "losing = 0, gaining = 7",
              "index_range", "intergreen 0 to 7"},
        Fault{"signals/J1.toml", "{ from = 1, to = 2 }", "{ from = 1, to = 1 }", "plan_transition",
              "J1 plan 1"},
        Fault{"signals/J1.toml", "controller = \"C_J1\"", "controller = \"C_J9\"", "unmapped",
              "'C_J9' has no row in devices.toml"},
        Fault{"signals/J1.toml", "junction = \"J1\"", "junction = \"J7\"", "bad_value",
              "found 'J7', expected 'J1'"},
        Fault{"signals/J1.toml", "id = \"B\"", "id = \"BB\"", "unknown_reference", "group 'B'"},
        Fault{"rsmp.toml", "group_components = [\"A\", \"B\"]", "group_components = [\"A\"]",
              "wrong_length", "intersection of 'J1'.group_components: found 1, expected 2"},
        Fault{"rsmp.toml", "[\"D1\", \"D2\"]", "[\"D1\", \"D1\"]", "doubly_mapped",
              "component 'D1'"},
        Fault{"rsmp.toml", "site_id = \"SJ1\"", "site_id = \"\"", "missing_key", "site_id"},
        Fault{"rsmp.toml", "junction = \"J1\"", "junction = \"J0\"", "unmapped",
              "intersection of 'J1': found none"},
        Fault{"sumo.toml", "group_indices = [[0, 1], [2]]", "group_indices = [[0, 1, 2]]",
              "wrong_length", "group_indices: found 1, expected 2"},
        Fault{"sumo.toml", "group_indices = [[0, 1], [2]]", "group_indices = [[0, 1], [1]]",
              "doubly_mapped", "index 1 is found twice"},
        Fault{"sumo.toml", "idle_state = \"rrs\"", "idle_state = \"rr\"", "wrong_length",
              "idle_state has 2 characters"},
        Fault{"sumo.toml", "\"J1.d2\" = \"J1.d2\"\n", "", "unmapped", "induction_loop 'J1.d2'"},
        Fault{"network.geojson", "\"number\": 2", "\"number\": 1", "doubly_mapped",
              "expected each of 1 to 2 once"}));

TEST(City, TwoControllersWithOneSiteAreBothQuarantined) {
  TownFolder t(row_town(3));
  t.edit_file("rsmp.toml", "\"SJ2\"", "\"SJ1\"");
  const auto c = t.read();
  EXPECT_EQ(c.signals.size(), 1U);
  EXPECT_TRUE(c.signals.contains(JunctionId("J3")));
  ASSERT_GE(c.quarantined.size(), 2U);
  EXPECT_THAT(c.quarantined[0].text, HasSubstr("also that of controller 'C_J2'"));
  EXPECT_THAT(c.quarantined[1].text, HasSubstr("also that of controller 'C_J1'"));
}

class Refusal : public ::testing::TestWithParam<Fault> {};

TEST_P(Refusal, NamesFileKeyFoundAndExpected) {
  const auto& f = GetParam();
  TownFolder t(row_town(2));
  t.edit_file(f.file, f.from, f.to);
  const auto e = t.refusal();
  EXPECT_EQ(e.cause, f.cause);
  EXPECT_THAT(e.message(), HasSubstr(f.file));
  EXPECT_THAT(e.message(), HasSubstr(f.says));
}

INSTANTIATE_TEST_SUITE_P(
    City, Refusal,
    ::testing::Values(
        Fault{"city.toml", "schema = 1", "schema = 2", "bad_schema", "found 2, expected 1"},
        Fault{"city.toml", "name = \"row\"", "nam = \"row\"", "unknown_key", "nam: found this key"},
        Fault{"city.toml", "timezone = \"Europe/Bucharest\"", "", "missing_key", "timezone"},
        Fault{"city.toml", "centre = [23.57, 47.65]", "centre = [47.65, 123.57]", "out_of_range",
              "centre[1]: found 123.57, expected -90 to 90"},
        Fault{"city.toml", "2026-11-21", "yesterday", "bad_value", "valid_from"},
        Fault{"network.geojson", "\"to\": \"J1\"", "\"to\": \"J77\"", "unknown_reference",
              "link 'L0_1'.to: found 'J77', expected a junction"},
        Fault{"network.geojson", "\"id\": \"L1_0\"", "\"id\": \"L0_1\"", "duplicate",
              "link 'L0_1'"},
        Fault{"network.geojson", "\"lanes\": 2", "\"lanes\": 2.5", "wrong_type",
              "lanes: found 2.5, expected a whole number"},
        Fault{"network.geojson", "\"length\": 299.5", "\"length\": -1", "out_of_range", "length"},
        Fault{"network.geojson", "[0, 1]", "[0, 2]", "out_of_range", "found lane 2"},
        Fault{"network.geojson", "\"class\": \"link\"", "\"class\": \"road\"", "bad_value",
              "found 'road'"},
        Fault{"network.geojson", "{", "{{", "bad_text", "line 1"},
        Fault{"devices.toml", "kind = \"controller\"", "secret = \"x\"", "missing_key",
              "device[0] 'C_J1'.kind"},
        Fault{"devices.toml", "id = \"C_J2\"", "id = \"C_J1\"", "duplicate", "device[1] 'C_J1'"},
        Fault{"devices.toml", "\"simulated\"", "\"maybe\"", "bad_value", "street: found 'maybe'"},
        Fault{"sumo.toml", "L0_1 = \"eL0_1\"\n", "", "unmapped", "edge 'L0_1'"},
        Fault{"sumo.toml", "L1_0 = \"eL1_0\"", "L1_0 = \"eL0_1\"", "doubly_mapped",
              "edge 'eL0_1' stands for two links"}));

TEST(City, AMissingNetworkRefuses) {
  TownFolder t(row_town(1));
  std::filesystem::remove(t.folder + "/network.geojson");
  EXPECT_EQ(t.refusal().cause, "no_file");
  EXPECT_EQ(read_city(t.folder + "/nowhere").error().cause, "no_file");
}

TEST(City, AFaultyZoneKeepsItsLastAcceptedVersion) {
  const auto town = row_town(1);
  TownFolder t(town);
  t.read();
  t.edit_file("zones.toml", "HCL 1/2026", "");
  const auto c = t.read();
  EXPECT_EQ(c.zones, town.zones);
  EXPECT_EQ(c.gates, town.gates);
  ASSERT_EQ(c.quarantined.size(), 1U);
  EXPECT_EQ(c.quarantined[0].subject, "Z1");
  EXPECT_THAT(c.quarantined[0].text, HasSubstr("legal.decision"));
}

TEST(City, FaultyRowsOfPlacesAreLeftOutOneByOne) {
  TownFolder t(row_town(1));
  t.edit_file("parking.toml", "capacity = 40", "capacity = 1");
  t.edit_file("calendar.toml", "owner", "oner");
  t.edit_file("zones.toml", "zone = \"Z1\"", "zone = \"Z2\"");
  t.edit_file("air.toml", "pm10", "pm11");
  const auto c = t.read();
  EXPECT_TRUE(c.parking.empty());
  EXPECT_TRUE(c.book.entries.empty());
  EXPECT_TRUE(c.gates.empty());
  EXPECT_TRUE(c.stations.empty());
  EXPECT_EQ(c.zones.size(), 1U);
  EXPECT_EQ(c.signals.size(), 1U);
  std::vector<std::string> subjects;
  for (const auto& q : c.quarantined) subjects.push_back(q.subject);
  EXPECT_THAT(subjects, ::testing::UnorderedElementsAre("P1", "B1", "G1", "A1"));
}

TEST(City, AnEntryOfTheBookNamesJunctionsHoursAndAPlanThatTheyHave) {
  auto town = row_town(2);
  auto& e = town.book.entries.front();
  e.junctions = {JunctionId("J1")};
  e.plan = town.signals.begin()->second.plans.front().number;
  e.from_minute = 1320;
  e.to_minute = 300;
  e.weekdays = 96;
  e.flow_share = 0.5;
  {
    TownFolder t(town);
    expect_same(bare(t.read()), town);
  }
  const auto left_out = [&](const char* from, const char* to) {
    TownFolder t(town);
    t.edit_file("calendar.toml", from, to);
    const auto c = t.read();
    EXPECT_TRUE(c.book.entries.empty());
    return c.quarantined.size() == 1U ? c.quarantined[0].text : "";
  };
  EXPECT_THAT(left_out("\"J1\"", "\"nowhere\""), HasSubstr("junctions"));
  EXPECT_THAT(left_out("flow_share = 0.5", "flow_share = 0.0"), HasSubstr("flow_share"));
  EXPECT_THAT(left_out("from_minute = 1320", "from_minute = 1500"), HasSubstr("from_minute"));
  e.plan = 77;
  EXPECT_THAT(left_out("77", "77"), HasSubstr("plan"));
}

TEST(City, OfContradictingEntriesOfTheBookTheLaterIsLeftOutAndBothAreNamed) {
  auto town = row_town(2);
  const auto& works = town.book.entries.front();
  auto first = works;
  first.id = BookEntryId("N1");
  first.lanes_lost = 0;
  first.junctions = {JunctionId("J1")};
  first.local = true;
  auto second = first;
  second.id = BookEntryId("N2");
  second.local = false;
  second.plan = town.signals.begin()->second.plans.front().number;
  auto third = works;
  third.id = BookEntryId("W2");
  town.book.entries = {works, first, second, third};
  TownFolder t(town);
  const auto c = t.read();
  std::vector<std::string> left;
  for (const auto& e : c.book.entries) left.push_back(e.id.str());
  EXPECT_THAT(left, ::testing::ElementsAre("B1", "N1", "W2"));
  ASSERT_EQ(c.quarantined.size(), 2U);
  EXPECT_EQ(c.quarantined[0].kind, "quarantined");
  EXPECT_EQ(c.quarantined[0].subject, "N2");
  EXPECT_THAT(c.quarantined[0].text, HasSubstr("'N1' and 'N2'"));
  EXPECT_EQ(c.quarantined[1].kind, "book_contradiction");
  EXPECT_THAT(c.quarantined[1].text, HasSubstr("'B1' and 'W2'"));
}

TEST(City, WhoMayAskForCorridorsIsReadBackAndFaultyRowsAreLeftOut) {
  auto town = row_town(1);
  const auto& link = town.network.links.front().id;
  const auto& movement = town.network.movements.front().id;
  town.emergency = {{{VehicleId("MM-112"), EmergencyKind::ambulance}},
                    {{PersonId("station/1"), {EmergencyKind::fire}, {link}}},
                    {{movement, 3}}};
  town.network.crossings.front().promised_wait = {45};
  town.network.crossings.front().slow_walk = true;
  {
    TownFolder t(town);
    expect_same(bare(t.read()), town);
  }
  TownFolder t(town);
  t.edit_file("emergency.toml", "ambulance", "ambulence");
  t.edit_file("emergency.toml", "number = 3", "number = 0");
  t.edit_file("emergency.toml", link.str(), "nowhere");
  const auto c = t.read();
  EXPECT_EQ(c.emergency, EmergencyRegister{});
  std::vector<std::string> subjects;
  for (const auto& q : c.quarantined) subjects.push_back(q.subject);
  EXPECT_THAT(subjects, ::testing::UnorderedElementsAre("MM-112", "station/1", movement.str()));
}

TEST(City, StreetsWithAProgressionAreReadBackAndFaultyOnesAreLeftOut) {
  auto town = row_town(2);
  const auto street = [](const char* id, std::vector<LinkId> links) {
    Progression p;
    p.id = id;
    p.links = std::move(links);
    p.speed = {5.5};
    p.flow = {240};
    p.weight = 0.5;
    return p;
  };
  town.network.progressions = {street("good", {LinkId("L0_1"), LinkId("L1_2"), LinkId("L2_3")}),
                               street("apart", {LinkId("L0_1"), LinkId("L2_3")}),
                               street("short", {LinkId("L0_1")}),
                               street("lost", {LinkId("L0_1"), LinkId("nowhere")})};
  TownFolder t(town);
  const auto c = t.read();
  ASSERT_EQ(c.network.progressions.size(), 1U);
  EXPECT_EQ(c.network.progressions[0], town.network.progressions[0]);
  std::vector<std::string> subjects;
  for (const auto& q : c.quarantined) subjects.push_back(q.subject);
  EXPECT_THAT(subjects, ::testing::ElementsAre("apart", "short", "lost"));
}

TEST(City, AnEarlyStartThatNoStageCanGiveIsToldWithItsJunction) {
  auto town = row_town(2);
  for (auto& c : town.network.crossings) c.early_start = {4};
  // At J1 the crossing's group has green with traffic that gives way; at J2 with nobody.
  auto& s = town.signals.at(JunctionId("J1"));
  s.groups.push_back(s.groups[0]);
  s.groups.back().id = SignalGroupId("turn");
  s.intergreens.insert(s.intergreens.end(), {{1, 2, {{5}, 0}}, {2, 1, {{6}, 0}}});
  s.stages[0].green = {0, 2};
  s.stages[0].yielding = {2};
  town.rsmp[0].group_components = {"A", "B", "T"};
  town.sumo.group_indices.at(JunctionId("J1")).push_back({3});
  town.sumo.idle_state.at(JunctionId("J1")) += "o";
  const auto told = [&] {
    std::vector<std::string> out;
    for (const auto& q : TownFolder(town).read().quarantined) {
      EXPECT_EQ(q.kind, "early_start_no_stage");
      out.push_back(q.subject + ": " + q.text);
    }
    return out;
  };
  EXPECT_THAT(told(), ::testing::ElementsAre("J1: no stage leads stage 1"));
  s.stages.push_back({3, "early", {0}, {}, true, 3});
  s.transitions.insert(s.transitions.end(), {{2, 3}, {3, 1}});
  EXPECT_TRUE(told().empty());
  s.lever = Lever::plan;
  EXPECT_THAT(told(), ::testing::ElementsAre("J1: its lever cannot ask for a stage"));
}

TEST(City, ADetourNamesLinksThatFollowOneAnother) {
  auto town = row_town(2);
  auto& e = town.book.entries.front();
  e.lines = {LineId("1")};
  e.way = {LinkId("L0_1"), LinkId("L1_2")};
  {
    TownFolder t(town);
    expect_same(bare(t.read()), town);
  }
  e.way = {LinkId("L0_1"), LinkId("L2_3")};
  EXPECT_TRUE(TownFolder(town).read().book.entries.empty());
}

TEST(City, WritingAgainRemovesTheSignalFilesOfJunctionsThatAreGone) {
  TownFolder t(row_town(3));
  ASSERT_TRUE(write_city(row_town(2), t.folder).ok());
  EXPECT_FALSE(std::filesystem::exists(t.folder + "/signals/J3.toml"));
  EXPECT_TRUE(t.read().quarantined.empty());
}

TEST(City, AGroupIsAskedForByItsButtonsAndByTheLoopsOfItsLanes) {
  auto town = row_town(2);
  const auto j = JunctionId("J1");
  EXPECT_EQ(demand_detectors(town, j), (std::vector<std::vector<std::uint32_t>>{{1}, {2}}));
  // A left turn of group B from the lane in which loop 1 of group A lies.
  auto left = town.network.movements[0];
  left.id = MovementId("left");
  left.group = SignalGroupId("B");
  left.lanes = {0};
  town.network.movements.push_back(left);
  Detector button;
  button.id = DetectorId("button");
  button.kind = DetectorKind::push_button;
  button.junction = j;
  button.number = 7;
  button.group = SignalGroupId("A");
  town.network.detectors.push_back(button);
  EXPECT_EQ(demand_detectors(town, j), (std::vector<std::vector<std::uint32_t>>{{1, 7}, {1, 2}}));
  EXPECT_TRUE(demand_detectors(town, JunctionId("J0")).empty()) << "it has no signals";
}

TEST(City, AnIdOfAnyCharactersHasItsOwnFile) {
  auto town = row_town(1);
  const JunctionId odd("a/b #1%é");
  for (auto& j : town.network.junctions) {
    if (j.id == JunctionId("J1")) j.id = odd;
  }
  for (auto& l : town.network.links) {
    if (l.from == JunctionId("J1")) l.from = odd;
    if (l.to == JunctionId("J1")) l.to = odd;
  }
  for (auto& m : town.network.movements) m.junction = odd;
  for (auto& d : town.network.detectors) d.junction = odd;
  for (auto& x : town.network.crossings) x.junction = odd;
  for (auto& r : town.rsmp) r.junction = odd;
  town.signals = {{odd, two_stage_signals("J1")}};
  town.signals[odd].junction = odd;
  town.sumo.traffic_light = {{odd, "J1"}};
  town.sumo.group_indices = {{odd, {{0}, {1}}}};
  town.sumo.idle_state = {{odd, "rr"}};
  TownFolder t(town);
  expect_same(bare(t.read()), town);
}

}  // namespace
}  // namespace dispecer::city::test
