#include "sim/rsmp_site/order.h"

#include <chrono>
#include <cmath>

namespace dispecer::sim {

const std::string& security_code(const Cabinet& cabinet, const SiteSettings& settings, int level) {
  const auto changed = cabinet.codes.find(level);
  if (changed != cabinet.codes.end()) return changed->second;
  return level == 1 ? settings.code1 : settings.code2;
}

Done Order::run(std::string_view code) {
  if (code == "M0001") return mode();
  if (code == "M0002") return plan();
  if (code == "M0003") return situation();
  if (code == "M0004") return flag("status") == true ? give(Restart{}) : Done{Ok{}};
  if (code == "M0005") return emergency();
  if (code == "M0006") return set_input();
  if (code == "M0007") return flag("status") ? give(SetFixedTime{*flag("status")}) : bad("status");
  if (code == "M0008") return force_detector();
  if (code == "M0013") return set_inputs();
  if (code == "M0014") return bands();
  if (code == "M0015") return offset();
  if (code == "M0016") return week_table();
  if (code == "M0017") return day_tables();
  if (code == "M0018") return cycle();
  if (code == "M0019") return force_input();
  if (code == "M0020") return force_output();
  if (code == "M0021") return sensitivity();
  if (code == "M0022") return priority();
  if (code == "M0023") {
    const auto minutes = whole("status", 0, 65535);
    return minutes ? give(SetBandTimeout{*minutes}) : bad("status");
  }
  if (code == "M0103") return change_code();
  if (code == "M0104") return clock();
  return Ok{};  // M0010 to M0012 are reserved: understood and never carried out
}

std::optional<bool> Order::flag(std::string_view name) const {
  const auto& value = text(name);
  if (value == rsmp::kTrue) return true;
  if (value == rsmp::kFalse) return false;
  return std::nullopt;
}

std::optional<std::uint32_t> Order::whole(std::string_view name, std::int64_t least,
                                          std::int64_t most) const {
  const auto value = rsmp::parse_integer(text(name));
  if (!value || *value < least || *value > most) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

Done Order::bad(std::string_view name) const {
  return Bad{"Bad value of " + std::string(name) + ": '" + text(name).substr(0, 40) + "'"};
}

Done Order::give(const Input& input, const std::string& stays, std::uint32_t intersection) {
  const auto r = apply(cabinet_, input, now_, intersection);
  if (r) return Ok{};
  const auto& cause = r.error().cause;
  const bool rule = cause == "unsafe_plan" || cause == "no_such_mode" || cause == "no_power" ||
                    cause == "local_control";
  return rule && !stays.empty() ? Done{stays} : Done{Bad{r.error().message()}};
}

Done Order::answer(const Result<>& result) {
  return result ? Done{Ok{}} : Done{Bad{result.error().message()}};
}

Done Order::mode() {
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
  const auto first = cabinet_.intersections.front().output.mode;
  const bool flash = first == ControlMode::yellow_flash || first == ControlMode::failure;
  const char* stays = flash ? "YellowFlash" : first == ControlMode::dark ? "Dark" : "NormalControl";
  return give(SetMode{mode, *minutes}, stays, *intersection);
}

Done Order::plan() {
  const auto on = flag("status");
  const auto number = whole("timeplan", 1, 255);
  if (!on) return bad("status");
  if (!number) return bad("timeplan");
  const bool forced = cabinet_.intersections.front().output.plan_forced;
  return give(SelectPlan{*on ? std::optional(*number) : std::nullopt}, rsmp::bool_text(forced));
}

Done Order::situation() {
  const auto on = flag("status");
  const auto number = whole("traficsituation", 1, 255);
  if (!on) return bad("status");
  if (!number) return bad("traficsituation");
  return answer(sim::set_situation(cabinet_, *on ? std::optional(*number) : std::nullopt));
}

Done Order::emergency() {
  const auto on = flag("status");
  const auto route = whole("emergencyroute", 1, 255);
  if (!on) return bad("status");
  if (!route) return bad("emergencyroute");
  return answer(set_emergency(cabinet_, *route, *on));
}

Done Order::set_input() {
  const auto on = flag("status");
  const auto input = whole("input", 1, 255);
  if (!on) return bad("status");
  if (!input) return bad("input");
  return give(*on ? SetInputs{{*input}, {}} : SetInputs{{}, {*input}});
}

Done Order::set_inputs() {
  const auto changes = rsmp::decode_inputs(text("status"));
  if (!changes) return Bad{changes.error().message()};
  SetInputs order;
  for (const auto& c : *changes) (c.set ? order.set : order.clear).push_back(c.input);
  return give(order);
}

Done Order::force_input() {
  const auto on = flag("status");
  const auto value = flag("inputValue");
  const auto input = whole("input", 1, 255);
  if (!on) return bad("status");
  if (!input) return bad("input");
  if (!value) return bad("inputValue");
  return give(ForceInput{*input, *on ? value : std::nullopt});
}

Done Order::force_output() {
  const auto on = flag("status");
  const auto value = flag("outputValue");
  const auto output = whole("output", 1, 255);
  if (!on) return bad("status");
  if (!output) return bad("output");
  if (!value) return bad("outputValue");
  return give(ForceOutput{*output, *on ? value : std::nullopt});
}

Done Order::force_detector() {
  const auto on = flag("status");
  const auto value = flag("mode");
  if (!on) return bad("status");
  if (!value) return bad("mode");
  return give(ForceDetector{at_.number, *on ? value : std::nullopt});
}

Done Order::change_code() {
  const bool first = text("status") == "Level1";
  if (!first && text("status") != "Level2") return bad("status");
  const int level = first ? 1 : 2;
  const auto& code = security_code(cabinet_, settings_, level);
  if (code.empty() || text("oldSecurityCode") != code) return Bad{"Incorrect security code"};
  cabinet_.codes[level] = text("newSecurityCode");
  return Ok{};
}

Done Order::clock() {
  using namespace std::chrono;
  if (settings_.secondary) return Bad{"The clock is set by the primary supervisor"};
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

}  // namespace dispecer::sim
