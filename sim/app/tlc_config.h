// The file of one virtual controller that runs without a street (dispecer-tlc).
#pragma once

#include <string>
#include <vector>

#include "sim/controller/cabinet.h"
#include "sim/rsmp_site/client.h"

namespace dispecer::sim {

struct TlcConfig {
  std::string name;
  bool test_only = false;  // fixed patterns without intergreens; the conflict monitor is off
  std::string timezone;    // IANA name, of the day tables; "" = UTC
  double tick_s = 0.1;
  Cabinet cabinet;
  SiteSettings site;                // of the primary supervisor's line
  std::vector<LineSettings> lines;  // the first one is the primary supervisor's
};

// What the command line says over the file; empty = as in the file.
struct TlcChoice {
  std::string core;                      // one version; "3.2" is 3.2.0
  std::string sxl;                       // version of the signal list
  std::vector<std::string> supervisors;  // HOST:PORT, the primary one first
};

// Causes: those of reading a text and of the controllers' own checks, bad_core, bad_sxl,
// bad_supervisor, bad_config; `where` names the file and the key.
Result<TlcConfig> read_tlc_config(const std::string& path, const TlcChoice& choice, UtcTime now);

}  // namespace dispecer::sim
