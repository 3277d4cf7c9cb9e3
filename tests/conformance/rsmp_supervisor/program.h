// A program of the centre, started by a test, with what it writes kept in a file.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace dispecer::conformance {

class Program {
 public:
  explicit Program(std::vector<std::string> command);
  ~Program();  // ends it
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Whole lines of its standard output so far that are JSON objects.
  [[nodiscard]] std::vector<boost::json::object> lines() const;
  // Waits for the line that tells the port; 0 = none came.
  std::uint16_t port(double within_s = 20);
  // Waits for its end; the exit status, absent = it still runs.
  std::optional<int> wait(double within_s);
  void end();  // SIGTERM, then waits

 private:
  int pid_ = -1;
  std::string file_;
  std::optional<int> status_;
};

double seconds();  // of a steady clock

}  // namespace dispecer::conformance
