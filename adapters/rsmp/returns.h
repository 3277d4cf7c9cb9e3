// Overrides end by themselves: what was written with an end is taken back at that moment, after a
// reconnect as well, and when the centre stops in good order.
#pragma once

#include <optional>
#include <vector>

#include "adapters/rsmp/kept.h"
#include "controller/plan/approved_command.h"

namespace dispecer::rsmp {

// The write that takes another one back; absent = it needs none (it ends by itself, or it gives
// back already).
std::optional<FieldWrite> taking_back(const FieldWrite& write);

struct ReturnDue {
  JunctionId junction;
  FieldWrite write;
  Actor actor;             // who ordered the override and its end
  bool confirmed = false;  // as that order was
};

class ReturnSchedule {
 public:
  // An override that left. A later one of the same kind and target replaces it; taking it back by
  // hand ends it.
  void note(const Proposal& proposal);
  // Those whose end has come, each again after `again` until done() is told.
  std::vector<ReturnDue> due(const JunctionId& junction, UtcTime now);
  // All that is open, whatever its end.
  [[nodiscard]] std::vector<ReturnDue> open(const JunctionId& junction) const;
  void done(const JunctionId& junction, const FieldWrite& write);
  [[nodiscard]] std::vector<KeptOverride> kept(const JunctionId& junction) const;
  // From before this start. An end that is more than a day off is of another clock: due at once.
  void restore(const KeptOverride& kept, UtcTime now);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    ReturnDue back;
    UtcTime until;
    std::optional<UtcTime> asked;
  };
  std::vector<Entry> entries_;
};

}  // namespace dispecer::rsmp
