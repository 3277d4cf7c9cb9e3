// First record of a replay journal, and how messages stand in it.
#pragma once

#include "adapters/bus/codec.h"
#include "adapters/bus/envelope.h"
#include "fusion/model/world.h"

namespace dispecer::process {

struct JournalHeader {
  std::string process;
  std::uint32_t boot = 0;
  World world;
  std::string build;
  std::string city_hash;
  std::string city_dir;
  bool operator==(const JournalHeader&) const = default;
};

constexpr auto fields(Tag<JournalHeader>) {
  using P = JournalHeader;
  return std::tuple{field(1, "process", &P::process),     field(2, "boot", &P::boot),
                    field(3, "world", &P::world),         field(4, "build", &P::build),
                    field(5, "city_hash", &P::city_hash), field(6, "city_dir", &P::city_dir)};
}

struct JournalMessage {
  std::string envelope;      // raw; empty for a record of a durable stream
  std::string payload;       // raw
  UtcTime handled;           // domain time that the process gave it when it took it up
  std::uint32_t stream = 0;  // number of the durable stream, 0 = a bus message
  std::uint32_t zipped = 0;  // size of the payload before it was deflated (zlib), 0 = it was not
  bool operator==(const JournalMessage&) const = default;
};

constexpr auto fields(Tag<JournalMessage>) {
  using P = JournalMessage;
  return std::tuple{field(1, "envelope", &P::envelope), field(2, "payload", &P::payload),
                    field(3, "handled", &P::handled), field(4, "stream", &P::stream),
                    field(5, "zipped", &P::zipped, "byte")};
}

// A message as it stands in a journal; payloads of a kilobyte and more are deflated.
std::string pack_message(const bus::Message& m, UtcTime handled);
// Causes: those of decode, "bad_deflate".
Result<JournalMessage> unpack_message(std::string_view bytes);

// Commit and compiler options that this program was built from.
std::string build_id();

}  // namespace dispecer::process
