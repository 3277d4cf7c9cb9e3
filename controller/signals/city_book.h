// The city's book at the signals: lanes lost and closures, weather, schools, and junctions that run
// a plan or on their own for a while. Everything is a function of the book and the moment, so that
// an entry that has ended leaves nothing behind.
#pragma once

#include <map>
#include <vector>

#include "controller/signals/memory.h"
#include "controller/signals/slow_walk.h"
#include "fusion/model/book.h"

namespace dispecer::signals {

struct CityBook {
  Book book;
  std::map<LinkId, std::uint32_t> lanes;  // of each link
  std::vector<char> running;              // by entry, at the last moment followed
  bool followed = false;
  // What runs now says:
  std::map<LinkId, LinkLimit> links;
  double flow_everywhere = 1;  // weather without links
};

CityBook make_city_book(const Book& book, const Network& network);

// Another book: with the next moment everything is set anew.
void replace(CityBook& book, const Book& other);

// Takes the moment in; true where another set of entries runs than before. Allocates only then.
bool follow(CityBook& book, UtcTime now, const LocalMinute& local);

// What runs now, at one junction: limits of its links and lanes, slow walk, the book's word. Of two
// words the earlier entry's counts; the city's check refuses such books.
void set_book(const CityBook& book, Site& site, Memory& memory);

}  // namespace dispecer::signals
