// One run of a city in lock-step: SUMO, virtual controllers with their own files, fusion,
// controller and guard, all in this process, one second after the other. What the street shows is
// what its controllers made of approved commands; the cores see only detectors, lamps and bus
// positions.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "controller/plan/junction_signals.h"
#include "controller/priority/parameters.h"
#include "controller/signals/parameters.h"
#include "fusion/model/result.h"
#include "tests/bench/lockstep/rules.h"

namespace dispecer::bench {

// Who drives the signals: the centre; each controller's own local plan; published simple rules; or
// SUMO with the programs of `config`, without any controller of ours.
enum class Policy { dispecer, fixed, greedy, max_pressure, sumo };
enum class Sight { loops, full };

// How positions of buses come in: every `period_s`, at a second of its own for each bus; a share
// `missing` never; the others `late_s_low` to `late_s_high` after their fix.
struct AvlOptions {
  int period_s = 1;
  double missing = 0;
  double late_s_low = 0;
  double late_s_high = 0;
};

struct RunOptions {
  std::string city;  // folder
  unsigned seed = 1;
  std::optional<double> begin = {};  // s of the simulation, absent = as configured
  std::optional<double> end = {};    // absent = an hour after the begin
  Policy policy = Policy::dispecer;
  bool priority = true;
  Rules rules = Rules::own;
  Sight sight = Sight::loops;
  Lever lever = Lever::stage;  // of every junction at most
  std::string config = {};     // .sumocfg, "" = the city's
  double detectors_dead = 0;   // share of the loops that tell nothing, 0..1
  double demand = 1;           // of what the scenario has
  double teleport_s = 300;     // SUMO's time-to-teleport, below 0 = never
  bool drain = false;          // go on for two hours at most until all who were demanded arrived
  AvlOptions avl = {};
  double people_in_car = 1.3;
  double people_in_bus = 25;
  signals::SignalParameters signals = {};
  priority::PriorityParameters priority_parameters = {};
};

struct RunFigures {
  std::map<std::string, double> values;          // by name without unit, see figures.h
  std::map<std::string, std::uint64_t> refused;  // guard rule -> how often
};

// Only one run in the life of a process (libsumo).
Result<RunFigures> run(const RunOptions& options,
                       const std::function<void(double)>& progress = nullptr);

}  // namespace dispecer::bench
