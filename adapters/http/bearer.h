// Who calls: a token of its own, as "Authorization: Bearer ..." (RFC 6750).
#pragma once

#include <string_view>

#include "adapters/http/message.h"

namespace dispecer::http {

// Compares in constant time. An empty `expected` lets nobody in.
bool bearer_matches(const Request& request, std::string_view expected);

}  // namespace dispecer::http
