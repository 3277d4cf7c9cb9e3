#include "adapters/city/importer/sumo_buses.h"

#include <algorithm>
#include <cmath>
#include <pugixml.hpp>
#include <set>

namespace dispecer::city {
namespace {

constexpr double kDwell = 20;  // s where the file does not say
constexpr double kPace = 0.8;  // of the allowed speed, over a whole way with its stops for others

bool is_vehicle(pugi::xml_node n) {
  const std::string name = n.name();
  return name == "vehicle" || name == "flow" || name == "trip";
}

// "bus_130_0" is line 130; "300_10009264" is line 300.
std::string line_of(const std::string& line, const std::string& id) {
  if (!line.empty()) return line.substr(0, line.find_first_of("_/"));
  auto parts = sumo::words(id, "_.");
  std::erase_if(parts, [](const std::string& p) { return p == "bus"; });
  return parts.empty() ? id : parts.front();
}

class BusReader {
 public:
  BusReader(const sumo::Net& net, const Projection& projection, Findings& findings)
      : net_(net), projection_(projection), findings_(findings) {
    for (const auto& [id, edge] : net.edges) {
      for (const auto& lane : edge.lanes) lanes_[lane.id] = {&edge, &lane};
    }
  }

  void take_names(const pugi::xml_document& doc) {
    const auto root = doc.document_element();
    for (auto n : root.children("vType")) take_type(n);
    for (auto d : root.children("vTypeDistribution")) {
      for (auto n : d.children("vType")) take_type(n);
    }
    for (auto n : root.children("route")) routes_[n.attribute("id").value()] = n;
    for (auto n : root.children("busStop")) take_stop(n);
    for (auto n : root.children("trainStop")) take_stop(n);
  }

  void take_vehicles(const pugi::xml_document& doc) {
    for (auto n : doc.document_element().children()) {
      if (is_vehicle(n) && is_bus(n)) take_vehicle(n);
    }
  }

  BusService finish() {
    if (bare_ > 0) {
      findings_.push_back({"transit", "buses",
                           std::to_string(bare_) +
                               " buses serve no stop; a made-up stop stands at either end of "
                               "their way"});
    }
    if (lost_ > 0) {
      findings_.push_back({"transit", "buses",
                           std::to_string(lost_) +
                               " buses are left out: their way is not given as edges, or fewer "
                               "than two of their stops lie on it"});
    }
    return std::move(out_);
  }

 private:
  void take_type(pugi::xml_node n) {
    const std::string kind = n.attribute("vClass").value();
    if (kind == "bus" || kind == "coach") bus_types_.insert(n.attribute("id").value());
  }

  void take_stop(pugi::xml_node n) {
    const auto it = lanes_.find(n.attribute("lane").value());
    if (it == lanes_.end()) return;
    const auto& [edge, lane] = it->second;
    double end = n.attribute("endPos").as_double(lane->length);
    double start = n.attribute("startPos").as_double(0);
    if (end < 0) end += lane->length;
    if (start < 0) start += lane->length;
    BusStop s;
    s.id = n.attribute("id").value();
    const std::string name = n.attribute("name").value();
    s.name = !name.empty() ? name : (edge->name.empty() ? s.id : edge->name);
    s.edge = edge->id;
    s.front = std::clamp(end, 0.0, lane->length);
    s.position = at(*lane, (start + s.front) / 2);
    out_.stops[s.id] = s;
  }

  LonLat at(const sumo::Lane& lane, double along) const {
    return projection_.to_lon_lat(
        point_at(lane.shape.empty() ? std::vector<Local>{{}} : lane.shape, along));
  }

  bool is_bus(pugi::xml_node n) const {
    if (bus_types_.contains(n.attribute("type").value())) return true;
    return n.attribute("line") && !std::string(n.attribute("line").value()).empty();
  }

  // Seconds from the front at `from` m of the first edge to `to` m of the last.
  double running(const std::vector<std::string>& edges, std::size_t first, double from,
                 std::size_t last, double to) const {
    double seconds = 0;
    for (std::size_t i = first; i <= last; ++i) {
      const auto& lane = widest(net_.edges.at(edges[i]));
      const double begin = i == first ? from : 0;
      const double end = i == last ? to : lane.length;
      seconds += std::max(0.0, end - begin) / (kPace * std::max(1.0, lane.speed));
    }
    return seconds;
  }

  static const sumo::Lane& widest(const sumo::Edge& edge) {
    for (const auto& lane : edge.lanes) {
      if (lane.motor) return lane;
    }
    return edge.lanes.front();
  }

  struct Halt {
    std::string stop;
    double duration = kDwell;
    std::optional<double> until;  // of departure; since the vehicle's own, or absolute
    bool relative = false;
  };

  static void take_halts(pugi::xml_node n, bool relative, std::vector<Halt>& into) {
    for (auto s : n.children("stop")) {
      Halt h;
      h.stop = s.attribute("busStop").value();
      if (h.stop.empty()) continue;
      h.duration = s.attribute("duration").as_double(kDwell);
      if (s.attribute("until")) h.until = s.attribute("until").as_double();
      h.relative = relative;
      into.push_back(h);
    }
  }

  void take_vehicle(pugi::xml_node n) {
    pugi::xml_node route = n.child("route");
    if (!route) {
      const auto it = routes_.find(n.attribute("route").value());
      if (it != routes_.end()) route = it->second;
    }
    BusJourney j;
    j.edges = sumo::words(route.attribute("edges").value());
    if (j.edges.empty()) j.edges = shortest_way(n);
    const bool known =
        !j.edges.empty() && std::all_of(j.edges.begin(), j.edges.end(), [&](const std::string& e) {
          const auto it = net_.edges.find(e);
          return it != net_.edges.end() && !it->second.lanes.empty();
        });
    if (!known) {
      ++lost_;
      return;
    }
    std::vector<Halt> halts;
    take_halts(route, true, halts);
    const bool flow = std::string(n.name()) == "flow";
    take_halts(n, flow, halts);
    std::vector<std::pair<std::string, double>> departures;
    if (flow) {
      flow_departures(n, departures);
    } else {
      departures.emplace_back(n.attribute("id").value(), n.attribute("depart").as_double());
    }
    for (const auto& [vehicle, depart] : departures) {
      j.vehicle = vehicle;
      j.line = line_of(n.attribute("line").value(), n.attribute("id").value());
      if (!time_calls(j, halts, depart)) continue;
      out_.journeys.push_back(j);
    }
  }

  // Of a trip that names only its ends, and places between: the quickest way at free running.
  std::vector<std::string> shortest_way(pugi::xml_node n) {
    std::vector<std::string> places{n.attribute("from").value()};
    for (auto& via : sumo::words(n.attribute("via").value())) places.push_back(std::move(via));
    places.push_back(n.attribute("to").value());
    std::vector<std::string> out;
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
      const auto part = quickest(places[i], places[i + 1]);
      if (part.empty()) return {};
      out.insert(out.end(), part.begin() + (out.empty() ? 0 : 1), part.end());
    }
    return out;
  }

  std::vector<std::string> quickest(const std::string& from, const std::string& to) {
    if (!net_.edges.contains(from) || !net_.edges.contains(to)) return {};
    if (next_.empty()) {
      for (const auto& c : net_.connections) {
        const auto a = net_.edges.find(c.from);
        if (a == net_.edges.end() || !net_.edges.contains(c.to)) continue;
        if (c.from_lane < a->second.lanes.size() && a->second.lanes[c.from_lane].motor) {
          next_[c.from].insert(c.to);
        }
      }
    }
    std::map<std::string, double> cost{{from, 0}};
    std::map<std::string, std::string> before;
    std::set<std::pair<double, std::string>> open{{0, from}};
    while (!open.empty()) {
      const auto [seconds, edge] = *open.begin();
      if (edge == to) break;
      open.erase(open.begin());
      for (const auto& following : next_[edge]) {
        const auto& lane = widest(net_.edges.at(following));
        const double reached = seconds + lane.length / std::max(1.0, lane.speed);
        const auto [it, fresh] = cost.emplace(following, reached);
        if (!fresh && it->second <= reached) continue;
        if (!fresh) open.erase({it->second, following});
        it->second = reached;
        before[following] = edge;
        open.insert({reached, following});
      }
    }
    if (from != to && !before.contains(to)) return {};
    std::vector<std::string> way{to};
    while (way.back() != from) way.push_back(before.at(way.back()));
    std::reverse(way.begin(), way.end());
    return way;
  }

  static void flow_departures(pugi::xml_node n, std::vector<std::pair<std::string, double>>& into) {
    const double begin = n.attribute("begin").as_double();
    const double end = n.attribute("end").as_double(86400);
    double period = n.attribute("period").as_double();
    const auto number = n.attribute("number").as_uint(100000);
    if (period <= 0 && n.attribute("vehsPerHour")) {
      period = 3600 / std::max(0.01, n.attribute("vehsPerHour").as_double());
    }
    if (period <= 0 && number > 0 && number < 100000) period = (end - begin) / number;
    if (period <= 0) return;
    for (unsigned i = 0; i < std::min(number, 5000U); ++i) {
      const double t = begin + period * i;
      if (t >= end) break;
      into.emplace_back(std::string(n.attribute("id").value()) + "." + std::to_string(i), t);
    }
  }

  // Free running between stops; where the file gives times of departure, those.
  bool time_calls(BusJourney& j, const std::vector<Halt>& halts, double depart) {
    j.calls.clear();
    double now = depart, along = 0;
    std::size_t edge = 0;
    for (const auto& h : halts) {
      const auto stop = out_.stops.find(h.stop);
      if (stop == out_.stops.end()) continue;
      std::size_t on = edge;
      while (on < j.edges.size() &&
             !(j.edges[on] == stop->second.edge &&
               (on > edge || j.calls.empty() || stop->second.front > along))) {
        ++on;
      }
      if (on == j.edges.size()) continue;
      double arrival = now + running(j.edges, edge, along, on, stop->second.front);
      double leaves = arrival + h.duration;
      if (h.until) {
        const double given = *h.until + (h.relative ? depart : 0);
        if (given >= now) {
          leaves = given;
          arrival = std::max(now, std::min(arrival, given));
        }
      }
      j.calls.push_back({h.stop, on, arrival, leaves});
      now = leaves;
      edge = on;
      along = stop->second.front;
    }
    if (j.calls.size() >= 2) return true;
    if (!halts.empty() || j.edges.size() < 2) {
      ++lost_;
      return false;
    }
    ++bare_;
    const auto& first = j.edges.front();
    const auto& last = j.edges.back();
    const double far = widest(net_.edges.at(last)).length;
    const double near = std::min(5.0, widest(net_.edges.at(first)).length);
    made_stop("from " + first, first, near);
    made_stop("to " + last, last, far);
    j.calls = {{"from " + first, 0, depart, depart}};
    const double end = depart + running(j.edges, 0, near, j.edges.size() - 1, far);
    j.calls.push_back({"to " + last, j.edges.size() - 1, end, end});
    return true;
  }

  void made_stop(const std::string& id, const std::string& edge, double front) {
    if (out_.stops.contains(id)) return;
    const auto& e = net_.edges.at(edge);
    out_.stops[id] = {id, e.name.empty() ? edge : e.name, edge, front, at(widest(e), front)};
  }

  const sumo::Net& net_;
  const Projection& projection_;
  Findings& findings_;
  std::map<std::string, std::pair<const sumo::Edge*, const sumo::Lane*>> lanes_;
  std::set<std::string> bus_types_;
  std::map<std::string, pugi::xml_node> routes_;
  std::map<std::string, std::set<std::string>> next_;  // edges that follow an edge
  BusService out_;
  std::size_t bare_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace

Result<BusService> read_buses(const sumo::Scenario& scenario, const Documents& docs,
                              const sumo::Net& net, const Projection& projection,
                              Findings& findings) {
  Documents all = docs;
  for (const auto& path : scenario.routes) {
    auto doc = std::make_shared<pugi::xml_document>();
    if (auto r = sumo::load_xml(path, *doc); !r) return r.error();
    all.emplace_back(path, std::move(doc));
  }
  BusReader reader(net, projection, findings);
  for (const auto& [path, doc] : all) reader.take_names(*doc);
  for (const auto& [path, doc] : all) reader.take_vehicles(*doc);
  return reader.finish();
}

}  // namespace dispecer::city
