// The static view of one junction that the second-by-second layers work on: which streams a stage
// lets go, how fast, and what it costs to get from stage to stage. Built once from the city.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "controller/plan/junction_signals.h"
#include "controller/signals/bundle.h"
#include "controller/signals/feeders.h"
#include "controller/signals/parameters.h"
#include "controller/signals/ring.h"
#include "fusion/model/network.h"

namespace dispecer::signals {

inline constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// What the city's book leaves of a link.
struct LinkLimit {
  double flow = 1;  // share of its saturation flow, above 0
  double room = 1;  // share of its lanes, above 0
  bool closed = false;
  bool operator==(const LinkLimit&) const = default;
};

struct SiteMovement {
  MovementId id;
  LinkId from;
  LinkId to;
  std::uint32_t group = 0;  // index into JunctionSignals::groups
  double room_veh = 0;      // vehicles that fit on `to`, 0 = not known
  double length = 0;        // m, of `from`, 0 = not known
  bool in_the_way = false;  // a queue that fills `from` stops who wants elsewhere behind it
  bool bus_lane = false;    // `from` has one
  // Movements of the same junction that begin on `to`: a link between two of its stop lines.
  std::vector<std::uint32_t> onward = {};
  // What the city's book says now: of `from` and `to`.
  LinkLimit own = {};
  LinkLimit ahead = {};
};

struct SiteCrossing {
  CrossingId id;
  std::uint32_t group = 0;
  bool push_button = false;
  double promise = 0;  // longest wait, s
  double length = 0;   // m
  bool slow_walk = false;
};

// From the second in which a least green is seen to be over until the order after it acts.
inline constexpr double kOrderSeconds = 1;

struct SiteStage {
  std::uint32_t number = 0;
  bool skippable = false;
  double min_green = 0;     // s, longest of its groups
  double plan_span = 0;     // s of the local plan's cycle, 0 = not in it
  std::vector<bool> green;  // by group
  std::vector<std::uint32_t> groups;
  std::vector<std::uint32_t> crossings;  // indices into Site::crossings
};

// Way from one stage to another over allowed transitions.
struct Way {
  std::uint32_t first = kNone;  // index of the stage to ask for first; kNone = no way
  double loss = 0;              // s from the end of the first stage to the green of the last one
};

// Crossings that start before the turning traffic of a stage: another stage runs before it.
struct Lead {
  std::uint32_t stage = kNone;        // the one that leads, index
  double seconds = 0;                 // that its crossings have for themselves
  std::vector<std::uint32_t> groups;  // of those crossings
};

struct Site {
  JunctionSignals signals;
  std::vector<SiteMovement> movements;
  std::vector<SiteCrossing> crossings;
  std::vector<SiteStage> stages;
  std::vector<Way> ways;            // [from * stages.size() + to]
  std::vector<Lead> leads;          // by the stage that is led, Lead::stage kNone = it is not
  std::vector<std::uint32_t> ring;  // of the local plan, indices into stages
  double cycle = 0;                 // s, of the local plan; 0 = none
  std::vector<Ring> rings;          // of all plans
  Bundles bundles;
  Feeders feeders;
  std::vector<std::vector<std::uint32_t>> group_movements;  // by group
  std::vector<std::vector<std::uint32_t>> group_crossings;  // by group
  bool limited = false;             // the book limits a link of some movement
  std::vector<double> longer_walk;  // s of green beyond the minimum for who walks slowly, by group

  [[nodiscard]] const Way& way(std::uint32_t from, std::uint32_t to) const {
    return ways[from * stages.size() + to];
  }
  // Index of a stage number, or kNone.
  [[nodiscard]] std::uint32_t index_of(std::uint32_t number) const;
};

// Rows of a network by the junction or id they belong to; points into it.
struct NetworkIndex {
  std::map<LinkId, const Link*> links;
  std::map<JunctionId, std::vector<const Movement*>> movements;
  std::map<LinkId, std::vector<const Movement*>> into;    // movements that end there
  std::map<LinkId, std::vector<const Movement*>> out_of;  // that begin there
  std::map<JunctionId, std::vector<const Crossing*>> crossings;
};
NetworkIndex make_index(const Network& network);

// Movements and crossings whose group the junction does not have are left out.
Site make_site(const NetworkIndex& network, const JunctionSignals& signals,
               const SignalParameters& parameters);

}  // namespace dispecer::signals
