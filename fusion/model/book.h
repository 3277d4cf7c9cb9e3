// The city's book: works, closures, events, holidays, schools, weather, night operation. Every
// entry has an owner and a mandatory end, and returns by itself.
#pragma once

#include <cstdint>
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
  detour = 7,
  night = 8
};

constexpr auto names(Tag<BookKind>) {
  using E = BookKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::works, "works"},
                    Name<E>{E::closure, "closure"}, Name<E>{E::event, "event"},
                    Name<E>{E::holiday, "holiday"}, Name<E>{E::school, "school"},
                    Name<E>{E::weather, "weather"}, Name<E>{E::detour, "detour"},
                    Name<E>{E::night, "night"}};
}

struct BookEntry {
  BookEntryId id;
  BookKind kind = BookKind::unknown;
  std::string title;
  std::string owner;
  UtcTime begin;
  UtcTime end;  // mandatory, after begin
  std::vector<LinkId> links;
  std::uint32_t lanes_lost = 0;  // on each of the links; a closure takes all of them
  std::string note;
  Provenance provenance = Provenance::unknown;
  // Junctions that run the stored plan `plan` while the entry runs, or, where `local` is set, what
  // they choose themselves (their own night programme).
  std::vector<JunctionId> junctions = {};
  std::uint32_t plan = 0;  // 0 = none
  bool local = false;
  // Part of each day in which it runs, local time; equal = all day, from > to = over midnight, and
  // then it belongs to the day on which it begins.
  std::uint32_t from_minute = 0;
  std::uint32_t to_minute = 0;
  std::uint32_t weekdays = 0;  // bit 0 = Monday, 0 = every day; entries of kind school: workdays
  // Share of the saturation flow that is left on the links beside the lanes lost: ice, a temporary
  // signal that lets one direction go at a time. Of weather without links: everywhere.
  double flow_share = 1;
  // A detour of lines: while the entry runs they drive `way` (links in order of travel) from its
  // first to its last link, both of which are of their usual way; trips whose way has not both, in
  // this order, are left as they are.
  std::vector<LineId> lines = {};
  std::vector<LinkId> way = {};
  bool operator==(const BookEntry&) const = default;
};

struct Book {
  std::vector<BookEntry> entries;
  bool operator==(const Book&) const = default;
};

constexpr auto fields(Tag<BookEntry>) {
  using P = BookEntry;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "kind", &P::kind),
                    field(3, "title", &P::title),
                    field(4, "owner", &P::owner),
                    field(5, "begin", &P::begin),
                    field(6, "end", &P::end),
                    field(7, "links", &P::links),
                    field(8, "lanes_lost", &P::lanes_lost, "", {0, 20}),
                    field(9, "note", &P::note),
                    field(10, "provenance", &P::provenance),
                    field(11, "junctions", &P::junctions),
                    field(12, "plan", &P::plan, "", {0, 255}),
                    field(13, "local", &P::local),
                    field(14, "from_minute", &P::from_minute, "min", {0, 1440}),
                    field(15, "to_minute", &P::to_minute, "min", {0, 1440}),
                    field(16, "weekdays", &P::weekdays, "", {0, 127}),
                    field(17, "flow_share", &P::flow_share, "1", {0, 1}),
                    field(18, "lines", &P::lines, "", {}, 4),
                    field(19, "way", &P::way, "", {}, 4)};
}
constexpr auto fields(Tag<Book>) {
  using P = Book;
  return std::tuple{field(1, "entries", &P::entries)};
}

// A moment on the clock on the wall, as far as the book's rules need it.
struct LocalMinute {
  std::uint32_t weekday = 0;   // 0 = Monday
  std::uint32_t minute = 0;    // of the day, 0..1439
  bool workday = true;         // neither Saturday, Sunday nor a public holiday
  bool workday_before = true;  // the same of the day before
  bool operator==(const LocalMinute&) const = default;
};

// Does the entry run at `now`, which is `local` on the wall?
bool runs(const BookEntry& entry, UtcTime now, const LocalMinute& local);

}  // namespace dispecer
