// A street without SUMO for the devices of enforcement.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "sim/devices/device.h"

namespace dispecer::sim {

inline const UtcTime kNow = parse_iso("2026-11-23T10:00:00Z").value();
inline UtcTime after(double s) {
  return kNow + from_seconds(s);
}

struct Signs : StreetControl {
  std::map<std::string, std::string> shown;
  void set_sign(const SignId& sign, std::string_view message) override {
    shown[sign.str()] = message;
  }
  [[nodiscard]] std::string sign_shows(const SignId& sign) const override {
    const auto it = shown.find(sign.str());
    return it != shown.end() ? it->second : "";
  }
};

struct Town {
  boost::asio::io_context io;
  city::City city;
  Signs signs;
  StreetView view;
  std::string folder;

  Town() {
    char name[] = "/tmp/dispecer-test-XXXXXX";
    folder = ::mkdtemp(name);
    Gate gate;
    gate.id = GateId("north");
    gate.reader = ReaderId("r1");
    city.gates = {gate};
    ParkingArea area;
    area.id = ParkingId("p1");
    area.position = {23.58, 47.66};
    city.parking = {area};
    view.control = &signs;
  }
  ~Town() { std::filesystem::remove_all(folder); }

  DeviceContext context(std::vector<city::DeviceRow> rows) {
    return {&io, &city, std::move(rows), 1, folder, {}};
  }
  void run(int ms = 50) {
    io.restart();
    io.run_for(std::chrono::milliseconds(ms));
  }
  template <class Until>
  bool run_until(Until&& until) {
    for (int i = 0; i < 500 && !until(); ++i) run(20);
    return until();
  }
  // One second of the street with `device` in it.
  void tick(Device& device, double s) {
    view.now = after(s);
    device.tick(view, view.now);
    view.passages.clear();
    run(20);
  }
};

inline city::DeviceRow row(const char* id, const char* kind, const std::string& address) {
  return {id, kind, kind, address, "", city::StreetKind::simulated, {}};
}

inline std::uint64_t counted(const Device& device, const std::string& name) {
  const auto all = device.counters();
  const auto it = all.find(name);
  return it != all.end() ? it->second : 0;
}

}  // namespace dispecer::sim
