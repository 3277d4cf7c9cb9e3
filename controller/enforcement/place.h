// Where two reads of a parked vehicle lie to each other and to the borders of the rules.
#pragma once

#include "controller/access/regulations.h"
#include "fusion/model/plate.h"

namespace dispecer::enforcement {

// Within `sds` standard deviations of the difference (root of the sum of squares of both) and
// `limit`, in the same parking area.
bool same_place(const ScanRead& a, const ScanRead& b, double sds, Metres limit);

// Does another parking area with another tariff zone lie within `sds` standard deviations?
bool near_other_rule(const access::Regulations& rules, const ParkingArea& area,
                     const ScanRead& read, double sds);

}  // namespace dispecer::enforcement
