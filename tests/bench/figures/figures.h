// Figures of a benchmark: "name: value unit", and the same as JSON. A figure that was not measured
// is absent.
#pragma once

#include <string>
#include <vector>

namespace dispecer::bench {

class Figures {
 public:
  // Names are [a-z0-9_]+; units s ms us veh veh_h m pct ratio count per_s mib eur bool.
  void add(const std::string& name, double value, const std::string& unit);
  // Prints all to stdout and, where `json_file` is not empty, writes them there. False where the
  // file cannot be written.
  [[nodiscard]] bool print(const std::string& json_file) const;
  [[nodiscard]] bool has(const std::string& name) const;

 private:
  struct Figure {
    std::string name;
    double value;
    std::string unit;
  };
  std::vector<Figure> figures_;
};

// The share `p` (0..1) of the sorted-by-value samples, by nearest rank. `samples` is not empty.
double percentile(std::vector<double> samples, double p);

}  // namespace dispecer::bench
