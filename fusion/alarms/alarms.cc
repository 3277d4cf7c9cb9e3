#include "fusion/alarms/alarms.h"

#include <algorithm>

namespace dispecer::alarms {
namespace {

constexpr const char* kGroup = "group";

void begin(Entry& entry, UtcTime t) {
  entry.active = true;
  entry.acknowledged = false;
  entry.raised = entry.changed = t;
  ++entry.count;
}

void end(Entry& entry, UtcTime t) {
  entry.active = false;
  entry.unconfirmed = false;
  entry.clears_at.reset();
  entry.changed = t;
}

bool forgettable(const Entry& entry, const Book& book) {
  if (entry.active || !entry.acknowledged) return false;
  if (entry.shelved_until || entry.out_of_service) return false;
  // The memory of a chatterer is kept as long as it could count.
  return entry.returns.empty() ||
         in_seconds(book.now - entry.returns.back()) > book.parameters.chatter_window_s;
}

void make_room(Book& book) {
  while (book.entries.size() > book.parameters.most_entries) {
    auto oldest = book.entries.end();
    for (auto it = book.entries.begin(); it != book.entries.end(); ++it) {
      if (it->second.active) continue;
      if (oldest == book.entries.end() || it->second.changed < oldest->second.changed) oldest = it;
    }
    if (oldest == book.entries.end()) oldest = book.entries.begin();
    book.entries.erase(oldest);
    ++book.counters["alarms.dropped"];
  }
}

// An alarm or group by its id.
Entry* find(Book& book, const AlarmId& id) {
  const auto it = book.entries.find(id.str());
  if (it != book.entries.end()) return &it->second;
  for (auto& [kind, group] : book.groups) {
    if (id_of(kGroup, kind) == id.str()) return &group.entry;
  }
  return nullptr;
}

Error unknown(const AlarmId& id) {
  return {"unknown_alarm", "no alarm of that id is known", id.str()};
}

void acknowledge_entry(Entry& entry, UtcTime now) {
  if (entry.acknowledged) return;
  entry.acknowledged = true;
  entry.changed = now;
}

Alarm row(const std::string& id, const Entry& entry) {
  return {AlarmId{id},  entry.kind,    entry.subject,       entry.priority, state_of(entry),
          entry.raised, entry.changed, entry.shelved_until, entry.count,    entry.text};
}

}  // namespace

Book make_book(const Parameters& parameters) {
  Book book;
  book.parameters = parameters;
  return book;
}

std::string id_of(const std::string& kind, const std::string& subject) {
  return kind + "/" + subject;
}

AlarmState state_of(const Entry& entry) {
  if (entry.out_of_service) return AlarmState::out_of_service;
  if (entry.shelved_until) return AlarmState::shelved;
  if (entry.active) {
    if (entry.suppressed) return AlarmState::suppressed;
    return entry.acknowledged ? AlarmState::acknowledged : AlarmState::unacknowledged;
  }
  if (entry.acknowledged) return AlarmState::normal;
  return entry.suppressed ? AlarmState::suppressed : AlarmState::returned_unacknowledged;
}

void apply(Book& book, const AlarmEvent& event, const std::string& source) {
  const auto id = id_of(event.kind, event.subject);
  auto it = book.entries.find(id);
  if (!event.active) {
    if (it == book.entries.end() || !it->second.active) {
      ++book.counters["alarms.clear_of_nothing"];
      return;
    }
    Entry& entry = it->second;
    const auto& p = book.parameters;
    if (entry.unconfirmed) return end(entry, event.t);
    if (entry.clears_at) return;  // told already
    entry.returns.push_back(event.t);
    while (in_seconds(event.t - entry.returns.front()) > p.chatter_window_s) {
      entry.returns.pop_front();
    }
    if (entry.returns.size() >= p.chatter_returns) {
      entry.clears_at = event.t + from_seconds(p.quiet_s);
      ++book.counters["alarms.damped"];
    } else {
      end(entry, event.t);
    }
    return;
  }
  if (it == book.entries.end()) {
    it = book.entries.emplace(id, Entry{}).first;
    it->second.kind = event.kind;
    it->second.subject = event.subject;
    it->second.acknowledged = true;  // nothing is owed before it begins
    make_room(book);
    it = book.entries.find(id);
    if (it == book.entries.end()) return;
  }
  Entry& entry = it->second;
  entry.priority = event.priority;
  entry.text = event.text;
  if (!entry.active) entry.source = source;  // who told it first must say that it is over, or die
  if (entry.unconfirmed && entry.source == source) {
    entry.unconfirmed = false;
    entry.clears_at.reset();
  }
  if (!entry.active) {
    begin(entry, event.t);
    ++book.counters["alarms.raised"];
  } else if (entry.clears_at) {
    entry.clears_at.reset();  // it came again while it was held
    ++entry.count;
  }
}

void apply(Book& book, const SourceState& source, UtcTime now) {
  const auto it = book.entries.find(id_of("source_silent", source.source));
  const bool active = it != book.entries.end() && it->second.active && !it->second.clears_at;
  if (source.quality == Quality::stale && !active) {
    apply(book, AlarmEvent{"source_silent", source.source, AlarmPriority::high, true, now, ""});
  } else if (source.quality == Quality::live && active) {
    apply(book, AlarmEvent{"source_silent", source.source, AlarmPriority::high, false, now, ""});
  }
}

void restarted(Book& book, const std::string& source, UtcTime now) {
  for (auto& [id, entry] : book.entries) {
    if (entry.source != source || !entry.active || source.empty()) continue;
    entry.unconfirmed = true;
    entry.clears_at = now + from_seconds(book.parameters.confirm_s);
  }
}

std::vector<KeptAlarm> snapshot(const Book& book) {
  std::vector<KeptAlarm> kept;
  for (const auto& [id, e] : book.entries) {
    kept.push_back({e.kind, e.subject, e.priority, e.text, e.source, e.active, e.acknowledged,
                    e.raised, e.changed, e.count, e.shelved_until, e.out_of_service});
  }
  return kept;
}

void restore(Book& book, const std::vector<KeptAlarm>& kept) {
  for (const auto& k : kept) {
    // Nobody says which process these come from but we ourselves, who find them anew.
    if (k.source.empty()) continue;
    Entry entry;
    entry.kind = k.kind;
    entry.subject = k.subject;
    entry.priority = k.priority;
    entry.text = k.text;
    entry.source = k.source;
    entry.active = k.active;
    entry.acknowledged = k.acknowledged;
    entry.raised = k.raised;
    entry.changed = k.changed;
    entry.count = k.count;
    entry.shelved_until = k.shelved_until;
    entry.out_of_service = k.out_of_service;
    book.entries.emplace(id_of(k.kind, k.subject), std::move(entry));
  }
}

void step(Book& book, UtcTime now) {
  book.now = now;
  for (auto& [id, entry] : book.entries) {
    if (entry.clears_at && now >= *entry.clears_at) end(entry, now);
    if (entry.shelved_until && now >= *entry.shelved_until) {
      entry.shelved_until.reset();
      entry.changed = now;
    }
  }
  for (auto& [kind, group] : book.groups) {
    if (group.entry.shelved_until && now >= *group.entry.shelved_until) {
      group.entry.shelved_until.reset();
    }
  }
  detail::suppress(book);
  detail::form_groups(book);
  std::erase_if(book.entries, [&](const auto& e) { return forgettable(e.second, book); });
}

Result<> acknowledge(Book& book, const AlarmId& id, UtcTime now) {
  Entry* entry = find(book, id);
  if (entry == nullptr) return unknown(id);
  acknowledge_entry(*entry, now);
  if (entry->kind == kGroup) {
    for (auto& [_, member] : book.entries) {
      if (member.kind == entry->subject) acknowledge_entry(member, now);
    }
  }
  return Ok{};
}

Result<> shelve(Book& book, const AlarmId& id, UtcTime until, UtcTime now) {
  Entry* entry = find(book, id);
  if (entry == nullptr) return unknown(id);
  if (until <= now) {
    if (!entry->shelved_until) return Error{"not_shelved", "the alarm is not shelved", id.str()};
    entry->shelved_until.reset();
  } else {
    if (in_seconds(until - now) > book.parameters.longest_shelf_s) {
      return Error{"shelf_too_long", "a shelf must end within a day, found " + to_iso(until),
                   id.str()};
    }
    entry->shelved_until = until;
  }
  entry->changed = now;
  return Ok{};
}

Result<> set_out_of_service(Book& book, const AlarmId& id, bool out, UtcTime now) {
  Entry* entry = find(book, id);
  if (entry == nullptr) return unknown(id);
  if (entry->out_of_service != out) entry->changed = now;
  entry->out_of_service = out;
  return Ok{};
}

AlarmList list(const Book& book) {
  AlarmList out{book.now, {}};
  for (const auto& [kind, group] : book.groups) {
    if (state_of(group.entry) != AlarmState::normal) {
      out.alarms.push_back(row(id_of(kGroup, kind), group.entry));
    }
  }
  for (const auto& [id, entry] : book.entries) {
    if (state_of(entry) == AlarmState::normal) continue;
    const auto group = book.groups.find(entry.kind);
    const bool shown = group == book.groups.end() || entry.shelved_until || entry.out_of_service;
    if (shown) out.alarms.push_back(row(id, entry));
  }
  const auto covered = [](const Alarm& a) {
    return a.state == AlarmState::shelved || a.state == AlarmState::suppressed ||
           a.state == AlarmState::out_of_service;
  };
  std::sort(out.alarms.begin(), out.alarms.end(), [&](const Alarm& a, const Alarm& b) {
    if (covered(a) != covered(b)) return covered(b);
    if (a.priority != b.priority) return a.priority > b.priority;
    if (a.raised != b.raised) return a.raised > b.raised;
    return a.id < b.id;
  });
  return out;
}

}  // namespace dispecer::alarms
