#include "sim/rsmp_site/status.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "sim/rsmp_site/parameters.h"
#include "sim/rsmp_site/status_parts.h"

namespace dispecer::sim {
namespace {

using rsmp::Value;

template <std::size_t N>
bool among(const std::array<std::string_view, N>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

std::string clock_part(const Cabinet& cabinet, std::string_view name) {
  using namespace std::chrono;
  const sys_time<microseconds> moment{microseconds{cabinet.intersections.front().output.clock.us}};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<seconds>(moment - day)};
  if (name == "year") return std::to_string(static_cast<int>(date.year()));
  if (name == "month") return std::to_string(static_cast<unsigned>(date.month()));
  if (name == "day") return std::to_string(static_cast<unsigned>(date.day()));
  if (name == "hour") return std::to_string(clock.hours().count());
  if (name == "minute") return std::to_string(clock.minutes().count());
  return std::to_string(clock.seconds().count());
}

const char* source_word(PlanSource source) {
  switch (source) {
    case PlanSource::commanded:
      return "forced";
    case PlanSource::situation:
      return "control_block";
    case PlanSource::calendar:
      return "calendar_clock";
    default:
      return "startup";
  }
}

std::size_t plan_count(const Cabinet& cabinet) {
  std::set<std::uint32_t> plans;
  for (const auto& i : cabinet.intersections) {
    for (const auto& p : i.state.plans) plans.insert(p.number);
  }
  return plans.size();
}

// Somebody at the panel (S0091) or at the web pages (S0092, of which there are none here).
Value operator_login(const Cabinet& cabinet, const SiteSettings& settings, std::string_view code,
                     std::string_view name) {
  const bool in = code == "S0091" && cabinet.intersections.front().state.manual;
  if (name == "status") return in ? "login" : "logout";
  if (rsmp::sxl_at_least(settings.sxl, "1.1.0")) return in ? "1" : "0";
  return in ? "panel" : "nobody";
}

}  // namespace

std::optional<ComponentRef> find_component(const SiteSettings& settings, const std::string& id) {
  using Kind = ComponentRef::Kind;
  if (id == settings.main_component) return ComponentRef{Kind::main, 0};
  const auto& groups = settings.group_components;
  const auto group = std::find(groups.begin(), groups.end(), id);
  if (group != groups.end())
    return ComponentRef{Kind::signal_group, static_cast<std::uint32_t>(group - groups.begin() + 1)};
  for (const auto& [n, component] : settings.detector_components) {
    if (component == id) return ComponentRef{Kind::detector_logic, n};
  }
  return std::nullopt;
}

rsmp::ListTarget target_of(const ComponentRef& at) {
  switch (at.kind) {
    case ComponentRef::Kind::signal_group:
      return rsmp::ListTarget::group;
    case ComponentRef::Kind::detector_logic:
      return rsmp::ListTarget::detector;
    default:
      return rsmp::ListTarget::main;
  }
}

std::optional<Value> status_value(const Cabinet& cabinet, const SiteSettings& settings,
                                  const ComponentRef& at, std::string_view code,
                                  std::string_view name) {
  static constexpr std::array<std::string_view, 15> kLists{
      "S0002", "S0003", "S0004", "S0021", "S0022", "S0023", "S0024", "S0026",
      "S0027", "S0028", "S0029", "S0030", "S0031", "S0033", "S0035"};
  static constexpr std::array<std::string_view, 11> kModes{"S0005", "S0006", "S0007", "S0008",
                                                           "S0009", "S0010", "S0011", "S0012",
                                                           "S0013", "S0020", "S0032"};
  const auto& first = cabinet.intersections.front();
  if (code == "S0001") return parts::lamps_and_cycle(cabinet, name);
  if (code == "S0025") return parts::estimate(cabinet, at.number, name);
  if (among(kLists, code)) {
    const bool extended = name == "extendedinputstatus" || name == "extendedoutputstatus";
    return extended ? std::optional<Value>("") : parts::list(cabinet, code);
  }
  if (among(kModes, code)) return parts::mode(cabinet, settings, code, name);
  if (code == "S0014")
    return name == "status" ? Value(parts::number(first.output.plan))
                            : Value(source_word(first.output.plan_source));
  if (code == "S0015") {
    const auto& p = cabinet.programme;
    return name == "status" ? Value(parts::number(p.situation))
                            : Value(p.situation_forced ? "forced" : "startup");
  }
  if (code == "S0016") return Value(parts::number(detector_count(cabinet)));
  if (code == "S0017") return Value(parts::number(settings.group_components.size()));
  if (code == "S0018") return Value(parts::number(plan_count(cabinet)));
  if (code == "S0019") return Value(parts::number(cabinet.programme.situations.size()));
  if (code == "S0034") return Value(parts::number(first.state.band_timeout_min));
  if (code == "S0091" || code == "S0092") return operator_login(cabinet, settings, code, name);
  if (code == "S0095") return Value("Dispecer virtual controller 1");
  if (code == "S0096") return Value(clock_part(cabinet, name));
  if (name == "timestamp") return Value(to_iso(settings.parameters_since));
  if (code == "S0097") return Value(parameter_checksum(cabinet));
  if (code == "S0098")
    return name == "version" ? Value(settings.parameter_version)
                             : Value(base64(parameter_file(cabinet, settings)));
  return std::nullopt;
}

UtcTime clock_of(const Cabinet& cabinet, UtcTime now) {
  return cabinet.intersections.front().state.own_clock(now);
}

std::uint32_t wire_offset(const Cabinet& cabinet, const SignalPlan& plan) {
  const auto cycle = std::llround(plan.cycle.value);
  const auto shown = ((cycle - std::llround(plan.offset.value)) % cycle + cycle) % cycle;
  const auto told = cabinet.ordered_offsets.find(plan.number);
  if (told != cabinet.ordered_offsets.end() && told->second % cycle == shown) return told->second;
  return static_cast<std::uint32_t>(shown);
}

}  // namespace dispecer::sim
