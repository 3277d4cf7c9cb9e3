#include "sim/rsmp_site/settings.h"

#include <algorithm>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::sim {
namespace {

std::string setting(const city::DeviceRow& row, const std::string& key) {
  const auto at = row.settings.find(key);
  return at == row.settings.end() ? std::string() : at->second;
}

Result<> seconds(const city::DeviceRow& row, const std::string& key, Duration& into) {
  const auto text = setting(row, key);
  if (text.empty()) return Ok{};
  const auto value = rsmp::parse_integer(text);
  if (!value || *value < 1 || *value > 3600) {
    return Error{"bad_number", key + " = '" + text + "', expected 1 to 3600 s",
                 "devices.toml " + row.id};
  }
  into = std::chrono::seconds{*value};
  return Ok{};
}

}  // namespace

Result<SiteSettings> site_settings(const city::City& city, const city::DeviceRow& row,
                                   const std::function<std::string(const std::string&)>& secret) {
  std::vector<std::pair<std::uint32_t, const city::RsmpMapping*>> mine;
  for (const auto& mapping : city.rsmp) {
    const auto signals = city.signals.find(mapping.junction);
    if (mapping.controller.str() == row.id && signals != city.signals.end())
      mine.emplace_back(signals->second.intersection, &mapping);
  }
  if (mine.empty()) {
    return Error{"unknown_controller", "no junction with signals is mapped to it", row.id};
  }
  std::sort(mine.begin(), mine.end());
  SiteSettings out;
  out.site_id = mine.front().second->site_id;
  out.main_component = mine.front().second->main_component;
  out.nts_id = setting(row, "nts_id");
  if (!setting(row, "sxl").empty()) out.sxl = setting(row, "sxl");
  const auto cores = setting(row, "core");
  for (const auto item : rsmp::split(cores, ',')) {
    const auto core = rsmp::parse_core(item);
    if (!core) {
      return Error{"bad_core", "'" + std::string(item) + "' is no core version that we speak",
                   "devices.toml " + row.id};
    }
    out.cores.push_back(*core);
  }
  if (out.cores.empty()) {
    for (const auto& known : rsmp::core_table()) out.cores.push_back(known.core);
  }
  std::sort(out.cores.begin(), out.cores.end());
  if (!row.secret.empty()) out.code2 = secret(row.secret);
  if (const auto name = setting(row, "code1"); !name.empty()) out.code1 = secret(name);
  if (auto r = seconds(row, "watchdog_s", out.watchdog_interval); !r) return r.error();
  if (auto r = seconds(row, "ack_timeout_s", out.ack_timeout); !r) return r.error();
  for (const auto& code : rsmp::split(setting(row, "buffered"), ','))
    out.buffered.insert(std::string(code));
  for (const auto& [number, mapping] : mine) {
    out.group_components.insert(out.group_components.end(), mapping->group_components.begin(),
                                mapping->group_components.end());
    for (const auto& d : city.network.detectors) {
      if (d.junction != mapping->junction || d.number == 0) continue;
      if (d.number > mapping->detector_components.size()) continue;
      out.detector_components[d.number] = mapping->detector_components[d.number - 1];
    }
  }
  out.buffer = rsmp::rules(out.cores.back()).buffer;
  return out;
}

}  // namespace dispecer::sim
