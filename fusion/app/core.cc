#include "fusion/app/core.h"

#include <algorithm>

#include "fusion/transit/detour.h"

namespace dispecer::fusion {
namespace {

void forget(FusionState& state) {
  const auto& setup = *state.setup;
  state.traffic = traffic::make_state(setup.network, setup.signals, setup.traffic);
  traffic::set_book(state.traffic, state.book);
  state.transit =
      transit::make_state(setup.timetable, setup.network, setup.signals, state.days, setup.transit);
  state.detours.clear();
  state.parking = parking::make_state(setup.parking, setup.parking_rules);
  state.air = air::make_state(setup.stations, setup.air);
  state.signals.clear();
  state.signs.clear();
  state.feeds.clear();
  state.buses_asked = UtcTime{};
  restart(state.outlook);
}

void tell_conditions(FusionState& state) {
  auto& conditions = state.transit.conditions;
  conditions.discharge_s.resize(state.traffic.movements.size());
  for (std::uint32_t m = 0; m < conditions.discharge_s.size(); ++m) {
    conditions.discharge_s[m] = traffic::discharge_s(state.traffic, m);
  }
  conditions.speed.resize(state.traffic.links.size());
  for (std::uint32_t i = 0; i < conditions.speed.size(); ++i) {
    const auto speed = traffic::speed_of(state.traffic, i);
    conditions.speed[i] = speed && speed->usable() ? speed->value : 0.0;
  }
}

// Lines drive another way from the second on in which an entry of the book says so.
void follow_detours(FusionState& state) {
  std::vector<BookEntry> run;
  for (const auto& e : state.book.entries) {
    if (!e.lines.empty() && runs(e, state.now, state.traffic.wall)) run.push_back(e);
  }
  if (run == state.detours) return;
  const auto& s = *state.setup;
  const auto driven = transit::detour(s.timetable, s.network, run);
  transit::set_timetable(state.transit, driven.timetable, s.network, s.signals, state.days);
  // Told only of what goes on: an entry that has ended is no news.
  const auto tell = [&](const BookEntryId& entry, bool active) {
    apply(state,
          AlarmEvent{"detour_unmatched", entry.str(), AlarmPriority::medium, active, state.now, ""},
          "fusion");
  };
  for (const auto& e : state.detours) tell(e.id, false);
  for (const auto& id : driven.unmatched) tell(id, true);
  state.detours = std::move(run);
  ++state.counters["fusion.detour_changes"];
}

}  // namespace

FusionState make_fusion(std::shared_ptr<const Setup> setup) {
  const auto& s = *setup;
  FusionState state;
  state.setup = setup;
  state.traffic = traffic::make_state(s.network, s.signals, s.traffic);
  state.transit = transit::make_state(s.timetable, s.network, s.signals, {}, s.transit);
  state.parking = parking::make_state(s.parking, s.parking_rules);
  state.air = air::make_state(s.stations, s.air);
  state.alarms = alarms::make_book(s.alarms);
  state.outlook = make_outlook(s.network, s.parking, s.outlook);
  state.book = s.book;
  traffic::set_book(state.traffic, s.book);
  return state;
}

void set_days(FusionState& state, std::map<std::uint32_t, UtcTime> days) {
  state.days = std::move(days);
  transit::set_days(state.transit, state.days);
}

void detail::note(FusionState& state, const char* feed, UtcTime measured) {
  auto& row = state.feeds[feed];
  row.heard = true;
  if (measured > row.newest) row.newest = measured;
}

void apply(FusionState& state, const DetectorBatch& batch) {
  traffic::apply(state.traffic, batch);
  detail::note(state, kDetectors, batch.to);
}

void apply(FusionState& state, const SignalObservation& observation) {
  auto& row = state.signals[observation.junction];
  if (observation.t < row.t) {
    ++state.counters["fusion.signal_older"];
    return;
  }
  row = observation;
  traffic::apply(state.traffic, observation);
  transit::apply(state.transit, observation);
  if (observation.link == CommLink::connected) detail::note(state, kSignals, observation.t);
}

std::optional<BusState> apply(FusionState& state, const VehiclePosition& position) {
  if (position.emergency != EmergencyKind::unknown) return std::nullopt;  // no bus
  auto update = transit::apply(state.transit, position);
  if (!update) return std::nullopt;
  detail::note(state, kAvl, position.t);
  if (update->ground) {
    traffic::apply(state.traffic, traffic::BusSpeed{update->ground->link, update->ground->speed,
                                                    update->ground->t});
  }
  if (const auto& seen = update->traffic) {
    traffic::apply(state.traffic, traffic::BusInTraffic{seen->movement, seen->to_stop_line,
                                                        seen->speed, seen->stands, seen->t});
  }
  return std::move(update->bus);
}

void apply(FusionState& state, const ParkingCount& count) {
  const auto cause = parking::apply(state.parking, count);
  // A feed that speaks nonsense speaks; one that repeats old news does not.
  if (cause != "older" && cause != "future") detail::note(state, kParkingCounts, count.t);
}

void apply(FusionState& state, const AirSample& sample) {
  const auto cause = air::apply(state.air, sample);
  if (cause != "older" && cause != "future") detail::note(state, kAir, sample.period.end);
}

void apply(FusionState& state, const SignReport& report) {
  auto& row = state.signs[report.sign];
  if (report.t < row.t) {
    ++state.counters["fusion.sign_older"];
    return;
  }
  row = report;
  detail::note(state, kSigns, report.t);
}

void apply(FusionState& state, const Book& book) {
  if (book == state.book) return;
  state.book = book;
  state.calendar_due = true;
  traffic::set_book(state.traffic, book);
  ++state.counters["fusion.book_changes"];
}

void apply(FusionState& state, const AlarmEvent& event, const std::string& source) {
  alarms::apply(state.alarms, event, source);
}

void apply(FusionState& state, const ProcessHealth& health) {
  const bool degraded = health.state == ProcessState::degraded;
  const auto it = state.alarms.entries.find(alarms::id_of("process_degraded", health.process));
  const bool known = it != state.alarms.entries.end() && it->second.active;
  if (!degraded && !known) return;
  alarms::apply(
      state.alarms,
      {"process_degraded", health.process, AlarmPriority::medium, degraded, state.now, health.note},
      health.process);
}

CityPicture step(FusionState& state, const ClockTick& tick) {
  if (state.started && tick.epoch != state.epoch) {
    forget(state);
    state.begun = tick.now;
    ++state.counters["fusion.new_epoch"];
  }
  if (!state.started) state.begun = tick.now;
  state.started = true;
  state.epoch = tick.epoch;
  state.now = tick.now;
  state.traffic.wall = forecast::local_minute(state.calendar, tick.now);
  follow_detours(state);
  for (const auto& event : traffic::step(state.traffic, tick.now)) {
    alarms::apply(state.alarms, event);
  }
  for (const auto& event : transit::step(state.transit, tick.now)) {
    alarms::apply(state.alarms, event);
  }
  parking::step(state.parking, tick.now);
  air::step(state.air, tick.now);
  tell_conditions(state);

  CityPicture out;
  out.t = tick.now;
  out.epoch = tick.epoch;
  traffic::picture(state.traffic, out);
  transit::picture(state.transit, out);
  parking::picture(state.parking, out);
  air::picture(state.air, out);
  out.signals.reserve(state.signals.size());
  for (const auto& [id, observation] : state.signals) out.signals.push_back(observation);
  for (const auto& [id, report] : state.signs) out.signs.push_back(report);
  out.sources = detail::judge_sources(state, out);
  alarms::step(state.alarms, tick.now);
  state.forecast_new = apply(state.outlook, out);
  if (state.forecast_new) detail::expect_usual_flow(state);
  return out;
}

// The usual flow of this moment is what the estimator leans on where loops are silent.
void detail::expect_usual_flow(FusionState& state) {
  std::vector<std::optional<traffic::FlowPrior>> prior;
  for (const auto& e : expected_flow(state.outlook, state.setup->network.links.size())) {
    prior.push_back(e && e->sd > 0 ? std::optional(traffic::FlowPrior{e->value, e->sd})
                                   : std::nullopt);
  }
  traffic::set_prior(state.traffic, std::move(prior));
}

AlarmList alarm_list(const FusionState& state) {
  return alarms::list(state.alarms);
}

std::map<std::string, std::uint64_t> counters(const FusionState& state) {
  auto all = state.counters;
  for (const auto* more : {&state.traffic.counters, &state.transit.counters,
                           &state.parking.counters, &state.air.counters, &state.alarms.counters}) {
    all.insert(more->begin(), more->end());
  }
  for (const auto& part : state.outlook.parts) {
    if (!part.forecast) continue;
    for (const auto& [name, count] : part.forecast->counters) all[name] += count;
  }
  return all;
}

}  // namespace dispecer::fusion
