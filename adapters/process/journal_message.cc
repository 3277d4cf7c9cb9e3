#include <zlib.h>

#include "adapters/process/journal_header.h"

namespace dispecer::process {
namespace {
constexpr std::size_t kLeastToDeflate = 1024;
}

std::string pack_message(const bus::Message& m, UtcTime handled) {
  JournalMessage packed{m.raw_envelope, {}, handled, 0, 0};
  if (m.payload.size() >= kLeastToDeflate) {
    uLongf size = compressBound(m.payload.size());
    packed.payload.resize(size);
    const auto done =
        compress2(reinterpret_cast<Bytef*>(packed.payload.data()), &size,
                  reinterpret_cast<const Bytef*>(m.payload.data()), m.payload.size(), Z_BEST_SPEED);
    if (done == Z_OK) {
      packed.payload.resize(size);
      packed.zipped = static_cast<std::uint32_t>(m.payload.size());
      return bus::encode(packed);
    }
  }
  packed.payload = m.payload;
  return bus::encode(packed);
}

Result<JournalMessage> unpack_message(std::string_view bytes) {
  constexpr std::uint32_t kMost = 64U << 20;
  auto message = bus::decode<JournalMessage>(bytes);
  if (!message || message->zipped == 0) return message;
  std::string plain(std::min(message->zipped, kMost), '\0');
  uLongf size = plain.size();
  const auto done =
      uncompress(reinterpret_cast<Bytef*>(plain.data()), &size,
                 reinterpret_cast<const Bytef*>(message->payload.data()), message->payload.size());
  if (done != Z_OK || size != message->zipped)
    return Error{"bad_deflate", "a payload cannot be inflated", ""};
  message->payload = std::move(plain);
  message->zipped = 0;
  return message;
}

}  // namespace dispecer::process
