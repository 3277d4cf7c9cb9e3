#include "sim/rsmp_site/commands.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::sim {
namespace {

using rsmp::CommandValue;
using Arguments = std::map<std::string, std::string, std::less<>>;

struct Bad {
  std::string reason;
};
// Ok = done; Bad = NotAck; text = refused, `status` keeps that value.
using Done = std::variant<Ok, Bad, std::string>;

class Order {
 public:
  Order(Cabinet& cabinet, SiteSettings& settings, const ComponentRef& at, const Arguments& args,
        UtcTime now)
      : cabinet_(cabinet), settings_(settings), at_(at), args_(args), now_(now) {}

  Done run(std::string_view code) {
    if (code == "M0001") return mode();
    if (code == "M0002") return plan();
    if (code == "M0004") return flag("status") == true ? give(Restart{}) : Done{Ok{}};
    if (code == "M0006") return set_input();
    if (code == "M0008") return force_detector();
    if (code == "M0013") return set_inputs();
    if (code == "M0014") return bands();
    if (code == "M0015") return offset();
    if (code == "M0018") return cycle();
    if (code == "M0019") return force_input();
    if (code == "M0020") return force_output();
    if (code == "M0023") {
      const auto minutes = whole("status", 0, 65535);
      return minutes ? give(SetBandTimeout{*minutes}) : bad("status");
    }
    if (code == "M0103") return security_code();
    return clock();
  }

 private:
  [[nodiscard]] const std::string& text(std::string_view name) const {
    return args_.find(name)->second;
  }
  [[nodiscard]] std::optional<bool> flag(std::string_view name) const {
    const auto& value = text(name);
    if (value == rsmp::kTrue) return true;
    if (value == rsmp::kFalse) return false;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::uint32_t> whole(std::string_view name, std::int64_t least,
                                                   std::int64_t most) const {
    const auto value = rsmp::parse_integer(text(name));
    if (!value || *value < least || *value > most) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
  }
  [[nodiscard]] Done bad(std::string_view name) const {
    return Bad{"Bad value of " + std::string(name) + ": '" + text(name).substr(0, 40) + "'"};
  }
  // A refusal by the controller's rules keeps `stays`; anything that does not exist is not
  // understood.
  Done give(const Input& input, std::string stays = "", std::uint32_t intersection = 0) {
    const auto r = apply(cabinet_, input, now_, intersection);
    if (r) return Ok{};
    const auto& cause = r.error().cause;
    if (cause == "unsafe_plan" || cause == "no_such_mode" || cause == "no_power") return stays;
    return Bad{r.error().message()};
  }
  [[nodiscard]] std::string status_of(std::string_view code) const {
    return status_value(cabinet_, settings_, code, "status")->text.value_or("");
  }

  Done mode() {
    const auto minutes = whole("timeout", 0, 1440);
    const auto intersection = whole("intersection", 0, 255);
    if (!minutes) return bad("timeout");
    if (!intersection) return bad("intersection");
    const auto& wanted = text("status");
    ControlMode mode = ControlMode::control;
    if (wanted == "YellowFlash") {
      mode = ControlMode::yellow_flash;
    } else if (wanted == "Dark") {
      mode = ControlMode::dark;
    } else if (wanted != "NormalControl") {
      return bad("status");
    }
    return give(SetMode{mode, *minutes}, "YellowFlash", *intersection);
  }
  Done plan() {
    const auto on = flag("status");
    const auto number = whole("timeplan", 1, 255);
    if (!on) return bad("status");
    if (!number) return bad("timeplan");
    return give(SelectPlan{*on ? std::optional(*number) : std::nullopt});
  }
  Done set_input() {
    const auto on = flag("status");
    const auto input = whole("input", 1, 255);
    if (!on) return bad("status");
    if (!input) return bad("input");
    return give(*on ? SetInputs{{*input}, {}} : SetInputs{{}, {*input}});
  }
  Done set_inputs() {
    const auto changes = rsmp::decode_inputs(text("status"));
    if (!changes) return Bad{changes.error().message()};
    SetInputs order;
    for (const auto& c : *changes) (c.set ? order.set : order.clear).push_back(c.input);
    return give(order);
  }
  Done force_input() {
    const auto on = flag("status");
    const auto value = flag("inputValue");
    const auto input = whole("input", 1, 255);
    if (!on) return bad("status");
    if (!input) return bad("input");
    if (!value) return bad("inputValue");
    return give(ForceInput{*input, *on ? value : std::nullopt});
  }
  Done force_output() {
    const auto on = flag("status");
    const auto value = flag("outputValue");
    const auto output = whole("output", 1, 255);
    if (!on) return bad("status");
    if (!output) return bad("output");
    if (!value) return bad("outputValue");
    return give(ForceOutput{*output, *on ? value : std::nullopt});
  }
  Done force_detector() {
    const auto on = flag("status");
    const auto value = flag("mode");
    if (!on) return bad("status");
    if (!value) return bad("mode");
    return give(ForceDetector{at_.number, *on ? value : std::nullopt});
  }
  Done bands() {
    const auto plan = whole("plan", 0, 255);
    if (!plan) return bad("plan");
    const auto tuples = rsmp::parse_tuples(text("status"), 2);
    if (!tuples) return bad("status");
    SetBands order{*plan, {}};
    for (const auto& t : *tuples) {
      if (t[0] < 1 || t[0] > 10 || t[1] < 0 || t[1] > 255) return bad("status");
      order.bands.push_back({static_cast<std::uint32_t>(t[0]), static_cast<double>(t[1])});
    }
    return give(order, status_of("S0023"));
  }
  Done offset() {
    const auto plan = whole("plan", 0, 255);
    const auto s = whole("status", 0, 255);
    if (!plan) return bad("plan");
    if (!s) return bad("status");
    return give(SetOffset{*plan, static_cast<double>(*s)}, status_of("S0024"));
  }
  Done cycle() {
    const auto plan = whole("plan", 0, 255);
    const auto s = whole("status", 1, 255);
    if (!plan) return bad("plan");
    if (!s) return bad("status");
    return give(SetCycle{*plan, static_cast<double>(*s)}, status_of("S0028"));
  }
  Done security_code() {
    const bool first = text("status") == "Level1";
    if (!first && text("status") != "Level2") return bad("status");
    auto& code = first ? settings_.code1 : settings_.code2;
    if (code.empty() || text("oldSecurityCode") != code) return Bad{"Incorrect security code"};
    code = text("newSecurityCode");
    return Ok{};
  }
  Done clock() {
    using namespace std::chrono;
    const auto y = whole("year", 1970, 9999);
    const auto mo = whole("month", 1, 12);
    const auto d = whole("day", 1, 31);
    const auto h = whole("hour", 0, 23);
    const auto mi = whole("minute", 0, 59);
    const auto s = whole("second", 0, 59);
    if (!y || !mo || !d || !h || !mi || !s) return Bad{"Bad value of date or time"};
    const year_month_day date{year{static_cast<int>(*y)}, month{*mo}, day{*d}};
    if (!date.ok()) return bad("day");
    const auto moment = sys_days{date} + hours{*h} + minutes{*mi} + seconds{*s};
    return give(SetClock{UtcTime{duration_cast<microseconds>(moment.time_since_epoch()).count()}});
  }

  Cabinet& cabinet_;
  SiteSettings& settings_;
  const ComponentRef& at_;
  const Arguments& args_;
  UtcTime now_;
};

ComponentKind kind_of(const ComponentRef& at) {
  switch (at.kind) {
    case ComponentRef::Kind::signal_group:
      return ComponentKind::signal_group;
    case ComponentRef::Kind::detector_logic:
      return ComponentKind::detector_logic;
    default:
      return ComponentKind::main;
  }
}

std::vector<CommandValue> answer(const rsmp::CommandRequest& request, rsmp::Quality age) {
  std::vector<CommandValue> values;
  for (const auto& a : request.arguments) {
    const bool known = age == rsmp::Quality::recent;
    values.push_back({a.code, a.name, known ? a.value : rsmp::Value::null(), age});
  }
  return values;
}

// "" = fine.
std::string fault_of(const rsmp::CommandRequest& request, const CommandRow& row,
                     const SiteSettings& settings, const Arguments& args) {
  for (const auto& a : request.arguments) {
    if (a.code != row.code) continue;
    if (a.command != row.order) return "Unknown order " + a.command + " of " + a.code;
    if (!a.value.text || a.value.array) return "Bad value of " + a.name;
  }
  for (const auto& name : row.arguments) {
    if (!args.contains(name))
      return "Missing argument " + std::string(name) + " of " + std::string(row.code);
  }
  if (row.level == 0) return "";
  const auto& expected = row.level == 1 ? settings.code1 : settings.code2;
  const bool right = !expected.empty() && args.find("securityCode")->second == expected;
  return right ? "" : "Incorrect security code for level " + std::to_string(row.level);
}

}  // namespace

CommandAnswer carry_out(Cabinet& cabinet, SiteSettings& settings,
                        const rsmp::CommandRequest& request, UtcTime now) {
  std::map<std::string, Arguments> by_code;
  std::vector<std::string> codes;
  for (const auto& a : request.arguments) {
    if (!by_code.contains(a.code)) codes.push_back(a.code);
    by_code[a.code][a.name] = a.value.text.value_or("");
  }
  const auto at = find_component(settings, request.component.id);
  if (!at) return answer(request, rsmp::Quality::undefined);
  for (const auto& code : codes) {
    const auto* row = find_command(code, settings.sxl);
    if (row == nullptr) return "Unknown command " + code.substr(0, 40);
    if (auto fault = fault_of(request, *row, settings, by_code[code]); !fault.empty()) return fault;
  }
  auto values = answer(request, rsmp::Quality::recent);
  const auto change = [&](const std::string& code, auto&& f) {
    for (auto& v : values) {
      if (v.code == code) f(v);
    }
  };
  for (const auto& code : codes) {
    const auto& row = *find_command(code, settings.sxl);
    if (!row.served || row.at != kind_of(*at)) {
      change(code, [](CommandValue& v) { v = {v.code, v.name, {}, rsmp::Quality::unknown}; });
      continue;
    }
    const auto done = Order(cabinet, settings, *at, by_code[code], now).run(code);
    if (const auto* bad = std::get_if<Bad>(&done)) return bad->reason;
    if (const auto* stays = std::get_if<std::string>(&done)) {
      change(code, [&](CommandValue& v) {
        if (v.name == "status") v.value = *stays;
      });
    }
  }
  return values;
}

}  // namespace dispecer::sim
