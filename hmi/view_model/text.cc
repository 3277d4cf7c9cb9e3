#include "hmi/view_model/text.h"

#include <array>
#include <map>

namespace dispecer::hmi {
namespace {

struct Pair {
  const char* en;
  const char* ro;
};

constexpr std::array<Pair, static_cast<std::size_t>(Text::count)> kTexts{{
#define DISPECER_TEXT(key, en, ro) {en, ro},
    DISPECER_TEXTS(DISPECER_TEXT)
#undef DISPECER_TEXT
}};

const std::map<std::string_view, Pair> kKeys{
    {"max_red", {"maximum red is due", "roșu maxim ajuns la termen"}},
    {"min_green", {"minimum green", "verde minim"}},
    {"no_communication", {"no communication", "fără comunicație"}},
    {"stale_picture", {"picture is stale", "imagine învechită"}},
    {"holder", {"held by another", "comanda o are altcineva"}},
    {"commissioning", {"not commissioned for commands", "nu este în funcțiune pentru comenzi"}},
    {"bus_priority", {"bus priority", "prioritate pentru autobuz"}},
    {"bus_extension", {"green extended for a bus", "verde prelungit pentru autobuz"}},
    {"bus_early_green", {"early green for a bus", "verde devansat pentru autobuz"}},
    {"queue", {"queue", "coadă"}},
    {"demand", {"demand", "cerere"}},
    {"spillback", {"full link downstream", "tronson plin în aval"}},
    {"pedestrian_wait", {"people on foot wait", "pietonii așteaptă"}},
    {"redis_gone", {"Redis is gone", "Redis nu răspunde"}},
    {"quarantined",
     {"quarantined: last accepted version in use",
      "în carantină: se folosește ultima versiune acceptată"}},
    {"order_deviated", {"order not followed", "comandă neurmată"}},
    {"operator_hold", {"held by an operator", "menținut de dispecer"}},
    {"operator_release", {"released by an operator", "predat de dispecer"}},
    {"in_intergreen", {"between stages", "între faze"}},
};

}  // namespace

const char* tr(Language language, Text text) {
  const auto& pair = kTexts[static_cast<std::size_t>(text)];
  return language == Language::ro ? pair.ro : pair.en;
}

std::string alarms_text(Language language, std::uint64_t n) {
  const auto number = std::to_string(n);
  if (language == Language::en) return number + (n == 1 ? " alarm" : " alarms");
  if (n == 1) return "1 alarmă";
  const auto tail = n % 100;
  const bool few = n == 0 || (tail > 0 && tail < 20);
  return number + (few ? " alarme" : " de alarme");
}

std::string key_text(Language language, std::string_view key) {
  if (const auto it = kKeys.find(key); it != kKeys.end())
    return language == Language::ro ? it->second.ro : it->second.en;
  std::string text(key);
  for (auto& c : text) {
    if (c == '_') c = ' ';
  }
  return text;
}

std::string fold(std::string_view text) {
  static const std::map<std::string_view, char> kLetters{
      {"ă", 'a'}, {"â", 'a'}, {"î", 'i'}, {"ș", 's'}, {"ț", 't'}, {"ş", 's'}, {"ţ", 't'},
      {"Ă", 'a'}, {"Â", 'a'}, {"Î", 'i'}, {"Ș", 's'}, {"Ț", 't'}, {"Ş", 's'}, {"Ţ", 't'}};
  std::string folded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto it = i + 1 < text.size() ? kLetters.find(text.substr(i, 2)) : kLetters.end();
    if (it != kLetters.end()) {
      folded += it->second;
      ++i;
    } else {
      const char c = text[i];
      folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return folded;
}

}  // namespace dispecer::hmi
