#include "tests/bench/estimate/children.h"

#include <sstream>

#include "tests/bench/apart/apart.h"

namespace dispecer::bench {
namespace {

std::string pack(const Result<Sums>& result) {
  if (!result) return "error " + result.error().message() + "\n";
  std::ostringstream out;
  out.precision(17);
  for (const auto& [name, value] : *result) out << name << ' ' << value << '\n';
  out << "end 1\n";
  return out.str();
}

Result<Sums> unpack(const std::string& text) {
  if (text.starts_with("error ")) return Error{"run", text.substr(6, text.size() - 7), ""};
  std::istringstream in(text);
  Sums sums;
  std::string name;
  double value = 0;
  while (in >> name >> value) sums[name] = value;
  if (sums.erase("end") == 1) return sums;
  return Error{"child_died", "the run ended before its figures", "run"};
}

}  // namespace

std::vector<Result<Sums>> run_estimates(const std::vector<EstimateOptions>& runs,
                                        unsigned at_once) {
  std::vector<Result<Sums>> results;
  const auto texts =
      run_apart(runs.size(), at_once, [&](std::size_t i) { return pack(run_estimate(runs[i])); });
  for (const auto& text : texts) results.push_back(unpack(text));
  return results;
}

}  // namespace dispecer::bench
