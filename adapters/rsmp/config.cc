#include "adapters/rsmp/config.h"

#include <algorithm>
#include <map>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

std::string setting(const city::DeviceRow& row, const std::string& key) {
  const auto at = row.settings.find(key);
  return at == row.settings.end() ? std::string() : at->second;
}

Result<std::vector<Core>> read_cores(const city::DeviceRow& row) {
  std::vector<Core> cores;
  const std::string text = setting(row, "core");
  for (const std::string_view item : split(text, ',')) {
    const auto core = parse_core(item);
    if (!core) {
      return Error{"bad_core", "'" + std::string(item) + "' is no core version that we speak",
                   "devices.toml " + row.id};
    }
    cores.push_back(*core);
  }
  if (cores.empty()) {
    for (const CoreRules& known : core_table()) cores.push_back(known.core);
  }
  std::ranges::sort(cores);
  return cores;
}

Result<> read_seconds(const city::DeviceRow& row, const std::string& key, Duration& into) {
  const std::string text = setting(row, key);
  if (text.empty()) return Ok{};
  const auto seconds = parse_integer(text);
  if (!seconds || *seconds < 1 || *seconds > 3600) {
    return Error{"bad_number", key + " = '" + text + "', expected 1 to 3600 s",
                 "devices.toml " + row.id};
  }
  into = from_seconds(static_cast<double>(*seconds));
  return Ok{};
}

Result<SiteConfig> read_site(const city::DeviceRow& row, const city::RsmpMapping& mapping,
                             const Secrets& secrets) {
  SiteConfig site;
  site.admission.site_id = mapping.site_id;
  site.admission.sxl = setting(row, "sxl").empty() ? "1.2.1" : setting(row, "sxl");
  auto cores = read_cores(row);
  if (!cores) return cores.error();
  site.admission.cores = *std::move(cores);
  if (auto r = read_seconds(row, "ack_timeout_s", site.admission.ack_timeout); !r) return r.error();
  if (auto r = read_seconds(row, "watchdog_s", site.admission.watchdog_interval); !r)
    return r.error();
  site.tls = setting(row, "tls") == "required";
  site.main_component = mapping.main_component;
  site.nts_id = setting(row, "nts_id");
  if (!row.secret.empty()) site.code2 = secrets(row.secret).value_or("");
  if (const std::string name = setting(row, "code1"); !name.empty()) {
    site.code1 = secrets(name).value_or("");
  }
  return site;
}

Result<JunctionWire> read_junction(const city::City& city, const city::RsmpMapping& mapping) {
  const std::string where = "rsmp mapping of " + mapping.junction.str();
  const auto signals = city.signals.find(mapping.junction);
  if (signals == city.signals.end()) {
    return Error{"unknown_junction", "no signals file for it", where};
  }
  JunctionWire wire;
  wire.signals = signals->second;
  if (mapping.group_components.size() != wire.signals.groups.size()) {
    return Error{"group_count",
                 "names " + std::to_string(mapping.group_components.size()) +
                     " group components, the junction has " +
                     std::to_string(wire.signals.groups.size()) + " groups",
                 where};
  }
  wire.group_components = mapping.group_components;
  for (const Detector& detector : city.network.detectors) {
    if (detector.junction != mapping.junction || detector.number == 0) continue;
    const bool named = detector.number <= mapping.detector_components.size();
    wire.detectors.push_back({detector.id, detector.number,
                              named ? mapping.detector_components[detector.number - 1] : "",
                              detector.group, detector.kind, detector.to_stop_line});
  }
  std::ranges::sort(wire.detectors, {}, &DetectorWire::number);
  const auto twice = std::ranges::adjacent_find(wire.detectors, {}, &DetectorWire::number);
  if (twice != wire.detectors.end()) {
    return Error{
        "detector_number",
        "two detectors have number " + std::to_string(twice->number) + ": " + twice->id.str(),
        where};
  }
  return wire;
}

}  // namespace

Result<std::vector<SiteConfig>> site_configs(const city::City& city, const Secrets& secrets) {
  std::map<std::string, SiteConfig> sites;  // by site id
  std::map<std::string, std::string> controller_of;
  for (const city::RsmpMapping& mapping : city.rsmp) {
    const auto row = std::ranges::find(city.devices, mapping.controller.str(),
                                       [](const city::DeviceRow& r) { return r.id; });
    if (row == city.devices.end()) {
      return Error{"unknown_controller", "no row of devices.toml has this id",
                   mapping.controller.str()};
    }
    if (row->protocol != "rsmp" || row->street == city::StreetKind::off) continue;
    // A junction whose file is quarantined has no signals: its controller is left alone.
    if (!city.signals.contains(mapping.junction)) continue;
    auto junction = read_junction(city, mapping);
    if (!junction) return junction.error();
    const auto [owner, fresh] = controller_of.emplace(mapping.site_id, row->id);
    if (!fresh && owner->second != row->id) {
      return Error{"duplicate_site",
                   "site id '" + mapping.site_id + "' belongs to " + owner->second + " as well",
                   row->id};
    }
    if (fresh) {
      auto site = read_site(*row, mapping, secrets);
      if (!site) return site.error();
      sites.emplace(mapping.site_id, *std::move(site));
    }
    sites.at(mapping.site_id).junctions.push_back(*std::move(junction));
  }
  std::vector<SiteConfig> list;
  for (auto& [id, site] : sites) {
    std::ranges::sort(site.junctions, {},
                      [](const JunctionWire& j) { return j.signals.intersection; });
    std::size_t group = 0;
    for (JunctionWire& junction : site.junctions) {
      junction.first_group = group;
      group += junction.signals.groups.size();
    }
    list.push_back(std::move(site));
  }
  return list;
}

}  // namespace dispecer::rsmp
