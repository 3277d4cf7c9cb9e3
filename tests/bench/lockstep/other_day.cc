#include "tests/bench/lockstep/other_day.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <pugixml.hpp>
#include <random>
#include <vector>

#include "adapters/city/importer/sumo_net.h"

namespace dispecer::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kShift = 150;        // s, either way
constexpr double kFlowSpread = 0.10;  // standard deviation of a flow's rate, share
constexpr double kLeastFlow = 0.3;    // of its rate

std::optional<double> number(const pugi::xml_attribute& attribute) {
  const std::string_view text = attribute.as_string();
  double value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

void change_flow(pugi::xml_node flow, double times) {
  for (const char* rate : {"vehsPerHour", "perHour", "probability", "number"}) {
    auto attribute = flow.attribute(rate);
    const auto value = number(attribute);
    if (!value) continue;
    if (std::string_view(rate) == "number") {
      attribute = std::max(1LL, std::llround(*value * times));
    } else {
      const bool share = std::string_view(rate) == "probability";
      attribute = share ? std::min(1.0, *value * times) : *value * times;
    }
  }
  if (const auto period = number(flow.attribute("period"))) {
    flow.attribute("period") = *period / times;
  }
}

Result<> write_routes(const std::string& from, unsigned day, const std::string& to) {
  pugi::xml_document in;
  if (auto r = city::sumo::load_xml(from, in); !r) return r.error();
  pugi::xml_document out;
  auto routes = out.append_copy(in.document_element());
  std::mt19937_64 random(0x0DA7'0000'0000ULL + day);
  std::poisson_distribution<int> copies(1.0);
  std::uniform_real_distribution<double> shift(-kShift, kShift);
  std::normal_distribution<double> spread(1.0, kFlowSpread);

  struct Departure {
    double at;
    pugi::xml_node node;
    std::optional<double> moved = {};
    int copy = 0;
  };
  std::vector<Departure> departures;
  double last = 0;
  for (auto node : routes.children()) {
    const std::string kind = node.name();
    const bool one = kind == "vehicle" || kind == "trip";
    if (!one && kind != "flow" && kind != "person" && kind != "personFlow") continue;
    const auto at = number(node.attribute(node.attribute("begin") ? "begin" : "depart"));
    last = at.value_or(last);
    if (kind == "flow" && node.child("stop").empty()) {
      change_flow(node, std::max(kLeastFlow, spread(random)));
    }
    if (!one || !at || !node.child("stop").empty()) {
      departures.push_back({last, node});
      continue;
    }
    const int n = copies(random);
    for (int copy = 0; copy < n; ++copy) {
      const double moved = std::max(0.0, *at + shift(random));
      departures.push_back({moved, node, moved, copy});
    }
  }
  // SUMO reads departures in the order of time, behind what they refer to.
  std::stable_sort(departures.begin(), departures.end(),
                   [](const Departure& a, const Departure& b) { return a.at < b.at; });
  auto sorted = out.append_child(routes.name());
  for (auto node : routes.children()) {
    const std::string_view kind = node.name();
    if (kind == "vType" || kind == "vTypeDistribution" || kind == "route" ||
        kind == "routeDistribution") {
      sorted.append_copy(node);
    }
  }
  for (const auto& d : departures) {
    auto node = sorted.append_copy(d.node);
    if (d.moved) node.attribute("depart") = *d.moved;
    if (d.copy == 0) continue;
    const auto id = std::string(node.attribute("id").as_string()) + "#" + std::to_string(d.copy);
    node.attribute("id") = id.c_str();
  }
  out.remove_child(routes);
  if (!out.save_file(to.c_str(), " ")) return Error{"cannot_write", "not written", to};
  return Ok{};
}

}  // namespace

Result<std::string> write_other_day(const std::string& config, unsigned day,
                                    const std::string& folder) {
  pugi::xml_document doc;
  if (!fs::exists(config)) return Error{"no_config", "found no such file", config};
  if (!doc.load_file(config.c_str())) return Error{"bad_xml", "is not well-formed", config};
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  auto option = doc.document_element().child("input").child("route-files");
  std::string files;
  std::size_t count = 0;
  for (const auto& name : city::sumo::words(option.attribute("value").as_string(), ", ")) {
    const auto to = folder + "/day" + std::to_string(++count) + ".rou.xml";
    if (auto r = write_routes(name, day, to); !r) return r.error();
    files += (files.empty() ? "" : ",") + to;
  }
  option.attribute("value") = files.c_str();
  const auto out = folder + "/day.sumocfg";
  if (!doc.save_file(out.c_str(), "  ")) return Error{"cannot_write", "not written", out};
  return out;
}

}  // namespace dispecer::bench
