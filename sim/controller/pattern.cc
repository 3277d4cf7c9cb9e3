#include "sim/controller/pattern.h"

#include <algorithm>
#include <string_view>

#include "sim/controller/local_plan.h"
#include "sim/controller/sequencer.h"

namespace dispecer::sim {
namespace {

const PatternPlan* find_pattern(const State& state, std::uint32_t number) {
  const auto it = std::find_if(state.patterns.begin(), state.patterns.end(),
                               [&](const PatternPlan& p) { return p.number == number; });
  return it == state.patterns.end() ? nullptr : &*it;
}

Error bad(const PatternPlan& plan, const std::string& what) {
  return {"bad_pattern", what, "plan " + std::to_string(plan.number)};
}

}  // namespace

Aspect letter_aspect(char letter) {
  static constexpr std::string_view kRed = "ghABCDEFGP";
  static constexpr std::string_view kAmber = "fNO";
  if (letter >= '1' && letter <= '8') return Aspect::green;
  if (kRed.find(letter) != std::string_view::npos) return Aspect::red;
  if (kAmber.find(letter) != std::string_view::npos) return Aspect::amber;
  switch (letter) {
    case 'a':
    case 'b':
      return Aspect::dark;
    case 'c':
    case 'e':
      return Aspect::amber_flash;
    case 'd':
      return Aspect::red_flash;
    case '0':
      return Aspect::red_amber;
    case '9':
      return Aspect::green_flash;
    default:
      return Aspect::unknown;
  }
}

Result<State> make_pattern_controller(JunctionSignals own, std::vector<PatternPlan> patterns,
                                      Settings settings) {
  if (own.groups.empty()) return Error{"no_groups", "expected at least one", own.junction.str()};
  if (patterns.empty()) return Error{"no_plans", "expected at least one", own.junction.str()};
  own.plans.clear();
  for (const auto& p : patterns) {
    if (p.groups.size() != own.groups.size()) {
      return bad(p, "found " + std::to_string(p.groups.size()) + " groups, expected " +
                        std::to_string(own.groups.size()));
    }
    const auto length = p.groups.front().size();
    if (length < 1 || length > 255) return bad(p, "expected 1 to 255 letters");
    for (const auto& text : p.groups) {
      const bool known = std::all_of(text.begin(), text.end(),
                                     [](char c) { return letter_aspect(c) != Aspect::unknown; });
      if (text.size() != length) return bad(p, "'" + text + "' is not as long as the first one");
      if (!known) return bad(p, "'" + text + "' has a letter that S0001 does not know");
    }
    if (find_plan(own, p.number) != nullptr) return bad(p, "this number stands twice");
    SignalPlan plan;
    plan.number = p.number;
    plan.cycle.value = static_cast<double>(length);
    own.plans.push_back(std::move(plan));
  }
  if (find_plan(own, own.local_plan) == nullptr)
    return Error{"bad_pattern", "the local plan " + std::to_string(own.local_plan) + " is missing",
                 own.junction.str()};
  State state;
  state.plans = own.plans;
  state.patterns = std::move(patterns);
  state.lamps.resize(own.groups.size());
  state.inputs.resize(settings.inputs);
  state.outputs.resize(settings.outputs);
  state.wired = settings.detectors;
  state.wired.erase(0);
  if (!state.wired.empty()) state.detectors.resize(*state.wired.rbegin());
  state.settings = std::move(settings);
  state.own = std::move(own);
  return state;
}

char pattern_letter(const State& state, std::size_t group, UtcTime own_clock) {
  const auto& plan = state.running_plan();
  const auto* pattern = find_pattern(state, plan.number);
  ensure(pattern != nullptr, "every plan of a pattern controller has its pattern");
  const auto& text = pattern->groups[group];
  const auto second = static_cast<std::size_t>(plan_position_s(plan, own_clock));
  return text[std::min(second, text.size() - 1)];
}

void show_pattern(State& state, UtcTime now) {
  for (std::size_t g = 0; g < state.lamps.size(); ++g)
    show(state, g, letter_aspect(pattern_letter(state, g, state.own_clock(now))), now);
}

}  // namespace dispecer::sim
