#include "fusion/model/plate.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace dispecer {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr std::array kCounties{"AB", "AR", "AG", "BC", "BH", "BN", "BT", "BV", "BR", "BZ", "CS",
                               "CL", "CJ", "CT", "CV", "DB", "DJ", "GL", "GR", "GJ", "HR", "HD",
                               "IL", "IS", "IF", "MM", "MH", "MS", "NT", "OT", "PH", "SM", "SJ",
                               "SB", "SV", "TR", "TM", "TL", "VS", "VL", "VN"};

constexpr std::array<std::string_view, 7> kConfusable{"O0DQ", "I1L", "B8", "S5", "Z2", "G6", "MN"};

}  // namespace

std::string normalise_plate(std::string_view text) {
  std::string plate;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      plate += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
  }
  return plate;
}

bool romanian_plate(std::string_view plate) {
  std::size_t county = 0;
  if (plate.size() > 2 &&
      std::find(kCounties.begin(), kCounties.end(), plate.substr(0, 2)) != kCounties.end()) {
    county = 2;
  } else if (!plate.empty() && plate[0] == 'B' && plate.size() > 1 && digit(plate[1])) {
    county = 1;
  }
  if (county == 0) return false;
  const auto rest = plate.substr(county);
  const auto letters =
      static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), letter) - rest.begin());
  if (!std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(letters), digit))
    return false;
  if (letters == rest.size()) return letters >= 3 && letters <= 6;
  const std::size_t tail = rest.size() - letters;
  const std::size_t most = county == 1 ? 3 : 2;
  return letters >= 2 && letters <= most && tail == 3 &&
         std::all_of(rest.begin() + static_cast<std::ptrdiff_t>(letters), rest.end(), letter);
}

std::vector<std::string> confusable_neighbours(std::string_view plate) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < plate.size(); ++i) {
    for (const auto set : kConfusable) {
      if (set.find(plate[i]) == std::string_view::npos) continue;
      for (const char other : set) {
        if (other == plate[i]) continue;
        std::string neighbour(plate);
        neighbour[i] = other;
        result.push_back(std::move(neighbour));
      }
    }
  }
  return result;
}

}  // namespace dispecer
