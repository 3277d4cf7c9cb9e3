// What a bus feed gets wrong, planted into a clean one; the cores know nothing of it.
//
// Kinds, each a complaint of users of real systems: a vehicle matched to the wrong trip, a parked
// bus given a trip (TheTransitClock/transitime, issues 29, 50, 168, 233, 256), ghost buses
// (soundtransit-rds, issue 32), positions that stand still, trips left out. How often they happen
// differs from city to city; the shares are made up, and larger than a city would bear. The error
// of a fix is drawn as two first-order Gauss-Markov walks; 3 m (1 sigma) is about what the GPS
// performance standard of 2020 promises without obstacles (7.8 m at 95 % in two dimensions).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fusion/model/observation.h"
#include "fusion/model/transit.h"

namespace dispecer::bench {

enum class Planted : std::uint8_t { none, wrong_trip, no_trip, frozen, ghost };

struct FeedErrorShares {
  double wrong_trip = 0.06;  // of vehicles
  double no_trip = 0.04;
  double frozen = 0.06;
  double ghosts = 0.06;  // further vehicles per vehicle
  double position_sd_m = 3;
  double position_memory_s = 30;
};

class FeedErrors {
 public:
  FeedErrors(const Timetable& timetable, const FeedErrorShares& shares, std::uint64_t seed);

  // What the feed would say of all vehicles at `now`; `clean` is true, each trip its own.
  // `service_s`: second of the service day. One call per second.
  std::vector<VehiclePosition> spoil(const std::vector<VehiclePosition>& clean, UtcTime now,
                                     double service_s);

  // As of the last call. A frozen vehicle is one only from the moment it froze.
  [[nodiscard]] Planted planted(const VehicleId& vehicle) const;
  [[nodiscard]] std::map<Planted, std::size_t> counts() const;

 private:
  struct Fate {
    Planted kind = Planted::none;
    TripId trip;           // told instead
    LineId line;           // likewise
    double freezes = 0;    // s after it was first heard
    bool repeats = false;  // with the old time too
    bool begun = false;
    UtcTime first;
    VehiclePosition last;  // before it froze
    double north = 0;      // m, error of the fix
    double east = 0;
    std::uint64_t dice = 0;
  };
  struct Ghost {
    VehiclePosition told;
    UtcTime until;
  };
  Fate make_fate(const VehiclePosition& first, UtcTime now, double service_s);
  const Trip* other_trip(const TripId& own, double service_s, std::uint64_t& dice) const;
  void add_ghost(const VehiclePosition& about, UtcTime now, double service_s, std::uint64_t dice);
  void blur(Fate& fate, VehiclePosition& p) const;

  const Timetable& timetable_;
  FeedErrorShares shares_;
  std::uint64_t seed_;
  std::map<ShapeId, const Shape*> shapes_;
  std::map<VehicleId, Fate> fates_;
  std::map<VehicleId, Ghost> ghosts_;
};

}  // namespace dispecer::bench
