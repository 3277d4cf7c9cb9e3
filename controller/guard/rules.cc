#include "controller/guard/rules.h"

namespace dispecer::guard {

bool Scene::person() const {
  return proposal.operator_confirmed && proposal.actor.role != Role::automaton &&
         proposal.actor.role != Role::unknown && proposal.actor.role != Role::viewer &&
         proposal.actor.role != Role::police;
}

bool Scene::maintainer() const {
  return person() &&
         (proposal.actor.role == Role::maintainer || proposal.actor.role == Role::admin);
}

Verdict refuse(const char* rule, std::string what, std::string where) {
  return Error{rule, std::move(what), std::move(where)};
}

std::string seconds_text(double s) {
  return std::to_string(static_cast<long long>(std::llround(s * 10)) / 10) + "." +
         std::to_string(std::abs(static_cast<long long>(std::llround(s * 10)) % 10)) + " s";
}

bool contains(const std::vector<std::uint32_t>& set, std::uint32_t value) {
  return std::find(set.begin(), set.end(), value) != set.end();
}

Verdict need_control(const Scene& s) {
  if (s.state.observed.mode == ControlMode::control) return std::nullopt;
  return refuse("mode", "the controller is in " + std::string(to_name(s.state.observed.mode)),
                s.where());
}

Verdict need_lever(const Scene& s, Lever lever) {
  if (s.signals.lever >= lever) return std::nullopt;
  return refuse("lever",
                "has lever " + std::string(to_name(s.signals.lever)) + ", needs " +
                    std::string(to_name(lever)),
                s.where());
}

Verdict need_person(const Scene& s) {
  if (s.person()) return std::nullopt;
  return refuse("needs_person", "a signed-in person must confirm it", s.where());
}

Verdict need_end(const Scene& s) {
  const auto& until = s.proposal.until;
  const double left = until ? in_seconds(*until - s.situation.now) : 0;
  if (left > 0 && left <= kMaxOverride) return std::nullopt;
  return refuse("no_end",
                "an override needs an end within a day, found " +
                    (until ? to_iso(*until) : std::string("none")),
                s.where());
}

Verdict need_maintainer(const Scene& s) {
  if (s.maintainer()) return std::nullopt;
  return refuse("needs_maintainer", "a maintainer must confirm it", s.where());
}

Verdict check_number(const Scene& s, const char* name, std::uint32_t number, std::uint32_t least,
                     std::uint32_t most) {
  if (number >= least && number <= most) return std::nullopt;
  return refuse("number_range",
                std::string(name) + " " + std::to_string(number) + ", expected " +
                    std::to_string(least) + " to " + std::to_string(most),
                s.where());
}

}  // namespace dispecer::guard
