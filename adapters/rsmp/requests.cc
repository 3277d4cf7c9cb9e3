#include "adapters/rsmp/requests.h"

#include <boost/json.hpp>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

namespace json = boost::json;

constexpr Duration kEndsToldFor = from_seconds(10);  // domain
constexpr std::size_t kMost = 255;                   // a site must not fill the memory

std::string text_of(const json::object& item, const char* key) {
  const auto* value = item.if_contains(key);
  if (value == nullptr || !value->is_string()) return "";
  return {value->get_string().data(), value->get_string().size()};
}

// Whole seconds, written as text or as a number.
Seconds seconds_of(const json::object& item, const char* key) {
  const auto* value = item.if_contains(key);
  if (value == nullptr) return {0};
  std::optional<std::int64_t> n;
  if (value->is_string()) {
    n = parse_integer(text_of(item, key));
  } else if (value->is_int64()) {
    n = value->get_int64();
  }
  return {static_cast<double>(n && *n >= 0 && *n <= 255 ? *n : 0)};
}

}  // namespace

std::optional<std::vector<FieldRequest>> parse_requests(std::string_view text, std::size_t& bad) {
  json::error_code code;
  const auto root = json::parse(text, code);
  if (code || !root.is_array()) return std::nullopt;
  std::vector<FieldRequest> list;
  for (const auto& value : root.get_array()) {
    if (!value.is_object()) {
      ++bad;
      continue;
    }
    const auto& item = value.get_object();
    FieldRequest request;
    request.id = RequestId(text_of(item, "r"));
    request.state =
        from_name<FieldRequestState>(text_of(item, "s")).value_or(FieldRequestState::unknown);
    const auto changed = parse_iso(text_of(item, "t"));
    if (request.id.empty() || request.state == FieldRequestState::unknown || !changed.ok() ||
        list.size() >= kMost) {
      ++bad;
      continue;
    }
    request.changed = *changed;
    request.extension = seconds_of(item, "e");
    request.reduction = seconds_of(item, "d");
    list.push_back(std::move(request));
  }
  return list;
}

void RequestList::update(std::string_view text, Duration clock_error, UtcTime now,
                         Counters& counters) {
  std::size_t bad = 0;
  auto list = parse_requests(text, bad);
  if (!list) ++counters["rsmp.requests.bad_value"];
  if (bad > 0) counters["rsmp.requests.bad_item"] += bad;
  if (!list) return;
  told_ = true;
  std::map<RequestId, Entry> next;
  for (auto& request : *list) {
    request.changed = request.changed - clock_error;
    const auto known = entries_.find(request.id);
    const bool again = known != entries_.end() && known->second.request.state == request.state;
    Entry entry;
    // Some go on listing an end: it is no new one.
    if (is_end(request.state)) entry.ended = again ? known->second.ended : now;
    const auto id = request.id;
    entry.request = std::move(request);
    next[id] = std::move(entry);
  }
  for (auto& [id, entry] : entries_) {
    if (!entry.ended || next.contains(id)) continue;
    entry.listed = false;
    next.emplace(id, std::move(entry));
  }
  entries_ = std::move(next);
  timer(now);
}

void RequestList::timer(UtcTime now) {
  for (auto& [id, entry] : entries_) {
    // Also after a backward jump of the clock.
    entry.over = entry.ended && (now - *entry.ended >= kEndsToldFor || now < *entry.ended);
  }
  std::erase_if(entries_, [](const auto& e) { return e.second.over && !e.second.listed; });
}

void RequestList::clear() {
  told_ = false;
  entries_.clear();
}

std::vector<FieldRequest> RequestList::requests() const {
  std::vector<FieldRequest> out;
  for (const auto& [id, entry] : entries_) {
    if (!entry.over) out.push_back(entry.request);
  }
  return out;
}

}  // namespace dispecer::rsmp
