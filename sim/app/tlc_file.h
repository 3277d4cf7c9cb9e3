// The keys of a controller file, as they are written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/city/bind.h"
#include "sim/rsmp_site/settings.h"

namespace dispecer::sim {

struct SiteRow {
  std::string id;
  std::string main_component;
  std::string nts_id;
  std::string sxl = "1.2.1";
  std::vector<std::string> core;  // offered; empty = every version
  std::string security_code_1;
  std::string security_code_2;
  std::string parameter_version = "1";
};
struct TimingRow {
  double tick_s = 0.1;
  double watchdog_s = 60;
  double ack_timeout_s = 30;
  double reconnect_s = 10;
  double first_reconnect_s = 0.5;
  double startup_step_s = 1;  // of each letter of `startup`
};
struct GroupRow {
  std::string component;
  GroupKind kind = GroupKind::vehicle;
};
struct DetectorRow {
  std::string component;
};
struct BandRow {
  std::uint32_t band = 1;
  double length_s = 0;
};
struct PatternRow {
  std::uint32_t plan = 1;
  std::vector<std::string> groups;
  std::vector<BandRow> bands;
};
struct IntersectionRow {
  std::uint32_t number = 1;
  std::optional<JunctionSignals> signals;  // as in a city's junction file
  std::vector<std::uint32_t> detectors;    // numbers of those that are wired to it
};
struct InputAlarmRow {
  std::uint32_t input = 0;
  std::string alarm;
  std::string component;
};
struct KeyRow {
  std::uint32_t input = 0;
  std::uint32_t position = 0;
};
struct SituationRow {
  std::uint32_t number = 1;
  std::optional<std::uint32_t> plan;
};
struct RouteRow {
  std::uint32_t number = 1;
  std::optional<std::uint32_t> stage;
  std::uint32_t intersection = 1;
};
struct ReferenceRow {
  std::string reference;  // "inputId 3"
  std::string group;      // component
};
struct PriorityRow {
  double decide_s = 0.5;
  double queue_s = 60;
  double stale_s = 120;
  double cooldown_s = 0;
  double max_extension_s = 15;
  std::vector<ReferenceRow> references;
};
struct PowerRow {
  double battery_s = 0;
  double clock_loss_s = 0;
};
struct BufferRow {
  std::vector<std::string> statuses;
  std::uint32_t messages = 10'000;
  std::string file;
};
struct CompatibilityRow {
  bool traffic_data_at_once = false;
  bool quiet_return = false;
  bool repeat_at_once = false;
};
struct SupervisorRow {
  std::string host = "127.0.0.1";
  std::uint32_t port = 12111;
};

struct TlcFile {
  std::string name;
  bool test_only = false;
  std::string timezone;
  SiteRow site;
  TimingRow timing;
  std::string startup = "efg";
  std::uint32_t local_plan = 1;
  std::vector<SupervisorRow> supervisor;
  std::vector<GroupRow> group;
  std::vector<DetectorRow> detector;
  std::vector<PatternRow> pattern;
  std::vector<IntersectionRow> intersection;
  std::uint32_t inputs = 16;
  std::uint32_t outputs = 8;
  std::vector<InputAlarmRow> input_alarm;
  std::vector<KeyRow> police_key_input;
  std::optional<std::uint32_t> panel_input;
  std::vector<SituationRow> situation;
  std::vector<RouteRow> emergency_route;
  PriorityRow priority;
  PowerRow power;
  BufferRow buffer;
  bool follow_supervisor_clock = false;
  bool restart_drops_line = true;
  CompatibilityRow compatibility;
};

// clang-format off
constexpr auto city_layout(Tag<SiteRow>) {
  using P = SiteRow;
  return std::tuple{field(1, "id", &P::id), field(2, "main_component", &P::main_component),
                    field(3, "nts_id", &P::nts_id), field(4, "sxl", &P::sxl), field(5, "core", &P::core),
                    field(6, "security_code_1", &P::security_code_1),
                    field(7, "security_code_2", &P::security_code_2),
                    field(8, "parameter_version", &P::parameter_version)};
}
constexpr auto city_layout(Tag<TimingRow>) {
  using P = TimingRow;
  return std::tuple{field(1, "tick_s", &P::tick_s, "s", {0.01, 1}),
                    field(2, "watchdog_s", &P::watchdog_s, "s", {0.01, 3600}),
                    field(3, "ack_timeout_s", &P::ack_timeout_s, "s", {0.01, 3600}),
                    field(4, "reconnect_s", &P::reconnect_s, "s", {0.01, 3600}),
                    field(5, "first_reconnect_s", &P::first_reconnect_s, "s", {0.01, 3600}),
                    field(6, "startup_step_s", &P::startup_step_s, "s", {0.01, 60})};
}
constexpr auto city_layout(Tag<GroupRow>) {
  using P = GroupRow;
  return std::tuple{field(1, "component", &P::component), field(2, "kind", &P::kind)};
}
constexpr auto city_layout(Tag<DetectorRow>) {
  return std::tuple{field(1, "component", &DetectorRow::component)};
}
constexpr auto city_layout(Tag<BandRow>) {
  return std::tuple{field(1, "band", &BandRow::band, "", {1, 10}),
                    field(2, "length_s", &BandRow::length_s, "s", {0, 99})};
}
constexpr auto city_layout(Tag<PatternRow>) {
  using P = PatternRow;
  return std::tuple{field(1, "plan", &P::plan, "", {1, 255}), field(2, "groups", &P::groups),
                    field(3, "bands", &P::bands)};
}
constexpr auto city_layout(Tag<IntersectionRow>) {
  using P = IntersectionRow;
  return std::tuple{field(1, "number", &P::number, "", {1, 255}), field(2, "signals", &P::signals),
                    field(3, "detectors", &P::detectors)};
}
constexpr auto city_layout(Tag<InputAlarmRow>) {
  using P = InputAlarmRow;
  return std::tuple{field(1, "input", &P::input, "", {1, 255}), field(2, "alarm", &P::alarm),
                    field(3, "component", &P::component)};
}
constexpr auto city_layout(Tag<KeyRow>) {
  return std::tuple{field(1, "input", &KeyRow::input, "", {1, 255}),
                    field(2, "position", &KeyRow::position, "", {1, 3})};
}
constexpr auto city_layout(Tag<SituationRow>) {
  return std::tuple{field(1, "number", &SituationRow::number, "", {1, 255}),
                    field(2, "plan", &SituationRow::plan, "", {1, 255})};
}
constexpr auto city_layout(Tag<RouteRow>) {
  using P = RouteRow;
  return std::tuple{field(1, "number", &P::number, "", {1, 255}), field(2, "stage", &P::stage, "", {1, 255}),
                    field(3, "intersection", &P::intersection, "", {1, 255})};
}
constexpr auto city_layout(Tag<ReferenceRow>) {
  return std::tuple{field(1, "reference", &ReferenceRow::reference), field(2, "group", &ReferenceRow::group)};
}
constexpr auto city_layout(Tag<PriorityRow>) {
  using P = PriorityRow;
  return std::tuple{field(1, "decide_s", &P::decide_s, "s", {0, 60}),
                    field(2, "queue_s", &P::queue_s, "s", {0, 3600}),
                    field(3, "stale_s", &P::stale_s, "s", {0, 3600}),
                    field(4, "cooldown_s", &P::cooldown_s, "s", {0, 3600}),
                    field(5, "max_extension_s", &P::max_extension_s, "s", {0, 255}),
                    field(6, "references", &P::references)};
}
constexpr auto city_layout(Tag<PowerRow>) {
  return std::tuple{field(1, "battery_s", &PowerRow::battery_s, "s", {0, 1e6}),
                    field(2, "clock_loss_s", &PowerRow::clock_loss_s, "s", {-1e9, 1e9})};
}
constexpr auto city_layout(Tag<BufferRow>) {
  using P = BufferRow;
  return std::tuple{field(1, "statuses", &P::statuses), field(2, "messages", &P::messages, "", {1, 1e6}),
                    field(3, "file", &P::file)};
}
constexpr auto city_layout(Tag<CompatibilityRow>) {
  using P = CompatibilityRow;
  return std::tuple{field(1, "traffic_data_at_once", &P::traffic_data_at_once),
                    field(2, "quiet_return", &P::quiet_return),
                    field(3, "repeat_at_once", &P::repeat_at_once)};
}
constexpr auto city_layout(Tag<SupervisorRow>) {
  return std::tuple{field(1, "host", &SupervisorRow::host),
                    field(2, "port", &SupervisorRow::port, "", {1, 65535})};
}
constexpr auto city_layout(Tag<TlcFile>) {
  using P = TlcFile;
  return std::tuple{field(1, "name", &P::name), field(2, "test_only", &P::test_only),
                    field(3, "timezone", &P::timezone), field(4, "site", &P::site),
                    field(5, "timing", &P::timing), field(6, "startup", &P::startup),
                    field(7, "local_plan", &P::local_plan, "", {1, 255}),
                    field(8, "supervisor", &P::supervisor), field(9, "group", &P::group),
                    field(10, "detector", &P::detector), field(11, "pattern", &P::pattern),
                    field(12, "intersection", &P::intersection),
                    field(13, "inputs", &P::inputs, "", {1, 255}),
                    field(14, "outputs", &P::outputs, "", {0, 255}),
                    field(15, "input_alarm", &P::input_alarm),
                    field(16, "police_key_input", &P::police_key_input),
                    field(17, "panel_input", &P::panel_input, "", {1, 255}),
                    field(18, "situation", &P::situation),
                    field(19, "emergency_route", &P::emergency_route), field(20, "priority", &P::priority),
                    field(21, "power", &P::power), field(22, "buffer", &P::buffer),
                    field(23, "follow_supervisor_clock", &P::follow_supervisor_clock),
                    field(24, "restart_drops_line", &P::restart_drops_line),
                    field(25, "compatibility", &P::compatibility)};
}
// clang-format on

}  // namespace dispecer::sim
