// Every decision carries its reason: the rule that won, the inputs it saw, what it would have done
// otherwise.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/fields.h"

namespace dispecer {

struct NamedValue {
  std::string name;  // stable key, translated on the screen ("queue_veh")
  std::string value;
  bool operator==(const NamedValue&) const = default;
};

struct Reason {
  std::string rule;  // stable key of the rule that won ("bus_extension")
  std::vector<NamedValue> inputs;
  std::string otherwise;  // stable key of what would have been done without that rule
  bool operator==(const Reason&) const = default;
};

constexpr auto fields(Tag<NamedValue>) {
  using P = NamedValue;
  return std::tuple{field(1, "name", &P::name), field(2, "value", &P::value)};
}
constexpr auto fields(Tag<Reason>) {
  using P = Reason;
  return std::tuple{field(1, "rule", &P::rule), field(2, "inputs", &P::inputs),
                    field(3, "otherwise", &P::otherwise)};
}

}  // namespace dispecer
