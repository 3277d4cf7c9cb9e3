#include "tests/bench/lockstep/corridor.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/city/importer/importer.h"

namespace dispecer::bench {
namespace {

constexpr int kJunctions = 4;
constexpr int kSpacing = 320;     // m
constexpr int kSeconds = 1500;    // of demand
constexpr int kBusHeadway = 150;  // s, each direction
constexpr int kStopFrom = 60;     // m behind the junction: beyond the signal, as stops should be
constexpr int kStopTo = 80;
// Free running over a block and the time at its stop; signals are what makes them late.
constexpr int kBlockSeconds = 36;

std::string node(int i) {
  if (i == 0) return "W";
  return i > kJunctions ? "E" : "J" + std::to_string(i);
}

void write(const std::string& file, const std::string& text) {
  std::ofstream(file) << text;
}

std::string nodes() {
  std::ostringstream out;
  out << "<nodes>\n";
  for (int i = 0; i <= kJunctions + 1; ++i) {
    const bool signal = i > 0 && i <= kJunctions;
    out << "<node id=\"" << node(i) << "\" x=\"" << i * kSpacing << "\" y=\"0\" type=\""
        << (signal ? "traffic_light" : "priority") << "\"/>\n";
    if (!signal) continue;
    for (const int side : {1, -1}) {
      out << "<node id=\"" << (side > 0 ? "N" : "S") << i << "\" x=\"" << i * kSpacing << "\" y=\""
          << side * 250 << "\" type=\"priority\"/>\n";
    }
  }
  out << "</nodes>\n";
  return out.str();
}

std::string edges() {
  std::ostringstream out;
  out << "<edges>\n";
  const auto edge = [&](const std::string& from, const std::string& to, int lanes) {
    out << "<edge id=\"" << from << "_" << to << "\" from=\"" << from << "\" to=\"" << to
        << "\" numLanes=\"" << lanes << "\" speed=\"13.89\"/>\n";
  };
  for (int i = 0; i <= kJunctions; ++i) {
    edge(node(i), node(i + 1), 2);
    edge(node(i + 1), node(i), 2);
  }
  for (int i = 1; i <= kJunctions; ++i) {
    for (const std::string side : {"N", "S"}) {
      const auto far = side + std::to_string(i);
      edge(far, node(i), 1);
      edge(node(i), far, 1);
    }
  }
  out << "</edges>\n";
  return out.str();
}

// Edges from west to east or back.
std::vector<std::string> main_street(bool east) {
  std::vector<std::string> way;
  for (int i = 0; i <= kJunctions; ++i) {
    way.push_back(east ? node(i) + "_" + node(i + 1)
                       : node(kJunctions + 1 - i) + "_" + node(kJunctions - i));
  }
  return way;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& w : words) out += (out.empty() ? "" : " ") + w;
  return out;
}

std::string stops() {
  std::ostringstream out;
  out << "<additional>\n";
  for (const bool east : {true, false}) {
    for (const auto& edge : main_street(east)) {
      out << "<busStop id=\"stop_" << edge << "\" lane=\"" << edge << "_0\" startPos=\""
          << kStopFrom << "\" endPos=\"" << kStopTo << "\"/>\n";
    }
  }
  out << "</additional>\n";
  return out.str();
}

std::string demand() {
  std::ostringstream out;
  out << "<routes>\n<vType id=\"car\" vClass=\"passenger\"/>\n"
         "<vType id=\"bus\" vClass=\"bus\" maxSpeed=\"13.89\"/>\n";
  const auto flow = [&](const std::string& id, const std::string& from, const std::string& to,
                        int per_hour) {
    out << "<flow id=\"" << id << "\" type=\"car\" from=\"" << from << "\" to=\"" << to
        << "\" begin=\"0\" end=\"" << kSeconds << "\" probability=\"" << per_hour / 3600.0
        << "\" departLane=\"best\" departSpeed=\"max\"/>\n";
  };
  const auto east = main_street(true);
  const auto west = main_street(false);
  flow("east", east.front(), east.back(), 420);
  flow("west", west.front(), west.back(), 420);
  for (int i = 1; i <= kJunctions; ++i) {
    const auto n = std::to_string(i);
    flow("south" + n, "N" + n + "_" + node(i), node(i) + "_S" + n, 260);
    flow("north" + n, "S" + n + "_" + node(i), node(i) + "_N" + n, 260);
    flow("join" + n, "N" + n + "_" + node(i), i % 2 == 0 ? east.back() : west.back(), 50);
    flow("leave" + n, i % 2 == 0 ? east.front() : west.front(), node(i) + "_S" + n, 50);
  }
  // Sorted by departure, as SUMO wants vehicles.
  for (int t = 20; t < kSeconds - 200; t += kBusHeadway) {
    for (const bool to_east : {true, false}) {
      const int depart = t + (to_east ? 0 : kBusHeadway / 3);
      out << "<vehicle id=\"bus_" << (to_east ? "e" : "w") << t << "\" type=\"bus\" line=\""
          << (to_east ? "1" : "2") << "\" depart=\"" << depart
          << "\" departSpeed=\"max\">\n<route edges=\"" << joined(main_street(to_east)) << "\"/>\n";
      int until = depart + 15;
      for (const auto& edge : main_street(to_east)) {
        out << "<stop busStop=\"stop_" << edge << "\" duration=\"10\" until=\"" << until
            << "\"/>\n";
        until += kBlockSeconds;
      }
      out << "</vehicle>\n";
    }
  }
  out << "</routes>\n";
  return out.str();
}

}  // namespace

Result<std::string> make_corridor(const std::string& folder) {
  const auto source = folder + "/corridor";
  std::filesystem::create_directories(source);
  write(source + "/c.nod.xml", nodes());
  write(source + "/c.edg.xml", edges());
  write(source + "/stops.add.xml", stops());
  write(source + "/c.rou.xml", demand());
  write(source + "/corridor.sumocfg",
        "<configuration><input><net-file value=\"c.net.xml\"/>"
        "<additional-files value=\"stops.add.xml\"/><route-files value=\"c.rou.xml\"/></input>"
        "<time><begin value=\"0\"/></time>"
        "<processing><time-to-teleport value=\"300\"/></processing></configuration>\n");
  const std::string command =
      "SUMO_HOME=${SUMO_HOME:-/usr/share/sumo} netconvert -n " + source + "/c.nod.xml -e " +
      source + "/c.edg.xml -o " + source +
      "/c.net.xml --tls.cycle.time 90 --no-turnarounds true --no-warnings true >" + source +
      "/netconvert.log 2>&1";
  if (std::system(command.c_str()) != 0) {
    return Error{"netconvert", "failed, see netconvert.log", source};
  }
  city::ImportOptions options;
  options.scenario = source;
  options.out = folder + "/city";
  options.name = "corridor";
  const auto report = city::import_sumo(options);
  if (!report) return report.error();
  return options.out;
}

}  // namespace dispecer::bench
