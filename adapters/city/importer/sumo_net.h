// A SUMO network and the files around it, as far as the importer needs them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/city/importer/projection.h"
#include "fusion/model/result.h"

namespace pugi {
class xml_document;
}

namespace dispecer::city::sumo {

struct Lane {
  std::string id;
  double speed = 0;
  double length = 0;
  std::vector<Local> shape;
  bool motor = false;     // some motor traffic on the road may use it
  bool bus_only = false;  // of motor traffic only buses (and taxis)
  bool bicycle = false;
  bool pedestrian = false;
  bool rail = false;
};

struct Edge {
  std::string id, from, to, name;
  std::vector<Lane> lanes;
  std::vector<Local> shape;
  std::vector<std::string> crossed;  // of a crossing: the edges that it crosses
  // Number of a lane among the lanes for motor traffic, counted from the right.
  [[nodiscard]] int motor_index(std::size_t lane) const;
  [[nodiscard]] std::uint32_t motor_lanes() const;
};

struct Connection {
  std::string from, to, via, tl, dir;
  std::uint32_t from_lane = 0, to_lane = 0;
  int index = -1;  // of the traffic light
};

struct Request {
  std::vector<bool> foes;  // by link number of the junction
};

struct Node {
  std::string id, name, type;
  Local position;
  std::vector<std::string> internal_lanes;  // in order of link number
  std::vector<Request> requests;
};

struct Phase {
  double duration = 0;
  double min = 0, max = 0;  // 0 = not given
  std::string state;
};

struct Program {
  std::string id, program, type;
  double offset = 0;
  std::vector<Phase> phases;
};

struct Net {
  std::string file;
  std::map<std::string, Edge> edges;      // of the streets
  std::map<std::string, Edge> crossings;  // edges with function crossing
  std::map<std::string, Lane> inner;      // lanes of internal edges, by lane id
  std::map<std::string, Node> nodes;
  std::vector<Connection> connections;       // from streets, and from walking areas
  std::map<std::string, Connection> onward;  // from an internal lane, by lane id
  std::map<std::string, Program> programs;   // the last one loaded of each traffic light
  std::string location[4];                   // projection, offset, converted and original bounds
};

// The files of a scenario, absolute.
struct Scenario {
  std::string folder;
  std::string config;  // "" where there is none
  std::string net;
  std::vector<std::string> additionals;
  std::vector<std::string> routes;
};

// A folder must hold one .sumocfg, or one .net.xml[.gz]; then every other XML file of it whose root
// is <routes>, <additional> or <add> belongs to it. Causes: no_file, no_net, ambiguous, bad_xml.
Result<Scenario> find_scenario(const std::string& path);

// Plain or gzipped. Causes: no_file, bad_xml.
Result<> load_xml(const std::string& path, pugi::xml_document& doc);

// Causes: no_file, bad_xml, no_edges.
Result<Net> read_net(const std::string& path);
// Signal programs of an additional file replace those read before, as in SUMO.
void take_programs(const pugi::xml_document& doc, Net& net);

std::vector<std::string> words(const std::string& text, const char* separators = " ");
std::vector<Local> read_shape(const std::string& text);

}  // namespace dispecer::city::sumo
