// A small made-up town for the tests of this folder, and random ones.
#pragma once

#include <algorithm>
#include <filesystem>
#include <random>

#include "adapters/city/city.h"

namespace dispecer::city::test {

// A folder of its own that goes away with the test.
struct Scratch {
  std::filesystem::path path;
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "dispecer_city_XXXXXX").string();
    path = mkdtemp(name.data());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string in(const std::string& name) const { return (path / name).string(); }
};

inline JunctionSignals two_stage_signals(const std::string& junction) {
  JunctionSignals s;
  s.junction = JunctionId(junction);
  s.controller = ControllerId("C_" + junction);
  s.signatures = {{Origin::derived, "test", "", "2026-11-21"}};
  s.groups = {{SignalGroupId("A"), GroupKind::vehicle, {{5}, 0}, {{3}, 0}, {}, {{120}, 0}},
              {SignalGroupId("B"), GroupKind::vehicle, {{5}, 0}, {{3}, 0}, {}, {{120}, 0}}};
  s.intergreens = {{0, 1, {{5}, 0}}, {1, 0, {{6}, 0}}};
  s.stages = {{1, "main", {0}, {}, false, 1}, {2, "side", {1}, {}, true, 2}};
  s.transitions = {{1, 2}, {2, 1}};
  s.plans = {{1, "day", {60}, {10}, {{1, {0}, {5}, {40}}, {2, {35}, {5}, {30}}}}};
  s.lever = Lever::stage;
  s.release_time = Seconds{5};
  s.commissioning = Commissioning::live;
  s.provenance = Provenance::derived;
  return s;
}

// `n` signalised junctions in a row, each with one approach from either side.
inline City row_town(int n) {
  City c;
  c.name = "row";
  c.title = "Orașul de probă";
  c.version = "1";
  c.valid_from = "2026-11-21";
  c.timezone = "Europe/Bucharest";
  c.centre = {23.57, 47.65};
  c.south_west = {23.5, 47.6};
  c.north_east = {23.6, 47.7};
  auto place = [](int i) { return LonLat{(235600000 + 40000 * i) / 1e7, 47.65}; };
  auto node = [](int i) { return JunctionId("J" + std::to_string(i)); };
  for (int i = 0; i <= n + 1; ++i) {
    c.network.junctions.push_back(
        {node(i), "Nod " + std::to_string(i), place(i), i >= 1 && i <= n, Provenance::invented});
  }
  auto link = [&](int a, int b) {
    Link l;
    l.id = LinkId("L" + std::to_string(a) + "_" + std::to_string(b));
    l.name = "Strada \"Mare\"";
    l.from = node(a);
    l.to = node(b);
    l.shape = {place(a), place(b)};
    l.length = {299.5};
    l.lanes = 2;
    l.speed_limit = {13.89};
    l.saturation_flow = {3600};
    l.sidewalk = true;
    l.provenance = Provenance::invented;
    c.network.links.push_back(l);
    c.sumo.edge[l.id] = "e" + l.id.str();
    return l.id;
  };
  for (int i = 0; i <= n; ++i) {
    link(i, i + 1);
    link(i + 1, i);
  }
  c.sumo.net_file = "sumo/row.net.xml";
  c.sumo.config_file = "sumo/row.sumocfg";
  for (int i = 1; i <= n; ++i) {
    const auto j = node(i);
    const auto name = j.str();
    auto id = [](int a, int b) {
      return LinkId("L" + std::to_string(a) + "_" + std::to_string(b));
    };
    for (const auto& [from, to, group] :
         {std::tuple{id(i - 1, i), id(i, i + 1), "A"}, {id(i + 1, i), id(i, i - 1), "B"}}) {
      c.network.movements.push_back({MovementId(from.str() + ">" + to.str()),
                                     j,
                                     from,
                                     to,
                                     Turn::straight,
                                     SignalGroupId(group),
                                     {0, 1},
                                     {3600},
                                     {1}});
      const std::uint32_t number = group[0] == 'A' ? 1 : 2;
      const DetectorId d(name + ".d" + std::to_string(number));
      c.network.detectors.push_back({d,
                                     DetectorKind::stop_line,
                                     j,
                                     from,
                                     0,
                                     {2},
                                     number,
                                     SignalGroupId(group),
                                     Provenance::derived});
      c.sumo.induction_loop[d] = d.str();
    }
    c.network.crossings.push_back({CrossingId("X" + name),
                                   j,
                                   SignalGroupId("A"),
                                   {12.8},
                                   false,
                                   false,
                                   {place(i), place(i)},
                                   Provenance::invented});
    c.signals[j] = two_stage_signals(name);
    RsmpMapping m{ControllerId("C_" + name), j, "S" + name, "TC", {"A", "B"}, {"D1", "D2"}};
    c.rsmp.push_back(m);
    c.devices.push_back({"C_" + name,
                         "controller",
                         "rsmp",
                         "@rsmp",
                         "",
                         StreetKind::simulated,
                         {{"core", "3.2.2"}, {"sxl", "1.2.1"}}});
    c.sumo.traffic_light[j] = name;
    c.sumo.group_indices[j] = {{0, 1}, {2}};
    c.sumo.idle_state[j] = "rrs";
  }
  Zone z;
  z.id = ZoneId("Z1");
  z.name = "Centrul vechi";
  z.version = "1";
  z.polygon = {{23.55, 47.64}, {23.58, 47.64}, {23.57, 47.66}};
  z.legal = {"Consiliul Local", "HCL 1/2026", "text", {{0}, {4000000000000000}}, true};
  z.active = {{31, 480, 1200}};
  z.exempt = {{PermitKind::resident, {}}, {PermitKind::delivery, {{127, 300, 480}}}};
  z.grace = {120};
  z.provenance = Provenance::invented;
  c.zones = {z};
  c.gates = {{GateId("G1"),
              "Poarta",
              ZoneId("Z1"),
              LinkId("L0_1"),
              {100},
              place(0),
              ReaderId("R1"),
              SignId("S1"),
              Provenance::invented}};
  ParkingArea p;
  p.id = ParkingId("P1");
  p.name = "Piața";
  p.kind = ParkingKind::on_street;
  p.position = place(1);
  p.link = LinkId("L0_1");
  p.along = {30};
  p.capacity = 40;
  p.disabled_bays = 2;
  c.parking = {p};
  c.stations = {{StationId("A1"),
                 "Stația",
                 place(1),
                 {Pollutant::no2, Pollutant::pm10},
                 Provenance::invented}};
  c.book.entries = {{BookEntryId("B1"),
                     BookKind::works,
                     "Lucrări",
                     "Primăria",
                     {1700000000000000},
                     {1800000000000000},
                     {LinkId("L0_1")},
                     1,
                     "",
                     Provenance::invented}};
  return c;
}

// Random values inside the legal ranges; numbers of the network at seven decimals.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : dice_(seed) {}

  City city() {
    City c = row_town(pick(1, 4));
    c.title = text();
    for (auto& l : c.network.links) {
      l.name = text();
      l.length = {decimal(1, 5000)};
      l.lanes = static_cast<std::uint32_t>(pick(2, 20));
      l.speed_limit = {decimal(1, 50)};
      l.saturation_flow = {decimal(0, 50000)};
      for (int n = pick(0, 3); n > 0; --n) l.shape.push_back(place());
      l.bus_lane = coin();
      l.cycle_lane = coin();
      l.sidewalk = coin();
    }
    for (auto& d : c.network.detectors) d.to_stop_line = {decimal(0, 1)};
    for (auto& m : c.network.movements) m.share = {decimal(0, 1)};
    for (auto& [id, s] : c.signals) shake(s);
    for (auto& a : c.parking) {
      a.capacity = static_cast<std::uint32_t>(pick(4, 500));
      a.camera = coin();
      a.along = {decimal(0, 1)};
      a.name = text();
    }
    for (auto& g : c.gates) g.along = {decimal(0, 1)};
    if (coin()) c.zones.front().active.clear();
    if (coin()) c.book.entries.clear();
    if (coin())
      c.devices.push_back({"avl",
                           "avl",
                           "gtfs_realtime",
                           "@avl",
                           "token",
                           StreetKind::real,
                           {{text() + "k", text()}}});
    return c;
  }

 private:
  std::mt19937 dice_;

  int pick(int a, int b) { return std::uniform_int_distribution<int>(a, b)(dice_); }
  bool coin() { return pick(0, 1) == 1; }
  double decimal(int a, int b) {
    const auto whole = std::uniform_int_distribution<std::int64_t>(
        std::int64_t{a} * 10000000, std::int64_t{b} * 10000000)(dice_);
    return static_cast<double>(whole) / 1e7;
  }
  LonLat place() { return {decimal(-180, 180), decimal(-90, 90)}; }
  std::string text() {
    static const std::vector<std::string> parts = {
        "ș", "Ț", "\"", "\\", "\n", "a b", "#", "=", "'", "[", "\t", "€", "{", "0", "true", "\x01"};
    std::string s = "t";
    for (int n = pick(0, 6); n > 0; --n) {
      s += parts[static_cast<std::size_t>(pick(0, static_cast<int>(parts.size()) - 1))];
    }
    return s;
  }
  double fine(double a, double b) { return std::uniform_real_distribution<double>(a, b)(dice_); }
  void shake(JunctionSignals& s) {
    s.groups[0].min_green.time = {fine(1, 10)};
    s.groups[1].amber.time = {fine(3, 5)};
    s.intergreens[0].time.time = {fine(3, 9)};
    s.intergreens[1].time.time = {fine(3, 9)};
    s.stages[0].name = text();
    if (coin()) s.bound_groups = {{0}, {1}};
    if (coin()) s.stages[1].yielding = {1};
    s.plans[0].offset = {fine(0, 59)};
    s.parameter_checksum = text();
    s.signatures.push_back({Origin::read_from_controller, text(), text(), "2026-01-01"});
    s.groups[0].min_green.signature = 1;
  }
};

}  // namespace dispecer::city::test
