// Random junctions for property tests, and a street of point queues under their virtual
// controllers.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "controller/app/core.h"
#include "controller/guard/guard.h"
#include "sim/controller/virtual_controller.h"

namespace dispecer::test {

struct TownOptions {
  unsigned seed = 1;
  int junctions = 4;
  bool faults =
      true;  // stale or missing pictures, lost links, dead detectors, late and lost orders
};

struct TownCounts {
  std::uint64_t commands = 0;  // proposals that reached a guard
  std::uint64_t approved = 0;
  std::uint64_t device_refused = 0;
  std::map<std::string, std::uint64_t> refused;  // by the guard's rule
  double longest_red = 0;          // s beyond its maximum that a lane with demand waited at red
  std::string worst;               // which one, and when
  std::uint64_t conflicts = 0;     // seconds with two conflicting greens
  std::uint64_t short_greens = 0;  // greens that ended before their minimum
  std::uint64_t short_intergreens = 0;
  std::uint64_t flutters = 0;  // A-B-A where nobody waited or was expected but in A, and B hardly
                               // outlasted its least green
};

// Junctions on a ring road, each with two to five stages, its own matrix, minimum greens, maximum
// reds, transitions, plans and lever; demand by lane that changes every few minutes.
class RandomTown {
 public:
  explicit RandomTown(const TownOptions& options);
  // One second of street, centre, line and controllers.
  void second();
  [[nodiscard]] const TownCounts& counts() const { return counts_; }
  [[nodiscard]] const std::map<JunctionId, JunctionSignals>& signals() const { return signals_; }

 private:
  struct Lane {
    MovementId movement;
    std::uint32_t group = 0;
    double flow = 0;  // veh/s
    double queue = 0;
    double waited = 0;  // s since the first of the queue came
    bool dead = false;  // its detectors tell nothing
  };
  struct Post {
    sim::State controller;
    guard::FieldState seen;
    SignalObservation shown;
    std::vector<Lane> lanes;
    std::vector<double> red_s;  // by group, with somebody waiting
    std::vector<double> green_s;
    std::vector<double> since_green_s;
    std::uint32_t stage = 0;  // that runs or ran last
    std::uint32_t stage_before = 0;
    double stage_s = 0;
    // Somebody waited or was expected elsewhere than in the stage before, since that one ended.
    bool wanted = false;
    bool wanted_next = false;  // the same for the stage that is about to begin
    bool link = true;
    double held_until = 0;  // its maximum reds count from then on
  };

  void make_junction(const std::string& name, int number);
  void drive(Post& post, const JunctionSignals& signals);
  void judge(const JunctionId& id, Post& post, const JunctionSignals& signals);
  void break_things();
  void deliver(const Proposal& proposal);
  std::shared_ptr<const CityPicture> picture();
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  double share() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  TownOptions options_;
  std::mt19937 random_;
  Network network_;
  std::map<JunctionId, JunctionSignals> signals_;
  std::map<JunctionId, Post> posts_;
  std::optional<controller::ControllerState> centre_;
  std::vector<std::pair<double, Proposal>> under_way_;  // by the second at which they arrive
  double t_ = 0;
  double quiet_until_ = 0;  // no picture is made
  double stale_until_ = 0;  // pictures tell of old data
  double stale_since_ = 0;
  std::map<JunctionId, SignalDecision> decided_;
  TownCounts counts_;
};

}  // namespace dispecer::test
