#include "tests/bench/walk/tally.h"

namespace dispecer::bench {

void WalkTally::add(const std::vector<AtCrossing>& seen, double now) {
  std::map<std::string, Person> next;
  for (const auto& s : seen) {
    auto& person = next[s.person];
    const auto before = people_.find(s.person);
    if (before != people_.end() && before->second.crossing == s.crossing) person = before->second;
    person.crossing = s.crossing;
    if (s.on) {
      if (!person.crossing_now)
        waits_.push_back({s.crossing, person.since ? now - *person.since : 0});
      person.crossing_now = true;
    } else if (s.stands && !person.since) {
      person.since = now;
    }
  }
  people_ = std::move(next);
}

std::vector<Wait> WalkTally::waiting(double now) const {
  std::vector<Wait> out;
  for (const auto& [name, person] : people_) {
    if (person.since && !person.crossing_now) out.push_back({person.crossing, now - *person.since});
  }
  return out;
}

}  // namespace dispecer::bench
