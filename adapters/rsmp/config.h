// What the supervisor must know of each site, taken from the city.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "adapters/rsmp/session.h"

namespace dispecer::rsmp {

// One detector logic that is wired to a detector of ours.
struct DetectorWire {
  DetectorId id;
  std::uint32_t number = 0;  // position in S0002 and S0205, 1-based
  std::string component;
  SignalGroupId group;
  DetectorKind kind = DetectorKind::unknown;
  Metres to_stop_line = {};
};

// One intersection of a site.
struct JunctionWire {
  JunctionSignals signals;
  std::size_t first_group = 0;                // position of its first group in S0001, from 0
  std::vector<std::string> group_components;  // in the order of signals.groups
  std::vector<DetectorWire> detectors;
  [[nodiscard]] const JunctionId& id() const { return signals.junction; }
};

struct SiteConfig {
  Admission admission;
  std::string main_component;
  std::string nts_id;
  std::vector<JunctionWire> junctions;  // ascending by intersection
  bool tls = false;                     // only over TLS, with a certificate that names the site
  std::string code1;                    // security codes; "" = none known
  std::string code2;
};

// The secret of that name, absent = there is none.
using Secrets = std::function<std::optional<std::string>(const std::string& name)>;

// All sites of a city that speak RSMP. Rows that are off are left out. Settings read from the
// controller's row: sxl (default 1.2.1), core (versions, comma separated; default all), nts_id,
// ack_timeout_s, watchdog_s, tls ("required"), code1 (name of the level-1 secret); the row's secret
// is that of level
// 2. Causes: unknown_controller, unknown_junction, bad_core, bad_number, group_count,
// detector_number, duplicate_site.
Result<std::vector<SiteConfig>> site_configs(const city::City& city, const Secrets& secrets);

}  // namespace dispecer::rsmp
