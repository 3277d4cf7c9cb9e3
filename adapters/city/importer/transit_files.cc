#include "adapters/city/importer/transit_files.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "adapters/city/files.h"
#include "adapters/city/importer/sumo_buses.h"

namespace dispecer::city {
namespace {

std::string field_text(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string row(std::initializer_list<std::string> cells) {
  std::string out;
  for (const auto& cell : cells) out += (out.empty() ? "" : ",") + field_text(cell);
  return out + "\n";
}

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(std::max(0.0, std::round(seconds)));
  char text[32];
  std::snprintf(text, sizeof text, "%02ld:%02ld:%02ld", s / 3600, s % 3600 / 60, s % 60);
  return text;
}

std::string decimal(double v, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", digits, v);
  return text;
}

// The ways that journeys take, each once.
struct Way {
  std::string id;
  std::vector<std::string> edges;
  std::vector<double> starts;  // distance of each edge's start from the first, m
};

class GtfsWriter {
 public:
  GtfsWriter(const BusService& service, const City& city) : service_(service) {
    zone_ = city.timezone;
    for (const auto& l : city.network.links) links_[l.id.str()] = &l;
  }

  Result<TransitCount> write(const fs::path& out) {
    for (const auto& j : service_.journeys) take(j);
    const std::pair<const char*, std::string> files[] = {
        {"agency.txt",
         "agency_id,agency_name,agency_url,agency_timezone\n" +
             row({"A", "Imported from the simulation", "https://example.invalid", zone_})},
        {"calendar.txt",
         "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
         "end_date\nDAILY,1,1,1,1,1,1,1,20240101,20331231\n"},
        {"stops.txt", stops()},
        {"routes.txt", routes()},
        {"trips.txt", "route_id,service_id,trip_id,shape_id\n" + trips_},
        {"stop_times.txt",
         "trip_id,arrival_time,departure_time,stop_id,stop_sequence,timepoint,"
         "shape_dist_traveled\n" +
             times_},
        {"shapes.txt", shapes()}};
    for (const auto& [name, text] : files) {
      if (auto r = write_text(out / "gtfs" / name, text); !r) return r.error();
    }
    if (auto r = write_text(out / "transit.toml", ties()); !r) return r.error();
    return TransitCount{used_.size(), count_};
  }

 private:
  void take(const BusJourney& j) {
    const auto& way = way_of(j.edges);
    if (!seen_.insert(j.vehicle).second) return;
    lines_.insert(j.line);
    ++count_;
    trips_ += row({j.line, "DAILY", j.vehicle, way.id});
    double last = -1;
    for (std::size_t i = 0; i < j.calls.size(); ++i) {
      const auto& call = j.calls[i];
      const auto& stop = service_.stops.at(call.stop);
      used_.insert(call.stop);
      last = std::max(last + 0.1, way.starts[call.edge] + stop.front);
      times_ += row({j.vehicle, clock_text(call.arrival), clock_text(call.departure), call.stop,
                     std::to_string(i + 1), "1", decimal(last, 1)});
    }
  }

  const Way& way_of(const std::vector<std::string>& edges) {
    const auto it = ways_.find(edges);
    if (it != ways_.end()) return it->second;
    Way way{"W" + std::to_string(ways_.size() + 1), edges, {}};
    double along = 0;
    for (const auto& e : edges) {
      way.starts.push_back(along);
      if (const auto l = links_.find(e); l != links_.end()) along += l->second->length.value;
    }
    return ways_.emplace(edges, std::move(way)).first->second;
  }

  std::string stops() const {
    std::string out = "stop_id,stop_name,stop_lat,stop_lon\n";
    for (const auto& id : used_) {
      const auto& s = service_.stops.at(id);
      out += row({id, s.name, decimal(s.position.lat, 7), decimal(s.position.lon, 7)});
    }
    return out;
  }

  std::string routes() const {
    std::string out = "route_id,agency_id,route_short_name,route_long_name,route_type\n";
    for (const auto& line : lines_) out += row({line, "A", line, "", "3"});
    return out;
  }

  std::string shapes() const {
    std::string out = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled\n";
    for (const auto& [edges, way] : ways_) {
      std::size_t n = 0;
      for (std::size_t i = 0; i < edges.size(); ++i) {
        const auto l = links_.find(edges[i]);
        if (l != links_.end()) add_points(way, way.starts[i], *l->second, n, out);
      }
    }
    return out;
  }

  static void add_points(const Way& way, double start, const Link& link, std::size_t& n,
                         std::string& out) {
    const LocalPlane plane(link.shape.front());
    std::vector<Local> path;
    for (const auto& p : link.shape) path.push_back(plane.to_local(p));
    const double scale = link.length.value / std::max(0.1, length_m(path));
    double along = 0;
    for (std::size_t k = 0; k < path.size(); ++k) {
      if (k > 0) along += std::hypot(path[k].x - path[k - 1].x, path[k].y - path[k - 1].y);
      out += row({way.id, decimal(link.shape[k].lat, 7), decimal(link.shape[k].lon, 7),
                  std::to_string(n++), decimal(start + along * scale, 1)});
    }
  }

  std::string ties() const {
    Table table;
    List stops, shapes;
    for (const auto& id : used_) {
      const auto& s = service_.stops.at(id);
      stops.push_back(
          Table{{"id", id}, {"link", s.edge}, {"along", std::round(s.front * 100) / 100}});
    }
    for (const auto& [edges, way] : ways_) {
      List names;
      for (const auto& e : edges) names.push_back(e);
      shapes.push_back(Table{{"id", way.id}, {"links", std::move(names)}});
    }
    return "# Where the stops and shapes of gtfs/ lie on the links.\n\n" +
           write_toml({{"stop", std::move(stops)}, {"shape", std::move(shapes)}});
  }

  const BusService& service_;
  std::string zone_;
  std::map<std::string, const Link*> links_;
  std::map<std::vector<std::string>, Way> ways_;
  std::set<std::string> used_, lines_, seen_;
  std::string trips_, times_;
  std::size_t count_ = 0;
};

std::size_t lines_of(const fs::path& file) {
  const auto text = read_text(file, file.string());
  if (!text) return 0;
  const auto n = static_cast<std::size_t>(std::count(text->begin(), text->end(), '\n'));
  return n > 0 ? n - 1 : 0;
}

Result<TransitCount> copy_timetable(const fs::path& from, const fs::path& out) {
  std::error_code ec;
  fs::create_directories(out / "gtfs", ec);
  for (const auto& entry : fs::directory_iterator(from / "gtfs", ec)) {
    if (!entry.is_regular_file()) continue;
    fs::copy_file(entry.path(), out / "gtfs" / entry.path().filename(),
                  fs::copy_options::overwrite_existing, ec);
    if (ec) return Error{"cannot_write", ec.message(), entry.path().string()};
  }
  if (fs::exists(from / "transit.toml")) {
    fs::copy_file(from / "transit.toml", out / "transit.toml", fs::copy_options::overwrite_existing,
                  ec);
    if (ec) return Error{"cannot_write", ec.message(), (from / "transit.toml").string()};
  }
  return TransitCount{lines_of(out / "gtfs" / "stops.txt"), lines_of(out / "gtfs" / "trips.txt")};
}

}  // namespace

Result<TransitCount> write_transit(const sumo::Scenario& scenario, const Documents& docs,
                                   const sumo::Net& net, const Projection& projection,
                                   const std::string& overlay, const std::string& out,
                                   const City& city, Findings& findings) {
  for (const auto& folder : {scenario.folder, overlay}) {
    if (!folder.empty() && fs::is_directory(fs::path(folder) / "gtfs")) {
      if (fs::equivalent(folder, out)) return TransitCount{};
      return copy_timetable(folder, out);
    }
  }
  auto buses = read_buses(scenario, docs, net, projection, findings);
  if (!buses) return buses.error();
  if (buses->journeys.empty()) {
    findings.push_back({"transit", "buses", "the scenario has no public transport"});
    return TransitCount{};
  }
  return GtfsWriter(*buses, city).write(out);
}

}  // namespace dispecer::city
