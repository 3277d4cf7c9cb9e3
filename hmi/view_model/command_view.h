// What became of a command, in one line. Pure.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/case.h"
#include "hmi/view_model/console.h"

namespace dispecer::hmi {

// It was not done: refused, or too late.
bool failed(const SentIntent& sent);
// "07:44:50  Open an emergency corridor: refused, no signal stands on that way". Offset of local
// time in minutes east of UTC.
std::string command_words(Language language, const SentIntent& sent, int offset_minutes);

// Which way a case is to be decided, and which case: approving and rejecting lead to one second
// step.
std::string review_words(Language language, const ReviewCase& action,
                         const std::vector<Case>& cases, int offset_minutes);

}  // namespace dispecer::hmi
