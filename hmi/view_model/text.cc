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
