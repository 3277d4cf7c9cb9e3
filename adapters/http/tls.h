// TLS settings. Files are PEM; keys live outside the source tree and are read at start.
#pragma once

#include <string>

namespace dispecer::http {

// A server's identity. `client_ca_file` set = callers must show a certificate signed by it.
struct TlsIdentity {
  std::string certificate_file;  // chain, leaf first
  std::string key_file;
  std::string client_ca_file;
  bool operator==(const TlsIdentity&) const = default;
};

// Whom a client believes. `ca_file` empty = the system's authorities. Certificate and host name are
// always verified. `certificate_file` and `key_file`: our own certificate, where the server asks.
struct TlsTrust {
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  bool operator==(const TlsTrust&) const = default;
};

}  // namespace dispecer::http
