// A sumo process that we start, that dies with us, and whose end is noticed.
#pragma once

#include <signal.h>

#include <string>
#include <vector>

#include "fusion/model/result.h"

namespace dispecer::sim {

// Sets SUMO_HOME where it is not set: without it Debian's SUMO refuses valid XML.
void ensure_sumo_home();

// Holds signals back while it lives: SUMO's client takes an interrupted read for a lost connection.
class Undisturbed {
 public:
  Undisturbed();
  ~Undisturbed();
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;

 private:
  sigset_t before_{};
};

class SumoProcess {
 public:
  // Starts `sumo` from the PATH with these options and waits until it listens on 127.0.0.1. Causes:
  // sumo_start.
  static Result<SumoProcess> start(std::vector<std::string> options, const std::string& log_file);
  SumoProcess(SumoProcess&& other) noexcept;
  SumoProcess& operator=(SumoProcess&&) = delete;
  ~SumoProcess();  // ends it

  [[nodiscard]] int port() const { return port_; }
  // How it ended, "" = it still runs.
  std::string ended();

 private:
  SumoProcess(int pid, int port) : pid_(pid), port_(port) {}
  int pid_ = -1;
  int port_ = 0;
  std::string how_;
};

}  // namespace dispecer::sim
