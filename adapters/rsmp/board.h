// The live statuses of a site and what follows from them in our words.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/rsmp/config.h"
#include "adapters/rsmp/message/message.h"
#include "controller/plan/proposal.h"
#include "fusion/model/signal_state.h"

namespace dispecer::rsmp {

// Newest value of each (code, name) of the main component. Buffered values (q = old, or a stamp
// that lies more than 10 s back by the site's own clock) never replace a live one.
class StatusBoard {
 public:
  struct Arrival {
    UtcTime stamp;            // sTs
    UtcTime received;         // by our clock
    Duration clock_error{0};  // of the site: its clock less ours
    bool marks_old = true;    // the version says q = old; otherwise an old stamp means buffered
  };
  // Codes of which a live value came in. `old` counts the values that were left aside.
  std::set<std::string> apply(const std::vector<StatusValue>& items, const Arrival& arrival,
                              std::uint64_t& old);
  void clear() { values_.clear(); }

  // Was anything said of it since the last clear, be it that it is unknown?
  [[nodiscard]] bool answered(std::string_view code, std::string_view name) const;
  // Its text where the quality is recent and it is not null.
  [[nodiscard]] std::optional<std::string> text(std::string_view code, std::string_view name) const;
  // Moment of the value in our time: the stamp less the site's clock error, not after the receipt.
  [[nodiscard]] std::optional<UtcTime> time(std::string_view code, std::string_view name) const;
  // For statuses that list one item per intersection.
  [[nodiscard]] std::optional<std::string> of_intersection(std::string_view code,
                                                           std::string_view name,
                                                           std::uint32_t intersection) const;
  [[nodiscard]] bool flag(std::string_view code, std::uint32_t intersection) const;

 private:
  struct Entry {
    Value value;
    Quality quality = Quality::unknown;
    UtcTime t;
  };
  [[nodiscard]] const Entry* find(std::string_view code, std::string_view name) const;

  std::map<std::string, std::map<std::string, Entry, std::less<>>, std::less<>> values_;
};

// What is known beside the statuses.
struct BoardContext {
  CommLink link = CommLink::unknown;
  bool local_control = false;          // bit 1 of the aggregated status
  std::optional<Seconds> clock_error;  // controller less ours
  std::set<std::uint32_t> ours;        // demand inputs that we set a short while ago
  Role role = Role::unknown;           // of whoever set them
  bool fixed_time_ours = false;        // fixed time was ordered by us
  UtcTime now;
  bool takes_requests = false;  // S0033 was told
  std::vector<FieldRequest> requests = {};
};

// Inputs that read as set: stage demands by S0003, any by S0029. Ascending.
std::vector<std::uint32_t> set_inputs(const StatusBoard& board, const JunctionSignals& signals);

// The junction as its controller shows it. Statuses contradict each other in transitions: dark,
// flash and all-red win over the control mode, failure wins over them.
SignalObservation observation_of(const StatusBoard& board, const JunctionWire& wire,
                                 const BoardContext& context);

// Does the board prove that the order has taken effect? Absent = the list has no status for it: the
// CommandResponse is all there is.
std::optional<bool> proved(const StatusBoard& board, const SignalObservation& seen,
                           const JunctionWire& wire, const FieldWrite& write);

// Cycle of a plan as the controller tells it, otherwise as the junction's file has it; absent = no
// such plan.
std::optional<std::int64_t> cycle_of(const StatusBoard& board, const JunctionSignals& signals,
                                     std::uint32_t plan);
// Ours counts from the cycle reference to second 0 of the cycle; on the wire cyclecounter =
// (basecyclecounter + offset) mod cycle, so it is what is left of the cycle. Whole seconds.
std::int64_t wire_offset(Seconds offset, std::int64_t cycle);

// S0096 as a moment; absent = not known.
std::optional<UtcTime> site_clock(const StatusBoard& board);

}  // namespace dispecer::rsmp
