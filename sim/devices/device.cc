#include "sim/devices/device.h"

#include <algorithm>
#include <array>

namespace dispecer::sim {
namespace {

// FNV-1a, then the finaliser of splitmix64 so that near texts give far numbers.
std::uint64_t hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t h = 14695981039346656037ULL ^ (seed * 0x9E3779B97F4A7C15ULL);
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  h ^= h >> 30;
  h *= 0xBF58476D1CE4E5B9ULL;
  h ^= h >> 27;
  h *= 0x94D049BB133111EBULL;
  return h ^ (h >> 31);
}

// Takes a number below `n` off the front of `h`.
std::uint64_t draw(std::uint64_t& h, std::uint64_t n) {
  const auto value = h % n;
  h /= n;
  return value;
}

}  // namespace

const StreetVehicle* StreetView::find(std::string_view id) const {
  const auto it =
      std::lower_bound(vehicles.begin(), vehicles.end(), id,
                       [](const StreetVehicle& v, std::string_view key) { return v.id < key; });
  return it != vehicles.end() && it->id == id ? &*it : nullptr;
}

double chance(std::string_view text, std::uint64_t seed) {
  return static_cast<double>(hash(text, seed) >> 11) * 0x1.0p-53;
}

std::string plate_of(std::string_view vehicle, std::uint64_t seed) {
  auto h = hash(vehicle, seed);
  // Romanian plates leave out Q, and I and O as first letter.
  constexpr std::string_view kFirst = "ABCDEFGHJKLMNPRSTUVWXYZ";
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPRSTUVWXYZ";
  constexpr std::array<std::string_view, 8> kCounties{"SM", "CJ", "SJ", "BN",
                                                      "SV", "BH", "TM", "IS"};
  const auto letter = [&](std::string_view from) { return from[draw(h, from.size())]; };
  const auto digits = [&](int n) {
    std::string text;
    while (n-- > 0) text += static_cast<char>('0' + draw(h, 10));
    return text;
  };
  const auto kind = draw(h, 50);
  if (kind == 0) {  // Hungarian: three letters, three digits
    return std::string{letter(kFirst), letter(kFirst), letter(kFirst)} + digits(3);
  }
  const std::string county = kind < 40 ? "MM" : std::string(kCounties[draw(h, kCounties.size())]);
  const auto tens = static_cast<char>('0' + draw(h, 10));
  auto units = static_cast<char>('0' + draw(h, 10));
  if (tens == '0' && units == '0') units = '1';
  std::string plate = county + tens + units;
  plate += letter(kFirst);
  plate += letter(kLetters);
  plate += letter(kLetters);
  return plate;
}

std::vector<PermitKind> permits_of(std::string_view plate, std::uint64_t seed) {
  const double p = chance(plate, seed ^ 0x5045524DULL);
  if (p < 0.10) return {PermitKind::resident};
  if (p < 0.13) return {PermitKind::delivery};
  if (p < 0.15) return {PermitKind::disabled};
  if (p < 0.16) return {PermitKind::taxi};
  if (p < 0.165) return {PermitKind::guest};
  return {};
}

}  // namespace dispecer::sim
