// What the rules of the guard share. Private to the guard.
#pragma once

#include <algorithm>
#include <cmath>

#include "controller/guard/guard.h"

namespace dispecer::guard {

using Verdict = std::optional<Error>;  // absent = no objection

struct Scene {
  const Proposal& proposal;
  const JunctionSignals& signals;
  const FieldState& state;
  const Situation& situation;

  [[nodiscard]] std::string where() const { return signals.junction.str(); }
  [[nodiscard]] bool person() const;      // a signed-in person who may act confirmed it
  [[nodiscard]] bool maintainer() const;  // a maintainer or administrator did
};

Verdict refuse(const char* rule, std::string what, std::string where);
std::string seconds_text(double s);
bool contains(const std::vector<std::uint32_t>& set, std::uint32_t value);
Verdict need_control(const Scene& s);
Verdict need_lever(const Scene& s, Lever lever);
Verdict need_person(const Scene& s);
Verdict need_end(const Scene& s);
Verdict need_maintainer(const Scene& s);
Verdict check_number(const Scene& s, const char* name, std::uint32_t number, std::uint32_t least,
                     std::uint32_t most);

// One rule for every kind of write; none may be missing.
Verdict check_write(const Scene& s, const StageOrder& order);
Verdict check_write(const Scene& s, const ReleaseOrder& order);
Verdict check_write(const Scene& s, const PlanOrder& order);
Verdict check_write(const Scene& s, const CycleOrder& order);
Verdict check_write(const Scene& s, const OffsetOrder& order);
Verdict check_write(const Scene& s, const BandsOrder& order);
Verdict check_write(const Scene& s, const ModeOrder& order);
Verdict check_write(const Scene& s, const InputOrder& order);
Verdict check_write(const Scene& s, const ForceInputOrder& order);
Verdict check_write(const Scene& s, const OutputOrder& order);
Verdict check_write(const Scene& s, const DetectorOrder& order);
Verdict check_write(const Scene& s, const SecurityCodeOrder& order);
Verdict check_write(const Scene& s, const RestartOrder& order);
Verdict check_write(const Scene& s, const TablesOrder& order);
Verdict check_write(const Scene& s, const ClockOrder& order);
Verdict check_write(const Scene& s, const EmergencyRouteOrder& order);
Verdict check_write(const Scene& s, const SituationOrder& order);
Verdict check_write(const Scene& s, const FixedTimeOrder& order);
Verdict check_write(const Scene& s, const SensitivityOrder& order);
Verdict check_write(const Scene& s, const AlarmOrder& order);
Verdict check_write(const Scene& s, const PriorityOrder& order);
Verdict check_write(const Scene& s, const SignOrder& order);

}  // namespace dispecer::guard
