// Writes an approved command in the words of RSMP. Accepts nothing but an ApprovedCommand.
#pragma once

#include <string>
#include <vector>

#include "adapters/rsmp/config.h"
#include "adapters/rsmp/message/message.h"
#include "controller/plan/approved_command.h"

namespace dispecer::rsmp {

// One command code per request.
struct FieldCommand {
  std::string code;  // "M0013"
  CommandRequest request;
};

// What the encoder needs beside the command.
struct CommandContext {
  const SiteConfig& site;
  const JunctionWire& junction;
  std::string_view sxl;                      // of the session
  const std::vector<std::uint32_t>& forced;  // inputs that S0029 shows as forced
  const Secrets& secrets;                    // for a change of security codes
};

// Requests to send, in order; all of them belong to the one order. A stage order sets the wanted
// demand input and clears those of the other stages; a release clears them all. Causes: no_input
// (the stage has none), no_code (no security code known), not_in_sxl (the site's list has no such
// command), unknown_detector, unknown_group, unknown_secret, bad_value, unsupported.
Result<std::vector<FieldCommand>> encode(const ApprovedCommand& command,
                                         const CommandContext& context);

// Inputs that are stage demands of the junction, ascending.
std::vector<std::uint32_t> demand_inputs(const JunctionSignals& signals);

}  // namespace dispecer::rsmp
