// What a virtual field device sees of the street, and what the street expects of a device. A device
// speaks its real protocol over real sockets on the one io_context of the street; it never sees the
// centre's topics. Everything is called on the thread of that io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/city/city.h"
#include "fusion/model/access.h"
#include "fusion/model/geo.h"
#include "fusion/model/time.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::sim {

enum class RoadUser : std::uint8_t { car, bus, trolleybus, lorry, motorcycle, bicycle, emergency };

// A vehicle on the road in this second. Truth: a device adds its own error.
struct StreetVehicle {
  std::string id;  // of the simulator
  RoadUser kind = RoadUser::car;
  std::string plate;  // normalised ("MM12ABC"); empty for bicycles
  LonLat position;
  double bearing_deg = 0;  // clockwise from north
  double speed_mps = 0;
  LinkId link;         // empty while it crosses a junction or is outside the mapped network
  double along_m = 0;  // of that link, from its start
  int lane = 0;        // of the simulator, 0 = rightmost; known where the street keeps the truth
  // Public transport only:
  LineId line;
  TripId trip;
  std::string start_date;                      // YYYYMMDD of the service day
  StopId next_stop;                            // empty = none left, or not known
  std::optional<std::uint32_t> stop_sequence;  // of the next or present stop
  bool at_stop = false;                        // stands at `next_stop` now
  std::uint32_t passengers = 0;
  std::uint32_t places = 0;  // seats and standing room, 0 = not known
};

// A vehicle that stands in a bay. The same vehicle keeps its id and plate for its whole stay.
struct ParkedVehicle {
  std::string id;
  std::string plate;
  ParkingId parking;
  std::uint32_t bay = 0;  // 0-based, below the capacity of the area
  LonLat position;
  UtcTime since;
  std::optional<UtcTime> paid_until;  // absent = nothing was paid
};

// A vehicle that drove over a gate's line since the last tick.
struct GatePassage {
  GateId gate;
  UtcTime t;
  std::string vehicle;
  std::string plate;
  RoadUser kind = RoadUser::car;
  LinkId link;
  double speed_mps = 0;
};

// What devices may change in the street. `message` is the key of the message that a sign shows,
// "" = dark; an unknown sign is ignored.
class StreetControl {
 public:
  virtual ~StreetControl() = default;
  virtual void set_sign(const SignId& sign, std::string_view message) = 0;
  [[nodiscard]] virtual std::string sign_shows(const SignId& sign) const = 0;
};

struct StreetView {
  UtcTime now;  // domain time
  std::uint32_t epoch = 0;
  std::vector<StreetVehicle> vehicles;                     // by id
  std::map<ParkingId, std::vector<ParkedVehicle>> parked;  // by bay
  std::vector<GatePassage> passages;
  StreetControl* control = nullptr;  // never null while a device ticks

  [[nodiscard]] const StreetVehicle* find(std::string_view id) const;
};

// Given to a device when it is made; outlives it. `rows` are its own rows of devices.toml (only
// those with street = simulated), addresses already resolved to host:port or a URL.
struct DeviceContext {
  boost::asio::io_context* io = nullptr;
  const city::City* city = nullptr;
  std::vector<city::DeviceRow> rows;
  std::uint64_t seed = 1;
  std::string run_dir;  // for pictures and other files of the device
  std::function<std::string(const std::string& name)> secret;  // "" = no such secret
};

class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;

  // Once each domain second, after the street moved.
  virtual void tick(const StreetView& view, UtcTime now) = 0;
  // Switches a fault by name ("dead", "garbage", "lost_link", "wrong_clock", ...); `row` is the id
  // of one of the device's rows, empty = all. False = this device knows no such fault or row.
  virtual bool set_fault(std::string_view row, std::string_view name, bool on) = 0;
  // "device.cause" -> how often, for the health of the street.
  [[nodiscard]] virtual std::map<std::string, std::uint64_t> counters() const { return {}; }
};

// A plate as Romanian ones are built (county, number, three letters), always the same for the same
// vehicle and seed. About one in fifty is foreign.
std::string plate_of(std::string_view vehicle, std::uint64_t seed);
// The permits that the owner of `plate` holds in the simulated city, always the same for the same
// plate and seed; mostly none. Payments are not here: see ParkedVehicle::paid_until.
std::vector<PermitKind> permits_of(std::string_view plate, std::uint64_t seed);
// A reproducible number in [0, 1) from a text and a seed.
double chance(std::string_view text, std::uint64_t seed);

}  // namespace dispecer::sim
