// One run of a city in lock-step: SUMO, virtual controllers with their own files, fusion,
// controller and guard, all in this process, one second after the other. What the street shows is
// what its controllers made of approved commands; the cores see only detectors, lamps and bus
// positions.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "fusion/model/result.h"

namespace dispecer::bench {

enum class Policy { dispecer, fixed };  // `fixed`: the controllers' own local plans

struct RunOptions {
  std::string city;  // folder
  unsigned seed = 1;
  std::optional<double> begin = {};  // s of the simulation, absent = as configured
  std::optional<double> end = {};    // absent = an hour after the begin
  Policy policy = Policy::dispecer;
  bool priority = true;
};

struct RunFigures {
  std::map<std::string, double> values;          // by name without unit, see figures.h
  std::map<std::string, std::uint64_t> refused;  // guard rule -> how often
};

// Only one run in the life of a process (libsumo).
Result<RunFigures> run(const RunOptions& options,
                       const std::function<void(double)>& progress = nullptr);

}  // namespace dispecer::bench
