#include "controller/signals/lever.h"

#include <algorithm>
#include <cmath>

#include "controller/signals/bands.h"
#include "controller/signals/plan_change.h"
#include "controller/signals/propose.h"

namespace dispecer::signals {
namespace {

constexpr double kAskAgainSeconds = 10;
constexpr double kChangeWindow = 300;    // s
constexpr std::size_t kMostChanges = 2;  // in it, one less than the guard allows: one to go back
constexpr double kPlanEnds = 900;        // s after which an order for a plan ends by itself
constexpr double kPlanRenew = 600;       // s after which it is given again
constexpr double kSwitchPatience = 240;  // s
constexpr double kOffsetStep = 4;        // s at once: a transition that costs next to nothing

bool within(const std::optional<UtcTime>& t, UtcTime now, double seconds) {
  return t && in_seconds(now - *t) < seconds;
}

struct Step {
  const Site& site;
  Memory& memory;
  const JunctionView& view;
  const Moment& moment;
  const SignalParameters& p;
  JunctionOutput& out;

  void send(FieldWrite write, const Actor& actor, bool confirmed) const {
    propose(site, memory, view, moment, p, std::move(write), actor, confirmed, out);
  }
};

bool may_change_plan(PlanMemory& m, UtcTime now) {
  std::erase_if(m.plan_changes, [&](UtcTime t) { return in_seconds(now - t) > kChangeWindow; });
  return m.plan_changes.size() < kMostChanges;
}

double file_offset(const Site& site, std::uint32_t plan) {
  const auto* ring = find_ring(site.rings, plan);
  return ring == nullptr ? 0 : ring->offset;
}

// A plan that bands shape gets the split of the local plan before it begins; said twice, as an
// order may be lost. True while that is still to be done.
bool prepare_bands(const Step& step, const Ring& ring) {
  auto& m = step.memory.plans;
  const auto* local = find_ring(step.site.rings, step.site.signals.local_plan);
  if (step.site.signals.lever < Lever::bands || ring.size() < 2 || local == nullptr ||
      local->size() != ring.size() || ring.plan == local->plan) {
    return false;
  }
  const bool known = m.bands_plan == ring.plan;
  if (known && m.bands_repeats == 0) return false;
  if (within(m.bands_sent, step.moment.now, step.p.bands_gap_s)) return true;
  m.bands_plan = ring.plan;
  m.bands = m.bands_before = local_split(ring, *local);
  m.bands_repeats = known ? 0 : 1;
  m.bands_sure = true;
  m.bands_sent = step.moment.now;
  m.ours = true;
  step.send(bands_order(ring, m.bands), ourselves(), false);
  return true;
}

// Plans change over best where none leaves a stage out. Where that does not come about the change
// is made after a while all the same, but never at the cost of a maximum red.
bool may_begin(const Step& step, const Ring& ring) {
  auto& m = step.memory.plans;
  const auto now = step.moment.now;
  if (m.plan_next != ring.plan || !m.plan_next_since) {
    m.plan_next = ring.plan;
    m.plan_next_since = now;
  }
  const auto at = m.offset.find(ring.plan);
  const NextPlan next{ring, at == m.offset.end() ? ring.offset : at->second,
                      m.bands_plan == ring.plan ? m.bands : std::vector<int>{}};
  const bool impatient = !within(m.plan_next_since, now, kSwitchPatience);
  return (impatient || meets_stage(step.site, step.memory, next, now, step.p)) &&
         keeps_reds(step.site, step.memory, step.view, next, now, step.p);
}

bool want_plan(const Step& step, std::uint32_t plan, const char* rule,
               std::optional<UtcTime> until = std::nullopt) {
  auto& m = step.memory.plans;
  const auto now = step.moment.now;
  const bool runs = step.view.signal->plan == plan;
  const bool renew = m.plan_sent == plan && !within(m.plan_asked, now, kPlanRenew);
  if (runs && m.plan_sent == plan && !renew) return false;
  // What runs already without us needs no order.
  if (runs && m.plan_sent != plan && plan == step.site.signals.local_plan) return false;
  auto& reason = step.out.decision.reason;
  reason.rule = rule;
  reason.inputs.push_back({"plan", std::to_string(plan)});
  const auto* ring = find_ring(step.site.rings, plan);
  if (ring == nullptr || within(m.plan_asked, now, kAskAgainSeconds) || !may_change_plan(m, now)) {
    return true;
  }
  // A plan that somebody named is wanted with its own split.
  if (!runs && ((!until && prepare_bands(step, *ring)) || !may_begin(step, *ring))) return true;
  m.plan_next_since.reset();
  m.plan_asked = now;
  m.plan_sent = plan;
  m.plan_changes.push_back(now);
  m.ours = true;
  step.send(PlanOrder{plan}, ourselves(), false);
  const auto ends = now + from_seconds(kPlanEnds);
  step.out.proposal->until = until ? std::min(*until, ends) : ends;
  return true;
}

// Would a shift of the cycle by `way` stay inside the green of the stage that runs, with its
// minimum green kept? Then no stage is left out or comes back for it.
bool inside_stage(const Step& step, const Ring& ring, double way) {
  const auto& m = step.memory.plans;
  const auto& memory = step.memory;
  if (!step.view.signal->cycle_second || memory.stage == kNone) return false;
  const std::vector<int> bands = m.bands_plan == ring.plan ? m.bands : std::vector<int>{};
  const double at = ring.from_first(*step.view.signal->cycle_second + step.view.signal_age);
  std::size_t i = 0;
  while (i + 1 < ring.size() && ring.start(i + 1, bands) <= at) ++i;
  if (ring.stages[i].stage != memory.stage) return false;
  const double ran = at - ring.start(i, bands);
  const double left = ring.green(i, bands) - ran;
  const double spare = std::abs(way) + step.p.bands_lead_s;
  return way > 0 ? ran > spare && left > spare
                 : left > spare + std::max(0.0, step.site.stages[memory.stage].min_green - ran);
}

// One step towards the wanted offset, at most once a cycle.
bool move_offset(const Step& step, const Ring& ring, double wanted) {
  auto& m = step.memory.plans;
  const auto at = m.offset.find(ring.plan);
  const double has = at == m.offset.end() ? ring.offset : at->second;
  double way = std::fmod(wanted - has + 1.5 * ring.cycle, ring.cycle) - 0.5 * ring.cycle;
  if (std::abs(way) < 1 || within(m.offset_moved, step.moment.now, ring.cycle)) return false;
  way = std::clamp(way, -kOffsetStep, kOffsetStep);
  if (!inside_stage(step, ring, way)) return false;
  const double next = std::round(std::fmod(has + way + ring.cycle, ring.cycle));
  const double offset = next >= ring.cycle ? 0 : next;
  m.offset[ring.plan] = offset;
  m.offset_moved = step.moment.now;
  m.ours = true;
  auto& reason = step.out.decision.reason;
  reason.rule = "plan_offset";
  reason.inputs.push_back({"offset_s", text(offset, 0)});
  reason.inputs.push_back({"offset_wanted_s", text(wanted, 0)});
  step.send(OffsetOrder{ring.plan, Seconds{offset}}, ourselves(), false);
  return true;
}

}  // namespace

bool want_plan(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
               const SignalParameters& p, std::uint32_t plan, const char* rule,
               std::optional<UtcTime> until, JunctionOutput& out) {
  return want_plan(Step{site, memory, view, moment, p, out}, plan, rule, until);
}

bool give_back(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
               const SignalParameters& p, const Actor& actor, bool confirmed, JunctionOutput& out) {
  auto& m = memory.plans;
  if (m.ours) {
    m.ours = false;
    m.releases = 2;
  }
  if (view.signal == nullptr || view.signal->link != CommLink::connected) return m.releases > 0;
  const Step step{site, memory, view, moment, p, out};
  auto& decision = out.decision;
  for (const auto& [plan, offset] : m.offset) {
    // A plan that runs is left first: its cycle would jump.
    if (offset == file_offset(site, plan) || plan == m.plan_sent) continue;
    decision.action = SignalAction::hand_back;
    step.send(OffsetOrder{plan, Seconds{file_offset(site, plan)}}, actor, confirmed);
    m.offset.erase(plan);
    return true;
  }
  if (m.bands_plan != 0 &&
      std::any_of(m.bands.begin(), m.bands.end(), [](int b) { return b != 0; })) {
    BandsOrder order{m.bands_plan, {}, 1};
    for (std::size_t i = 0; i < m.bands.size(); ++i) {
      order.bands.push_back({static_cast<std::uint32_t>(i + 1), Seconds{0}});
    }
    // A plan that bands have shaped is left first: without them it has hardly any green to give.
    if (m.plan_sent == 0) {
      m.bands_plan = 0;
      decision.action = SignalAction::hand_back;
      step.send(order, actor, confirmed);
      return true;
    }
  }
  if (m.releases <= 0) return false;
  if (m.plan_sent == 0 && m.releases == 2) {
    m.releases = 0;
    return false;
  }
  if (within(m.plan_asked, moment.now, 3) && m.releases == 1) return true;
  --m.releases;
  m.plan_asked = moment.now;
  m.plan_sent = 0;
  decision.action = SignalAction::hand_back;
  step.send(PlanOrder{0}, actor, confirmed);
  return true;
}

JunctionOutput step_lever(const Site& site, Memory& memory, const JunctionView& view,
                          const std::vector<BusDemand>& buses, const Moment& moment,
                          const SignalParameters& p) {
  JunctionOutput out;
  auto& decision = out.decision;
  decision.junction = site.signals.junction;
  decision.t = moment.now;
  decision.action = SignalAction::none;
  if (memory.stage != kNone) {
    decision.from_stage = site.stages[memory.stage].number;
    decision.stage = decision.from_stage;
  }
  // Orders of these levers are for cycles, not for the moment at which a bus is heard.
  if (!moment.tick) return out;
  auto& m = memory.plans;
  const auto may = standing(site, memory, view, Lever::plan, p);
  const Override* word = memory.override_ ? &*memory.override_ : nullptr;
  if (!may.think || (word != nullptr && word->kind == OverrideKind::release)) {
    decision.reason.rule = may.think ? "operator_release" : may.rule;
    give_back(site, memory, view, moment, p, may.think ? word->actor : ourselves(), may.think, out);
    return out;
  }
  if (!may.command) {
    decision.reason.rule = "plan_runs";
    decision.reason.inputs.push_back({"not_sent", may.rule});
    give_back(site, memory, view, moment, p, ourselves(), false, out);
    return out;
  }
  m.releases = 0;
  const Step step{site, memory, view, moment, p, out};
  const bool stale = view.data_age > p.release_s;
  const std::uint32_t wanted = stale ? m.library : m.target;
  if (wanted == 0 && m.plan_sent != 0) {
    decision.reason.rule = stale ? "data_stale" : "own_plan";
    const auto* own = find_ring(site.rings, site.signals.local_plan);
    if (!stale && own != nullptr && !may_begin(step, *own)) return out;
    m.plan_next_since.reset();
    m.ours = true;
    give_back(site, memory, view, moment, p, ourselves(), false, out);
    return out;
  }
  if (wanted != 0 && want_plan(step, wanted, stale ? "library_plan" : "plan_selected")) return out;
  decision.reason.rule = stale ? "library_plan" : "plan_runs";
  const auto* ring = view.signal->plan ? find_ring(site.rings, *view.signal->plan) : nullptr;
  if (ring == nullptr || stale) return out;
  decision.reason.inputs.push_back({"plan", std::to_string(ring->plan)});
  if (m.target_offset && ring->plan == m.target && move_offset(step, *ring, *m.target_offset)) {
    return out;
  }
  if (site.signals.lever < Lever::bands || ring->size() < 2 || !view.signal->cycle_second)
    return out;
  auto bands = step_bands(site, *ring, memory, view, buses, moment.now, p);
  decision.action = bands.order ? SignalAction::extend : SignalAction::hold;
  for (auto& input : bands.reason.inputs) decision.reason.inputs.push_back(std::move(input));
  decision.reason.rule = std::move(bands.reason.rule);
  decision.reason.otherwise = std::move(bands.reason.otherwise);
  if (bands.order) step.send(*std::move(bands.order), ourselves(), false);
  return out;
}

void step_library(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
                  const SignalParameters& p, JunctionOutput& out) {
  auto& m = memory.plans;
  if (!moment.tick || out.proposal) return;
  const bool stale = view.data_age > p.release_s;
  const auto may = standing(site, memory, view, Lever::plan, p);
  const Step step{site, memory, view, moment, p, out};
  if (stale && may.command && m.library != 0) {
    want_plan(step, m.library, "library_plan");
  } else if (m.ours || m.releases > 0) {
    give_back(site, memory, view, moment, p, ourselves(), false, out);
  }
}

}  // namespace dispecer::signals
