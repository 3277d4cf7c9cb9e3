// Hundreds of virtual RSMP sites in a process of their own, as load on a supervisor. The process is
// told what to do by lines on one pipe and answers with lines on another.
#pragma once

#include <cstdint>
#include <string>

namespace dispecer::bench {

struct LoadOptions {
  std::uint16_t port = 0;  // of the supervisor, on loopback
  std::size_t first = 1;   // sites are named S<first>, S<first + 1>, ...
  std::size_t sites = 500;
  std::size_t behind = 0;  // s by which the clocks of the sites are behind at first
};

// Runs until the line "quit" or the end of `in`. Lines understood, each answered by one:
//   measure N   one second of city per second for N s    "acks COUNT P99_MS"
//   measure_together N   the same, all sites in the same instant of each second
//   flood N     seconds of city as fast as acks come, N s "flood ACKED_PER_S"
//   drop        every line is cut and made anew at once  "dropped"
//   buffer N    the first site loses its line, lives N s on, returns     "flushed MESSAGES SECONDS"
// In between the sites live one second per second, each at its own time in the second.
void run_load(const LoadOptions& options, int in, int out);

}  // namespace dispecer::bench
