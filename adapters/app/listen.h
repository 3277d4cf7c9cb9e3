// How a process listens for devices that call it: with the deployment's certificate where there is
// one; who may do without a token.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "adapters/app/endpoint.h"
#include "adapters/http/server.h"
#include "adapters/process/shell.h"

namespace dispecer {

// Absent = the deployment names no certificate.
inline std::optional<http::TlsIdentity> own_tls(process::Shell& shell) {
  const auto certificate = shell.deploy("tls.certificate_file");
  if (certificate.empty()) return std::nullopt;
  return http::TlsIdentity{certificate, shell.deploy("tls.key_file"),
                           shell.deploy("tls.client_ca_file")};
}

inline Result<std::unique_ptr<http::Server>> listen_at(process::Shell& shell,
                                                       const Endpoint& endpoint,
                                                       http::Server::Handler handler) {
  http::ServerOptions options;
  options.address = endpoint.host;
  options.port = endpoint.port;
  options.tls = own_tls(shell);
  return http::Server::listen(shell.io(), options, std::move(handler));
}

// Without a token of its own a virtual device on this machine may call, a real one may not.
inline bool may_be_open(const city::DeviceRow& row, const Endpoint& endpoint) {
  return row.street == city::StreetKind::simulated && is_loopback(endpoint);
}

}  // namespace dispecer
