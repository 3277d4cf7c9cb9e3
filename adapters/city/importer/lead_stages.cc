#include "adapters/city/importer/lead_stages.h"

#include <algorithm>

#include "controller/plan/early_start.h"

namespace dispecer::city {
namespace {

constexpr std::uint32_t kMostStages = 255;

bool has(const std::vector<std::uint32_t>& groups, std::uint32_t group) {
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

// Green of the led stage without those who give way and whoever changes together with them.
std::vector<std::uint32_t> early_green(const JunctionSignals& signals, const Stage& led) {
  std::vector<std::uint32_t> out;
  const auto waits = [&](std::uint32_t group) {
    if (has(led.yielding, group)) return true;
    return std::any_of(
        signals.bound_groups.begin(), signals.bound_groups.end(), [&](const auto& set) {
          return has(set, group) &&
                 std::any_of(set.begin(), set.end(), [&](auto g) { return has(led.yielding, g); });
        });
  };
  for (const auto g : led.green) {
    if (!waits(g)) out.push_back(g);
  }
  return out;
}

}  // namespace

void add_lead_stages(JunctionSignals& signals, const Network& network, Findings& findings) {
  std::vector<const Crossing*> crossings;
  for (const auto& c : network.crossings) crossings.push_back(&c);
  const auto early = early_groups(signals, crossings);
  std::uint32_t number = 0;
  for (const auto& s : signals.stages) number = std::max(number, s.number);
  for (const auto led_number : stages_without_lead(signals, early)) {
    const Stage led = *find_stage(signals, led_number);
    Stage lead;
    lead.number = ++number;
    lead.name = "before " + std::to_string(led_number);
    lead.green = early_green(signals, led);
    lead.skippable = true;
    if (led.demand_input) lead.demand_input = lead.number;
    const auto groups = early_in(led, early);
    const bool whole =
        std::all_of(groups.begin(), groups.end(), [&](auto g) { return has(lead.green, g); });
    if (!whole || lead.number > kMostStages) {
      --number;
      findings.push_back({"early_start", signals.junction.str(),
                          "stage " + std::to_string(led_number) +
                              ": no stage can be made in which its crossings start alone"});
      continue;
    }
    std::vector<Transition> more{{lead.number, led_number}};
    for (const auto& t : signals.transitions) {
      if (t.to == led_number) more.push_back({t.from, lead.number});
    }
    signals.transitions.insert(signals.transitions.end(), more.begin(), more.end());
    signals.stages.push_back(std::move(lead));
  }
}

}  // namespace dispecer::city
