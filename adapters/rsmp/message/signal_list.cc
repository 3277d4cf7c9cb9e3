#include "adapters/rsmp/message/signal_list.h"

#include <algorithm>
#include <string>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

using K = ListKind;
using T = ListTarget;

constexpr ListName number(std::string_view name, std::int64_t least, std::int64_t most) {
  return {name, K::integer, least, most};
}
constexpr ListName may(ListName name) {
  name.optional = true;
  return name;
}
constexpr ListName from(std::string_view since, ListName name) {
  name.span.since = since;
  return name;
}
constexpr ListName before(std::string_view until, ListName name) {
  name.span.until = until;
  return name;
}
constexpr ListName word(std::string_view name, std::string_view words) {
  return {name, K::word, 0, 0, 0, words};
}
constexpr ListName words(std::string_view name, std::string_view list) {
  return {name, K::words, 0, 0, 0, list};
}
constexpr ListName tuples(std::string_view name, std::size_t parts, std::int64_t most) {
  return {name, K::tuples, 0, most, parts};
}
constexpr ListName of(std::string_view name, ListKind kind) {
  return {name, kind};
}

constexpr std::string_view kVehicles =
    "pedestrian|bicycle|motorcycle|car|bus|lightTruck|heavyTruck|tram|emergency|safetyCar|"
    "specialTransport|other";
constexpr ListName kCode = of("securityCode", K::secret);
constexpr ListName kOn = of("status", K::boolean);
constexpr ListName kSource =
    from("1.1.0", words("source",
                        "operator_panel|calendar_clock|control_block|forced|startup|"
                        "other"));
constexpr ListName kAreas{"intersection", K::integers, 0, 255};
constexpr ListName kFlags = of("status", K::booleans);

// clang-format off
constexpr std::array kCommands{
    ListCommand{"M0001", "setValue", T::main, {}, false,
                {word("status", "NormalControl|YellowFlash|Dark"), kCode, number("timeout", 0, 1440),
                 number("intersection", 0, 255)}},
    ListCommand{"M0002", "setPlan", T::main, {}, false, {kOn, kCode, number("timeplan", 1, 255)}},
    ListCommand{"M0003", "setTrafficSituation", T::main, {}, false,
                {kOn, kCode, number("traficsituation", 1, 255)}},
    ListCommand{"M0004", "setRestart", T::main, {}, false, {kOn, kCode}},
    ListCommand{"M0005", "setEmergency", T::main, {}, false,
                {kOn, kCode, number("emergencyroute", 1, 255)}},
    ListCommand{"M0006", "setInput", T::main, {}, false, {kOn, kCode, number("input", 1, 255)}},
    ListCommand{"M0007", "setFixedTime", T::main, {}, false, {kOn, kCode}},
    ListCommand{"M0008", "setForceDetectorLogic", T::detector, {}, false,
                {kOn, kCode, of("mode", K::boolean)}},
    ListCommand{"M0010", "setStart", T::group, {}, true, {kOn, kCode}},
    ListCommand{"M0011", "setStop", T::group, {}, true, {kOn, kCode}},
    ListCommand{"M0012", "setStart", T::main, {"1.0.10", ""}, true, {of("status", K::blocks), kCode}},
    ListCommand{"M0013", "setInput", T::main, {"1.0.10", ""}, false, {of("status", K::blocks), kCode}},
    ListCommand{"M0014", "setCommands", T::main, {"1.0.13", ""}, false,
                {number("plan", 0, 255), tuples("status", 2, 255), kCode}},
    ListCommand{"M0015", "setOffset", T::main, {"1.0.13", ""}, false,
                {number("status", 0, 255), number("plan", 0, 255), kCode}},
    ListCommand{"M0016", "setWeekTable", T::main, {"1.0.13", ""}, false, {tuples("status", 2, 12), kCode}},
    ListCommand{"M0017", "setTimeTable", T::main, {"1.0.13", ""}, false, {tuples("status", 4, 59), kCode}},
    ListCommand{"M0018", "setCycleTime", T::main, {"1.0.13", ""}, false,
                {number("status", 1, 255), number("plan", 0, 255), kCode}},
    ListCommand{"M0019", "setInput", T::main, {}, false,
                {kOn, kCode, number("input", 1, 255), of("inputValue", K::boolean)}},
    ListCommand{"M0020", "setOutput", T::main, {"1.0.15", ""}, false,
                {kOn, kCode, number("output", 1, 255), of("outputValue", K::boolean)}},
    ListCommand{"M0021", "setLevel", T::main, {"1.0.15", ""}, false, {tuples("status", 2, 255), kCode}},
    ListCommand{"M0022", "requestPriority", T::main, {"1.1.0", ""}, false,
                {of("requestId", K::text), may(of("signalGroupId", K::text)), may(number("inputId", 0, 255)),
                 may(number("connectionId", 0, 255)), may(number("approachId", 0, 16)),
                 may(number("laneInId", 0, 255)), may(number("laneOutId", 0, 255)),
                 may(number("priorityId", 0, 255)), word("type", "new|update|cancel"),
                 may(number("level", 0, 14)), may(number("eta", 0, 255)),
                 may(word("vehicleType", kVehicles))}},
    ListCommand{"M0023", "setTimeout", T::main, {"1.1.0", ""}, false, {number("status", 0, 65535), kCode}},
    ListCommand{"M0103", "setSecurityCode", T::main, {}, false,
                {word("status", "Level1|Level2"), of("oldSecurityCode", K::secret),
                 of("newSecurityCode", K::secret)}},
    ListCommand{"M0104", "setDate", T::main, {}, false,
                {kCode, number("year", 1970, 9999), number("month", 1, 12), number("day", 1, 31),
                 number("hour", 0, 23), number("minute", 0, 59), number("second", 0, 60)}},
};

constexpr ListNames kEstimates{of("minToGEstimate", K::time), of("maxToGEstimate", K::time),
                               of("likelyToGEstimate", K::time), number("ToGConfidence", 0, 100),
                               of("minToREstimate", K::time), of("maxToREstimate", K::time),
                               of("likelyToREstimate", K::time), number("ToRConfidence", 0, 100)};
constexpr ListNames kByArea{kAreas, kFlags, kSource};

constexpr ListName count(std::string_view name) { return number(name, -1, 65535); }
constexpr ListName counts(std::string_view name) { return {name, K::decimals, -1, 65535}; }

constexpr std::array kStatuses{
    ListStatus{"S0001", T::main, {}, false,
               {of("signalgroupstatus", K::letters), number("cyclecounter", 0, 999),
                number("basecyclecounter", 0, 999), number("stage", 0, 999)}},
    ListStatus{"S0002", T::main, {}, false, {of("detectorlogicstatus", K::bits)}},
    ListStatus{"S0003", T::main, {}, false,
               {of("inputstatus", K::bits), before("1.2.0", of("extendedinputstatus", K::text))}},
    ListStatus{"S0004", T::main, {}, false,
               {of("outputstatus", K::bits), before("1.2.0", of("extendedoutputstatus", K::text))}},
    ListStatus{"S0005", T::main, {}, false, {kOn, from("1.2.0", of("statusByIntersection", K::array))}},
    ListStatus{"S0006", T::main, {}, false, {kOn, number("emergencystage", 0, 255)}},
    ListStatus{"S0007", T::main, {}, false, kByArea},
    ListStatus{"S0008", T::main, {}, false, kByArea},
    ListStatus{"S0009", T::main, {}, false, kByArea},
    ListStatus{"S0010", T::main, {}, false, kByArea},
    ListStatus{"S0011", T::main, {}, false, kByArea},
    ListStatus{"S0012", T::main, {}, false, kByArea},
    ListStatus{"S0013", T::main, {}, false, {kAreas, ListName{"status", K::integers, 0, 3}}},
    // The list says 1 to 255; 0 is seen in the field while no plan or situation is chosen.
    ListStatus{"S0014", T::main, {}, false, {number("status", 0, 255), kSource}},
    ListStatus{"S0015", T::main, {}, false, {number("status", 0, 255), kSource}},
    ListStatus{"S0016", T::main, {}, false, {number("number", 0, 255)}},
    ListStatus{"S0017", T::main, {}, false, {number("number", 0, 255)}},
    ListStatus{"S0018", T::main, {"", "1.2.0"}, false, {number("number", 0, 255)}},
    ListStatus{"S0019", T::main, {}, false, {number("number", 0, 255)}},
    ListStatus{"S0020", T::main, {}, false,
               {kAreas, words("controlmode", "startup|control|standby|failure|test")}},
    ListStatus{"S0021", T::main, {}, false, {of("detectorlogics", K::bits)}},
    ListStatus{"S0022", T::main, {"1.0.13", ""}, false, {ListName{"status", K::integers, 0, 255}}},
    ListStatus{"S0023", T::main, {"1.0.13", ""}, false, {tuples("status", 3, 255)}},
    ListStatus{"S0024", T::main, {"1.0.13", ""}, false, {tuples("status", 2, 999)}},
    ListStatus{"S0025", T::group, {"", "1.0.8"}, false, kEstimates},
    ListStatus{"S0025", T::group, {"1.0.13", ""}, false, kEstimates},
    ListStatus{"S0026", T::main, {"1.0.13", ""}, false, {tuples("status", 2, 12)}},
    ListStatus{"S0027", T::main, {"1.0.13", ""}, false, {tuples("status", 4, 59)}},
    ListStatus{"S0028", T::main, {"1.0.13", ""}, false, {tuples("status", 2, 999)}},
    ListStatus{"S0029", T::main, {"1.0.13", ""}, false, {of("status", K::bits)}},
    ListStatus{"S0030", T::main, {"1.0.15", ""}, false, {of("status", K::bits)}},
    ListStatus{"S0031", T::main, {"1.0.15", ""}, false, {tuples("status", 2, 255)}},
    ListStatus{"S0032", T::main, {"1.1.0", ""}, false,
               {kAreas, words("status", "local|centralized|off"), kSource}},
    ListStatus{"S0033", T::main, {"1.1.0", ""}, false, {of("status", K::array)}},
    ListStatus{"S0034", T::main, {"1.1.0", ""}, false, {number("status", 0, 65535)}},
    ListStatus{"S0035", T::main, {"1.2.0", ""}, false, {of("emergencyroutes", K::array)}},
    ListStatus{"S0091", T::main, {}, false,
               {before("1.1.0", of("user", K::text)), before("1.1.0", word("status", "login|logout")),
                from("1.1.0", number("user", 0, 2))}},
    ListStatus{"S0092", T::main, {}, false,
               {before("1.1.0", of("user", K::text)), before("1.1.0", word("status", "login|logout")),
                from("1.1.0", number("user", 0, 2))}},
    ListStatus{"S0095", T::main, {}, false, {of("status", K::text)}},
    ListStatus{"S0096", T::main, {}, false,
               {number("year", 0, 9999), number("month", 1, 12), number("day", 1, 31), number("hour", 0, 23),
                number("minute", 0, 59), number("second", 0, 60)}},
    ListStatus{"S0097", T::main, {"1.0.15", ""}, false, {of("checksum", K::text), of("timestamp", K::time)}},
    ListStatus{"S0098", T::main, {"1.0.15", ""}, false,
               {of("config", K::text), of("timestamp", K::time), of("version", K::text)}},
    ListStatus{"S0201", T::detector, {}, true, {of("starttime", K::time), count("vehicles")}},
    ListStatus{"S0202", T::detector, {}, true, {of("starttime", K::time), count("speed")}},
    ListStatus{"S0203", T::detector, {}, true, {of("starttime", K::time), count("occupancy")}},
    ListStatus{"S0204", T::detector, {}, true,
               {of("starttime", K::time), count("P"), count("PS"), count("L"), count("LS"), count("B"),
                count("SP"), count("MC"), count("C"), count("F")}},
    ListStatus{"S0205", T::main, {"1.0.14", ""}, true, {of("start", K::time), counts("vehicles")}},
    ListStatus{"S0206", T::main, {"1.0.14", ""}, true, {of("start", K::time), counts("speed")}},
    ListStatus{"S0207", T::main, {"1.0.14", ""}, true, {of("start", K::time), counts("occupancy")}},
    ListStatus{"S0208", T::main, {"1.0.14", ""}, true,
               {of("start", K::time), counts("P"), counts("PS"), counts("L"), counts("LS"), counts("B"),
                counts("SP"), counts("MC"), counts("C"), counts("F")}},
};
// clang-format on

constexpr std::array<std::string_view, 8> kVersions{"1.0.7",  "1.0.10", "1.0.13", "1.0.14",
                                                    "1.0.15", "1.1.0",  "1.2.0",  "1.2.1"};

bool is_version(std::string_view text) {
  const auto parts = split(text, '.');
  return !parts.empty() && std::ranges::all_of(parts, [](std::string_view part) {
    const auto value = parse_integer(part);
    return value && *value >= 0;
  });
}

template <class Row>
const Row* find_row(std::span<const Row> rows, std::string_view code, std::string_view sxl) {
  const auto at = std::ranges::find_if(
      rows, [&](const Row& row) { return row.code == code && in_list(row.span, sxl); });
  return at == rows.end() ? nullptr : &*at;
}

}  // namespace

std::span<const ListCommand> list_commands() {
  return kCommands;
}

std::span<const ListStatus> list_statuses() {
  return kStatuses;
}

std::span<const std::string_view> sxl_versions() {
  return kVersions;
}

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

bool same_sxl(std::string_view a, std::string_view b) {
  if (a == b) return true;
  return is_version(a) && is_version(b) && sxl_at_least(a, b) && sxl_at_least(b, a);
}

Core least_core(std::string_view sxl) {
  return sxl_at_least(sxl, "1.1.0") ? Core::v3_2_0 : Core::v3_1_2;
}

bool in_list(const ListSpan& span, std::string_view sxl) {
  return (span.since.empty() || sxl_at_least(sxl, span.since)) &&
         (span.until.empty() || !sxl_at_least(sxl, span.until));
}

const ListCommand* find_command(std::string_view code, std::string_view sxl) {
  return find_row(list_commands(), code, sxl);
}

const ListStatus* find_status(std::string_view code, std::string_view sxl) {
  return find_row(list_statuses(), code, sxl);
}

std::vector<const ListName*> names_in(const ListNames& names, std::string_view sxl) {
  std::vector<const ListName*> list;
  for (const ListName& name : names) {
    if (!name.name.empty() && in_list(name.span, sxl)) list.push_back(&name);
  }
  return list;
}

}  // namespace dispecer::rsmp
