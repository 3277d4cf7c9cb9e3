// The control loop on SUMO's street in one process, open to a bench: each second the street moves
// under the lamps of the virtual controllers, fusion and controller see what devices would have
// told, and approved orders come back a second later. What a bench adds to the street, tells the
// controller or measures it does between those steps.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/city/city.h"
#include "controller/app/deciding.h"
#include "fusion/app/core.h"
#include "sim/street/street.h"
#include "tests/bench/lockstep/field.h"
#include "tests/bench/lockstep/rules.h"

namespace dispecer::bench {

struct LoopOptions {
  std::string city;  // folder
  unsigned seed = 1;
  std::optional<double> begin = {};  // s of the simulation, absent = as configured
  bool centre = true;                // false: each controller runs its own local plan
  Rules rules = Rules::own;
  controller::ControllerParameters parameters = {};
};

class Loop {
 public:
  // Only one in the life of a process (libsumo). Causes: those of read_city, put_rules, bench_day,
  // Field::make and Street::open.
  static Result<std::unique_ptr<Loop>> open(const LoopOptions& options);

  // One second. `moved` is called when the street has moved and its devices were read, before the
  // controller decides. Cause: sumo_lost.
  Result<> second(const std::function<void(UtcTime)>& moved = nullptr);

  [[nodiscard]] const city::City& city() const { return city_; }
  [[nodiscard]] sim::Street& street() { return *street_; }
  [[nodiscard]] controller::Deciding& deciding() { return *deciding_; }
  [[nodiscard]] const Field& field() const { return *field_; }
  // Lamps of the second, in the order of the city's junctions.
  [[nodiscard]] const std::vector<Field::Shown>& shown() const { return shown_; }
  // Of the last second: what fusion saw and what the controller decided.
  [[nodiscard]] const CityPicture& picture() const { return picture_; }
  [[nodiscard]] const controller::Outputs& outputs() const { return outputs_; }
  [[nodiscard]] double time_s() const { return street_->sumo_time_s(); }

 private:
  explicit Loop(const LoopOptions& options) : options_(options) {}
  Result<> start();
  void observe(UtcTime now);
  void send(const controller::Outputs& out, UtcTime now);

  LoopOptions options_;
  city::City city_;
  UtcTime day_;
  std::optional<fusion::FusionState> fusion_;
  std::optional<controller::Deciding> deciding_;
  std::optional<Field> field_;
  std::unique_ptr<sim::Street> street_;
  std::vector<Field::Shown> shown_;
  CityPicture picture_;
  controller::Outputs outputs_;
};

}  // namespace dispecer::bench
