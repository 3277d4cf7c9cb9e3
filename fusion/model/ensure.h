// Programming errors stop the process: the launcher restarts it, and the street is in local control
// meanwhile.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace dispecer {

[[noreturn]] inline void ensure_failed(const char* expression, const char* file, int line,
                                       std::string_view values) {
  std::fprintf(stderr, "ensure failed: %s at %s:%d %.*s\n", expression, file, line,
               static_cast<int>(values.size()), values.data());
  std::abort();
}

}  // namespace dispecer

#define DISPECER_ENSURE_1(expression)  \
  ((expression) ? static_cast<void>(0) \
                : ::dispecer::ensure_failed(#expression, __FILE__, __LINE__, ""))
#define DISPECER_ENSURE_2(expression, values) \
  ((expression) ? static_cast<void>(0)        \
                : ::dispecer::ensure_failed(#expression, __FILE__, __LINE__, values))
#define DISPECER_ENSURE_PICK(_1, _2, name, ...) name
// ensure(x > 0) or ensure(x > 0, "x=" + std::to_string(x)); always on, also in release builds.
#define ensure(...) \
  DISPECER_ENSURE_PICK(__VA_ARGS__, DISPECER_ENSURE_2, DISPECER_ENSURE_1, )(__VA_ARGS__)
