// Every message of the RSMP core (3.1.2 to 3.2.2) as a plain struct, with reading and writing.
// Both ends use it: the supervisor and the site. Source: RSMP core specification and its published
// JSON Schemas; where they differ, the stricter form is written and both are read.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/rsmp/message/core_version.h"
#include "fusion/model/result.h"
#include "fusion/model/time.h"

namespace dispecer::rsmp {

// Component address, carried by every message with `cId`. Outside the Swedish road administration
// the two NTS ids are "".
struct Component {
  std::string id;            // cId
  std::string nts_id;        // ntsOId
  std::string external_nts;  // xNId
  bool operator==(const Component&) const = default;
};

// A value on the wire: text, null, or (3.2 on) an array, held as its JSON text.
struct Value {
  std::optional<std::string> text;  // absent = null
  bool array = false;

  Value() = default;
  Value(std::string t) : text(std::move(t)) {}  // NOLINT: implicit on purpose
  Value(const char* t) : text(t) {}             // NOLINT: implicit on purpose
  static Value null() { return {}; }
  static Value json_array(std::string json) {
    Value v(std::move(json));
    v.array = true;
    return v;
  }
  bool operator==(const Value&) const = default;
};

struct Version {
  std::vector<std::string> rsmp;      // versions offered, in the sender's order
  std::vector<std::string> site_ids;  // usually one
  std::string sxl;
  bool operator==(const Version&) const = default;
};
struct Watchdog {
  UtcTime t;
  bool operator==(const Watchdog&) const = default;
};
struct MessageAck {
  std::string original;  // oMId
  bool operator==(const MessageAck&) const = default;
};
struct MessageNotAck {
  std::string original;
  std::string reason;
  bool operator==(const MessageNotAck&) const = default;
};

struct AggregatedStatus {
  Component component;
  UtcTime t;
  std::optional<std::string> functional_position;  // fP
  std::optional<std::string> functional_state;     // fS
  std::array<bool, 8> bits{};                      // se; bits[0] is bit 1
  bool operator==(const AggregatedStatus&) const = default;
};
struct AggregatedStatusRequest {  // from 3.1.5
  Component component;
  bool operator==(const AggregatedStatusRequest&) const = default;
};

enum class AlarmKind : std::uint8_t { issue, acknowledge, suspend, resume, request };

struct ReturnValue {
  std::string name;
  Value value;
  bool operator==(const ReturnValue&) const = default;
};
// What a site tells of an alarm; absent in orders from the supervisor.
struct AlarmState {
  bool acknowledged = false;
  bool active = false;
  bool suspended = false;
  UtcTime t;            // of the event named by the kind
  char category = 'D';  // 'T' traffic or 'D' technical
  int priority = 3;     // 1 act now .. 3 next planned maintenance
  std::vector<ReturnValue> values;
  bool operator==(const AlarmState&) const = default;
};
struct Alarm {
  Component component;
  std::string code;           // aCId, "A0302"
  std::string external_code;  // xACId
  std::string nts_code;       // xNACId
  AlarmKind kind = AlarmKind::issue;
  std::optional<AlarmState> state;  // site to supervisor
  std::optional<UtcTime> event;     // aTs of an Acknowledge order: the schemas demand it
  bool operator==(const Alarm&) const = default;
};

struct StatusName {
  std::string code;  // sCI, "S0001"
  std::string name;  // n
  bool operator==(const StatusName&) const = default;
};
struct StatusRequest {
  Component component;
  std::vector<StatusName> items;
  bool operator==(const StatusRequest&) const = default;
};
struct StatusUnsubscribe {
  Component component;
  std::vector<StatusName> items;
  bool operator==(const StatusUnsubscribe&) const = default;
};
struct Subscription {
  std::string code;
  std::string name;
  int interval = 0;       // uRt, whole seconds; 0 = none
  bool on_change = true;  // sOc; before 3.1.5 implied by interval 0
  bool operator==(const Subscription&) const = default;
};
struct StatusSubscribe {
  Component component;
  std::vector<Subscription> items;
  bool operator==(const StatusSubscribe&) const = default;
};

enum class Quality : std::uint8_t { recent, old, undefined, unknown };

struct StatusValue {
  std::string code;
  std::string name;
  Value value;  // null exactly for undefined and unknown (3.1.3 on)
  Quality quality = Quality::recent;
  bool operator==(const StatusValue&) const = default;
};
struct StatusResponse {
  Component component;
  UtcTime t;
  std::vector<StatusValue> items;
  bool operator==(const StatusResponse&) const = default;
};
struct StatusUpdate {
  Component component;
  UtcTime t;
  std::vector<StatusValue> items;
  bool operator==(const StatusUpdate&) const = default;
};

struct CommandArgument {
  std::string code;     // cCI, "M0002"
  std::string name;     // n
  std::string command;  // cO, "setPlan"
  Value value;
  bool operator==(const CommandArgument&) const = default;
};
struct CommandRequest {
  Component component;
  std::vector<CommandArgument> arguments;
  bool operator==(const CommandRequest&) const = default;
};
struct CommandValue {
  std::string code;
  std::string name;
  Value value;
  Quality age = Quality::recent;
  bool operator==(const CommandValue&) const = default;
};
struct CommandResponse {
  Component component;
  UtcTime t;
  std::vector<CommandValue> values;
  bool operator==(const CommandResponse&) const = default;
};

using Body =
    std::variant<Version, Watchdog, MessageAck, MessageNotAck, AggregatedStatus,
                 AggregatedStatusRequest, Alarm, StatusRequest, StatusSubscribe, StatusUnsubscribe,
                 StatusResponse, StatusUpdate, CommandRequest, CommandResponse>;

struct Message {
  std::string id;  // mId; "" in acks, which have none
  Body body;
  bool operator==(const Message&) const = default;
};

// "StatusUpdate": the word in `type`.
std::string_view type_name(const Body& body);
[[nodiscard]] inline bool is_ack(const Body& body) {
  return std::holds_alternative<MessageAck>(body) || std::holds_alternative<MessageNotAck>(body);
}

// A frame that could not be read. `id` is what a MessageNotAck can name, "" where none could be
// found (then it cannot be answered). `type` is the word found, "" = none.
struct ReadError {
  Error error;
  std::string id;
  std::string type;
};

// Reads one frame by the rules of `core`. Causes: bad_json, not_an_object, not_rsmp, bad_id,
// unknown_type, type_not_in_version, missing_key, wrong_kind, bad_value, bad_time, empty_list,
// soc_missing, soc_forbidden, se_kind. Unknown extra keys are ignored. `where` names the key.
Result<Message, ReadError> read(std::string_view frame, Core core);

// The JSON text, and the same with the form feed that ends a frame. A message that `core` does not
// have (an Alarm Request in 3.1.2) must not be written: programming error. Values that the version
// cannot say are written as the nearest it can (undefined as unknown, null as "", old as recent).
std::string write(const Message& message, Core core);
std::string write_frame(const Message& message, Core core);

// Same with security codes replaced by "****": all that may reach a log or a screen. Arguments and
// echoes named securityCode, oldSecurityCode and newSecurityCode are masked. A text that is no JSON
// object comes back as its length only.
std::string masked(std::string_view frame);

}  // namespace dispecer::rsmp
