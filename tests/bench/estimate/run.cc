#include "tests/bench/estimate/run.h"

#include <libsumo/libsumo.h>
#include <time.h>

#include <cstdio>
#include <filesystem>

#include "fusion/app/setup.h"
#include "sim/street/street.h"
#include "tests/bench/estimate/loops.h"
#include "tests/bench/estimate/score.h"
#include "tests/bench/lockstep/field.h"
#include "tests/bench/lockstep/reading.h"

namespace dispecer::bench {
namespace {

double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// Positions of links that have a loop which is not broken.
std::vector<std::size_t> watched_links(const city::City& city, const Faults& faults) {
  std::set<LinkId> watched;
  for (const auto& d : city.network.detectors) {
    if (d.kind != DetectorKind::push_button && !faults.broken().contains(d.id)) {
      watched.insert(d.link);
    }
  }
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < city.network.links.size(); ++i) {
    if (watched.contains(city.network.links[i].id)) out.push_back(i);
  }
  return out;
}

// Their lanes, in SUMO's names.
std::set<std::string> watched_lanes(const city::City& city, const Faults& faults) {
  std::set<std::string> out;
  for (const auto& [id, loop] : city.sumo.induction_loop) {
    if (!faults.broken().contains(id)) out.insert(libsumo::InductionLoop::getLaneID(loop));
  }
  return out;
}

class Run {
 public:
  explicit Run(const EstimateOptions& options) : options_(options) {}

  Result<Sums> all(const std::string& folder) {
    auto laid = lay_loops(options_.city, folder, options_.coverage, options_.seed);
    if (!laid) return laid.error();
    city_ = std::move(laid->city);
    if (auto r = open(); !r) return r.error();
    Faults faults(city_.network, options_.broken, options_.seconds, options_.seed);
    Truth truth(city_, fusion_->setup->traffic.flow_tau_s);
    Score score(city_, faults);
    Incident incident(city_, watched_links(city_, faults), watched_lanes(city_, faults),
                      options_.seed);
    CityPicture picture;
    double second = 0;
    while (second < options_.seconds) {
      second += 1;
      const UtcTime now = day_ + from_seconds(street_->sumo_time_s() + 1);
      for (const auto& s : field_->tick(now)) street_->show(s.junction, s.aspects, s.stage);
      if (auto r = street_->step(now); !r) return r.error();
      truth.see(street_->view());
      incident.tick(street_->view(), truth, second,
                    options_.incident && second >= options_.seconds / 2);
      const auto really = readings();
      const auto sent = faults.pass(really, second);
      const double before = cpu_seconds();
      observe(sent, now);
      picture = fusion::step(*fusion_, ClockTick{now, 1, 0});
      cpu_ += cpu_seconds() - before;
      score.see(picture, truth, sent, really, second);
      score.see_incidents(raised(), incident, second);
    }
    score.finish(picture, truth, incident, second);
    if (options_.verbose) tell(score, incident, picture, truth);
    auto sums = score.sums();
    sums["cpu_s"] = cpu_;
    sums["seconds"] = second;
    street_.reset();
    return sums;
  }

 private:
  Result<> open() {
    const auto loaded = fusion::load(city_, UtcTime{});
    // The loops of this run stand in the city as laid, not in its files.
    auto setup = std::make_shared<fusion::Setup>(*loaded.setup);
    setup->network = city_.network;
    const auto day = bench_day(setup->timetable, city_);
    if (!day) return day.error();
    day_ = day->start;
    fusion_.emplace(fusion::make_fusion(setup));
    if (auto r = fusion::keep_days(*fusion_, day->zone, day_); !r) return r;
    auto field = Field::make(city_);
    if (!field) return field.error();
    field_.emplace(std::move(*field));
    sim::StreetOptions street;
    street.seed = options_.seed;
    street.begin_s = options_.begin;
    street.start_date = std::to_string(day->date);
    auto opened = sim::Street::open(city_, street);
    if (!opened) return opened.error();
    street_ = std::move(*opened);
    return Ok{};
  }

  [[nodiscard]] std::map<DetectorId, DetectorSample> readings() const {
    std::map<DetectorId, DetectorSample> out;
    for (const auto& [id, reading] : street_->detectors()) {
      out.emplace(id, sample_of(id, reading));
    }
    return out;
  }

  void observe(const std::map<DetectorId, DetectorSample>& sent, UtcTime now) {
    for (const auto& batch : batches_of(city_.network, sent, now)) fusion::apply(*fusion_, batch);
    for (const auto& o : field_->observations()) fusion::apply(*fusion_, o);
    for (const auto& v : street_->view().vehicles) {
      if (v.trip.empty()) continue;
      fusion::apply(*fusion_, position_of(v, now));
    }
  }

  // Links with an incident alarm that is up.
  [[nodiscard]] std::set<LinkId> raised() const {
    std::set<LinkId> out;
    for (const auto& [id, entry] : fusion_->alarms.entries) {
      if (entry.kind == "incident" && entry.active) out.insert(LinkId(entry.subject));
    }
    return out;
  }

  void tell(const Score& score, const Incident& incident, const CityPicture& picture,
            const Truth& truth) const {
    for (const auto& line : score.story()) std::fprintf(stderr, "%s\n", line.c_str());
    if (incident.began()) {
      std::fprintf(stderr, "incident on %s at %.0f\n", incident.link().str().c_str(),
                   *incident.began());
    }
    for (const auto& [id, entry] : fusion_->alarms.entries) {
      if (entry.kind == "incident") {
        std::fprintf(stderr, "alarm %s: %s\n", entry.subject.c_str(), entry.text.c_str());
      }
    }
    for (std::size_t i = 0; i < picture.links.size(); ++i) {
      const auto& e = picture.links[i].flow_hour;
      std::fprintf(stderr, "flow %s real %.0f estimate %.0f sd %.0f sources %u geh %.1f\n",
                   picture.links[i].link.str().c_str(), truth.flow_hour(i), e ? e->value : -1,
                   e ? e->sd : -1, e ? e->sources : 0, geh(e ? e->value : 0, truth.flow_hour(i)));
    }
  }

  const EstimateOptions& options_;
  city::City city_;
  UtcTime day_;
  std::optional<fusion::FusionState> fusion_;
  std::optional<Field> field_;
  std::unique_ptr<sim::Street> street_;
  double cpu_ = 0;
};

}  // namespace

Result<Sums> run_estimate(const EstimateOptions& options) {
  if (options.seconds <= 0) return Error{"bad_time", "expected a run of some length", "--seconds"};
  const auto folder = options.city + "_seed" + std::to_string(options.seed);
  auto result = Run(options).all(folder);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return result;
}

}  // namespace dispecer::bench
