// One crossroads of four streets with a crossing on foot, made by netconvert in a folder of its
// own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "adapters/city/city.h"
#include "sim/street/sumo_process.h"
#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {

inline bool sumo_is_here() {
  return std::system("command -v sumo >/dev/null && command -v netconvert >/dev/null") == 0;
}

struct TinyTown {
  std::string folder;
  city::City city;

  TinyTown() {
    ensure_sumo_home();
    char name[] = "/tmp/dispecer_town_XXXXXX";
    folder = ::mkdtemp(name);
    write("n.nod.xml",
          "<nodes><node id='C' x='0' y='0' type='traffic_light'/><node id='N' x='0' y='300'/>"
          "<node id='S' x='0' y='-300'/><node id='E' x='300' y='0'/><node id='W' x='-300' "
          "y='0'/></nodes>");
    std::string edges = "<edges>";
    for (const auto* arm : {"N", "S", "E", "W"}) {
      edges += std::string("<edge id='") + arm + "C' from='" + arm +
               "' to='C' numLanes='1' speed='13.9' sidewalkWidth='2'/><edge id='C" + arm +
               "' from='C' to='" + arm + "' numLanes='1' speed='13.9' sidewalkWidth='2'/>";
    }
    write("e.edg.xml", edges + "</edges>");
    const auto command = "cd " + folder +
                         " && netconvert -n n.nod.xml -e e.edg.xml -o t.net.xml --no-turnarounds "
                         "--crossings.guess >build.log 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << read("build.log");
    write("t.add.xml",
          "<additional><inductionLoop id='L1' lane='NC_1' pos='-5' freq='3600' file='NUL'/>"
          "<vType id='bus' vClass='bus'/><busStop id='ST' lane='CS_1' startPos='50' endPos='80'/>"
          "<parkingArea id='PA' lane='CE_1' startPos='100' endPos='150' roadsideCapacity='5'/>"
          "</additional>");
    write("t.rou.xml",
          "<routes><route id='ns' edges='NC CS'/><route id='we' edges='WC CE'/>"
          "<flow id='ns' route='ns' begin='0' end='400' period='8' departSpeed='max'/>"
          "<flow id='we' route='we' begin='0' end='400' period='8' departSpeed='max'/>"
          "<personFlow id='p' begin='2' end='100' period='7'><walk from='WC' to='CE'/>"
          "</personFlow>"
          "<vehicle id='T_1' type='bus' line='1/0' route='ns' depart='5'>"
          "<stop busStop='ST' duration='10'/></vehicle>"
          "<vehicle id='parker' route='we' depart='6'><stop parkingArea='PA' duration='60'/>"
          "</vehicle>"
          "</routes>");
    write("t.sumocfg",
          "<configuration><input><net-file value='t.net.xml'/><route-files value='t.rou.xml'/>"
          "<additional-files value='t.add.xml'/></input></configuration>");
    fill();
  }
  ~TinyTown() { std::filesystem::remove_all(folder); }
  TinyTown(const TinyTown&) = delete;
  TinyTown& operator=(const TinyTown&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder + "/" + name) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(folder + "/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // Group 0 = all from north and south, 1 = all from east and west, 2 = crossings of N and S arms.
  void fill() {
    city.centre = {23.57, 47.65};
    const LocalPlane plane(city.centre);
    const auto net = read("t.net.xml");
    const std::regex offset("netOffset=\"([-0-9.]+),([-0-9.]+)\"");
    std::smatch m;
    std::regex_search(net, m, offset);
    const auto link = [&](const char* id, Local a, Local b) {
      Link l;
      l.id = LinkId(id);
      l.shape = {plane.to_lon_lat(a), plane.to_lon_lat(b)};
      l.length = {280};
      city.network.links.push_back(l);
      city.sumo.edge[l.id] = id;
    };
    link("NC", {0, 300}, {0, 0});
    link("CN", {0, 0}, {0, 300});
    link("SC", {0, -300}, {0, 0});
    link("CS", {0, 0}, {0, -300});
    link("EC", {300, 0}, {0, 0});
    link("CE", {0, 0}, {300, 0});
    link("WC", {-300, 0}, {0, 0});
    link("CW", {0, 0}, {-300, 0});
    const JunctionId j("J1");
    city.signals[j] = crossroads();
    city.sumo.config_file = folder + "/t.sumocfg";
    city.sumo.traffic_light[j] = "C";
    std::vector<std::vector<std::uint32_t>> indices(3);
    const std::regex connection("<connection from=\"([^\"]+)\"[^>]*tl=\"C\" linkIndex=\"(\\d+)\"");
    for (std::sregex_iterator it(net.begin(), net.end(), connection), end; it != end; ++it) {
      const auto from = (*it)[1].str();
      const auto index = static_cast<std::uint32_t>(std::stoul((*it)[2].str()));
      if (from[0] == ':') {
        indices[2].push_back(index);
      } else {
        indices[from[0] == 'N' || from[0] == 'S' ? 0 : 1].push_back(index);
      }
    }
    city.sumo.group_indices[j] = indices;
    Detector loop;
    loop.id = DetectorId("D1");
    loop.kind = DetectorKind::stop_line;
    loop.junction = j;
    loop.number = 1;
    city.network.detectors.push_back(loop);
    city.sumo.induction_loop[loop.id] = "L1";
    Detector button;
    button.id = DetectorId("B1");
    button.kind = DetectorKind::push_button;
    button.junction = j;
    button.number = 2;
    button.group = SignalGroupId("P");
    city.network.detectors.push_back(button);
    for (int i = 0; i < 4; ++i) {
      Crossing c;
      c.id = CrossingId("X" + std::to_string(i));
      c.junction = j;
      c.group = SignalGroupId("P");
      city.network.crossings.push_back(c);
      city.sumo.crossing_edge[c.id] = ":C_c" + std::to_string(i);
    }
    Gate gate;
    gate.id = GateId("G1");
    gate.link = LinkId("CE");
    gate.along = {40};
    city.gates.push_back(gate);
    ParkingArea area;
    area.id = ParkingId("PA");
    area.capacity = 5;
    area.kind = ParkingKind::on_street;
    area.link = LinkId("CE");
    area.along = {100};
    area.position = plane.to_lon_lat({120, 0});
    city.parking.push_back(area);
  }
};

}  // namespace dispecer::sim
