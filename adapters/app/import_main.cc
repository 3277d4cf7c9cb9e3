// dispecer-import: makes a city folder of a SUMO scenario and, where there is one, an overlay of
// hand-written files. Exit: 0 done, 1 could not import (the reason on stderr), 2 wrong options.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "adapters/city/importer/importer.h"

int main(int argc, char** argv) {
  dispecer::city::ImportOptions options;
  bool quiet = false;
  CLI::App app("Makes a city folder of a SUMO network, its signal programs, stops and parking.",
               "dispecer-import");
  app.add_option("--scenario", options.scenario, "folder, .sumocfg, .net.xml or .net.xml.gz")
      ->required();
  app.add_option("--out", options.out, "city folder to write")->required();
  app.add_option("--overlay", options.overlay, "folder with hand-written files of the city");
  app.add_option("--name", options.name, "short name of the city");
  app.add_option("--title", options.title, "name of the city as shown");
  app.add_flag("--quiet", quiet, "no progress and no findings on stderr");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  const auto start = std::chrono::steady_clock::now();
  if (!quiet) {
    options.progress = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  }
  auto report = dispecer::city::import_sumo(options);
  if (!report) {
    std::fprintf(stderr, "dispecer-import: %s\n", report.error().message().c_str());
    return 1;
  }
  if (!quiet) {
    for (const auto& f : report->findings) {
      std::fprintf(stderr, "%s: %s: %s\n", f.kind.c_str(), f.subject.c_str(), f.text.c_str());
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf(
      "%s: %zu junctions, %zu signalised, %zu links, %zu groups, %zu stages, %zu detectors, %zu "
      "parking areas, %zu stops, %zu trips; %zu findings in import_report.toml; %.1f s\n",
      options.out.c_str(), report->junctions, report->signalised, report->links, report->groups,
      report->stages, report->detectors, report->parking, report->stops, report->trips,
      report->findings.size(), took.count());
  return 0;
}
