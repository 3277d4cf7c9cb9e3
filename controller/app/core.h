// The deciding part of dispecer-controller as a value and pure functions: signals and priority
// together. The process, the replay and the benches all use this and nothing else.
//
//   auto state = make_controller(city.network, city.signals);
//   apply(state, picture);                      // each second
//   auto out = step(state, picture.t, epoch);   // decisions, proposals, requests that changed
//   out = apply(state, bus, now, epoch, received);  // a bus was heard: its junction at once
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/access/local_time.h"
#include "controller/app/book_desk.h"
#include "controller/emergency/corridor.h"
#include "controller/priority/priority.h"
#include "controller/signals/city_book.h"
#include "controller/signals/junction.h"
#include "controller/signals/plan_layer.h"
#include "controller/signals/shadow.h"
#include "controller/walk/walk.h"
#include "fusion/model/book.h"
#include "fusion/model/intent.h"

namespace dispecer::controller {

struct ControllerParameters {
  signals::SignalParameters signals;
  priority::PriorityParameters priority;
  bool bus_priority = true;
  EmergencyRegister emergency = {};  // who may ask for corridors
  Book book = {};                    // the city's
};

struct Place {
  signals::Site site;
  signals::Memory memory;
  signals::ViewIndex rows;
  std::uint64_t rows_version = 0;
  signals::JunctionView view;  // workspace
  bool hands_over = false;     // requests for priority went to its controller in the last second
};

struct ControllerState {
  ControllerParameters parameters;
  std::map<JunctionId, Place> junctions;
  priority::State priority;
  emergency::State emergency;
  walk::State walk;
  signals::PlanLayer plans;
  std::vector<signals::WaveLive> waves;       // as PlanLayer::waves
  BookDesk desk;                              // what operators and the city's files say
  signals::CityBook book;                     // what of it runs, at the signals
  access::LocalTime local;                    // empty = UTC
  std::vector<std::int64_t> public_holidays;  // local days since 1970-01-01, ascending
  std::vector<std::int64_t> holidays;         // with those of the book
  std::vector<signals::Shadow> shadows;       // candidates that run beside
  signals::Horizon horizon;                   // workspace
  std::shared_ptr<const CityPicture> picture;
  signals::PictureIndex index;
  std::optional<std::uint32_t> epoch;
  // Orders about priority that were proposed lately, oldest first.
  std::deque<std::pair<ProposalId, PriorityOrder>> told;
  std::map<std::string, std::uint64_t> counters;  // "controller.<cause>"
};

struct Outputs {
  std::vector<SignalDecision> decisions;
  std::vector<Proposal> proposals;
  std::vector<PriorityRequest> requests;  // that changed, in order
};

ControllerState make_controller(const Network& network,
                                const std::map<JunctionId, JunctionSignals>& signals,
                                const ControllerParameters& parameters = {});

// Local time and the public holidays of the country (local days, ascending); the book's holidays
// are added to them. Without it local time is UTC.
void set_local_time(ControllerState& state, access::LocalTime local,
                    std::vector<std::int64_t> public_holidays);

// Runs a candidate parameter set or policy beside the live one, at a share (0..1) of the junctions,
// and beside those added before; see controller/signals/shadow.h. Nothing that the centre decides
// depends on it. Its score is told each minute as counters "controller.shadow_<...>", and closed
// with each hour of the clock.
void add_shadow(ControllerState& state, signals::Candidate candidate, double share);

// Takes in a picture. An older one than the last of the same epoch is counted and left out; a new
// epoch forgets what was remembered of the one before, overrides included: their ends mean nothing
// in it.
std::vector<PriorityRequest> apply(ControllerState& state,
                                   std::shared_ptr<const CityPicture> picture);

// One second: a decision for every junction. Without a picture younger than 5 s everything that is
// ours is released.
Outputs step(ControllerState& state, UtcTime now, std::uint32_t epoch);

// A bus was heard: its request is brought up to date and its junction decided at once, with at most
// one new proposal. `received`: receipt of the position in the adapter, for latency figures.
Outputs apply(ControllerState& state, const BusState& bus, UtcTime now, std::uint32_t epoch,
              std::optional<UtcTime> received = std::nullopt);

// A vehicle of public transport announced itself at a point: its request is brought up to date and
// its junction decided at once.
Outputs apply(ControllerState& state, const PriorityPoint& point, UtcTime now, std::uint32_t epoch,
              std::optional<UtcTime> received = std::nullopt);

// A position of any vehicle, for emergency corridors; their junctions answer with the next step().
void apply(ControllerState& state, const VehiclePosition& position, UtcTime now);

// At most one new proposal, without waiting for the tick.
Outputs decide_now(ControllerState& state, const JunctionId& junction, UtcTime now,
                   std::uint32_t epoch, std::optional<UtcTime> received = std::nullopt);

// What became of an order: a stage order that the guard refused is not waited for, and a request
// for priority that did not get through is refused. Returns the requests that changed.
std::vector<PriorityRequest> apply(ControllerState& state, const OrderReport& report);

// Hands back everything that is ours, for a clean stop.
Outputs release_all(ControllerState& state, UtcTime now, std::uint32_t epoch);

// What operators said and must survive a restart.
struct KeptJunction {
  JunctionId junction;
  Commissioning commissioning = Commissioning::unknown;
  std::uint32_t override_kind = 0;  // 0 = none, 1 = release, 2 = hold, 3 = plan
  std::uint32_t number = 0;         // of the stage or plan
  UtcTime until;
  Actor actor;
  bool plan_set = false;
  bool operator==(const KeptJunction&) const = default;
};
struct Snapshot {
  std::vector<KeptJunction> junctions;
  std::vector<emergency::KeptCorridor> corridors;
  std::vector<BookEntry> book_written;
  std::vector<BookEntryId> book_withdrawn;
  bool operator==(const Snapshot&) const = default;
};
Snapshot snapshot(const ControllerState& state);
// Junctions that the city no longer has are left out; a commissioning state beyond what the file is
// signed for is cut down to it.
void restore(ControllerState& state, const Snapshot& snapshot);

constexpr auto fields(Tag<KeptJunction>) {
  using P = KeptJunction;
  return std::tuple{field(1, "junction", &P::junction),
                    field(2, "commissioning", &P::commissioning),
                    field(3, "override_kind", &P::override_kind, "", {0, 3}),
                    field(4, "number", &P::number, "", {0, 255}),
                    field(5, "until", &P::until),
                    field(6, "actor", &P::actor),
                    field(7, "plan_set", &P::plan_set)};
}
constexpr auto fields(Tag<Snapshot>) {
  return std::tuple{field(1, "junctions", &Snapshot::junctions),
                    field(2, "corridors", &Snapshot::corridors),
                    field(3, "book_written", &Snapshot::book_written),
                    field(4, "book_withdrawn", &Snapshot::book_withdrawn)};
}

// A person's or desk's word on a junction, an emergency corridor or the city's book. Causes of a
// refusal: "right", "unknown_junction", "unknown_stage", "unknown_plan", "expired", "until",
// "no_override", "lever", "state", those of emergency::open and emergency::end, and those of
// save_entry() and end_entry() (book_desk.h); absent = not ours to answer (cases, zones, alarms).
std::optional<IntentResult> apply(ControllerState& state, const Intent& intent, UtcTime now);

}  // namespace dispecer::controller
