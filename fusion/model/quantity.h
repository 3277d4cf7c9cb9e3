// Quantities in SI units. Conversion to km/h and the like happens only in adapters and view models.
#pragma once

#include <compare>

namespace dispecer {

template <class T>
struct Quantity {
  double value = 0.0;

  auto operator<=>(const Quantity&) const = default;
  bool operator==(const Quantity&) const = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return {a.value + b.value}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return {a.value - b.value}; }
  friend constexpr Quantity operator*(Quantity a, double k) { return {a.value * k}; }
  friend constexpr Quantity operator*(double k, Quantity a) { return {a.value * k}; }
  friend constexpr Quantity operator/(Quantity a, double k) { return {a.value / k}; }
  friend constexpr double operator/(Quantity a, Quantity b) { return a.value / b.value; }
};

struct MetresTag {
  static constexpr const char* unit = "m";
};
struct MetresPerSecondTag {
  static constexpr const char* unit = "m/s";
};
struct SecondsTag {
  static constexpr const char* unit = "s";
};
struct FlowTag {
  static constexpr const char* unit = "veh/h";
};
struct DensityTag {
  static constexpr const char* unit = "veh/km";
};
struct VehiclesTag {
  static constexpr const char* unit = "veh";
};
struct RatioTag {
  static constexpr const char* unit = "1";
};
struct BearingTag {
  static constexpr const char* unit = "deg";
};
struct MicrogramsTag {
  static constexpr const char* unit = "ug/m3";
};

using Metres = Quantity<MetresTag>;
using MetresPerSecond = Quantity<MetresPerSecondTag>;
using Seconds = Quantity<SecondsTag>;
using Flow = Quantity<FlowTag>;
using Density = Quantity<DensityTag>;
using Vehicles = Quantity<VehiclesTag>;
using Ratio = Quantity<RatioTag>;            // 0..1
using Bearing = Quantity<BearingTag>;        // clockwise from north, 0 <= b < 360
using Micrograms = Quantity<MicrogramsTag>;  // per cubic metre of air

}  // namespace dispecer
