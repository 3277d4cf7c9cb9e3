#include <set>

#include "adapters/city/bind.h"
#include "adapters/city/files.h"

namespace dispecer::city {
namespace {

template <class T>
Table rows(const char* key, const std::vector<T>& things) {
  if (things.empty()) return {};
  return {{key, to_value(things)}};
}

Result<> write_table(const fs::path& folder, const std::string& name, const std::string& head,
                     const Table& table) {
  return write_text(folder / name, "# " + head + "\n\n" + write_toml(table));
}

Result<> write_signals(const City& city, const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& [id, signals] : city.signals) {
    const auto name = file_name(id.str()) + ".toml";
    names.insert(name);
    const auto tree = to_value(signals);
    auto r = write_table(folder / "signals", name,
                         "Signals of one junction. Numbers of groups count from 0 in the order "
                         "below; times are seconds.",
                         *tree.table());
    if (!r) return r;
  }
  std::error_code ec;
  std::vector<fs::path> gone;
  for (const auto& entry : fs::directory_iterator(folder / "signals", ec)) {
    const auto name = entry.path().filename().string();
    if (name.ends_with(".toml") && !names.contains(name)) gone.push_back(entry.path());
  }
  for (const auto& path : gone) fs::remove(path, ec);
  return Ok{};
}

}  // namespace

Result<> write_city(const City& city, const std::string& folder) {
  const fs::path to(folder);
  const Table head{{"schema", std::int64_t{1}},
                   {"name", city.name},
                   {"title", city.title},
                   {"version", city.version},
                   {"valid_from", city.valid_from},
                   {"timezone", city.timezone},
                   {"centre", to_value(city.centre)},
                   {"south_west", to_value(city.south_west)},
                   {"north_east", to_value(city.north_east)}};
  if (auto r = write_table(to, "city.toml", "The city.", head); !r) return r;
  if (auto r = write_text(to / "network.geojson", write_json(network_to(city.network))); !r) {
    return r;
  }
  if (auto r = write_signals(city, to); !r) return r;
  Table zones = rows("zone", city.zones);
  for (auto& m : rows("gate", city.gates)) zones.push_back(m);
  Table emergency = rows("unit", city.emergency.units);
  for (auto& m : rows("desk", city.emergency.desks)) emergency.push_back(m);
  for (auto& m : rows("route", city.emergency.routes)) emergency.push_back(m);
  struct Part {
    const char* name;
    const char* head;
    Table table;
  };
  const Part parts[] = {
      {"rsmp.toml", "RSMP names of controllers, in the order of groups and of detector numbers.",
       rows("intersection", city.rsmp)},
      {"sumo.toml", "Names of the simulator for the ids of the city.", sumo_to(city.sumo)},
      {"devices.toml", "How each device is reached. Secrets are named, never written here.",
       rows("device", city.devices)},
      {"zones.toml", "Access zones and their gates. Bit 0 of weekdays is Monday; local time.",
       std::move(zones)},
      {"parking.toml", "Parking areas.", rows("parking", city.parking)},
      {"air.toml", "Air quality stations.", rows("station", city.stations)},
      {"calendar.toml", "The city's book: works, closures, events, holidays.",
       rows("entry", city.book.entries)},
      {"progressions.toml", "Streets on which signals follow one another at a given speed.",
       rows("progression", city.network.progressions)},
      {"emergency.toml", "Who may ask for emergency corridors, and routes that controllers hold.",
       std::move(emergency)}};
  for (const auto& part : parts) {
    if (auto r = write_table(to, part.name, part.head, part.table); !r) return r;
  }
  return Ok{};
}

}  // namespace dispecer::city
