// The network as vectors that refer to each other by position, built once, so that the one-second
// loop looks nothing up by id.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "controller/plan/junction_signals.h"
#include "fusion/model/network.h"

namespace dispecer::traffic {

inline constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

struct LinkIndex {
  LinkId id;
  double length = 0;      // m
  double free_speed = 0;  // m/s
  double cruise = 0;      // m/s: what traffic drives between junctions
  double travel_s = 0;    // its length at that speed, whole seconds
  double saturation = 0;  // veh/h
  std::uint32_t lanes = 1;
  bool motor = true;             // has a lane for motor traffic
  std::uint32_t first_lane = 0;  // place in vectors over all lanes of all links
  std::uint32_t from = 0;        // place, counted through
  std::uint32_t to = 0;
  std::vector<std::uint32_t> in;   // movements that end here
  std::vector<std::uint32_t> out;  // movements that begin here
  std::vector<std::uint32_t> stop_line;
  std::vector<std::uint32_t> advance;
  std::vector<std::uint32_t> entry;
};

// What the one-second loop reads of every movement stands first, in one line of memory.
struct alignas(64) MovementIndex {
  std::uint32_t from = kNone;      // link
  std::uint32_t to = kNone;        // link
  std::uint32_t junction = kNone;  // into Index::junctions, kNone = no signals there
  std::uint32_t group = kNone;     // of that junction
  double share = 0;                // of `from`, as learnt so far; the shares of a link sum to 1
  double saturation = 0;           // veh/h
  std::uint32_t lane_bits = 0;     // of `from`; 31 stands for those beyond
  Turn turn = Turn::unknown;
  std::vector<std::uint32_t> stop_line;  // detectors on those lanes
  std::vector<std::uint32_t> lanes;      // never empty
  double given_share = 0;                // of `from`, before anything was learnt
  MovementId id;
};

struct DetectorIndex {
  DetectorId id;
  DetectorKind kind = DetectorKind::unknown;
  std::uint32_t site = kNone;  // into Index::sites: whose controller reads it
  std::uint32_t link = kNone;
  std::uint32_t lane = 0;
  double to_stop_line = 0;               // m
  std::uint32_t group = kNone;           // of the site's junction, for buttons
  std::vector<std::uint32_t> movements;  // that use its lane
  bool turns_right = false;              // one of them
  bool unsignalled = false;              // no signal stands at the end of its link
};

struct CrossingIndex {
  CrossingId id;
  std::uint32_t junction = kNone;
  std::uint32_t group = kNone;
  bool push_button = false;
  std::vector<std::uint32_t> buttons;  // detectors
};

struct Index {
  std::vector<LinkIndex> links;
  std::vector<MovementIndex> movements;
  std::vector<DetectorIndex> detectors;
  std::vector<CrossingIndex> crossings;
  std::size_t lanes = 0;  // of all links: each has as many as its movements name, at most 32
  std::vector<std::uint32_t> watched;                 // movements that a loop may see, ascending
  std::vector<JunctionId> junctions;                  // that have signals
  std::vector<std::vector<std::uint32_t>> signalled;  // by junction: movements with a group there
  std::vector<JunctionId> sites;                      // that have detectors or signals
  std::map<DetectorId, std::uint32_t> detector_of;
  std::map<JunctionId, std::uint32_t> junction_of;
  std::map<JunctionId, std::uint32_t> site_of;
  std::map<LinkId, std::uint32_t> link_of;
  std::map<MovementId, std::uint32_t> movement_of;
};

// Rows of the index stand in the order of the network. What refers to something that is not there
// keeps kNone and takes no part.
Index make_index(const Network& network, const std::map<JunctionId, JunctionSignals>& signals);

}  // namespace dispecer::traffic
