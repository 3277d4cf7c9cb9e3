// Where a fact of the city comes from. Shown beside the fact wherever a person sees it.
#pragma once

#include "fusion/model/fields.h"

namespace dispecer {

enum class Provenance : std::uint8_t {
  unknown = 0,
  sourced = 1,
  approximate = 2,
  invented = 3,
  derived = 4
};

constexpr auto names(Tag<Provenance>) {
  using E = Provenance;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::sourced, "sourced"},
                    Name<E>{E::approximate, "approximate"}, Name<E>{E::invented, "invented"},
                    Name<E>{E::derived, "derived"}};
}

}  // namespace dispecer
