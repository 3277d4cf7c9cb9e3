#include "tests/bench/lockstep/run.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>
#include <set>

#include "controller/app/deciding.h"
#include "controller/plan/stored_plans.h"
#include "fusion/app/setup.h"
#include "sim/street/street.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/lockstep/field.h"
#include "tests/bench/lockstep/reading.h"
#include "tests/bench/lockstep/rivals.h"
#include "tests/bench/lockstep/sight.h"
#include "tests/bench/lockstep/walkers.h"
#include "tests/bench/lockstep/watch.h"

namespace dispecer::bench {
namespace {

double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

class Run {
 public:
  explicit Run(const RunOptions& options) : options_(options) {}

  Result<RunFigures> all(const std::function<void(double)>& progress) {
    auto city = city::read_city(options_.city);
    if (!city) return city.error();
    city_ = std::move(*city);
    if (auto r = put_rules(options_.rules, city_); !r) return r.error();
    for (auto& [id, signals] : city_.signals) {
      signals.lever = std::min(signals.lever, options_.lever);
      for (auto& plan : stored_plans(signals, signals.lever)) {
        signals.plans.push_back(std::move(plan));
      }
    }
    if (auto r = open(); !r) return r.error();
    const auto wall = std::chrono::steady_clock::now();
    while (street_->sumo_time_s() < end_) {
      if (auto r = second(); !r) return r.error();
      if (progress) progress(street_->sumo_time_s());
    }
    const double took =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    figures_.values["sim_speed_ratio"] = (end_ - begin_) / std::max(took, 1e-3);
    finish();
    if (options_.drain) {
      if (auto r = drain(); !r) return r.error();
    }
    return figures_;
  }

 private:
  Result<> open() {
    const auto loaded = fusion::load(city_, UtcTime{});
    const auto day = bench_day(loaded.setup->timetable, city_);
    if (!day) return day.error();
    day_ = day->start;
    fusion_.emplace(fusion::make_fusion(loaded.setup));
    if (auto r = fusion::keep_days(*fusion_, day->zone, day_); !r) return r;
    controller::ControllerParameters parameters;
    parameters.bus_priority = options_.priority;
    parameters.signals = options_.signals;
    parameters.signals.bench_world = true;
    parameters.priority = options_.priority_parameters;
    deciding_.emplace(controller::make_controller(city_.network, city_.signals, parameters));
    auto field = Field::make(city_);
    if (!field) return field.error();
    field_.emplace(std::move(*field));
    bus_loss_.emplace(city_);
    for (const auto& trip : loaded.setup->timetable.trips) line_of_[trip.id] = trip.line;
    red_.emplace(city_);
    order_.emplace(city_);
    if (options_.sight == Sight::full || rival()) sight_.emplace(city_);
    if (rival()) {
      rival_.emplace(options_.policy == Policy::greedy ? Rival::greedy : Rival::max_pressure,
                     city_);
    }
    kill_detectors();

    sim::StreetOptions street;
    street.seed = options_.seed;
    street.begin_s = options_.begin;
    street.start_date = std::to_string(day->date);
    street.config = options_.config;
    street.truth = true;
    street.extra = {"--time-to-teleport", std::to_string(options_.teleport_s), "--scale",
                    std::to_string(options_.demand)};
    auto opened = sim::Street::open(city_, street);
    if (!opened) return opened.error();
    street_ = std::move(*opened);
    begin_ = street_->sumo_time_s();
    end_ = options_.end.value_or(begin_ + 3600);
    if (end_ <= begin_) return Error{"bad_time", "the end is not after the begin", "--end"};
    return Ok{};
  }

  [[nodiscard]] bool rival() const {
    return options_.policy == Policy::greedy || options_.policy == Policy::max_pressure;
  }

  void kill_detectors() {
    std::vector<DetectorId> loops;
    for (const auto& d : city_.network.detectors) {
      if (d.kind != DetectorKind::push_button) loops.push_back(d.id);
    }
    std::mt19937 random(options_.seed);
    std::shuffle(loops.begin(), loops.end(), random);
    loops.resize(
        static_cast<std::size_t>(options_.detectors_dead * static_cast<double>(loops.size())));
    dead_.insert(loops.begin(), loops.end());
  }

  Result<> second() {
    const UtcTime now = day_ + from_seconds(street_->sumo_time_s() + 1);
    if (options_.policy == Policy::sumo) return street_->step(now);
    const auto shown = field_->tick(now);
    for (const auto& s : shown) street_->show(s.junction, s.aspects, s.stage);
    if (auto r = street_->step(now); !r) return r;
    red_->add(street_->view().vehicles, shown);
    order_->add(shown);
    deliver(now);
    if (options_.rules == Rules::city) {
      if (!walkers_) walkers_.emplace(city_, street_->detectors(), options_.seed);
      walkers_->step(shown);
    }
    if (sight_) sight_->look(*street_);
    if (rival_) {
      for (const auto& d : city_.network.detectors) {
        const auto it = street_->detectors().find(d.id);
        if (it != street_->detectors().end()) field_->read(d, it->second, now);
      }
      read_buttons(now);
      for (const auto& p : rival_->decide(*sight_, now)) give(p, now);
      return Ok{};
    }
    for (const auto& v : street_->view().vehicles) {
      if (v.kind != sim::RoadUser::bus && v.kind != sim::RoadUser::trolleybus) continue;
      bus_loss_->add(v, shown);
      spared_.add(v, now);
      const auto line = line_of_.find(v.trip);
      if (line != line_of_.end()) headways_.add(v, line->second, street_->sumo_time_s());
    }
    // The loop itself also runs under the fixed policy, so that both cost and see the same.
    observe(now);
    const ClockTick tick{now, 1, 0};
    deciding_->on_clock(tick);
    auto picture = fusion::step(*fusion_, tick);
    if (options_.sight == Sight::full) sight_->put(picture);
    send(decide([&] { return deciding_->on_picture(picture); }), now);
    for (const auto& bus : heard_) {
      send(decide([&] { return deciding_->on_bus(bus, now); }), now);
    }
    heard_.clear();
    return Ok{};
  }

  void observe(UtcTime now) {
    std::map<DetectorId, DetectorSample> samples;
    const auto& readings = street_->detectors();
    for (const auto& d : city_.network.detectors) {
      const auto it = readings.find(d.id);
      if (it == readings.end() || dead_.count(d.id) != 0) continue;
      field_->read(d, it->second, now);
      samples.emplace(d.id, sample_of(d.id, it->second));
    }
    for (const auto& [detector, reading] : read_buttons(now)) {
      samples.emplace(detector, sample_of(detector, reading));
    }
    for (const auto& batch : batches_of(city_.network, samples, now)) {
      fusion::apply(*fusion_, batch);
    }
    for (const auto& o : field_->observations()) fusion::apply(*fusion_, o);
    for (const auto& v : street_->view().vehicles) {
      if (!v.trip.empty()) fix(v, now);
    }
    while (!fixes_.empty() && fixes_.begin()->first <= now) {
      if (auto bus = fusion::apply(*fusion_, fixes_.begin()->second)) {
        heard_.push_back(std::move(*bus));
      }
      fixes_.erase(fixes_.begin());
    }
  }

  // A position on its way to the centre.
  void fix(const sim::StreetVehicle& v, UtcTime now) {
    const auto& avl = options_.avl;
    // Where no rider was ever seen the street has none, and an empty bus says nothing.
    riders_ = riders_ || v.passengers > 0;
    const auto own = static_cast<std::int64_t>(std::hash<std::string>{}(v.id) % 60);
    if ((now.us / 1'000'000 + own) % std::max(1, avl.period_s) != 0) return;
    std::uniform_real_distribution<double> dice(0, 1);
    if (avl.missing > 0 && dice(avl_) < avl.missing) return;
    auto p = position_of(v, now);
    if (riders_ && v.places > 0) {
      p.passenger_load = Ratio{static_cast<double>(v.passengers) / v.places};
    }
    const double late = avl.late_s_low + (avl.late_s_high - avl.late_s_low) * dice(avl_);
    fixes_.emplace(now + from_seconds(late), std::move(p));
  }

  template <class Fn>
  controller::Outputs decide(Fn&& fn) {
    const double before = cpu_seconds();
    auto out = fn();
    cpu_ += cpu_seconds() - before;
    return out;
  }

  void send(const controller::Outputs& out, UtcTime now) {
    if (options_.policy == Policy::fixed) return;
    for (const auto& r : out.requests) {
      if (r.state == RequestState::granted) granted_.insert(r.id);
      spared_.add(r);
      if (r.state == RequestState::served && granted_.count(r.id) != 0) ++served_;
    }
    for (const auto& p : out.proposals) {
      give(p, now);
    }
  }

  // Under city rules an order is 0.3 to 2 s on its way, and one in a hundred is lost.
  void give(const Proposal& proposal, UtcTime now) {
    if (options_.rules != Rules::city) {
      tell(proposal, now);
      return;
    }
    std::uniform_real_distribution<double> dice(0, 1);
    if (dice(line_) < 0.01) return;
    under_way_.push_back({now + from_seconds(0.3 + 1.7 * dice(line_)), proposal});
  }
  void deliver(UtcTime now) {
    for (const auto& [at, proposal] : under_way_) {
      if (at <= now) tell(proposal, now);
    }
    std::erase_if(under_way_, [&](const auto& order) { return order.first <= now; });
  }
  void tell(const Proposal& proposal, UtcTime now) {
    const auto report = field_->send(proposal, now, 0);
    if (report.state == OrderState::refused) deciding_->on_order(report);
  }

  // Buttons of the crossings that the rules added; their controllers read them too.
  std::map<DetectorId, sim::DetectorReading> read_buttons(UtcTime now) {
    std::map<DetectorId, sim::DetectorReading> out;
    if (!walkers_) return out;
    for (const auto& b : walkers_->buttons()) {
      sim::DetectorReading reading;
      reading.occupied = b.pressed;
      reading.occupancy = b.pressed ? 1.0 : 0.0;
      reading.count = b.pressed ? 1 : 0;
      field_->read(*b.detector, reading, now);
      out.emplace(b.detector->id, reading);
    }
    return out;
  }

  void finish() {
    const double hours = (end_ - begin_) / 3600;
    const double junctions = static_cast<double>(std::max<std::size_t>(1, city_.signals.size()));
    const auto& counts = field_->counts();
    auto& v = figures_.values;
    const auto lost = delays(*street_, options_.people_in_car, options_.people_in_bus);
    v["vehicles"] = lost.vehicles;
    if (lost.vehicles > 0) v["delay_mean"] = lost.all;
    if (lost.travel > 0) v["travel_time"] = lost.travel;
    if (lost.buses > 0) {
      v["bus_loss"] = lost.bus;
      v["others_delay"] = lost.others;
      v["person_delay"] = lost.person_lost / lost.people;
    }
    v["teleports"] = static_cast<double>(street_->counts().teleported);
    if (options_.policy == Policy::sumo) return;
    v["cpu_us_per_junction"] = cpu_ * 1e6 / (end_ - begin_) / junctions;
    v["orders_approved"] = static_cast<double>(counts.approved);
    double refused = static_cast<double>(counts.device_refused);
    for (const auto& [rule, n] : counts.refused) refused += static_cast<double>(n);
    v["orders_refused"] = refused;
    v["stage_changes"] = order_->changes();
    v["order_changes_per_h"] = order_->out_of_order() / hours / junctions;
    v["skipped_stages_per_h"] = order_->skipped() / hours / junctions;
    v["conflicting_greens"] = static_cast<double>(counts.conflicting_greens);
    const auto reds = red_->reds();
    if (!reds.empty()) {
      v["max_red_p99"] = percentile(reds, 0.99);
      v["longest_red"] = *std::max_element(reds.begin(), reds.end());
    }
    if (walkers_ && !walkers_->waits().empty()) {
      const auto& waits = walkers_->waits();
      double sum = 0;
      for (const double w : waits) sum += w;
      v["walk_wait_mean"] = sum / static_cast<double>(waits.size());
      v["walk_wait_p95"] = percentile(waits, 0.95);
      v["walk_wait_max"] = *std::max_element(waits.begin(), waits.end());
    }
    v["priority_granted"] = static_cast<double>(granted_.size());
    v["priority_served"] = static_cast<double>(served_);
    const auto spared = spared_.grants(city_.network);
    v["priority_changed"] = spared.changed;
    v["priority_effective"] = spared.effective;
    v["priority_saved"] = spared.saved_s;
    if (const auto cv = headways_.cv()) v["headway_cv"] = *cv;
    v["buses"] = static_cast<double>(bus_loss_->buses());
    if (bus_loss_->buses() > 0) {
      v["bus_delay"] = bus_loss_->mean();
      v["bus_at_red"] = bus_loss_->at_red();
      v["bus_in_queue"] = bus_loss_->in_queue();
    }
    figures_.refused = counts.refused;
  }

  // The same demand until it has all arrived: what was unfinished at the end is no gift.
  Result<> drain() {
    std::set<std::string> demanded;
    for (const auto& j : street_->journeys()) demanded.insert(j.vehicle);
    for (const auto& j : street_->under_way()) demanded.insert(j.vehicle);
    const double last = end_ + 7200;
    bool left = true;
    while (left && street_->sumo_time_s() < last) {
      if (auto r = second(); !r) return r.error();
      left = false;
      for (const auto& j : street_->under_way()) {
        if (demanded.count(j.vehicle) != 0) {
          left = true;
        } else {
          street_->remove(j.vehicle);
        }
      }
    }
    double lost = 0;
    double n = 0;
    const auto add = [&](const sim::Journey& j) {
      if (demanded.count(j.vehicle) == 0) return;
      lost += std::max(0.0, j.time_loss_s) + j.depart_delay_s;
      n += 1;
    };
    for (const auto& j : street_->journeys()) add(j);
    for (const auto& j : street_->under_way()) add(j);
    if (n > 0) figures_.values["delay_drained"] = lost / n;
    return Ok{};
  }

  const RunOptions& options_;
  city::City city_;
  UtcTime day_;
  std::optional<fusion::FusionState> fusion_;
  std::optional<controller::Deciding> deciding_;
  std::optional<Field> field_;
  std::optional<BusLoss> bus_loss_;
  std::map<TripId, LineId> line_of_;
  HeadwayWatch headways_;
  std::optional<RedWatch> red_;
  std::optional<OrderWatch> order_;
  std::optional<FullSight> sight_;
  std::optional<RivalControl> rival_;
  std::set<DetectorId> dead_;
  std::optional<Walkers> walkers_;
  std::vector<std::pair<UtcTime, Proposal>> under_way_;  // orders, and when they arrive
  std::mt19937 line_{options_.seed + 7};
  std::multimap<UtcTime, VehiclePosition> fixes_;  // by the moment at which they arrive
  std::mt19937 avl_{options_.seed + 13};
  std::unique_ptr<sim::Street> street_;
  std::vector<BusState> heard_;
  std::set<RequestId> granted_;
  SparedWatch spared_;
  std::uint64_t served_ = 0;
  bool riders_ = false;
  double begin_ = 0;  // s of the simulation
  double end_ = 0;
  double cpu_ = 0;
  RunFigures figures_;
};

}  // namespace

Result<RunFigures> run(const RunOptions& options, const std::function<void(double)>& progress) {
  return Run(options).all(progress);
}

}  // namespace dispecer::bench
