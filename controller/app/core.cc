#include "controller/app/core.h"

#include <algorithm>
#include <utility>

#include "controller/app/requests.h"
#include "controller/app/shadows.h"
#include "controller/app/waves.h"
#include "controller/signals/lever.h"
#include "controller/signals/propose.h"

namespace dispecer::controller {
namespace {

constexpr int kMostTakenBack = 300;  // orders at one junction: plans have numbers up to 255

const CityPicture& no_picture() {
  static const CityPicture none;
  return none;
}

// Looks at one junction through the newest picture.
void look_at(ControllerState& state, Place& place, UtcTime now) {
  const auto& picture = state.picture ? *state.picture : no_picture();
  if (place.rows_version != state.index.version()) {
    place.rows = signals::find_rows(place.site, state.index);
    place.rows_version = state.index.version();
  }
  signals::look(place.site, place.rows, picture, now, state.parameters.signals, place.view);
}

access::LocalMoment wall(const ControllerState& state, UtcTime t) {
  return access::local_moment(state.local, t);
}

// Neither Saturday, Sunday nor a holiday.
bool is_workday(const ControllerState& state, std::int64_t day, std::uint32_t weekday) {
  return weekday < 5 && !std::binary_search(state.holidays.begin(), state.holidays.end(), day);
}

void follow_book(ControllerState& state, UtcTime now) {
  if (state.book.running.empty() && state.book.followed) return;
  const auto at = wall(state, now);
  const LocalMinute local{at.weekday, at.minute, is_workday(state, at.day, at.weekday),
                          is_workday(state, at.day - 1, (at.weekday + 6) % 7)};
  if (!signals::follow(state.book, now, local)) return;
  for (auto& [id, place] : state.junctions) {
    signals::set_book(state.book, place.site, place.memory);
  }
  ++state.counters["controller.book_changes"];
}

std::vector<PriorityRequest> watch_people(ControllerState& state) {
  auto changed = walk::apply(state.walk, *state.picture);
  for (const auto& r : changed) {
    if (r.state == RequestState::served) ++state.counters["controller." + r.reason.rule];
  }
  return changed;
}

// What emergency corridors ask of a junction in this second.
void take_claims(const ControllerState& state, const JunctionId& junction, Place& place,
                 UtcTime now) {
  auto& claims = place.memory.claims;
  claims.clear();
  if (state.emergency.corridors.empty()) return;
  for (auto& ask : emergency::asks(state.emergency, junction, now)) {
    for (std::uint32_t m = 0; m < place.site.movements.size() && !ask.stalled; ++m) {
      if (place.site.movements[m].id != ask.movement) continue;
      ask.claim.movement = m;
      claims.push_back(std::move(ask.claim));
      break;
    }
  }
}

void tell_corridors(ControllerState& state, const JunctionId& junction, const Place& place,
                    const signals::JunctionOutput& out, UtcTime now) {
  emergency::Verdict verdict;
  const auto& decision = out.decision;
  verdict.rule = decision.reason.rule;
  verdict.sent = out.proposal && std::holds_alternative<StageOrder>(out.proposal->write);
  for (const auto& input : decision.reason.inputs) {
    if (input.name == "not_sent") verdict.against = input.value;
  }
  const bool idle = decision.action == SignalAction::hand_back ||
                    (decision.action == SignalAction::none && verdict.rule != "between_stages");
  if (verdict.against.empty() && idle) verdict.against = verdict.rule;
  std::vector<SignalGroupId> green;
  if (out.choice.target != signals::kNone) {
    for (const auto g : place.site.stages[out.choice.target].groups) {
      green.push_back(place.site.signals.groups[g].id);
    }
  }
  emergency::decided(state.emergency, junction, verdict, green, now);
}

// True where there is a new proposal.
bool decide(ControllerState& state, const JunctionId& junction, Place& place,
            const signals::Moment& moment, Outputs& out) {
  look_at(state, place, moment.now);
  if (place.site.signals.lever == Lever::stage) expect_waves(state, junction, place);
  const auto buses = bus_demands(state, junction, place, moment, out);
  take_claims(state, junction, place, moment.now);
  const auto candidates = ask_shadows(state, junction, place, moment, buses);
  auto result = signals::step_junction(place.site, place.memory, place.view, buses, moment,
                                       state.parameters.signals, state.horizon);
  score_shadows(state, place, moment, buses, candidates, result.choice);
  if (!buses.empty() && (moment.tick || result.proposal)) {
    append(out.requests,
           priority::decided(state.priority, junction, verdict_of(place, result), moment.now));
  }
  if (moment.tick && !state.emergency.corridors.empty()) {
    tell_corridors(state, junction, place, result, moment.now);
  }
  const bool proposed = result.proposal.has_value();
  if (moment.tick || proposed) out.decisions.push_back(std::move(result.decision));
  if (proposed) out.proposals.push_back(std::move(*result.proposal));
  return proposed;
}

std::vector<signals::PlanSubject> subjects(ControllerState& state) {
  std::vector<signals::PlanSubject> out;
  out.reserve(state.junctions.size());
  for (auto& [id, place] : state.junctions) {
    out.push_back({&place.site, &place.memory, &place.view});
  }
  return out;
}

// A holiday on a working day is like a Sunday.
signals::DayPart part_of_day(const ControllerState& state, UtcTime now) {
  const auto at = wall(state, now);
  const bool holiday = at.weekday < 5 && !is_workday(state, at.day, at.weekday);
  return signals::day_part(holiday ? 6 : at.weekday, at.minute);
}

void begin_epoch(ControllerState& state, std::uint32_t epoch) {
  if (state.epoch == epoch) return;
  if (state.epoch) {
    for (auto& [id, place] : state.junctions) {
      const bool ours = place.memory.ours;
      const bool plan_set = place.memory.plan_set;
      const auto commissioning = place.memory.commissioning;
      const auto book = place.memory.book;
      place.memory = signals::make_memory(place.site);
      place.memory.book = book;
      place.memory.ours = ours;
      place.memory.plan_set = plan_set;
      place.memory.commissioning = commissioning;
    }
    state.priority = priority::make_state(state.priority.places, state.parameters.priority);
    state.picture.reset();
    state.waves.clear();
    state.told.clear();
    walk::forget(state.walk);
    state.emergency.corridors.clear();  // the ends that they were given mean nothing now
    ++state.counters["controller.new_epoch"];
  }
  state.epoch = epoch;
}

}  // namespace

ControllerState make_controller(const Network& network,
                                const std::map<JunctionId, JunctionSignals>& signals,
                                const ControllerParameters& parameters) {
  ControllerState state;
  state.parameters = parameters;
  const auto index = signals::make_index(network);
  std::map<MovementId, priority::Place> places;
  for (const auto& [id, junction] : signals) {
    Place place;
    place.site = signals::make_site(index, junction, parameters.signals);
    place.memory = signals::make_memory(place.site);
    place.rows_version = ~std::uint64_t{0};
    for (const auto& m : place.site.movements) {
      places[m.id] = {id, junction.groups[m.group].id, m.group};
    }
    state.junctions.emplace(id, std::move(place));
  }
  state.priority = priority::make_state(std::move(places), parameters.priority);
  state.emergency = emergency::make_state(network, parameters.emergency);
  state.walk = walk::make_state(network, signals, parameters.signals);
  state.desk = make_book_desk(parameters.book, network, signals);
  state.book = signals::make_city_book(parameters.book, network);
  set_local_time(state, {}, {});
  state.plans = signals::make_plan_layer(network, subjects(state), parameters.signals);
  return state;
}

void set_local_time(ControllerState& state, access::LocalTime local,
                    std::vector<std::int64_t> public_holidays) {
  state.local = std::move(local);
  state.public_holidays = std::move(public_holidays);
  auto& days = state.holidays;
  days = state.public_holidays;
  for (const auto& e : state.desk.in_force.entries) {
    if (e.kind != BookKind::holiday || e.end <= e.begin) continue;
    const auto last = wall(state, e.end - Duration{1}).day;
    for (auto day = wall(state, e.begin).day; day <= last; ++day) days.push_back(day);
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
}

std::vector<PriorityRequest> apply(ControllerState& state,
                                   std::shared_ptr<const CityPicture> picture) {
  std::vector<PriorityRequest> changed;
  begin_epoch(state, picture->epoch);
  if (state.picture && picture->t < state.picture->t) {
    ++state.counters["controller.picture_too_old"];
    return changed;
  }
  state.picture = std::move(picture);
  state.index.update(*state.picture);
  append(changed, watch_people(state));
  if (!state.parameters.bus_priority) return changed;
  for (const auto& bus : state.picture->buses) {
    append(changed, priority::apply(state.priority, bus, state.picture->t));
  }
  return changed;
}

Outputs step(ControllerState& state, UtcTime now, std::uint32_t epoch) {
  begin_epoch(state, epoch);
  Outputs out;
  follow_book(state, now);
  follow_waves(state, now);
  auto corridors = emergency::step(state.emergency, state.picture.get(), now, epoch);
  out.requests = priority::step(state.priority, now);
  append(out.requests, std::move(corridors.requests));
  out.proposals = std::move(corridors.orders);
  out.decisions.reserve(state.junctions.size());
  for (auto& [id, place] : state.junctions) {
    decide(state, id, place, {now, epoch, true, std::nullopt}, out);
  }
  append(out.requests, std::exchange(state.emergency.changes, {}));
  signals::step_plan_layer(state.plans, subjects(state), now, part_of_day(state, now),
                           state.parameters.signals);
  tell_shadows(state, now);
  return out;
}

namespace {

// The junction that news of a bus concerns decides at once, beside what `out` holds already.
void decide_also(ControllerState& state, const JunctionId& junction, UtcTime now,
                 std::uint32_t epoch, std::optional<UtcTime> received, Outputs& out) {
  auto decided = decide_now(state, junction, now, epoch, received);
  out.decisions = std::move(decided.decisions);
  out.proposals = std::move(decided.proposals);
  append(out.requests, std::move(decided.requests));
}

}  // namespace

Outputs apply(ControllerState& state, const BusState& bus, UtcTime now, std::uint32_t epoch,
              std::optional<UtcTime> received) {
  Outputs out;
  if (!state.parameters.bus_priority) return out;
  begin_epoch(state, epoch);
  out.requests = priority::apply(state.priority, bus, now);
  const auto place = state.priority.places.find(bus.next_movement);
  if (place == state.priority.places.end()) return out;
  decide_also(state, place->second.junction, now, epoch, received, out);
  return out;
}

Outputs apply(ControllerState& state, const PriorityPoint& point, UtcTime now, std::uint32_t epoch,
              std::optional<UtcTime> received) {
  Outputs out;
  if (!state.parameters.bus_priority) return out;
  begin_epoch(state, epoch);
  out.requests = priority::apply(state.priority, point, now);
  decide_also(state, point.junction, now, epoch, received, out);
  return out;
}

void apply(ControllerState& state, const VehiclePosition& position, UtcTime now) {
  emergency::heard(state.emergency, position, now);
}

Outputs decide_now(ControllerState& state, const JunctionId& junction, UtcTime now,
                   std::uint32_t epoch, std::optional<UtcTime> received) {
  Outputs out;
  const auto it = state.junctions.find(junction);
  // Without a second-by-second view of the junction there is nothing that could change at once.
  if (it == state.junctions.end() || !state.picture) return out;
  decide(state, junction, it->second, {now, epoch, false, received}, out);
  return out;
}

Outputs release_all(ControllerState& state, UtcTime now, std::uint32_t epoch) {
  Outputs out;
  const signals::Moment moment{now, epoch, true, std::nullopt};
  const auto& p = state.parameters.signals;
  for (auto& [id, place] : state.junctions) {
    if (place.memory.ours) {
      auto result = signals::release(place.site, place.memory, moment, "centre_stops", p);
      out.decisions.push_back(std::move(result.decision));
      out.proposals.push_back(std::move(*result.proposal));
    }
    // Offsets, bands and plans go one order at a time; the plan is said twice while the centre
    // runs.
    look_at(state, place, now);
    for (int orders = 0; orders < kMostTakenBack; ++orders) {
      signals::JunctionOutput result;
      result.decision.junction = id;
      result.decision.t = now;
      result.decision.reason.rule = "centre_stops";
      signals::give_back(place.site, place.memory, place.view, moment, p, signals::ourselves(),
                         false, result);
      if (!result.proposal) break;
      out.decisions.push_back(std::move(result.decision));
      out.proposals.push_back(std::move(*result.proposal));
    }
  }
  take_back_requests(state, now, epoch, out);
  return out;
}

std::vector<PriorityRequest> apply(ControllerState& state, const OrderReport& report) {
  ++state.counters["controller.orders_" + std::string(to_name(report.state))];
  if (report.state != OrderState::refused) return {};
  ++state.counters["controller.refused_" + report.rule];
  const auto it = state.junctions.find(report.junction);
  if (it == state.junctions.end()) return {};
  if (auto order = order_of(state, report.proposal)) {
    return priority::refused(state.priority, *order, report.rule, report.t);
  }
  auto& memory = it->second.memory;
  // The street never heard of the change: decide anew instead of waiting for it. Between stages it
  // did hear of it, and only the refresh is missing.
  if (memory.stage != signals::kNone && memory.wanted != memory.stage) memory.wanted = memory.stage;
  return {};
}

}  // namespace dispecer::controller
