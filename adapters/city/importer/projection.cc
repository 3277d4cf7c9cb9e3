#include "adapters/city/importer/projection.h"

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <vector>

namespace dispecer::city {
namespace {

constexpr double kDegree = std::numbers::pi / 180.0;
constexpr double kA = 6378137.0;            // WGS 84 equatorial radius, m
constexpr double kF = 1.0 / 298.257223563;  // WGS 84 flattening
constexpr double kN = kF / (2.0 - kF);      // third flattening
constexpr double kRectifying = kA / (1 + kN) * (1 + kN * kN / 4 + kN * kN * kN * kN / 64);

std::vector<double> numbers(const std::string& text) {
  std::vector<double> out;
  const char* at = text.c_str();
  while (*at != 0) {
    char* end = nullptr;
    const double v = std::strtod(at, &end);
    if (end == at) {
      ++at;
    } else {
      out.push_back(v);
      at = end;
    }
  }
  return out;
}

double parameter(const std::string& text, const std::string& key, double missing) {
  const auto at = text.find("+" + key + "=");
  return at == std::string::npos ? missing
                                 : std::strtod(text.c_str() + at + key.size() + 2, nullptr);
}

double seven(double v) {
  return std::round(v * 1e7) / 1e7;
}

// Rectifying northing (divided by the rectifying radius) of a geographic latitude, radians.
double meridian_arc(double phi) {
  const double n = kN;
  const double a1 = n / 2 - 2 * n * n / 3 + 5 * n * n * n / 16;
  const double a2 = 13 * n * n / 48 - 3 * n * n * n / 5;
  const double a3 = 61 * n * n * n / 240;
  const double e = std::sqrt(kF * (2 - kF));
  const double t = std::sinh(std::atanh(std::sin(phi)) - e * std::atanh(e * std::sin(phi)));
  const double xi = std::atan(t);
  return xi + a1 * std::sin(2 * xi) + a2 * std::sin(4 * xi) + a3 * std::sin(6 * xi);
}

}  // namespace

Projection::Projection(const std::string& parameters, const std::string& net_offset,
                       const std::string& conv_boundary, const std::string& orig_boundary) {
  const auto offset = numbers(net_offset);
  if (offset.size() >= 2) offset_ = {offset[0], offset[1]};
  const auto conv = numbers(conv_boundary);
  if (conv.size() >= 4) {
    low_ = {conv[0], conv[1]};
    high_ = {conv[2], conv[3]};
  }
  const auto geo = numbers(orig_boundary);
  const bool utm = parameters.find("+proj=utm") != std::string::npos;
  const bool mercator = parameters.find("+proj=tmerc") != std::string::npos;
  if (utm || mercator) {
    kind_ = ProjectionKind::utm;
    if (utm) {
      meridian_ = parameter(parameters, "zone", 34) * 6 - 183;
      if (parameters.find("+south") != std::string::npos) false_northing_ = 10000000;
    } else {
      meridian_ = parameter(parameters, "lon_0", 0);
      latitude_ = parameter(parameters, "lat_0", 0);
      scale_ = parameter(parameters, "k", parameter(parameters, "k_0", 1));
      false_easting_ = parameter(parameters, "x_0", 0);
      false_northing_ = parameter(parameters, "y_0", 0);
    }
  } else if (parameters.find("+proj") != std::string::npos && geo.size() >= 4 && geo[0] >= -180 &&
             geo[2] <= 180 && geo[1] >= -85 && geo[3] <= 85 && geo[2] > geo[0] && geo[3] > geo[1] &&
             high_.x > low_.x && high_.y > low_.y) {
    kind_ = ProjectionKind::stretched;
    geo_low_ = {geo[0], geo[1]};
    geo_high_ = {geo[2], geo[3]};
  }
}

LonLat Projection::to_lon_lat(Local p) const {
  if (kind_ == ProjectionKind::made_up) {
    const LocalPlane plane({23.57, 47.65});
    const auto at = plane.to_lon_lat({p.x - (low_.x + high_.x) / 2, p.y - (low_.y + high_.y) / 2});
    return {seven(at.lon), seven(at.lat)};
  }
  if (kind_ == ProjectionKind::stretched) {
    return {
        seven(geo_low_.lon + (p.x - low_.x) / (high_.x - low_.x) * (geo_high_.lon - geo_low_.lon)),
        seven(geo_low_.lat + (p.y - low_.y) / (high_.y - low_.y) * (geo_high_.lat - geo_low_.lat))};
  }
  const double n = kN;
  const double b1 = n / 2 - 2 * n * n / 3 + 37 * n * n * n / 96;
  const double b2 = n * n / 48 + n * n * n / 15;
  const double b3 = 17 * n * n * n / 480;
  const double d1 = 2 * n - 2 * n * n / 3 - 2 * n * n * n;
  const double d2 = 7 * n * n / 3 - 8 * n * n * n / 5;
  const double d3 = 56 * n * n * n / 15;
  const double radius = kRectifying * scale_;
  const double xi =
      (p.y - offset_.y - false_northing_) / radius + meridian_arc(latitude_ * kDegree);
  const double eta = (p.x - offset_.x - false_easting_) / radius;
  const double x = xi - b1 * std::sin(2 * xi) * std::cosh(2 * eta) -
                   b2 * std::sin(4 * xi) * std::cosh(4 * eta) -
                   b3 * std::sin(6 * xi) * std::cosh(6 * eta);
  const double y = eta - b1 * std::cos(2 * xi) * std::sinh(2 * eta) -
                   b2 * std::cos(4 * xi) * std::sinh(4 * eta) -
                   b3 * std::cos(6 * xi) * std::sinh(6 * eta);
  const double chi = std::asin(std::sin(x) / std::cosh(y));
  const double lat = chi + d1 * std::sin(2 * chi) + d2 * std::sin(4 * chi) + d3 * std::sin(6 * chi);
  const double lon = std::atan2(std::sinh(y), std::cos(x));
  return {seven(meridian_ + lon / kDegree), seven(lat / kDegree)};
}

}  // namespace dispecer::city
