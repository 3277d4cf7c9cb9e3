#include "tests/property/random_town.h"

#include <algorithm>
#include <cmath>

#include "controller/plan/stored_plans.h"

namespace dispecer::test {
namespace {

constexpr UtcTime kBegin{1'700'000'000'000'000};
constexpr double kFlutter = 2;       // s beyond its least green that a stage for nobody may run
constexpr double kSaturation = 0.5;  // veh/s of a lane

UtcTime at(double s) {
  return kBegin + from_seconds(s);
}

bool has(const Stage& stage, std::uint32_t g) {
  return std::find(stage.green.begin(), stage.green.end(), g) != stage.green.end();
}

// What a field adapter makes of an approved command.
bool obey(sim::State& controller, const JunctionSignals& signals, const FieldWrite& write,
          UtcTime now) {
  sim::SetInputs inputs;
  const auto* stage = std::get_if<StageOrder>(&write);
  if (stage != nullptr || std::holds_alternative<ReleaseOrder>(write)) {
    for (const auto& s : signals.stages) {
      if (!s.demand_input) continue;
      const bool set = stage != nullptr && s.number == stage->stage;
      (set ? inputs.set : inputs.clear).push_back(*s.demand_input);
    }
    return sim::apply(controller, inputs, now).ok();
  }
  if (const auto* plan = std::get_if<PlanOrder>(&write)) {
    const auto number = plan->plan == 0 ? std::nullopt : std::optional(plan->plan);
    return sim::apply(controller, sim::SelectPlan{number}, now).ok();
  }
  if (const auto* offset = std::get_if<OffsetOrder>(&write)) {
    return sim::apply(controller, sim::SetOffset{offset->plan, offset->offset.value}, now).ok();
  }
  if (const auto* order = std::get_if<BandsOrder>(&write)) {
    sim::SetBands bands{order->plan, {}};
    for (const auto& b : order->bands) bands.bands.push_back({b.number, b.extension.value});
    return sim::apply(controller, bands, now).ok() &&
           sim::apply(controller, sim::SetBandTimeout{order->timeout_min}, now).ok();
  }
  return false;
}

}  // namespace

RandomTown::RandomTown(const TownOptions& options) : options_(options), random_(options.seed) {
  for (int i = 0; i < options_.junctions; ++i) make_junction("J" + std::to_string(i), i);
  controller::ControllerParameters parameters;
  parameters.bus_priority = false;
  centre_.emplace(controller::make_controller(network_, signals_, parameters));
}

void RandomTown::make_junction(const std::string& name, int number) {
  JunctionSignals s;
  Post post;
  s.junction = JunctionId{name};
  s.signatures = {{Origin::entered, "d", "s", "2026-01-01"}};
  const int stages = pick(2, 5);
  const auto next = "J" + std::to_string((number + 1) % options_.junctions);
  for (int n = 1; n <= stages; ++n) {
    Stage stage{static_cast<std::uint32_t>(n), "", {}, {}, pick(0, 3) != 0,
                static_cast<std::uint32_t>(n)};
    for (int k = pick(1, 3); k > 0; --k) {
      const auto g = static_cast<std::uint32_t>(s.groups.size());
      const auto id = name + "_" + std::to_string(g);
      stage.green.push_back(g);
      s.groups.push_back({SignalGroupId{"g" + std::to_string(g)},
                          GroupKind::vehicle,
                          {Seconds{static_cast<double>(pick(4, 9))}, 0},
                          {Seconds{3}, 0},
                          {Seconds{static_cast<double>(pick(0, 1))}, 0},
                          {Seconds{0}, 0}});
      Link in;
      // One approach of each junction comes from the one before.
      in.id = LinkId(g == 0 ? "in_" + name : "in_" + id);
      in.from = JunctionId(
          g == 0 ? "J" + std::to_string((number + options_.junctions - 1) % options_.junctions)
                 : "far_" + id);
      in.to = s.junction;
      in.length = {200};
      in.lanes = 1;
      in.speed_limit = {13.9};
      in.saturation_flow = {1800};
      network_.links.push_back(in);
      Movement m;
      m.id = MovementId(id);
      m.junction = s.junction;
      m.from = in.id;
      m.to = LinkId(g == 0 && options_.junctions > 1 ? "in_" + next : "out_" + id);
      m.group = s.groups.back().id;
      m.lanes = {0};
      m.saturation_flow = {1800};
      m.share = {1};
      network_.movements.push_back(m);
      Lane lane;
      lane.movement = m.id;
      lane.group = g;
      post.lanes.push_back(lane);
    }
    s.stages.push_back(stage);
  }
  for (const auto& a : s.stages) {
    for (const auto& b : s.stages) {
      if (a.number == b.number) continue;
      for (const auto g : a.green) {
        for (const auto h : b.green)
          s.intergreens.push_back({g, h, {Seconds{static_cast<double>(pick(3, 8))}, 0}});
      }
      const auto follows = a.number % static_cast<std::uint32_t>(stages) + 1;
      if (pick(0, 2) != 0 || b.number == follows) s.transitions.push_back({a.number, b.number});
    }
  }
  const IntergreenMatrix matrix(s);
  SignalPlan plan{1, "local", Seconds{0}, Seconds{0}, {}};
  double start = 0;
  for (const auto& stage : s.stages) {
    double least = 0;
    for (const auto g : stage.green) least = std::max(least, s.groups[g].min_green.time.value);
    plan.ring.push_back({stage.number, Seconds{start}, Seconds{least}, Seconds{60}});
    const auto& after = s.stages[stage.number % s.stages.size()];
    start += least + matrix.between(stage, after) + pick(0, 12);
  }
  plan.cycle.value = start;
  plan.offset.value = std::fmod(pick(0, 60), start);
  s.plans = {plan};
  // A promise that the local plan keeps, and the ring with every detour that transitions ask for.
  for (auto& g : s.groups) g.max_red.time.value = std::min(300.0, 2 * start + pick(10, 40));
  s.lever = number % 4 == 3 ? Lever::plan : number % 4 == 2 ? Lever::bands : Lever::stage;
  s.release_time = Seconds{5};
  s.commissioning = Commissioning::live;
  for (auto& p : stored_plans(s, s.lever)) s.plans.push_back(std::move(p));

  // Each lane has a loop at its stop line, which its controller reads.
  sim::Settings settings;
  for (std::uint32_t g = 0; g < s.groups.size(); ++g) {
    settings.detectors.insert(g + 1);
    settings.demand_detectors.push_back({g + 1});
  }
  auto controller = sim::make_controller(s, settings);
  ensure(controller.ok(), "a random junction has a controller");
  post.controller = std::move(*controller);
  (void)sim::apply(post.controller, sim::SupervisorLink{true}, at(0));
  post.seen = guard::watch(s);
  post.seen.inputs_clean = true;
  post.red_s.assign(s.groups.size(), 0);
  post.green_s.assign(s.groups.size(), 0);
  post.since_green_s.assign(s.groups.size(), 1e6);
  posts_.emplace(s.junction, std::move(post));
  signals_.emplace(s.junction, std::move(s));
}

void RandomTown::break_things() {
  const int minute = static_cast<int>(t_) % 60;
  if (minute == 0) {
    for (auto& [id, post] : posts_) {
      for (auto& lane : post.lanes) {
        if (pick(0, 3) == 0) lane.flow = pick(0, 2) == 0 ? 0 : 0.12 * share();
      }
    }
  }
  if (!options_.faults) return;
  if (pick(0, 899) == 0) quiet_until_ = t_ + pick(2, 60);
  if (pick(0, 599) == 0 && t_ >= stale_until_) {
    stale_since_ = t_;
    stale_until_ = t_ + pick(4, 120);
  }
  for (auto& [id, post] : posts_) {
    if (pick(0, 1199) == 0)
      post.lanes[static_cast<std::size_t>(pick(0, static_cast<int>(post.lanes.size()) - 1))].dead =
          true;
    if (pick(0, 1199) == 0) {
      for (auto& lane : post.lanes) lane.dead = false;
    }
    if (post.link && pick(0, 1799) == 0) {
      post.link = false;
      guard::note_disconnect(post.seen);
      (void)sim::apply(post.controller, sim::SupervisorLink{false}, at(t_));
    } else if (!post.link && pick(0, 29) == 0) {
      post.link = true;
      (void)sim::apply(post.controller, sim::SupervisorLink{true}, at(t_));
      obey(post.controller, signals_.at(id), ReleaseOrder{}, at(t_));
      post.seen.inputs_clean = true;
    }
    const double cycle = signals_.at(id).plans.front().cycle.value;
    // Where nobody sees anything the junction is its local plan's, too.
    const bool blind = std::all_of(post.lanes.begin(), post.lanes.end(),
                                   [](const Lane& lane) { return lane.dead; });
    if (!post.link || blind || t_ < quiet_until_ || t_ < stale_until_) {
      post.held_until = std::max(post.held_until, t_ + 2 * cycle);
    }
  }
}

void RandomTown::drive(Post& post, const JunctionSignals& signals) {
  const auto out = sim::tick(post.controller, at(t_));
  auto& o = post.shown;
  o.junction = signals.junction;
  o.t = at(t_);
  o.link = CommLink::connected;
  o.mode = out.mode;
  o.holder = sim::demanded_stages(post.controller).empty() ? Holder::local_plan : Holder::centre;
  o.groups = out.aspects;
  o.stage = out.stage;
  o.plan = out.plan;
  o.cycle_second = out.cycle_second;
  for (auto& lane : post.lanes) {
    if (share() < lane.flow) lane.queue += 1;
    if (is_green(o.groups[lane.group])) lane.queue = std::max(0.0, lane.queue - kSaturation);
    lane.waited = lane.queue > 0 ? lane.waited + 1 : 0;
    sim::DetectorReading reading{.number = lane.group + 1, .speed_mps = std::nullopt};
    reading.occupied = lane.queue > 0;
    reading.occupancy = lane.queue > 0 ? 1 : 0;
    (void)sim::apply(post.controller, reading, at(t_));
  }
  if (!post.link) return;
  std::vector<bool> demand(signals.groups.size());
  for (const auto& lane : post.lanes) {
    if (lane.queue > 0 && !lane.dead) demand[lane.group] = true;
  }
  guard::observe(post.seen, o, at(t_));
  guard::set_demand(post.seen, demand, at(t_));
}

// What must hold at the lamps, whatever was ordered.
void RandomTown::judge(const JunctionId& id, Post& post, const JunctionSignals& signals) {
  const IntergreenMatrix matrix(signals);
  const auto n = signals.groups.size();
  std::vector<bool> waits(n);
  for (const auto& lane : post.lanes) waits[lane.group] = waits[lane.group] || lane.queue > 0;
  for (std::size_t g = 0; g < n; ++g) {
    const bool green = is_green(post.shown.groups[g]);
    if (!green && post.green_s[g] > 0 && post.green_s[g] < signals.groups[g].min_green.time.value) {
      ++counts_.short_greens;
    }
    for (std::size_t h = 0; green && h < n; ++h) {
      if (h != g && is_green(post.shown.groups[h]) && matrix.conflict(g, h)) ++counts_.conflicts;
      const auto least = matrix.at(h, g);
      if (post.green_s[g] <= 0 && least && post.since_green_s[h] + 1 < *least) {
        ++counts_.short_intergreens;
      }
    }
  }
  for (std::size_t g = 0; g < n; ++g) {
    const bool green = is_green(post.shown.groups[g]);
    post.green_s[g] = green ? post.green_s[g] + 1 : 0;
    post.since_green_s[g] = green ? 0 : post.since_green_s[g] + 1;
    post.red_s[g] = green || !waits[g] ? 0 : post.red_s[g] + 1;
    // A hand-over to the local plan begins its cycle anywhere: then the cycle comes on top.
    const double more = t_ < post.held_until ? signals.plans.front().cycle.value * 2 : 0;
    const double beyond = post.red_s[g] - signals.groups[g].max_red.time.value - more;
    if (beyond <= counts_.longest_red) continue;
    counts_.longest_red = beyond;
    counts_.worst = id.str() + " " + signals.groups[g].id.str() + " at " + std::to_string(t_) +
                    " s, lever " + std::string(to_name(signals.lever)) + ", by " +
                    decided_[id].reason.rule;
  }
  // Somebody waits, is expected, or may be there unseen, where the stage before has red.
  const auto elsewhere = [&](std::uint32_t before) {
    const auto* stage = find_stage(signals, before);
    return stage == nullptr ||
           std::any_of(post.lanes.begin(), post.lanes.end(), [&](const Lane& lane) {
             return (lane.queue > 0 || lane.flow > 0 || lane.dead) && !has(*stage, lane.group);
           });
  };
  post.wanted = post.wanted || elsewhere(post.stage_before);
  if (!post.shown.stage || *post.shown.stage == post.stage) {
    post.stage_s += post.shown.stage ? 1 : 0;
    post.wanted_next = !post.shown.stage && (post.wanted_next || elsewhere(post.stage));
    return;
  }
  const auto& now = *find_stage(signals, *post.shown.stage);
  const auto* left = find_stage(signals, post.stage);
  const bool blind =
      std::any_of(post.lanes.begin(), post.lanes.end(), [](const Lane& lane) { return lane.dead; });
  const bool decided = signals.lever == Lever::stage && t_ >= post.held_until &&
                       post.shown.holder == Holder::centre && !blind;
  if (decided && left != nullptr && left->skippable && post.stage_before == now.number &&
      !post.wanted) {
    double least = 0;
    for (const auto g : left->green) {
      least = std::max(least, signals.groups[g].min_green.time.value);
    }
    if (post.stage_s <= least + kFlutter) {
      ++counts_.flutters;
      counts_.worst = id.str() + " at " + std::to_string(t_) + " s, by " + decided_[id].reason.rule;
    }
  }
  post.stage_before = post.stage;
  post.stage = now.number;
  post.stage_s = 1;
  post.wanted = post.wanted_next || elsewhere(post.stage_before);
  post.wanted_next = false;
}

std::shared_ptr<const CityPicture> RandomTown::picture() {
  auto out = std::make_shared<CityPicture>();
  out->t = at(t_);
  const double age = t_ < stale_until_ ? t_ - stale_since_ : 0;
  for (auto& [id, post] : posts_) {
    auto seen = post.shown;
    if (!post.link) seen.link = CommLink::no_communication;
    out->signals.push_back(std::move(seen));
    for (const auto& lane : post.lanes) {
      MovementState m;
      m.movement = lane.movement;
      m.demand_known = !lane.dead;
      m.queue = {lane.dead ? 0 : lane.queue, 0.5, age + 0.5,
                 lane.dead ? Quality::unknown : Quality::live, kLoops};
      m.arrivals.assign(12, lane.dead ? 0.0 : 5 * lane.flow);
      m.waiting = {lane.dead ? 0 : lane.waited};
      out->movements.push_back(std::move(m));
    }
  }
  return out;
}

void RandomTown::deliver(const Proposal& proposal) {
  auto& post = posts_.at(proposal.junction);
  const auto& signals = signals_.at(proposal.junction);
  ++counts_.commands;
  const auto verdict =
      guard::Guard::check(proposal, signals, post.seen, {at(t_), 0, WorldKind::street});
  if (!verdict) {
    ++counts_.refused[verdict.error().cause];
    OrderReport report{proposal.id,         proposal.junction,     at(t_),
                       OrderState::refused, verdict.error().cause, ""};
    controller::apply(*centre_, report);
    return;
  }
  ++counts_.approved;
  guard::note_sent(post.seen, *verdict, at(t_));
  if (!obey(post.controller, signals, verdict->write(), at(t_))) ++counts_.device_refused;
}

void RandomTown::second() {
  t_ += 1;
  break_things();
  for (auto& [id, post] : posts_) {
    drive(post, signals_.at(id));
    judge(id, post, signals_.at(id));
  }
  for (const auto& [when, proposal] : under_way_) {
    if (when <= t_) deliver(proposal);
  }
  std::erase_if(under_way_, [&](const auto& order) { return order.first <= t_; });
  if (t_ >= quiet_until_) (void)controller::apply(*centre_, picture());
  const auto out = controller::step(*centre_, at(t_), 0);
  for (const auto& d : out.decisions) decided_[d.junction] = d;
  for (const auto& p : out.proposals) {
    if (!options_.faults) {
      deliver(p);
    } else if (share() >= 0.01) {
      under_way_.push_back({t_ + 0.3 + 1.7 * share(), p});
    }
  }
}

}  // namespace dispecer::test
