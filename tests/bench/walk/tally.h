// How long people on foot wait at crossings with signals: from the second in which somebody first
// stands before a crossing that he is about to use until he is on it. Who never had to stand has
// waited 0 s.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fusion/model/id.h"

namespace dispecer::bench {

// A person before or on a crossing in one second.
struct AtCrossing {
  std::string person;
  CrossingId crossing;
  bool on = false;      // on the crossing itself
  bool stands = false;  // before it
};

struct Wait {
  CrossingId crossing;
  double seconds = 0;
  bool operator==(const Wait&) const = default;
};

class WalkTally {
 public:
  // Everybody before or on a crossing at `now`, s. Who is missing has gone elsewhere.
  void add(const std::vector<AtCrossing>& seen, double now);
  // Of all who have begun to cross.
  [[nodiscard]] const std::vector<Wait>& waits() const { return waits_; }
  // Of those who still stand at `now`, up to then.
  [[nodiscard]] std::vector<Wait> waiting(double now) const;

 private:
  struct Person {
    CrossingId crossing;
    std::optional<double> since;
    bool crossing_now = false;
  };
  std::map<std::string, Person> people_;
  std::vector<Wait> waits_;
};

}  // namespace dispecer::bench
