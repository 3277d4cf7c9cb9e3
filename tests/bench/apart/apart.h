// Work in child processes, because libsumo holds one simulation per process.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace dispecer::bench {

// Runs `work(0)` to `work(count - 1)`, each in a process of its own, at most `at_once` side by
// side, and gives back what each returned, in that order. What a child that died had not yet said
// is missing at the end of its text; where none could be started the text is empty. Children end
// with this process. Call before it has started any thread.
std::vector<std::string> run_apart(std::size_t count, unsigned at_once,
                                   const std::function<std::string(std::size_t)>& work);

}  // namespace dispecer::bench
