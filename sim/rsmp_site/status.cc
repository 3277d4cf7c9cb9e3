#include "sim/rsmp_site/status.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::sim {
namespace {

using rsmp::Value;

std::string number(std::size_t n) {
  return std::to_string(n);
}

char letter(const Intersection& i, std::size_t g) {
  if (i.output.mode == ControlMode::startup) {
    switch (i.output.startup) {
      case Startup::amber:
        return 'f';
      case Startup::red:
        return 'g';
      default:
        return 'e';
    }
  }
  const auto& lamp = i.state.lamps[g];
  const bool flash =
      i.output.mode == ControlMode::yellow_flash || i.output.mode == ControlMode::failure;
  if (flash) return 'c';
  if (lamp.aspect == Aspect::green && lamp.green_began) {
    const auto least = from_seconds(i.state.own.groups[g].min_green.time.value);
    return i.output.t - *lamp.green_began < least ? '1' : '3';
  }
  return rsmp::letter_of(lamp.aspect);
}

template <class F>
std::string each(const Cabinet& cabinet, F&& f) {
  std::string text;
  for (const auto& i : cabinet.intersections) {
    if (!text.empty()) text += ',';
    text += f(i);
  }
  return text;
}

template <class F>
std::string letters(std::size_t n, F&& f) {
  std::string text;
  for (std::uint32_t k = 1; k <= n; ++k) text += f(k);
  return text;
}

const char* control_mode(ControlMode mode) {
  switch (mode) {
    case ControlMode::startup:
      return "startup";
    case ControlMode::control:
      return "control";
    case ControlMode::failure:
      return "failure";
    default:
      return "standby";
  }
}

bool any(const Cabinet& cabinet, ControlMode mode) {
  return std::any_of(cabinet.intersections.begin(), cabinet.intersections.end(),
                     [&](const Intersection& i) { return i.output.mode == mode; });
}

// A status that is told by intersection: numbers, True or False, and who caused it.
std::optional<Value> by_intersection(const Cabinet& cabinet, std::string_view name, auto&& on,
                                     auto&& source) {
  if (name == "intersection")
    return Value(each(cabinet, [](const Intersection& i) { return number(i.number); }));
  if (name == "source") return Value(each(cabinet, source));
  return Value(each(cabinet, [&](const Intersection& i) { return rsmp::bool_text(on(i)); }));
}

std::string per_plan(const Cabinet& cabinet, auto&& value) {
  std::map<std::uint32_t, std::string> rows;
  for (const auto& i : cabinet.intersections) {
    for (const auto& plan : i.state.plans) rows.emplace(plan.number, value(plan));
  }
  std::string text;
  for (const auto& [n, row] : rows) text += (text.empty() ? "" : ",") + number(n) + row;
  return text;
}

std::optional<Value> clock_part(const Cabinet& cabinet, std::string_view name) {
  using namespace std::chrono;
  const sys_time<microseconds> moment{microseconds{cabinet.intersections.front().output.clock.us}};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<seconds>(moment - day)};
  if (name == "year") return Value(std::to_string(static_cast<int>(date.year())));
  if (name == "month") return Value(number(static_cast<unsigned>(date.month())));
  if (name == "day") return Value(number(static_cast<unsigned>(date.day())));
  if (name == "hour") return Value(std::to_string(clock.hours().count()));
  if (name == "minute") return Value(std::to_string(clock.minutes().count()));
  return Value(std::to_string(clock.seconds().count()));
}

std::optional<Value> lamps_and_cycle(const Cabinet& cabinet, std::string_view name) {
  const auto& first = cabinet.intersections.front();
  if (name == "cyclecounter") return Value(number(first.output.cycle_second));
  if (name == "basecyclecounter") return Value(number(first.output.base_cycle_second));
  if (name == "stage") return Value(number(first.output.stage.value_or(0)));
  std::string text;
  for (const auto& i : cabinet.intersections) {
    for (std::size_t g = 0; g < i.state.lamps.size(); ++g) text += letter(i, g);
  }
  return Value(text);
}

std::optional<Value> lists(const Cabinet& cabinet, std::string_view code) {
  const auto seconds = [](double s) { return std::to_string(std::llround(s)); };
  if (code == "S0002") {
    return Value(letters(detector_count(cabinet), [&](std::uint32_t n) {
      const auto* d = detector(cabinet, n);
      return d == nullptr ? '-' : d->reading.occupied ? '1' : '0';
    }));
  }
  if (code == "S0021") {
    return Value(letters(detector_count(cabinet), [&](std::uint32_t n) {
      const auto* d = detector(cabinet, n);
      return d != nullptr && d->forced ? '1' : '0';
    }));
  }
  if (code == "S0003") {
    return Value(letters(input_count(cabinet),
                         [&](std::uint32_t n) { return input_value(cabinet, n) ? '1' : '0'; }));
  }
  if (code == "S0029") {
    return Value(letters(input_count(cabinet),
                         [&](std::uint32_t n) { return input_forced(cabinet, n) ? '1' : '0'; }));
  }
  const auto& outputs = cabinet.intersections.front().state.outputs;
  if (code == "S0004") {
    return Value(letters(outputs.size(), [&](std::uint32_t n) {
      return outputs[n - 1].value_or(false) ? '1' : '0';
    }));
  }
  if (code == "S0030") {
    return Value(
        letters(outputs.size(), [&](std::uint32_t n) { return outputs[n - 1] ? '1' : '0'; }));
  }
  if (code == "S0022") return Value(per_plan(cabinet, [](const SignalPlan&) { return ""; }));
  if (code == "S0024") {
    return Value(
        per_plan(cabinet, [&](const SignalPlan& p) { return "-" + seconds(p.offset.value); }));
  }
  if (code == "S0028") {
    return Value(
        per_plan(cabinet, [&](const SignalPlan& p) { return "-" + seconds(p.cycle.value); }));
  }
  std::string text;  // S0023
  for (const auto& [plan, bands] : cabinet.intersections.front().state.bands) {
    for (const auto& [band, length] : bands) {
      text += (text.empty() ? "" : ",") + number(plan) + "-" + number(band) + "-" + seconds(length);
    }
  }
  return Value(text);
}

std::optional<Value> modes(const Cabinet& cabinet, std::string_view code, std::string_view name) {
  const auto forced = [](const Intersection& i) {
    return i.state.mode_until || i.output.mode == ControlMode::yellow_flash ||
                   i.output.mode == ControlMode::dark
               ? "forced"
           : i.output.mode == ControlMode::startup ? "startup"
                                                   : "other";
  };
  const auto never = [](const Intersection&) { return false; };
  if (code == "S0005") {
    if (name == "status") return Value(rsmp::bool_text(any(cabinet, ControlMode::startup)));
    std::string json;
    for (const auto& i : cabinet.intersections) {
      json += (json.empty() ? "" : ",") + std::string(R"({"intersection":")") + number(i.number) +
              R"(","startup":")" + rsmp::bool_text(i.output.mode == ControlMode::startup) + "\"}";
    }
    return Value::json_array("[" + json + "]");
  }
  if (code == "S0007") {
    return by_intersection(
        cabinet, name, [](const Intersection& i) { return i.output.mode != ControlMode::dark; },
        forced);
  }
  if (code == "S0011") {
    return by_intersection(
        cabinet, name,
        [](const Intersection& i) {
          return i.output.mode == ControlMode::yellow_flash ||
                 i.output.mode == ControlMode::failure;
        },
        forced);
  }
  if (code == "S0013" && name == "status")
    return Value(each(cabinet, [](const auto&) { return "0"; }));
  if (code == "S0020" && name == "controlmode")
    return Value(each(cabinet, [](const Intersection& i) { return control_mode(i.output.mode); }));
  if (code == "S0032" && name == "status")
    return Value(each(cabinet, [](const auto&) { return "local"; }));
  return by_intersection(cabinet, name, never, [](const auto&) { return "other"; });
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

std::optional<Value> status_value(const Cabinet& cabinet, const SiteSettings& settings,
                                  std::string_view code, std::string_view name) {
  constexpr std::array kLists{"S0002", "S0003", "S0004", "S0021", "S0022",
                              "S0023", "S0024", "S0028", "S0029", "S0030"};
  constexpr std::array kModes{"S0005", "S0007", "S0008", "S0009", "S0010",
                              "S0011", "S0012", "S0013", "S0020", "S0032"};
  const auto in = [&](const auto& codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  };
  const auto& first = cabinet.intersections.front();
  if (code == "S0001") return lamps_and_cycle(cabinet, name);
  if (in(kLists)) {
    const bool extended = name == "extendedinputstatus" || name == "extendedoutputstatus";
    return extended ? std::optional<Value>("") : lists(cabinet, code);
  }
  if (in(kModes)) return modes(cabinet, code, name);
  if (code == "S0006") return name == "status" ? Value("False") : Value("0");
  if (code == "S0014")
    return name == "status" ? Value(number(first.output.plan))
                            : Value(first.output.plan_forced ? "forced" : "startup");
  if (code == "S0015") return name == "status" ? Value("1") : Value("startup");
  if (code == "S0016") return Value(number(detector_count(cabinet)));
  if (code == "S0017") return Value(number(settings.group_components.size()));
  if (code == "S0018") return Value(number(first.state.plans.size()));
  if (code == "S0019") return Value("1");
  if (code == "S0026" || code == "S0027") return Value("");  // no tables are kept
  if (code == "S0033" || code == "S0035") return Value::json_array("[]");
  if (code == "S0034") return Value(number(first.state.band_timeout_min));
  if (code == "S0091" || code == "S0092") {
    if (name == "status") return Value("logout");
    return Value(rsmp::rules(settings.cores.back()).array_values ? "0" : "nobody");
  }
  if (code == "S0095") return Value("Dispecer virtual controller 1");
  if (code == "S0096") return clock_part(cabinet, name);
  if (code == "S0097" && name == "checksum") return Value(parameter_checksum(cabinet));
  if (code == "S0097") return Value(to_iso(UtcTime{0}));
  return std::nullopt;
}

UtcTime clock_of(const Cabinet& cabinet, UtcTime now) {
  return cabinet.intersections.front().state.own_clock(now);
}

std::array<bool, 8> aggregated_bits(const Cabinet& cabinet) {
  std::array<bool, 8> bits{};
  bits[2] = any(cabinet, ControlMode::failure);
  for (const auto& i : cabinet.intersections) {
    for (const auto& d : i.state.detectors) bits[4] = bits[4] || !d.logic_error.empty();
  }
  bits[5] = true;
  bits[6] = any(cabinet, ControlMode::dark);
  return bits;
}

std::string parameter_checksum(const Cabinet& cabinet) {
  std::uint64_t h = 14695981039346656037ULL;
  const auto mix = [&](std::string_view text) {
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    h = (h ^ 0xFF) * 1099511628211ULL;
  };
  const auto time = [&](double s) { mix(std::to_string(std::llround(s * 1000))); };
  for (const auto& i : cabinet.intersections) {
    const auto& own = i.state.own;
    for (const auto& g : own.groups) {
      mix(g.id.str());
      for (const auto* t : {&g.min_green, &g.amber, &g.red_amber, &g.max_red}) time(t->time.value);
    }
    for (const auto& m : own.intergreens) {
      mix(number(m.losing) + ">" + number(m.gaining));
      time(m.time.time.value);
    }
    for (const auto& s : own.stages) {
      mix("stage " + number(s.number));
      for (const auto g : s.green) mix(number(g));
    }
    for (const auto& t : own.transitions) mix(number(t.from) + ">" + number(t.to));
    for (const auto& p : own.plans) {
      mix("plan " + number(p.number));
      time(p.cycle.value);
      time(p.offset.value);
      for (const auto& s : p.ring) {
        mix(number(s.stage));
        time(s.start.value);
      }
    }
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(h));
  return text;
}

}  // namespace dispecer::sim
