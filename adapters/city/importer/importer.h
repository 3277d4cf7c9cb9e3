// Makes a city folder from what a traffic simulation knows of a town: a SUMO network with its
// signal programs, optionally demand, stops and parking, and optionally an overlay of hand-written
// files.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "fusion/model/result.h"

namespace dispecer::city {

struct ImportOptions {
  std::string scenario;  // folder, .sumocfg, .net.xml or .net.xml.gz
  std::string out;       // city folder to write
  std::string overlay;   // folder with hand-written files, "" = none
  std::string name;      // "" = from the overlay's city.toml, else from the scenario's folder
  std::string title;     // "" = likewise
  std::function<void(const std::string&)> progress;  // a line each, may be empty
};

// What could not be derived, or was changed. Kinds: unusable, no_program, retimed,
// cycle_lengthened, stage_dropped, stage_lengthened, group_unserved, index_unused,
// priority_conflict, shared_lane, short_link, lane_trap, long_red, projection, no_conflicts,
// overlay, transit, outputs_removed.
struct Finding {
  std::string kind;
  std::string subject;  // a junction, link or file
  std::string text;
  bool operator==(const Finding&) const = default;
};

struct ImportReport {
  std::size_t junctions = 0;
  std::size_t signalised = 0;  // of them, with usable signals
  std::size_t links = 0;
  std::size_t groups = 0;
  std::size_t stages = 0;
  std::size_t detectors = 0;
  std::size_t parking = 0;
  std::size_t stops = 0;
  std::size_t trips = 0;
  std::vector<Finding> findings;
};

// Writes the folder, with sumo/ (loops and a .sumocfg that uses the scenario's own files in place)
// and import_report.toml. Causes: no_file, bad_xml, no_net, no_edges, ambiguous, cannot_write, and
// those of read_city, which has the last word on what was written.
Result<ImportReport> import_sumo(const ImportOptions& options);

}  // namespace dispecer::city
