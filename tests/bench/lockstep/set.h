// Candidate sets of parameters from the command line.
#pragma once

#include <charconv>
#include <string>
#include <vector>

#include "fusion/model/fields.h"
#include "fusion/model/result.h"

namespace dispecer::bench {

// Each "name=value" changes one listed parameter. Causes: bad_value, unknown_parameter,
// out_of_range.
template <Payload P>
Result<> set_parameters(const std::vector<std::string>& changes, P& p) {
  for (const auto& change : changes) {
    const auto equals = change.find('=');
    const auto name = change.substr(0, equals);
    double value = 0;
    const char* end = change.data() + change.size();
    const char* begin = equals == std::string::npos ? end : change.data() + equals + 1;
    if (begin == end || std::from_chars(begin, end, value).ptr != end) {
      return Error{"bad_value", "expected name=number, found '" + change + "'", "--set"};
    }
    bool found = false;
    Error wrong;
    for_each_field(p, [&](const auto& field, auto& member) {
      if (field.name != name) return;
      found = true;
      if (value < field.range.min || value > field.range.max) {
        wrong = {"out_of_range", "'" + change + "' is not within its range", "--set"};
      }
      member = value;
    });
    if (!found) return Error{"unknown_parameter", "there is no parameter '" + name + "'", "--set"};
    if (!wrong.cause.empty()) return wrong;
  }
  return Ok{};
}

}  // namespace dispecer::bench
