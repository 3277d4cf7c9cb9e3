// dispecer-clock: domain time of a real street is the machine's disciplined wall clock, told each
// second.
#include <boost/asio/io_context.hpp>

#include "adapters/process/shell.h"

int main(int argc, char** argv) {
  using namespace dispecer;
  process::Shell shell({.name = "clock",
                        .about = "Tells domain time where the street is real",
                        .clock_writer = true});
  if (auto code = shell.start(argc, argv)) return *code;
  std::uint32_t epoch = 0;
  UtcTime last;
  shell.every(std::chrono::milliseconds(1000), [&] {
    const auto moment = clock::wall();
    if (moment < last) {
      ++epoch;
      shell.count("clock.backward");
    }
    last = moment;
    shell.publish<topic::Clock>({moment, 1.0, epoch}, moment);
  });
  return shell.run();
}
