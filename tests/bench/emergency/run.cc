#include "tests/bench/emergency/run.h"

#include <libsumo/libsumo.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

#include "tests/bench/apart/apart.h"
#include "tests/bench/emergency/recovery.h"
#include "tests/bench/emergency/same_time.h"
#include "tests/bench/lockstep/watch.h"
#include "tests/bench/loop/loop.h"

namespace dispecer::bench {
namespace {

constexpr const char* kType = "bench_emergency";
constexpr double kStands = 0.5;    // m/s
constexpr double kMoves = 3;       // m/s, before it can stop again
constexpr double kLongest = 1200;  // s after the last departure
constexpr double kDelayAt = 600;   // s after it, when delays are compared in every kind of run

const Actor& dispatch() {
  static const Actor actor{PersonId("dispatch/bench"), Role::automaton, WorkplaceId("dispatch")};
  return actor;
}

class Run {
 public:
  explicit Run(const EmergencyRun& options) : options_(options) {}

  Result<EmergencyResult> all() {
    LoopOptions loop;
    loop.city = options_.city;
    loop.seed = options_.seed;
    loop.begin = options_.begin_s;
    loop.centre = options_.mode != EmergencyMode::fixed;
    loop.rules = options_.rules;
    loop.parameters.emergency.desks.push_back({dispatch().person, {EmergencyKind::ambulance}, {}});
    auto opened = Loop::open(loop);
    if (!opened) return opened.error();
    loop_ = std::move(*opened);
    const double begin = loop_->time_s();
    const auto junctions = static_cast<unsigned>(loop_->city().signals.size());
    const unsigned singles = options_.singles.value_or(std::clamp((junctions + 5) / 6, 2U, 8U));
    const unsigned pairs = options_.pairs.value_or(std::clamp(junctions / 15, 1U, 3U));
    errands_ = plan_errands(
        loop_->city(), options_.seed,
        {begin + options_.warm_s, begin + options_.warm_s + options_.errands_s, singles, pairs});
    if (errands_.empty()) return Error{"no_errands", "no way with a signal was found", "errands"};
    plane_.emplace(loop_->city().centre);
    same_time_.emplace(loop_->city());
    recovery_.emplace(loop_->city());
    try {
      make_type();
      const double last = errands_.back().depart_s;
      while (loop_->time_s() < last + kDelayAt ||
             (!under_way_.empty() && loop_->time_s() < last + kLongest)) {
        if (auto r = loop_->second([&](UtcTime now) { moved(now); }); !r) return r.error();
        after();
        if (loop_->time_s() == std::ceil(last + kDelayAt)) {
          out_.others_delay = delays(loop_->street(), 1, 1).all;
        }
      }
    } catch (const std::exception& e) {
      return Error{"sumo", e.what(), "errands"};
    }
    for (const auto& hold : holds_) {
      if (const auto c = recovery_->cycles(hold.junction, hold.from, hold.to)) {
        out_.recovery.push_back(*c);
      }
    }
    out_.conflicts = same_time_->conflicts();
    const auto& refused = loop_->field().counts().refused;
    if (const auto it = refused.find("max_red"); it != refused.end()) {
      out_.refused_max_red = it->second;
    }
    const auto& counters = loop_->deciding().state().emergency.counters;
    if (const auto it = counters.find("emergency.replanned"); it != counters.end()) {
      out_.replans = it->second;
    }
    return out_;
  }

 private:
  struct Moving {
    double depart_s = 0;
    bool stands = true;  // it sets out standing; that is no stop
    bool seen = false;
    double stops = 0;
  };
  struct Hold {
    JunctionId junction;
    std::size_t from = 0;  // seconds of recovery_
    std::size_t to = 0;
  };

  void make_type() {
    libsumo::VehicleType::copy("DEFAULT_VEHTYPE", kType);
    libsumo::VehicleType::setVehicleClass(kType, "passenger");
    libsumo::VehicleType::setMaxSpeed(kType, 33);
    libsumo::VehicleType::setSpeedFactor(kType, 1.2);
    libsumo::VehicleType::setSpeedDeviation(kType, 0);
    if (options_.blue_light) {
      libsumo::VehicleType::setVehicleClass(kType, "emergency");
      libsumo::VehicleType::setParameter(kType, "has.bluelight.device", "true");
    }
  }

  void set_out(const Errand& errand, UtcTime now) {
    const auto& city = loop_->city();
    std::vector<std::string> edges;
    for (const auto& link : errand.route) {
      const auto edge = city.sumo.edge.find(link);
      edges.push_back(edge == city.sumo.edge.end() ? link.str() : edge->second);
    }
    libsumo::Route::add(errand.id, edges);
    libsumo::Vehicle::add(errand.id, errand.id, kType, "now", "best", "base", "0");
    under_way_[errand.id].depart_s = errand.depart_s;
    if (options_.mode != EmergencyMode::corridor) return;
    Intent intent;
    intent.id = IntentId(errand.id);
    intent.t = now;
    intent.expires = now + from_seconds(30);
    intent.actor = dispatch();
    intent.reason = "bench";
    OpenCorridor open;
    open.corridor = RequestId(errand.id);
    open.vehicle = VehicleId(errand.id);
    open.kind = EmergencyKind::ambulance;
    open.route = errand.route;
    open.until = now + from_seconds(kLongest);
    intent.action = open;
    const auto answer = loop_->deciding().on_intent(intent);
    if (!answer || answer->outcome != IntentOutcome::done) {
      throw std::runtime_error("corridor refused: " + (answer ? answer->text : std::string()));
    }
  }

  void moved(UtcTime now) {
    while (next_ < errands_.size() && errands_[next_].depart_s <= loop_->time_s()) {
      set_out(errands_[next_++], now);
    }
    const auto& view = loop_->street().view();
    recovery_->add(view.vehicles);
    for (auto it = under_way_.begin(); it != under_way_.end();) {
      auto& [id, trip] = *it;
      const auto* v = view.find(id);
      if (v == nullptr && trip.seen) {
        out_.trips[id] = {loop_->time_s() - trip.depart_s, trip.stops};
        it = under_way_.erase(it);
        continue;
      }
      if (v != nullptr) drive(trip, *v, now);
      ++it;
    }
  }

  void drive(Moving& trip, const sim::StreetVehicle& v, UtcTime now) {
    if (trip.seen && !trip.stands && v.speed_mps < kStands) {
      trip.stops += 1;
      trip.stands = true;
    } else if (v.speed_mps > kMoves) {
      trip.stands = false;
    }
    trip.seen = true;
    auto at = plane_->to_local(v.position);
    std::normal_distribution<double> noise(0, options_.noise_m);
    at.x += noise(gps_);
    at.y += noise(gps_);
    VehiclePosition p;
    p.vehicle = VehicleId(v.id);
    p.t = now;
    p.position = plane_->to_lon_lat(at);
    p.bearing = Bearing{v.bearing_deg};
    p.speed = MetresPerSecond{v.speed_mps};
    loop_->deciding().on_avl(p, now);
  }

  void after() {
    same_time_->add(loop_->outputs().requests);
    for (const auto& r : loop_->outputs().requests) {
      if (r.kind != RequestKind::emergency) continue;
      const auto second = recovery_->seconds();
      if (r.state == RequestState::granted) {
        granted_.try_emplace(r.id, second);
      } else if (r.state == RequestState::served && r.reason.rule != "corridor_over") {
        ++out_.passed;
        const auto begun = granted_.find(r.id);
        if (begun == granted_.end()) continue;
        ++out_.granted;
        holds_.push_back({r.junction, begun->second, second});
      }
    }
  }

  const EmergencyRun& options_;
  std::unique_ptr<Loop> loop_;
  std::vector<Errand> errands_;
  std::size_t next_ = 0;
  std::map<std::string, Moving> under_way_;
  std::optional<LocalPlane> plane_;
  std::optional<SameTime> same_time_;
  std::optional<Recovery> recovery_;
  std::map<RequestId, std::size_t> granted_;
  std::vector<Hold> holds_;
  std::mt19937 gps_{options_.seed + 101};
  EmergencyResult out_;
};

std::string pack(const EmergencyResult& r) {
  std::ostringstream out;
  out.precision(17);
  out << "ok " << r.conflicts << " " << r.others_delay << " " << r.granted << " " << r.passed << " "
      << r.refused_max_red << " " << r.replans << " " << r.recovery.size();
  for (const double c : r.recovery) out << " " << c;
  out << " " << r.trips.size();
  for (const auto& [id, t] : r.trips) out << " " << id << " " << t.took_s << " " << t.stops;
  out << " end\n";
  return out.str();
}

Result<EmergencyResult> unpack(const std::string& text) {
  std::istringstream in(text);
  std::string word;
  in >> word;
  if (word == "error") {
    std::getline(in, word);
    return Error{"run_failed", word, "run"};
  }
  EmergencyResult r;
  std::size_t n = 0;
  in >> r.conflicts >> r.others_delay >> r.granted >> r.passed >> r.refused_max_red >> r.replans >>
      n;
  for (double c = 0; r.recovery.size() < n && in >> c;) r.recovery.push_back(c);
  in >> n;
  EmergencyTrip t;
  for (std::size_t i = 0; i < n && in >> word >> t.took_s >> t.stops; ++i) r.trips[word] = t;
  if (!(in >> word) || word != "end") {
    return Error{"child_ended", "the run ended before its figures", "run"};
  }
  return r;
}

}  // namespace

Result<EmergencyResult> run_emergency(const EmergencyRun& run) {
  return Run(run).all();
}

std::vector<Result<EmergencyResult>> run_emergency_apart(const std::vector<EmergencyRun>& runs,
                                                         unsigned at_once) {
  std::vector<Result<EmergencyResult>> out;
  const auto texts = run_apart(runs.size(), at_once, [&](std::size_t i) {
    const auto r = run_emergency(runs[i]);
    return r ? pack(*r) : "error " + r.error().message() + "\n";
  });
  for (const auto& text : texts) out.push_back(unpack(text));
  return out;
}

}  // namespace dispecer::bench
