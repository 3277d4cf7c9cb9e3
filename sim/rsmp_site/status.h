// Reads a status of the signal exchange list off a controller.
#pragma once

#include <optional>

#include "adapters/rsmp/message/message.h"
#include "sim/controller/cabinet.h"
#include "sim/rsmp_site/settings.h"

namespace dispecer::sim {

// What the component is; absent = the site has no such component.
struct ComponentRef {
  enum class Kind { main, signal_group, detector_logic } kind = Kind::main;
  std::uint32_t number = 0;  // signal group or detector logic, 1-based
};
std::optional<ComponentRef> find_component(const SiteSettings& settings, const std::string& id);

// Value of a status that lives outside S0201-S0208. Absent = the controller does not have it
// (quality unknown). Code and name must be in the list.
std::optional<rsmp::Value> status_value(const Cabinet& cabinet, const SiteSettings& settings,
                                        std::string_view code, std::string_view name);

// What the controllers' clock reads.
UtcTime clock_of(const Cabinet& cabinet, UtcTime now);

// Bits of the aggregated status that a controller sets (1, 3, 4, 5, 6).
std::array<bool, 8> aggregated_bits(const Cabinet& cabinet);

// Over the controller's own file, 16 hexadecimal digits; changes when any safety value does.
std::string parameter_checksum(const Cabinet& cabinet);

}  // namespace dispecer::sim
