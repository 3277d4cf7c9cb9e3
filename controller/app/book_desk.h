// The city's book as operators write it, beside what the city's own files say: checked, owned, with
// a mandatory end. A value and functions; the book in force is a function of both.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "controller/plan/junction_signals.h"
#include "fusion/model/actor.h"
#include "fusion/model/book_check.h"
#include "fusion/model/intent.h"

namespace dispecer::controller {

struct BookDesk {
  std::shared_ptr<const Network> network;
  std::map<JunctionId, std::set<std::uint32_t>> plans;  // of each signalised junction
  Book city;                                            // as its files say
  std::vector<BookEntry> written;      // one with the id of one of the city's stands instead of it
  std::vector<BookEntryId> withdrawn;  // of the city's, taken out before they began

  Book in_force;                        // made of the above
  std::vector<Contradiction> left_out;  // why some of `written` are not in it
  std::uint64_t version = 0;            // of `in_force`
};

BookDesk make_book_desk(const Book& city, const Network& network,
                        const std::map<JunctionId, JunctionSignals>& signals);

// Whose word may change the book: operators, shift supervisors and administrators.
bool may_write_book(Role role);

// Takes a word in, and forgets entries of operators that have been over for a month; Ok = the book
// in force has changed, and the text names what somebody should look at ("" = nothing). Causes:
// "right", "until" (ended already, or it would run for longer than two years), "book_full",
// "unknown_entry", those of check_entry() and the rules of contradictions() that refuse. A title is
// needed ("missing_key").
Result<std::string> save_entry(BookDesk& desk, BookEntry entry, const Actor& actor, UtcTime now);
Result<std::string> end_entry(BookDesk& desk, const BookEntryId& entry, const Actor& actor,
                              UtcTime now);

// Takes back what was kept. What names something that the city no longer has is dropped; what
// contradicts the city's files by now is kept and left out (`left_out`). How many were dropped.
std::size_t restore_book(BookDesk& desk, std::vector<BookEntry> written,
                         std::vector<BookEntryId> withdrawn);

}  // namespace dispecer::controller
