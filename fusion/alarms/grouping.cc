#include <algorithm>

#include "fusion/alarms/alarms.h"

namespace dispecer::alarms {
namespace {

bool counts(const Entry& entry) {
  return entry.active && !entry.shelved_until && !entry.out_of_service;
}

std::string text_of(const Book& book, const std::vector<std::string>& members) {
  std::string text;
  const std::size_t named = std::min(members.size(), book.parameters.group_names);
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) text += ", ";
    text += book.entries.at(members[i]).subject;
  }
  if (members.size() > named) text += ", +" + std::to_string(members.size() - named);
  return text;
}

void update(Book& book, const std::string& kind, const std::vector<std::string>& members) {
  auto found = book.groups.find(kind);
  if (found == book.groups.end()) {
    if (members.size() < book.parameters.group_least) return;
    Group group;
    group.entry.kind = "group";
    group.entry.subject = kind;
    group.entry.active = true;
    group.entry.raised = group.entry.changed = book.now;
    found = book.groups.emplace(kind, std::move(group)).first;
    ++book.counters["alarms.grouped"];
  }
  auto& group = found->second;
  auto& entry = group.entry;
  if (members.empty()) {
    if (entry.active) entry.changed = book.now;
    entry.active = false;
    group.members.clear();
    return;
  }
  const bool joined = std::any_of(members.begin(), members.end(), [&](const std::string& id) {
    return !std::binary_search(group.members.begin(), group.members.end(), id) &&
           !book.entries.at(id).acknowledged;
  });
  if (joined || !entry.active) {
    entry.acknowledged = false;
    entry.changed = book.now;
  }
  entry.active = true;
  entry.count = static_cast<std::uint32_t>(members.size());
  entry.text = text_of(book, members);
  entry.priority = AlarmPriority::unknown;
  bool all_suppressed = true;
  for (const auto& id : members) {
    const auto& member = book.entries.at(id);
    entry.priority = std::max(entry.priority, member.priority);
    all_suppressed = all_suppressed && member.suppressed;
  }
  entry.suppressed = all_suppressed;
  group.members = members;
}

}  // namespace

void detail::form_groups(Book& book) {
  std::map<std::string, std::vector<std::string>> members;  // by kind, ids ascending
  for (const auto& [kind, group] : book.groups) members[kind];
  for (const auto& [id, entry] : book.entries) {
    if (counts(entry)) members[entry.kind].push_back(id);
  }
  for (const auto& [kind, ids] : members) update(book, kind, ids);
  // A group whose last member went away is one thing to acknowledge, not as many as there were.
  std::erase_if(book.groups, [&](auto& row) {
    auto& entry = row.second.entry;
    if (entry.active || !entry.acknowledged) return false;
    for (auto& [_, member] : book.entries) {
      if (member.kind == row.first && !member.active) member.acknowledged = true;
    }
    return true;
  });
}

void detail::suppress(Book& book) {
  const auto& roots = book.parameters.roots;
  for (auto& [id, entry] : book.entries) {
    auto it = roots.find(id);
    if (it == roots.end()) it = roots.find(entry.kind);
    if (it == roots.end()) continue;
    const auto root = book.entries.find(it->second);
    entry.suppressed = root != book.entries.end() && root->second.active;
  }
}

}  // namespace dispecer::alarms
