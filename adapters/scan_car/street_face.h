// Which parking area a parked vehicle stands in.
#pragma once

#include <vector>

#include "fusion/model/parking.h"

namespace dispecer::scan_car {

// The area that contains the position, or the one nearest to it within 2 sd + 3 m (half a lane). An
// area without a polygon is a disc of 25 m. Empty = none, or two that are hardly apart (less than
// one sd): a guess would be somebody's fine.
ParkingId match(const std::vector<ParkingArea>& areas, LonLat position, double sd_m);

}  // namespace dispecer::scan_car
