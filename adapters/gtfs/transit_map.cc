#include <toml++/toml.h>
#include <filesystem>

#include "adapters/gtfs/reading.h"

namespace dispecer::gtfs {

void read_map(const std::string& path, Timetable& out, Report& report) {
  std::error_code ec;
  if (!std::filesystem::exists(path, ec))
    return report.add("map.missing", "stops and shapes are on no link", path);
  toml::table file;
  try {
    file = toml::parse_file(path);
  } catch (const toml::parse_error& e) {
    return report.add("map.unreadable", std::string(e.description()),
                      path + ":" + std::to_string(e.source().begin.line));
  }
  const auto where = [&](const toml::table& row) {
    return path + ":" + std::to_string(row.source().begin.line);
  };
  std::map<StopId, Stop*> stops;
  for (auto& s : out.stops) stops[s.id] = &s;
  std::map<ShapeId, Shape*> shapes;
  for (auto& s : out.shapes) shapes[s.id] = &s;
  std::set<std::string> seen;

  const auto rows = [&](const char* key, const auto& take) {
    const auto* list = file[key].as_array();
    if (list == nullptr) return;
    for (const auto& node : *list) {
      if (const auto* row = node.as_table()) take(*row, (*row)["id"].value_or(std::string{}));
    }
  };
  rows("stop", [&](const toml::table& row, const std::string& id) {
    const auto found = stops.find(StopId(id));
    // Some writers call it position_m.
    auto along = row["along"].value<double>();
    if (!along) along = row["position_m"].value<double>();
    const auto link = row["link"].value_or(std::string{});
    if (found == stops.end())
      return report.add("map.unknown_stop", "stop '" + id + "'", where(row));
    if (!seen.insert("stop " + id).second)
      return report.add("map.mapped_twice", "stop '" + id + "'", where(row));
    if (link.empty() || !along || !(*along >= 0) || *along > 100000)
      return report.add("map.bad_row", "stop '" + id + "' needs link and along (m)", where(row));
    found->second->link = LinkId(link);
    found->second->along = Metres{*along};
  });
  rows("shape", [&](const toml::table& row, const std::string& id) {
    const auto found = shapes.find(ShapeId(id));
    if (found == shapes.end())
      return report.add("map.unknown_shape", "shape '" + id + "'", where(row));
    if (!seen.insert("shape " + id).second)
      return report.add("map.mapped_twice", "shape '" + id + "'", where(row));
    const auto* links = row["links"].as_array();
    std::vector<LinkId> mapped;
    if (links != nullptr) {
      for (const auto& link : *links) mapped.emplace_back(link.value_or(std::string{}));
    }
    if (mapped.empty() ||
        std::any_of(mapped.begin(), mapped.end(), [](const LinkId& l) { return l.empty(); }))
      return report.add("map.bad_row", "shape '" + id + "' needs links, a list of names",
                        where(row));
    found->second->links = std::move(mapped);
  });
}

}  // namespace dispecer::gtfs
