#include "tests/bench/lockstep/programs.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <pugixml.hpp>

#include "adapters/city/importer/importer.h"
#include "adapters/city/importer/sumo_net.h"

namespace dispecer::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kGreenFrom = 6;  // s; shorter greens are transitions and stay as they are

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Runs a tool of SUMO; an error carries the last it said.
Result<> call(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return Error{"tool", "could not be started", command};
  std::string said;
  char buffer[4096];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) {
    said += buffer;
    if (said.size() > 4000) said.erase(0, said.size() - 2000);
  }
  if (::pclose(pipe) != 0) return Error{"tool", said, command.substr(0, command.find(' '))};
  return Ok{};
}

std::string tools() {
  const char* home = std::getenv("SUMO_HOME");
  return (fs::path(home == nullptr ? "/usr/share/sumo" : home) / "tools").string();
}

bool long_green(const city::sumo::Phase& phase) {
  return phase.duration >= kGreenFrom && phase.state.find_first_of("Gg") != std::string::npos &&
         phase.state.find_first_of("yY") == std::string::npos;
}

void write_actuated(const city::sumo::Net& net, Programs programs, pugi::xml_node root) {
  for (const auto& [id, program] : net.programs) {
    auto logic = root.append_child("tlLogic");
    logic.append_attribute("id") = id.c_str();
    logic.append_attribute("type") = "actuated";
    logic.append_attribute("programID") = "bench_actuated";
    logic.append_attribute("offset") = program.offset;
    for (const auto& phase : program.phases) {
      auto row = logic.append_child("phase");
      const double d = phase.duration;
      row.append_attribute("duration") = d;
      row.append_attribute("state") = phase.state.c_str();
      if (!long_green(phase)) continue;
      const bool wide = programs == Programs::act_wide;
      row.append_attribute("minDur") = wide ? 5.0 : std::max(5.0, 0.6 * d);
      row.append_attribute("maxDur") = wide ? std::max(50.0, 1.5 * d) : 1.4 * d + 1;
    }
  }
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& n : names) text += (text.empty() ? "" : ",") + n;
  return text;
}

Result<std::string> write_coordinated(const city::sumo::Scenario& scenario,
                                      const std::string& folder, double begin_s,
                                      const std::optional<StageTimes>& times) {
  const auto routes = folder + "/demand.rou.xml";
  std::string command =
      "duarouter --xml-validation never --ignore-errors --no-warnings --no-step-log -n " +
      quoted(scenario.net) + " -r " + quoted(joined(scenario.routes)) + " -o " + quoted(routes) +
      " --alternatives-output NUL";
  if (!scenario.additionals.empty()) command += " -a " + quoted(joined(scenario.additionals));
  if (auto r = call(command); !r) return r.error();
  const auto splits = folder + "/splits.add.xml";
  const auto begin = std::to_string(static_cast<long>(begin_s));
  std::string stages;
  if (times) {
    stages = " -l " + std::to_string(std::lround(times->lost)) + " -g " +
             std::to_string(std::lround(times->least));
  }
  // A common cycle, since offsets hold only where the cycles are alike.
  if (auto r = call("python3 " + quoted(tools() + "/tlsCycleAdaptation.py") + " -u -n " +
                    quoted(scenario.net) + " -r " + quoted(routes) + " -b " + begin + stages +
                    " -p bench -o " + quoted(splits));
      !r) {
    return r.error();
  }
  const auto out = folder + "/coordinated.add.xml";
  if (auto r =
          call("python3 " + quoted(tools() + "/tlsCoordinator.py") + " -n " + quoted(scenario.net) +
               " -r " + quoted(routes) + " -a " + quoted(splits) + " -o " + quoted(out));
      !r) {
    return r.error();
  }
  return splits + "," + out;
}

}  // namespace

Result<std::string> write_programs(Programs programs, const std::string& scenario,
                                   const std::string& city_config, const std::string& folder,
                                   double begin_s, const std::optional<StageTimes>& times) {
  pugi::xml_document config;
  if (!fs::exists(city_config)) return Error{"no_config", "found no such file", city_config};
  if (!config.load_file(city_config.c_str())) {
    return Error{"bad_xml", "is not well-formed", city_config};
  }
  std::string more;
  if (programs != Programs::delivered) {
    auto files = city::sumo::find_scenario(scenario);
    if (!files) return files.error();
    if (programs == Programs::coordinated) {
      auto written = write_coordinated(*files, folder, begin_s, times);
      if (!written) return written.error();
      more = *written;
    } else {
      auto net = city::sumo::read_net(files->net);
      if (!net) return net.error();
      for (const auto& path : files->additionals) {
        pugi::xml_document doc;
        if (auto r = city::sumo::load_xml(path, doc); !r) return r.error();
        city::sumo::take_programs(doc, *net);
      }
      pugi::xml_document doc;
      write_actuated(*net, programs, doc.append_child("additional"));
      more = folder + "/actuated.add.xml";
      if (!doc.save_file(more.c_str(), "  ")) return Error{"cannot_write", "not written", more};
    }
  }
  // Files of the configuration are found from its own folder; the copy stands elsewhere.
  const auto base = fs::absolute(city_config).parent_path();
  for (auto option : config.document_element().child("input").children()) {
    std::string value;
    for (const auto& name : city::sumo::words(option.attribute("value").as_string(), ", ")) {
      value += (value.empty() ? "" : ",") + (base / name).string();
    }
    if (std::string(option.name()) == "additional-files" && !more.empty()) {
      value += (value.empty() ? "" : ",") + more;
      more.clear();
    }
    option.attribute("value") = value.c_str();
  }
  if (!more.empty()) {
    auto option = config.document_element().child("input").append_child("additional-files");
    option.append_attribute("value") = more.c_str();
  }
  const auto out = folder + "/bench.sumocfg";
  if (!config.save_file(out.c_str(), "  ")) return Error{"cannot_write", "not written", out};
  return out;
}

}  // namespace dispecer::bench
