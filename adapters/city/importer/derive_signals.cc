#include <algorithm>
#include <cmath>
#include <set>

#include "adapters/city/importer/derive.h"
#include "adapters/city/importer/ring.h"
#include "adapters/city/value.h"

namespace dispecer::city {
namespace {

using sumo::Program;

constexpr double kMaxRed = 120;

bool green(char c) {
  return c == 'G' || c == 'g';
}

double crossing_length(const sumo::Net& net, const SignalWay& way) {
  const auto it = net.crossings.find(way.crossing);
  return it == net.crossings.end() || it->second.lanes.empty() ? 0 : it->second.lanes[0].length;
}

class Builder {
 public:
  Builder(const sumo::Net& net, const Program& program, const std::vector<SignalWay>& ways,
          Findings& findings)
      : net_(net), program_(program), ways_(ways), findings_(findings) {}

  std::optional<DerivedSignals> build() {
    if (!usable()) return std::nullopt;
    auto& s = out_.signals;
    s.junction = JunctionId(program_.id);
    s.controller = ControllerId("C_" + program_.id);
    s.signatures = {
        {Origin::derived, "geometry and delivered program of the imported network", "", ""}};
    make_groups();
    if (s.groups.empty()) return refuse("no index of its program is ever green");
    make_intergreens();
    auto ring = delivered_ring(program_.phases, greens_of_phases(), program_.id, findings_);
    if (ring.stages.empty() || ring.stages.size() > 255) {
      return refuse("no stage is left of its program");
    }
    s.stages = ring.stages;
    for (const auto& a : s.stages) {
      for (const auto& b : s.stages) {
        if (a.number != b.number) s.transitions.push_back({a.number, b.number});
      }
    }
    bind_groups();
    s.lever = Lever::stage;
    s.release_time = Seconds{5};
    s.commissioning = Commissioning::live;
    s.provenance = Provenance::derived;
    make_plan(ring);
    if (auto r = validate(s); !r) return refuse(r.error().message());
    return std::move(out_);
  }

 private:
  std::nullopt_t refuse(const std::string& why) {
    findings_.push_back({"unusable", program_.id, why});
    return std::nullopt;
  }

  bool usable() {
    std::size_t length = 0;
    for (const auto& way : ways_) length = std::max<std::size_t>(length, way.index + 1);
    if (program_.phases.empty()) return refuse("its program has no phase"), false;
    for (const auto& p : program_.phases) {
      if (p.state.size() < length || p.state.size() != program_.phases[0].state.size()) {
        refuse("a phase of its program has " + std::to_string(p.state.size()) +
               " characters, expected " +
               std::to_string(std::max(length, program_.phases[0].state.size())));
        return false;
      }
      if (!(p.duration >= 0 && p.duration <= 600)) {
        refuse("a phase of its program lasts " + std::to_string(p.duration) + " s");
        return false;
      }
    }
    return true;
  }

  std::string pattern(std::uint32_t index) const {
    std::string p;
    for (const auto& phase : program_.phases) {
      p += green(phase.state[index]) && phase.duration > 0 ? phase.state[index] : '-';
    }
    return p;
  }

  // Indices that always show the same colour make one group; people on foot, cycles and buses have
  // lamps of their own.
  void make_groups() {
    std::map<std::uint32_t, GroupKind> kinds;
    std::set<std::uint32_t> mixed;
    for (const auto& way : ways_) {
      const auto [it, fresh] = kinds.emplace(way.index, way.kind);
      if (!fresh && it->second != way.kind) {
        const bool foot = it->second == GroupKind::pedestrian || way.kind == GroupKind::pedestrian;
        it->second = GroupKind::vehicle;
        if (foot && mixed.insert(way.index).second) {
          findings_.push_back({"priority_conflict", program_.id,
                               "index " + std::to_string(way.index) +
                                   " drives vehicles and people on foot at once"});
        }
      }
    }
    out_.idle_state.assign(program_.phases[0].state.size(), 'r');
    std::map<std::pair<GroupKind, std::string>, std::size_t> known;
    std::map<GroupKind, int> counts;
    for (std::uint32_t i = 0; i < out_.idle_state.size(); ++i) {
      set_idle(i);
      const auto kind = kinds.find(i);
      const auto shown = pattern(i);
      const bool served = shown.find_first_of("Gg") != std::string::npos;
      if (kind == kinds.end()) {
        continue;
      }
      if (!served) {
        findings_.push_back({"group_unserved", program_.id,
                             "index " + std::to_string(i) + " is never green; it stays '" +
                                 std::string(1, out_.idle_state[i]) + "'"});
        continue;
      }
      const auto [it, fresh] = known.emplace(std::pair{kind->second, shown}, known.size());
      if (fresh) {
        SignalGroup g;
        g.kind = kind->second;
        g.id = SignalGroupId(letter(g.kind) + std::to_string(++counts[g.kind]));
        out_.signals.groups.push_back(g);
        out_.group_indices.emplace_back();
        patterns_.push_back(shown);
      }
      out_.group_indices[it->second].push_back(i);
      out_.group_of_index[i] = it->second;
    }
    for (std::size_t g = 0; g < out_.signals.groups.size(); ++g) set_times(g);
  }

  // What an index shows when its group is red: 's' where a turn on red is delivered; an index
  // without a group keeps what the program shows all the time.
  void set_idle(std::uint32_t index) {
    bool same = true, stop_turn = false;
    const char first = program_.phases[0].state[index];
    for (const auto& p : program_.phases) {
      same = same && p.state[index] == first;
      stop_turn = stop_turn || p.state[index] == 's';
    }
    if (stop_turn) out_.idle_state[index] = 's';
    if (same && !green(first)) out_.idle_state[index] = first;
  }

  static std::string letter(GroupKind kind) {
    switch (kind) {
      case GroupKind::pedestrian:
        return "P";
      case GroupKind::bus:
        return "B";
      case GroupKind::cycle:
        return "C";
      case GroupKind::tram:
        return "T";
      default:
        return "V";
    }
  }

  std::vector<const SignalWay*> ways_of(std::size_t group) const {
    std::vector<const SignalWay*> list;
    for (const auto& way : ways_) {
      const auto it = out_.group_of_index.find(way.index);
      if (it != out_.group_of_index.end() && it->second == group) list.push_back(&way);
    }
    return list;
  }

  void set_times(std::size_t group) {
    auto& g = out_.signals.groups[group];
    double speed = 0, walk = 0;
    for (const auto* way : ways_of(group)) {
      speed = std::max(speed, way->speed);
      walk = std::max(walk, crossing_length(net_, *way));
    }
    g.max_red = {{kMaxRed}, 0};
    if (g.kind == GroupKind::pedestrian) {
      g.min_green = {{std::max(5.0, std::ceil(walk / 2 / 1.2))}, 0};
      g.amber = {{std::ceil(walk / 1.2 - 1e-9)}, 0};
    } else {
      g.min_green = {{5}, 0};
      g.amber = {{amber_seconds(g.kind, speed)}, 0};
    }
  }

  // Do two ways cross or merge, by the network's own table? Absent where the table does not say.
  std::optional<bool> foes(const SignalWay& a, const SignalWay& b) const {
    if (a.node != b.node) return false;
    const auto node = net_.nodes.find(a.node);
    if (node == net_.nodes.end() || a.number < 0 || b.number < 0) return std::nullopt;
    const auto& table = node->second.requests;
    const auto bit = [&](int row, int column) -> std::optional<bool> {
      const auto r = static_cast<std::size_t>(row);
      const auto c = static_cast<std::size_t>(column);
      if (r >= table.size() || c >= table[r].foes.size()) return std::nullopt;
      return table[r].foes[c];
    };
    const auto one = bit(a.number, b.number);
    const auto two = bit(b.number, a.number);
    if (!one || !two) return std::nullopt;
    return *one || *two;
  }

  bool together(std::size_t a, std::size_t b) const {
    for (std::size_t p = 0; p < patterns_[a].size(); ++p) {
      if (patterns_[a][p] != '-' && patterns_[b][p] != '-') return true;
    }
    return false;
  }

  bool both_priority(std::size_t a, std::size_t b) const {
    for (std::size_t p = 0; p < patterns_[a].size(); ++p) {
      if (patterns_[a][p] == 'G' && patterns_[b][p] == 'G') return true;
    }
    return false;
  }

  // A group clears as its slowest way does, whichever way of it meets the other group.
  double least_intergreen(std::uint32_t g) const {
    const auto& group = out_.signals.groups[g];
    return group.amber.time.value + (group.kind == GroupKind::pedestrian ? 0 : 1);
  }

  void make_intergreens() {
    bool silent = false;
    std::size_t clashes = 0;
    std::string example;
    const auto n = static_cast<std::uint32_t>(out_.signals.groups.size());
    for (std::uint32_t a = 0; a < n; ++a) {
      for (std::uint32_t b = a; b < n; ++b) {
        const bool allowed = a == b || together(a, b);
        std::optional<std::pair<double, double>> times;
        for (const auto* i : ways_of(a)) {
          for (const auto* j : ways_of(b)) {
            const auto meet = foes(*i, *j);
            silent = silent || !meet;
            if (!meet.value_or(!allowed)) continue;
            if (allowed) {
              if (meet && i != j && both_priority(a, b) && ++clashes == 1) {
                example = std::to_string(i->index) + " and " + std::to_string(j->index);
              }
              continue;
            }
            if (!times) times = {0, 0};
            times->first =
                std::max(times->first, clearance_seconds(*i, *j, crossing_length(net_, *i)));
            times->second =
                std::max(times->second, clearance_seconds(*j, *i, crossing_length(net_, *j)));
          }
        }
        if (!times) continue;
        times->first = std::max(times->first, least_intergreen(a));
        times->second = std::max(times->second, least_intergreen(b));
        out_.signals.intergreens.push_back({a, b, {{times->first}, 0}});
        out_.signals.intergreens.push_back({b, a, {{times->second}, 0}});
      }
    }
    if (silent) {
      findings_.push_back({"no_conflicts", program_.id,
                           "the network's table of conflicts is incomplete; groups that are never "
                           "green together count as conflicting there"});
    }
    if (clashes > 0) {
      findings_.push_back({"priority_conflict", program_.id,
                           "the delivered program gives crossing ways green with priority at once, "
                           "first indices " +
                               example + "; kept as delivered"});
    }
  }

  std::vector<PhaseGreens> greens_of_phases() const {
    std::vector<PhaseGreens> out(program_.phases.size());
    for (std::size_t p = 0; p < out.size(); ++p) {
      for (std::uint32_t g = 0; g < patterns_.size(); ++g) {
        if (patterns_[g][p] != '-') out[p].green.push_back(g);
        if (patterns_[g][p] == 'g') out[p].yielding.push_back(g);
      }
    }
    return out;
  }

  bool same_stages(std::uint32_t a, std::uint32_t b) const {
    return std::all_of(out_.signals.stages.begin(), out_.signals.stages.end(), [&](const Stage& s) {
      const auto has = [&](std::uint32_t g) {
        return std::find(s.green.begin(), s.green.end(), g) != s.green.end();
      };
      return has(a) == has(b);
    });
  }

  // Groups that share a lane hang on the same lamps where they change together; where they do not,
  // one waiting vehicle closes the lane for the other.
  void bind_groups() {
    std::map<std::pair<std::string, std::uint32_t>, std::set<std::uint32_t>> lanes;
    for (const auto& way : ways_) {
      const auto it = out_.group_of_index.find(way.index);
      if (it == out_.group_of_index.end() || way.kind == GroupKind::pedestrian) continue;
      lanes[{way.from_edge, way.from_lane}].insert(static_cast<std::uint32_t>(it->second));
    }
    auto& bound = out_.signals.bound_groups;
    for (const auto& [lane, groups] : lanes) {
      std::vector<std::uint32_t> set;
      for (const auto g : groups) {
        if (same_stages(*groups.begin(), g)) set.push_back(g);
      }
      if (set.size() < groups.size()) {
        findings_.push_back({"shared_lane", program_.id,
                             "lane " + std::to_string(lane.second) + " of '" + lane.first +
                                 "' has ways with different signals: one waiting vehicle closes "
                                 "it"});
      }
      if (set.size() > 1 && std::find(bound.begin(), bound.end(), set) == bound.end()) {
        bound.push_back(set);
      }
    }
  }

  void make_plan(const DeliveredRing& ring) {
    auto& s = out_.signals;
    const auto times = fit_ring(s, {ring.order, ring.starts, ring.full, ring.cycle}, findings_);
    const IntergreenMatrix matrix(s);
    SignalPlan plan;
    plan.number = 1;
    plan.name = "delivered program " + program_.program;
    plan.cycle = {times.cycle};
    plan.offset = {std::fmod(std::fmod(program_.offset, times.cycle) + times.cycle, times.cycle)};
    const std::size_t n = times.starts.size();
    std::string shorter;
    for (std::size_t i = 0; i < n; ++i) {
      const auto& stage = *find_stage(s, times.stages[i]);
      const auto& next = *find_stage(s, times.stages[(i + 1) % n]);
      double span = times.starts[(i + 1) % n] - times.starts[i];
      if (span <= 0) span += times.cycle;
      const double seconds = n == 1 ? times.cycle : span - matrix.between(stage, next);
      if (n > 1 && seconds < ring.full[i] - 0.5) {
        shorter += (shorter.empty() ? "" : ", ") + std::string("stage ") +
                   std::to_string(times.stages[i]) + " " + seconds_text(ring.full[i]) + " to " +
                   seconds_text(seconds) + " s";
      }
      PlanStage row;
      row.stage = times.stages[i];
      row.start = {times.starts[i]};
      row.min_green = {std::max(0.0, std::min(seconds, std::max(5.0, ring.min[i])))};
      row.max_green = {std::min(
          600.0, std::max(seconds, ring.max[i] > 0 ? ring.max[i] : std::round(1.4 * seconds)))};
      plan.ring.push_back(row);
    }
    if (!shorter.empty()) {
      findings_.push_back(
          {"retimed", program_.id, "derived intergreens shorten the delivered greens: " + shorter});
    }
    s.plans = {plan};
    for (std::size_t g = 0; n > 1 && g < s.groups.size(); ++g) tell_long_red(plan, g);
  }

  static std::string seconds_text(double v) { return Value(std::round(v * 10) / 10).describe(); }

  void tell_long_red(const SignalPlan& plan, std::size_t g) {
    double green_time = 0, longest = 0;
    const auto greens = plan_greens(out_.signals, plan)[g];
    for (std::size_t i = 0; i < greens.size(); ++i) {
      green_time += greens[i].end - greens[i].begin;
      double gap = greens[(i + 1) % greens.size()].begin - greens[i].end;
      while (gap < 0) gap += plan.cycle.value;
      longest = std::max(longest, gap);
    }
    if (green_time < plan.cycle.value && longest > kMaxRed) {
      findings_.push_back({"long_red", program_.id,
                           out_.signals.groups[g].id.str() + " waits " + seconds_text(longest) +
                               " s in the local plan, more than the longest red of " +
                               seconds_text(kMaxRed) + " s"});
    }
  }

  const sumo::Net& net_;
  const Program& program_;
  const std::vector<SignalWay>& ways_;
  Findings& findings_;
  DerivedSignals out_;
  std::vector<std::string> patterns_;  // of each group, by phase: G, g or -
};

}  // namespace

std::optional<DerivedSignals> derive_signals(const sumo::Net& net, const std::string& light,
                                             const std::vector<SignalWay>& ways,
                                             Findings& findings) {
  const auto program = net.programs.find(light);
  if (program == net.programs.end()) {
    findings.push_back({"no_program", light, "the network holds no program for these signals"});
    return std::nullopt;
  }
  return Builder(net, program->second, ways, findings).build();
}

}  // namespace dispecer::city
