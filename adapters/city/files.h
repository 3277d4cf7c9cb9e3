// Files of a city folder, one at a time. Errors name the file in `where`.
#pragma once

#include <filesystem>

#include "adapters/city/city.h"
#include "adapters/city/value.h"

namespace dispecer::city {

namespace fs = std::filesystem;

// What one junction needs to be commanded: its signals and how they are reached. It is accepted or
// quarantined as one.
struct JunctionBundle {
  JunctionSignals signals;
  std::optional<RsmpMapping> rsmp;
  std::optional<std::string> traffic_light;
  std::optional<std::vector<std::vector<std::uint32_t>>> group_indices;
  std::optional<std::string> idle_state;
};

Result<std::string> read_text(const fs::path& path, const std::string& name);
// Through a temporary file beside it, so that a reader never sees half of it.
Result<> write_text(const fs::path& path, const std::string& text);
// Parsed as TOML or JSON by the ending of `name`.
Result<Value> read_tree(const fs::path& folder, const std::string& name);
Error in_file(Error e, const std::string& name);
// An id as a file name: all but letters, digits, '-' and '_' become %XX.
std::string file_name(const std::string& id);

Result<Network> network_from(const Value& geojson);
Value network_to(const Network& network);

// sumo.toml.
Result<> sumo_from(const Value& tree, SumoMapping& sumo);
Table sumo_to(const SumoMapping& sumo);

Table bundle_to(const JunctionBundle& bundle);
Result<JunctionBundle> bundle_from(const Value& tree);

// Where things of a network are found, made once. It points into the network it was made from.
struct Index {
  explicit Index(const Network& network);
  std::map<LinkId, const Link*> links;
  std::map<JunctionId, const Junction*> junctions;
  std::map<JunctionId, std::vector<const Movement*>> movements;
  std::map<JunctionId, std::vector<const Detector*>> detectors;
  std::map<JunctionId, std::vector<const Crossing*>> crossings;
};

// Every reference, number and list of one part against the city it stands in. `where` names the key
// at fault; for a junction also the file.
Result<> check_network(const Network& network, const Index& index);
Result<> check_devices(const std::vector<DeviceRow>& devices);
Result<> check_sumo(const City& city, const Index& index);
Result<> check_junction(const City& city, const Index& index, const JunctionBundle& bundle);
Result<> check_zone(const Zone& zone);
Result<> check_gate(const City& city, const Index& index, const Gate& gate);
Result<> check_parking(const Index& index, const ParkingArea& area);
// Junctions at which a crossing's early start cannot be given, as "early_start_no_stage".
std::vector<AlarmEvent> early_start_alarms(const City& city, const Index& index);
Result<> check_progression(const Network& network, const Index& index, const Progression& p);
Result<> check_entry(const City& city, const Index& index, const BookEntry& entry);
Result<> check_emergency(const EmergencyUnit& unit);
Result<> check_emergency(const Index& index, const EmergencyDesk& desk);
Result<> check_emergency(const Network& network, const EmergencyRoute& route);

}  // namespace dispecer::city
