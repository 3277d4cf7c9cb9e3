// A city as read from its folder (DESIGN: "a city as data"). Everything the centre and the street
// need to know that does not change from second to second.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/plan/junction_signals.h"
#include "fusion/model/access.h"
#include "fusion/model/air.h"
#include "fusion/model/book.h"
#include "fusion/model/emergency.h"
#include "fusion/model/health.h"
#include "fusion/model/network.h"
#include "fusion/model/parking.h"

namespace dispecer::city {

enum class StreetKind : std::uint8_t { real, simulated, off };

// One row of devices.toml: an id of ours and how the device is reached. `address` is host:port or a
// URL and may name a port symbolically ("@rsmp"), which the deployment fills in. `settings` holds
// what only its protocol knows.
struct DeviceRow {
  std::string id;    // controller, parking, gate, reader, sign, station id, or "avl", "scan_car",
                     // "registers", "police"
  std::string kind;  // "controller", "parking_counts", "anpr", "scan_car", "sign", "air", "avl",
                     // "registers", "police"
  std::string protocol;  // "rsmp", "gtfs_realtime", "http_json", ...
  std::string address;
  std::string secret;  // name of a secret, never the secret
  StreetKind street = StreetKind::simulated;
  std::map<std::string, std::string> settings;  // rsmp: site_id, main component, core, sxl
  bool operator==(const DeviceRow&) const = default;
};

// RSMP names of one intersection, in the order of JunctionSignals::groups and of detector numbers.
struct RsmpMapping {
  ControllerId controller;
  JunctionId junction;
  std::string site_id;
  std::string main_component;
  std::vector<std::string> group_components;
  std::vector<std::string> detector_components;
  bool operator==(const RsmpMapping&) const = default;
};

// Names of the simulator for our ids.
struct SumoMapping {
  std::string net_file;     // absolute, or relative to the city folder
  std::string config_file;  // .sumocfg
  std::map<JunctionId, std::string> traffic_light;
  // For each group of the junction, the indices of SUMO's state string that it drives.
  std::map<JunctionId, std::vector<std::vector<std::uint32_t>>> group_indices;
  // For each junction the whole state string with every group at red. Mostly 'r'; 's' where a turn
  // on red after a stop is delivered, and the delivered constant character of an index that no
  // group drives. A group at green shows 'g' where it yields in the running stage, else 'G'.
  std::map<JunctionId, std::string> idle_state;
  std::map<LinkId, std::string> edge;
  std::map<DetectorId, std::string> induction_loop;
  std::map<CrossingId, std::string> crossing_edge;
  bool operator==(const SumoMapping&) const = default;
};

struct City {
  std::string name;
  std::string title;
  std::string version;
  std::string valid_from;  // YYYY-MM-DD
  std::string timezone;    // IANA name
  std::string folder;
  std::string hash;  // over all files of the folder, hex
  LonLat centre;
  LonLat south_west;
  LonLat north_east;
  Network network;
  std::map<JunctionId, JunctionSignals> signals;
  std::vector<RsmpMapping> rsmp;
  std::vector<Zone> zones;
  std::vector<Gate> gates;
  std::vector<ParkingArea> parking;
  std::vector<AirStation> stations;
  Book book;
  EmergencyRegister emergency;
  std::vector<DeviceRow> devices;
  SumoMapping sumo;
  std::vector<AlarmEvent>
      quarantined;  // what was left out, or kept on its last accepted version, and why

  bool operator==(const City&) const = default;
};

// Reads and validates a city folder:
//   city.toml         schema, name, title, version, valid_from, timezone, centre, bounds
//   network.geojson   features of class junction, link, movement, detector, crossing
//   signals/*.toml    one JunctionSignals each
//   rsmp.toml, sumo.toml, devices.toml            how junctions and devices are reached
//   zones.toml, parking.toml, air.toml, calendar.toml, emergency.toml,
//   progressions.toml                                                           may be missing
// An error names file, key, what was found and what is expected. A faulty junction, zone, gate,
// parking area, station, progression or book entry (also one that contradicts an earlier one, see
// fusion/model/book_check.h; what only somebody should look at is told there as
// "book_contradiction", and as "early_start_no_stage" where a crossing's early start has no stage
// at its controller that leads, or no lever that could ask for one) is quarantined (the last
// accepted version of a junction or zone from `accepted_dir` is used where there is one) and told
// in `quarantined`; only a fault in city.toml, in the network as a whole or in devices.toml
// refuses. `accepted_dir` empty = no memory of accepted versions; otherwise what was accepted is
// kept there. Causes: no_file, bad_text, bad_schema, missing_key, unknown_key, wrong_type,
// bad_value, out_of_range, duplicate, unknown_reference, unmapped, doubly_mapped, wrong_length, and
// those of validate(JunctionSignals).
Result<City> read_city(const std::string& folder, const std::string& accepted_dir = "");

// Writes a folder that read_city gives back unchanged (all but `folder`, `hash` and `quarantined`).
// Files that it does not know (GTFS, sumo/) are left alone; signal files of junctions that the city
// no longer has are removed. Numbers of the network keep seven decimals.
Result<> write_city(const City& city, const std::string& folder);

// For each group of a junction, in its order, the numbers of the detectors that tell of somebody
// who waits for it: push buttons of its own, and loops at or before the stop line of lanes that its
// movements use. Empty for a junction without signals.
std::vector<std::vector<std::uint32_t>> demand_detectors(const City& city,
                                                         const JunctionId& junction);

// SHA-256 over all files of a folder in the order of their relative paths, hex.
Result<std::string> hash_folder(const std::string& folder);

}  // namespace dispecer::city
