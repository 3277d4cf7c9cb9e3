// What the simulated street's process is made of.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/controller/cabinet.h"
#include "sim/devices/device.h"
#include "sim/rsmp_site/client.h"

namespace dispecer::sim {

struct StreetProgramOptions {
  std::string sumo_config;
  std::string controllers;
  std::string begin;
  std::uint32_t date = 0;
  std::uint64_t seed = 1;
  double speed = 1;
  double hours = 0;
  double warm_up_s = 0;
};

// A virtual controller with its wire.
struct Kerb {
  Cabinet cabinet;
  std::vector<JunctionId> junctions;  // in the order of cabinet.intersections
  std::map<DetectorId, std::uint32_t> detectors;
  std::unique_ptr<SiteClient> wire;
};

struct Signs final : StreetControl {
  std::map<SignId, std::string> faces;
  void set_sign(const SignId& sign, std::string_view message) override {
    faces[sign] = std::string(message);
  }
  [[nodiscard]] std::string sign_shows(const SignId& sign) const override {
    const auto it = faces.find(sign);
    return it == faces.end() ? "" : it->second;
  }
};

}  // namespace dispecer::sim
