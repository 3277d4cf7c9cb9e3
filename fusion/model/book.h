// The city's book: works, closures, events, holidays, weather. Every entry has an owner and a
// mandatory end, and returns by itself.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/provenance.h"

namespace dispecer {

enum class BookKind : std::uint8_t {
  unknown = 0,
  works = 1,
  closure = 2,
  event = 3,
  holiday = 4,
  school = 5,
  weather = 6,
  detour = 7
};

constexpr auto names(Tag<BookKind>) {
  using E = BookKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::works, "works"},
                    Name<E>{E::closure, "closure"}, Name<E>{E::event, "event"},
                    Name<E>{E::holiday, "holiday"}, Name<E>{E::school, "school"},
                    Name<E>{E::weather, "weather"}, Name<E>{E::detour, "detour"}};
}

struct BookEntry {
  BookEntryId id;
  BookKind kind = BookKind::unknown;
  std::string title;
  std::string owner;
  UtcTime begin;
  UtcTime end;  // mandatory, after begin
  std::vector<LinkId> links;
  std::uint32_t lanes_lost = 0;  // on each of the links
  std::string note;
  Provenance provenance = Provenance::unknown;
  bool operator==(const BookEntry&) const = default;
};

struct Book {
  std::vector<BookEntry> entries;
  bool operator==(const Book&) const = default;
};

constexpr auto fields(Tag<BookEntry>) {
  using P = BookEntry;
  return std::tuple{
      field(1, "id", &P::id),       field(2, "kind", &P::kind),
      field(3, "title", &P::title), field(4, "owner", &P::owner),
      field(5, "begin", &P::begin), field(6, "end", &P::end),
      field(7, "links", &P::links), field(8, "lanes_lost", &P::lanes_lost, "", {0, 20}),
      field(9, "note", &P::note),   field(10, "provenance", &P::provenance)};
}
constexpr auto fields(Tag<Book>) {
  using P = Book;
  return std::tuple{field(1, "entries", &P::entries)};
}

}  // namespace dispecer
