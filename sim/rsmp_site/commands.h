// Carries out a CommandRequest on a controller.
#pragma once

#include <variant>

#include "sim/rsmp_site/status.h"

namespace dispecer::sim {

// A reason for a MessageNotAck, or the values of the CommandResponse. A command that the
// controller's own rules refuse is answered with the value that stays in force.
using CommandAnswer = std::variant<std::string, std::vector<rsmp::CommandValue>>;

// Security codes may change (M0103): they then stand in the cabinet. `restarted` tells of an M0004.
CommandAnswer carry_out(Cabinet& cabinet, const SiteSettings& settings,
                        const rsmp::CommandRequest& request, UtcTime now,
                        bool* restarted = nullptr);

}  // namespace dispecer::sim
