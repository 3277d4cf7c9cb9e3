#include <cctype>
#include <charconv>

#include "adapters/air_quality/reader.h"

namespace dispecer::air_quality {
namespace {

// Lower case, and only letters and digits: "µg/m³", "ug.m-3", "μg m^-3" all become "ugm3".
std::string skeleton(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view two = text.substr(i, 2);
    if (two == "\xC2\xB5" || two == "\xCE\xBC") {  // micro sign, Greek mu
      out += 'u';
      ++i;
    } else if (two == "\xC2\xB3") {  // superscript three
      out += '3';
      ++i;
    } else if (two == "\xC2\xB2") {
      out += '2';
      ++i;
    } else if (text.substr(i, 3) == "\xE2\x82\x82") {  // subscript two
      out += '2';
      i += 2;
    } else if (std::isalnum(static_cast<unsigned char>(text[i])) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
    }
  }
  return out;
}

// g/mol
double molar_mass(Pollutant p) {
  switch (p) {
    case Pollutant::no2:
      return 46.0055;
    case Pollutant::o3:
      return 47.9982;
    case Pollutant::so2:
      return 64.064;
    case Pollutant::co:
      return 28.010;
    default:
      return 0;
  }
}

}  // namespace

Result<double> unit_factor(std::string_view symbol, Pollutant pollutant) {
  const auto unit = skeleton(symbol);
  if (unit == "ugm3" || unit == "microgramspercubicmetre" || unit == "microgrampercubicmetre" ||
      unit == "microgrampercubicmeter" || unit == "microgramspercubicmeter")
    return 1.0;
  if (unit == "mgm3") return 1000.0;
  if (unit == "ngm3") return 0.001;
  // Molar volume of air at 293.15 K and 101.3 kPa: R T / p = 24.06 l/mol.
  constexpr double kMolarVolume = 8.314462618 * 293.15 / 101.3;
  const double ppb = molar_mass(pollutant) / kMolarVolume;
  if (unit == "ppb" && ppb > 0) return ppb;
  if (unit == "ppm" && ppb > 0) return 1000 * ppb;
  return Error{"unknown_unit",
               "found '" + std::string(symbol.substr(0, 40)) +
                   "', expected ug/m3, mg/m3, ng/m3, or ppb or ppm of a gas",
               ""};
}

Pollutant pollutant_of(std::string_view name) {
  const auto slash = name.find_last_of("/#");
  const auto key = skeleton(slash == std::string_view::npos ? name : name.substr(slash + 1));
  if (key == "no2" || key == "nitrogendioxide" || key == "dioxiddeazot") return Pollutant::no2;
  if (key == "pm10") return Pollutant::pm10;
  if (key == "pm25") return Pollutant::pm25;
  if (key == "o3" || key == "ozone" || key == "ozon") return Pollutant::o3;
  if (key == "so2" || key == "sulphurdioxide" || key == "sulfurdioxide") return Pollutant::so2;
  if (key == "co" || key == "carbonmonoxide") return Pollutant::co;
  return Pollutant::unknown;
}

Result<Duration> parse_duration(std::string_view text) {
  const auto bad = Error{"bad_duration",
                         "found '" + std::string(text.substr(0, 40)) +
                             "', expected days, hours, minutes, seconds as in PT1H",
                         ""};
  if (!text.starts_with('P')) return bad;
  std::string_view rest = text.substr(1);
  bool in_time = false;
  bool any = false;
  double sum = 0;
  while (!rest.empty()) {
    if (rest[0] == 'T' && !in_time) {
      in_time = true;
      rest.remove_prefix(1);
      continue;
    }
    double n = 0;
    const auto [end, ec] =
        std::from_chars(rest.data(), rest.data() + rest.size(), n, std::chars_format::fixed);
    if (ec != std::errc{} || end == rest.data() + rest.size() || n < 0 || n > 1e6) return bad;
    const char unit = *end;
    if (unit == 'D' && !in_time) {
      sum += n * 86400;
    } else if (unit == 'H' && in_time) {
      sum += n * 3600;
    } else if (unit == 'M' && in_time) {
      sum += n * 60;
    } else if (unit == 'S' && in_time) {
      sum += n;
    } else {
      return bad;
    }
    any = true;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
  }
  if (!any || sum <= 0) return bad;
  return from_seconds(sum);
}

}  // namespace dispecer::air_quality
