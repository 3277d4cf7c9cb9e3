#include "tests/bench/figures/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "fusion/model/ensure.h"

namespace dispecer::bench {

void Figures::add(const std::string& name, double value, const std::string& unit) {
  static const std::set<std::string> kUnits{"s",     "ms",    "us",    "veh", "veh_h", "m",   "pct",
                                            "ratio", "count", "per_s", "mib", "eur",   "bool"};
  ensure(kUnits.contains(unit), unit);
  ensure(!name.empty() &&
             name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos,
         name);
  ensure(std::isfinite(value), name);
  figures_.push_back({name, value, unit});
}

bool Figures::has(const std::string& name) const {
  return std::any_of(figures_.begin(), figures_.end(),
                     [&](const Figure& f) { return f.name == name; });
}

bool Figures::print(const std::string& json_file) const {
  for (const auto& f : figures_)
    std::printf("%s: %.6g %s\n", f.name.c_str(), f.value, f.unit.c_str());
  std::fflush(stdout);
  if (json_file.empty()) return true;
  auto* out = std::fopen(json_file.c_str(), "w");
  if (out == nullptr) return false;
  std::fputs("{", out);
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    std::fprintf(out, "%s\n  \"%s\": {\"value\": %.9g, \"unit\": \"%s\"}", i == 0 ? "" : ",",
                 figures_[i].name.c_str(), figures_[i].value, figures_[i].unit.c_str());
  }
  std::fputs("\n}\n", out);
  return std::fclose(out) == 0;
}

double percentile(std::vector<double> samples, double p) {
  ensure(!samples.empty());
  std::sort(samples.begin(), samples.end());
  const auto rank = static_cast<std::size_t>(std::ceil(p * static_cast<double>(samples.size())));
  return samples[std::min(samples.size() - 1, rank == 0 ? 0 : rank - 1)];
}

}  // namespace dispecer::bench
