#include "sim/rsmp_site/commands.h"

#include <algorithm>

#include "sim/rsmp_site/order.h"

namespace dispecer::sim {
namespace {

using rsmp::CommandValue;

std::vector<CommandValue> answer(const rsmp::CommandRequest& request, rsmp::Quality age) {
  std::vector<CommandValue> values;
  for (const auto& a : request.arguments) {
    const bool known = age == rsmp::Quality::recent;
    values.push_back({a.code, a.name, known ? a.value : rsmp::Value::null(), age});
  }
  return values;
}

// Which level a command asks for; 0 = none.
int level_of(std::string_view code) {
  if (code == "M0104") return 1;
  return code == "M0022" || code == "M0103" ? 0 : 2;
}

// Names, orders and values of one command against the list; "" = fine.
std::string fault_in_list(const rsmp::CommandRequest& request, const rsmp::ListCommand& row,
                          std::string_view sxl, const Arguments& args) {
  const std::string code(row.code);
  const auto names = rsmp::names_in(row.arguments, sxl);
  for (const auto& a : request.arguments) {
    if (a.code != row.code) continue;
    if (a.command != row.command) return "Unknown order " + a.command.substr(0, 40) + " of " + code;
    const auto name =
        std::find_if(names.begin(), names.end(), [&](const auto* n) { return n->name == a.name; });
    if (name == names.end()) return "Unknown argument " + a.name.substr(0, 40) + " of " + code;
    if (!a.value.text || a.value.array) return "Bad value of " + a.name + " of " + code;
    // M0012 is never carried out, and its published forms differ.
    if (row.reserved) continue;
    if (const auto value = rsmp::typed(**name, a.value); !value)
      return code + ": " + value.error().message();
  }
  for (const auto* name : names) {
    if (!name->optional && !args.contains(name->name))
      return "Missing argument " + std::string(name->name) + " of " + code;
  }
  return "";
}

std::string fault_of(const rsmp::CommandRequest& request, const rsmp::ListCommand& row,
                     const Cabinet& cabinet, const SiteSettings& settings, const Arguments& args) {
  auto fault = fault_in_list(request, row, settings.sxl, args);
  const int level = level_of(row.code);
  if (!fault.empty() || level == 0) return fault;
  const auto& expected = security_code(cabinet, settings, level);
  const bool right = !expected.empty() && args.find("securityCode")->second == expected;
  return right ? "" : "Incorrect security code for level " + std::to_string(level);
}

}  // namespace

CommandAnswer carry_out(Cabinet& cabinet, const SiteSettings& settings,
                        const rsmp::CommandRequest& request, UtcTime now, bool* restarted) {
  std::map<std::string, Arguments> by_code;
  std::vector<std::string> codes;
  for (const auto& a : request.arguments) {
    if (!by_code.contains(a.code)) codes.push_back(a.code);
    by_code[a.code][a.name] = a.value.text.value_or("");
  }
  const auto at = find_component(settings, request.component.id);
  if (!at) return answer(request, rsmp::Quality::undefined);
  for (const auto& code : codes) {
    const auto* row = rsmp::find_command(code, settings.sxl);
    if (row == nullptr) return "Unknown command " + code.substr(0, 40);
    if (auto fault = fault_of(request, *row, cabinet, settings, by_code[code]); !fault.empty())
      return fault;
  }
  auto values = answer(request, rsmp::Quality::recent);
  const auto change = [&](const std::string& code, auto&& f) {
    for (auto& v : values) {
      if (v.code == code) f(v);
    }
  };
  for (const auto& code : codes) {
    if (rsmp::find_command(code, settings.sxl)->target != target_of(*at)) {
      change(code, [](CommandValue& v) { v = {v.code, v.name, {}, rsmp::Quality::unknown}; });
      continue;
    }
    const auto done = Order(cabinet, settings, *at, by_code[code], now).run(code);
    if (const auto* wrong = std::get_if<Bad>(&done)) return wrong->reason;
    if (const auto* stays = std::get_if<std::string>(&done)) {
      change(code, [&](CommandValue& v) {
        if (v.name == "status") v.value = *stays;
      });
    } else if (code == "M0004" && restarted != nullptr) {
      *restarted = by_code[code]["status"] == rsmp::kTrue;
    }
  }
  return values;
}

}  // namespace dispecer::sim
