#include "adapters/city/importer/sumo_net.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <pugixml.hpp>

namespace dispecer::city::sumo {
namespace {

namespace fs = std::filesystem;

// Vehicles that make a lane one for motor traffic.
constexpr const char* kMotor[] = {"passenger", "private", "taxi",       "bus",      "coach",
                                  "delivery",  "truck",   "motorcycle", "evehicle", "hov",
                                  "vip",       "army",    "trailer",    "moped"};
constexpr const char* kBus[] = {"bus", "coach", "taxi"};

void set_permissions(pugi::xml_node node, Lane& lane) {
  const auto allow = words(node.attribute("allow").value());
  const auto disallow = words(node.attribute("disallow").value());
  const auto has = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end() ||
           std::find(list.begin(), list.end(), "all") != list.end();
  };
  const auto may = [&](const std::string& kind) {
    if (!allow.empty()) return has(allow, kind);
    return !has(disallow, kind);
  };
  for (const auto* kind : kMotor) lane.motor = lane.motor || may(kind);
  const bool bus = std::any_of(std::begin(kBus), std::end(kBus), may);
  lane.bus_only = lane.motor && bus && !may("passenger") && !may("private") && !may("delivery") &&
                  !may("truck");
  lane.bicycle = may("bicycle");
  lane.pedestrian = may("pedestrian");
  lane.rail = may("tram") || may("rail") || may("rail_urban") || may("rail_electric");
}

Lane read_lane(pugi::xml_node node) {
  Lane lane;
  lane.id = node.attribute("id").value();
  lane.speed = node.attribute("speed").as_double();
  lane.length = node.attribute("length").as_double();
  lane.shape = read_shape(node.attribute("shape").value());
  set_permissions(node, lane);
  return lane;
}

Edge read_edge(pugi::xml_node node) {
  Edge edge;
  edge.id = node.attribute("id").value();
  edge.from = node.attribute("from").value();
  edge.to = node.attribute("to").value();
  edge.name = node.attribute("name").value();
  edge.shape = read_shape(node.attribute("shape").value());
  edge.crossed = words(node.attribute("crossingEdges").value());
  for (auto lane : node.children("lane")) edge.lanes.push_back(read_lane(lane));
  return edge;
}

Node read_node(pugi::xml_node xml) {
  Node node;
  node.id = xml.attribute("id").value();
  node.name = xml.attribute("name").value();
  node.type = xml.attribute("type").value();
  node.position = {xml.attribute("x").as_double(), xml.attribute("y").as_double()};
  node.internal_lanes = words(xml.attribute("intLanes").value());
  for (auto r : xml.children("request")) {
    const std::string bits = r.attribute("foes").value();
    Request request;
    for (auto it = bits.rbegin(); it != bits.rend(); ++it) request.foes.push_back(*it == '1');
    const auto index = r.attribute("index").as_uint();
    if (index > 10000) continue;
    if (node.requests.size() <= index) node.requests.resize(index + 1);
    node.requests[index] = std::move(request);
  }
  return node;
}

Connection read_connection(pugi::xml_node xml) {
  Connection c;
  c.from = xml.attribute("from").value();
  c.to = xml.attribute("to").value();
  c.via = xml.attribute("via").value();
  c.tl = xml.attribute("tl").value();
  c.dir = xml.attribute("dir").value();
  c.from_lane = xml.attribute("fromLane").as_uint();
  c.to_lane = xml.attribute("toLane").as_uint();
  c.index = xml.attribute("linkIndex").as_int(-1);
  return c;
}

bool is_xml(const std::string& name) {
  return name.ends_with(".xml") || name.ends_with(".xml.gz");
}

std::vector<std::string> file_list(const std::string& text, const fs::path& base) {
  std::vector<std::string> out;
  for (const auto& name : words(text, ", ")) {
    out.push_back(
        (fs::path(name).is_absolute() ? fs::path(name) : base / name).lexically_normal().string());
  }
  return out;
}

Result<Scenario> from_config(const fs::path& path) {
  pugi::xml_document doc;
  if (auto r = load_xml(path.string(), doc); !r) return r.error();
  Scenario s;
  s.config = path.string();
  s.folder = path.parent_path().string();
  const auto value = [&](const char* key) -> std::string {
    const auto node = doc.select_node((std::string("//") + key).c_str()).node();
    const auto v = node.attribute("value");
    return v ? v.value() : node.attribute("v").value();
  };
  const auto nets = file_list(value("net-file"), path.parent_path());
  if (nets.size() != 1) {
    return Error{"no_net", "found " + std::to_string(nets.size()) + " files, expected one",
                 path.string() + ": net-file"};
  }
  s.net = nets[0];
  s.routes = file_list(value("route-files"), path.parent_path());
  s.additionals = file_list(value("additional-files"), path.parent_path());
  return s;
}

constexpr int kTraffic = 3;

// What a file must be loaded before: types, then places, then what uses them, then traffic.
int loading_order(const pugi::xml_document& doc) {
  if (doc.select_node("/*/vType | /*/vTypeDistribution")) return 0;
  if (doc.select_node("/*/busStop | /*/parkingArea | /*/trainStop")) return 1;
  return 2;
}

bool in_order_of_departure(const pugi::xml_document& doc) {
  double last = 0;
  for (auto node : doc.document_element().children()) {
    const auto depart =
        node.attribute("depart") ? node.attribute("depart") : node.attribute("begin");
    if (!depart) continue;
    if (depart.as_double() < last) return false;
    last = depart.as_double();
  }
  return true;
}

Result<Scenario> from_loose_files(const fs::path& folder, const std::string& net) {
  Scenario s;
  s.folder = folder.string();
  s.net = net;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().string();
    if (entry.is_regular_file() && is_xml(name) && name != net) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  std::vector<std::pair<int, std::string>> additionals;
  for (const auto& name : names) {
    if (name.find(".osm.xml") != std::string::npos) continue;
    pugi::xml_document doc;
    if (auto r = load_xml(name, doc); !r) return r.error();
    const std::string root = doc.document_element().name();
    const bool traffic = doc.select_node("/*/vehicle | /*/trip | /*/flow | /*/person");
    if (root == "routes" || root == "additional" || root == "add") {
      if (traffic && in_order_of_departure(doc)) {
        s.routes.push_back(name);
      } else if (traffic) {
        additionals.emplace_back(kTraffic, name);  // a route file would lose what departs too early
      } else {
        additionals.emplace_back(loading_order(doc), name);
      }
    }
  }
  std::stable_sort(additionals.begin(), additionals.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [order, name] : additionals) s.additionals.push_back(name);
  return s;
}

bool is_net(const std::string& name) {
  return name.ends_with(".net.xml") || name.ends_with(".net.xml.gz");
}

}  // namespace

int Edge::motor_index(std::size_t lane) const {
  if (lane >= lanes.size() || !lanes[lane].motor) return -1;
  int n = 0;
  for (std::size_t i = 0; i < lane; ++i) n += lanes[i].motor ? 1 : 0;
  return n;
}

std::uint32_t Edge::motor_lanes() const {
  return static_cast<std::uint32_t>(
      std::count_if(lanes.begin(), lanes.end(), [](const Lane& l) { return l.motor; }));
}

std::vector<std::string> words(const std::string& text, const char* separators) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(separators, at)) != std::string::npos) {
    const auto end = std::min(text.find_first_of(separators, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

std::vector<Local> read_shape(const std::string& text) {
  std::vector<Local> shape;
  const char* at = text.c_str();
  while (*at != 0) {
    char* end = nullptr;
    Local p;
    p.x = std::strtod(at, &end);
    if (end == at || *end != ',') break;
    at = end + 1;
    p.y = std::strtod(at, &end);
    if (end == at) break;
    shape.push_back(p);
    at = end;
    while (*at != 0 && *at != ' ') ++at;  // a height may follow
    while (*at == ' ') ++at;
  }
  return shape;
}

Result<> load_xml(const std::string& path, pugi::xml_document& doc) {
  std::error_code ec;
  if (!fs::is_regular_file(path, ec)) {
    return Error{"no_file", "the file is not there", path};
  }
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return Error{"no_file", "the file cannot be read", path};
  std::string text;
  std::vector<char> block(1 << 20);
  int n = 0;
  while ((n = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0) {
    text.append(block.data(), static_cast<std::size_t>(n));
  }
  gzclose(file);
  if (n < 0) return Error{"bad_xml", "the compressed file is damaged", path};
  const auto result = doc.load_buffer(text.data(), text.size());
  if (!result) {
    return Error{"bad_xml",
                 std::string(result.description()) + " at byte " + std::to_string(result.offset),
                 path};
  }
  return Ok{};
}

Result<Scenario> find_scenario(const std::string& given) {
  std::error_code ec;
  const auto path = fs::absolute(given, ec).lexically_normal();
  if (fs::is_regular_file(path, ec)) {
    if (is_net(path.string())) {
      Scenario s;
      s.net = path.string();
      s.folder = path.parent_path().string();
      return s;
    }
    return from_config(path);
  }
  if (!fs::is_directory(path, ec)) {
    return Error{"no_file", "expected a folder, a .sumocfg or a .net.xml[.gz]", given};
  }
  std::vector<std::string> configs, nets;
  for (const auto& entry : fs::directory_iterator(path)) {
    const auto name = entry.path().string();
    if (name.ends_with(".sumocfg")) configs.push_back(name);
    if (is_net(name)) nets.push_back(name);
  }
  if (configs.size() == 1) return from_config(configs[0]);
  if (configs.empty() && nets.size() == 1) return from_loose_files(path, nets[0]);
  if (configs.empty() && nets.empty()) {
    return Error{"no_net", "found neither a .sumocfg nor a .net.xml[.gz]", given};
  }
  return Error{"ambiguous",
               "found " + std::to_string(configs.size()) + " .sumocfg and " +
                   std::to_string(nets.size()) + " networks, expected one; name the file",
               given};
}

void take_programs(const pugi::xml_document& doc, Net& net) {
  for (auto xml : doc.document_element().children("tlLogic")) {
    Program p;
    p.id = xml.attribute("id").value();
    p.program = xml.attribute("programID").value();
    p.type = xml.attribute("type").value();
    p.offset = xml.attribute("offset").as_double();
    for (auto phase : xml.children("phase")) {
      p.phases.push_back({phase.attribute("duration").as_double(),
                          phase.attribute("minDur").as_double(),
                          phase.attribute("maxDur").as_double(), phase.attribute("state").value()});
    }
    const auto known = net.programs.find(p.id);
    if (p.phases.empty() && known != net.programs.end()) {
      known->second.offset = p.offset;  // coordination alone: the phases are those of before
    } else {
      net.programs[p.id] = std::move(p);
    }
  }
}

Result<Net> read_net(const std::string& path) {
  pugi::xml_document doc;
  if (auto r = load_xml(path, doc); !r) return r.error();
  const auto root = doc.document_element();
  if (std::string(root.name()) != "net") {
    return Error{"bad_xml", "found <" + std::string(root.name()) + ">, expected <net>", path};
  }
  Net net;
  net.file = path;
  const auto location = root.child("location");
  net.location[0] = location.attribute("projParameter").value();
  net.location[1] = location.attribute("netOffset").value();
  net.location[2] = location.attribute("convBoundary").value();
  net.location[3] = location.attribute("origBoundary").value();
  for (auto xml : root.children("edge")) {
    const std::string function = xml.attribute("function").value();
    auto edge = read_edge(xml);
    if (function.empty() || function == "normal" || function == "connector") {
      net.edges.emplace(edge.id, std::move(edge));
    } else {
      for (const auto& lane : edge.lanes) net.inner.emplace(lane.id, lane);
      if (function == "crossing") net.crossings.emplace(edge.id, std::move(edge));
    }
  }
  if (net.edges.empty()) return Error{"no_edges", "the network has no street", path};
  for (auto xml : root.children("junction")) {
    auto node = read_node(xml);
    if (node.type != "internal") net.nodes.emplace(node.id, std::move(node));
  }
  for (auto xml : root.children("connection")) {
    auto c = read_connection(xml);
    if (!c.from.empty() && c.from[0] == ':' && c.tl.empty()) {
      net.onward.emplace(c.from + "_" + std::to_string(c.from_lane), std::move(c));
    } else {
      net.connections.push_back(std::move(c));
    }
  }
  take_programs(doc, net);
  return net;
}

}  // namespace dispecer::city::sumo
