#include "sim/rsmp_site/signal_list.h"

#include <algorithm>
#include <array>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::sim {
namespace {

constexpr auto kMain = ComponentKind::main;
constexpr auto kGroup = ComponentKind::signal_group;
constexpr auto kLogic = ComponentKind::detector_logic;

// clang-format off
constexpr std::array kStatuses{
    StatusRow{"S0001", "signalgroupstatus", kMain, "", ""},
    StatusRow{"S0001", "cyclecounter", kMain, "", ""},
    StatusRow{"S0001", "basecyclecounter", kMain, "", ""},
    StatusRow{"S0001", "stage", kMain, "", ""},
    StatusRow{"S0002", "detectorlogicstatus", kMain, "", ""},
    StatusRow{"S0003", "inputstatus", kMain, "", ""},
    StatusRow{"S0003", "extendedinputstatus", kMain, "", "1.2.0"},
    StatusRow{"S0004", "outputstatus", kMain, "", ""},
    StatusRow{"S0004", "extendedoutputstatus", kMain, "", "1.2.0"},
    StatusRow{"S0005", "status", kMain, "", ""},
    StatusRow{"S0005", "statusByIntersection", kMain, "1.2.0", ""},
    StatusRow{"S0006", "status", kMain, "", ""},
    StatusRow{"S0006", "emergencystage", kMain, "", ""},
    StatusRow{"S0007", "intersection", kMain, "", ""},
    StatusRow{"S0007", "status", kMain, "", ""},
    StatusRow{"S0007", "source", kMain, "1.1.0", ""},
    StatusRow{"S0008", "intersection", kMain, "", ""},
    StatusRow{"S0008", "status", kMain, "", ""},
    StatusRow{"S0008", "source", kMain, "1.1.0", ""},
    StatusRow{"S0009", "intersection", kMain, "", ""},
    StatusRow{"S0009", "status", kMain, "", ""},
    StatusRow{"S0009", "source", kMain, "1.1.0", ""},
    StatusRow{"S0010", "intersection", kMain, "", ""},
    StatusRow{"S0010", "status", kMain, "", ""},
    StatusRow{"S0010", "source", kMain, "1.1.0", ""},
    StatusRow{"S0011", "intersection", kMain, "", ""},
    StatusRow{"S0011", "status", kMain, "", ""},
    StatusRow{"S0011", "source", kMain, "1.1.0", ""},
    StatusRow{"S0012", "intersection", kMain, "", ""},
    StatusRow{"S0012", "status", kMain, "", ""},
    StatusRow{"S0012", "source", kMain, "1.1.0", ""},
    StatusRow{"S0013", "intersection", kMain, "", ""},
    StatusRow{"S0013", "status", kMain, "", ""},
    StatusRow{"S0014", "status", kMain, "", ""},
    StatusRow{"S0014", "source", kMain, "1.1.0", ""},
    StatusRow{"S0015", "status", kMain, "", ""},
    StatusRow{"S0015", "source", kMain, "1.1.0", ""},
    StatusRow{"S0016", "number", kMain, "", ""},
    StatusRow{"S0017", "number", kMain, "", ""},
    StatusRow{"S0018", "number", kMain, "", "1.2.0"},
    StatusRow{"S0019", "number", kMain, "", ""},
    StatusRow{"S0020", "intersection", kMain, "", ""},
    StatusRow{"S0020", "controlmode", kMain, "", ""},
    StatusRow{"S0021", "detectorlogics", kMain, "", ""},
    StatusRow{"S0022", "status", kMain, "1.0.13", ""},
    StatusRow{"S0023", "status", kMain, "1.0.13", ""},
    StatusRow{"S0024", "status", kMain, "1.0.13", ""},
    StatusRow{"S0025", "minToGEstimate", kGroup, "", ""},
    StatusRow{"S0025", "maxToGEstimate", kGroup, "", ""},
    StatusRow{"S0025", "likelyToGEstimate", kGroup, "", ""},
    StatusRow{"S0025", "ToGConfidence", kGroup, "", ""},
    StatusRow{"S0025", "minToREstimate", kGroup, "", ""},
    StatusRow{"S0025", "maxToREstimate", kGroup, "", ""},
    StatusRow{"S0025", "likelyToREstimate", kGroup, "", ""},
    StatusRow{"S0025", "ToRConfidence", kGroup, "", ""},
    StatusRow{"S0026", "status", kMain, "1.0.13", ""},
    StatusRow{"S0027", "status", kMain, "1.0.13", ""},
    StatusRow{"S0028", "status", kMain, "1.0.13", ""},
    StatusRow{"S0029", "status", kMain, "1.0.13", ""},
    StatusRow{"S0030", "status", kMain, "1.0.15", ""},
    StatusRow{"S0031", "status", kMain, "1.0.15", ""},
    StatusRow{"S0032", "intersection", kMain, "1.1.0", ""},
    StatusRow{"S0032", "status", kMain, "1.1.0", ""},
    StatusRow{"S0032", "source", kMain, "1.1.0", ""},
    StatusRow{"S0033", "status", kMain, "1.1.0", ""},
    StatusRow{"S0034", "status", kMain, "1.1.0", ""},
    StatusRow{"S0035", "emergencyroutes", kMain, "1.2.0", ""},
    StatusRow{"S0091", "user", kMain, "", ""},
    StatusRow{"S0091", "status", kMain, "", "1.1.0"},
    StatusRow{"S0092", "user", kMain, "", ""},
    StatusRow{"S0092", "status", kMain, "", "1.1.0"},
    StatusRow{"S0095", "status", kMain, "", ""},
    StatusRow{"S0096", "year", kMain, "", ""},
    StatusRow{"S0096", "month", kMain, "", ""},
    StatusRow{"S0096", "day", kMain, "", ""},
    StatusRow{"S0096", "hour", kMain, "", ""},
    StatusRow{"S0096", "minute", kMain, "", ""},
    StatusRow{"S0096", "second", kMain, "", ""},
    StatusRow{"S0097", "checksum", kMain, "1.0.15", ""},
    StatusRow{"S0097", "timestamp", kMain, "1.0.15", ""},
    StatusRow{"S0098", "config", kMain, "1.0.15", ""},
    StatusRow{"S0098", "timestamp", kMain, "1.0.15", ""},
    StatusRow{"S0098", "version", kMain, "1.0.15", ""},
    StatusRow{"S0201", "starttime", kLogic, "", ""},
    StatusRow{"S0201", "vehicles", kLogic, "", ""},
    StatusRow{"S0202", "starttime", kLogic, "", ""},
    StatusRow{"S0202", "speed", kLogic, "", ""},
    StatusRow{"S0203", "starttime", kLogic, "", ""},
    StatusRow{"S0203", "occupancy", kLogic, "", ""},
    StatusRow{"S0205", "start", kMain, "1.0.14", ""},
    StatusRow{"S0205", "vehicles", kMain, "1.0.14", ""},
    StatusRow{"S0206", "start", kMain, "1.0.14", ""},
    StatusRow{"S0206", "speed", kMain, "1.0.14", ""},
    StatusRow{"S0207", "start", kMain, "1.0.14", ""},
    StatusRow{"S0207", "occupancy", kMain, "1.0.14", ""},
};

const std::vector<CommandRow>& commands() {
  static const std::vector<CommandRow> rows{
      {"M0001", "setValue", kMain, {"status", "securityCode", "timeout", "intersection"}, 2, true, ""},
      {"M0002", "setPlan", kMain, {"status", "securityCode", "timeplan"}, 2, true, ""},
      {"M0003", "setTrafficSituation", kMain, {"status", "securityCode", "traficsituation"}, 2, false, ""},
      {"M0004", "setRestart", kMain, {"status", "securityCode"}, 2, true, ""},
      {"M0005", "setEmergency", kMain, {"status", "securityCode", "emergencyroute"}, 2, false, ""},
      {"M0006", "setInput", kMain, {"status", "securityCode", "input"}, 2, true, ""},
      {"M0007", "setFixedTime", kMain, {"status", "securityCode"}, 2, false, ""},
      {"M0008", "setForceDetectorLogic", kLogic, {"status", "securityCode", "mode"}, 2, true, ""},
      {"M0010", "setStart", kGroup, {"status", "securityCode"}, 2, false, ""},
      {"M0011", "setStop", kGroup, {"status", "securityCode"}, 2, false, ""},
      {"M0012", "setStart", kMain, {"status", "securityCode"}, 2, false, "1.0.10"},
      {"M0013", "setInput", kMain, {"status", "securityCode"}, 2, true, "1.0.10"},
      {"M0014", "setCommands", kMain, {"plan", "status", "securityCode"}, 2, true, "1.0.13"},
      {"M0015", "setOffset", kMain, {"status", "plan", "securityCode"}, 2, true, "1.0.13"},
      {"M0016", "setWeekTable", kMain, {"status", "securityCode"}, 2, false, "1.0.13"},
      {"M0017", "setTimeTable", kMain, {"status", "securityCode"}, 2, false, "1.0.13"},
      {"M0018", "setCycleTime", kMain, {"status", "plan", "securityCode"}, 2, true, "1.0.13"},
      {"M0019", "setInput", kMain, {"status", "securityCode", "input", "inputValue"}, 2, true, ""},
      {"M0020", "setOutput", kMain, {"status", "securityCode", "output", "outputValue"}, 2, true, "1.0.15"},
      {"M0021", "setLevel", kMain, {"status", "securityCode"}, 2, false, "1.0.15"},
      {"M0022", "requestPriority", kMain, {"requestId", "type"}, 0, false, "1.1.0"},
      {"M0023", "setTimeout", kMain, {"status", "securityCode"}, 2, true, "1.1.0"},
      {"M0103", "setSecurityCode", kMain, {"status", "oldSecurityCode", "newSecurityCode"}, 0, true, ""},
      {"M0104", "setDate", kMain,
       {"securityCode", "year", "month", "day", "hour", "minute", "second"}, 1, true, ""},
  };
  return rows;
}
// clang-format on

}  // namespace

bool version_at_least(std::string_view version, std::string_view least) {
  const auto have = rsmp::split(version, '.');
  const auto need = rsmp::split(least, '.');
  for (std::size_t i = 0; i < std::max(have.size(), need.size()); ++i) {
    const auto h = i < have.size() ? rsmp::parse_integer(have[i]).value_or(0) : 0;
    const auto n = i < need.size() ? rsmp::parse_integer(need[i]).value_or(0) : 0;
    if (h != n) return h > n;
  }
  return true;
}

const StatusRow* find_status(std::string_view code, std::string_view name, std::string_view sxl) {
  for (const auto& row : kStatuses) {
    if (row.code != code || row.name != name) continue;
    const bool there = (row.since.empty() || version_at_least(sxl, row.since)) &&
                       (row.until.empty() || !version_at_least(sxl, row.until));
    return there ? &row : nullptr;
  }
  return nullptr;
}

const CommandRow* find_command(std::string_view code, std::string_view sxl) {
  for (const auto& row : commands()) {
    if (row.code != code) continue;
    return row.since.empty() || version_at_least(sxl, row.since) ? &row : nullptr;
  }
  return nullptr;
}

}  // namespace dispecer::sim
