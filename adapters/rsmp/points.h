// Vehicles of public transport that announce themselves by a detector logic of the controller: a
// bus loop, a contact of their doors (DetectorKind bus, door_closed).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/rsmp/config.h"
#include "fusion/model/observation.h"

namespace dispecer::rsmp {

class PointWatch {
 public:
  // The momentary state (S0002, one character a detector logic) of this moment. The first one after
  // a clear is no news.
  void momentary(const std::vector<JunctionWire>& junctions, const std::string& bits, UtcTime t,
                 std::vector<PriorityPoint>& out);
  // A vehicle was counted in a second that began then: it may have come and gone between two
  // states.
  void counted(const JunctionId& junction, const DetectorWire& wire, UtcTime begin,
               std::vector<PriorityPoint>& out);
  void clear();

 private:
  void tell(const JunctionId& junction, const DetectorWire& wire, UtcTime t,
            std::vector<PriorityPoint>& out);
  std::string before_;
  std::map<DetectorId, UtcTime> told_;
};

}  // namespace dispecer::rsmp
