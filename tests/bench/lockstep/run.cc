#include "tests/bench/lockstep/run.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <pugixml.hpp>
#include <set>

#include "adapters/gtfs/service_day.h"
#include "controller/app/deciding.h"
#include "fusion/app/setup.h"
#include "sim/street/street.h"
#include "tests/bench/lockstep/field.h"

namespace dispecer::bench {
namespace {

double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// A day on which the timetable's first service runs; a Monday where there is none.
std::uint32_t service_date(const Timetable& timetable) {
  for (const auto& s : timetable.services) {
    if (!s.days.empty()) return s.days[s.days.size() / 2];
  }
  return 20260302;
}

// What buses lose on links that end at a signal: seconds below the speed limit, stops left out.
class BusLoss {
 public:
  explicit BusLoss(const Network& network) {
    std::set<LinkId> signalised;
    for (const auto& m : network.movements) {
      if (!m.group.empty()) signalised.insert(m.from);
    }
    for (const auto& l : network.links) {
      if (signalised.count(l.id) != 0) limit_[l.id] = l.speed_limit.value;
    }
  }
  void add(const sim::StreetVehicle& bus) {
    buses_.insert(bus.id);
    const auto limit = limit_.find(bus.link);
    if (limit == limit_.end() || bus.at_stop) return;
    lost_ += std::clamp(1 - bus.speed_mps / limit->second, 0.0, 1.0);
  }
  [[nodiscard]] std::size_t buses() const { return buses_.size(); }
  [[nodiscard]] double mean() const { return lost_ / static_cast<double>(buses_.size()); }

 private:
  std::map<LinkId, double> limit_;  // m/s, of links that end at a signal
  std::set<std::string> buses_;
  double lost_ = 0;
};

// Longest time that a group stood at red while a vehicle waited for it, by SUMO's own vehicles.
class RedWatch {
 public:
  explicit RedWatch(const city::City& city) {
    for (const auto& m : city.network.movements) {
      const auto signals = city.signals.find(m.junction);
      if (m.group.empty() || signals == city.signals.end()) continue;
      const auto& groups = signals->second.groups;
      for (std::uint32_t g = 0; g < groups.size(); ++g) {
        if (groups[g].id == m.group) links_[m.from].insert({m.junction, g});
      }
    }
  }
  void add(const std::vector<sim::StreetVehicle>& vehicles, const std::vector<Field::Shown>& shown,
           const Network& network) {
    if (length_.empty()) {
      for (const auto& l : network.links) length_[l.id] = l.length.value;
    }
    std::set<LinkId> waits;
    for (const auto& v : vehicles) {
      if (v.link.empty() || v.speed_mps > 0.5 || v.at_stop) continue;
      if (length_[v.link] - v.along_m < 10) waits.insert(v.link);
    }
    std::map<JunctionId, const Field::Shown*> lamps;
    for (const auto& s : shown) lamps[s.junction] = &s;
    for (const auto& [link, groups] : links_) {
      bool red = true;
      for (const auto& [junction, g] : groups) red = red && !is_green(lamps[junction]->aspects[g]);
      auto& since = red_[link];
      since = red && (since > 0 || waits.count(link) != 0) ? since + 1 : 0;
      longest_ = std::max(longest_, since);
    }
  }
  [[nodiscard]] double longest() const { return longest_; }

 private:
  std::map<LinkId, std::set<std::pair<JunctionId, std::uint32_t>>> links_;
  std::map<LinkId, double> length_;
  std::map<LinkId, double> red_;
  double longest_ = 0;
};

// Mean of time lost and of waiting before departure over all demanded vehicles; those that did not
// finish, or not even depart, count up to the end of the run.
Result<> read_delays(const std::string& tripinfo, RunFigures& figures) {
  pugi::xml_document doc;
  const auto parsed = doc.load_file(tripinfo.c_str());
  if (!parsed) return Error{"tripinfo", parsed.description(), tripinfo};
  double sum = 0;
  std::size_t n = 0;
  for (const auto trip : doc.document_element().children("tripinfo")) {
    const double loss = std::max(0.0, trip.attribute("timeLoss").as_double());
    const double wait = trip.attribute("departDelay").as_double();
    if (trip.attribute("depart").as_double() < 0 && wait <= 0) continue;  // not yet demanded
    sum += loss + std::max(0.0, wait);
    ++n;
  }
  figures.values["vehicles"] = static_cast<double>(n);
  if (n > 0) figures.values["delay_mean"] = sum / static_cast<double>(n);
  return Ok{};
}

class Run {
 public:
  explicit Run(const RunOptions& options) : options_(options) {}

  Result<RunFigures> all(const std::function<void(double)>& progress) {
    auto city = city::read_city(options_.city);
    if (!city) return city.error();
    city_ = std::move(*city);
    if (auto r = open(); !r) return r.error();
    const auto wall = std::chrono::steady_clock::now();
    while (street_->sumo_time_s() < end_) {
      if (auto r = second(); !r) return r.error();
      if (progress) progress(street_->sumo_time_s());
    }
    const double took =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    figures_.values["sim_speed_ratio"] = (end_ - begin_) / std::max(took, 1e-3);
    auto r = finish();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    if (!r) return r.error();
    return figures_;
  }

 private:
  Result<> open() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lockstep_run_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return Error{"no_folder", "mkdtemp failed", pattern};
    folder_ = pattern;
    const auto loaded = fusion::load(city_, UtcTime{});
    const auto& timetable = loaded.setup->timetable;
    const auto date = service_date(timetable);
    const auto zone = city_.timezone.empty() ? std::string("UTC") : city_.timezone;
    const auto noon = parse_iso(std::to_string(date / 10000) + "-" + two(date / 100 % 100) + "-" +
                                two(date % 100) + "T12:00:00Z");
    if (!noon) return noon.error();
    const auto days =
        gtfs::local_day_starts(zone, *noon - from_seconds(86400), *noon + from_seconds(86400));
    if (!days) return days.error();
    std::map<std::uint32_t, UtcTime> starts;
    for (const auto& d : *days) starts[d.date] = d.start;
    if (starts.count(date) == 0) return Error{"bad_date", "no such service day", zone};
    day_ = starts[date];

    fusion_.emplace(fusion::make_fusion(loaded.setup));
    if (auto r = fusion::keep_days(*fusion_, zone, day_); !r) return r;
    controller::ControllerParameters parameters;
    parameters.bus_priority = options_.priority;
    parameters.signals.bench_world = true;
    deciding_.emplace(controller::make_controller(city_.network, city_.signals, parameters));
    auto field = Field::make(city_);
    if (!field) return field.error();
    field_.emplace(std::move(*field));
    bus_loss_.emplace(city_.network);
    red_.emplace(city_);

    sim::StreetOptions street;
    street.seed = options_.seed;
    street.begin_s = options_.begin;
    street.start_date = std::to_string(date);
    street.extra = {"--tripinfo-output",
                    folder_ + "/tripinfo.xml",
                    "--tripinfo-output.write-unfinished",
                    "true",
                    "--tripinfo-output.write-undeparted",
                    "true"};
    auto opened = sim::Street::open(city_, street);
    if (!opened) return opened.error();
    street_ = std::move(*opened);
    begin_ = street_->sumo_time_s();
    end_ = options_.end.value_or(begin_ + 3600);
    if (end_ <= begin_) return Error{"bad_time", "the end is not after the begin", "--end"};
    return Ok{};
  }

  static std::string two(std::uint32_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

  Result<> second() {
    const UtcTime now = day_ + from_seconds(street_->sumo_time_s() + 1);
    const auto shown = field_->tick(now);
    for (const auto& s : shown) street_->show(s.junction, s.aspects, s.stage);
    if (auto r = street_->step(now); !r) return r;
    red_->add(street_->view().vehicles, shown, city_.network);
    for (const auto& v : street_->view().vehicles) {
      if (v.kind == sim::RoadUser::bus || v.kind == sim::RoadUser::trolleybus) bus_loss_->add(v);
    }
    // The loop itself also runs under the fixed policy, so that both cost and see the same.
    observe(now);
    const ClockTick tick{now, 1, 0};
    deciding_->on_clock(tick);
    const auto picture = fusion::step(*fusion_, tick);
    send(decide([&] { return deciding_->on_picture(picture); }), now);
    for (const auto& bus : heard_) {
      send(decide([&] { return deciding_->on_bus(bus, now); }), now);
    }
    heard_.clear();
    return Ok{};
  }

  void observe(UtcTime now) {
    std::map<JunctionId, DetectorBatch> batches;
    const auto& readings = street_->detectors();
    for (const auto& d : city_.network.detectors) {
      const auto it = readings.find(d.id);
      if (it == readings.end()) continue;
      auto& batch = batches[d.junction];
      batch.junction = d.junction;
      batch.from = now - from_seconds(1);
      batch.to = now;
      DetectorSample sample;
      sample.detector = d.id;
      sample.count = it->second.count;
      sample.occupancy = {it->second.occupancy};
      sample.occupied = it->second.occupied;
      if (it->second.speed_mps) sample.speed = MetresPerSecond{*it->second.speed_mps};
      batch.samples.push_back(std::move(sample));
    }
    for (const auto& [id, batch] : batches) fusion::apply(*fusion_, batch);
    for (const auto& o : field_->observations()) fusion::apply(*fusion_, o);
    for (const auto& v : street_->view().vehicles) {
      if (v.trip.empty()) continue;
      VehiclePosition p;
      p.vehicle = VehicleId(v.id);
      p.t = now;
      p.position = v.position;
      p.bearing = Bearing{v.bearing_deg};
      p.speed = MetresPerSecond{v.speed_mps};
      p.trip = v.trip;
      p.line = v.line;
      p.start_date = v.start_date;
      p.stop_sequence = v.stop_sequence;
      p.stop_status = v.at_stop ? StopStatus::stopped : StopStatus::in_transit;
      // Where no rider was ever seen the street has none, and an empty bus says nothing.
      riders_ = riders_ || v.passengers > 0;
      if (riders_ && v.places > 0) {
        p.passenger_load = Ratio{static_cast<double>(v.passengers) / v.places};
      }
      if (auto bus = fusion::apply(*fusion_, p)) heard_.push_back(std::move(*bus));
    }
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
      if (r.state == RequestState::served && granted_.count(r.id) != 0) ++served_;
    }
    for (const auto& p : out.proposals) {
      const auto report = field_->send(p, now, 0);
      if (report.state == OrderState::refused) deciding_->on_order(report);
    }
  }

  Result<> finish() {
    const double seconds = end_ - begin_;
    const double junctions = static_cast<double>(std::max<std::size_t>(1, city_.signals.size()));
    const auto& counts = field_->counts();
    auto& v = figures_.values;
    v["cpu_us_per_junction"] = cpu_ * 1e6 / seconds / junctions;
    v["teleports"] = static_cast<double>(street_->counts().teleported);
    v["orders_approved"] = static_cast<double>(counts.approved);
    double refused = static_cast<double>(counts.device_refused);
    for (const auto& [rule, n] : counts.refused) refused += static_cast<double>(n);
    v["orders_refused"] = refused;
    v["stage_changes"] = static_cast<double>(counts.stage_changes);
    v["conflicting_greens"] = static_cast<double>(counts.conflicting_greens);
    v["longest_red"] = red_->longest();
    v["priority_granted"] = static_cast<double>(granted_.size());
    v["priority_served"] = static_cast<double>(served_);
    v["buses"] = static_cast<double>(bus_loss_->buses());
    if (bus_loss_->buses() > 0) v["bus_delay"] = bus_loss_->mean();
    figures_.refused = counts.refused;
    street_.reset();  // SUMO writes what it knows of each trip as it closes
    return read_delays(folder_ + "/tripinfo.xml", figures_);
  }

  const RunOptions& options_;
  city::City city_;
  UtcTime day_;
  std::string folder_;
  std::optional<fusion::FusionState> fusion_;
  std::optional<controller::Deciding> deciding_;
  std::optional<Field> field_;
  std::optional<BusLoss> bus_loss_;
  std::optional<RedWatch> red_;
  std::unique_ptr<sim::Street> street_;
  std::vector<BusState> heard_;
  std::set<RequestId> granted_;
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
