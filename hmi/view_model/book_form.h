// An entry of the city's book while it is being filled in at the console, and what stands against
// it. Pure; the receiving process checks all of it again.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fusion/model/actor.h"
#include "fusion/model/book_check.h"
#include "hmi/view_model/text.h"

namespace dispecer::hmi {

// Minutes of local time east of UTC at a moment: not the same in winter and in summer.
using OffsetAt = std::function<int(UtcTime)>;

struct BookForm {
  BookEntryId id;  // empty = a new entry
  BookKind kind = BookKind::works;
  std::string title;
  std::string begin;  // dd.mm.yyyy hh:mm, local; "" = now
  std::string end;    // the same; mandatory
  std::string from;   // hh:mm of each day, both "" = all day
  std::string to;
  std::array<bool, 7> days{};  // Monday first; none = every day
  std::vector<LinkId> links;
  std::vector<JunctionId> junctions;
  std::vector<LinkId> way;
  std::vector<LineId> lines;
  int lanes_lost = 0;
  int flow_pct = 100;
  int plan = 0;
  bool local = false;
  std::string note;
};

// What an entry of that kind can say, beside title, times and note: the rest is not asked for.
struct BookParts {
  bool links = false;
  bool lanes = false;
  bool flow = false;
  bool junctions = false;  // with plan or local operation
  bool detour = false;     // lines and their way
};
BookParts parts_of(BookKind kind);
// Changes the kind; what the new one cannot say is emptied.
void set_kind(BookForm& form, BookKind kind);

// "01.03.2026 14:00" as local time; absent where it is no moment.
std::optional<UtcTime> parse_date_time(const std::string& text, const OffsetAt& offset);
// "22:30" as a minute of the day, 0..1440 ("24:00").
std::optional<std::uint32_t> parse_minute(const std::string& text);

// The entry that the form tells, owned by `who`; or the first thing that it lacks.
Result<BookEntry, Text> entry_of(const BookForm& form, const Actor& who, UtcTime now,
                                 const OffsetAt& offset);
// The form that tells an entry, to change it.
BookForm form_of(const BookEntry& entry, const OffsetAt& offset);

// Entries of the book that run or are to come, those that run first, then by begin.
std::vector<const BookEntry*> entries_to_show(const Book& book, UtcTime now);

// What contradicts the draft, made anew only when the draft or the book is another one: looking for
// streets that are cut off takes longer than a frame may.
class BookJudge {
 public:
  const std::vector<Contradiction>& judge(const BookEntry& draft,
                                          const std::shared_ptr<const Book>& book,
                                          const Network& network);
  [[nodiscard]] static bool refused(const std::vector<Contradiction>& found);

 private:
  std::optional<BookEntry> draft_;
  std::shared_ptr<const Book> book_;
  std::vector<Contradiction> found_;
};

// The entry of the book that a draft contradicts, empty = it contradicts itself or the network. A
// new draft has another id each second, so the draft is known by not standing in the book.
BookEntryId contradicted(const Contradiction& c, const Book* book, const BookEntryId& draft);

}  // namespace dispecer::hmi
