// What the centre has set at the controllers and has to take back: kept outside this process's
// memory, so that a start after a kill goes on where the one before ended. Numbers of fields are
// those of a file on disk and are never reused.
#pragma once

#include <optional>
#include <vector>

#include "controller/plan/field_write.h"
#include "fusion/model/actor.h"

namespace dispecer::rsmp {

// An override that is open: `back` takes it back, at `until` (domain time) or as soon after it as
// the site is connected.
struct KeptOverride {
  JunctionId junction;
  FieldWrite back;
  Actor actor;             // who ordered the override and its end
  bool confirmed = false;  // as that order was
  UtcTime until;
  bool operator==(const KeptOverride&) const = default;
};

// A dynamic band that was written.
struct KeptBand {
  JunctionId junction;
  std::uint32_t plan = 0;
  std::uint32_t band = 0;
  std::optional<std::int64_t> before;  // s of extension, absent = was not told
  std::int64_t ours = 0;               // s of extension
  std::uint32_t timeout_min = 0;
  bool operator==(const KeptBand&) const = default;
};

struct Kept {
  std::vector<KeptOverride> overrides;
  std::vector<KeptBand> bands;
  bool operator==(const Kept&) const = default;
};

constexpr auto fields(Tag<KeptOverride>) {
  using P = KeptOverride;
  return std::tuple{field(1, "junction", &P::junction), field(2, "back", &P::back),
                    field(3, "actor", &P::actor), field(4, "confirmed", &P::confirmed),
                    field(5, "until", &P::until)};
}
constexpr auto fields(Tag<KeptBand>) {
  using P = KeptBand;
  return std::tuple{field(1, "junction", &P::junction),
                    field(2, "plan", &P::plan, "", {0, 255}),
                    field(3, "band", &P::band, "", {1, 10}),
                    field(4, "before", &P::before, "s", {0, 99}),
                    field(5, "ours", &P::ours, "s", {0, 99}),
                    field(6, "timeout_min", &P::timeout_min, "min", {0, 65535})};
}
constexpr auto fields(Tag<Kept>) {
  return std::tuple{field(1, "overrides", &Kept::overrides), field(2, "bands", &Kept::bands)};
}

}  // namespace dispecer::rsmp
