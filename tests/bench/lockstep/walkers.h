// People on foot at the crossings that the city rules add: they come at random, press the button
// and walk with green. They stand beside SUMO's street, which knows nothing of them.
#pragma once

#include <random>
#include <vector>

#include "adapters/city/city.h"
#include "tests/bench/lockstep/field.h"

namespace dispecer::bench {

class Walkers {
 public:
  // `city` after put_rules(); crossings whose button the street itself reads are left out.
  Walkers(const city::City& city, const std::map<DetectorId, sim::DetectorReading>& street,
          unsigned seed);
  // One second under the lamps that are shown.
  void step(const std::vector<Field::Shown>& shown);
  // Buttons that are pressed now, with their detectors.
  struct Button {
    const Detector* detector = nullptr;
    bool pressed = false;
  };
  [[nodiscard]] const std::vector<Button>& buttons() const { return buttons_; }
  // Seconds from coming to green, of everybody who has walked.
  [[nodiscard]] const std::vector<double>& waits() const { return waits_; }

 private:
  struct Place {
    JunctionId junction;
    std::size_t group = 0;
    std::vector<double> waiting;  // s, of each who waits
  };
  std::vector<Place> places_;
  std::vector<Button> buttons_;
  std::vector<double> waits_;
  std::mt19937 random_;
};

}  // namespace dispecer::bench
