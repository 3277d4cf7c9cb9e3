#include "adapters/police/certificate.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

namespace dispecer::police {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;

constexpr long kTenYears = 3650L * 86400;

bool extend(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  const bool good = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return good;
}

// A certificate named `name` for `key`, signed by `issuer` (or by itself).
Certificate make(const char* name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate c(X509_new());
  std::uint64_t serial = 0;
  if (!c || RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return {};
  auto* subject = X509_get_subject_name(c.get());
  X509_set_version(c.get(), 2);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(c.get()), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(c.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(c.get()), kTenYears);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_pubkey(c.get(), key);
  X509* signer = issuer != nullptr ? issuer : c.get();
  X509_set_issuer_name(c.get(), X509_get_subject_name(signer));
  const bool good =
      issuer == nullptr
          ? extend(c.get(), signer, NID_basic_constraints, "critical,CA:TRUE") &&
                extend(c.get(), signer, NID_key_usage, "critical,keyCertSign,cRLSign")
          : extend(c.get(), signer, NID_basic_constraints, "critical,CA:FALSE") &&
                extend(c.get(), signer, NID_subject_alt_name, "IP:127.0.0.1,IP:::1,DNS:localhost");
  if (!good || X509_sign(c.get(), issuer_key, EVP_sha256()) == 0) return {};
  return c;
}

// Writes with mode 0600 through a draft, so that a half-written file is never used.
template <class Write>
bool write_pem(const std::string& file, Write&& write) {
  const auto draft = file + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  std::FILE* out = ::fdopen(fd, "w");
  if (out == nullptr) {
    ::close(fd);
    return false;
  }
  const bool written = write(out);
  return std::fclose(out) == 0 && written && std::rename(draft.c_str(), file.c_str()) == 0;
}

}  // namespace

Result<OwnCertificate> own_certificate(const std::string& folder) {
  namespace fs = std::filesystem;
  const OwnCertificate own{{folder + "/server.pem", folder + "/server.key", ""},
                           folder + "/ca.pem"};
  std::error_code ec;
  // The authority is written last: where it stands, the others do.
  if (fs::exists(own.ca_file, ec)) return own;
  fs::create_directories(folder, ec);
  fs::permissions(folder, fs::perms::owner_all, ec);
  const Key ca_key(EVP_EC_gen("P-256"));
  const Key key(EVP_EC_gen("P-256"));
  const Error failed{"certificate", "could not be made", folder};
  if (!ca_key || !key) return failed;
  const auto ca = make("Dispecer own authority", ca_key.get(), nullptr, ca_key.get());
  if (!ca) return failed;
  const auto server = make("Dispecer", key.get(), ca.get(), ca_key.get());
  if (!server) return failed;
  const bool kept =
      write_pem(own.identity.key_file,
                [&](std::FILE* f) {
                  return PEM_write_PrivateKey(f, key.get(), nullptr, nullptr, 0, nullptr,
                                              nullptr) == 1;
                }) &&
      write_pem(own.identity.certificate_file,
                [&](std::FILE* f) { return PEM_write_X509(f, server.get()) == 1; }) &&
      write_pem(own.ca_file, [&](std::FILE* f) { return PEM_write_X509(f, ca.get()) == 1; });
  if (!kept) return Error{"certificate", "could not be written", folder};
  return own;
}

}  // namespace dispecer::police
