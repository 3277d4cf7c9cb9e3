// The form of an entry of the city's book: what is read of it, what it lacks, what contradicts it.
#include "hmi/view_model/book_form.h"

#include <gtest/gtest.h>

#include "hmi/view_model/console.h"
#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

const UtcTime kNow = parse_iso("2026-03-01T12:00:00Z").value();
const UtcTime kSummer = parse_iso("2026-03-29T01:00:00Z").value();

// Romania: two hours ahead of UTC, three from the last Sunday of March on.
int bucharest(UtcTime t) {
  return t < kSummer ? 120 : 180;
}

BookForm form() {
  BookForm f;
  f.title = "Marcaje";
  f.end = "02.03.2026 16:00";
  f.links = {LinkId{"L"}};
  return f;
}

const Actor kAna{PersonId{"ana"}, Role::op, {}};

TEST(BookForm, MomentsAreLocalAlsoOverTheChangeOfClocks) {
  EXPECT_EQ(to_iso(*parse_date_time("01.03.2026 14:00", bucharest)), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(to_iso(*parse_date_time("1.4.2026 8:05", bucharest)), "2026-04-01T05:05:00.000Z");
  EXPECT_EQ(to_iso(*parse_date_time("29.03.2026 02:59", bucharest)), "2026-03-29T00:59:00.000Z");
  EXPECT_EQ(to_iso(*parse_date_time("29.03.2026 04:00", bucharest)), "2026-03-29T01:00:00.000Z");
  for (const auto* bad : {"", "14:00", "31.02.2026 14:00", "01.03.2026", "01.03.2026 24:00",
                          "01.03.2026 14:60", "01.03.2026 14:00x", "2026-03-01 14:00"}) {
    EXPECT_FALSE(parse_date_time(bad, bucharest).has_value()) << bad;
  }
  EXPECT_EQ(parse_minute("07:30"), 450U);
  EXPECT_EQ(parse_minute("24:00"), 1440U);
  for (const auto* bad : {"", "7", "24:01", "07:60", "07:30 h"}) {
    EXPECT_FALSE(parse_minute(bad).has_value()) << bad;
  }
}

TEST(BookForm, TellsTheEntryAndWhatItLacks) {
  const auto lacks = [&](auto&& change) {
    auto f = form();
    change(f);
    const auto e = entry_of(f, kAna, kNow, bucharest);
    EXPECT_FALSE(e.ok());
    return e.ok() ? Text::count : e.error();
  };
  EXPECT_EQ(lacks([](auto& f) { f.title = " "; }), Text::book_needs_title);
  EXPECT_EQ(lacks([](auto& f) { f.end = ""; }), Text::book_needs_end);
  EXPECT_EQ(lacks([](auto& f) { f.begin = "tomorrow"; }), Text::book_bad_begin);
  EXPECT_EQ(lacks([](auto& f) { f.begin = "02.03.2026 16:00"; }), Text::book_end_first);
  EXPECT_EQ(lacks([](auto& f) { f.end = "01.03.2026 13:00"; }), Text::book_end_first);
  EXPECT_EQ(lacks([](auto& f) { f.from = "08:00"; }), Text::book_bad_hours);
  EXPECT_EQ(lacks([](auto& f) { f.links.clear(); }), Text::book_needs_place);
  EXPECT_EQ(lacks([](auto& f) {
              f.kind = BookKind::detour;
              f.lines = {LineId{"1"}};
              f.way = {LinkId{"L"}};
            }),
            Text::book_needs_way);
  auto f = form();
  f.from = "22:00";
  f.to = "05:30";
  f.days = {false, false, false, false, false, true, true};
  f.lanes_lost = 1;
  f.flow_pct = 50;
  const auto e = entry_of(f, kAna, kNow, bucharest);
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(e->id, BookEntryId{"ana/1772366400"});
  EXPECT_EQ(e->owner, "ana");
  EXPECT_EQ(e->begin, kNow);
  EXPECT_EQ(to_iso(e->end), "2026-03-02T14:00:00.000Z");
  EXPECT_EQ(e->from_minute, 1320U);
  EXPECT_EQ(e->to_minute, 330U);
  EXPECT_EQ(e->weekdays, 96U);
  EXPECT_EQ(e->lanes_lost, 1U);
  EXPECT_EQ(e->flow_share, 0.5);
}

TEST(BookForm, AnEntryReadIntoTheFormIsTheSameWhenItIsTakenOutAgain) {
  BookEntry e;
  e.id = BookEntryId{"city/7"};
  e.kind = BookKind::detour;
  e.title = "Deviere 7";
  e.owner = "ana";
  e.note = "pod";
  e.begin = parse_iso("2026-03-28T22:00:00Z").value();
  e.end = parse_iso("2026-04-05T03:30:00Z").value();
  e.from_minute = 480;
  e.to_minute = 960;
  e.weekdays = 0b0010101;
  e.links = {LinkId{"a"}};
  e.junctions = {JunctionId{"j"}};
  e.lines = {LineId{"7"}};
  e.way = {LinkId{"b"}, LinkId{"c"}};
  e.lanes_lost = 2;
  e.flow_share = 0.35;
  e.local = true;
  EXPECT_EQ(entry_of(form_of(e, bucharest), kAna, kNow, bucharest).value(), e);
}

TEST(BookForm, WhatAnotherKindCannotSayIsEmptiedWithTheChange) {
  auto f = form();
  f.lanes_lost = 1;
  f.flow_pct = 50;
  f.junctions = {JunctionId{"j"}};
  f.local = true;
  set_kind(f, BookKind::event);
  EXPECT_EQ(f.lanes_lost, 1);
  EXPECT_TRUE(f.local);
  set_kind(f, BookKind::detour);
  EXPECT_EQ(f.lanes_lost, 0);
  EXPECT_EQ(f.flow_pct, 100);
  EXPECT_TRUE(f.junctions.empty());
  EXPECT_FALSE(f.local);
  EXPECT_EQ(f.links, std::vector<LinkId>{LinkId{"L"}});
  f.lines = {LineId{"1"}};
  f.way = {LinkId{"a"}, LinkId{"b"}};
  set_kind(f, BookKind::holiday);
  EXPECT_TRUE(f.links.empty() && f.lines.empty() && f.way.empty());
  EXPECT_EQ(f.title, "Marcaje");
}

TEST(BookForm, TheListShowsWhatRunsFirstAndNothingThatIsOver) {
  const auto entry = [](const char* id, int from_h, int to_h) {
    BookEntry e;
    e.id = BookEntryId{id};
    e.begin = kNow + std::chrono::hours(from_h);
    e.end = kNow + std::chrono::hours(to_h);
    return e;
  };
  const Book book{{entry("later", 5, 6), entry("soon", 1, 2), entry("over", -2, 0),
                   entry("runs", -1, 1), entry("long", -9, 9)}};
  std::vector<std::string> ids;
  for (const auto* e : entries_to_show(book, kNow)) ids.push_back(e->id.str());
  EXPECT_EQ(ids, (std::vector<std::string>{"long", "runs", "soon", "later"}));
}

TEST(BookForm, ContradictionsOfTheDraftAreFoundAgainOnlyWhenItOrTheBookChanges) {
  Network net;
  Link link;
  link.id = LinkId{"L"};
  link.lanes = 2;
  net.links = {link};
  auto f = form();
  f.lanes_lost = 1;
  auto draft = entry_of(f, kAna, kNow, bucharest).value();
  auto other = draft;
  other.id = BookEntryId{"other"};
  BookJudge judge;
  const auto empty = std::make_shared<const Book>();
  EXPECT_TRUE(judge.judge(draft, empty, net).empty());
  const auto book = std::make_shared<const Book>(Book{{other}});
  ASSERT_EQ(judge.judge(draft, book, net).size(), 1U);
  EXPECT_EQ(judge.judge(draft, book, net)[0].rule, "all_lanes_together");
  EXPECT_FALSE(BookJudge::refused(judge.judge(draft, book, net)));
  draft.lanes_lost = 2;
  EXPECT_TRUE(BookJudge::refused(judge.judge(draft, book, net)));
  draft.lanes_lost = 0;
  EXPECT_TRUE(judge.judge(draft, book, net).empty());
}

TEST(BookForm, OnlyWhoRunsTheRoomWritesTheBook) {
  Console console{WorkplaceId{"seat"}};
  EXPECT_EQ(console.book_interlock(), Text::needs_sign_in);
  for (const auto role : {Role::op, Role::supervisor, Role::admin}) {
    console.sign_in({PersonId{"x"}, role, {}});
    EXPECT_FALSE(console.book_interlock().has_value());
  }
  for (const auto role : {Role::viewer, Role::police, Role::maintainer}) {
    console.sign_in({PersonId{"x"}, role, {}});
    EXPECT_EQ(console.book_interlock(), Text::needs_right);
  }
}

TEST(BookForm, AContradictionNamesTheEntryOfTheBookAndNeverTheDraftItself) {
  Book book;
  book.entries.resize(2);
  book.entries[0].id = BookEntryId{"school"};
  book.entries[1].id = BookEntryId{"works"};
  const BookEntryId draft{"op/101"};
  const BookEntryId before{"op/100"};  // the same draft when it was judged, a second ago
  EXPECT_TRUE(contradicted({before, {}, "all_lanes_lost", "", true}, &book, draft).empty());
  EXPECT_EQ(contradicted({before, book.entries[1].id, "two_plans", "", true}, &book, draft),
            book.entries[1].id);
  EXPECT_EQ(contradicted({book.entries[1].id, before, "two_plans", "", true}, &book, draft),
            book.entries[1].id);
  EXPECT_EQ(contradicted({book.entries[0].id, book.entries[1].id, "two_plans", "", true}, &book,
                         book.entries[0].id),
            book.entries[1].id)
      << "an entry that is being changed";
}

}  // namespace
}  // namespace dispecer::hmi
