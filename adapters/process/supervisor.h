// Starts processes in order, waits until each is ready, restarts what dies with bounded back-off,
// ends what hangs.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fusion/model/time.h"

namespace dispecer::process {

struct ChildSpec {
  std::string name;
  std::vector<std::string> argv;  // argv[0] = path of the program
  std::string ready_file;         // exists when it is ready
  bool heartbeat = true;          // touches ready_file at least each kHeartbeatLimit
  bool ends_world = false;        // when it exits with 0 the whole world ends
  // stdout and stderr, appended, each start with its time (UTC); "" = inherited
  std::string log_file;
};

inline constexpr Duration kHeartbeatLimit = std::chrono::seconds(20);
inline constexpr Duration kReadyLimit = std::chrono::seconds(120);
inline constexpr Duration kLeastBackoff = std::chrono::milliseconds(200);
inline constexpr Duration kMostBackoff = std::chrono::seconds(10);

class Supervisor {
 public:
  // `say` reports progress and incidents, one line each.
  Supervisor(std::vector<ChildSpec> children, std::function<void(const std::string&)> say);

  // One round of supervision at wall monotonic time `now`. Returns an exit code when the world has
  // ended: 0 = a child that ends the world did, 2 = a child refused its configuration at start
  // (exit code 2).
  std::optional<int> round(MonoTime now);
  // Ends all children in reverse order: SIGTERM, then SIGKILL after `patience`. Blocks.
  void stop_all(Duration patience);

  [[nodiscard]] bool all_ready() const;
  [[nodiscard]] std::uint64_t restarts(const std::string& name) const;
  [[nodiscard]] pid_t pid(const std::string& name) const;

 private:
  struct Child {
    ChildSpec spec;
    pid_t pid = 0;
    MonoTime started;
    MonoTime not_before;
    Duration backoff = kLeastBackoff;
    bool ready = false;
    bool was_ready = false;
    std::uint64_t starts = 0;
  };
  void start(Child& child, MonoTime now);
  void check_alive(Child& child, MonoTime now);
  std::vector<Child> children_;
  std::function<void(const std::string&)> say_;
};

}  // namespace dispecer::process
