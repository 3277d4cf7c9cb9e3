#include "adapters/city/importer/importer.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <pugixml.hpp>

#include "adapters/city/files.h"
#include "adapters/city/importer/lead_stages.h"
#include "adapters/city/importer/overlay.h"
#include "adapters/city/importer/scenario_files.h"
#include "adapters/city/importer/transit_files.h"

namespace dispecer::city {
namespace {

class Import {
 public:
  explicit Import(const ImportOptions& options) : options_(options) {}

  Result<ImportReport> run() {
    if (options_.out.empty()) return Error{"no_file", "expected a folder to write", "--out"};
    auto overlay = Overlay::open(options_.overlay);
    if (!overlay) return in_file(overlay.error(), options_.overlay);
    auto scenario = sumo::find_scenario(options_.scenario);
    if (!scenario) return scenario.error();
    say("reading " + scenario->net);
    auto net = sumo::read_net(scenario->net);
    if (!net) return net.error();
    auto docs = load_additionals(*scenario);
    if (!docs) return docs.error();
    for (const auto& [path, doc] : *docs) sumo::take_programs(*doc, *net);

    const Projection projection(net->location[0], net->location[1], net->location[2],
                                net->location[3]);
    tell_projection(projection, net->location[0]);
    const Places places(*net);
    auto signals = derive_all(*net, places);
    say("deriving links, movements and detectors");
    derive_network(*net, places, projection, signals, city_, report_.findings);
    if (city_.network.links.empty()) {
      return Error{"no_edges", "the network has no street", scenario->net};
    }
    set_head(*scenario);
    const auto in_overlay = [&](const Error& e) { return in_file(e, options_.overlay); };
    if (auto r = overlay->head(city_); !r) return in_overlay(r.error());
    if (auto r = overlay->crossings(*net, city_, report_.findings); !r)
      return in_overlay(r.error());
    for (auto& [light, derived] : signals) {
      add_lead_stages(derived.signals, city_.network, report_.findings);
    }
    const auto loops = derive_detectors(*net, places, signals, city_);
    add_controllers(signals);
    take_parking(*docs, *net, projection, city_);
    if (auto r = overlay->rest(city_, report_.findings); !r) return in_overlay(r.error());

    say("writing " + options_.out);
    city_.sumo.net_file = scenario->net;
    city_.sumo.config_file = "sumo/city.sumocfg";
    auto transit = write_transit(*scenario, *docs, *net, projection, overlay->folder(),
                                 options_.out, city_, report_.findings);
    if (!transit) return transit.error();
    report_.stops = transit->stops;
    report_.trips = transit->trips;
    if (transit->trips > 0) add_bus_feed();
    if (auto r = write_city(city_, options_.out); !r) return r.error();
    if (auto r = write_simulation(*scenario, *docs, loops, options_.out, report_.findings); !r) {
      return r.error();
    }
    if (auto r = write_sources(*scenario); !r) return r.error();
    return prove();
  }

 private:
  void say(const std::string& line) const {
    if (options_.progress) options_.progress(line);
  }

  void tell_projection(const Projection& projection, const std::string& text) {
    if (projection.kind() == ProjectionKind::made_up) {
      report_.findings.push_back({"projection", "network",
                                  "the network has no place on the earth; its middle is put at "
                                  "47.65 N 23.57 E and every position is invented"});
    } else if (projection.kind() == ProjectionKind::stretched) {
      report_.findings.push_back({"projection", "network",
                                  "projection '" + text +
                                      "' is not known; positions are laid linearly between the "
                                      "network's geographic bounds"});
    }
  }

  std::map<std::string, DerivedSignals> derive_all(const sumo::Net& net, const Places& places) {
    std::map<std::string, DerivedSignals> out;
    say("deriving signals of " + std::to_string(places.ways().size()) + " traffic lights");
    for (const auto& [light, ways] : places.ways()) {
      const auto foreign = std::find_if(ways.begin(), ways.end(), [&](const SignalWay& w) {
        return places.of(w.node).str() != light;
      });
      if (foreign != ways.end()) {
        report_.findings.push_back({"unusable", light,
                                    "shares node '" + foreign->node +
                                        "' with another traffic "
                                        "light"});
        continue;
      }
      if (auto derived = derive_signals(net, light, ways, report_.findings)) {
        out.emplace(light, *std::move(derived));
      }
    }
    return out;
  }

  void set_head(const sumo::Scenario& scenario) {
    LonLat low{180, 90}, high{-180, -90};
    for (const auto& l : city_.network.links) {
      for (const auto& p : l.shape) {
        low = {std::min(low.lon, p.lon), std::min(low.lat, p.lat)};
        high = {std::max(high.lon, p.lon), std::max(high.lat, p.lat)};
      }
    }
    const auto folder = fs::path(scenario.folder).filename().string();
    city_.name = folder.empty() ? "city" : folder;
    city_.title = city_.name;
    city_.version = "1";
    city_.valid_from = "2026-01-01";
    city_.south_west = low;
    city_.north_east = high;
    city_.centre = {std::round((low.lon + high.lon) / 2 * 1e7) / 1e7,
                    std::round((low.lat + high.lat) / 2 * 1e7) / 1e7};
    city_.timezone = city_.centre.lon < 20 ? "Europe/Berlin" : "Europe/Bucharest";
    if (options_.overlay.empty()) {
      report_.findings.push_back(
          {"timezone", "network",
           "a network has no time zone; " + city_.timezone + " is assumed by its longitude"});
    }
  }

  void add_controllers(const std::map<std::string, DerivedSignals>& signals) {
    if (!options_.name.empty()) city_.name = options_.name;
    if (!options_.title.empty()) city_.title = options_.title;
    std::map<JunctionId, std::uint32_t> detectors;
    for (const auto& d : city_.network.detectors) ++detectors[d.junction];
    unsigned n = 0;
    for (const auto& [light, derived] : signals) {
      const auto& s = derived.signals;
      char site[32];
      std::snprintf(site, sizeof site, "DSP+%04u", ++n);
      const auto component = [&](const char* kind, std::size_t number) {
        char text[64];
        std::snprintf(text, sizeof text, "%s=001%s%03u", site, kind, static_cast<unsigned>(number));
        return std::string(text);
      };
      RsmpMapping m{s.controller, s.junction, site, component("TC", 0), {}, {}};
      for (std::size_t g = 0; g < s.groups.size(); ++g) {
        m.group_components.push_back(component("SG", g + 1));
      }
      for (std::uint32_t d = 0; d < detectors[s.junction]; ++d) {
        m.detector_components.push_back(component("DL", d + 1));
      }
      city_.rsmp.push_back(std::move(m));
      city_.devices.push_back({s.controller.str(),
                               "controller",
                               "rsmp",
                               "@rsmp",
                               "rsmp_level2",
                               StreetKind::simulated,
                               {{"code1", "rsmp_level1"}}});
      city_.sumo.traffic_light[s.junction] = light;
      city_.sumo.group_indices[s.junction] = derived.group_indices;
      city_.sumo.idle_state[s.junction] = derived.idle_state;
      report_.groups += s.groups.size();
      report_.stages += s.stages.size();
      city_.signals.emplace(s.junction, s);
    }
  }

  void add_bus_feed() {
    const bool there = std::any_of(city_.devices.begin(), city_.devices.end(),
                                   [](const DeviceRow& d) { return d.kind == "avl"; });
    if (!there) {
      city_.devices.push_back(
          {"avl", "avl", "gtfs_realtime", "@avl", "", StreetKind::simulated, {}});
    }
  }

  Result<> write_sources(const sumo::Scenario& scenario) const {
    const auto own = fs::path(options_.overlay) / "SOURCES.md";
    if (!options_.overlay.empty() && fs::exists(own)) {
      auto text = read_text(own, "SOURCES.md");
      if (!text) return text.error();
      return write_text(fs::path(options_.out) / "SOURCES.md", *text);
    }
    return write_text(fs::path(options_.out) / "SOURCES.md",
                      "# Sources\n\nImported from the simulation network `" +
                          fs::path(scenario.net).filename().string() + "` of `" +
                          fs::path(scenario.folder).filename().string() +
                          "`; its own sources and licence apply. Signals, intergreens, detectors "
                          "and everything said in `import_report.toml` are derived from it.\n");
  }

  // What was written must be readable; what the reader sets aside is told too.
  Result<ImportReport> prove() {
    auto city = read_city(options_.out);
    if (!city) return city.error();
    for (const auto& q : city->quarantined) {
      const bool told =
          std::any_of(report_.findings.begin(), report_.findings.end(), [&](const Finding& f) {
            return f.subject == q.subject && (f.kind == "unusable" || f.kind == "no_program");
          });
      if (!told) report_.findings.push_back({"quarantined", q.subject, q.text});
    }
    report_.junctions = city->network.junctions.size();
    report_.signalised = city->signals.size();
    report_.links = city->network.links.size();
    report_.detectors = city->network.detectors.size();
    report_.parking = city->parking.size();
    if (auto r = write_report(); !r) return r.error();
    return std::move(report_);
  }

  Result<> write_report() const {
    const auto count = [](std::size_t v) { return Value(static_cast<std::int64_t>(v)); };
    List rows;
    for (const auto& f : report_.findings) {
      rows.push_back(Table{{"kind", f.kind}, {"subject", f.subject}, {"text", f.text}});
    }
    Table table{{"junctions", count(report_.junctions)}, {"signalised", count(report_.signalised)},
                {"links", count(report_.links)},         {"groups", count(report_.groups)},
                {"stages", count(report_.stages)},       {"detectors", count(report_.detectors)},
                {"parking", count(report_.parking)},     {"stops", count(report_.stops)},
                {"trips", count(report_.trips)}};
    if (!rows.empty()) table.push_back({"finding", std::move(rows)});
    return write_text(
        fs::path(options_.out) / "import_report.toml",
        "# What the importer derived, and what it could not.\n\n" + write_toml(table));
  }

  const ImportOptions& options_;
  City city_;
  ImportReport report_;
};

}  // namespace

Result<ImportReport> import_sumo(const ImportOptions& options) {
  return Import(options).run();
}

}  // namespace dispecer::city
