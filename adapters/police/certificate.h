// An authority of our own for receivers of leads on this machine, where the city gives no
// certificate: made once, kept with mode 0600.
#pragma once

#include <string>

#include "adapters/http/tls.h"
#include "fusion/model/result.h"

namespace dispecer::police {

struct OwnCertificate {
  http::TlsIdentity identity;  // for 127.0.0.1, ::1 and localhost
  std::string ca_file;         // whom a receiver must believe
};

// Makes or finds ca.pem, server.pem and server.key in `folder`. The authority's key is not kept.
// Cause: certificate.
Result<OwnCertificate> own_certificate(const std::string& folder);

}  // namespace dispecer::police
