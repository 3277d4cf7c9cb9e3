// Who acts: a signed-in person or a named automaton, at a workplace, in a role.
#pragma once

#include "fusion/model/fields.h"

namespace dispecer {

enum class Role : std::uint8_t {
  unknown = 0,
  viewer = 1,
  op = 2,
  supervisor = 3,
  police = 4,
  maintainer = 5,
  admin = 6,
  automaton = 7
};

constexpr auto names(Tag<Role>) {
  return std::array{
      Name<Role>{Role::unknown, "unknown"}, Name<Role>{Role::viewer, "viewer"},
      Name<Role>{Role::op, "operator"},     Name<Role>{Role::supervisor, "supervisor"},
      Name<Role>{Role::police, "police"},   Name<Role>{Role::maintainer, "maintainer"},
      Name<Role>{Role::admin, "admin"},     Name<Role>{Role::automaton, "automaton"}};
}

struct Actor {
  PersonId person;  // account name, or the name of the automaton ("controller/signals")
  Role role = Role::unknown;
  WorkplaceId workplace;

  bool operator==(const Actor&) const = default;
};

constexpr auto fields(Tag<Actor>) {
  using P = Actor;
  return std::tuple{field(1, "person", &P::person), field(2, "role", &P::role),
                    field(3, "workplace", &P::workplace)};
}

}  // namespace dispecer
