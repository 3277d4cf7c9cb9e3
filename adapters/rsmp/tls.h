// TLS of the supervisor's port. Private to the listener.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "adapters/rsmp/listener.h"

namespace dispecer::rsmp {

// A server's context: TLS 1.3 or newer only, the peer must show a certificate signed by `ca`. Cause
// bad_tls, naming the file.
Result<std::unique_ptr<boost::asio::ssl::context>> server_context(const TlsFiles& files);

// Common name of the certificate that the peer showed; absent = none, or a name with a zero byte.
std::optional<std::string> peer_name(SSL* connection);

}  // namespace dispecer::rsmp
