#include "adapters/rsmp/returns.h"

#include "fusion/model/time.h"

namespace dispecer::rsmp {
namespace {

constexpr Duration kAgain = from_seconds(10);
constexpr Duration kLongest = std::chrono::hours(24);  // of an override, as the guard has it

struct TakingBack {
  using Back = std::optional<FieldWrite>;
  Back operator()(const PlanOrder& o) const { return when(o.plan != 0, PlanOrder{0}); }
  Back operator()(const SituationOrder& o) const {
    return when(o.active, SituationOrder{o.situation, false});
  }
  Back operator()(const FixedTimeOrder& o) const { return when(o.active, FixedTimeOrder{false}); }
  Back operator()(const EmergencyRouteOrder& o) const {
    return when(o.active, EmergencyRouteOrder{o.route, false});
  }
  Back operator()(const InputOrder& o) const { return when(o.set, InputOrder{o.input, false}); }
  Back operator()(const ForceInputOrder& o) const {
    return when(o.force, ForceInputOrder{o.input, false, false});
  }
  Back operator()(const OutputOrder& o) const {
    return when(o.set, OutputOrder{o.output, false, false});
  }
  Back operator()(const DetectorOrder& o) const {
    return when(o.force, DetectorOrder{o.detector, false, false});
  }
  template <class Other>
  Back operator()(const Other&) const {
    return std::nullopt;
  }

 private:
  static Back when(bool set, FieldWrite back) { return set ? Back(std::move(back)) : std::nullopt; }
};

}  // namespace

std::optional<FieldWrite> taking_back(const FieldWrite& write) {
  return std::visit(TakingBack{}, write);
}

void ReturnSchedule::note(const Proposal& proposal) {
  done(proposal.junction, proposal.write);
  auto back = taking_back(proposal.write);
  if (!back || !proposal.until) return;
  done(proposal.junction, *back);
  entries_.push_back(
      {{proposal.junction, *std::move(back), proposal.actor, proposal.operator_confirmed},
       *proposal.until,
       {}});
}

std::vector<ReturnDue> ReturnSchedule::due(const JunctionId& junction, UtcTime now) {
  std::vector<ReturnDue> list;
  for (Entry& entry : entries_) {
    if (entry.back.junction != junction || now < entry.until) continue;
    if (entry.asked && now - *entry.asked < kAgain && now >= *entry.asked) continue;
    entry.asked = now;
    list.push_back(entry.back);
  }
  return list;
}

std::vector<ReturnDue> ReturnSchedule::open(const JunctionId& junction) const {
  std::vector<ReturnDue> list;
  for (const Entry& entry : entries_) {
    if (entry.back.junction == junction) list.push_back(entry.back);
  }
  return list;
}

std::vector<KeptOverride> ReturnSchedule::kept(const JunctionId& junction) const {
  std::vector<KeptOverride> list;
  for (const auto& [back, until, asked] : entries_) {
    if (back.junction == junction)
      list.push_back({junction, back.write, back.actor, back.confirmed, until});
  }
  return list;
}

void ReturnSchedule::restore(const KeptOverride& kept, UtcTime now) {
  done(kept.junction, kept.back);
  const UtcTime until = kept.until - now > kLongest ? now : kept.until;
  entries_.push_back({{kept.junction, kept.back, kept.actor, kept.confirmed}, until, {}});
}

void ReturnSchedule::done(const JunctionId& junction, const FieldWrite& write) {
  std::erase_if(entries_, [&](const Entry& entry) {
    return entry.back.junction == junction && entry.back.write == write;
  });
}

}  // namespace dispecer::rsmp
