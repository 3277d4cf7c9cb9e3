// ./bench handover: junctions change hands between the centre and their local plans at random
// seconds, and a district loses its mains. Cores, guard and virtual controllers are the product's;
// the road is a queue at every stop line.
#include <CLI/CLI.hpp>
#include <iostream>

#include "controller/app/deciding.h"
#include "fusion/app/setup.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/handover/watch.h"

namespace dispecer::bench {
namespace {

constexpr double kGiveUpCycles = 20;
constexpr double kPatience = 120;  // s that a transfer to the centre may take

struct Options {
  std::string city;
  std::string json;
  unsigned seed = 1;
  unsigned transfers = 1000;  // each way
  unsigned district = 40;
  double flow = 250;      // veh/h and lane
  double mains_off = 90;  // s
};

enum class Hand { to_centre, centre, to_local, local };

struct Junction {
  explicit Junction(const JunctionSignals& own) : signals(&own), watch(own) {}

  const JunctionSignals* signals;
  LampWatch watch;
  Hand hand = Hand::local;
  UtcTime since;
  UtcTime until;  // of `centre` and `local`: the random second of the next transfer
  Holder holder = Holder::unknown;
  unsigned changes = 0;  // of the holder since the transfer began
  bool dark = false;
};

class Bench {
 public:
  Bench(const Options& options, city::City city)
      : options_(options),
        city_(std::move(city)),
        random_(options.seed),
        road_(city_, options.seed, options.flow) {}

  int run() {
    if (auto r = open(); !r) {
      std::cerr << "bench handover: " << r.error().message() << "\n";
      return 2;
    }
    while (to_centre_ < options_.transfers || to_local_ < options_.transfers) {
      second();
      change_hands();
      if (failed_ > options_.transfers / 10) break;
    }
    blackout();
    return tell();
  }

 private:
  Result<> open() {
    const auto loaded = fusion::load(city_, now_);
    fusion_.emplace(fusion::make_fusion(loaded.setup));
    controller::ControllerParameters parameters;
    parameters.signals.bench_world = true;
    deciding_.emplace(controller::make_controller(city_.network, city_.signals, parameters));
    auto field = Field::make(city_);
    if (!field) return field.error();
    field_.emplace(std::move(*field));
    for (const auto& [id, signals] : city_.signals) {
      if (signals.lever < Lever::stage) continue;
      junctions_.emplace(id, signals);
    }
    if (junctions_.empty()) return Error{"no_junction", "no junction has the stage lever", "city"};
    // All controllers start up, then each is the local plan's until its first random second.
    for (int i = 0; i < 60; ++i) second();
    for (auto& [id, j] : junctions_) {
      say(id, ReleaseJunction{id, now_ + from_seconds(86400)});
      j.since = now_;
      j.until = now_ + from_seconds(random(60, 240));
    }
    return Ok{};
  }

  void second() {
    now_ = now_ + from_seconds(1);
    const auto shown = field_->tick(now_);
    road_.step(shown);
    road_.stamp(now_);
    for (const auto& s : shown) {
      const auto it = junctions_.find(s.junction);
      if (it == junctions_.end()) continue;
      auto& j = it->second;
      const bool lit = s.mode == ControlMode::control;
      j.watch.see(s, road_, lit, now_);
      j.dark = !lit;
      if (s.holder != j.holder) ++j.changes;
      j.holder = s.holder;
    }
    const ClockTick tick{now_, 1, 0};
    deciding_->on_clock(tick);
    for (const auto& [id, batch] : road_.batches()) fusion::apply(*fusion_, batch);
    for (const auto& o : field_->observations()) fusion::apply(*fusion_, o);
    for (const auto& p : deciding_->on_picture(fusion::step(*fusion_, tick)).proposals) {
      const auto report = field_->send(p, now_, 0);
      if (report.state == OrderState::refused) deciding_->on_order(report);
    }
  }

  void change_hands() {
    for (auto& [id, j] : junctions_) {
      const double waited = in_seconds(now_ - j.since);
      switch (j.hand) {
        case Hand::local:
          if (now_ < j.until || to_centre_ >= options_.transfers) break;
          say(id, EndOverride{id});
          begin(j, Hand::to_centre);
          break;
        case Hand::to_centre:
          if (j.holder == Holder::centre) {
            ++to_centre_;
            settle(j, Hand::centre, random(20, 200));
          } else if (waited > kPatience) {
            ++failed_;
            settle(j, Hand::centre, 1);
          }
          break;
        case Hand::centre:
          if (now_ < j.until) break;
          say(id, ReleaseJunction{id, now_ + from_seconds(86400)});
          begin(j, Hand::to_local);
          break;
        case Hand::to_local: {
          const double cycle = find_plan(*j.signals, j.signals->local_plan)->cycle.value;
          const double steady = j.watch.in_step();
          if (j.holder == Holder::local_plan && steady >= cycle) {
            ++to_local_;
            cycles_.push_back(std::max(0.0, waited - steady) / cycle);
            settle(j, Hand::local, random(1, 90));
          } else if (waited > kGiveUpCycles * cycle) {
            ++failed_;
            settle(j, Hand::local, 1);
          }
          break;
        }
      }
    }
  }
  void begin(Junction& j, Hand hand) {
    j.hand = hand;
    j.since = now_;
    j.changes = 0;
  }
  void settle(Junction& j, Hand hand, double seconds) {
    // One change of the holder is the transfer itself.
    if (j.changes > 1) flapping_ += j.changes - 1;
    j.hand = hand;
    j.until = now_ + from_seconds(seconds);
  }

  void blackout() {
    std::vector<Junction*> district;
    for (auto& [id, j] : junctions_) {
      if (district.size() == options_.district) break;
      say(id, EndOverride{id});
      j.watch = LampWatch(*j.signals);
      district.push_back(&j);
    }
    for (int i = 0; i < 180; ++i) second();
    for (auto* j : district) {
      field_->set_mains(j->signals->junction, false, now_);
      j->changes = 0;
    }
    for (int i = 0; i < options_.mains_off; ++i) second();
    const auto back = now_;
    for (auto* j : district) field_->set_mains(j->signals->junction, true, now_);
    std::vector<Junction*> waiting = district;
    while (!waiting.empty() && in_seconds(now_ - back) < 1800) {
      second();
      std::erase_if(waiting,
                    [](const Junction* j) { return !j->dark && j->holder == Holder::centre; });
    }
    for (int i = 0; i < 300; ++i) second();
    if (!waiting.empty()) return;
    district_ = district.size();
    district_back_ = in_seconds(now_ - back) - 300;
    // Centre, unknown, local plan, centre: three changes are the failure itself.
    for (const auto* j : district) {
      if (j->changes > 3) flapping_ += j->changes - 3;
      district_cut_ += j->watch.cut_short();
    }
  }

  int tell() {
    double worst_red = 0;
    std::optional<double> shortest;
    std::size_t cut = 0;
    for (const auto& [id, j] : junctions_) {
      worst_red = std::max(worst_red, j.watch.worst_red());
      cut += j.watch.cut_short();
      if (auto s = j.watch.shortest_green()) shortest = std::min(shortest.value_or(*s), *s);
    }
    Figures f;
    f.add("transfers_to_centre_count", to_centre_, "count");
    f.add("transfers_to_local_count", to_local_, "count");
    f.add("transfers_failed_count", failed_, "count");
    f.add("worst_red_s", worst_red, "s");
    if (shortest) f.add("shortest_green_s", *shortest, "s");
    f.add("greens_below_minimum_count", static_cast<double>(cut), "count");
    if (!cycles_.empty()) {
      f.add("cycles_to_coordination_count", percentile(cycles_, 1), "count");
      f.add("cycles_to_coordination_p50_count", percentile(cycles_, 0.5), "count");
    }
    f.add("flapping_count", flapping_, "count");
    f.add("conflicting_greens_count", static_cast<double>(field_->counts().conflicting_greens),
          "count");
    if (district_back_) {
      f.add("district_controllers_count", static_cast<double>(district_), "count");
      f.add("district_back_s", *district_back_, "s");
      f.add("district_greens_below_minimum_count", static_cast<double>(district_cut_), "count");
    }
    const bool written = f.print(options_.json);
    const bool all = to_centre_ >= options_.transfers && to_local_ >= options_.transfers &&
                     district_back_ && shortest;
    return written && all ? 0 : 1;
  }

  template <class Action>
  void say(const JunctionId& junction, Action action) {
    Intent intent;
    intent.id = IntentId("handover-" + junction.str() + "-" + std::to_string(++said_));
    intent.t = now_;
    intent.expires = now_ + from_seconds(5);
    intent.epoch = 0;
    intent.actor = {PersonId("bench"), Role::op, WorkplaceId("bench")};
    intent.action = std::move(action);
    (void)deciding_->on_intent(intent);
  }
  double random(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  const Options& options_;
  city::City city_;
  UtcTime now_ = UtcTime{1'772'438'400'000'000};  // a Monday morning
  std::mt19937_64 random_;
  PointRoad road_;
  std::optional<fusion::FusionState> fusion_;
  std::optional<controller::Deciding> deciding_;
  std::optional<Field> field_;
  std::map<JunctionId, Junction> junctions_;
  std::vector<double> cycles_;
  unsigned to_centre_ = 0;
  unsigned to_local_ = 0;
  unsigned failed_ = 0;
  unsigned flapping_ = 0;
  std::size_t district_ = 0;
  std::size_t district_cut_ = 0;
  std::optional<double> district_back_;
  std::uint64_t said_ = 0;
};

}  // namespace
}  // namespace dispecer::bench

int main(int argc, char** argv) {
  using namespace dispecer;
  bench::Options options;
  CLI::App app{"Transfers between centre and local plan, and a district's mains failure",
               "bench handover"};
  if (const char* demo = std::getenv("DISPECER_DEMO_CITY")) options.city = demo;
  app.add_option("--city", options.city, "City folder (the demonstration city)");
  app.add_option("--seed", options.seed, "Seed of arrivals and transfers");
  app.add_option("--transfers", options.transfers, "Each way")->check(CLI::Range(1, 100000));
  app.add_option("--district", options.district, "Controllers that lose their mains");
  app.add_option("--flow", options.flow, "veh/h and lane")->check(CLI::Range(0.0, 1000.0));
  app.add_option("--json", options.json, "Write the figures here too");
  CLI11_PARSE(app, argc, argv);
  auto city = city::read_city(options.city);
  if (!city) {
    std::cerr << "bench handover: " << city.error().message() << "\n";
    return 2;
  }
  return bench::Bench(options, std::move(*city)).run();
}
