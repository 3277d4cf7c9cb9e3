// Values out of SUMO's subscription results.
#pragma once

#include <string>
#include <vector>

#include "sim/street/impl.h"

namespace dispecer::sim {

using libsumo::TraCIResults;

template <class T>
const T* got(const TraCIResults& results, int variable) {
  const auto it = results.find(variable);
  return it == results.end() ? nullptr : dynamic_cast<const T*>(it->second.get());
}
inline double number(const TraCIResults& results, int variable, double otherwise = 0) {
  const auto* d = got<libsumo::TraCIDouble>(results, variable);
  return d == nullptr || d->value == libsumo::INVALID_DOUBLE_VALUE ? otherwise : d->value;
}
inline int whole(const TraCIResults& results, int variable) {
  const auto* i = got<libsumo::TraCIInt>(results, variable);
  return i == nullptr ? 0 : i->value;
}
inline std::vector<std::string> texts(const TraCIResults& results, int variable) {
  const auto* list = got<libsumo::TraCIStringList>(results, variable);
  return list == nullptr ? std::vector<std::string>{} : list->value;
}

}  // namespace dispecer::sim
