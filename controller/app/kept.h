// One file that replaces itself as a whole: what must survive a restart. Mode 0600, fsynced.
#pragma once

#include <optional>
#include <string>

#include "fusion/model/result.h"

namespace dispecer::controller {

// Causes: "kept_write". Ok = on disk.
Result<> write_kept(const std::string& file, const std::string& bytes);
// Absent where there is no such file.
std::optional<std::string> read_kept(const std::string& file);

}  // namespace dispecer::controller
