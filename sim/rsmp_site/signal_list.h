// The traffic-light signal exchange list as a site must know it: which codes and names exist in
// which version, at which kind of component, and what each command takes.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace dispecer::sim {

enum class ComponentKind { main, signal_group, detector_logic };

// "1.0.13" < "1.1.0", part by part.
bool version_at_least(std::string_view version, std::string_view least);

struct StatusRow {
  std::string_view code;
  std::string_view name;
  ComponentKind at = ComponentKind::main;
  std::string_view since;  // of the list, "" = from the start
  std::string_view until;  // first version without it, "" = still there
};
const StatusRow* find_status(std::string_view code, std::string_view name, std::string_view sxl);

struct CommandRow {
  std::string_view code;
  std::string_view order;  // cO
  ComponentKind at = ComponentKind::main;
  std::vector<std::string_view> arguments;
  int level = 2;       // of the security code, 0 = none
  bool served = true;  // false: known, but this controller does not have it
  std::string_view since;
};
const CommandRow* find_command(std::string_view code, std::string_view sxl);

}  // namespace dispecer::sim
