#include "controller/app/shadow_file.h"

#include <algorithm>
#include <cstdio>

#include "adapters/city/bind.h"
#include "adapters/city/files.h"

namespace dispecer::controller {
namespace {

double pct(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

double per_hour(std::uint64_t n, std::uint64_t seconds) {
  return seconds == 0 ? 0 : 3600.0 * static_cast<double>(n) / static_cast<double>(seconds);
}

void line(std::string& out, const char* name, double value, const char* unit) {
  char buffer[96];
  std::snprintf(buffer, sizeof buffer, "shadow_%s: %.4g %s\n", name, value, unit);
  out += buffer;
}

}  // namespace

Result<signals::Candidate> read_candidate(const std::string& file) {
  const city::fs::path path(file);
  auto tree = city::read_tree(path.parent_path(), path.filename().string());
  if (!tree) return tree.error();
  signals::Candidate out;
  out.name = path.stem().string();
  if (auto* table = tree->table(); table != nullptr) {
    city::Table rest;
    for (const auto& m : *table) {
      if (m.name != "policy") {
        rest.push_back(m);
        continue;
      }
      const auto* word = m.value.text();
      const auto policy = word == nullptr ? std::nullopt : from_name<signals::ShadowPolicy>(*word);
      if (!policy) {
        return Error{"bad_value",
                     "found " + m.value.describe() + ", expected look_ahead, cycle or plan",
                     file + ": policy"};
      }
      out.policy = *policy;
    }
    *tree = city::Value(std::move(rest));
  }
  if (auto r = city::read_value(*tree, out.parameters); !r) return city::in_file(r.error(), file);
  return out;
}

std::string shadow_line(const signals::ShadowScore& s) {
  const double hours = static_cast<double>(s.seconds) / 3600;
  char buffer[256];
  std::snprintf(
      buffer, sizeof buffer,
      "%.1f junction hours, %.1f %% of seconds different, loss %.1f and gain %.1f veh s per "
      "junction and hour, changes %.1f (live %.1f) per hour, breaches %llu (live %llu)",
      hours, pct(s.different, s.seconds), hours > 0 ? s.loss / hours : 0,
      hours > 0 ? s.gain / hours : 0, per_hour(s.changes, s.seconds),
      per_hour(s.live_changes, s.seconds), static_cast<unsigned long long>(s.breaches),
      static_cast<unsigned long long>(s.live_breaches));
  return buffer;
}

std::string shadow_table(const signals::Shadow& shadow, std::size_t most) {
  const auto& s = shadow.score;
  std::string out;
  line(out, "junctions", static_cast<double>(shadow.junctions.size()), "count");
  line(out, "junction_seconds", static_cast<double>(s.seconds), "s");
  line(out, "different_pct", pct(s.different, s.seconds), "pct");
  line(out, "priced_pct", pct(s.priced, s.different), "pct");
  const double hours = static_cast<double>(s.seconds) / 3600;
  line(out, "loss_by_live", hours > 0 ? s.loss / hours : 0, "veh_s_per_junction_h");
  line(out, "gain_by_candidate", hours > 0 ? s.gain / hours : 0, "veh_s_per_junction_h");
  line(out, "changes_per_h", per_hour(s.changes, s.seconds), "count");
  line(out, "live_changes_per_h", per_hour(s.live_changes, s.seconds), "count");
  line(out, "breaches", static_cast<double>(s.breaches), "count");
  line(out, "live_breaches", static_cast<double>(s.live_breaches), "count");
  std::vector<const std::pair<const JunctionId, signals::ShadowScore>*> rows;
  for (const auto& row : shadow.junctions) {
    if (row.second.different > 0) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return pct(a->second.different, a->second.seconds) >
           pct(b->second.different, b->second.seconds);
  });
  rows.resize(std::min(rows.size(), most));
  if (!rows.empty()) out += "# junction different_pct loss_veh_s gain_veh_s changes live_changes\n";
  for (const auto* row : rows) {
    const auto& j = row->second;
    char buffer[96];
    std::snprintf(buffer, sizeof buffer, " %.1f %.1f %.1f %llu %llu\n", pct(j.different, j.seconds),
                  j.loss, j.gain, static_cast<unsigned long long>(j.changes),
                  static_cast<unsigned long long>(j.live_changes));
    out += "# " + row->first.str() + buffer;
  }
  return out;
}

}  // namespace dispecer::controller
