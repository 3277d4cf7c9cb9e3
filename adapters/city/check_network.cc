#include <set>

#include "adapters/city/files.h"

namespace dispecer::city {
namespace {

Error fault(const char* cause, const std::string& what, const std::string& where) {
  return {cause, what, where};
}

std::string named(const char* kind, const std::string& id) {
  return std::string(kind) + " '" + id + "'";
}

template <class T>
Result<> unique_ids(const std::vector<T>& things, const char* kind) {
  std::set<std::string> seen;
  for (const auto& t : things) {
    if (t.id.empty()) return fault("missing_key", "found no id, expected one", kind);
    if (!seen.insert(t.id.str()).second) {
      return fault("duplicate", "found twice, expected once", named(kind, t.id.str()));
    }
  }
  return Ok{};
}

Result<> check_link(const Link& l, const Index& index) {
  const auto where = named("link", l.id.str());
  for (const auto* end : {&l.from, &l.to}) {
    if (!index.junctions.contains(*end)) {
      return fault("unknown_reference", "found '" + end->str() + "', expected a junction",
                   where + (end == &l.from ? ".from" : ".to"));
    }
  }
  if (l.shape.size() < 2) {
    return fault("bad_value",
                 "found " + std::to_string(l.shape.size()) + " points, expected 2 or more",
                 where + ".geometry");
  }
  if (!(l.length.value > 0)) {
    return fault("missing_key", "found no length, expected metres above 0", where + ".length");
  }
  if (!(l.speed_limit.value > 0)) {
    return fault("missing_key", "found no speed limit, expected m/s above 0",
                 where + ".speed_limit");
  }
  return Ok{};
}

Result<> check_movement(const Movement& m, const Index& index) {
  const auto where = named("movement", m.id.str());
  if (!index.junctions.contains(m.junction)) {
    return fault("unknown_reference", "found '" + m.junction.str() + "', expected a junction",
                 where + ".junction");
  }
  for (const auto* side : {&m.from, &m.to}) {
    const bool from = side == &m.from;
    const auto it = index.links.find(*side);
    if (it == index.links.end()) {
      return fault("unknown_reference", "found '" + side->str() + "', expected a link",
                   where + (from ? ".from" : ".to"));
    }
    const auto& meets = from ? it->second->to : it->second->from;
    if (meets != m.junction) {
      return fault("bad_value",
                   "link '" + side->str() + (from ? "' ends at '" : "' begins at '") + meets.str() +
                       "', expected '" + m.junction.str() + "'",
                   where + (from ? ".from" : ".to"));
    }
    for (const auto lane : m.lanes) {
      if (from && lane >= it->second->lanes) {
        return fault("out_of_range",
                     "found lane " + std::to_string(lane) + ", expected less than " +
                         std::to_string(it->second->lanes),
                     where + ".lanes");
      }
    }
  }
  return Ok{};
}

Result<> check_detector(const Detector& d, const Index& index) {
  const auto where = named("detector", d.id.str());
  if (!index.junctions.contains(d.junction)) {
    return fault("unknown_reference", "found '" + d.junction.str() + "', expected a junction",
                 where + ".junction");
  }
  if (d.kind == DetectorKind::push_button) return Ok{};
  const auto it = index.links.find(d.link);
  if (it == index.links.end()) {
    return fault("unknown_reference", "found '" + d.link.str() + "', expected a link",
                 where + ".link");
  }
  if (d.lane >= std::max(1U, it->second->lanes)) {
    return fault("out_of_range",
                 "found lane " + std::to_string(d.lane) + ", expected less than " +
                     std::to_string(it->second->lanes),
                 where + ".lane");
  }
  if (d.to_stop_line > it->second->length) {
    return fault("out_of_range", "lies beyond the start of link '" + d.link.str() + "'",
                 where + ".to_stop_line");
  }
  return Ok{};
}

}  // namespace

Index::Index(const Network& network) {
  for (const auto& j : network.junctions) junctions[j.id] = &j;
  for (const auto& l : network.links) links[l.id] = &l;
  for (const auto& m : network.movements) movements[m.junction].push_back(&m);
  for (const auto& d : network.detectors) detectors[d.junction].push_back(&d);
  for (const auto& c : network.crossings) crossings[c.junction].push_back(&c);
}

Result<> check_network(const Network& net, const Index& index) {
  if (auto r = unique_ids(net.junctions, "junction"); !r) return r;
  if (auto r = unique_ids(net.links, "link"); !r) return r;
  if (auto r = unique_ids(net.movements, "movement"); !r) return r;
  if (auto r = unique_ids(net.detectors, "detector"); !r) return r;
  if (auto r = unique_ids(net.crossings, "crossing"); !r) return r;
  if (net.links.empty()) {
    return fault("missing_key", "found no link, expected at least one", "features");
  }
  for (const auto& l : net.links) {
    if (auto r = check_link(l, index); !r) return r;
  }
  for (const auto& m : net.movements) {
    if (auto r = check_movement(m, index); !r) return r;
  }
  for (const auto& d : net.detectors) {
    if (auto r = check_detector(d, index); !r) return r;
  }
  for (const auto& c : net.crossings) {
    if (!index.junctions.contains(c.junction)) {
      return fault("unknown_reference", "found '" + c.junction.str() + "', expected a junction",
                   named("crossing", c.id.str()) + ".junction");
    }
  }
  return Ok{};
}

Result<> check_devices(const std::vector<DeviceRow>& devices) {
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const auto& d = devices[i];
    const auto where =
        "device[" + std::to_string(i) + "]" + (d.id.empty() ? "" : " '" + d.id + "'");
    for (const auto& [value, key] :
         {std::pair{&d.id, "id"}, {&d.kind, "kind"}, {&d.protocol, "protocol"}}) {
      if (value->empty()) {
        return fault("missing_key", "found nothing, expected a text", where + "." + key);
      }
    }
    if (d.street != StreetKind::off && d.address.empty()) {
      return fault("missing_key", "found nothing, expected host:port, a URL or an @name",
                   where + ".address");
    }
    if (!seen.insert({d.kind, d.id}).second) {
      return fault("duplicate", "a " + d.kind + " of this id is found twice, expected once", where);
    }
  }
  return Ok{};
}

Result<> check_sumo(const City& city, const Index& index) {
  const auto& sumo = city.sumo;
  if (sumo.net_file.empty() && sumo.config_file.empty()) return Ok{};
  std::set<std::string> used;
  for (const auto& [link, edge] : sumo.edge) {
    if (!index.links.contains(link)) {
      return fault("unknown_reference", "found this key, expected a link",
                   "edge '" + link.str() + "'");
    }
    if (!used.insert(edge).second) {
      return fault("doubly_mapped", "edge '" + edge + "' stands for two links",
                   "edge '" + link.str() + "'");
    }
  }
  for (const auto& [link, l] : index.links) {
    if (!sumo.edge.contains(link)) {
      return fault("unmapped", "found no edge for this link, expected one",
                   "edge '" + link.str() + "'");
    }
  }
  return Ok{};
}

}  // namespace dispecer::city
