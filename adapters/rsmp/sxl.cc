#include "adapters/rsmp/sxl.h"

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

// clang-format off
constexpr std::array kWanted{
    // S0001 comes each second as well: a quiet controller must not look like a lost one.
    SxlStatus{"S0001", {"signalgroupstatus", "cyclecounter", "basecyclecounter", "stage"}, "", "", 1, true},
    SxlStatus{"S0002", {"detectorlogicstatus"}, "", "", 0, true},
    SxlStatus{"S0003", {"inputstatus"}, "", "", 0, true},
    SxlStatus{"S0004", {"outputstatus"}, "", "", 0, true},
    SxlStatus{"S0005", {"status"}, "", "", 0, true},
    SxlStatus{"S0007", {"intersection", "status"}, "1.1.0", "", 0, true},
    SxlStatus{"S0008", {"intersection", "status"}, "1.1.0", "", 0, true},
    SxlStatus{"S0009", {"intersection", "status"}, "1.1.0", "", 0, true},
    SxlStatus{"S0011", {"intersection", "status"}, "1.1.0", "", 0, true},
    SxlStatus{"S0012", {"intersection", "status"}, "1.1.0", "", 0, true},
    SxlStatus{"S0013", {"intersection", "status"}, "", "", 0, true},
    SxlStatus{"S0014", {"status"}, "1.1.0", "", 0, true},
    SxlStatus{"S0020", {"intersection", "controlmode"}, "", "", 0, true},
    SxlStatus{"S0021", {"detectorlogics"}, "", "", 0, true},
    SxlStatus{"S0023", {"status"}, "", "1.0.13", 0, true},
    SxlStatus{"S0024", {"status"}, "", "1.0.13", 0, true},
    SxlStatus{"S0026", {"status"}, "", "1.0.13", 0, true},
    SxlStatus{"S0027", {"status"}, "", "1.0.13", 0, true},
    SxlStatus{"S0028", {"status"}, "", "1.0.13", 0, true},
    SxlStatus{"S0029", {"status"}, "", "1.0.13", 0, true},
    SxlStatus{"S0030", {"status"}, "", "1.0.15", 0, true},
    SxlStatus{"S0033", {"status"}, "", "1.1.0", 0, true},
    SxlStatus{"S0035", {"emergencyroutes"}, "", "1.2.0", 0, true},
    SxlStatus{"S0096", {"year", "month", "day", "hour", "minute", "second"}, "", "", 10, false},
    SxlStatus{"S0205", {"start", "vehicles"}, "", "1.0.14", 1, false},
    SxlStatus{"S0206", {"start", "speed"}, "", "1.0.14", 1, false},
    SxlStatus{"S0207", {"start", "occupancy"}, "", "1.0.14", 1, false},
};
// clang-format on

struct Since {
  std::string_view code;
  std::string_view version;
};
constexpr std::array kCommands{Since{"M0013", "1.0.10"}, Since{"M0014", "1.0.13"},
                               Since{"M0015", "1.0.13"}, Since{"M0016", "1.0.13"},
                               Since{"M0017", "1.0.13"}, Since{"M0018", "1.0.13"},
                               Since{"M0020", "1.0.15"}, Since{"M0021", "1.0.15"},
                               Since{"M0022", "1.1.0"},  Since{"M0023", "1.1.0"}};

}  // namespace

bool sxl_at_least(std::string_view version, std::string_view least) {
  const auto have = split(version, '.');
  const auto need = split(least, '.');
  for (std::size_t i = 0; i < std::max(have.size(), need.size()); ++i) {
    const auto h = i < have.size() ? parse_integer(have[i]).value_or(0) : 0;
    const auto n = i < need.size() ? parse_integer(need[i]).value_or(0) : 0;
    if (h != n) return h > n;
  }
  return true;
}

std::span<const SxlStatus> wanted_statuses() {
  return kWanted;
}

std::vector<StatusSubscribe> subscriptions(const Component& component, std::string_view sxl,
                                           Core core) {
  const bool combined = rules(core).send_on_change_key;
  std::vector<StatusSubscribe> messages;
  for (const SxlStatus& status : kWanted) {
    if (!status.since.empty() && !sxl_at_least(sxl, status.since)) continue;
    StatusSubscribe message{component, {}};
    const int interval = !combined && status.on_change ? 0 : status.interval;
    const auto add = [&](std::string_view name) {
      message.items.push_back(
          {std::string(status.code), std::string(name), interval, status.on_change});
    };
    for (const std::string_view name : status.names) {
      if (!name.empty()) add(name);
    }
    if (!status.source_since.empty() && sxl_at_least(sxl, status.source_since)) add("source");
    messages.push_back(std::move(message));
  }
  return messages;
}

std::string_view command_since(std::string_view code) {
  for (const Since& row : kCommands) {
    if (row.code == code) return row.version;
  }
  return "";
}

}  // namespace dispecer::rsmp
