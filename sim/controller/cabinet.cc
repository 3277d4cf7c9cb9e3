#include "sim/controller/cabinet.h"

#include <algorithm>

namespace dispecer::sim {
namespace {

std::size_t owner_of_input(const Cabinet& cabinet, std::uint32_t input) {
  for (std::size_t i = 0; i < cabinet.intersections.size(); ++i) {
    for (const auto& stage : cabinet.intersections[i].state.own.stages) {
      if (stage.demand_input == input) return i;
    }
  }
  return 0;
}

std::size_t owner_of_detector(const Cabinet& cabinet, std::uint32_t number) {
  for (std::size_t i = 0; i < cabinet.intersections.size(); ++i) {
    if (cabinet.intersections[i].state.wired.contains(number)) return i;
  }
  return 0;
}

struct Route {
  Cabinet& cabinet;
  UtcTime now;
  std::uint32_t intersection;

  Result<> to(std::size_t i, const Input& in) const {
    return apply(cabinet.intersections[i].state, in, now);
  }
  // Tried on copies first, so that a refusal by one leaves all as they were.
  Result<> to_all(const Input& in) const {
    std::vector<State> copies;
    bool any = false;
    Error last{"no_such_intersection", "found " + std::to_string(intersection), ""};
    for (const auto& i : cabinet.intersections) {
      copies.push_back(i.state);
      if (intersection != 0 && i.number != intersection) continue;
      auto r = apply(copies.back(), in, now);
      if (r) {
        any = true;
      } else if (r.error().cause != "no_such_plan") {
        note(r.error());
        return r;
      } else {
        last = r.error();
      }
    }
    if (!any) {
      note(last);
      return last;
    }
    for (std::size_t i = 0; i < copies.size(); ++i)
      cabinet.intersections[i].state = std::move(copies[i]);
    return Ok{};
  }
  void note(const Error& error) const {
    ++cabinet.intersections.front().state.refused[error.cause];
    cabinet.intersections.front().state.last_refusal = error.message();
  }

  Result<> operator()(const DetectorReading& in) const {
    return to(owner_of_detector(cabinet, in.number), in);
  }
  Result<> operator()(const ForceDetector& in) const {
    return to(owner_of_detector(cabinet, in.number), in);
  }
  Result<> operator()(const ForceInput& in) const {
    return to(owner_of_input(cabinet, in.input), in);
  }
  Result<> operator()(const SetInputs& in) const {
    const auto most = input_count(cabinet);
    for (const auto* list : {&in.set, &in.clear}) {
      for (const auto n : *list) {
        if (n < 1 || n > most) {
          return Error{"no_such_input", "found " + std::to_string(n), ""};
        }
      }
    }
    std::vector<SetInputs> parts(cabinet.intersections.size());
    for (const auto n : in.set) parts[owner_of_input(cabinet, n)].set.push_back(n);
    for (const auto n : in.clear) parts[owner_of_input(cabinet, n)].clear.push_back(n);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].set.empty() && parts[i].clear.empty()) continue;
      if (auto r = to(i, parts[i]); !r) return r;
    }
    return Ok{};
  }
  Result<> operator()(const SetFault& in) const {
    if (in.number == 0) return to_all(in);
    if (!of_lamp(in.fault)) return to(owner_of_detector(cabinet, in.number), in);
    const auto at = group_at(cabinet, in.number);
    if (!at) return Error{"no_such_group", "found " + std::to_string(in.number), ""};
    return to(at->intersection, SetFault{in.fault, in.on, at->group + 1});
  }
  Result<> operator()(const auto& in) const { return to_all(in); }
};

}  // namespace

void tick(Cabinet& cabinet, UtcTime now) {
  run_programme(cabinet, now);
  run_priority(cabinet, now);
  for (auto& i : cabinet.intersections) i.output = tick(i.state, now);
}

Result<> apply(Cabinet& cabinet, const Input& input, UtcTime now, std::uint32_t intersection) {
  return std::visit(Route{cabinet, now, intersection}, input);
}

void note_supervisor(Cabinet& cabinet, const std::string& line, bool connected, UtcTime now) {
  if (connected) {
    cabinet.supervisors.insert(line);
  } else {
    cabinet.supervisors.erase(line);
  }
  static_cast<void>(apply(cabinet, SupervisorLink{!cabinet.supervisors.empty()}, now));
}

std::optional<PriorityTarget> group_at(const Cabinet& cabinet, std::size_t number) {
  if (number == 0) return std::nullopt;
  std::size_t before = 0;
  for (std::size_t i = 0; i < cabinet.intersections.size(); ++i) {
    const auto n = cabinet.intersections[i].state.lamps.size();
    if (number <= before + n)
      return PriorityTarget{i, static_cast<std::uint32_t>(number - before - 1)};
    before += n;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> group_number(const Cabinet& cabinet, const SignalGroupId& group) {
  std::uint32_t number = 0;
  for (const auto& i : cabinet.intersections) {
    for (const auto& g : i.state.own.groups) {
      ++number;
      if (g.id == group) return number;
    }
  }
  return std::nullopt;
}

std::size_t input_count(const Cabinet& cabinet) {
  std::size_t n = 0;
  for (const auto& i : cabinet.intersections) n = std::max(n, i.state.inputs.size());
  return n;
}

std::size_t detector_count(const Cabinet& cabinet) {
  std::size_t n = 0;
  for (const auto& i : cabinet.intersections) n = std::max(n, i.state.detectors.size());
  return n;
}

bool input_value(const Cabinet& cabinet, std::uint32_t input) {
  const auto& inputs = cabinet.intersections[owner_of_input(cabinet, input)].state.inputs;
  return input >= 1 && input <= inputs.size() && inputs[input - 1].value();
}

std::optional<bool> input_forced(const Cabinet& cabinet, std::uint32_t input) {
  const auto& inputs = cabinet.intersections[owner_of_input(cabinet, input)].state.inputs;
  return input >= 1 && input <= inputs.size() ? inputs[input - 1].forced : std::nullopt;
}

const DetectorState* detector(const Cabinet& cabinet, std::uint32_t number) {
  const auto& state = cabinet.intersections[owner_of_detector(cabinet, number)].state;
  if (number < 1 || number > state.detectors.size()) return nullptr;
  return state.wired.contains(number) ? &state.detectors[number - 1] : nullptr;
}

}  // namespace dispecer::sim
