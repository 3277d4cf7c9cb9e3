// What the centre holds of a junction's settings (plans' cycles and offsets from its file, bands
// and tables as ordered), against what its controller says that it has.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/rsmp/board.h"
#include "adapters/rsmp/config.h"

namespace dispecer::rsmp {

class HeldSettings {
 public:
  explicit HeldSettings(const JunctionSignals& signals);

  // An order that was proved: what it wrote is held from now on.
  void proved(const FieldWrite& write);
  // A controller that lost its centre goes back to its own plan and drops its bands.
  void link_lost();
  // One short text for each setting that the controller tells differently ("plan 1 cycle 60 s,
  // found 70 s"). What it does not tell is not compared.
  [[nodiscard]] std::vector<std::string> deviations(const StatusBoard& board) const;

 private:
  std::map<std::uint32_t, std::int64_t> cycles_;                           // by plan, s
  std::map<std::uint32_t, std::int64_t> offsets_;                          // by plan, s
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> bands_;  // by plan and band, s
  std::uint32_t plan_ = 0;  // that was ordered, 0 = none
  std::string week_;
  std::string day_;
};

}  // namespace dispecer::rsmp
