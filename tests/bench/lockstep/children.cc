#include "tests/bench/lockstep/children.h"

#include "tests/bench/apart/apart.h"
#include "tests/bench/lockstep/figures.h"

namespace dispecer::bench {

std::vector<Result<RunFigures>> run_children(const std::vector<RunOptions>& runs,
                                             unsigned at_once) {
  std::vector<Result<RunFigures>> results;
  const auto texts = run_apart(runs.size(), at_once, [&](std::size_t i) {
    const auto figures = run(runs[i]);
    return figures ? pack(*figures) : "error " + figures.error().message() + "\n";
  });
  for (const auto& text : texts) results.push_back(unpack(text));
  return results;
}

}  // namespace dispecer::bench
