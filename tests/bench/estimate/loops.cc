#include "tests/bench/estimate/loops.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "adapters/city/importer/sumo_net.h"

namespace dispecer::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kBeforeEnd = 80;  // m, where there is room

struct LanePlace {
  LinkId link;
  std::uint32_t number = 0;
  const city::sumo::Lane* lane = nullptr;
  JunctionId junction;
};

std::string read(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The copy's configuration must name the copy's files.
Result<> copy_city(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::create_directories(to.parent_path(), failed);
  fs::copy(from, to, fs::copy_options::recursive, failed);
  if (failed) return Error{"cannot_write", failed.message(), to.string()};
  const auto config = to / "sumo" / "city.sumocfg";
  auto text = read(config);
  const auto old = (fs::absolute(from).lexically_normal() / "sumo").string();
  const auto now = (fs::absolute(to).lexically_normal() / "sumo").string();
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += now.size()) {
    text.replace(at, old.size(), now);
  }
  std::ofstream(config) << text;
  return Ok{};
}

std::vector<LanePlace> motor_lanes(const city::City& city, const city::sumo::Net& net) {
  std::vector<LanePlace> out;
  for (const auto& link : city.network.links) {
    const auto mapped = city.sumo.edge.find(link.id);
    const auto edge =
        net.edges.find(mapped == city.sumo.edge.end() ? link.id.str() : mapped->second);
    if (edge == net.edges.end()) continue;
    for (std::size_t i = 0; i < edge->second.lanes.size(); ++i) {
      const int number = edge->second.motor_index(i);
      if (number < 0 || number >= 20) continue;
      out.push_back({link.id, static_cast<std::uint32_t>(number), &edge->second.lanes[i], link.to});
    }
  }
  return out;
}

}  // namespace

Result<LaidLoops> lay_loops(const std::string& from, const std::string& to, double coverage,
                            std::uint64_t seed) {
  if (auto r = copy_city(from, to); !r) return r.error();
  auto read_back = city::read_city(to);
  if (!read_back) return read_back.error();
  LaidLoops out{std::move(*read_back), 0, 0};
  auto net = city::sumo::read_net(out.city.sumo.net_file);
  if (!net) return net.error();
  auto places = motor_lanes(out.city, *net);
  out.lanes = places.size();
  if (places.empty()) return Error{"no_lanes", "the network has no lane for motor traffic", from};
  std::mt19937_64 rng(seed * 7919 + 17);
  std::shuffle(places.begin(), places.end(), rng);
  const auto wanted = std::llround(coverage * static_cast<double>(places.size()));
  places.resize(static_cast<std::size_t>(
      std::clamp<long long>(wanted, 1, static_cast<long long>(places.size()))));
  out.chosen = places.size();

  std::map<std::pair<LinkId, std::uint32_t>, std::vector<Detector>> derived;
  std::vector<Detector> kept;
  for (const auto& d : out.city.network.detectors) {
    if (d.kind == DetectorKind::push_button) {
      kept.push_back(d);
    } else {
      derived[{d.link, d.lane}].push_back(d);
    }
  }
  out.city.sumo.induction_loop.clear();
  std::ostringstream xml;
  xml << "<additional>\n";
  std::uint32_t number = 3000;
  for (const auto& place : places) {
    auto loops = derived[{place.link, place.number}];
    if (loops.empty()) {
      Detector d;
      d.id = DetectorId("count." + place.link.str() + "." + std::to_string(place.number));
      d.kind = DetectorKind::advance;
      d.junction = place.junction;
      d.link = place.link;
      d.lane = place.number;
      const double length = place.lane->length;
      d.to_stop_line = {std::round(std::min(kBeforeEnd, length / 2) * 100) / 100};
      d.number = ++number;
      d.provenance = Provenance::invented;
      loops.push_back(d);
    }
    for (const auto& d : loops) {
      xml << "<inductionLoop id=\"" << d.id.str() << "\" lane=\"" << place.lane->id << "\" pos=\""
          << std::max(0.0, place.lane->length - d.to_stop_line.value)
          << "\" period=\"86400\" friendlyPos=\"true\" file=\"NUL\"/>\n";
      out.city.sumo.induction_loop[d.id] = d.id.str();
      kept.push_back(d);
    }
  }
  xml << "</additional>\n";
  out.city.network.detectors = std::move(kept);
  std::ofstream file(fs::path(to) / "sumo" / "loops.add.xml");
  file << xml.str();
  if (!file.flush()) return Error{"cannot_write", "writing failed", to + "/sumo/loops.add.xml"};
  return out;
}

}  // namespace dispecer::bench
