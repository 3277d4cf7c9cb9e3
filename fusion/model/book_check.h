// Entries of the city's book that contradict themselves, each other or the network: found before
// they are saved, and whenever a city is read.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fusion/model/book.h"
#include "fusion/model/network.h"
#include "fusion/model/result.h"

namespace dispecer {

struct Contradiction {
  BookEntryId first;
  BookEntryId second;  // empty = the entry contradicts itself or the network
  std::string rule;
  std::string text;     // names both
  bool refuse = false;  // the second (else the first) cannot stand; otherwise somebody should look
  bool operator==(const Contradiction&) const = default;
};

// What an entry may name: answers about the city it stands in.
struct BookReferences {
  std::function<bool(const LinkId&)> link;
  std::function<bool(const JunctionId&)> junction;
  std::function<bool(const JunctionId&, std::uint32_t plan)> plan;
  std::function<bool(const LinkId& from, const LinkId& to)> movement;
};

// Is the entry whole by itself, and does everything that it names exist? `where` names the key.
// Causes: missing_key (no id, owner), bad_value (an end at or before the begin; lines without a way
// or a way without lines; a way whose links do not follow one another), out_of_range (hours,
// weekdays, lanes or shares beyond what fields() tells; nothing left of the flow),
// unknown_reference (a link, junction or plan).
Result<> check_entry(const BookEntry& entry, const BookReferences& city);

// Those of one entry first, then pairs in the order of the book. Rules that refuse:
//   end_before_begin   the end is not after the begin
//   all_lanes_lost     as many lanes lost as a link has, without a closure
//   plan_and_local     a plan number and local operation in one entry
//   no_junctions       a plan number or local operation, and no junction is named
//   two_plans          at one junction at one time different plan numbers, or one and local
//                      operation
// Rules that warn:
//   all_lanes_together two entries at one time take all lanes of a link; one lane is taken to
//                      remain
//   two_ways           two detours of a line at one time; the earlier entry's is driven
//   closed_way         a detour leads over a link that is closed at the same time
//   cut_off            two closures at one time leave links that cannot be reached, or left, any
//                      more, though each alone does not
// Entries meet where their times and their daily hours do.
std::vector<Contradiction> contradictions(const Book& book, const Network& network);
// The same, of what concerns one entry of the book: before it is saved.
std::vector<Contradiction> contradictions(const Book& book, const Network& network,
                                          const BookEntryId& entry);
// The book with `entry` in it, in place of the one of the same id.
Book with_entry(Book book, const BookEntry& entry);

}  // namespace dispecer
