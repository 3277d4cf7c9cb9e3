// Runs in child processes, because libsumo holds one simulation per process.
#pragma once

#include <vector>

#include "tests/bench/estimate/run.h"

namespace dispecer::bench {

// At most `at_once` children side by side; results in the order of `runs`. A child that dies is an
// error of its run, not of the others. Call before this process has started any thread.
std::vector<Result<Sums>> run_estimates(const std::vector<EstimateOptions>& runs, unsigned at_once);

}  // namespace dispecer::bench
