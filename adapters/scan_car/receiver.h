// A scan car pushes batches of reads of parked vehicles over HTTP, also those it kept while it had
// no connection. Nothing is judged in the car. PERSONAL, as adapters/anpr.
#pragma once

#include "adapters/anpr/push.h"
#include "adapters/scan_car/street_face.h"
#include "fusion/model/plate.h"

namespace dispecer::scan_car {

struct Car {
  VehicleId id;
  std::string token;
  bool open = false;  // may push without a token: virtual devices on this machine only
};

class Receiver {
 public:
  using OnRead = std::function<void(ScanRead, bool late)>;  // `rights` not yet filled in

  Receiver(std::vector<Car> cars, std::vector<ParkingArea> areas, OnRead on_read);

  // As anpr::Receiver::handle. `late` = older than `kLate` when it came: from the buffer.
  static constexpr Seconds kLate{60};
  http::Response handle(const http::Request& request, UtcTime now);

  // As anpr::Receiver, with "scan_car." before them; also late and unmatched (no parking area),
  // both besides accepted.
  [[nodiscard]] const anpr::Counters& counters() const { return counters_; }

 private:
  struct Line {
    Car car;
    anpr::ClockWatch clock;
    anpr::Seen seen;
  };
  bool take(Line& line, const anpr::PushedBatch& batch, const anpr::PushedRead& read, UtcTime now);

  std::map<std::string, Line> lines_;
  std::vector<ParkingArea> areas_;
  OnRead on_read_;
  anpr::Counters counters_;
};

}  // namespace dispecer::scan_car
