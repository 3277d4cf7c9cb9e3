// Where a process listens for devices that call it, as a row of devices.toml names it.
#pragma once

#include <charconv>
#include <string>

#include "fusion/model/result.h"

namespace dispecer {

struct Endpoint {
  bool secure = false;  // the address says https or wss
  std::string host;
  std::uint16_t port = 0;
  std::string path;  // with its slash, "" = none named
  auto operator<=>(const Endpoint&) const = default;
};

// "host:port", "host:port/path", or the same with http://, https://, ws:// or wss:// before it.
// Error bad_address.
inline Result<Endpoint> parse_endpoint(const std::string& address) {
  const Error bad{"bad_address", "found '" + address + "', expected host:port or a URL", ""};
  Endpoint e;
  std::string rest = address;
  if (const auto scheme = rest.find("://"); scheme != std::string::npos) {
    const auto name = rest.substr(0, scheme);
    e.secure = name == "https" || name == "wss";
    rest = rest.substr(scheme + 3);
  }
  if (const auto slash = rest.find('/'); slash != std::string::npos) {
    e.path = rest.substr(slash);
    rest = rest.substr(0, slash);
  }
  const auto colon = rest.rfind(':');
  if (colon == std::string::npos || colon == 0) return bad;
  const auto* end = rest.data() + rest.size();
  const auto parsed = std::from_chars(rest.data() + colon + 1, end, e.port);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return bad;
  e.host = rest.substr(0, colon);
  if (e.host == "localhost") e.host = "127.0.0.1";
  return e;
}

inline bool is_loopback(const Endpoint& e) {
  return e.host.starts_with("127.") || e.host == "::1" || e.host == "[::1]";
}

}  // namespace dispecer
