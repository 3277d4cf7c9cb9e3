#include "adapters/rsmp/command.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "adapters/rsmp/message/tlc.h"
#include "adapters/rsmp/sxl.h"

namespace dispecer::rsmp {
namespace {

using Commands = Result<std::vector<FieldCommand>>;

std::string whole(Seconds s) {
  return std::to_string(std::llround(s.value));
}
std::string number(std::uint32_t n) {
  return std::to_string(n);
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
    Commands commands = inputs(std::nullopt);
    if (!commands) return commands;
    const auto ours = demand_inputs(context_.junction.signals);
    for (const std::uint32_t input : context_.forced) {
      if (!std::ranges::binary_search(ours, input)) continue;
      commands->push_back(
          make("M0019", "setInput",
               {{"status", "False"}, code2(), {"input", number(input)}, {"inputValue", "False"}}));
    }
    return commands;
  }
  Commands operator()(const PlanOrder& order) {
    // A release names a legal plan too: zero is outside the list's range.
    const std::uint32_t plan = order.plan != 0 ? order.plan : context_.junction.signals.local_plan;
    return one("M0002", "setPlan",
               {{"status", bool_text(order.plan != 0)}, code2(), {"timeplan", number(plan)}});
  }
  Commands operator()(const CycleOrder& order) {
    return one("M0018", "setCycleTime",
               {{"status", whole(order.cycle)}, {"plan", number(order.plan)}, code2()});
  }
  Commands operator()(const OffsetOrder& order) {
    return one("M0015", "setOffset",
               {{"status", whole(order.offset)}, {"plan", number(order.plan)}, code2()});
  }
  Commands operator()(const BandsOrder& order) {
    std::string text;
    for (const Band& band : order.bands) {
      text += (text.empty() ? "" : ",") + number(band.number) + "-" + whole(band.length);
    }
    if (text.empty()) return fail("bad_value", "an order of bands names none");
    Commands commands =
        one("M0014", "setCommands", {{"plan", number(order.plan)}, {"status", text}, code2()});
    if (!commands || !sxl_at_least(context_.sxl, command_since("M0023"))) return commands;
    // The time-out first: no bands without an end.
    commands->insert(commands->begin(),
                     make("M0023", "setTimeout", {{"status", number(order.timeout_min)}, code2()}));
    return commands;
  }
  Commands operator()(const ModeOrder& order) {
    std::string mode;
    if (order.mode == ControlMode::control) mode = "NormalControl";
    if (order.mode == ControlMode::yellow_flash) mode = "YellowFlash";
    if (order.mode == ControlMode::dark) mode = "Dark";
    if (mode.empty()) return fail("bad_value", "no such operating mode in RSMP");
    return one("M0001", "setValue",
               {{"status", mode},
                code2(),
                {"timeout", number(order.timeout_min)},
                {"intersection", number(context_.junction.signals.intersection)}});
  }
  Commands operator()(const InputOrder& order) {
    return one("M0006", "setInput",
               {{"status", bool_text(order.set)}, code2(), {"input", number(order.input)}});
  }
  Commands operator()(const OutputOrder& order) {
    return one("M0020", "setOutput",
               {{"status", bool_text(order.set)},
                code2(),
                {"output", number(order.output)},
                {"outputValue", bool_text(order.set)}});
  }
  Commands operator()(const DetectorOrder& order) {
    const auto& list = context_.junction.detectors;
    const auto at = std::ranges::find(list, order.detector, &DetectorWire::id);
    if (at == list.end() || at->component.empty()) {
      return fail("unknown_detector", "'" + order.detector.str() + "' has no component");
    }
    Commands commands =
        one("M0008", "setForceDetectorLogic",
            {{"status", bool_text(order.force)}, code2(), {"mode", bool_text(order.value)}});
    if (commands) commands->front().request.component.id = at->component;
    return commands;
  }
  Commands operator()(const TablesOrder& order) {
    std::vector<FieldCommand> commands;
    if (!order.week.empty()) {
      commands.push_back(make("M0016", "setWeekTable", {{"status", order.week}, code2()}));
    }
    if (!order.day.empty()) {
      commands.push_back(make("M0017", "setTimeTable", {{"status", order.day}, code2()}));
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
    return one("M0104", "setDate",
               {{"securityCode", context_.site.code1},
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
    return one("M0103", "setSecurityCode",
               {{"status", first ? "Level1" : "Level2"},
                {"oldSecurityCode", first ? context_.site.code1 : context_.site.code2},
                {"newSecurityCode", *fresh}});
  }
  Commands operator()(const EmergencyRouteOrder& order) {
    return one(
        "M0005", "setEmergency",
        {{"status", bool_text(order.active)}, code2(), {"emergencyroute", number(order.route)}});
  }
  Commands operator()(const PriorityOrder& order) {
    std::vector<Argument> arguments{{"requestId", order.request.str()},
                                    {"type", order.cancel ? "cancel" : "new"}};
    if (!order.cancel) {
      const auto& groups = context_.junction.signals.groups;
      const auto at = std::ranges::find(groups, order.group, &SignalGroup::id);
      if (at == groups.end()) return fail("unknown_group", "'" + order.group.str() + "'");
      arguments.push_back(
          {"signalGroupId",
           context_.junction.group_components[static_cast<std::size_t>(at - groups.begin())]});
      arguments.push_back({"level", number(order.level)});
      if (order.eta) arguments.push_back({"eta", whole(*order.eta)});
    }
    return one("M0022", "requestPriority", std::move(arguments));
  }
  Commands operator()(const RestartOrder&) {
    return one("M0004", "setRestart", {{"status", "True"}, code2()});
  }
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

  [[nodiscard]] FieldCommand make(const char* code, const char* command,
                                  const std::vector<Argument>& arguments) const {
    FieldCommand made{code, {{context_.site.main_component, context_.site.nts_id, ""}, {}}};
    for (const Argument& a : arguments) {
      made.request.arguments.push_back({code, a.name, command, Value(a.value)});
    }
    return made;
  }
  [[nodiscard]] Commands one(const char* code, const char* command,
                             const std::vector<Argument>& arguments) const {
    return checked({make(code, command, arguments)});
  }
  [[nodiscard]] Commands checked(std::vector<FieldCommand> commands) const {
    for (const FieldCommand& command : commands) {
      const auto since = command_since(command.code);
      if (!since.empty() && !sxl_at_least(context_.sxl, since)) {
        return fail("not_in_sxl", command.code + " comes with SXL " + std::string(since) +
                                      ", the site has " + std::string(context_.sxl));
      }
      for (const CommandArgument& a : command.request.arguments) {
        const bool secret = a.name == "securityCode" || a.name == "oldSecurityCode";
        if (secret && a.value.text->empty()) {
          return fail("no_code", "no security code is known for " + command.code);
        }
      }
    }
    return commands;
  }
  [[nodiscard]] Commands inputs(std::optional<std::uint32_t> wanted) const {
    std::vector<InputChange> changes;
    for (const std::uint32_t input : demand_inputs(context_.junction.signals)) {
      changes.push_back({input, wanted == input});
    }
    if (changes.empty()) return fail("no_input", "the junction has no stage demand inputs");
    return one("M0013", "setInput", {{"status", encode_inputs(changes)}, code2()});
  }

  const CommandContext& context_;
};

}  // namespace

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
