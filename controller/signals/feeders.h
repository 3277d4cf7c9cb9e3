// Queues that lie beyond the link at the stop line: where links without signals lead into it, who
// waits on them waits for the same green. Found once from the network.
#pragma once

#include <cstdint>
#include <vector>

#include "fusion/model/id.h"
#include "fusion/model/network.h"
#include "fusion/model/picture.h"

namespace dispecer::signals {

struct Site;
struct NetworkIndex;
struct ViewIndex;
struct JunctionView;
struct SignalParameters;

// A movement without signals that leads, perhaps over others, into an approach.
struct Feeder {
  MovementId id;
  std::uint32_t approach = 0;       // index into Feeders::approaches
  std::uint32_t over = 0;           // row that it leads over, kNone = straight into the approach
  std::vector<MovementId> of_link;  // all movements that leave its link
};

struct Feeders {
  struct Approach {
    LinkId link;
    std::vector<std::uint32_t> movements;  // indices into Site::movements
  };
  std::vector<Approach> approaches;  // that have feeders
  std::vector<Feeder> rows;          // a row stands after the one that it leads over
};

// Follows links upstream while they begin less than `reach_m` from the stop line.
Feeders find_feeders(const Site& site, const NetworkIndex& network, double reach_m);

// Whether a queue that fills `link` stops somebody who wants elsewhere: a link that leads into it,
// or over others that begin less than `reach_m` from its stop line, leads to another one as well.
// Where the network begins there is nobody behind.
bool in_the_way(const NetworkIndex& network, const LinkId& link, double reach_m);

// Adds to the queues of an approach that is full those who stand on links that lead there, as far
// as they will come into it; they are shared out over its movements like those who are there and
// come.
void add_beyond(const Site& site, const ViewIndex& rows, const CityPicture& picture,
                const SignalParameters& parameters, JunctionView& view);

}  // namespace dispecer::signals
