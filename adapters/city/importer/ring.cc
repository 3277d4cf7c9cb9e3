#include "adapters/city/importer/ring.h"

#include <algorithm>
#include <cmath>

#include "adapters/city/value.h"

namespace dispecer::city {
namespace {

constexpr double kShort = 5;  // a green below this is a transition if anything else covers it
constexpr double kSlack = 1e-6;

struct Part {
  std::vector<std::uint32_t> green, yielding;
  double start = 0;
  double length = 0;
  double full = 0;
  double min = 0, max = 0;
};

bool has(const std::vector<std::uint32_t>& set, std::uint32_t g) {
  return std::find(set.begin(), set.end(), g) != set.end();
}

bool part_of(const Part& a, const Part& b) {
  return std::all_of(a.green.begin(), a.green.end(),
                     [&](std::uint32_t g) { return has(b.green, g); });
}

// Does a group have priority in `a` that it lacks in `b`?
bool gains(const Part& a, const Part& b) {
  return std::any_of(a.green.begin(), a.green.end(),
                     [&](std::uint32_t g) { return !has(a.yielding, g) && has(b.yielding, g); });
}

bool same(const Part& a, const Part& b) {
  return a.green == b.green && a.yielding == b.yielding;
}

void absorb(Part& into, const Part& next) {
  into.length += next.length;
  into.full += next.full;
  into.min += next.min;
  into.max += next.max;
}

void merge_equal(std::vector<Part>& parts) {
  for (std::size_t i = 0; i + 1 < parts.size();) {
    if (same(parts[i], parts[i + 1])) {
      absorb(parts[i], parts[i + 1]);
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    } else {
      ++i;
    }
  }
  if (parts.size() > 1 && same(parts.back(), parts.front())) {  // round the end of the cycle
    absorb(parts.back(), parts.front());
    parts.erase(parts.begin());
  }
}

class Reducer {
 public:
  Reducer(std::vector<Part> parts, const std::string& light, Findings& findings)
      : parts_(std::move(parts)), light_(light), findings_(findings) {}

  std::vector<Part> run() {
    merge_equal(parts_);
    while (parts_.size() > 1 && drop_one()) merge_equal(parts_);
    return std::move(parts_);
  }

 private:
  // Shortest first, so that a chain of transitions falls into what it leads from.
  bool drop_one() {
    std::vector<std::size_t> order(parts_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return parts_[a].length < parts_[b].length;
    });
    return std::any_of(order.begin(), order.end(), [&](std::size_t i) { return drop(i); });
  }

  bool drop(std::size_t i) {
    const std::size_t n = parts_.size();
    const Part part = parts_[i];
    Part& before = parts_[(i + n - 1) % n];
    Part& after = parts_[(i + 1) % n];
    const bool brief = part.length < kShort;
    if (part.green.empty()) {
      before.length += part.length;
    } else if (part_of(part, before) && (brief || !gains(part, before))) {
      tell(part, before);
      before.length += part.length;
    } else if (part_of(part, after) && (brief || !gains(part, after))) {
      tell(part, after);
      if (brief) {
        before.length += part.length;
      } else {
        after.start = part.start;
        after.length += part.length;
      }
    } else if (brief && covered(part, i)) {
      findings_.push_back({"stage_dropped", light_,
                           "a stage of " + Value(part.length).describe() +
                               " s is left out: another one holds all its greens"});
      before.length += part.length;
    } else {
      return false;
    }
    parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }

  bool covered(const Part& part, std::size_t self) const {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i != self && part_of(part, parts_[i])) return true;
    }
    return false;
  }

  void tell(const Part& part, const Part& into) {
    if (!gains(part, into)) return;
    findings_.push_back({"stage_dropped", light_,
                         "a green with priority of " + Value(part.length).describe() +
                             " s is too short for a stage and is left out"});
  }

  std::vector<Part> parts_;
  const std::string& light_;
  Findings& findings_;
};

// How long each stage must at least last; where a ring breaks a rule, which stage lacks how much.
class RingRules {
 public:
  RingRules(const JunctionSignals& signals, const RingTimes& times)
      : signals_(signals), matrix_(signals), full_(times.full) {
    for (const auto number : times.stages) stages_.push_back(find_stage(signals, number));
  }

  struct Lack {
    std::size_t stage = 0;
    double seconds = 0;
  };

  [[nodiscard]] std::optional<Lack> lack(const std::vector<double>& spans) const {
    const std::size_t n = stages_.size();
    for (std::size_t i = 0; i < n; ++i) {
      const double least = i < full_.size() ? std::min(kShort, full_[i]) : 0;
      const double shown = spans[i] - matrix_.between(at(i), at(i + 1));
      if (shown < least - kSlack) return Lack{i, least - shown};
    }
    for (std::uint32_t g = 0; g < signals_.groups.size(); ++g) {
      for (std::size_t i = 0; i < n; ++i) {
        if (!shows(i, g) || shows(i + n - 1, g)) continue;
        double seconds = 0;
        std::size_t last = i;
        for (std::size_t k = 0; k < n && shows(i + k, g); ++k) {
          last = i + k;
          seconds += spans[last % n];
        }
        const double gap = matrix_.between(at(last), at(last + 1));
        const double least = signals_.groups[g].min_green.time.value;
        if (seconds - gap < least - kSlack) return Lack{last % n, least - (seconds - gap)};
        if (auto found = lack_after(spans, g, last, gap)) return found;
      }
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] const Stage& at(std::size_t i) const { return *stages_[i % stages_.size()]; }
  [[nodiscard]] bool shows(std::size_t i, std::uint32_t g) const { return has(at(i).green, g); }

  // Group `g` ends `gap` before the stage after `last`: is there time enough before each group that
  // conflicts with it begins?
  [[nodiscard]] std::optional<Lack> lack_after(const std::vector<double>& spans, std::uint32_t g,
                                               std::size_t last, double gap) const {
    const std::size_t n = stages_.size();
    double seconds = gap;
    for (std::size_t m = last + 1; m <= last + n; ++m) {
      for (const auto h : at(m).green) {
        if (shows(m + n - 1, h)) continue;
        const auto clear = matrix_.at(g, h);
        if (clear && seconds < *clear - kSlack) {
          return Lack{(m + n - 1) % n, *clear - seconds};
        }
      }
      seconds += spans[m % n];
    }
    return std::nullopt;
  }

  const JunctionSignals& signals_;
  IntergreenMatrix matrix_;
  const std::vector<double>& full_;
  std::vector<const Stage*> stages_;
};

}  // namespace

DeliveredRing delivered_ring(const std::vector<sumo::Phase>& phases,
                             const std::vector<PhaseGreens>& greens, const std::string& light,
                             Findings& findings) {
  std::vector<Part> parts;
  DeliveredRing ring;
  for (std::size_t p = 0; p < phases.size(); ++p) {
    const double seconds = phases[p].duration;
    if (seconds > 0) {
      parts.push_back({greens[p].green, greens[p].yielding, ring.cycle, seconds, seconds,
                       phases[p].min, phases[p].max});
    }
    ring.cycle += seconds;
  }
  parts = Reducer(std::move(parts), light, findings).run();
  std::erase_if(parts, [](const Part& p) { return p.green.empty(); });
  std::sort(parts.begin(), parts.end(),
            [](const Part& a, const Part& b) { return a.start < b.start; });
  for (const auto& part : parts) {
    auto it = std::find_if(ring.stages.begin(), ring.stages.end(), [&](const Stage& s) {
      return s.green == part.green && s.yielding == part.yielding;
    });
    if (it == ring.stages.end()) {
      const auto number = static_cast<std::uint32_t>(ring.stages.size() + 1);
      Stage stage;
      stage.number = number;
      stage.name = "S" + std::to_string(number);
      stage.green = part.green;
      stage.yielding = part.yielding;
      stage.skippable = true;
      stage.demand_input = number;
      ring.stages.push_back(stage);
      it = ring.stages.end() - 1;
    }
    ring.order.push_back(it->number);
    ring.starts.push_back(part.start);
    ring.full.push_back(part.full);
    ring.min.push_back(part.min);
    ring.max.push_back(part.max);
  }
  return ring;
}

RingTimes fit_ring(const JunctionSignals& signals, RingTimes times, Findings& findings) {
  const std::size_t n = times.starts.size();
  if (n < 2) return times;
  const RingRules rules(signals, times);
  std::vector<double> spans(n);
  for (std::size_t i = 0; i < n; ++i) {
    spans[i] = i + 1 < n ? times.starts[i + 1] - times.starts[i]
                         : times.cycle - times.starts[i] + times.starts[0];
  }
  const auto delivered = spans;
  for (int guard = 0; guard < 10000; ++guard) {
    const auto lack = rules.lack(spans);
    if (!lack) break;
    spans[lack->stage] += std::ceil(lack->seconds - kSlack);
  }
  double excess = 0;
  for (std::size_t i = 0; i < n; ++i) excess += spans[i] - delivered[i];
  const bool changed = excess > kSlack;
  while (excess > kSlack) {  // take it from the longest stages that can spare it
    std::vector<std::size_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return spans[a] > spans[b]; });
    const double step = std::min(1.0, excess);
    const bool took = std::any_of(order.begin(), order.end(), [&](std::size_t i) {
      spans[i] -= step;
      if (spans[i] > 0 && !rules.lack(spans)) return true;
      spans[i] += step;
      return false;
    });
    if (!took) break;
    excess -= step;
  }
  const auto& name = signals.junction.str();
  const double cycle = times.cycle + std::max(0.0, excess);
  if (excess > kSlack) {
    findings.push_back({"cycle_lengthened", name,
                        "minimum greens and intergreens need a cycle of " +
                            Value(cycle).describe() + " s, delivered were " +
                            Value(times.cycle).describe() + " s"});
    times.cycle = cycle;
  }
  for (std::size_t i = 0; changed && i < n; ++i) {
    if (spans[i] > delivered[i] + kSlack) {
      findings.push_back({"stage_lengthened", name,
                          "stage " + std::to_string(times.stages[i]) + " takes " +
                              Value(spans[i]).describe() + " s of the cycle, delivered were " +
                              Value(delivered[i]).describe() + " s"});
    }
  }
  // The first stage keeps its second of the cycle where the ring still ends inside it.
  double at = times.starts[0];
  double sum = 0;
  for (std::size_t i = 0; i + 1 < n; ++i) sum += spans[i];
  if (at + sum >= times.cycle) at = std::max(0.0, times.cycle - sum - spans[n - 1]);
  for (std::size_t i = 0; i < n; ++i) {
    times.starts[i] = at;
    at += spans[i];
  }
  return times;
}

}  // namespace dispecer::city
