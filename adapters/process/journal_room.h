// Room for the replay journals of one process: the oldest are deleted until the rest leaves the
// asked-for room.
#pragma once

#include <cstdint>
#include <string>

namespace dispecer::process {

// Deletes journals "<process>-<boot>.journal" of `folder`, lowest boot first, until together they
// have at most `most_bytes`. Returns how many were deleted.
std::uint32_t make_journal_room(const std::string& folder, const std::string& process,
                                std::uint64_t most_bytes);

}  // namespace dispecer::process
