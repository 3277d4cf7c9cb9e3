// The state chart of a case, and what survives a restart.
#include <algorithm>

#include "controller/enforcement/internal.h"

namespace dispecer::enforcement {
namespace {

constexpr const char* kReads = "enforcement.reads";

std::uint64_t value(const std::map<std::string, std::uint64_t>& counters, const std::string& name) {
  const auto it = counters.find(name);
  return it == counters.end() ? 0 : it->second;
}

std::uint64_t settled(const std::map<std::string, std::uint64_t>& counters) {
  return value(counters, "enforcement.non_hits_deleted") +
         value(counters, "enforcement.reads_in_cases") +
         value(counters, "enforcement.holds_expired");
}

}  // namespace

bool open_today(const State& state, const std::string& plate, CaseKind kind, std::int64_t day) {
  return std::any_of(state.cases.begin(), state.cases.end(), [&](const auto& entry) {
    const auto& [id, record] = entry;
    return record.day == day && record.subject.kind == kind && record.subject.plate == plate;
  });
}

void move(State& state, CaseRecord& record, CaseState to, UtcTime now) {
  record.subject.state = to;
  record.subject.changed = now;
  state.changed = true;
  count(state, "case." + std::string(to_name(to)));
}

void lapse(State& state, CaseRecord& record, std::string_view why, UtcTime now) {
  record.subject.outcome = why;
  move(state, record, CaseState::lapsed, now);
  count(state, "lapsed." + std::string(why));
}

void open_case(State& state, CaseRecord record, std::size_t reads, UtcTime now) {
  if (state.cases.contains(record.subject.id)) {
    for (std::size_t i = 0; i < reads; ++i) forget(state, "repeated");
    return;
  }
  count(state, "reads_in_cases", reads);
  record.subject.opened = now;
  CaseRecord& kept = state.cases[record.subject.id] = std::move(record);
  move(state, kept, CaseState::candidate, now);
  move(state, kept, kept.unjudged == 0 ? CaseState::to_review : CaseState::held, now);
}

void apply(State& state, const LeadReceipt& receipt, UtcTime now) {
  const auto it = state.cases.find(receipt.subject);
  if (it == state.cases.end() || lead_id(receipt.subject) != receipt.lead)
    return count(state, "receipt.unknown");
  CaseRecord& record = it->second;
  const CaseState was = record.subject.state;
  // `approved`: the lead went out just before a crash, and our memory of sending it was lost.
  const bool out = was == CaseState::approved || was == CaseState::sent;
  if (!out && was != CaseState::acknowledged) return count(state, "receipt.repeated");
  switch (receipt.kind) {
    case ReceiptKind::received:
    case ReceiptKind::accepted:
      if (!out) return count(state, "receipt.repeated");
      move(state, record, CaseState::acknowledged, now);
      break;
    case ReceiptKind::declined:
    case ReceiptKind::outcome:
      if (out) move(state, record, CaseState::acknowledged, now);
      record.subject.outcome =
          (receipt.kind == ReceiptKind::declined ? "declined: " : "") + receipt.text;
      move(state, record, CaseState::closed, now);
      break;
    case ReceiptKind::unknown:
      return count(state, "receipt.unknown_kind");
  }
  count(state, "receipt." + std::string(to_name(receipt.kind)));
}

Snapshot snapshot(const State& state) {
  Snapshot s;
  for (const auto& [id, record] : state.cases) s.cases.push_back(record);
  for (const auto& [name, n] : state.counters) s.counters.push_back({name, n});
  return s;
}

State restore(const Snapshot& snapshot) {
  State state;
  for (const auto& record : snapshot.cases) {
    auto& kept = state.cases[record.subject.id] = record;
    // What was asked before the restart is answered to nobody, and may have aged since.
    kept.asked = {};
    kept.cleared_for_issue = false;
  }
  for (const auto& counter : snapshot.counters) state.counters[counter.name] = counter.value;
  const auto reads = value(state.counters, kReads);
  const auto done = settled(state.counters);
  for (auto lost = done; lost < reads; ++lost) forget(state, "lost_at_restart");
  return state;
}

std::map<std::string, std::uint64_t> counters(const State& state) {
  auto all = state.counters;
  all["enforcement.waiting"] = state.waiting.size();
  const auto reads = value(all, kReads);
  const auto sum = settled(all) + state.waiting.size();
  all["enforcement.unbalanced"] = reads > sum ? reads - sum : sum - reads;
  return all;
}

std::vector<Case> all_cases(const State& state) {
  std::vector<Case> cases;
  for (const auto& [id, record] : state.cases) cases.push_back(record.subject);
  std::stable_sort(cases.begin(), cases.end(),
                   [](const Case& a, const Case& b) { return a.opened < b.opened; });
  return cases;
}

std::vector<Case> cases_to_review(const State& state) {
  auto cases = all_cases(state);
  std::erase_if(cases, [](const Case& c) { return c.state != CaseState::to_review; });
  return cases;
}

}  // namespace dispecer::enforcement
