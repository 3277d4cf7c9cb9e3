// What a person wants. An intent is durable, authenticated, has a mandatory end of validity, and is
// checked by the process that receives it, never by the console.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "fusion/model/actor.h"
#include "fusion/model/book.h"
#include "fusion/model/emergency.h"
#include "fusion/model/signal_state.h"

namespace dispecer {

// Hands the junction to its local plan until `until`.
struct ReleaseJunction {
  static constexpr std::string_view kName = "release_junction";
  JunctionId junction;
  UtcTime until;
  bool operator==(const ReleaseJunction&) const = default;
};
// Asks for one stage until `until`; the guard still decides each second.
struct HoldStage {
  static constexpr std::string_view kName = "hold_stage";
  JunctionId junction;
  std::uint32_t stage = 0;
  UtcTime until;
  bool operator==(const HoldStage&) const = default;
};
struct SelectPlan {
  static constexpr std::string_view kName = "select_plan";
  JunctionId junction;
  std::uint32_t plan = 0;
  UtcTime until;
  bool operator==(const SelectPlan&) const = default;
};
// Ends a release, hold or plan before its time.
struct EndOverride {
  static constexpr std::string_view kName = "end_override";
  JunctionId junction;
  bool operator==(const EndOverride&) const = default;
};
struct SetCommissioning {
  static constexpr std::string_view kName = "set_commissioning";
  JunctionId junction;
  Commissioning state = Commissioning::unknown;
  bool operator==(const SetCommissioning&) const = default;
};
struct AcknowledgeAlarm {
  static constexpr std::string_view kName = "acknowledge_alarm";
  AlarmId alarm;
  bool operator==(const AcknowledgeAlarm&) const = default;
};
struct ShelveAlarm {
  static constexpr std::string_view kName = "shelve_alarm";
  AlarmId alarm;
  UtcTime until;
  bool operator==(const ShelveAlarm&) const = default;
};
struct ReviewCase {
  static constexpr std::string_view kName = "review_case";
  CaseId subject;
  bool approve = false;
  std::string note;
  bool operator==(const ReviewCase&) const = default;
};
struct ActivateZone {
  static constexpr std::string_view kName = "activate_zone";
  ZoneId zone;
  bool active = false;
  UtcTime until;
  bool operator==(const ActivateZone&) const = default;
};
// Asks for greens in time along a way. With `vehicle` its positions drive the corridor; without, it
// moves as somebody would who sets out now.
struct OpenCorridor {
  static constexpr std::string_view kName = "open_corridor";
  RequestId corridor;  // chosen by who asks; ends it later
  VehicleId vehicle;
  EmergencyKind kind = EmergencyKind::unknown;
  LinkId from;                // empty = where the vehicle is
  LinkId to;                  // empty = the last of `route`
  std::vector<LinkId> route;  // empty = the quickest from `from` to `to`
  UtcTime until;
  bool operator==(const OpenCorridor&) const = default;
};
struct EndCorridor {
  static constexpr std::string_view kName = "end_corridor";
  RequestId corridor;
  bool operator==(const EndCorridor&) const = default;
};
// Writes an entry into the city's book: a new one, or one that stands under the same id. Its owner
// becomes who says so.
struct SaveBookEntry {
  static constexpr std::string_view kName = "save_book_entry";
  BookEntry entry;
  bool operator==(const SaveBookEntry&) const = default;
};
// Ends an entry that runs; one that has not begun is taken out.
struct EndBookEntry {
  static constexpr std::string_view kName = "end_book_entry";
  BookEntryId entry;
  bool operator==(const EndBookEntry&) const = default;
};

// The order of the alternatives stands on the wire: new ones go to the end.
using IntentAction =
    std::variant<ReleaseJunction, HoldStage, SelectPlan, EndOverride, SetCommissioning,
                 AcknowledgeAlarm, ShelveAlarm, ReviewCase, ActivateZone, OpenCorridor, EndCorridor,
                 SaveBookEntry, EndBookEntry>;

struct Intent {
  IntentId id;  // idempotency key
  UtcTime t;
  UtcTime expires;  // not acted upon after this
  std::uint32_t epoch = 0;
  Actor actor;
  std::string reason;
  IntentAction action;
  bool operator==(const Intent&) const = default;
};

enum class IntentOutcome : std::uint8_t {
  unknown = 0,
  accepted = 1,
  refused = 2,
  done = 3,
  expired = 4
};

constexpr auto names(Tag<IntentOutcome>) {
  using E = IntentOutcome;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::accepted, "accepted"},
                    Name<E>{E::refused, "refused"}, Name<E>{E::done, "done"},
                    Name<E>{E::expired, "expired"}};
}

struct IntentResult {
  IntentId intent;
  UtcTime t;
  IntentOutcome outcome = IntentOutcome::unknown;
  std::string cause;  // stable key of the rule or right that refused, "" = none
  std::string text;
  bool operator==(const IntentResult&) const = default;
};

constexpr auto fields(Tag<ReleaseJunction>) {
  using P = ReleaseJunction;
  return std::tuple{field(1, "junction", &P::junction), field(2, "until", &P::until)};
}
constexpr auto fields(Tag<HoldStage>) {
  using P = HoldStage;
  return std::tuple{field(1, "junction", &P::junction), field(2, "stage", &P::stage, "", {1, 255}),
                    field(3, "until", &P::until)};
}
constexpr auto fields(Tag<SelectPlan>) {
  using P = SelectPlan;
  return std::tuple{field(1, "junction", &P::junction), field(2, "plan", &P::plan, "", {1, 255}),
                    field(3, "until", &P::until)};
}
constexpr auto fields(Tag<EndOverride>) {
  using P = EndOverride;
  return std::tuple{field(1, "junction", &P::junction)};
}
constexpr auto fields(Tag<SetCommissioning>) {
  using P = SetCommissioning;
  return std::tuple{field(1, "junction", &P::junction), field(2, "state", &P::state)};
}
constexpr auto fields(Tag<AcknowledgeAlarm>) {
  using P = AcknowledgeAlarm;
  return std::tuple{field(1, "alarm", &P::alarm)};
}
constexpr auto fields(Tag<ShelveAlarm>) {
  using P = ShelveAlarm;
  return std::tuple{field(1, "alarm", &P::alarm), field(2, "until", &P::until)};
}
constexpr auto fields(Tag<ReviewCase>) {
  using P = ReviewCase;
  return std::tuple{field(1, "subject", &P::subject), field(2, "approve", &P::approve),
                    field(3, "note", &P::note)};
}
constexpr auto fields(Tag<ActivateZone>) {
  using P = ActivateZone;
  return std::tuple{field(1, "zone", &P::zone), field(2, "active", &P::active),
                    field(3, "until", &P::until)};
}
constexpr auto fields(Tag<OpenCorridor>) {
  using P = OpenCorridor;
  return std::tuple{field(1, "corridor", &P::corridor),
                    field(2, "vehicle", &P::vehicle),
                    field(3, "kind", &P::kind),
                    field(4, "from", &P::from),
                    field(5, "to", &P::to),
                    field(6, "route", &P::route),
                    field(7, "until", &P::until)};
}
constexpr auto fields(Tag<EndCorridor>) {
  using P = EndCorridor;
  return std::tuple{field(1, "corridor", &P::corridor)};
}
constexpr auto fields(Tag<SaveBookEntry>) {
  using P = SaveBookEntry;
  return std::tuple{field(1, "entry", &P::entry)};
}
constexpr auto fields(Tag<EndBookEntry>) {
  using P = EndBookEntry;
  return std::tuple{field(1, "entry", &P::entry)};
}
constexpr auto fields(Tag<Intent>) {
  using P = Intent;
  return std::tuple{field(1, "id", &P::id),           field(2, "t", &P::t),
                    field(3, "expires", &P::expires), field(4, "epoch", &P::epoch),
                    field(5, "actor", &P::actor),     field(6, "reason", &P::reason),
                    field(7, "action", &P::action)};
}
constexpr auto fields(Tag<IntentResult>) {
  using P = IntentResult;
  return std::tuple{field(1, "intent", &P::intent), field(2, "t", &P::t),
                    field(3, "outcome", &P::outcome), field(4, "cause", &P::cause),
                    field(5, "text", &P::text)};
}

}  // namespace dispecer
