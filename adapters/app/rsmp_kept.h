// The file in which dispecer-rsmp keeps what it has to take back from the controllers.
#pragma once

#include <string>

#include "adapters/rsmp/kept.h"
#include "fusion/model/result.h"

namespace dispecer {

// Whole and on the disk when it returns: a kill or a power cut leaves the old file or the new one.
// Causes: not_written (file and what failed).
Result<> write_kept(const std::string& file, const rsmp::Kept& kept);

// Empty where there is no such file. Causes: unreadable (file and why).
Result<rsmp::Kept> read_kept(const std::string& file);

}  // namespace dispecer
