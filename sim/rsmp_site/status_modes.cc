// In which mode the intersections are, and who wants it so.
#include <algorithm>

#include "sim/rsmp_site/status_parts.h"

namespace dispecer::sim::parts {
namespace {

using rsmp::Value;

// Told by intersection: numbers, True or False, and the cause.
Answer by_intersection(const Cabinet& cabinet, std::string_view name, auto&& on, auto&& source) {
  if (name == "intersection")
    return Value(each(cabinet, [](const Intersection& i) { return number(i.number); }));
  if (name == "source") return Value(each(cabinet, source));
  return Value(each(cabinet, [&](const Intersection& i) { return rsmp::bool_text(on(i)); }));
}

// The words that the list has for a cause.
const char* source_of_mode(const Intersection& i) {
  if (i.state.police_key != 0 || i.state.manual) return "operator_panel";
  if (i.output.mode == ControlMode::startup) return "startup";
  const bool ordered = i.output.mode == ControlMode::yellow_flash ||
                       (i.output.mode == ControlMode::dark && !i.state.mains_lost);
  return ordered ? "forced" : "other";
}

bool starting(const Intersection& i, const SiteSettings& settings) {
  return i.output.mode == ControlMode::startup &&
         (i.state.starts_after_power || !settings.quiet_return);
}

const char* control_mode(const Intersection& i, const SiteSettings& settings) {
  switch (i.output.mode) {
    case ControlMode::startup:
      return starting(i, settings) ? "startup" : "control";
    case ControlMode::control:
      return "control";
    case ControlMode::failure:
      return "failure";
    default:
      return "standby";
  }
}

bool all_red(const Intersection& i) {
  return i.output.mode == ControlMode::all_red &&
         std::all_of(i.output.aspects.begin(), i.output.aspects.end(),
                     [](Aspect a) { return a == Aspect::red; });
}

const char* coordination(const Intersection& i) {
  if (i.output.mode != ControlMode::control) return "off";
  return i.output.plan_source == PlanSource::commanded ? "centralized" : "local";
}

Answer starting_status(const Cabinet& cabinet, const SiteSettings& settings,
                       std::string_view name) {
  const auto& list = cabinet.intersections;
  if (name == "status") {
    return Value(rsmp::bool_text(std::any_of(
        list.begin(), list.end(), [&](const Intersection& i) { return starting(i, settings); })));
  }
  std::string json;
  for (const auto& i : list) {
    json += (json.empty() ? "" : ",") + std::string(R"({"intersection":")") + number(i.number) +
            R"(","startup":")" + rsmp::bool_text(starting(i, settings)) + "\"}";
  }
  return Value::json_array("[" + json + "]");
}

}  // namespace

Answer mode(const Cabinet& cabinet, const SiteSettings& settings, std::string_view code,
            std::string_view name) {
  const auto flag = [&](auto&& on) { return by_intersection(cabinet, name, on, source_of_mode); };
  const auto other = [](const Intersection&) { return "other"; };
  if (code == "S0005") return starting_status(cabinet, settings, name);
  if (code == "S0006") {
    const auto& routes = cabinet.programme.emergencies;
    if (name == "status") return Value(rsmp::bool_text(!routes.empty()));
    return Value(number(routes.empty() ? 0 : routes.back()));
  }
  if (code == "S0007")
    return flag([](const Intersection& i) { return i.output.mode != ControlMode::dark; });
  if (code == "S0008") return flag([](const Intersection& i) { return i.state.manual; });
  if (code == "S0009") {
    return by_intersection(
        cabinet, name, [](const Intersection& i) { return i.state.fixed_time; },
        [](const Intersection& i) { return i.state.fixed_time ? "forced" : "other"; });
  }
  if (code == "S0010")  // plans always follow the common cycle reference
    return by_intersection(
        cabinet, name, [](const Intersection&) { return false; }, other);
  if (code == "S0011") {
    return flag([](const Intersection& i) {
      return i.output.mode == ControlMode::yellow_flash || i.output.mode == ControlMode::failure;
    });
  }
  if (code == "S0012") return flag(all_red);
  if (code == "S0013" && name == "status") {
    // Position 3 (all red) came with 1.1 of the list.
    const std::uint32_t most = rsmp::sxl_at_least(settings.sxl, "1.1.0") ? 3 : 2;
    return Value(each(cabinet, [&](const Intersection& i) {
      return number(std::min(i.state.police_key, most));
    }));
  }
  if (code == "S0020" && name == "controlmode") {
    return Value(each(cabinet, [&](const Intersection& i) { return control_mode(i, settings); }));
  }
  if (code == "S0032" && name == "status") return Value(each(cabinet, coordination));
  return by_intersection(
      cabinet, name, [](const Intersection&) { return false; }, other);
}

}  // namespace dispecer::sim::parts
