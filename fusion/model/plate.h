// Plate reads. PERSONAL: these payloads are never journalled, logged or stored in clear outside a
// case.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/access.h"

namespace dispecer {

struct PlateRead {
  ReadId id;
  ReaderId reader;
  GateId gate;
  UtcTime t;
  std::string plate;    // normalised: upper case letters and digits only
  std::string country;  // "RO", "" = not recognised
  Ratio confidence;     // of the whole string
  std::string image;    // reference into the reader's picture store
  Seconds clock_error;  // of the reader, s
  std::optional<RightsAnswer> rights;

  bool operator==(const PlateRead&) const = default;
};

// One read of a parked vehicle by the scan car.
struct ScanRead {
  ReadId id;
  VehicleId scan_car;
  UtcTime t;
  LonLat position;  // of the parked vehicle
  Metres position_sd;
  ParkingId parking;  // matched street face, empty = none
  std::string plate;
  std::string country;
  Ratio confidence;
  std::string image;
  Seconds clock_error;
  std::optional<RightsAnswer> rights;

  bool operator==(const ScanRead&) const = default;
};

// What is asked of the registers: every right that `plate` held at any moment of [from, to], and
// those of its confusable neighbours. One moment where from = to. PERSONAL.
struct RightsQuestion {
  std::string id;  // made by the asker; holds no plate
  std::string plate;
  std::string country;
  UtcTime from;
  UtcTime to;

  bool operator==(const RightsQuestion&) const = default;
};

// Upper case, spaces, dots and dashes dropped; nothing else is repaired.
std::string normalise_plate(std::string_view text);
// Romanian grammar (Order 1501/2006, annex: county code, two or three digits, three letters;
// temporary red plates: county and three to six digits). Foreign or unreadable plates give false.
bool romanian_plate(std::string_view plate);
// All plates that differ from `plate` in one letter that readers confuse (O/0, I/1, B/8, S/5, ...).
std::vector<std::string> confusable_neighbours(std::string_view plate);

constexpr auto fields(Tag<PlateRead>) {
  using P = PlateRead;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "reader", &P::reader),
                    field(3, "gate", &P::gate),
                    field(4, "t", &P::t),
                    field(5, "plate", &P::plate),
                    field(6, "country", &P::country),
                    field(7, "confidence", &P::confidence, "1", {0, 1}),
                    field(8, "image", &P::image),
                    field(9, "clock_error", &P::clock_error, "s"),
                    field(10, "rights", &P::rights)};
}
constexpr auto fields(Tag<ScanRead>) {
  using P = ScanRead;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "scan_car", &P::scan_car),
                    field(3, "t", &P::t),
                    field(4, "position", &P::position),
                    field(5, "position_sd", &P::position_sd, "m", {0, 1000}),
                    field(6, "parking", &P::parking),
                    field(7, "plate", &P::plate),
                    field(8, "country", &P::country),
                    field(9, "confidence", &P::confidence, "1", {0, 1}),
                    field(10, "image", &P::image),
                    field(11, "clock_error", &P::clock_error, "s"),
                    field(12, "rights", &P::rights)};
}
constexpr auto fields(Tag<RightsQuestion>) {
  using P = RightsQuestion;
  return std::tuple{field(1, "id", &P::id), field(2, "plate", &P::plate),
                    field(3, "country", &P::country), field(4, "from", &P::from),
                    field(5, "to", &P::to)};
}

}  // namespace dispecer
