// Entries of the city's book that contradict themselves, each other or the network: found before
// they are saved, and whenever a city is read.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/book.h"
#include "fusion/model/network.h"

namespace dispecer {

struct Contradiction {
  BookEntryId first;
  BookEntryId second;  // empty = the entry contradicts itself or the network
  std::string rule;
  std::string text;     // names both
  bool refuse = false;  // the second (else the first) cannot stand; otherwise somebody should look
  bool operator==(const Contradiction&) const = default;
};

// Those of one entry first, then pairs in the order of the book. Rules that refuse:
//   end_before_begin   the end is not after the begin
//   all_lanes_lost     as many lanes lost as a link has, without a closure
//   plan_and_local     a plan number and local operation in one entry
//   no_junctions       a plan number or local operation, and no junction is named
//   two_plans          at one junction at one time different plan numbers, or one and local
//                      operation
// Rules that warn:
//   all_lanes_together two entries at one time take all lanes of a link; one lane is taken to
//   remain cut_off            two closures at one time leave links that cannot be reached, or left,
//   any
//                      more, though each alone does not
// Entries meet where their times and their daily hours do.
std::vector<Contradiction> contradictions(const Book& book, const Network& network);

}  // namespace dispecer
