// sumo.toml, and the file in which an accepted junction is remembered.
#include <set>

#include "adapters/city/bind.h"
#include "adapters/city/files.h"

namespace dispecer::city {
namespace {

using Indices = std::vector<std::vector<std::uint32_t>>;

struct SumoRow {
  JunctionId id;
  std::optional<std::string> traffic_light;
  std::optional<Indices> group_indices;
  std::optional<std::string> idle_state;
};

constexpr auto city_layout(Tag<SumoRow>) {
  using P = SumoRow;
  return std::tuple{field(1, "id", &P::id), field(2, "traffic_light", &P::traffic_light),
                    field(3, "group_indices", &P::group_indices),
                    field(4, "idle_state", &P::idle_state)};
}

struct SumoFile {
  std::string net_file;
  std::string config_file;
  std::vector<SumoRow> junction;
  std::map<std::string, std::string> edge;
  std::map<std::string, std::string> induction_loop;
  std::map<std::string, std::string> crossing_edge;
};

constexpr auto city_layout(Tag<SumoFile>) {
  using P = SumoFile;
  return std::tuple{field(1, "net_file", &P::net_file),
                    field(2, "config_file", &P::config_file),
                    field(3, "junction", &P::junction),
                    field(4, "edge", &P::edge),
                    field(5, "induction_loop", &P::induction_loop),
                    field(6, "crossing_edge", &P::crossing_edge)};
}

template <class I>
std::map<std::string, std::string> as_text(const std::map<I, std::string>& in) {
  std::map<std::string, std::string> out;
  for (const auto& [k, v] : in) out[k.str()] = v;
  return out;
}

template <class I>
void as_ids(const std::map<std::string, std::string>& in, std::map<I, std::string>& out) {
  for (const auto& [k, v] : in) out[I(k)] = v;
}

template <class V>
std::optional<V> look_up(const std::map<JunctionId, V>& in, const JunctionId& id) {
  const auto it = in.find(id);
  return it == in.end() ? std::nullopt : std::optional<V>(it->second);
}

}  // namespace

Result<> sumo_from(const Value& tree, SumoMapping& sumo) {
  SumoFile file;
  if (auto r = read_value(tree, file); !r) return r;
  sumo.net_file = file.net_file;
  sumo.config_file = file.config_file;
  std::set<JunctionId> seen;
  for (const auto& row : file.junction) {
    if (row.id.empty()) return Error{"missing_key", "expected an id", "junction"};
    if (!seen.insert(row.id).second) {
      return Error{"doubly_mapped", "found twice, expected once",
                   "junction '" + row.id.str() + "'"};
    }
    if (row.traffic_light) sumo.traffic_light[row.id] = *row.traffic_light;
    if (row.group_indices) sumo.group_indices[row.id] = *row.group_indices;
    if (row.idle_state) sumo.idle_state[row.id] = *row.idle_state;
  }
  as_ids(file.edge, sumo.edge);
  as_ids(file.induction_loop, sumo.induction_loop);
  as_ids(file.crossing_edge, sumo.crossing_edge);
  return Ok{};
}

Table sumo_to(const SumoMapping& sumo) {
  SumoFile file{sumo.net_file,
                sumo.config_file,
                {},
                as_text(sumo.edge),
                as_text(sumo.induction_loop),
                as_text(sumo.crossing_edge)};
  std::set<JunctionId> ids;
  for (const auto& [id, v] : sumo.traffic_light) ids.insert(id);
  for (const auto& [id, v] : sumo.group_indices) ids.insert(id);
  for (const auto& [id, v] : sumo.idle_state) ids.insert(id);
  Table table;
  for (const auto& id : ids) {
    file.junction.push_back({id, look_up(sumo.traffic_light, id), look_up(sumo.group_indices, id),
                             look_up(sumo.idle_state, id)});
  }
  table.push_back({"net_file", file.net_file});
  table.push_back({"config_file", file.config_file});
  List rows;
  for (const auto& row : file.junction) {
    Table t{{"id", row.id.str()}};
    if (row.traffic_light) t.push_back({"traffic_light", *row.traffic_light});
    if (row.group_indices) t.push_back({"group_indices", to_value(*row.group_indices)});
    if (row.idle_state) t.push_back({"idle_state", *row.idle_state});
    rows.push_back(std::move(t));
  }
  if (!rows.empty()) table.push_back({"junction", std::move(rows)});
  if (!file.edge.empty()) table.push_back({"edge", to_value(file.edge)});
  if (!file.induction_loop.empty()) {
    table.push_back({"induction_loop", to_value(file.induction_loop)});
  }
  if (!file.crossing_edge.empty()) {
    table.push_back({"crossing_edge", to_value(file.crossing_edge)});
  }
  return table;
}

Table bundle_to(const JunctionBundle& bundle) {
  Table table{{"signals", to_value(bundle.signals)}};
  if (bundle.rsmp) table.push_back({"rsmp", to_value(*bundle.rsmp)});
  SumoMapping sumo;
  const auto& id = bundle.signals.junction;
  if (bundle.traffic_light) sumo.traffic_light[id] = *bundle.traffic_light;
  if (bundle.group_indices) sumo.group_indices[id] = *bundle.group_indices;
  if (bundle.idle_state) sumo.idle_state[id] = *bundle.idle_state;
  table.push_back({"sumo", sumo_to(sumo)});
  return table;
}

Result<JunctionBundle> bundle_from(const Value& tree) {
  JunctionBundle bundle;
  const auto* signals = tree.find("signals");
  if (signals == nullptr) return Error{"missing_key", "expected a table", "signals"};
  if (auto r = read_value(*signals, bundle.signals); !r) return r.error();
  if (const auto* rsmp = tree.find("rsmp")) {
    if (auto r = read_value(*rsmp, bundle.rsmp); !r) return r.error();
  }
  if (const auto* part = tree.find("sumo")) {
    SumoMapping sumo;
    if (auto r = sumo_from(*part, sumo); !r) return r.error();
    const auto& id = bundle.signals.junction;
    bundle.traffic_light = look_up(sumo.traffic_light, id);
    bundle.group_indices = look_up(sumo.group_indices, id);
    bundle.idle_state = look_up(sumo.idle_state, id);
  }
  return bundle;
}

}  // namespace dispecer::city
