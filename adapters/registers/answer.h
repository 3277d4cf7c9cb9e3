// The dialect of the permit and payment register, read and written. PERSONAL.
//
//   POST <url>/rights  {"plates": ["MM12ABC", ...], "from": ISO, "to": ISO}
//     -> {"updated": ISO, "rights": [{"plate": "MM12ABC", "kinds": ["resident"]}]}
//        every right held at any moment of [from, to]; plates without one are left out
//   GET <url>/exempt -> the same shape: vehicles exempt at all times, for when the register is down
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fusion/model/plate.h"

namespace dispecer::registers {

struct Holdings {
  UtcTime updated;
  std::map<std::string, std::vector<PermitKind>> rights;  // by plate
};

std::string question_body(const std::vector<std::string>& plates, UtcTime from, UtcTime to);

// Causes: bad_json, bad_shape, unknown_kind (a right we do not know must not read as none). No text
// of an error repeats a plate.
Result<Holdings> parse_holdings(std::string_view body);

// What the holdings say of `plate` and of its confusable neighbours. An `updated` that lies ahead
// of `now` by more than a second gives an unusable age (the register's clock is not to be
// believed).
RightsAnswer answer_for(const Holdings& holdings, const std::string& plate, UtcTime now);

}  // namespace dispecer::registers
