#include "controller/app/book_desk.h"

#include <algorithm>

namespace dispecer::controller {
namespace {

constexpr auto kLongest = std::chrono::hours(24) * 731;  // two years, one of them a leap year
constexpr auto kRemembered = std::chrono::hours(24) * 31;
constexpr std::size_t kMostWritten = 2000;

const BookEntry* find(const std::vector<BookEntry>& entries, const BookEntryId& id) {
  const auto it =
      std::find_if(entries.begin(), entries.end(), [&](const BookEntry& e) { return e.id == id; });
  return it == entries.end() ? nullptr : &*it;
}

BookReferences references(const BookDesk& desk) {
  BookReferences out;
  const auto* network = desk.network.get();
  out.link = [network](const LinkId& id) {
    return std::any_of(network->links.begin(), network->links.end(),
                       [&](const Link& l) { return l.id == id; });
  };
  out.junction = [network, &desk](const JunctionId& id) {
    if (desk.plans.contains(id)) return true;
    return std::any_of(network->junctions.begin(), network->junctions.end(),
                       [&](const Junction& j) { return j.id == id; });
  };
  out.plan = [&desk](const JunctionId& id, std::uint32_t plan) {
    const auto it = desk.plans.find(id);
    return it != desk.plans.end() && it->second.contains(plan);
  };
  out.movement = [network](const LinkId& from, const LinkId& to) {
    return std::any_of(network->movements.begin(), network->movements.end(),
                       [&](const Movement& m) { return m.from == from && m.to == to; });
  };
  return out;
}

std::vector<Contradiction> refusing(const BookDesk& desk, const Book& book,
                                    const BookEntryId& entry) {
  auto found = contradictions(book, *desk.network, entry);
  std::erase_if(found, [](const Contradiction& c) { return !c.refuse; });
  return found;
}

void rebuild(BookDesk& desk) {
  Book book = desk.city;
  std::erase_if(book.entries, [&](const BookEntry& e) {
    return std::find(desk.withdrawn.begin(), desk.withdrawn.end(), e.id) != desk.withdrawn.end();
  });
  desk.left_out.clear();
  // Those that stand instead of one of the city's first: what they end is in nobody's way.
  auto written = desk.written;
  std::stable_partition(written.begin(), written.end(), [&](const BookEntry& e) {
    return find(desk.city.entries, e.id) != nullptr;
  });
  for (const auto& e : written) {
    auto with = with_entry(book, e);
    const auto against = refusing(desk, with, e.id);
    if (against.empty()) {
      book = std::move(with);
    } else {
      desk.left_out.push_back(against.front());
    }
  }
  desk.in_force = std::move(book);
  ++desk.version;
}

void write(BookDesk& desk, const BookEntry& entry, UtcTime now) {
  // An ended one of the city's files has to stay, or the file's own end would hold again.
  std::erase_if(desk.written, [&](const BookEntry& e) {
    return e.end + kRemembered < now && find(desk.city.entries, e.id) == nullptr;
  });
  std::erase(desk.withdrawn, entry.id);
  desk.written = with_entry({std::move(desk.written)}, entry).entries;
  rebuild(desk);
}

Error no_right(Role role) {
  return {"right", "the role " + std::string(to_name(role)) + " may not write the city's book", ""};
}

}  // namespace

BookDesk make_book_desk(const Book& city, const Network& network,
                        const std::map<JunctionId, JunctionSignals>& signals) {
  BookDesk desk;
  desk.network = std::make_shared<const Network>(network);
  for (const auto& [id, row] : signals) {
    auto& plans = desk.plans[id];
    for (const auto& plan : row.plans) plans.insert(plan.number);
  }
  desk.city = city;
  desk.in_force = city;
  return desk;
}

bool may_write_book(Role role) {
  return role == Role::op || role == Role::supervisor || role == Role::admin;
}

Result<std::string> save_entry(BookDesk& desk, BookEntry entry, const Actor& actor, UtcTime now) {
  if (!may_write_book(actor.role)) return no_right(actor.role);
  entry.owner = actor.person.str();
  if (entry.title.find_first_not_of(' ') == std::string::npos) {
    return Error{"missing_key", "found no title, expected one", "title"};
  }
  if (entry.kind == BookKind::unknown) {
    return Error{"bad_value", "found no kind, expected one", "kind"};
  }
  if (auto r = check_entry(entry, references(desk)); !r) return r.error();
  if (entry.end <= now) return Error{"until", "its end has passed", "end"};
  if (entry.end - entry.begin > kLongest) {
    return Error{"until", "an entry ends within two years of its begin", "end"};
  }
  const bool more = find(desk.written, entry.id) == nullptr;
  if (more && desk.written.size() >= kMostWritten) {
    return Error{
        "book_full",
        "the book holds no more than " + std::to_string(kMostWritten) + " entries of operators",
        ""};
  }
  std::string look;
  for (const auto& c : contradictions(with_entry(desk.in_force, entry), *desk.network, entry.id)) {
    if (c.refuse) return Error{c.rule, c.text, ""};
    look += (look.empty() ? "" : "; ") + c.text;
  }
  write(desk, entry, now);
  return look;
}

Result<std::string> end_entry(BookDesk& desk, const BookEntryId& id, const Actor& actor,
                              UtcTime now) {
  if (!may_write_book(actor.role)) return no_right(actor.role);
  const auto* standing = find(desk.in_force.entries, id);
  if (standing == nullptr) standing = find(desk.written, id);  // one that was left out
  if (standing == nullptr || standing->end <= now) {
    return Error{"unknown_entry", "no entry '" + id.str() + "' that could be ended", ""};
  }
  if (standing->begin < now) {
    BookEntry ended = *standing;
    ended.end = now;
    write(desk, ended, now);
    return std::string{};
  }
  std::erase_if(desk.written, [&](const BookEntry& e) { return e.id == id; });
  if (find(desk.city.entries, id) != nullptr) desk.withdrawn.push_back(id);
  rebuild(desk);
  return std::string{};
}

std::size_t restore_book(BookDesk& desk, std::vector<BookEntry> written,
                         std::vector<BookEntryId> withdrawn) {
  const auto known = references(desk);
  const auto before = written.size();
  std::erase_if(written, [&](const BookEntry& e) { return !check_entry(e, known); });
  const auto dropped = before - written.size();
  std::erase_if(withdrawn,
                [&](const BookEntryId& id) { return find(desk.city.entries, id) == nullptr; });
  desk.written = std::move(written);
  desk.withdrawn = std::move(withdrawn);
  rebuild(desk);
  return dropped;
}

}  // namespace dispecer::controller
