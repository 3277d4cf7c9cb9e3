// A candidate parameter set as a file, and the table that its score makes.
#pragma once

#include <string>

#include "controller/signals/shadow.h"
#include "fusion/model/result.h"

namespace dispecer::controller {

// TOML: names of controller/signals/parameters.h and their values; what is missing keeps its
// default. Causes: no_file, bad_text, unknown_key, wrong_type, out_of_range.
Result<signals::SignalParameters> read_candidate(const std::string& file);

// "shadow_<figure>: value unit", one a line; then the junctions at which the two differ most, at
// most `most` of them.
std::string shadow_table(const signals::Shadow& shadow, std::size_t most);

}  // namespace dispecer::controller
