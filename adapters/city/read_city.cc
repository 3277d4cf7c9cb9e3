#include <algorithm>
#include <set>

#include "adapters/city/bind.h"
#include "adapters/city/files.h"
#include "fusion/model/book_check.h"

namespace dispecer::city {
namespace {

struct Head {
  std::uint32_t schema = 0;
  std::string name, title, version, valid_from, timezone;
  LonLat centre, south_west, north_east;
};

constexpr auto city_layout(Tag<Head>) {
  using P = Head;
  return std::tuple{field(1, "schema", &P::schema),         field(2, "name", &P::name),
                    field(3, "title", &P::title),           field(4, "version", &P::version),
                    field(5, "valid_from", &P::valid_from), field(6, "timezone", &P::timezone),
                    field(7, "centre", &P::centre),         field(8, "south_west", &P::south_west),
                    field(9, "north_east", &P::north_east)};
}

Result<> read_head(const fs::path& folder, City& city) {
  auto tree = read_tree(folder, "city.toml");
  if (!tree) return tree.error();
  Head head;
  if (auto r = read_value(*tree, head); !r) return in_file(r.error(), "city.toml");
  if (head.schema != 1) {
    return Error{"bad_schema", "found " + std::to_string(head.schema) + ", expected 1",
                 "city.toml: schema"};
  }
  for (const auto& [key, value] : {std::pair{"name", &head.name},
                                   {"title", &head.title},
                                   {"version", &head.version},
                                   {"valid_from", &head.valid_from},
                                   {"timezone", &head.timezone}}) {
    if (value->empty()) {
      return Error{"missing_key", "found nothing, expected a text",
                   std::string("city.toml: ") + key};
    }
  }
  if (!parse_iso(head.valid_from + "T00:00:00Z")) {
    return Error{"bad_value", "found '" + head.valid_from + "', expected YYYY-MM-DD",
                 "city.toml: valid_from"};
  }
  city.name = head.name;
  city.title = head.title;
  city.version = head.version;
  city.valid_from = head.valid_from;
  city.timezone = head.timezone;
  city.centre = head.centre;
  city.south_west = head.south_west;
  city.north_east = head.north_east;
  return Ok{};
}

// A table of lists of tables, as zones.toml. Rows that cannot be read are handed to `bad`.
template <class T, class Bad>
Result<> read_rows(const Value& tree, const std::string& name, const char* key,
                   std::vector<T>& into, Bad&& bad) {
  const auto* rows = tree.find(key);
  if (rows == nullptr) return Ok{};
  if (rows->list() == nullptr) {
    return Error{"wrong_type", "found " + rows->describe() + ", expected [[" + key + "]] tables",
                 name + ": " + key};
  }
  for (std::size_t i = 0; i < rows->list()->size(); ++i) {
    const auto& row = (*rows->list())[i];
    const auto* id = row.find("id");
    const bool named = id != nullptr && id->text() != nullptr;
    const auto where =
        std::string(key) + "[" + std::to_string(i) + "]" + (named ? " '" + *id->text() + "'" : "");
    T thing;
    if (auto r = read_value(row, thing); !r) {
      auto e = r.error();
      e.where = name + ": " + where + (e.where.empty() ? "" : "." + e.where);
      bad(named ? *id->text() : name, e);
    } else {
      into.push_back(std::move(thing));
    }
  }
  return Ok{};
}

Result<> only_keys(const Value& tree, const std::string& name,
                   std::initializer_list<const char*> keys) {
  for (const auto& m : *tree.table()) {
    if (std::find(keys.begin(), keys.end(), m.name) == keys.end()) {
      std::string all;
      for (const auto* k : keys) all += std::string(" ") + k;
      return Error{"unknown_key", "found this key, expected one of" + all, name + ": " + m.name};
    }
  }
  return Ok{};
}

class CityReader {
 public:
  CityReader(fs::path folder, fs::path accepted)
      : folder_(std::move(folder)), accepted_(std::move(accepted)) {}

  Result<City> read() {
    if (auto r = read_head(folder_, city_); !r) return r.error();
    if (auto r = read_whole(); !r) return r.error();
    const Index index(city_.network);
    if (auto r = check_network(city_.network, index); !r) {
      return in_file(r.error(), "network.geojson");
    }
    if (auto r = check_sumo(city_, index); !r) return in_file(r.error(), "sumo.toml");
    read_junctions(index);
    read_access(index);
    read_parking_and_air(index);
    read_book(index);
    read_emergency(index);
    read_progressions(index);
    for (auto& alarm : early_start_alarms(city_, index)) {
      city_.quarantined.push_back(std::move(alarm));
    }
    city_.folder = folder_.string();
    auto hash = hash_folder(city_.folder);
    if (!hash) return hash.error();
    city_.hash = *hash;
    return std::move(city_);
  }

 private:
  Result<> read_whole() {
    auto geo = read_tree(folder_, "network.geojson");
    if (!geo) return geo.error();
    auto net = network_from(*geo);
    if (!net) return in_file(net.error(), "network.geojson");
    city_.network = *std::move(net);

    auto rows = read_tree(folder_, "devices.toml");
    if (!rows) return rows.error();
    if (auto r = only_keys(*rows, "devices.toml", {"device"}); !r) return r;
    Result<> first = Ok{};
    const auto refuse = [&](const std::string&, const Error& e) {
      if (first.ok()) first = e;
    };
    if (auto r = read_rows(*rows, "devices.toml", "device", city_.devices, refuse); !r) return r;
    if (!first) return first;
    if (auto r = check_devices(city_.devices); !r) return in_file(r.error(), "devices.toml");

    if (fs::exists(folder_ / "rsmp.toml")) {
      auto tree = read_tree(folder_, "rsmp.toml");
      if (!tree) return tree.error();
      if (auto r = only_keys(*tree, "rsmp.toml", {"intersection"}); !r) return r;
      if (auto r = read_rows(*tree, "rsmp.toml", "intersection", city_.rsmp, refuse); !r) return r;
      if (!first) return first;
    }
    if (fs::exists(folder_ / "sumo.toml")) {
      auto tree = read_tree(folder_, "sumo.toml");
      if (!tree) return tree.error();
      if (auto r = sumo_from(*tree, city_.sumo); !r) return in_file(r.error(), "sumo.toml");
    }
    return Ok{};
  }

  void quarantine(const std::string& subject, const std::string& why, bool kept,
                  AlarmPriority priority = AlarmPriority::medium) {
    city_.quarantined.push_back(
        {"quarantined",
         subject,
         priority,
         true,
         {},
         why + (kept ? "; its last accepted version is used" : "; it is left out")});
  }

  fs::path remembered(const char* kind, const std::string& id) const {
    return accepted_ / kind / (file_name(id) + ".toml");
  }

  void remember(const char* kind, const std::string& id, const std::string& text) {
    if (accepted_.empty()) return;
    const auto path = remembered(kind, id);
    const auto before = read_text(path, "");
    if (before && *before == text) return;
    if (auto r = write_text(path, text); !r) {
      city_.quarantined.push_back(
          {"accepted_not_kept", id, AlarmPriority::low, true, {}, r.error().message()});
    }
  }

  JunctionBundle bundle_of(const JunctionSignals& signals) const {
    JunctionBundle b{signals, {}, {}, {}, {}};
    const auto& id = signals.junction;
    std::size_t found = 0;
    for (const auto& m : city_.rsmp) {
      if (m.junction == id && found++ == 0) b.rsmp = m;
    }
    const auto& sumo = city_.sumo;
    if (auto it = sumo.traffic_light.find(id); it != sumo.traffic_light.end()) {
      b.traffic_light = it->second;
    }
    if (auto it = sumo.group_indices.find(id); it != sumo.group_indices.end()) {
      b.group_indices = it->second;
    }
    if (auto it = sumo.idle_state.find(id); it != sumo.idle_state.end()) b.idle_state = it->second;
    return b;
  }

  void put_bundle(const JunctionBundle& b) {
    drop_junction(b.signals.junction);
    const auto& id = b.signals.junction;
    city_.signals[id] = b.signals;
    if (b.rsmp) city_.rsmp.push_back(*b.rsmp);
    if (b.traffic_light) city_.sumo.traffic_light[id] = *b.traffic_light;
    if (b.group_indices) city_.sumo.group_indices[id] = *b.group_indices;
    if (b.idle_state) city_.sumo.idle_state[id] = *b.idle_state;
  }

  void drop_junction(const JunctionId& id) {
    city_.signals.erase(id);
    std::erase_if(city_.rsmp, [&](const RsmpMapping& m) { return m.junction == id; });
    city_.sumo.traffic_light.erase(id);
    city_.sumo.group_indices.erase(id);
    city_.sumo.idle_state.erase(id);
  }

  void fall_back(const Index& index, const JunctionId& id, const Error& why) {
    drop_junction(id);
    bool kept = false;
    if (!accepted_.empty()) {
      const auto path = remembered("signals", id.str());
      const auto text = read_text(path, path.string());
      const auto tree = text ? parse_toml(*text) : Result<Value>(text.error());
      auto old = tree ? bundle_from(*tree) : Result<JunctionBundle>(tree.error());
      if (old && old->signals.junction == id && check_junction(city_, index, *old)) {
        put_bundle(*old);
        kept = true;
      }
    }
    quarantine(id.str(), why.message(), kept, AlarmPriority::high);
  }

  // Reads every signal file; then judges each junction against the whole, so that a fault between
  // two junctions is told of both.
  void read_junctions(const Index& index) {
    std::map<JunctionId, std::string> files;
    std::map<JunctionId, Error> faults;
    std::error_code ec;
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_ / "signals", ec)) {
      if (entry.path().extension() == ".toml") names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    std::map<std::string, JunctionId> by_file;
    for (const auto& [id, j] : index.junctions) {
      if (j->signalised) by_file[file_name(id.str()) + ".toml"] = id;
    }
    for (const auto& name : names) {
      const auto path = "signals/" + name;
      const auto owner = by_file.find(name);
      auto signals = read_signals(path);
      if (signals && owner != by_file.end() && signals->junction != owner->second) {
        signals = Error{"bad_value",
                        "found '" + signals->junction.str() + "', expected '" +
                            owner->second.str() + "' as the file is named",
                        path + ": junction"};
      }
      if (!signals) {
        if (owner == by_file.end()) {
          quarantine(name, signals.error().message(), false, AlarmPriority::high);
        } else {
          faults.emplace(owner->second, signals.error());
        }
        continue;
      }
      if (!files.emplace(signals->junction, path).second) {
        faults.emplace(signals->junction,
                       Error{"duplicate", "the junction stands in two files, expected one",
                             path + " and " + files[signals->junction]});
        continue;
      }
      city_.signals[signals->junction] = *std::move(signals);
    }
    std::map<JunctionId, std::size_t> mapped;
    for (const auto& m : city_.rsmp) ++mapped[m.junction];
    for (const auto& [id, signals] : city_.signals) {
      if (faults.contains(id)) continue;
      if (mapped[id] > 1) {
        faults.emplace(id, Error{"doubly_mapped", "found more than once, expected once",
                                 "rsmp.toml: intersection of '" + id.str() + "'"});
      } else if (auto r = check_junction(city_, index, bundle_of(signals)); !r) {
        const bool other = r.error().where.find(".toml: ") != std::string::npos;
        faults.emplace(id, other ? r.error() : in_file(r.error(), files[id]));
      }
    }
    for (const auto& [id, j] : index.junctions) {
      if (j->signalised && !city_.signals.contains(id) && !faults.contains(id)) {
        faults.emplace(id, Error{"unmapped", "the junction is signalised and has no signal file",
                                 "signals/" + file_name(id.str()) + ".toml"});
      }
    }
    for (const auto& [id, why] : faults) drop_junction(id);
    for (const auto& [id, signals] : city_.signals) {
      remember("signals", id.str(), write_toml(bundle_to(bundle_of(signals))));
    }
    for (const auto& [id, why] : faults) fall_back(index, id, why);
    drop_strays();
  }

  Result<JunctionSignals> read_signals(const std::string& path) const {
    auto tree = read_tree(folder_, path);
    if (!tree) return tree.error();
    JunctionSignals signals;
    if (auto r = read_value(*tree, signals); !r) return in_file(r.error(), path);
    if (signals.junction.empty()) {
      return Error{"missing_key", "found nothing, expected a text", path + ": junction"};
    }
    return signals;
  }

  // Rows that speak of a controller or junction of which no signals are left.
  void drop_strays() {
    std::set<std::string> controllers;
    for (const auto& [id, s] : city_.signals) controllers.insert(s.controller.str());
    std::erase_if(city_.rsmp,
                  [&](const RsmpMapping& m) { return !city_.signals.contains(m.junction); });
    std::erase_if(city_.devices, [&](const DeviceRow& d) {
      if (d.kind != "controller" || controllers.contains(d.id)) return false;
      quarantine(d.id, "devices.toml: the controller of this row has no usable signals", false);
      return true;
    });
  }

  Result<Value> optional_tree(const std::string& name, std::initializer_list<const char*> keys) {
    if (!fs::exists(folder_ / name)) return Value(Table{});
    auto tree = read_tree(folder_, name);
    if (tree) {
      if (auto r = only_keys(*tree, name, keys); !r) tree = r.error();
    }
    if (!tree) quarantine(name, tree.error().message(), false, AlarmPriority::high);
    return tree;
  }

  template <class Tag>
  static std::string text_of(const Id<Tag>& id) {
    return id.str();
  }
  static std::string text_of(const std::string& id) { return id; }

  template <class T, class Check>
  void take_rows(const Value& tree, const std::string& name, const char* key, std::vector<T>& into,
                 Check&& check) {
    std::vector<T> found;
    const auto bad = [&](const std::string& id, const Error& e) {
      quarantine(id, e.message(), false);
    };
    if (auto r = read_rows(tree, name, key, found, bad); !r) {
      quarantine(name, r.error().message(), false);
    }
    for (auto& thing : found) {
      Result<> r = check(thing);
      const bool twice = std::any_of(into.begin(), into.end(),
                                     [&](const T& other) { return other.id == thing.id; });
      if (r && twice) r = Error{"duplicate", "found twice, expected once", "id"};
      if (r) {
        into.push_back(std::move(thing));
      } else {
        auto e = r.error();
        const auto id = text_of(thing.id);
        e.where = name + ": " + key + " '" + id + "'." + e.where;
        quarantine(id, e.message(), false);
      }
    }
  }

  void read_access(const Index& index) {
    const std::string name = "zones.toml";
    std::vector<std::pair<std::string, Error>> bad;
    std::vector<Zone> found;
    const auto tree = optional_tree(name, {"zone", "gate"});
    const Value empty{Table{}};
    const Value& rows = tree ? *tree : empty;
    const auto collect = [&](const std::string& id, const Error& e) { bad.emplace_back(id, e); };
    if (auto r = read_rows(rows, name, "zone", found, collect); !r)
      bad.emplace_back(name, r.error());
    for (auto& zone : found) {
      Result<> r = check_zone(zone);
      if (r && std::any_of(city_.zones.begin(), city_.zones.end(),
                           [&](const Zone& z) { return z.id == zone.id; })) {
        r = Error{"duplicate", "found twice, expected once", "id"};
      }
      if (!r) {
        auto e = r.error();
        e.where = name + ": zone '" + zone.id.str() + "'." + e.where;
        bad.emplace_back(zone.id.str(), e);
        continue;
      }
      const auto whole = to_value(zone);
      remember("zones", zone.id.str(), write_toml(*whole.table()));
      city_.zones.push_back(std::move(zone));
    }
    for (const auto& [id, why] : bad) {
      Zone old;
      bool kept = false;
      if (!accepted_.empty()) {
        const auto path = remembered("zones", id);
        const auto text = read_text(path, path.string());
        const auto before = text ? parse_toml(*text) : Result<Value>(text.error());
        kept = before && read_value(*before, old) && check_zone(old);
      }
      if (kept) city_.zones.push_back(old);
      quarantine(id, why.message(), kept, AlarmPriority::high);
    }
    take_rows(rows, name, "gate", city_.gates,
              [&](const Gate& g) { return check_gate(city_, index, g); });
  }

  void read_parking_and_air(const Index& index) {
    if (auto tree = optional_tree("parking.toml", {"parking"})) {
      take_rows(*tree, "parking.toml", "parking", city_.parking,
                [&](const ParkingArea& p) { return check_parking(index, p); });
    }
    if (auto tree = optional_tree("air.toml", {"station"})) {
      take_rows(*tree, "air.toml", "station", city_.stations, [](const AirStation& s) -> Result<> {
        if (s.id.empty()) return Error{"missing_key", "found no id, expected one", "id"};
        return Ok{};
      });
    }
  }

  void read_book(const Index& index) {
    if (auto tree = optional_tree("calendar.toml", {"entry"})) {
      take_rows(*tree, "calendar.toml", "entry", city_.book.entries,
                [&](const BookEntry& e) { return check_entry(city_, index, e); });
    }
    leave_out_contradictions();
  }

  // The entry that came later goes, until what is left can stand together.
  void leave_out_contradictions() {
    auto& entries = city_.book.entries;
    auto found = contradictions(city_.book, city_.network);
    while (true) {
      const auto bad =
          std::find_if(found.begin(), found.end(), [](const Contradiction& c) { return c.refuse; });
      if (bad == found.end()) break;
      const auto gone = bad->second.empty() ? bad->first : bad->second;
      quarantine(gone.str(), "calendar.toml: " + bad->rule + ": " + bad->text, false);
      std::erase_if(entries, [&](const BookEntry& e) { return e.id == gone; });
      found = contradictions(city_.book, city_.network);
    }
    for (const auto& c : found) {
      city_.quarantined.push_back({"book_contradiction",
                                   c.first.str(),
                                   AlarmPriority::low,
                                   true,
                                   {},
                                   "calendar.toml: " + c.rule + ": " + c.text});
    }
  }

  void read_emergency(const Index& index) {
    const std::string name = "emergency.toml";
    const auto tree = optional_tree(name, {"unit", "desk", "route"});
    if (!tree) return;
    auto& all = city_.emergency;
    take_rows(*tree, name, "unit", all.units,
              [](const EmergencyUnit& u) { return check_emergency(u); });
    take_rows(*tree, name, "desk", all.desks,
              [&](const EmergencyDesk& d) { return check_emergency(index, d); });
    take_rows(*tree, name, "route", all.routes,
              [&](const EmergencyRoute& r) { return check_emergency(city_.network, r); });
  }

  void read_progressions(const Index& index) {
    const std::string name = "progressions.toml";
    const auto tree = optional_tree(name, {"progression"});
    if (!tree) return;
    take_rows(*tree, name, "progression", city_.network.progressions,
              [&](const Progression& p) { return check_progression(city_.network, index, p); });
  }

  fs::path folder_;
  fs::path accepted_;
  City city_;
};

}  // namespace

Result<City> read_city(const std::string& folder, const std::string& accepted_dir) {
  if (!fs::is_directory(folder)) {
    return Error{"no_file", "expected a city folder", folder};
  }
  auto city = CityReader(folder, accepted_dir).read();
  if (!city) return in_file(city.error(), folder);
  return city;
}

}  // namespace dispecer::city
