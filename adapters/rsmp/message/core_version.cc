#include "adapters/rsmp/message/core_version.h"

#include <array>

namespace dispecer::rsmp {
namespace {

constexpr bool y = true;
constexpr bool n = false;

// clang-format off
constexpr std::array<CoreRules, 7> kTable{{
  // core          text    se  und str soc req ack case arr old res rvs  buffer
  {Core::v3_1_2, "3.1.2", y,  n,  n,  n,  n,  n,  n,   n,  n,  n,  n,   1000},
  {Core::v3_1_3, "3.1.3", n,  y,  n,  n,  n,  n,  n,   n,  n,  n,  n,  10000},
  {Core::v3_1_4, "3.1.4", n,  y,  y,  n,  n,  n,  n,   n,  n,  n,  n,  10000},
  {Core::v3_1_5, "3.1.5", n,  y,  y,  y,  y,  y,  n,   n,  n,  n,  n,  10000},
  {Core::v3_2_0, "3.2.0", n,  y,  y,  y,  y,  y,  y,   y,  y,  y,  n,  10000},
  {Core::v3_2_1, "3.2.1", n,  y,  y,  y,  y,  y,  y,   y,  y,  y,  n,  10000},
  {Core::v3_2_2, "3.2.2", n,  y,  y,  y,  y,  y,  y,   y,  y,  y,  y,  10000},
}};
// clang-format on

}  // namespace

std::span<const CoreRules> core_table() {
  return kTable;
}

const CoreRules& rules(Core core) {
  return kTable[static_cast<std::size_t>(core)];
}

std::optional<Core> parse_core(std::string_view text) {
  if (text == "3.2") return Core::v3_2_0;
  for (const CoreRules& row : kTable) {
    if (row.text == text) return row.core;
  }
  return std::nullopt;
}

}  // namespace dispecer::rsmp
