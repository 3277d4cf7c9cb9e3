// What runs measured, put together over seeds, and on its way between processes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/bench/lockstep/run.h"

namespace dispecer::bench {

struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
};

// Mean over the runs, and of the delays the worst seed; rates of what happened are summed. A figure
// that a run lacks is left out as a whole.
std::vector<Figure> summarise(const std::vector<RunFigures>& runs);
std::string to_text(const std::vector<Figure>& figures);

// One run as lines of "name value", for the pipe between child and parent; and back.
std::string pack(const RunFigures& run);
Result<RunFigures> unpack(const std::string& text);

}  // namespace dispecer::bench
