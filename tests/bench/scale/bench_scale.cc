// bench_scale: what one second costs on one core as the town grows: detector readings and lamps
// into fusion, one picture, one decision for each junction, the guard, and the bytes of what is
// sent. The virtual controllers that answer are not in the time.
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <random>

#include "adapters/bus/codec.h"
#include "controller/app/core.h"
#include "fusion/app/setup.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/handover/road.h"
#include "tests/bench/lockstep/field.h"
#include "tests/bench/scale/grid.h"

namespace {

using namespace dispecer;

constexpr UtcTime kStart{1'772'434'800LL * 1'000'000};

double cpu_ms() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

double rss_mib() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

struct Parts {
  std::vector<double> fusion, decision, guard, encoding, tick;
};

class Town {
 public:
  explicit Town(std::size_t junctions) : city_(bench::make_grid(junctions)), road_(city_, 1, 250) {}

  Result<> open(double shadow_share) {
    auto field = bench::Field::make(city_);
    if (!field) return field.error();
    field_.emplace(std::move(*field));
    fusion_.emplace(fusion::make_fusion(fusion::load(city_, kStart).setup));
    controller_.emplace(controller::make_controller(city_.network, city_.signals, {}));
    if (shadow_share > 0) controller::add_shadow(*controller_, {}, shadow_share);
    return Ok{};
  }

  void second(int s, Parts* parts) {
    const UtcTime now = kStart + from_seconds(s);
    const auto shown = field_->tick(now);
    road_.step(shown);
    road_.stamp(now);
    const auto lamps = field_->observations();
    const double begin = cpu_ms();
    for (const auto& [id, batch] : road_.batches()) fusion::apply(*fusion_, batch);
    for (const auto& o : lamps) fusion::apply(*fusion_, o);
    auto picture = std::make_shared<const CityPicture>(fusion::step(*fusion_, {now, 1, 0}));
    const double pictured = cpu_ms();
    controller::apply(*controller_, picture);
    const auto out = controller::step(*controller_, now, 0);
    const double decided = cpu_ms();
    bytes_.clear();
    for (const auto& p : out.proposals) bus::encode_to(bytes_, p);
    for (const auto& d : out.decisions) bus::encode_to(bytes_, d);
    bus::encode_to(bytes_, *picture);
    const double encoded = cpu_ms();
    const double guarded = field_->judge(out.proposals, now);
    for (const auto& p : out.proposals) (void)field_->send(p, now, 0);
    if (parts == nullptr) return;
    parts->fusion.push_back(pictured - begin);
    parts->decision.push_back(decided - pictured);
    parts->encoding.push_back(encoded - decided);
    parts->guard.push_back(guarded);
    parts->tick.push_back(encoded - begin + guarded);
  }

  // So many past days of made-up values for every place of the outlook, and an hour of today: what
  // a town that has run for weeks holds in memory. Returns the longest piece of that hour.
  double remember(int days) {
    double longest = 0;
    std::mt19937_64 rng(1);
    for (auto& part : fusion_->outlook.parts) {
      if (!part.forecast) continue;
      auto& forecast = *part.forecast;
      const auto today = forecast::local_time(forecast.calendar, kStart).day;
      for (int d = days; d > 0; --d) {
        forecast::begin_day(forecast, today - d);
        forecast.today.known.setOnes();
        for (auto& v : forecast.today.value.reshaped()) v = static_cast<float>(200 + rng() % 300);
      }
      std::vector<std::optional<double>> values(part.ids.size());
      for (int step = 0; step <= 12; ++step) {
        for (auto& v : values) v = static_cast<double>(200 + rng() % 300);
        const double begin = cpu_ms();
        forecast::observe(forecast, kStart - from_seconds(300.0 * (13 - step)), values);
        if (step > 1) longest = std::max(longest, cpu_ms() - begin);
      }
    }
    return longest;
  }

  [[nodiscard]] std::size_t junctions() const { return city_.signals.size(); }

 private:
  city::City city_;
  bench::PointRoad road_;
  std::optional<bench::Field> field_;
  std::optional<fusion::FusionState> fusion_;
  std::optional<controller::ControllerState> controller_;
  std::string bytes_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Cost of one second for a whole town on one core");
  std::size_t most = 5000;
  int seconds = 40;
  int warm_up = 40;
  std::string json;
  app.add_option("--junctions", most, "Of the largest town")->check(CLI::Range(9, 20000));
  app.add_option("--seconds", seconds, "That are measured")->check(CLI::Range(5, 3600));
  app.add_option("--warm-up", warm_up, "Seconds before them")->check(CLI::Range(10, 3600));
  int days = 0;
  app.add_option("--days", days, "Past days that the outlook remembers")->check(CLI::Range(0, 28));
  double shadow = 0;
  app.add_option("--shadow", shadow, "Share of the junctions at which a candidate runs beside")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--json", json, "Writes the figures to this file as well");
  CLI11_PARSE(app, argc, argv);
  bench::Figures figures;
  std::vector<std::size_t> sizes;
  for (const std::size_t n : {std::size_t{500}, std::size_t{1000}, std::size_t{2000}}) {
    if (n < most) sizes.push_back(n);
  }
  sizes.push_back(most);
  for (const auto n : sizes) {
    Town town(n);
    if (const auto r = town.open(shadow); !r) {
      std::fprintf(stderr, "bench_scale: %s\n", r.error().message().c_str());
      return 1;
    }
    Parts parts;
    const double learns = days > 0 ? town.remember(days) : 0;
    for (int s = 0; s < warm_up; ++s) town.second(s, nullptr);
    for (int s = warm_up; s < warm_up + seconds; ++s) town.second(s, &parts);
    const auto suffix = "_j" + std::to_string(n);
    figures.add("tick_p50_ms" + suffix, bench::percentile(parts.tick, 0.5), "ms");
    figures.add("tick_p99_ms" + suffix, bench::percentile(parts.tick, 0.99), "ms");
    figures.add("fusion_p50_ms" + suffix, bench::percentile(parts.fusion, 0.5), "ms");
    figures.add("decision_p50_ms" + suffix, bench::percentile(parts.decision, 0.5), "ms");
    figures.add("guard_p50_ms" + suffix, bench::percentile(parts.guard, 0.5), "ms");
    figures.add("encoding_p50_ms" + suffix, bench::percentile(parts.encoding, 0.5), "ms");
    if (days > 0) figures.add("outlook_step_ms" + suffix, learns, "ms");
    figures.add("rss_mib" + suffix, rss_mib(), "mib");
  }
  if (!figures.print(json)) {
    std::fprintf(stderr, "bench_scale: cannot write %s\n", json.c_str());
    return 1;
  }
  return 0;
}
