// What travels around every payload. Two times, always: when it was measured (domain time) and when
// it was published (wall clock, for latency figures only).
#pragma once

#include <string>
#include <string_view>

#include "fusion/model/fields.h"
#include "fusion/model/picture.h"
#include "fusion/model/result.h"

namespace dispecer::bus {

struct Envelope {
  std::string world;        // World::name; other worlds are refused
  std::uint32_t topic = 0;  // row number in topics.h
  std::uint32_t schema = 1;
  std::string source;          // process that published
  std::uint32_t boot = 0;      // counts the starts of that process in this world
  std::uint64_t sequence = 0;  // per source, topic and boot, from 1
  UtcTime t_measured;          // domain time
  UtcTime t_published;         // wall clock
  Quality quality = Quality::live;

  bool operator==(const Envelope&) const = default;
};

constexpr auto fields(Tag<Envelope>) {
  using P = Envelope;
  return std::tuple{field(1, "world", &P::world),
                    field(2, "topic", &P::topic),
                    field(3, "schema", &P::schema),
                    field(4, "source", &P::source),
                    field(5, "boot", &P::boot),
                    field(6, "sequence", &P::sequence),
                    field(7, "t_measured", &P::t_measured),
                    field(8, "t_published", &P::t_published),
                    field(9, "quality", &P::quality)};
}

// A message as it stands on the wire and in journals: envelope and payload stay raw, so that
// forwarders never lose what they do not know. `seal` is empty on topics that are not sealed.
struct Message {
  Envelope envelope;
  std::string raw_envelope;
  std::string payload;
  std::string seal;
};

}  // namespace dispecer::bus
