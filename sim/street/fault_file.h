// Faults that a person switches on while the street runs: a text file that lists those that are on.
//
//   # subject  fault
//   C12        lost_link          controller: one of the names of sim::Fault
//   C12.d3     detector_stuck     detector: detector_dead, detector_stuck, detector_chatter
//   C12.g1     lamp_red           signal group: lamp_red, lamp_yellow, lamp_green
//   PA_gara    stuck              row of devices.toml: what its device knows
//
// Taking a line out, or the file away, ends the fault.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace dispecer::sim {

using FaultLine = std::pair<std::string, std::string>;  // subject, fault

struct FaultChange {
  std::string subject;
  std::string fault;
  bool on = false;
  bool operator==(const FaultChange&) const = default;
};

// Lines with anything but two words are told in `bad`.
std::set<FaultLine> parse_faults(const std::string& text, std::vector<std::string>& bad);

class FaultFile {
 public:
  explicit FaultFile(std::string file) : file_(std::move(file)) {}
  // What changed since the last look; faults that end come first. `bad`: lines that cannot be read,
  // told once for each new content.
  std::vector<FaultChange> look(std::vector<std::string>& bad);

 private:
  std::string file_;
  std::string text_;
  std::set<FaultLine> on_;
};

}  // namespace dispecer::sim
