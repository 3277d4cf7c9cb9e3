// Reads a status of the signal exchange list off a controller.
#pragma once

#include <optional>

#include "adapters/rsmp/message/message.h"
#include "adapters/rsmp/message/signal_list.h"
#include "sim/controller/cabinet.h"
#include "sim/rsmp_site/settings.h"

namespace dispecer::sim {

// What the component is; absent = the site has no such component.
struct ComponentRef {
  enum class Kind { main, signal_group, detector_logic } kind = Kind::main;
  std::uint32_t number = 0;  // signal group or detector logic, 1-based
};
std::optional<ComponentRef> find_component(const SiteSettings& settings, const std::string& id);
rsmp::ListTarget target_of(const ComponentRef& at);

// Value of a status that lives outside S0201-S0208. Absent = the controller does not know it
// (quality unknown). Code and name must be in the list.
std::optional<rsmp::Value> status_value(const Cabinet& cabinet, const SiteSettings& settings,
                                        const ComponentRef& at, std::string_view code,
                                        std::string_view name);

// What the controllers' clock reads.
UtcTime clock_of(const Cabinet& cabinet, UtcTime now);

// Offset of a plan as the list counts it: cyclecounter = (basecyclecounter + offset) mod cycle. One
// that was ordered is told as it was ordered.
std::uint32_t wire_offset(const Cabinet& cabinet, const SignalPlan& plan);

}  // namespace dispecer::sim
