#include "adapters/app/rsmp_site_file.h"

#include <algorithm>

#include "adapters/city/value.h"

namespace dispecer {
namespace {

constexpr char kReference[] =
#include "adapters/app/reference_site.inc"
    ;

// Reads keys of one table; keeps the first fault and goes on with neutral values.
class Reader {
 public:
  Reader(const city::Value& table, std::string path, std::optional<Error>& fault)
      : table_(table), path_(std::move(path)), fault_(fault) {}

  std::string text(std::string_view key, bool needed) {
    const city::Value* value = find(key, needed);
    if (value == nullptr) return {};
    if (const auto* held = value->text()) return *held;
    fail("wrong_kind", key, "expected a text, found " + value->describe());
    return {};
  }
  std::uint32_t number(std::string_view key, bool needed, std::int64_t least, std::int64_t most) {
    const city::Value* value = find(key, needed);
    if (value == nullptr) return 0;
    const auto* held = std::get_if<std::int64_t>(&value->held);
    if (held != nullptr && *held >= least && *held <= most) {
      return static_cast<std::uint32_t>(*held);
    }
    fail("bad_value", key,
         "expected " + std::to_string(least) + " to " + std::to_string(most) + ", found " +
             value->describe());
    return 0;
  }
  bool flag(std::string_view key) {
    const city::Value* value = find(key, false);
    if (value == nullptr) return false;
    if (const auto* held = std::get_if<bool>(&value->held)) return *held;
    fail("wrong_kind", key, "expected true or false, found " + value->describe());
    return false;
  }
  template <class Item, class Fn>
  std::vector<Item> list(std::string_view key, bool needed, Fn&& read) {
    std::vector<Item> items;
    const city::Value* value = find(key, needed);
    if (value == nullptr) return items;
    if (value->list() == nullptr) {
      fail("wrong_kind", key, "expected a list, found " + value->describe());
      return items;
    }
    for (const city::Value& one : *value->list()) items.push_back(read(one, key));
    return items;
  }
  std::vector<std::string> texts(std::string_view key, bool needed) {
    return list<std::string>(key, needed, [this](const city::Value& one, std::string_view k) {
      if (const auto* held = one.text(); held != nullptr && !held->empty()) return *held;
      fail("wrong_kind", k, "expected texts, found " + one.describe());
      return std::string();
    });
  }
  std::vector<std::uint32_t> numbers(std::string_view key) {
    return list<std::uint32_t>(key, false, [this](const city::Value& one, std::string_view k) {
      const auto* held = std::get_if<std::int64_t>(&one.held);
      if (held != nullptr && *held >= 1 && *held <= 255) return static_cast<std::uint32_t>(*held);
      fail("bad_value", k, "expected numbers of 1 to 255, found " + one.describe());
      return std::uint32_t{0};
    });
  }
  void fail(const char* cause, std::string_view key, const std::string& what) {
    if (!fault_) fault_ = Error{cause, what, path_ + std::string(key)};
  }
  const city::Value* find(std::string_view key, bool needed) {
    const city::Value* value = table_.find(key);
    if (value == nullptr && needed) fail("missing_key", key, "is missing");
    return value;
  }

 private:
  const city::Value& table_;
  std::string path_;
  std::optional<Error>& fault_;
};

void read_stages(Reader& in, const std::vector<std::string>& groups, JunctionSignals& signals,
                 std::optional<Error>& fault) {
  in.list<int>("stages", true, [&](const city::Value& one, std::string_view) {
    Reader row(one, "stages.", fault);
    Stage stage;
    stage.number = static_cast<std::uint32_t>(signals.stages.size() + 1);
    for (const std::string& name : row.texts("groups", true)) {
      const auto at = std::ranges::find(groups, name);
      if (at == groups.end()) {
        row.fail("bad_value", "groups", "no group '" + name + "'");
        continue;
      }
      stage.green.push_back(static_cast<std::uint32_t>(at - groups.begin()));
    }
    std::ranges::sort(stage.green);
    stage.demand_input = row.number("input", true, 1, 255);
    signals.stages.push_back(std::move(stage));
    return 0;
  });
  for (const Stage& from : signals.stages) {
    for (const Stage& to : signals.stages) {
      if (from.number == to.number) continue;
      signals.transitions.push_back({from.number, to.number});
      // One second, so that groups of different stages count as conflicting.
      for (const auto g : from.green) {
        for (const auto h : to.green) signals.intergreens.push_back({g, h, {Seconds{1}, 0}});
      }
    }
  }
}

void read_plans(Reader& in, JunctionSignals& signals, std::optional<Error>& fault) {
  in.list<int>("plans", true, [&](const city::Value& one, std::string_view) {
    Reader row(one, "plans.", fault);
    SignalPlan plan;
    plan.number = row.number("number", true, 1, 255);
    plan.cycle = Seconds{static_cast<double>(row.number("cycle_s", true, 4, 255))};
    const double share =
        plan.cycle.value / std::max(1.0, static_cast<double>(signals.stages.size()));
    for (const Stage& stage : signals.stages) {
      plan.ring.push_back({stage.number, Seconds{share * static_cast<double>(plan.ring.size())},
                           Seconds{1}, Seconds{plan.cycle.value}});
    }
    signals.plans.push_back(std::move(plan));
    return 0;
  });
  if (!signals.plans.empty()) signals.local_plan = signals.plans.front().number;
}

rsmp::WalkSettings read_walk(const city::Value& table, std::optional<Error>& fault) {
  rsmp::WalkSettings walk;
  Reader in(table, "walk.", fault);
  walk.situations = in.numbers("situations");
  walk.routes = in.numbers("routes");
  if (walk.situations.empty()) in.fail("missing_key", "situations", "names none");
  if (walk.routes.empty()) in.fail("missing_key", "routes", "names none");
  walk.input = in.number("input", true, 1, 255);
  walk.output = in.number("output", true, 1, 255);
  walk.loop = in.number("loop", true, 1, 255);
  walk.alarm_input = in.number("alarm_input", false, 1, 255);
  walk.alarm_code = in.text("alarm_code", false);
  walk.alarm_subject = in.text("alarm_component", false);
  walk.week_table = in.text("week_table", true);
  walk.day_tables = in.text("day_tables", true);
  for (std::string& code : in.texts("may_refuse", false)) walk.may_refuse.insert(std::move(code));
  return walk;
}

}  // namespace

std::string_view reference_site() {
  return kReference;
}

Result<LoneSite> read_lone_site(std::string_view toml) {
  const auto root = city::parse_toml(toml);
  if (!root) return root.error();
  std::optional<Error> fault;
  Reader in(*root, "", fault);
  LoneSite lone;
  lone.test_only = in.flag("test_only");
  lone.site.admission.site_id = in.text("site_id", true);
  lone.site.main_component = in.text("component", true);
  lone.site.nts_id = in.text("nts_id", false);
  lone.site.code1 = in.text("code1", false);
  lone.site.code2 = in.text("code2", false);
  lone.site.tls = in.flag("tls");
  rsmp::JunctionWire wire;
  JunctionSignals& signals = wire.signals;
  signals.junction = JunctionId(lone.site.admission.site_id);
  signals.controller = ControllerId(lone.site.admission.site_id);
  signals.signatures = {{Origin::entered, "site file", "site file", ""}};
  signals.lever = Lever::bands;
  // Only a bench may be commanded: a street's junction stands in a city's signed file.
  signals.commissioning = lone.test_only ? Commissioning::bench : Commissioning::shadow;
  wire.group_components = in.texts("groups", true);
  for (const std::string& name : wire.group_components) {
    signals.groups.push_back({SignalGroupId(name),
                              GroupKind::vehicle,
                              {Seconds{1}, 0},
                              {Seconds{0}, 0},
                              {Seconds{0}, 0},
                              {Seconds{0}, 0}});
  }
  for (const std::string& name : in.texts("detectors", true)) {
    wire.detectors.push_back(
        {DetectorId(name), static_cast<std::uint32_t>(wire.detectors.size() + 1), name, {}});
  }
  read_stages(in, wire.group_components, signals, fault);
  read_plans(in, signals, fault);
  if (const city::Value* walk = in.find("walk", false); walk != nullptr) {
    lone.walk = read_walk(*walk, fault);
  }
  if (fault) return *fault;
  if (auto valid = validate(signals); !valid) return valid.error();
  lone.site.junctions.push_back(std::move(wire));
  return lone;
}

}  // namespace dispecer
