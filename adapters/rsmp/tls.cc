#include "adapters/rsmp/tls.h"

namespace dispecer::rsmp {

namespace ssl = boost::asio::ssl;

Result<std::unique_ptr<ssl::context>> server_context(const TlsFiles& files) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  boost::system::error_code code;
  const auto bad = [&](const std::string& file) {
    return Error{"bad_tls", code ? code.message() : "cannot be used", file};
  };
  if (SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION) != 1) {
    return bad("TLS 1.3");
  }
  context->use_certificate_chain_file(files.certificate, code);
  if (code) return bad(files.certificate);
  context->use_private_key_file(files.key, ssl::context::pem, code);
  if (code) return bad(files.key);
  context->load_verify_file(files.ca, code);
  if (code) return bad(files.ca);
  context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, code);
  if (code) return bad(files.ca);
  // A session that is taken up again would pass without showing its certificate anew.
  SSL_CTX_set_session_cache_mode(context->native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context->native_handle(), 0);
  return context;
}

std::optional<std::string> peer_name(SSL* connection) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      SSL_get1_peer_certificate(connection), &X509_free);
  if (certificate == nullptr) return std::nullopt;
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return std::nullopt;
  const ASN1_STRING* data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, data);
  if (size <= 0) return std::nullopt;
  std::string name(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  if (name.find('\0') != std::string::npos) return std::nullopt;
  return name;
}

}  // namespace dispecer::rsmp
