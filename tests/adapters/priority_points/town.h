// One junction "j" with signal groups "north" and "east".
#pragma once

#include "adapters/city/city.h"

namespace dispecer::test {

inline city::City one_junction() {
  city::City city;
  auto& signals = city.signals[JunctionId("j")];
  signals.junction = JunctionId("j");
  for (const auto* name : {"north", "east"}) {
    signals.groups.emplace_back();
    signals.groups.back().id = SignalGroupId(name);
  }
  return city;
}

inline city::DeviceRow radio_row() {
  city::DeviceRow row;
  row.id = "radio";
  row.kind = "priority_points";
  row.protocol = "r09";
  row.settings = {{"point_1200", "j north registration 140"},
                  {"point_1201", "j north door_closed"},
                  {"point_1202", "j north deregistration 0"},
                  {"line_3", "tram_3"}};
  return row;
}

// R09.16 of report point 1200 (04 B0): 2 steps late, priority 1, line 003, run 12, bound for 345,
// one car.
inline std::string telegram(unsigned point = 1200, unsigned char deviation = 0x20) {
  const unsigned char bytes[] = {0x91,
                                 static_cast<unsigned char>(deviation | 6U),
                                 static_cast<unsigned char>(point >> 8U),
                                 static_cast<unsigned char>(point & 0xFFU),
                                 0x40,
                                 0x03,
                                 0x12,
                                 0x34,
                                 0x51};
  return {reinterpret_cast<const char*>(bytes), sizeof bytes};
}

}  // namespace dispecer::test
