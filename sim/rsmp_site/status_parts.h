// Parts of status_value() by kind of status. Private to this room.
#pragma once

#include "adapters/rsmp/message/tlc.h"
#include "sim/rsmp_site/status.h"

namespace dispecer::sim::parts {

using Answer = std::optional<rsmp::Value>;

inline std::string number(std::size_t n) {
  return std::to_string(n);
}

// f(intersection) for each one, joined by ','.
template <class F>
std::string each(const Cabinet& cabinet, F&& f) {
  std::string text;
  for (const auto& i : cabinet.intersections) {
    if (!text.empty()) text += ',';
    text += f(i);
  }
  return text;
}

// S0001, S0025.
Answer lamps_and_cycle(const Cabinet& cabinet, std::string_view name);
Answer estimate(const Cabinet& cabinet, std::size_t group, std::string_view name);
// S0005 to S0013, S0020, S0032.
Answer mode(const Cabinet& cabinet, const SiteSettings& settings, std::string_view code,
            std::string_view name);
// S0002 to S0004, S0021 to S0024, S0026 to S0031, S0033, S0035.
Answer list(const Cabinet& cabinet, std::string_view code);

}  // namespace dispecer::sim::parts
