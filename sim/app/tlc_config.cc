#include "sim/app/tlc_config.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "adapters/rsmp/message/signal_list.h"
#include "adapters/rsmp/message/tlc.h"
#include "sim/app/tlc_file.h"
#include "sim/controller/pattern.h"

namespace dispecer::sim {
namespace {

Error at(Error error, const std::string& path) {
  error.where = path + (error.where.empty() ? "" : ": " + error.where);
  return error;
}

Result<TlcFile> read_file(const std::string& path, std::string& text) {
  std::ifstream in(path);
  if (!in) return Error{"no_file", "cannot be read", path};
  std::ostringstream whole;
  whole << in.rdbuf();
  text = whole.str();
  auto tree = city::parse_toml(text);
  if (!tree) return at(tree.error(), path);
  TlcFile file;
  if (auto r = city::read_value(*tree, file); !r) return at(r.error(), path);
  return file;
}

// Letters of the start-up, in seconds: e dark or flash, f amber, g red.
Result<> startup(const TlcFile& file, Settings& settings) {
  const auto& letters = file.startup;
  if (letters.empty() || !std::is_sorted(letters.begin(), letters.end()) ||
      letters.find_first_not_of("efg") != std::string::npos) {
    return Error{"bad_config", "found '" + letters + "', expected letters e, f, g in that order",
                 "startup"};
  }
  const auto seconds = [&](char letter) {
    return file.timing.startup_step_s *
           static_cast<double>(std::count(letters.begin(), letters.end(), letter));
  };
  settings.startup_flash_s = seconds('e');
  settings.startup_amber_s = seconds('f');
  settings.startup_red_s = seconds('g');
  return Ok{};
}

Result<Settings> settings_of(const TlcFile& file) {
  Settings s;
  if (auto r = startup(file, s); !r) return r.error();
  s.inputs = file.inputs;
  s.outputs = file.outputs;
  s.battery_s = file.power.battery_s;
  s.clock_loss = from_seconds(file.power.clock_loss_s);
  s.max_extension_s = file.priority.max_extension_s;
  return s;
}

Result<State> pattern_state(const TlcFile& file, Settings settings, UtcTime now) {
  if (!file.test_only) {
    return Error{"bad_config",
                 "plans by pattern keep no intergreens: the file must say test_only = true",
                 "pattern"};
  }
  JunctionSignals own;
  own.junction = JunctionId(file.site.id);
  own.local_plan = file.local_plan;
  for (const auto& row : file.group) {
    SignalGroup group;
    group.id = SignalGroupId(row.component);
    group.kind = row.kind;
    own.groups.push_back(std::move(group));
  }
  std::vector<PatternPlan> patterns;
  for (const auto& row : file.pattern) patterns.push_back({row.plan, row.groups});
  for (std::uint32_t n = 1; n <= file.detector.size(); ++n) settings.detectors.insert(n);
  auto state = make_pattern_controller(std::move(own), std::move(patterns), std::move(settings));
  if (!state) return state.error();
  for (const auto& row : file.pattern) {
    SetBands bands{row.plan, {}};
    for (const auto& b : row.bands) bands.bands.push_back({b.band, b.length_s});
    if (bands.bands.empty()) continue;
    if (auto r = apply(*state, bands, now); !r) return r.error();
  }
  return state;
}

Result<> fill_intersections(const TlcFile& file, Cabinet& cabinet, UtcTime now) {
  auto settings = settings_of(file);
  if (!settings) return settings.error();
  if (!file.pattern.empty()) {
    if (!file.intersection.empty())
      return Error{"bad_config", "a controller has patterns or intersections, not both",
                   "intersection"};
    auto state = pattern_state(file, *settings, now);
    if (!state) return state.error();
    cabinet.intersections.push_back({1, *std::move(state), {}});
    return Ok{};
  }
  for (const auto& row : file.intersection) {
    if (!row.signals) return Error{"bad_config", "expected a table of signals", "intersection"};
    auto own = *settings;
    own.detectors = {row.detectors.begin(), row.detectors.end()};
    auto state = make_controller(*row.signals, own);
    if (!state) return state.error();
    cabinet.intersections.push_back({row.number, *std::move(state), {}});
  }
  if (cabinet.intersections.empty())
    return Error{"bad_config", "found neither patterns nor intersections", "intersection"};
  std::sort(cabinet.intersections.begin(), cabinet.intersections.end(),
            [](const Intersection& a, const Intersection& b) { return a.number < b.number; });
  return Ok{};
}

void fill_programme(const TlcFile& file, Cabinet& cabinet) {
  auto& p = cabinet.programme;
  if (!file.situation.empty()) p.situations.clear();
  for (const auto& row : file.situation) p.situations.push_back({row.number, row.plan});
  p.situation = p.situations.front().number;
  for (const auto& row : file.emergency_route)
    p.routes.push_back({row.number, row.stage, row.intersection});
  for (const auto& row : file.police_key_input) p.key_inputs[row.input] = row.position;
  p.manual_input = file.panel_input;
  auto& q = cabinet.priority.settings;
  q.decide_s = file.priority.decide_s;
  q.queue_s = file.priority.queue_s;
  q.stale_s = file.priority.stale_s;
  q.cooldown_s = file.priority.cooldown_s;
}

Result<> fill_versions(const TlcFile& file, const TlcChoice& choice, SiteSettings& site) {
  auto texts = file.site.core;
  if (!choice.core.empty()) texts = {choice.core};
  if (texts.empty()) {
    for (const auto& row : rsmp::core_table()) texts.emplace_back(row.text);
  }
  for (const auto& text : texts) {
    const auto core = rsmp::parse_core(text);
    if (!core) return Error{"bad_core", "found '" + text + "', expected 3.1.2 to 3.2.2", "core"};
    site.cores.push_back(*core);
  }
  std::sort(site.cores.begin(), site.cores.end());
  site.sxl = choice.sxl.empty() ? file.site.sxl : choice.sxl;
  const auto known = rsmp::sxl_versions();
  const bool found = std::any_of(known.begin(), known.end(),
                                 [&](std::string_view v) { return rsmp::same_sxl(v, site.sxl); });
  if (!found) return Error{"bad_sxl", "found '" + site.sxl + "', expected 1.0.7 to 1.2.1", "sxl"};
  const auto least = rsmp::least_core(site.sxl);
  if (site.cores.back() < least) {
    return Error{"bad_core",
                 "signal list " + site.sxl + " needs core " + std::string(rsmp::rules(least).text),
                 "core"};
  }
  std::erase_if(site.cores, [&](rsmp::Core c) { return c < least; });
  return Ok{};
}

Result<> fill_components(const TlcFile& file, const Cabinet& cabinet, SiteSettings& site) {
  for (const auto& row : file.group) site.group_components.push_back(row.component);
  std::size_t groups = 0;
  for (const auto& i : cabinet.intersections) groups += i.state.lamps.size();
  if (groups != site.group_components.size()) {
    return Error{"bad_config",
                 "found " + std::to_string(site.group_components.size()) + " components for " +
                     std::to_string(groups) + " signal groups",
                 "group"};
  }
  for (std::uint32_t n = 1; n <= file.detector.size(); ++n)
    site.detector_components[n] = file.detector[n - 1].component;
  for (const auto& row : file.input_alarm) {
    if (!find_component(site, row.component))
      return Error{"bad_config", "no component '" + row.component + "'", "input_alarm"};
    site.alarms.push_back({row.input, row.component, row.alarm});
  }
  for (const auto& row : file.priority.references)
    site.priority_references[row.reference] = row.group;
  return Ok{};
}

Result<> fill_lines(const TlcFile& file, const TlcChoice& choice, TlcConfig& out) {
  LineSettings line;
  line.reconnect = from_seconds(file.timing.reconnect_s);
  line.first_reconnect = from_seconds(file.timing.first_reconnect_s);
  for (const auto& row : file.supervisor) {
    line.host = row.host;
    line.port = std::to_string(row.port);
    out.lines.push_back(line);
  }
  if (!choice.supervisors.empty()) out.lines.clear();
  for (const auto& text : choice.supervisors) {
    const auto colon = text.rfind(':');
    const auto port =
        colon == std::string::npos ? std::nullopt : rsmp::parse_integer(text.substr(colon + 1));
    if (colon == 0 || !port || *port < 1 || *port > 65535)
      return Error{"bad_supervisor", "found '" + text + "', expected HOST:PORT", "supervisor"};
    line.host = text.substr(0, colon);
    line.port = text.substr(colon + 1);
    out.lines.push_back(line);
  }
  if (out.lines.empty()) return Error{"bad_supervisor", "none is given", "supervisor"};
  if (out.lines.size() > 1 && out.site.cores.back() < rsmp::Core::v3_2_0)
    return Error{"bad_supervisor", "several supervisors need core 3.2", "supervisor"};
  return Ok{};
}

}  // namespace

Result<TlcConfig> read_tlc_config(const std::string& path, const TlcChoice& choice, UtcTime now) {
  std::string text;
  const auto file = read_file(path, text);
  if (!file) return file.error();
  TlcConfig out;
  out.name = file->name;
  out.test_only = file->test_only;
  out.timezone = file->timezone;
  out.tick_s = file->timing.tick_s;
  out.cabinet.id = ControllerId(file->site.id);
  auto& site = out.site;
  site.site_id = file->site.id;
  site.main_component = file->site.main_component;
  site.nts_id = file->site.nts_id;
  site.code1 = file->site.security_code_1;
  site.code2 = file->site.security_code_2;
  if (site.site_id.empty() || site.main_component.empty())
    return at(Error{"bad_config", "id and main_component are needed", "site"}, path);
  site.watchdog_interval = from_seconds(file->timing.watchdog_s);
  site.ack_timeout = from_seconds(file->timing.ack_timeout_s);
  site.buffered = {file->buffer.statuses.begin(), file->buffer.statuses.end()};
  site.buffer = file->buffer.messages;
  site.buffer_file = file->buffer.file;
  site.follow_supervisor = file->follow_supervisor_clock;
  site.restart_drops_line = file->restart_drops_line;
  site.parameter_version = file->site.parameter_version;
  site.parameters_since = now;
  site.traffic_data_at_once = file->compatibility.traffic_data_at_once;
  site.quiet_return = file->compatibility.quiet_return;
  site.repeat_at_once = file->compatibility.repeat_at_once;
  if (auto r = fill_versions(*file, choice, site); !r) return at(r.error(), path);
  if (auto r = fill_intersections(*file, out.cabinet, now); !r) return at(r.error(), path);
  fill_programme(*file, out.cabinet);
  if (auto r = fill_components(*file, out.cabinet, site); !r) return at(r.error(), path);
  if (auto r = fill_lines(*file, choice, out); !r) return at(r.error(), path);
  return out;
}

}  // namespace dispecer::sim
