// Shared inside this room only.
#pragma once

#include <string_view>

#include "controller/enforcement/enforcement.h"

namespace dispecer::enforcement {

inline void count(State& state, std::string_view cause, std::uint64_t n = 1) {
  state.counters["enforcement." + std::string(cause)] += n;
}
// One read ends here; why is a counter of its own.
inline void forget(State& state, std::string_view why) {
  count(state, "non_hits_deleted");
  count(state, "forgotten." + std::string(why));
}
inline void expire_hold(State& state, std::string_view why) {
  count(state, "holds_expired");
  count(state, "expired." + std::string(why));
}

enum class Standing : std::uint8_t { unknown, no_right, has_right };
// What an answer says, where it may be believed.
Standing standing(const Parameters& parameters, const std::optional<RightsAnswer>& answer);

bool open_today(const State& state, const std::string& plate, CaseKind kind, std::int64_t day);
void move(State& state, CaseRecord& record, CaseState to, UtcTime now);
void lapse(State& state, CaseRecord& record, std::string_view why, UtcTime now);

// Makes the case, counts `reads` reads into it and sends it on to review, or holds it.
void open_case(State& state, CaseRecord record, std::size_t reads, UtcTime now);
EvidenceItem evidence_of(const ScanRead& read);

}  // namespace dispecer::enforcement
