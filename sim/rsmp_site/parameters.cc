#include "sim/rsmp_site/parameters.h"

#include <sodium.h>

#include <cmath>
#include <cstdio>

namespace dispecer::sim {
namespace {

// Each value of the own file in a fixed order.
template <class Take>
void walk(const Cabinet& cabinet, Take&& take) {
  const auto time = [&](double s) { take(std::to_string(std::llround(s * 1000))); };
  for (const auto& i : cabinet.intersections) {
    const auto& own = i.state.own;
    for (const auto& g : own.groups) {
      take(g.id.str());
      for (const auto* t : {&g.min_green, &g.amber, &g.red_amber, &g.max_red}) time(t->time.value);
    }
    for (const auto& m : own.intergreens) {
      take(std::to_string(m.losing) + ">" + std::to_string(m.gaining));
      time(m.time.time.value);
    }
    for (const auto& s : own.stages) {
      take("stage " + std::to_string(s.number));
      for (const auto g : s.green) take(std::to_string(g));
    }
    for (const auto& t : own.transitions) take(std::to_string(t.from) + ">" + std::to_string(t.to));
    for (const auto& p : own.plans) {
      take("plan " + std::to_string(p.number));
      time(p.cycle.value);
      time(p.offset.value);
      for (const auto& s : p.ring) {
        take(std::to_string(s.stage));
        time(s.start.value);
      }
    }
    for (const auto& p : i.state.patterns) {
      for (const auto& text : p.groups) take(text);
    }
  }
}

}  // namespace

std::string parameter_checksum(const Cabinet& cabinet) {
  std::uint64_t h = 14695981039346656037ULL;
  walk(cabinet, [&](const std::string& text) {
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    h = (h ^ 0xFF) * 1099511628211ULL;
  });
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(h));
  return text;
}

std::string parameter_file(const Cabinet& cabinet, const SiteSettings& settings) {
  if (!settings.parameter_file.empty()) return settings.parameter_file;
  std::string text;
  walk(cabinet, [&](const std::string& line) { text += line + "\n"; });
  return text;
}

std::string base64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kVariant);
  text.pop_back();  // the terminating zero
  return text;
}

}  // namespace dispecer::sim
