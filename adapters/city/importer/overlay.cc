#include "adapters/city/importer/overlay.h"

#include <set>

#include "adapters/city/importer/overlay_row.h"

namespace dispecer::city {

Result<Overlay> Overlay::open(const std::string& folder) {
  Overlay o;
  o.files_ = std::make_shared<Files>();
  if (folder.empty()) return o;
  if (!fs::is_directory(folder)) return Error{"no_file", "expected a folder", folder};
  o.folder_ = folder;
  for (const auto* name :
       {"city.toml", "crossings.toml", "zones.toml", "parking.toml", "air.toml", "calendar.toml",
        "emergency.toml", "progressions.toml", "devices.toml", "provenance.toml"}) {
    if (!fs::exists(fs::path(folder) / name)) continue;
    auto tree = read_tree(folder, name);
    if (!tree) return tree.error();
    o.files_->trees.emplace(name, *std::move(tree));
  }
  return o;
}

Result<> Overlay::head(City& city) {
  const auto* tree = files_->find("city.toml");
  if (tree == nullptr) return Ok{};
  Row row(*tree, "city.toml: ");
  city.title = row.get<std::string>("name", city.title);
  city.name = row.get<std::string>("id", city.name);
  city.version = row.get<std::string>("version", city.version);
  city.valid_from = row.get<std::string>("valid_from", city.valid_from);
  city.timezone = row.get<std::string>("timezone", city.timezone);
  demonstration_ = row.get<bool>("demonstration", false);
  if (const auto* map = row.find("map")) {
    Row place(*map, "city.toml: map.");
    city.centre = place.get<LonLat>("centre", city.centre);
    const auto bounds = place.get<std::vector<double>>("bounds", {});
    if (bounds.size() == 4) {
      city.south_west = {bounds[0], bounds[1]};
      city.north_east = {bounds[2], bounds[3]};
    } else if (!bounds.empty()) {
      place.fail({"wrong_length", "expected west, south, east, north", ""}, "bounds");
    }
    if (!place.result().ok()) return place.result();
  }
  return row.result();
}

Result<> Overlay::crossings(const sumo::Net& net, City& city, Findings& findings) {
  const auto* tree = files_->find("crossings.toml");
  if (tree == nullptr) return Ok{};
  std::map<std::pair<std::string, std::set<std::string>>, Crossing*> places;
  for (auto& c : city.network.crossings) {
    const auto edge = net.crossings.find(city.sumo.crossing_edge.at(c.id));
    if (edge == net.crossings.end()) continue;
    const auto& links = edge->second.crossed;
    places[{c.junction.str(), {links.begin(), links.end()}}] = &c;
  }
  return each(*tree, "crossings.toml", "crossing", [&](Row& row) {
    const auto junction = row.need<std::string>("junction");
    const auto links = row.need<std::vector<std::string>>("links");
    const auto it = places.find({junction, {links.begin(), links.end()}});
    if (it == places.end()) {
      findings.push_back(
          {"overlay", junction, row.where() + "links: no such crossing in the network"});
      return;
    }
    it->second->push_button = row.get<bool>("push_button", false) && !it->second->group.empty();
    it->second->promised_wait = {row.get<double>("promised_wait_s", 0, {0, 600})};
    it->second->early_start = {row.get<double>("early_start_s", 0, {0, 10})};
    it->second->slow_walk = row.get<bool>("slow_walk", false);
  });
}

}  // namespace dispecer::city
