#include "sim/devices/plate_reader/ocr.h"

#include <cmath>

#include "fusion/model/plate.h"

namespace dispecer::sim {
namespace {

constexpr double kUnreadable = 0.02;
constexpr double kMisread = 0.03;
constexpr double kLasting = 0.2;  // share of the misreads
constexpr double kLookAlike = 0.75;

std::string spoil(const std::string& plate, const std::string& what, std::uint64_t seed) {
  const auto near = confusable_neighbours(plate);
  const double pick = chance(what + "/which", seed);
  if (!near.empty() && chance(what + "/alike", seed) < kLookAlike)
    return near[static_cast<std::size_t>(pick * static_cast<double>(near.size()))];
  std::string other = plate;
  auto& c = other[static_cast<std::size_t>(pick * static_cast<double>(other.size()))];
  c = c >= '0' && c <= '9' ? static_cast<char>('0' + (c - '0' + 3) % 10)
                           : static_cast<char>('A' + (c - 'A' + 5) % 26);
  return other;
}

}  // namespace

OcrRead read_plate(const std::string& vehicle, const std::string& plate,
                   const std::string& occasion, std::uint64_t seed) {
  const std::string now = vehicle + "/" + occasion;
  const double u = chance(now + "/confidence", seed);
  if (plate.empty() || chance(now + "/unreadable", seed) < kUnreadable) return {"", "", 0.4 * u};
  OcrRead read{plate, "", 1 - 0.08 * u * u * u * u};
  if (chance(vehicle + "/lasting", seed) < kMisread * kLasting) {
    read = {spoil(plate, vehicle, seed), "", 0.98 - 0.4 * u};
  } else if (chance(now + "/misread", seed) < kMisread * (1 - kLasting)) {
    read = {spoil(plate, now, seed), "", 0.98 - 0.4 * u};
  }
  read.country = romanian_plate(read.plate) ? "RO" : "";
  return read;
}

}  // namespace dispecer::sim
