#include "adapters/process/journal_header.h"

#ifndef DISPECER_BUILD_ID
#define DISPECER_BUILD_ID "unknown"
#endif

namespace dispecer::process {

std::string build_id() {
  return DISPECER_BUILD_ID;
}

}  // namespace dispecer::process
