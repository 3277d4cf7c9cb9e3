// A write to the field that passed the guard. There is no other way to get one: no default
// constructor, no field listing (so no decoder), one friend. Protocol code accepts nothing else.
#pragma once

#include <utility>

#include "controller/plan/proposal.h"

namespace dispecer {

namespace guard {
class Guard;
}

class ApprovedCommand {
 public:
  [[nodiscard]] const Proposal& proposal() const { return proposal_; }
  [[nodiscard]] const FieldWrite& write() const { return proposal_.write; }

 private:
  friend class guard::Guard;
  explicit ApprovedCommand(Proposal proposal) : proposal_(std::move(proposal)) {}
  Proposal proposal_;
};

}  // namespace dispecer
