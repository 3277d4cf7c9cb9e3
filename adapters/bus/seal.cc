#include "adapters/bus/seal.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fusion/model/ensure.h"

namespace dispecer::bus {
namespace {

constexpr std::size_t kSealBytes = 32;

void ready() {
  ensure(sodium_init() >= 0);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

WorldKey WorldKey::generate() {
  ready();
  WorldKey key;
  randombytes_buf(key.key_.data(), key.key_.size());
  return key;
}

Result<WorldKey> WorldKey::load_or_create(const std::string& file) {
  ready();
  int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const auto fresh = generate();
    const auto draft = file + "." + std::to_string(::getpid());
    fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool written =
        fd >= 0 && ::write(fd, fresh.key_.data(), fresh.key_.size()) == 32 && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    // link() lets exactly one of several processes that start together win.
    const bool linked = written && (::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
    ::unlink(draft.c_str());
    if (!linked) return Error{"key_unreadable", "cannot create the world's key", file};
    fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return Error{"key_unreadable", "cannot open the world's key", file};
  }
  struct stat info {};
  WorldKey key;
  const bool stated = ::fstat(fd, &info) == 0;
  const auto n = ::read(fd, key.key_.data(), key.key_.size());
  ::close(fd);
  if (!stated || n != 32 || info.st_size != 32) {
    return Error{"key_wrong_size", "expected 32 bytes, found " + std::to_string(info.st_size),
                 file};
  }
  if ((info.st_mode & 077) != 0)
    return Error{"key_exposed", "others may read it, expected mode 0600", file};
  return key;
}

std::string WorldKey::seal(const std::string& world, std::string_view raw_envelope,
                           std::string_view payload) const {
  crypto_generichash_state state;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(key_.data()), key_.size(),
                          kSealBytes);
  for (const std::string_view part : {std::string_view(world), raw_envelope, payload}) {
    const std::uint64_t n = part.size();
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&n), sizeof n);
    crypto_generichash_update(&state, bytes_of(part), part.size());
  }
  std::string seal(kSealBytes, '\0');
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(seal.data()), seal.size());
  return seal;
}

bool WorldKey::verify(const std::string& world, std::string_view raw_envelope,
                      std::string_view payload, std::string_view given) const {
  const auto expected = seal(world, raw_envelope, payload);
  return given.size() == expected.size() &&
         sodium_memcmp(expected.data(), given.data(), expected.size()) == 0;
}

Result<> SealGate::admit(const Message& message) {
  const auto& e = message.envelope;
  if (e.world != world_) return Error{"other_world", "found world '" + e.world + "'", e.source};
  if (!key_.verify(world_, message.raw_envelope, message.payload, message.seal)) {
    return Error{"forged", "the seal does not fit", e.source};
  }
  auto& seen = seen_[{e.source, e.topic}];
  if (e.boot < seen.boot || (e.boot == seen.boot && e.sequence <= seen.sequence)) {
    return Error{
        "replayed",
        "sequence " + std::to_string(e.sequence) + " after " + std::to_string(seen.sequence),
        e.source};
  }
  seen = {e.boot, e.sequence};
  return Ok{};
}

}  // namespace dispecer::bus
