// Lines that run another way for a while: the timetable as it is driven while entries of the city's
// book run. Everything that is built on it (match, arrival, next signal) then follows the way that
// the bus takes, and the signals that it does not come by are not asked.
#pragma once

#include <vector>

#include "fusion/model/book.h"
#include "fusion/model/network.h"
#include "fusion/model/transit.h"

namespace dispecer::transit {

struct Detoured {
  Timetable timetable;
  std::size_t shapes = 0;              // that were led another way
  std::vector<BookEntryId> unmatched;  // entries that no shape of their lines fits
};

// `entries`: those that run, in the order of the book; the first of two for one shape is driven. A
// shape is led over `way` from its first link that is the way's first, to the last one behind it
// that is the way's last; shapes without links are left as they are. Stops that lie on the part
// that is left out are not served. Ids and the order of trips and stops stay.
Detoured detour(const Timetable& timetable, const Network& network,
                const std::vector<BookEntry>& entries);

}  // namespace dispecer::transit
