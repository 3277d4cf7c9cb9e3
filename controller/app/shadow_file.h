// A candidate parameter set as a file, and the table that its score makes.
#pragma once

#include <string>

#include "controller/signals/shadow.h"
#include "fusion/model/result.h"

namespace dispecer::controller {

// TOML: names of controller/signals/parameters.h and their values; what is missing keeps its
// default; and `policy` (look_ahead, cycle or plan). Its name is that of the file without folder
// and ending. Causes: no_file, bad_text, unknown_key, wrong_type, bad_value, out_of_range.
Result<signals::Candidate> read_candidate(const std::string& file);

// One line a score: "12.3 % different, loss 4.5 veh s per junction and hour, ...".
std::string shadow_line(const signals::ShadowScore& score);

// "shadow_<figure>: value unit", one a line ; then the junctions at which the two differ most, at
// most `most` of them.
std::string shadow_table(const signals::Shadow& shadow, std::size_t most);

}  // namespace dispecer::controller
