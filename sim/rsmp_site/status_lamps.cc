// Lamps, cycle and what is expected of them.
#include "sim/controller/pattern.h"
#include "sim/controller/prediction.h"
#include "sim/rsmp_site/status_parts.h"

namespace dispecer::sim::parts {
namespace {

char letter(const Intersection& i, std::size_t g) {
  switch (i.output.mode) {
    case ControlMode::startup:
      return i.output.startup == Startup::amber ? 'f'
             : i.output.startup == Startup::red ? 'g'
                                                : 'e';
    case ControlMode::yellow_flash:
    case ControlMode::failure:
      return 'c';
    case ControlMode::dark:
      return 'b';
    default:
      break;
  }
  if (!i.state.patterns.empty() && i.output.mode == ControlMode::control)
    return pattern_letter(i.state, g, i.output.clock);
  const auto& lamp = i.state.lamps[g];
  if (i.output.mode == ControlMode::all_red && lamp.aspect == Aspect::red) return 'h';
  if (lamp.aspect == Aspect::green && lamp.green_began) {
    const auto least = from_seconds(i.state.own.groups[g].min_green.time.value);
    return i.output.t - *lamp.green_began < least ? '1' : '3';
  }
  return rsmp::letter_of(lamp.aspect);
}

}  // namespace

Answer lamps_and_cycle(const Cabinet& cabinet, std::string_view name) {
  const auto& first = cabinet.intersections.front();
  if (name == "cyclecounter") return rsmp::Value(number(first.output.cycle_second));
  if (name == "basecyclecounter") return rsmp::Value(number(first.output.base_cycle_second));
  if (name == "stage") return rsmp::Value(number(first.output.stage.value_or(0)));
  std::string text;
  for (const auto& i : cabinet.intersections) {
    for (std::size_t g = 0; g < i.state.lamps.size(); ++g) text += letter(i, g);
  }
  return rsmp::Value(text);
}

Answer estimate(const Cabinet& cabinet, std::size_t group, std::string_view name) {
  const auto at = group_at(cabinet, group);
  if (!at) return std::nullopt;
  const auto& i = cabinet.intersections[at->intersection];
  const auto seen = predict(i.state, at->group, i.output.t);
  if (!seen) return std::nullopt;
  if (name == "ToGConfidence" || name == "ToRConfidence")
    return rsmp::Value(std::to_string(seen->confidence));
  const auto& moment = name.ends_with("ToGEstimate") ? seen->green : seen->red;
  return moment ? Answer(rsmp::Value(to_iso(*moment))) : std::nullopt;
}

}  // namespace dispecer::sim::parts
