// Orders that change plans and tables, and requests for priority.
#include <algorithm>
#include <cmath>

#include "sim/rsmp_site/order.h"

namespace dispecer::sim {
namespace {

constexpr std::int64_t kLongestBand = 99;  // S0023 tells two digits

// Plan 0 stands for the one that runs.
std::uint32_t real_plan(const Cabinet& cabinet, std::uint32_t plan) {
  return plan == 0 ? cabinet.intersections.front().state.running_plan().number : plan;
}

const SignalPlan* find_plan_of(const Cabinet& cabinet, std::uint32_t number) {
  for (const auto& i : cabinet.intersections) {
    for (const auto& p : i.state.plans) {
      if (p.number == number) return &p;
    }
  }
  return nullptr;
}

// Bands of a plan as M0014 writes them.
std::string bands_of(const Cabinet& cabinet, std::uint32_t plan) {
  std::string text;
  for (const auto& i : cabinet.intersections) {
    const auto found = i.state.bands.find(plan);
    if (found == i.state.bands.end() || !text.empty()) continue;
    for (const auto& [band, length] : found->second)
      text += (text.empty() ? "" : ",") + std::to_string(band) + "-" +
              std::to_string(std::llround(length));
  }
  return text.empty() ? "1-0" : text;
}

double own_offset(std::uint32_t wire, double cycle_s) {
  const double rest = std::fmod(static_cast<double>(wire), cycle_s);
  return rest == 0 ? 0 : cycle_s - rest;
}

constexpr std::array<const char*, 5> kReferences{"inputId", "connectionId", "approachId",
                                                 "laneInId", "priorityId"};

}  // namespace

Done Order::bands() {
  const auto plan = whole("plan", 0, 255);
  if (!plan) return bad("plan");
  const auto tuples = rsmp::parse_tuples(text("status"), 2);
  if (!tuples || tuples->empty()) return bad("status");
  SetBands order{*plan, {}};
  for (const auto& t : *tuples) {
    if (t[0] < 1 || t[0] > 10 || t[1] < 0 || t[1] > kLongestBand) return bad("status");
    order.bands.push_back({static_cast<std::uint32_t>(t[0]), static_cast<double>(t[1])});
  }
  return give(order, bands_of(cabinet_, real_plan(cabinet_, *plan)));
}

Done Order::offset() {
  const auto plan = whole("plan", 0, 255);
  const auto s = whole("status", 0, 255);
  if (!plan) return bad("plan");
  if (!s) return bad("status");
  const auto number = real_plan(cabinet_, *plan);
  const auto* target = find_plan_of(cabinet_, number);
  if (target == nullptr) return give(SetOffset{number, 0});
  auto done = give(SetOffset{number, own_offset(*s, target->cycle.value)},
                   std::to_string(wire_offset(cabinet_, *target)));
  if (std::holds_alternative<Ok>(done)) cabinet_.ordered_offsets[number] = *s;
  return done;
}

Done Order::cycle() {
  const auto plan = whole("plan", 0, 255);
  const auto s = whole("status", 1, 255);
  if (!plan) return bad("plan");
  if (!s) return bad("status");
  const auto number = real_plan(cabinet_, *plan);
  const auto* target = find_plan_of(cabinet_, number);
  if (target == nullptr) return give(SetCycle{number, static_cast<double>(*s)});
  // The offset on the wire stays what it was while the cycle changes under it.
  const auto offset = wire_offset(cabinet_, *target);
  const auto before = target->cycle.value;
  const double after = static_cast<double>(*s);
  const auto stays = std::to_string(std::llround(before));
  if (before > after) {
    if (auto r = give(SetOffset{number, own_offset(offset, after)}, stays);
        !std::holds_alternative<Ok>(r))
      return r;
  }
  auto done = give(SetCycle{number, after}, stays);
  const double held = std::holds_alternative<Ok>(done) ? after : before;
  static_cast<void>(give(SetOffset{number, own_offset(offset, held)}));
  return done;
}

Done Order::week_table() {
  const auto tuples = rsmp::parse_tuples(text("status"), 2);
  if (!tuples) return bad("status");
  auto week = cabinet_.programme.week;
  for (const auto& t : *tuples) {
    if (t[0] < 0 || t[0] > 6 || t[1] < 1 || t[1] > 12) return bad("status");
    week[static_cast<std::uint32_t>(t[0])] = static_cast<std::uint32_t>(t[1]);
  }
  cabinet_.programme.week = std::move(week);
  return Ok{};
}

Done Order::day_tables() {
  const auto tuples = rsmp::parse_tuples(text("status"), 4);
  if (!tuples) return bad("status");
  std::vector<DayEntry> named;
  for (const auto& t : *tuples) {
    const bool right = t[0] >= 1 && t[0] <= 12 && t[1] >= 0 && t[1] <= 16 && t[2] >= 0 &&
                       t[2] <= 23 && t[3] >= 0 && t[3] <= 59;
    if (!right) return bad("status");
    named.push_back({static_cast<std::uint32_t>(t[0]), static_cast<std::uint32_t>(t[1]),
                     static_cast<std::uint32_t>(t[2]), static_cast<std::uint32_t>(t[3])});
  }
  // A table that is named is given anew; the others stay.
  auto& days = cabinet_.programme.days;
  std::erase_if(days, [&](const DayEntry& e) {
    return std::any_of(named.begin(), named.end(),
                       [&](const DayEntry& n) { return n.table == e.table; });
  });
  days.insert(days.end(), named.begin(), named.end());
  return Ok{};
}

Done Order::sensitivity() {
  const auto tuples = rsmp::parse_tuples(text("status"), 2);
  if (!tuples || tuples->empty()) return bad("status");
  const auto most = static_cast<std::int64_t>(detector_count(cabinet_));
  for (const auto& t : *tuples) {
    if (t[0] < 1 || t[0] > most || t[1] < 0 || t[1] > 255) return bad("status");
  }
  for (const auto& t : *tuples)
    cabinet_.programme.sensitivity[static_cast<std::uint32_t>(t[0])] =
        static_cast<std::uint32_t>(t[1]);
  return Ok{};
}

Done Order::priority() {
  if (text("requestId").empty()) return bad("requestId");
  const auto& type = text("type");
  if (type == "new") return new_priority();
  if (type != "update" && type != "cancel") return bad("type");
  const bool referred = args_.contains("signalGroupId") || args_.contains("laneOutId") ||
                        args_.contains("vehicleType") ||
                        std::any_of(kReferences.begin(), kReferences.end(), [&](const char* name) {
                          return args_.contains(std::string_view(name));
                        });
  if (referred) return Bad{"M0022 " + type + " takes neither a reference nor a vehicle type"};
  if (type == "cancel") {
    // What is over already need not be cancelled.
    static_cast<void>(cancel_priority(cabinet_, text("requestId"), now_));
    return Ok{};
  }
  std::optional<std::uint32_t> level;
  std::optional<double> eta;
  if (args_.contains("level")) level = whole("level", 0, 14);
  if (args_.contains("eta")) eta = whole("eta", 0, 255);
  return answer(update_priority(cabinet_, text("requestId"), level, eta, now_));
}

Done Order::new_priority() {
  PriorityRequest request;
  request.id = text("requestId");
  std::optional<ComponentRef> at;
  int references = 0;
  if (args_.contains("signalGroupId")) {
    ++references;
    at = find_component(settings_, text("signalGroupId"));
  }
  for (const std::string_view name : kReferences) {
    if (!args_.contains(name)) continue;
    ++references;
    const auto known = settings_.priority_references.find(std::string(name) + " " + text(name));
    if (known != settings_.priority_references.end()) at = find_component(settings_, known->second);
  }
  if (references != 1) return Bad{"M0022 new takes exactly one reference"};
  if (args_.contains("laneOutId") && !args_.contains("laneInId"))
    return Bad{"M0022 laneOutId stands only beside laneInId"};
  if (at && at->kind == ComponentRef::Kind::signal_group)
    request.target = group_at(cabinet_, at->number);
  if (args_.contains("level")) request.level = whole("level", 0, 14).value_or(0);
  if (args_.contains("eta")) request.eta_s = whole("eta", 0, 255).value_or(0);
  return answer(ask_priority(cabinet_, std::move(request), now_));
}

}  // namespace dispecer::sim
