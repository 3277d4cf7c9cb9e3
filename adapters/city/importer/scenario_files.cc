#include "adapters/city/importer/scenario_files.h"

#include <algorithm>
#include <cmath>
#include <pugixml.hpp>
#include <sstream>

#include "adapters/city/files.h"

namespace dispecer::city {
namespace {

// Elements of additional files that only write results.
constexpr const char* kOutputs[] = {"e1Detector",       "inductionLoop", "e2Detector",
                                    "laneAreaDetector", "e3Detector",    "entryExitDetector",
                                    "edgeData",         "laneData",      "instantInductionLoop",
                                    "routeProbe",       "timedEvent",    "vTypeProbe"};

// Options that write files, or that only a window needs.
bool writes(const std::string& option) {
  return option.ends_with("-output") || option == "output-prefix" || option == "log" ||
         option == "message-log" || option == "error-log" || option == "gui-settings-file" ||
         option == "remote-port" || option == "start" || option == "quit-on-end";
}

void remove_writers(pugi::xml_node node) {
  for (auto child = node.first_child(); child;) {
    const auto next = child.next_sibling();
    if (writes(child.name())) {
      node.remove_child(child);
    } else {
      remove_writers(child);
    }
    child = next;
  }
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& n : names) text += (text.empty() ? "" : ",") + n;
  return text;
}

void set_option(pugi::xml_document& doc, const char* key, const std::string& value) {
  auto node = doc.select_node((std::string("//") + key).c_str()).node();
  if (!node) {
    auto root = doc.document_element();
    auto input = root.child("input");
    if (!input) input = root.append_child("input");
    node = input.append_child(key);
  }
  while (node.first_attribute()) node.remove_attribute(node.first_attribute());
  node.append_attribute("value") = value.c_str();
}

std::string text_of(const pugi::xml_document& doc) {
  std::ostringstream text;
  doc.save(text, "  ");
  return text.str();
}

bool has_outputs(const pugi::xml_document& doc) {
  return std::any_of(std::begin(kOutputs), std::end(kOutputs), [&](const char* name) {
    return static_cast<bool>(doc.document_element().child(name));
  });
}

}  // namespace

Result<Documents> load_additionals(const sumo::Scenario& scenario) {
  Documents docs;
  for (const auto& path : scenario.additionals) {
    auto doc = std::make_shared<pugi::xml_document>();
    if (auto r = sumo::load_xml(path, *doc); !r) return r.error();
    docs.emplace_back(path, std::move(doc));
  }
  return docs;
}

void take_parking(const Documents& docs, const sumo::Net& net, const Projection& projection,
                  City& city) {
  std::map<std::string, std::pair<const sumo::Edge*, const sumo::Lane*>> lanes;
  for (const auto& [id, edge] : net.edges) {
    for (const auto& lane : edge.lanes) lanes[lane.id] = {&edge, &lane};
  }
  for (const auto& [path, doc] : docs) {
    for (auto xml : doc->document_element().children("parkingArea")) {
      const auto it = lanes.find(xml.attribute("lane").value());
      if (it == lanes.end()) continue;
      const auto& [edge, lane] = it->second;
      const double end = xml.attribute("endPos").as_double(lane->length);
      const double at =
          std::clamp((xml.attribute("startPos").as_double() + end) / 2, 0.0, lane->length);
      const auto spaces = std::distance(xml.children("space").begin(), xml.children("space").end());
      ParkingArea a;
      a.id = ParkingId(xml.attribute("id").value());
      const std::string name = xml.attribute("name").value();
      a.name = name.empty() ? (edge->name.empty() ? a.id.str() : edge->name) : name;
      a.kind = spaces > 0 ? ParkingKind::off_street : ParkingKind::on_street;
      a.link = LinkId(edge->id);
      a.along = {std::round(at * 100) / 100};
      a.position = projection.to_lon_lat(
          point_at(lane->shape.empty() ? std::vector<Local>{{}} : lane->shape, at));
      a.capacity = std::min(100000U, xml.attribute("roadsideCapacity").as_uint() +
                                         static_cast<std::uint32_t>(spaces));
      a.provenance = Provenance::derived;
      city.parking.push_back(std::move(a));
    }
  }
}

Result<> write_simulation(const sumo::Scenario& scenario, const Documents& docs,
                          const std::vector<LoopPlace>& loops, const std::string& out,
                          Findings& findings) {
  const auto folder = fs::absolute(fs::path(out) / "sumo").lexically_normal();
  std::vector<std::string> additionals;
  for (const auto& [path, doc] : docs) {
    if (!has_outputs(*doc)) {
      additionals.push_back(path);
      continue;
    }
    pugi::xml_document copy;
    copy.reset(*doc);
    std::size_t removed = 0;
    for (const auto* name : kOutputs) {
      while (copy.document_element().remove_child(name)) ++removed;
    }
    auto name = fs::path(path).filename().string();
    if (name.ends_with(".gz")) name.resize(name.size() - 3);
    name = std::to_string(additionals.size()) + "_" + name;  // two folders may use one name
    findings.push_back({"outputs_removed", fs::path(path).filename().string(),
                        std::to_string(removed) +
                            " elements that only write results are left out of the copy in sumo/"});
    if (auto r = write_text(folder / name, text_of(copy)); !r) return r;
    additionals.push_back((folder / name).string());
  }

  pugi::xml_document loops_doc;
  auto root = loops_doc.append_child("additional");
  for (const auto& loop : loops) {
    auto e1 = root.append_child("inductionLoop");
    e1.append_attribute("id") = loop.id.str().c_str();
    e1.append_attribute("lane") = loop.lane.c_str();
    e1.append_attribute("pos") = loop.position;
    e1.append_attribute("period") = "86400";
    e1.append_attribute("friendlyPos") = "true";
    e1.append_attribute("file") = "NUL";
  }
  if (auto r = write_text(folder / "loops.add.xml", text_of(loops_doc)); !r) return r;
  additionals.push_back((folder / "loops.add.xml").string());

  pugi::xml_document config;
  if (!scenario.config.empty()) {
    if (auto r = sumo::load_xml(scenario.config, config); !r) return r;
    remove_writers(config);
  } else {
    config.append_child("configuration").append_child("input");
  }
  set_option(config, "net-file", scenario.net);
  set_option(config, "additional-files", joined(additionals));
  if (!scenario.routes.empty()) set_option(config, "route-files", joined(scenario.routes));
  return write_text(folder / "city.sumocfg", text_of(config));
}

}  // namespace dispecer::city
