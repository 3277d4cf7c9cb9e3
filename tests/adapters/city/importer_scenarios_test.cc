// Real scenarios, imported whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "adapters/city/city.h"
#include "adapters/city/importer/derive.h"
#include "tests/adapters/city/importer_town.h"

namespace dispecer::city::test {
namespace {

struct Scenario {
  const char* folder;
  std::size_t lights;
  std::size_t trips;  // at least
  std::size_t parking;
  int begin;  // s, to try the written configuration from
};

std::ostream& operator<<(std::ostream& out, const Scenario& s) {
  return out << s.folder;
}

class RealScenario : public ::testing::TestWithParam<Scenario> {};

TEST_P(RealScenario, IsImportedWholeAndEveryJunctionIsSafe) {
  const char* root = std::getenv("DISPECER_SCENARIOS");
  if (root == nullptr) GTEST_SKIP() << "DISPECER_SCENARIOS is not set";
  const auto& expected = GetParam();
  const Scratch t;
  ImportOptions options;
  options.scenario = std::string(root) + "/" + expected.folder;
  options.out = t.in("out");
  const auto report = import_sumo(options);
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report->signalised, expected.lights);
  EXPECT_GE(report->trips, expected.trips);
  EXPECT_EQ(report->parking, expected.parking);
  for (const auto* kind : {"unusable", "no_program", "quarantined"}) {
    for (const auto& f : of_kind(*report, kind)) {
      ADD_FAILURE() << kind << " " << f.subject << " " << f.text;
    }
  }
  const auto city = read_city(t.in("out"));
  ASSERT_TRUE(city.ok()) << city.error().message();
  EXPECT_TRUE(city->quarantined.empty());
  for (const auto& [id, s] : city->signals) {
    SCOPED_TRACE(id.str());
    expect_safe(s);
  }
  // Whatever crosses and is never shown green together keeps an intergreen, read from the net
  // again.
  auto scenario = sumo::find_scenario(options.scenario);
  ASSERT_TRUE(scenario.ok());
  const auto net = sumo::read_net(scenario->net);
  ASSERT_TRUE(net.ok());
  const Places places(*net);
  std::size_t pairs = 0;
  for (const auto& [light, ways] : places.ways()) {
    const JunctionId id(light);
    const auto& s = city->signals.at(id);
    const IntergreenMatrix matrix(s);
    std::map<std::uint32_t, std::size_t> group;
    const auto& indices = city->sumo.group_indices.at(id);
    for (std::size_t g = 0; g < indices.size(); ++g) {
      for (const auto i : indices[g]) group[i] = g;
    }
    for (const auto& a : ways) {
      for (const auto& b : ways) {
        if (a.node != b.node || a.number < 0 || b.number < 0) continue;
        if (!group.contains(a.index) || !group.contains(b.index)) continue;
        const auto& foes =
            net->nodes.at(a.node).requests.at(static_cast<std::size_t>(a.number)).foes;
        const auto ga = static_cast<std::uint32_t>(group[a.index]);
        const auto gb = static_cast<std::uint32_t>(group[b.index]);
        if (!foes.at(static_cast<std::size_t>(b.number)) || ga == gb) continue;
        const bool together = std::any_of(s.stages.begin(), s.stages.end(), [&](const Stage& st) {
          return std::count(st.green.begin(), st.green.end(), ga) > 0 &&
                 std::count(st.green.begin(), st.green.end(), gb) > 0;
        });
        if (together) continue;
        ++pairs;
        EXPECT_TRUE(matrix.at(ga, gb).has_value()) << light << " " << a.index << " " << b.index;
      }
    }
  }
  EXPECT_GT(pairs, 0U);
  if (!has_tool("sumo")) return;
  const auto run = "cd " + t.path.string() +
                   " && SUMO_HOME=/usr/share/sumo sumo -c "
                   "out/sumo/city.sumocfg --no-step-log --begin " +
                   std::to_string(expected.begin) + " --end " +
                   std::to_string(expected.begin + 10) + " >log 2>&1";
  EXPECT_EQ(std::system(run.c_str()), 0) << slurp(t.in("log"));
}

INSTANTIATE_TEST_SUITE_P(Importer, RealScenario,
                         ::testing::Values(Scenario{"resco/cologne1", 1, 0, 0, 25200},
                                           Scenario{"resco/cologne8", 8, 0, 0, 25200},
                                           Scenario{"resco/ingolstadt1", 1, 17, 0, 57600},
                                           Scenario{"resco/grid4x4", 16, 0, 0, 0},
                                           Scenario{"bologna/acosta", 7, 150, 0, 0},
                                           Scenario{"bologna/pasubio", 8, 100, 0, 0},
                                           Scenario{"badhersfeld", 21, 647, 409, 25000}));

}  // namespace
}  // namespace dispecer::city::test
