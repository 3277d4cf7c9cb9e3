#include "controller/plan/junction_signals.h"

#include <algorithm>

namespace dispecer {
namespace {

Error broken(const char* cause, std::string what, std::string where) {
  return {cause, std::move(what), std::move(where)};
}

std::string text(double v) {
  std::string s = std::to_string(v);
  s.erase(s.find_last_not_of('0') + 1);
  if (s.back() == '.') s.pop_back();
  return s;
}

std::string stage_name(std::uint32_t number) {
  return "stage " + std::to_string(number);
}

bool bad(Seconds s, double least, double most) {
  return !(s.value >= least && s.value <= most);
}

Result<> check_groups(const JunctionSignals& s) {
  if (s.groups.empty())
    return broken("no_groups", "a junction needs at least one signal group", s.junction.str());
  for (const auto& g : s.groups) {
    for (const auto* t : {&g.min_green, &g.amber, &g.red_amber, &g.max_red}) {
      if (bad(t->time, 0, 600))
        return broken("bad_time", "found " + text(t->time.value) + " s", g.id.str());
      if (t->signature >= s.signatures.size()) {
        return broken("signature_range", "no signature " + std::to_string(t->signature),
                      g.id.str());
      }
    }
    if (g.min_green.time.value < 1) {
      return broken("bad_time",
                    "minimum green " + text(g.min_green.time.value) + " s, expected 1 or more",
                    g.id.str());
    }
  }
  return Ok{};
}

Result<> check_matrix(const JunctionSignals& s) {
  for (const auto& i : s.intergreens) {
    const auto where =
        "intergreen " + std::to_string(i.losing) + " to " + std::to_string(i.gaining);
    if (i.losing >= s.groups.size() || i.gaining >= s.groups.size() || i.losing == i.gaining) {
      return broken("index_range", "no such pair of groups", where);
    }
    if (bad(i.time.time, 0, 60))
      return broken("bad_time", "found " + text(i.time.time.value) + " s", where);
    if (i.time.signature >= s.signatures.size())
      return broken("signature_range", "no such signature", where);
    const bool both = std::any_of(
        s.intergreens.begin(), s.intergreens.end(),
        [&](const Intergreen& o) { return o.losing == i.gaining && o.gaining == i.losing; });
    if (!both) return broken("matrix_one_sided", "the opposite direction is missing", where);
  }
  return Ok{};
}

Result<> check_stage(const JunctionSignals& s, const Stage& stage, const IntergreenMatrix& matrix) {
  const auto where = stage_name(stage.number);
  if (stage.number == 0 || stage.number > 255 ||
      std::count_if(s.stages.begin(), s.stages.end(),
                    [&](const Stage& o) { return o.number == stage.number; }) > 1) {
    return broken("stage_number", "numbers run from 1 to 255 and are unique", where);
  }
  if (stage.green.empty()) return broken("stage_empty", "no group has green", where);
  for (const auto g : stage.green) {
    if (g >= s.groups.size()) return broken("index_range", "no group " + std::to_string(g), where);
    for (const auto h : stage.green) {
      if (g < h && h < s.groups.size() && matrix.conflict(g, h)) {
        return broken("stage_conflict",
                      s.groups[g].id.str() + " conflicts with " + s.groups[h].id.str(), where);
      }
    }
  }
  for (const auto g : stage.yielding) {
    if (std::find(stage.green.begin(), stage.green.end(), g) == stage.green.end()) {
      return broken("yielding_not_green", "group " + std::to_string(g), where);
    }
  }
  if (s.lever == Lever::stage && !stage.demand_input) {
    return broken("lever_needs_input", "the stage lever needs a demand input for every stage",
                  where);
  }
  return Ok{};
}

Result<> check_stages(const JunctionSignals& s) {
  const IntergreenMatrix matrix(s);
  for (const auto& stage : s.stages) {
    if (auto r = check_stage(s, stage, matrix); !r) return r;
  }
  for (std::uint32_t g = 0; g < s.groups.size(); ++g) {
    const bool served = std::any_of(s.stages.begin(), s.stages.end(), [&](const Stage& stage) {
      return std::find(stage.green.begin(), stage.green.end(), g) != stage.green.end();
    });
    if (!served) return broken("group_never_green", "no stage serves it", s.groups[g].id.str());
  }
  for (const auto& t : s.transitions) {
    if (find_stage(s, t.from) == nullptr || find_stage(s, t.to) == nullptr) {
      return broken("transition_unknown", stage_name(t.from) + " to " + stage_name(t.to),
                    s.junction.str());
    }
  }
  for (const auto& set : s.bound_groups) {
    for (const auto g : set) {
      if (g >= s.groups.size())
        return broken("bound_group", "no group " + std::to_string(g), s.junction.str());
    }
    for (const auto& stage : s.stages) {
      const auto n = std::count_if(set.begin(), set.end(), [&](std::uint32_t g) {
        return std::find(stage.green.begin(), stage.green.end(), g) != stage.green.end();
      });
      if (n != 0 && static_cast<std::size_t>(n) != set.size()) {
        return broken("bound_group", "groups that change together are split",
                      stage_name(stage.number));
      }
    }
  }
  return Ok{};
}

}  // namespace

IntergreenMatrix::IntergreenMatrix(const JunctionSignals& signals)
    : size_(signals.groups.size()), values_(size_ * size_, -1.0) {
  for (const auto& i : signals.intergreens) {
    if (i.losing < size_ && i.gaining < size_)
      values_[i.losing * size_ + i.gaining] = i.time.time.value;
  }
}

double IntergreenMatrix::between(const Stage& from, const Stage& to) const {
  double most = 0;
  for (const auto losing : from.green) {
    for (const auto gaining : to.green) {
      most = std::max(most, at(losing, gaining).value_or(0.0));
    }
  }
  return most;
}

const Stage* find_stage(const JunctionSignals& signals, std::uint32_t number) {
  const auto it = std::find_if(signals.stages.begin(), signals.stages.end(),
                               [&](const Stage& s) { return s.number == number; });
  return it == signals.stages.end() ? nullptr : &*it;
}

const SignalPlan* find_plan(const JunctionSignals& signals, std::uint32_t number) {
  const auto it = std::find_if(signals.plans.begin(), signals.plans.end(),
                               [&](const SignalPlan& p) { return p.number == number; });
  return it == signals.plans.end() ? nullptr : &*it;
}

bool transition_allowed(const JunctionSignals& signals, std::uint32_t from, std::uint32_t to) {
  return from == to || std::find(signals.transitions.begin(), signals.transitions.end(),
                                 Transition{from, to}) != signals.transitions.end();
}

Result<> validate(const JunctionSignals& signals) {
  if (auto r = check_groups(signals); !r) return r;
  if (auto r = check_matrix(signals); !r) return r;
  if (auto r = check_stages(signals); !r) return r;
  if (signals.lever == Lever::stage && !signals.release_time) {
    return broken("lever_needs_release",
                  "the stage lever needs the controller's proved release time",
                  signals.junction.str());
  }
  for (const auto& plan : signals.plans) {
    if (auto r = validate(signals, plan); !r) return r;
  }
  if (find_plan(signals, signals.local_plan) == nullptr) {
    return broken("plan_number", "no local plan " + std::to_string(signals.local_plan),
                  signals.junction.str());
  }
  return Ok{};
}

}  // namespace dispecer
