// What a junction's queues would cost over this cycle and the next one when its stages begin as a
// plan with given bands has it. Queues are points at the stop line, as in the look-ahead; a
// bundle's share of a lane goes with what is expected in it.
//
// Cost, in vehicle-seconds: waiting, weighted by how long somebody has waited and by the room
// downstream (capacity-aware pressure: a vehicle that would only move into a full link counts for
// little); for each vehicle that must stop a fixed number of seconds; what is left at the end, by
// the time that it takes to let it go; buses by their weight while they wait.
#pragma once

#include <array>
#include <vector>

#include "controller/signals/horizon.h"
#include "controller/signals/ring.h"

namespace dispecer::signals {

class CycleForecast {
 public:
  // `pressed`: vehicles that stand beyond what is seen, by bundle; may be empty.
  CycleForecast(const Site& site, const JunctionView& view, const std::vector<double>& pressed,
                const std::vector<BusDemand>& buses, const SignalParameters& parameters);
  // From second `at` of the ring's cycle to the end of the next cycle, 240 s at most.
  [[nodiscard]] double cost(const Ring& ring, const std::vector<int>& bands, double at) const;

 private:
  static constexpr double kStep = 1;  // s
  static constexpr std::size_t kSteps = 240;
  using Row = std::array<float, kMostBundles>;

  struct Bus {
    std::size_t bundle = 0;
    double eta = 0;
    double weight = 0;
  };
  struct Moving {
    std::uint32_t stage = 0;
    std::uint32_t before = 0;  // stage that had green until this one began
    bool green = true;         // else between `before` and `stage`
    bool starting = false;     // start-up loss of what had no green before
  };
  void step(const Moving& now, Row& queue, Row& flow) const;

  const Site& site_;
  const SignalParameters& p_;
  std::size_t n_ = 0;
  Row queue_{};
  Row weight_{};
  Row best_flow_{};
  std::vector<float> come_;   // vehicles that come in a step, [step * n_ + bundle]
  std::vector<float> clear_;  // veh/s, [stage * n_ + bundle]
  std::vector<Bus> buses_;
};

}  // namespace dispecer::signals
