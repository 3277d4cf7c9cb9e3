// The controller's parameters as a supervisor reads them: checksum (S0097) and file (S0098).
#pragma once

#include <string>
#include <string_view>

#include "sim/controller/cabinet.h"
#include "sim/rsmp_site/settings.h"

namespace dispecer::sim {

// Over the controller's own file, 16 hexadecimal digits; changes when any safety value does, not
// when a cycle, an offset or a band is ordered.
std::string parameter_checksum(const Cabinet& cabinet);

// The file that the settings name, else a listing of the controller's own file, line by line.
std::string parameter_file(const Cabinet& cabinet, const SiteSettings& settings);

std::string base64(std::string_view bytes);

}  // namespace dispecer::sim
