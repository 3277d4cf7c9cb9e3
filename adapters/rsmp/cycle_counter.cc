#include "adapters/rsmp/cycle_counter.h"

#include <algorithm>
#include <cstdint>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

std::optional<std::int64_t> number(const StatusBoard& board, std::string_view code,
                                   std::string_view name) {
  const auto text = board.text(code, name);
  return text ? parse_integer(*text) : std::nullopt;
}

// Of a plan in a list of "plan-seconds"; the last entry counts.
std::optional<std::int64_t> of_plan(const StatusBoard& board, std::string_view code,
                                    std::int64_t plan) {
  const auto list = parse_tuples(board.text(code, "status").value_or(""), 2);
  std::optional<std::int64_t> found;
  for (const auto& entry : list.value_or(std::vector<std::vector<std::int64_t>>{})) {
    if (entry[0] == plan) found = entry[1];
  }
  return found;
}

bool near(std::int64_t a, std::int64_t b, std::int64_t cycle) {
  const std::int64_t off = ((a - b) % cycle + cycle) % cycle;
  return std::min(off, cycle - off) <= 1;
}

}  // namespace

std::optional<std::string> counter_deviation(const StatusBoard& board) {
  const auto plan = number(board, "S0014", "status");
  const auto counter = number(board, "S0001", "cyclecounter");
  const auto base = number(board, "S0001", "basecyclecounter");
  if (!plan || !counter || !base) return std::nullopt;
  const auto cycle = of_plan(board, "S0028", *plan);
  const auto offset = of_plan(board, "S0024", *plan);
  if (!cycle || !offset || *cycle <= 0) return std::nullopt;
  const auto text = [&](const std::string& what) {
    return "plan " + std::to_string(*plan) + " cycle counter " + std::to_string(*counter) + what;
  };
  if (*counter >= *cycle) return text(" is outside the cycle of " + std::to_string(*cycle) + " s");
  if (near(*counter, *base + *offset, *cycle)) return std::nullopt;
  const bool turned = near(*counter, *base - *offset, *cycle);
  return text(" does not follow from base " + std::to_string(*base) + " and offset " +
              std::to_string(*offset) + (turned ? ": the offset is counted the other way" : ""));
}

}  // namespace dispecer::rsmp
