#include "adapters/rsmp/command.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "adapters/rsmp/board.h"
#include "adapters/rsmp/message/signal_list.h"
#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

using Commands = Result<std::vector<FieldCommand>>;

std::string whole(Seconds s) {
  return std::to_string(std::llround(s.value));
}
std::string number(std::uint32_t n) {
  return std::to_string(n);
}

std::string_view vehicle_word(PriorityVehicle vehicle) {
  switch (vehicle) {
    case PriorityVehicle::light_truck:
      return "lightTruck";
    case PriorityVehicle::heavy_truck:
      return "heavyTruck";
    case PriorityVehicle::safety_car:
      return "safetyCar";
    case PriorityVehicle::special_transport:
      return "specialTransport";
    default:
      return to_name(vehicle);
  }
}

class Encoder {
 public:
  explicit Encoder(const CommandContext& context) : context_(context) {}

  Commands operator()(const StageOrder& order) {
    const Stage* stage = find_stage(context_.junction.signals, order.stage);
    if (stage == nullptr || !stage->demand_input) {
      return fail("no_input", "stage " + number(order.stage) + " has no demand input");
    }
    return inputs(stage->demand_input);
  }
  Commands operator()(const ReleaseOrder&) {
    const auto ours = demand_inputs(context_.junction.signals);
    Commands commands =
        find_command("M0013", context_.sxl) != nullptr ? inputs(std::nullopt) : one_by_one(ours);
    if (!commands) return commands;
    for (const std::uint32_t input : context_.forced) {
      if (!std::ranges::binary_search(ours, input)) continue;
      commands->push_back(
          make("M0019",
               {{"status", "False"}, code2(), {"input", number(input)}, {"inputValue", "False"}}));
    }
    return commands;
  }
  Commands operator()(const PlanOrder& order) {
    // A release names a legal plan too: zero is outside the list's range.
    const std::uint32_t plan = order.plan != 0 ? order.plan : context_.junction.signals.local_plan;
    return one("M0002",
               {{"status", bool_text(order.plan != 0)}, code2(), {"timeplan", number(plan)}});
  }
  Commands operator()(const CycleOrder& order) {
    return one("M0018", {{"status", whole(order.cycle)}, {"plan", number(order.plan)}, code2()});
  }
  Commands operator()(const OffsetOrder& order) {
    const auto cycle = context_.cycle_of ? context_.cycle_of(order.plan) : std::nullopt;
    if (!cycle) return fail("unknown_plan", "no cycle is known of plan " + number(order.plan));
    const std::int64_t offset = wire_offset(order.offset, *cycle);
    return one("M0015",
               {{"status", std::to_string(offset)}, {"plan", number(order.plan)}, code2()});
  }
  Commands operator()(const BandsOrder& order) {
    std::string text;
    for (const Band& band : order.bands) {
      text += (text.empty() ? "" : ",") + number(band.number) + "-" + whole(band.extension);
    }
    if (text.empty()) return fail("bad_value", "an order of bands names none");
    Commands commands = one("M0014", {{"plan", number(order.plan)}, {"status", text}, code2()});
    if (!commands || find_command("M0023", context_.sxl) == nullptr) return commands;
    // The time-out first: no bands without an end.
    commands->insert(commands->begin(),
                     make("M0023", {{"status", number(order.timeout_min)}, code2()}));
    return commands;
  }
  Commands operator()(const ModeOrder& order) {
    std::string mode;
    if (order.mode == ControlMode::control) mode = "NormalControl";
    if (order.mode == ControlMode::yellow_flash) mode = "YellowFlash";
    if (order.mode == ControlMode::dark) mode = "Dark";
    if (mode.empty()) return fail("bad_value", "no such operating mode in RSMP");
    return one("M0001", {{"status", mode},
                         code2(),
                         {"timeout", number(order.timeout_min)},
                         {"intersection", number(context_.junction.signals.intersection)}});
  }
  Commands operator()(const InputOrder& order) {
    return one("M0006",
               {{"status", bool_text(order.set)}, code2(), {"input", number(order.input)}});
  }
  Commands operator()(const ForceInputOrder& order) {
    return one("M0019", {{"status", bool_text(order.force)},
                         code2(),
                         {"input", number(order.input)},
                         {"inputValue", bool_text(order.value)}});
  }
  Commands operator()(const SituationOrder& order) {
    return one("M0003", {{"status", bool_text(order.active)},
                         code2(),
                         {"traficsituation", number(order.situation)}});
  }
  Commands operator()(const FixedTimeOrder& order) {
    return one("M0007", {{"status", bool_text(order.active)}, code2()});
  }
  Commands operator()(const SensitivityOrder& order) {
    std::string text;
    for (const LoopLevel& loop : order.loops) {
      text += (text.empty() ? "" : ",") + number(loop.loop) + "-" + number(loop.level);
    }
    return one("M0021", {{"status", text}, code2()});
  }
  Commands operator()(const AlarmOrder& order) {
    const auto component = component_of(context_.site, context_.junction, order.subject);
    if (!component) return fail("unknown_subject", "'" + order.subject + "' has no component");
    Alarm alarm{{*component, "", ""}, order.code, "", "", AlarmKind::acknowledge, {}, {}};
    if (*component == context_.site.main_component) alarm.component.nts_id = context_.site.nts_id;
    if (order.action == AlarmAction::suspend) alarm.kind = AlarmKind::suspend;
    if (order.action == AlarmAction::resume) alarm.kind = AlarmKind::resume;
    if (order.action == AlarmAction::acknowledge) {
      alarm.event =
          context_.alarm_time ? context_.alarm_time(*component, order.code) : std::nullopt;
      if (!alarm.event) return fail("unknown_alarm", "no event of " + order.code + " is known");
    }
    return std::vector{FieldCommand{order.code, {}, std::move(alarm)}};
  }
  Commands operator()(const OutputOrder& order) {
    return one("M0020", {{"status", bool_text(order.set)},
                         code2(),
                         {"output", number(order.output)},
                         {"outputValue", bool_text(order.value)}});
  }
  Commands operator()(const DetectorOrder& order) {
    const auto& list = context_.junction.detectors;
    const auto at = std::ranges::find(list, order.detector, &DetectorWire::id);
    if (at == list.end() || at->component.empty()) {
      return fail("unknown_detector", "'" + order.detector.str() + "' has no component");
    }
    Commands commands = one(
        "M0008", {{"status", bool_text(order.force)}, code2(), {"mode", bool_text(order.value)}});
    if (commands) commands->front().request.component.id = at->component;
    return commands;
  }
  Commands operator()(const TablesOrder& order) {
    std::vector<FieldCommand> commands;
    if (!order.week.empty()) {
      commands.push_back(make("M0016", {{"status", order.week}, code2()}));
    }
    if (!order.day.empty()) {
      commands.push_back(make("M0017", {{"status", order.day}, code2()}));
    }
    if (commands.empty()) return fail("bad_value", "no table is named");
    return checked(std::move(commands));
  }
  Commands operator()(const ClockOrder& order) {
    using namespace std::chrono;
    const sys_time<microseconds> moment{microseconds{order.time.us}};
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<seconds>(moment - day)};
    return one("M0104", {{"securityCode", context_.site.code1},
                         {"year", std::to_string(static_cast<int>(date.year()))},
                         {"month", number(static_cast<unsigned>(date.month()))},
                         {"day", number(static_cast<unsigned>(date.day()))},
                         {"hour", std::to_string(clock.hours().count())},
                         {"minute", std::to_string(clock.minutes().count())},
                         {"second", std::to_string(clock.seconds().count())}});
  }
  Commands operator()(const SecurityCodeOrder& order) {
    const auto fresh = context_.secrets(order.secret);
    if (!fresh || fresh->empty()) return fail("unknown_secret", "'" + order.secret + "'");
    const bool first = order.level == 1;
    return one("M0103", {{"status", first ? "Level1" : "Level2"},
                         {"oldSecurityCode", first ? context_.site.code1 : context_.site.code2},
                         {"newSecurityCode", *fresh}});
  }
  Commands operator()(const EmergencyRouteOrder& order) {
    return one(
        "M0005",
        {{"status", bool_text(order.active)}, code2(), {"emergencyroute", number(order.route)}});
  }
  Commands operator()(const PriorityOrder& order) {
    std::vector<Argument> arguments{{"requestId", order.request.str()},
                                    {"type", order.cancel   ? "cancel"
                                             : order.update ? "update"
                                                            : "new"}};
    const bool fresh = !order.cancel && !order.update;
    if (fresh) {
      auto reference = reference_of(order);
      if (!reference) return reference.error();
      arguments.insert(arguments.end(), reference->begin(), reference->end());
    }
    if (!order.cancel) {
      arguments.push_back({"level", number(order.level)});
      if (order.eta) arguments.push_back({"eta", whole(*order.eta)});
    }
    if (fresh && order.vehicle != PriorityVehicle::unknown) {
      arguments.push_back({"vehicleType", std::string(vehicle_word(order.vehicle))});
    }
    return one("M0022", arguments);
  }
  Commands operator()(const RestartOrder&) { return one("M0004", {{"status", "True"}, code2()}); }
  Commands operator()(const SignOrder&) {
    return fail("unsupported", "a sign is not a controller");
  }

 private:
  struct Argument {
    std::string name;
    std::string value;
  };

  [[nodiscard]] Error fail(const char* cause, const std::string& what) const {
    return Error{cause, what, context_.junction.id().str()};
  }
  [[nodiscard]] Argument code2() const { return {"securityCode", context_.site.code2}; }

  // A reference that is not used is left out, never empty.
  [[nodiscard]] Result<std::vector<Argument>> reference_of(const PriorityOrder& order) const {
    switch (order.reference) {
      case PriorityReference::group: {
        const auto& groups = context_.junction.signals.groups;
        const auto at = std::ranges::find(groups, order.group, &SignalGroup::id);
        const auto index = static_cast<std::size_t>(at - groups.begin());
        if (index >= context_.junction.group_components.size()) {
          return fail("unknown_group", "'" + order.group.str() + "'");
        }
        return std::vector<Argument>{{"signalGroupId", context_.junction.group_components[index]}};
      }
      case PriorityReference::input:
        return std::vector<Argument>{{"inputId", number(order.number)}};
      case PriorityReference::connection:
        return std::vector<Argument>{{"connectionId", number(order.number)}};
      case PriorityReference::approach:
        return std::vector<Argument>{{"approachId", number(order.number)}};
      case PriorityReference::priority:
        return std::vector<Argument>{{"priorityId", number(order.number)}};
      case PriorityReference::lane:
        break;
    }
    std::vector<Argument> lane{{"laneInId", number(order.number)}};
    if (order.lane_out) lane.push_back({"laneOutId", number(*order.lane_out)});
    return lane;
  }

  [[nodiscard]] FieldCommand make(const char* code, const std::vector<Argument>& arguments) const {
    const auto rows = list_commands();
    const auto row = std::ranges::find(rows, std::string_view(code), &ListCommand::code);
    ensure(row != rows.end() && !row->reserved);
    FieldCommand made{code, {{context_.site.main_component, context_.site.nts_id, ""}, {}}, {}};
    for (const Argument& a : arguments) {
      made.request.arguments.push_back({code, a.name, std::string(row->command), Value(a.value)});
    }
    return made;
  }
  [[nodiscard]] Commands one(const char* code, const std::vector<Argument>& arguments) const {
    return checked({make(code, arguments)});
  }
  // Against the list of the site's version: the code is in it, every argument is there, every value
  // in its range.
  [[nodiscard]] Commands checked(std::vector<FieldCommand> commands) const {
    for (const FieldCommand& command : commands) {
      const ListCommand* row = find_command(command.code, context_.sxl);
      if (row == nullptr) {
        return fail("not_in_sxl", command.code + " is not in SXL " + std::string(context_.sxl));
      }
      const auto& arguments = command.request.arguments;
      for (const ListName* name : names_in(row->arguments, context_.sxl)) {
        const auto at = std::ranges::find(arguments, name->name, &CommandArgument::name);
        if (at == arguments.end()) {
          if (name->optional) continue;
          return fail("bad_value", command.code + " lacks " + std::string(name->name));
        }
        if (name->kind == ListKind::secret && at->value.text->empty()) {
          return fail("no_code", "no security code is known for " + command.code);
        }
        if (const auto value = typed(*name, at->value); !value) {
          return fail("bad_value", command.code + " " + value.error().message());
        }
      }
    }
    return commands;
  }
  // For lists that cannot set many inputs at once.
  [[nodiscard]] Commands one_by_one(const std::vector<std::uint32_t>& demands) const {
    if (demands.empty()) return fail("no_input", "the junction has no stage demand inputs");
    std::vector<FieldCommand> commands;
    for (const std::uint32_t input : demands) {
      commands.push_back(make("M0006", {{"status", "False"}, code2(), {"input", number(input)}}));
    }
    return checked(std::move(commands));
  }
  [[nodiscard]] Commands inputs(std::optional<std::uint32_t> wanted) const {
    std::vector<InputChange> changes;
    for (const std::uint32_t input : demand_inputs(context_.junction.signals)) {
      changes.push_back({input, wanted == input});
    }
    if (changes.empty()) return fail("no_input", "the junction has no stage demand inputs");
    return one("M0013", {{"status", encode_inputs(changes)}, code2()});
  }

  const CommandContext& context_;
};

}  // namespace

std::string group_subject(const JunctionId& junction, const SignalGroupId& group) {
  return junction.str() + "/" + group.str();
}

std::optional<std::string> component_of(const SiteConfig& site, const JunctionWire& junction,
                                        const std::string& subject) {
  if (subject == junction.id().str()) return site.main_component;
  for (const DetectorWire& detector : junction.detectors) {
    if (detector.id.str() == subject && !detector.component.empty()) return detector.component;
  }
  for (std::size_t g = 0; g < junction.group_components.size(); ++g) {
    if (group_subject(junction.id(), junction.signals.groups[g].id) == subject)
      return junction.group_components[g];
  }
  return std::nullopt;
}

std::vector<std::uint32_t> demand_inputs(const JunctionSignals& signals) {
  std::vector<std::uint32_t> inputs;
  for (const Stage& stage : signals.stages) {
    if (stage.demand_input) inputs.push_back(*stage.demand_input);
  }
  std::ranges::sort(inputs);
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  return inputs;
}

Commands encode(const ApprovedCommand& command, const CommandContext& context) {
  return std::visit(Encoder(context), command.write());
}

}  // namespace dispecer::rsmp
