#include "sim/street/fault_file.h"

#include <fstream>
#include <iterator>
#include <sstream>

namespace dispecer::sim {

std::set<FaultLine> parse_faults(const std::string& text, std::vector<std::string>& bad) {
  std::set<FaultLine> on;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto used = line.substr(0, line.find('#'));
    std::istringstream words(used);
    std::string subject, fault, more;
    if (!(words >> subject)) continue;
    if (words >> fault && !(words >> more)) {
      on.emplace(subject, fault);
    } else {
      bad.push_back(line);
    }
  }
  return on;
}

std::vector<FaultChange> FaultFile::look(std::vector<std::string>& bad) {
  std::ifstream in(file_);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  std::vector<FaultChange> changes;
  if (text == text_) return changes;
  text_ = std::move(text);
  auto on = parse_faults(text_, bad);
  for (const auto& [subject, fault] : on_) {
    if (!on.contains({subject, fault})) changes.push_back({subject, fault, false});
  }
  for (const auto& [subject, fault] : on) {
    if (!on_.contains({subject, fault})) changes.push_back({subject, fault, true});
  }
  on_ = std::move(on);
  return changes;
}

}  // namespace dispecer::sim
