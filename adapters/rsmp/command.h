// Writes an approved command in the words of RSMP. Accepts nothing but an ApprovedCommand.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/rsmp/config.h"
#include "adapters/rsmp/message/message.h"
#include "controller/plan/approved_command.h"

namespace dispecer::rsmp {

// One command code per request. What is done about an alarm goes as an alarm message.
struct FieldCommand {
  std::string code;  // "M0013", or that of the alarm
  CommandRequest request;
  std::optional<Alarm> alarm;
  [[nodiscard]] const std::string& component() const {
    return alarm ? alarm->component.id : request.component.id;
  }
};

// What the encoder needs beside the command.
struct CommandContext {
  const SiteConfig& site;
  const JunctionWire& junction;
  std::string_view sxl;                      // of the session
  const std::vector<std::uint32_t>& forced;  // inputs that S0029 shows as forced
  const Secrets& secrets;                    // for a change of security codes
  // Time of the last event of an alarm, which an acknowledgement must carry; absent = not known.
  std::function<std::optional<UtcTime>(const std::string& component, const std::string& code)>
      alarm_time;
  // Present cycle of a plan, s; absent = no such plan.
  std::function<std::optional<std::int64_t>(std::uint32_t plan)> cycle_of;
};

// Requests to send, in order; all of them belong to the one order. A stage order sets the wanted
// demand input and clears those of the other stages; a release clears them all. Causes: no_input
// (the stage has none), no_code (no security code known), not_in_sxl (the site's list has no such
// command), unknown_detector, unknown_group, unknown_plan, unknown_subject, unknown_alarm,
// unknown_secret, bad_value, unsupported.
Result<std::vector<FieldCommand>> encode(const ApprovedCommand& command,
                                         const CommandContext& context);

// What an alarm of a signal group is about, "junction/group": every junction may have its "V1".
std::string group_subject(const JunctionId& junction, const SignalGroupId& group);
// Component that stands for a detector, a group (as group_subject names it) or the junction itself;
// absent = none of them.
std::optional<std::string> component_of(const SiteConfig& site, const JunctionWire& junction,
                                        const std::string& subject);

// Inputs that are stage demands of the junction, ascending.
std::vector<std::uint32_t> demand_inputs(const JunctionSignals& signals);

}  // namespace dispecer::rsmp
