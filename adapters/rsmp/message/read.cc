#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>

#include "adapters/rsmp/message/message.h"
#include "adapters/rsmp/message/tlc.h"
#include "adapters/rsmp/message/words.h"

namespace dispecer::rsmp {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxId = 128;

std::string text_of(json::string_view view) {
  return {view.data(), view.size()};
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same_word(std::string_view a, std::string_view b, bool exact_case) {
  if (exact_case) return a == b;
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// Reads keys of one object; keeps the first fault and goes on with neutral values.
class Keys {
 public:
  Keys(const json::object& object, const CoreRules& version, std::optional<Error>& fault)
      : object_(object), rules_(version), fault_(fault) {}

  void fail(const char* cause, std::string_view key, const std::string& what) {
    if (!fault_) fault_ = Error{cause, what, std::string(key)};
  }
  const json::value* find(std::string_view key) const {
    return object_.if_contains(json::string_view(key.data(), key.size()));
  }
  const json::value* need(std::string_view key) {
    const json::value* value = find(key);
    if (value == nullptr) fail("missing_key", key, "'" + std::string(key) + "' is missing");
    return value;
  }
  std::string text(std::string_view key) {
    const json::value* value = need(key);
    if (value == nullptr) return {};
    if (!value->is_string()) {
      fail("wrong_kind", key, "expected a string");
      return {};
    }
    return text_of(value->get_string());
  }
  // Absent or null reads as "".
  std::string text_or_empty(std::string_view key) {
    const json::value* value = find(key);
    return value == nullptr || value->is_null() ? std::string() : text(key);
  }
  std::string name(std::string_view key) {
    std::string value = text(key);
    if (value.empty()) fail("bad_value", key, "'" + std::string(key) + "' is empty");
    return value;
  }
  UtcTime time(std::string_view key) {
    const std::string value = text(key);
    const auto parsed = parse_iso(value);
    if (parsed.ok()) return parsed.value();
    fail("bad_time", key, parsed.error().what);
    return {};
  }
  template <class E, std::size_t N>
  E word(std::string_view key, const std::array<Word<E>, N>& words) {
    const std::string value = text(key);
    for (const auto& entry : words) {
      if (same_word(value, entry.text, rules_.exact_case)) return entry.value;
    }
    fail("bad_value", key, "'" + value + "' is not a word of '" + std::string(key) + "'");
    return words[0].value;
  }
  // One of two words; any case, since peers of every version vary.
  bool is_first(std::string_view key, std::string_view first, std::string_view second) {
    const std::string value = text(key);
    if (same_word(value, first, false)) return true;
    if (!same_word(value, second, false)) {
      fail("bad_value", key,
           "expected " + std::string(first) + " or " + std::string(second) + ", found '" + value +
               "'");
    }
    return false;
  }
  Value value(std::string_view key) {
    const json::value* found = need(key);
    if (found == nullptr || found->is_null()) return {};
    if (found->is_string()) return Value(text_of(found->get_string()));
    if (found->is_array() && rules_.array_values) return Value::json_array(json::serialize(*found));
    fail("wrong_kind", key, "expected a string or null");
    return {};
  }
  template <class Item, class Fn>
  std::vector<Item> list(std::string_view key, bool may_be_empty, Fn&& read_item) {
    std::vector<Item> items;
    const json::value* found = need(key);
    if (found == nullptr) return items;
    if (!found->is_array()) {
      fail("wrong_kind", key, "expected an array");
      return items;
    }
    if (found->get_array().empty() && !may_be_empty) fail("empty_list", key, "the list is empty");
    for (const json::value& element : found->get_array()) {
      if (!element.is_object()) {
        fail("wrong_kind", key, "expected objects in the array");
        break;
      }
      Keys keys(element.get_object(), rules_, fault_);
      items.push_back(read_item(keys));
      if (fault_) break;
    }
    return items;
  }
  Component component() { return {name("cId"), text_or_empty("ntsOId"), text_or_empty("xNId")}; }
  [[nodiscard]] const CoreRules& version() const { return rules_; }

 private:
  const json::object& object_;
  const CoreRules& rules_;
  std::optional<Error>& fault_;
};

Version read_version(Keys& keys) {
  Version m;
  m.rsmp = keys.list<std::string>("RSMP", false, [](Keys& k) { return k.name("vers"); });
  m.site_ids = keys.list<std::string>("siteId", false, [](Keys& k) { return k.name("sId"); });
  m.sxl = keys.name("SXL");
  return m;
}

bool read_bit(Keys& keys, const json::value& bit) {
  if (keys.version().se_is_text) {
    if (bit.is_string()) {
      const auto parsed = parse_bool(text_of(bit.get_string()));
      if (parsed) return *parsed;
    }
    keys.fail("se_kind", "se", "expected eight strings \"true\" or \"false\"");
    return false;
  }
  if (!bit.is_bool()) {
    keys.fail("se_kind", "se", "expected eight booleans");
    return false;
  }
  return bit.get_bool();
}

AggregatedStatus read_aggregated(Keys& keys) {
  AggregatedStatus m;
  m.component = keys.component();
  m.t = keys.time("aSTS");
  const auto nullable = [&](std::string_view key) -> std::optional<std::string> {
    const json::value* value = keys.need(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return keys.text(key);
  };
  m.functional_position = nullable("fP");
  m.functional_state = nullable("fS");
  const json::value* bits = keys.need("se");
  if (bits == nullptr) return m;
  if (!bits->is_array() || bits->get_array().size() != m.bits.size()) {
    keys.fail("se_kind", "se", "expected eight elements");
    return m;
  }
  for (std::size_t i = 0; i < m.bits.size(); ++i) m.bits[i] = read_bit(keys, bits->get_array()[i]);
  return m;
}

Alarm read_alarm(Keys& keys) {
  Alarm m;
  m.component = keys.component();
  m.code = keys.name("aCId");
  m.external_code = keys.text_or_empty("xACId");
  m.nts_code = keys.text_or_empty("xNACId");
  m.kind = keys.word("aSp", kAlarmWords);
  if (m.kind == AlarmKind::request && !keys.version().requests) {
    keys.fail("bad_value", "aSp", "Request is not in this version");
  }
  // A site's message carries the state, the supervisor's order does not.
  if (m.kind != AlarmKind::issue && keys.find("aS") == nullptr) {
    if (m.kind == AlarmKind::acknowledge && keys.find("aTs") != nullptr) m.event = keys.time("aTs");
    return m;
  }
  AlarmState s;
  s.acknowledged = keys.is_first("ack", "Acknowledged", "notAcknowledged");
  s.active = keys.is_first("aS", "Active", "inActive");
  s.suspended = keys.is_first("sS", "Suspended", "notSuspended");
  s.t = keys.time("aTs");
  s.category = keys.is_first("cat", "T", "D") ? 'T' : 'D';
  const auto priority = parse_integer(keys.text("pri"));
  if (!priority || *priority < 1 || *priority > 3) {
    keys.fail("bad_value", "pri", "expected 1, 2 or 3");
  } else {
    s.priority = static_cast<int>(*priority);
  }
  s.values = keys.list<ReturnValue>("rvs", true, [](Keys& k) {
    return ReturnValue{k.name("n"), k.value("v")};
  });
  m.state = std::move(s);
  return m;
}

std::vector<StatusName> read_names(Keys& keys) {
  return keys.list<StatusName>("sS", false, [](Keys& k) {
    return StatusName{k.name("sCI"), k.name("n")};
  });
}

int read_interval(Keys& keys) {
  const std::string text = keys.text("uRt");
  if (const auto whole = parse_integer(text); whole && *whole >= 0 && *whole <= 1'000'000) {
    return static_cast<int>(*whole);
  }
  // The specification's text allows decimals: rounded up to whole seconds.
  const auto dot = text.find('.');
  if (dot != std::string::npos && dot > 0) {
    const auto whole = parse_integer(text.substr(0, dot));
    const auto rest = parse_integer(text.substr(dot + 1));
    if (whole && rest && *whole >= 0 && *rest >= 0 && *whole <= 1'000'000) {
      return static_cast<int>(*whole) + (*rest > 0 ? 1 : 0);
    }
  }
  keys.fail("bad_value", "uRt", "expected seconds as a string, found '" + text + "'");
  return 0;
}

Subscription read_subscription(Keys& k) {
  Subscription s{k.name("sCI"), k.name("n"), read_interval(k), false};
  const json::value* on_change = k.find("sOc");
  if (!k.version().send_on_change_key) {
    if (on_change != nullptr) k.fail("soc_forbidden", "sOc", "not before 3.1.5");
    s.on_change = s.interval == 0;
    return s;
  }
  if (on_change == nullptr) {
    k.fail("soc_missing", "sOc", "'sOc' is required from 3.1.5");
  } else if (!on_change->is_bool()) {
    k.fail("wrong_kind", "sOc", "expected a boolean");
  } else {
    s.on_change = on_change->get_bool();
    if (!s.on_change && s.interval == 0) {
      k.fail("bad_value", "sOc", "neither on change nor an interval");
    }
  }
  return s;
}

std::vector<StatusValue> read_values(Keys& keys) {
  return keys.list<StatusValue>("sS", false, [](Keys& k) {
    return StatusValue{k.name("sCI"), k.name("n"), k.value("s"), k.word("q", kQualityWords)};
  });
}

Body read_body(std::size_t type, Keys& keys) {
  switch (type) {
    case 0:
      return read_version(keys);
    case 1:
      return Watchdog{keys.time("wTs")};
    case 2:
      return MessageAck{keys.name("oMId")};
    case 3:
      return MessageNotAck{keys.name("oMId"), keys.text_or_empty("rea")};
    case 4:
      return read_aggregated(keys);
    case 5:
      return AggregatedStatusRequest{keys.component()};
    case 6:
      return read_alarm(keys);
    case 7:
      return StatusRequest{keys.component(), read_names(keys)};
    case 8:
      return StatusSubscribe{keys.component(),
                             keys.list<Subscription>("sS", false, read_subscription)};
    case 9:
      return StatusUnsubscribe{keys.component(), read_names(keys)};
    case 10:
      return StatusResponse{keys.component(), keys.time("sTs"), read_values(keys)};
    case 11:
      return StatusUpdate{keys.component(), keys.time("sTs"), read_values(keys)};
    case 12:
      return CommandRequest{
          keys.component(), keys.list<CommandArgument>("arg", false, [](Keys& k) {
            return CommandArgument{k.name("cCI"), k.name("n"), k.name("cO"), k.value("v")};
          })};
    default:
      return CommandResponse{
          keys.component(), keys.time("cTS"),
          keys.list<CommandValue>("rvs", !keys.version().return_values_needed, [](Keys& k) {
            return CommandValue{k.name("cCI"), k.name("n"), k.value("v"),
                                k.word("age", kQualityWords)};
          })};
  }
}

}  // namespace

std::string_view type_name(const Body& body) {
  return kTypes[body.index()];
}

Result<Message, ReadError> read(std::string_view frame, Core core) {
  json::error_code code;
  const json::value root = json::parse(json::string_view(frame.data(), frame.size()), code);
  const auto fail = [](const char* cause, const std::string& what, const char* where) {
    return ReadError{Error{cause, what, where}, "", ""};
  };
  if (code) return fail("bad_json", code.message(), "");
  if (!root.is_object()) return fail("not_an_object", "expected a JSON object", "");

  std::optional<Error> fault;
  Keys keys(root.get_object(), rules(core), fault);
  Message message;
  const json::value* id = keys.find("mId");
  if (id != nullptr && id->is_string() && id->get_string().size() <= kMaxId) {
    message.id = text_of(id->get_string());
  }
  const std::string marker = keys.text("mType");
  const std::string type = keys.text("type");
  if (fault) return ReadError{*fault, message.id, type};
  if (marker != "rSMsg") {
    return ReadError{Error{"not_rsmp", "expected rSMsg, found '" + marker + "'", "mType"},
                     message.id, type};
  }
  const auto* at = std::ranges::find(kTypes, type);
  if (at == kTypes.end()) {
    return ReadError{Error{"unknown_type", "'" + type + "' is no message type", "type"}, message.id,
                     type};
  }
  const auto index = static_cast<std::size_t>(at - kTypes.begin());
  if (type == "AggregatedStatusRequest" && !rules(core).requests) {
    return ReadError{Error{"type_not_in_version", type + " is not in this version", "type"},
                     message.id, type};
  }
  message.body = read_body(index, keys);
  if (is_ack(message.body)) {
    message.id.clear();
  } else if (message.id.empty()) {
    return fail("bad_id", "expected 'mId' with 1 to 128 characters", "mId");
  }
  if (fault) return ReadError{*fault, message.id, type};
  return message;
}

}  // namespace dispecer::rsmp
