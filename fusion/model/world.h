// One world per start. Nothing decided in a bench, a training or a replay can reach a street.
#pragma once

#include <string>

#include "fusion/model/fields.h"

namespace dispecer {

enum class WorldKind : std::uint8_t {
  unknown = 0,
  street = 1,
  bench = 2,
  training = 3,
  replay = 4
};

constexpr auto names(Tag<WorldKind>) {
  return std::array{
      Name<WorldKind>{WorldKind::unknown, "unknown"}, Name<WorldKind>{WorldKind::street, "street"},
      Name<WorldKind>{WorldKind::bench, "bench"}, Name<WorldKind>{WorldKind::training, "training"},
      Name<WorldKind>{WorldKind::replay, "replay"}};
}

struct World {
  WorldKind kind = WorldKind::unknown;
  std::string name;  // unique per start of the centre

  bool operator==(const World&) const = default;
};

constexpr auto fields(Tag<World>) {
  using P = World;
  return std::tuple{field(1, "kind", &P::kind), field(2, "name", &P::name)};
}

// Domain time, told by its one writer. `rate` is domain seconds per wall second (0 = stopped); a
// backward jump starts a new epoch, so that keys made of (epoch, time) never repeat.
struct ClockTick {
  UtcTime now;
  double rate = 1.0;
  std::uint32_t epoch = 0;

  bool operator==(const ClockTick&) const = default;
};

constexpr auto fields(Tag<ClockTick>) {
  using P = ClockTick;
  return std::tuple{field(1, "now", &P::now), field(2, "rate", &P::rate, "s/s", {0, 1000}),
                    field(3, "epoch", &P::epoch)};
}

}  // namespace dispecer
