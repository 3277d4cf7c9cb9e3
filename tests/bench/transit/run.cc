#include "tests/bench/transit/run.h"

#include <functional>
#include <set>

#include "fusion/app/setup.h"
#include "sim/street/street.h"
#include "tests/bench/apart/apart.h"
#include "tests/bench/lockstep/field.h"
#include "tests/bench/lockstep/figures.h"
#include "tests/bench/lockstep/reading.h"

namespace dispecer::bench {
namespace {

std::map<MovementId, priority::Place> places_of(const city::City& city) {
  std::map<MovementId, priority::Place> out;
  for (const auto& m : city.network.movements) {
    const auto signals = city.signals.find(m.junction);
    if (m.group.empty() || signals == city.signals.end()) continue;
    const auto& groups = signals->second.groups;
    for (std::uint32_t g = 0; g < groups.size(); ++g) {
      if (groups[g].id == m.group) out[m.id] = {m.junction, m.group, g};
    }
  }
  return out;
}

struct Core {
  fusion::FusionState fusion;
  Tally tally;
  int period;
};

class Run {
 public:
  explicit Run(const TransitRun& options) : options_(options) {}

  Result<Sums> all() {
    auto city = city::read_city(options_.city);
    if (!city) return city.error();
    city_ = std::move(*city);
    if (auto r = open(); !r) return r.error();
    const double begin = street_->sumo_time_s();
    while (street_->sumo_time_s() < begin + 3600 * options_.hours) {
      if (auto r = second(); !r) return r.error();
    }
    if (buses_.empty()) return Error{"no_buses", "no bus drove in that time", options_.city};
    Sums all;
    for (const auto& core : cores_) {
      for (const auto& [name, value] : core.tally.sums(*truth_)) all[name] += value;
    }
    const auto planted = errors_->counts();
    const auto of = [&](Planted kind) {
      const auto it = planted.find(kind);
      return it == planted.end() ? 0.0 : static_cast<double>(it->second);
    };
    all["buses.sum"] = static_cast<double>(buses_.size());
    all["planted_wrong_trip.sum"] = of(Planted::wrong_trip);
    all["planted_no_trip.sum"] = of(Planted::no_trip);
    all["planted_frozen.sum"] = of(Planted::frozen);
    all["planted_ghosts.sum"] = static_cast<double>(ghosts_.size());
    all["told_wrong_trip.sum"] = wrong_;
    all["told_wrong_trip.n"] = on_trips_;
    all["passings.sum"] = passings_;
    all["teleports.sum"] = static_cast<double>(street_->counts().teleported);
    return all;
  }

 private:
  Result<> open() {
    const auto loaded = fusion::load(city_, UtcTime{});
    const auto& timetable = loaded.setup->timetable;
    if (timetable.trips.empty()) {
      return Error{"no_buses", "the timetable of the city has no trip", options_.city};
    }
    const auto bench = bench_day(timetable, city_);
    if (!bench) return bench.error();
    day_ = bench->start;
    auto first = fusion::make_fusion(loaded.setup);
    if (auto r = fusion::keep_days(first, bench->zone, day_); !r) return r;
    for (const int period : options_.periods) {
      cores_.push_back(
          {first, Tally(timetable, places_of(city_), period, day_, options_.trace), period});
    }
    errors_.emplace(timetable, options_.errors, options_.seed);
    truth_.emplace(city_.network);
    auto field = Field::make(city_);
    if (!field) return field.error();
    field_.emplace(std::move(*field));
    sim::StreetOptions street;
    street.seed = options_.seed;
    street.begin_s = options_.begin;
    street.start_date = std::to_string(bench->date);
    auto opened = sim::Street::open(city_, street);
    if (!opened) return opened.error();
    street_ = std::move(*opened);
    setup_ = loaded.setup;
    return Ok{};
  }

  Result<> second() {
    const double s = street_->sumo_time_s() + 1;
    const UtcTime now = day_ + from_seconds(s);
    for (const auto& shown : field_->tick(now)) {
      street_->show(shown.junction, shown.aspects, shown.stage);
    }
    if (auto r = street_->step(now); !r) return r;
    truth_->add(street_->view().vehicles, now);
    const auto told = errors_->spoil(clean(now), now, s);
    for (const auto& p : told) {
      const auto planted = errors_->planted(p.vehicle);
      if (planted == Planted::ghost) ghosts_.insert(p.vehicle);
      if (planted == Planted::no_trip) continue;
      wrong_ += planted == Planted::wrong_trip || planted == Planted::ghost ? 1 : 0;
      ++on_trips_;
    }
    passings_ += static_cast<double>(truth_->passings().size());
    const auto batches = detectors(now);
    const auto lamps = field_->observations();
    for (auto& core : cores_) {
      for (const auto& batch : batches) fusion::apply(core.fusion, batch);
      for (const auto& o : lamps) fusion::apply(core.fusion, o);
      fusion::step(core.fusion, {now, 1, 0});
      std::vector<BusState> news;
      for (const auto& p : told) {
        // Each vehicle has its own moment within the period.
        const auto phase =
            std::hash<std::string>{}(p.vehicle.str()) % static_cast<std::size_t>(core.period);
        if ((static_cast<std::size_t>(s) + phase) % static_cast<std::size_t>(core.period) != 0) {
          continue;
        }
        if (auto bus = fusion::apply(core.fusion, p)) news.push_back(std::move(*bus));
      }
      CityPicture buses;
      transit::picture(core.fusion.transit, buses);
      core.tally.look(buses, *errors_, *truth_, now);
      for (const auto& bus : news) core.tally.heard(bus, *errors_, now);
    }
    return Ok{};
  }

  std::vector<VehiclePosition> clean(UtcTime now) {
    std::vector<VehiclePosition> out;
    for (const auto& v : street_->view().vehicles) {
      if (v.trip.empty()) continue;
      buses_.insert(v.id);
      out.push_back(position_of(v, now));
    }
    return out;
  }

  std::vector<DetectorBatch> detectors(UtcTime now) const {
    std::map<DetectorId, DetectorSample> samples;
    for (const auto& [id, reading] : street_->detectors()) {
      samples.emplace(id, sample_of(id, reading));
    }
    return batches_of(city_.network, samples, now);
  }

  const TransitRun& options_;
  city::City city_;
  std::shared_ptr<const fusion::Setup> setup_;
  UtcTime day_;
  std::vector<Core> cores_;
  std::optional<FeedErrors> errors_;
  std::optional<Truth> truth_;
  std::optional<Field> field_;
  std::unique_ptr<sim::Street> street_;
  std::set<std::string> buses_;
  std::set<VehicleId> ghosts_;
  double wrong_ = 0;  // vehicle seconds
  double on_trips_ = 0;
  double passings_ = 0;
};

}  // namespace

Result<Sums> run_transit(const TransitRun& options) {
  return Run(options).all();
}

Result<Sums> run_transit_apart(const TransitRun& options) {
  const auto texts = run_apart(1, 1, [&](std::size_t) {
    const auto sums = run_transit(options);
    return sums ? pack({*sums, {}}) : "error " + sums.error().message() + "\n";
  });
  auto figures = unpack(texts.front());
  if (!figures) return figures.error();
  return std::move(figures->values);
}

}  // namespace dispecer::bench
