// A town of two crossing streets, made with netconvert, for the tests of the importer.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "adapters/city/importer/importer.h"
#include "tests/adapters/city/sample.h"

namespace dispecer::city::test {

inline void spit(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

inline std::string slurp(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline bool has_tool(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

inline std::vector<Finding> of_kind(const ImportReport& report, const std::string& kind) {
  std::vector<Finding> out;
  for (const auto& f : report.findings) {
    if (f.kind == kind) out.push_back(f);
  }
  return out;
}

// Two crossing streets of 50 and 70 km/h with pavements; the middle is signalised.
inline constexpr const char* kNodes = R"(<nodes>
  <node id="C" x="23.57000" y="47.65000" type="traffic_light"/>
  <node id="N" x="23.57000" y="47.65200"/> <node id="S" x="23.57000" y="47.64800"/>
  <node id="W" x="23.56700" y="47.65000"/> <node id="E" x="23.57300" y="47.65000"/>
</nodes>)";

inline std::string two_streets() {
  std::string text = "<edges>";
  for (const char arm : std::string("NSWE")) {
    const bool fast = arm == 'W' || arm == 'E';
    for (const bool in : {true, false}) {
      const std::string outer(1, arm);
      text += "<edge id=\"" + outer + (in ? "in" : "out") + "\" from=\"" + (in ? outer : "C") +
              "\" to=\"" + (in ? "C" : outer) + "\" numLanes=\"2\" speed=\"" +
              (fast ? "19.44" : "13.89") + "\" sidewalkWidth=\"2\" name=\"" +
              (fast ? "Strada Lungă" : "Strada Lată") + "\"/>";
    }
  }
  return text + "</edges>";
}

struct Town : Scratch {
  std::string scenario = in("scenario");
  std::string out = in("out");
  bool made = false;

  // `turnarounds`: one can turn back at the ends of the streets and at the junction.
  explicit Town(bool turnarounds = false) {
    std::filesystem::create_directories(scenario);
    spit(in("t.nod.xml"), kNodes);
    spit(in("t.edg.xml"), two_streets());
    const auto command =
        "SUMO_HOME=/usr/share/sumo netconvert --proj.utm --sidewalks.guess false "
        "--crossings.guess true --no-turnarounds " +
        std::string(turnarounds ? "false" : "true") + " -n " + in("t.nod.xml") + " -e " +
        in("t.edg.xml") + " -o " + net() + " >/dev/null 2>&1";
    made = std::system(command.c_str()) == 0;
  }
  [[nodiscard]] std::string net() const { return scenario + "/t.net.xml"; }
  Result<ImportReport> import(const std::string& overlay = "") const {
    ImportOptions options;
    options.scenario = scenario;
    options.out = out;
    options.overlay = overlay;
    options.name = overlay.empty() ? "t" : "";
    return import_sumo(options);
  }
};

// No stage holds two groups that conflict, and every change of stage keeps every intergreen.
inline void expect_safe(const JunctionSignals& s) {
  const auto r = validate(s);
  EXPECT_TRUE(r.ok()) << r.error().message();
  const IntergreenMatrix matrix(s);
  for (const auto& stage : s.stages) {
    for (const auto a : stage.green) {
      for (const auto b : stage.green) EXPECT_TRUE(a == b || !matrix.conflict(a, b));
    }
  }
  for (const auto& i : s.intergreens) {
    const auto& losing = s.groups[i.losing];
    if (losing.kind == GroupKind::pedestrian) {
      EXPECT_GE(i.time.time.value, losing.amber.time.value);
    } else {
      EXPECT_GE(i.time.time.value, losing.amber.time.value + 1);
    }
    EXPECT_EQ(i.time.time.value, std::floor(i.time.time.value));
  }
  for (const auto& g : s.groups) EXPECT_GE(g.min_green.time.value, 5);
  EXPECT_EQ(s.lever, Lever::stage);
  EXPECT_FALSE(s.real);
}

}  // namespace dispecer::city::test
