// network.geojson: one feature per part of the network; what has no place of its own has geometry
// null. A detector's point is written for maps only and not read back.
#include "adapters/city/bind.h"
#include "adapters/city/files.h"

namespace dispecer::city {
namespace {

constexpr bool is_geometry(std::string_view name) {
  return name == "position" || name == "shape";
}

Value geometry(const char* type, Value coordinates) {
  return Table{{"type", type}, {"coordinates", std::move(coordinates)}};
}

template <class T>
Value feature(const char* name, const T& thing, Value where) {
  Table properties{{"class", name}};
  const Value whole = to_value(thing);
  for (const auto& m : *whole.table()) {
    if (!is_geometry(m.name)) properties.push_back(m);
  }
  return Table{{"type", "Feature"}, {"geometry", std::move(where)}, {"properties", properties}};
}

// The members of a feature as the flat table that its struct's listing expects.
template <class T>
Result<T> thing_from(const Value& feature, const char* place) {
  Table flat;
  for (const auto& m : *feature.find("properties")->table()) {
    if (m.name != "class") flat.push_back(m);
  }
  if (place != nullptr) {
    const auto* g = feature.find("geometry");
    const auto* c = g == nullptr ? nullptr : g->find("coordinates");
    if (c == nullptr) return Error{"missing_key", "expected coordinates", "geometry"};
    flat.push_back({place, *c});
  }
  T out;
  if (auto r = read_value(Value(std::move(flat)), out); !r) return r.error();
  return out;
}

template <class T>
Result<> take(const Value& feature, const char* place, std::vector<T>& into) {
  auto thing = thing_from<T>(feature, place);
  if (!thing) return thing.error();
  into.push_back(*std::move(thing));
  return Ok{};
}

Result<> read_feature(const Value& f, Network& net) {
  const auto* properties = f.find("properties");
  const auto* kind = properties == nullptr ? nullptr : properties->find("class");
  const auto* name = kind == nullptr ? nullptr : kind->text();
  if (name == nullptr || properties->table() == nullptr) {
    return Error{"missing_key", "expected a text", "properties.class"};
  }
  if (*name == "junction") return take(f, "position", net.junctions);
  if (*name == "link") return take(f, "shape", net.links);
  if (*name == "movement") return take(f, nullptr, net.movements);
  if (*name == "detector") return take(f, nullptr, net.detectors);
  if (*name == "crossing") {
    const auto* g = f.find("geometry");
    return take(f, g != nullptr && g->table() != nullptr ? "shape" : nullptr, net.crossings);
  }
  return Error{"bad_value",
               "found '" + *name + "', expected junction, link, movement, detector or crossing",
               "properties.class"};
}

std::string feature_name(const Value& f, std::size_t index) {
  std::string name = "features[" + std::to_string(index) + "]";
  const auto* p = f.find("properties");
  const auto* id = p == nullptr ? nullptr : p->find("id");
  if (id != nullptr && id->text() != nullptr) name += " '" + *id->text() + "'";
  return name;
}

Value line(const std::vector<LonLat>& shape) {
  return shape.empty() ? Value{} : geometry("LineString", to_value(shape));
}

Value detector_point(const Detector& d, const std::map<LinkId, const Link*>& links) {
  const auto it = links.find(d.link);
  if (it == links.end() || it->second->shape.size() < 2) return {};
  const LocalPlane plane(it->second->shape.front());
  std::vector<Local> path;
  for (const auto& p : it->second->shape) path.push_back(plane.to_local(p));
  const double along = length_m(path) - d.to_stop_line.value;
  return geometry("Point", to_value(plane.to_lon_lat(point_at(path, along))));
}

}  // namespace

Result<Network> network_from(const Value& geojson) {
  const auto* features = geojson.find("features");
  if (features == nullptr || features->list() == nullptr) {
    return Error{"missing_key", "expected a list of features", "features"};
  }
  Network net;
  for (std::size_t i = 0; i < features->list()->size(); ++i) {
    const auto& f = (*features->list())[i];
    if (auto r = read_feature(f, net); !r) {
      auto e = r.error();
      e.where = feature_name(f, i) + ": " + e.where;
      return e;
    }
  }
  return net;
}

Value network_to(const Network& net) {
  List features;
  std::map<LinkId, const Link*> links;
  for (const auto& j : net.junctions) {
    features.push_back(feature("junction", j, geometry("Point", to_value(j.position))));
  }
  for (const auto& l : net.links) {
    links[l.id] = &l;
    features.push_back(feature("link", l, line(l.shape)));
  }
  for (const auto& m : net.movements) features.push_back(feature("movement", m, {}));
  for (const auto& d : net.detectors) {
    features.push_back(feature("detector", d, detector_point(d, links)));
  }
  for (const auto& c : net.crossings) features.push_back(feature("crossing", c, line(c.shape)));
  return Table{{"type", "FeatureCollection"}, {"features", std::move(features)}};
}

}  // namespace dispecer::city
