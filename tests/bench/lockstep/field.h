// The kerb in a lock-step run: each junction's virtual controller with its own file, in front of it
// the guard with what it has observed. Only approved commands get through.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/city/city.h"
#include "controller/guard/guard.h"
#include "sim/controller/virtual_controller.h"

namespace dispecer::bench {

struct FieldCounts {
  std::uint64_t approved = 0;
  std::map<std::string, std::uint64_t> refused;  // by the guard's rule
  std::uint64_t device_refused = 0;              // by the controller itself
  std::uint64_t stage_changes = 0;
  std::uint64_t conflicting_greens = 0;  // seconds, by the controller's own matrix
};

class Field {
 public:
  // Causes: those of sim::make_controller.
  static Result<Field> make(const city::City& city);

  struct Shown {
    JunctionId junction;
    std::vector<Aspect> aspects;
    std::optional<std::uint32_t> stage;
    ControlMode mode = ControlMode::unknown;
    Holder holder = Holder::unknown;
  };
  // What a loop or button told in this second; its controller reads it with the next tick.
  void read(const Detector& detector, const sim::DetectorReading& reading, UtcTime now);
  // Moves every controller on to `now` and tells the guard what it shows.
  std::vector<Shown> tick(UtcTime now);
  // Mains of a controller. While it is off nothing is heard of it; what was known of its inputs is
  // forgotten, and they are cleared before the first order after it is back.
  void set_mains(const JunctionId& junction, bool on, UtcTime now);
  // As reported after the last tick.
  [[nodiscard]] std::vector<SignalObservation> observations() const;
  // By group: whether the guard takes somebody to be waiting there.
  [[nodiscard]] const std::vector<bool>& demand(const JunctionId& junction) const {
    return posts_.at(junction).demand;
  }
  // Through the guard to the controller. The report that a field adapter would publish.
  OrderReport send(const Proposal& proposal, UtcTime now, std::uint32_t epoch);

  // CPU milliseconds that the guard alone takes for these proposals; nothing is sent.
  [[nodiscard]] double judge(const std::vector<Proposal>& proposals, UtcTime now) const;

  [[nodiscard]] const FieldCounts& counts() const { return counts_; }

 private:
  struct Post {
    const JunctionSignals* signals = nullptr;
    IntergreenMatrix matrix;
    sim::State controller;
    guard::FieldState seen;
    SignalObservation observation;
    bool mains = true;
    std::vector<bool> demand;                        // of the guard, by group
    std::vector<std::vector<std::uint32_t>> asking;  // detector numbers, by group
  };
  bool obey(Post& post, const FieldWrite& write, UtcTime now);
  std::map<JunctionId, Post> posts_;
  FieldCounts counts_;
};

}  // namespace dispecer::bench
