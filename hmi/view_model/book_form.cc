#include "hmi/view_model/book_form.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

constexpr std::uint32_t kDay = 1440;  // min

std::string moment(UtcTime t, const OffsetAt& offset) {
  const auto text = date_time(t, offset(t));
  return text.substr(0, text.rfind(':'));  // without seconds
}

std::string minute_text(std::uint32_t minute) {
  char text[16];
  std::snprintf(text, sizeof text, "%02u:%02u", minute / 60, minute % 60);
  return text;
}

bool blank(const std::string& text) {
  return text.find_first_not_of(' ') == std::string::npos;
}

}  // namespace

BookParts parts_of(BookKind kind) {
  using K = BookKind;
  if (kind == K::holiday) return {};
  const bool lanes = kind == K::works || kind == K::event;
  const bool junctions = kind != K::detour && kind != K::school;
  return {true, lanes, junctions && kind != K::closure, junctions, kind == K::detour};
}

void set_kind(BookForm& form, BookKind kind) {
  form.kind = kind;
  const BookForm none;
  const auto parts = parts_of(kind);
  if (!parts.links) form.links.clear();
  if (!parts.lanes) form.lanes_lost = none.lanes_lost;
  if (!parts.flow) form.flow_pct = none.flow_pct;
  if (!parts.junctions) {
    form.junctions.clear();
    form.plan = none.plan;
    form.local = none.local;
  }
  if (!parts.detour) {
    form.lines.clear();
    form.way.clear();
  }
}

std::optional<UtcTime> parse_date_time(const std::string& text, const OffsetAt& offset) {
  unsigned day = 0;
  unsigned month = 0;
  int year = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  int used = 0;
  if (std::sscanf(text.c_str(), " %2u.%2u.%4d %2u:%2u %n", &day, &month, &year, &hour, &minute,
                  &used) != 5 ||
      static_cast<std::size_t>(used) != text.size()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok() || hour > 23 || minute > 59) return std::nullopt;
  const auto local =
      std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute};
  const UtcTime as_utc{
      std::chrono::duration_cast<std::chrono::microseconds>(local.time_since_epoch()).count()};
  // The offset of the moment itself, which is not known before the offset is.
  const auto near = as_utc - std::chrono::minutes(offset(as_utc));
  return as_utc - std::chrono::minutes(offset(near));
}

std::optional<std::uint32_t> parse_minute(const std::string& text) {
  unsigned hour = 0;
  unsigned minute = 0;
  int used = 0;
  const bool read = std::sscanf(text.c_str(), " %2u:%2u %n", &hour, &minute, &used) == 2 &&
                    static_cast<std::size_t>(used) == text.size();
  if (!read || minute > 59 || hour * 60 + minute > kDay) return std::nullopt;
  return hour * 60 + minute;
}

Result<BookEntry, Text> entry_of(const BookForm& form, const Actor& who, UtcTime now,
                                 const OffsetAt& offset) {
  BookEntry e;
  e.id = form.id.empty() ? BookEntryId(who.person.str() + "/" + std::to_string(now.us / 1'000'000))
                         : form.id;
  e.kind = form.kind;
  e.title = form.title;
  e.owner = who.person.str();
  e.note = form.note;
  if (blank(form.title)) return Text::book_needs_title;
  e.begin = now;
  if (!blank(form.begin)) {
    const auto begin = parse_date_time(form.begin, offset);
    if (!begin) return Text::book_bad_begin;
    e.begin = *begin;
  }
  const auto end = parse_date_time(form.end, offset);
  if (!end) return Text::book_needs_end;
  e.end = *end;
  if (e.end <= e.begin || e.end <= now) return Text::book_end_first;
  if (!blank(form.from) || !blank(form.to)) {
    const auto from = parse_minute(form.from);
    const auto to = parse_minute(form.to);
    if (!from || !to) return Text::book_bad_hours;
    e.from_minute = *from;
    e.to_minute = *to;
  }
  for (std::size_t d = 0; d < form.days.size(); ++d) {
    if (form.days[d]) e.weekdays |= 1U << d;
  }
  e.links = form.links;
  e.junctions = form.junctions;
  e.lanes_lost = static_cast<std::uint32_t>(std::max(0, form.lanes_lost));
  e.flow_share = form.flow_pct / 100.0;
  e.plan = form.local ? 0 : static_cast<std::uint32_t>(std::max(0, form.plan));
  e.local = form.local;
  e.lines = form.lines;
  e.way = form.way;
  const bool places = form.kind == BookKind::works || form.kind == BookKind::closure;
  if (places && e.links.empty() && e.junctions.empty()) return Text::book_needs_place;
  if (e.lines.empty() != e.way.empty() || e.way.size() == 1) return Text::book_needs_way;
  return e;
}

BookForm form_of(const BookEntry& e, const OffsetAt& offset) {
  BookForm form;
  form.id = e.id;
  form.kind = e.kind;
  form.title = e.title;
  form.note = e.note;
  form.begin = moment(e.begin, offset);
  form.end = moment(e.end, offset);
  if (e.from_minute != e.to_minute) {
    form.from = minute_text(e.from_minute);
    form.to = minute_text(e.to_minute);
  }
  for (std::size_t d = 0; d < form.days.size(); ++d) form.days[d] = (e.weekdays >> d & 1U) != 0;
  form.links = e.links;
  form.junctions = e.junctions;
  form.way = e.way;
  form.lines = e.lines;
  form.lanes_lost = static_cast<int>(e.lanes_lost);
  form.flow_pct = static_cast<int>(e.flow_share * 100 + 0.5);
  form.plan = static_cast<int>(e.plan);
  form.local = e.local;
  return form;
}

std::vector<const BookEntry*> entries_to_show(const Book& book, UtcTime now) {
  std::vector<const BookEntry*> out;
  for (const auto& e : book.entries) {
    if (e.end > now) out.push_back(&e);
  }
  std::stable_sort(out.begin(), out.end(), [&](const BookEntry* a, const BookEntry* b) {
    return std::pair(a->begin > now, a->begin) < std::pair(b->begin > now, b->begin);
  });
  return out;
}

const std::vector<Contradiction>& BookJudge::judge(const BookEntry& draft,
                                                   const std::shared_ptr<const Book>& book,
                                                   const Network& network) {
  BookEntry same = draft;
  if (draft_) {
    // A draft without a begin begins now, each second anew; what contradicts it stays.
    const bool drifts = draft_->id != draft.id || draft_->begin != draft.begin;
    const auto apart = draft.begin - draft_->begin;
    if (drifts && apart >= Duration{0} && apart < std::chrono::minutes(1)) {
      same.id = draft_->id;
      same.begin = draft_->begin;
    }
  }
  if (draft_ == same && book_ == book) return found_;
  draft_ = draft;
  book_ = book;
  found_ = contradictions(with_entry(book ? *book : Book{}, draft), network, draft.id);
  return found_;
}

bool BookJudge::refused(const std::vector<Contradiction>& found) {
  return std::any_of(found.begin(), found.end(), [](const Contradiction& c) { return c.refuse; });
}

BookEntryId contradicted(const Contradiction& c, const Book* book, const BookEntryId& draft) {
  if (book == nullptr) return {};
  for (const auto& id : {c.first, c.second}) {
    if (id == draft) continue;
    for (const auto& e : book->entries) {
      if (e.id == id) return id;
    }
  }
  return {};
}

}  // namespace dispecer::hmi
