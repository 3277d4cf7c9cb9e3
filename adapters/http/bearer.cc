#include "adapters/http/bearer.h"

#include <openssl/crypto.h>

namespace dispecer::http {

bool bearer_matches(const Request& request, std::string_view expected) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto header = find_header(request.headers, "Authorization");
  if (expected.empty() || !header.starts_with(kScheme)) return false;
  const auto given = header.substr(kScheme.size());
  return given.size() == expected.size() &&
         CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

}  // namespace dispecer::http
