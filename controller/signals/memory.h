// What a junction's decisions remember from second to second.
#pragma once

#include <optional>
#include <vector>

#include "controller/signals/claim.h"
#include "controller/signals/plan_memory.h"
#include "controller/signals/site.h"
#include "fusion/model/actor.h"
#include "fusion/model/intent.h"

namespace dispecer::signals {

enum class OverrideKind : std::uint8_t { release, hold, plan };

// An operator's word, until its end.
struct Override {
  OverrideKind kind = OverrideKind::release;
  std::uint32_t number = 0;  // of the stage or plan
  UtcTime until;
  Actor actor;
  bool operator==(const Override&) const = default;
};

// What the city's book wants of the junction itself.
struct BookWord {
  BookEntryId entry;
  std::uint32_t plan = 0;  // 0 = what the controller chooses itself
  UtcTime until;           // end of the entry
  bool operator==(const BookWord&) const = default;
};

struct GroupMemory {
  bool green = false;
  UtcTime since;                  // when it became so, as far as observed
  std::optional<UtcTime> nobody;  // at red: until when nobody can have waited there
};

struct Memory {
  bool seen = false;
  UtcTime seen_at;  // report observed last
  std::vector<GroupMemory> groups;
  std::uint32_t stage = kNone;       // observed last, index; kNone = between stages
  std::uint32_t last_stage = kNone;  // observed last that was not kNone
  UtcTime stage_since;

  bool ours = false;             // a stage demand of ours may stand in the controller
  std::uint32_t wanted = kNone;  // index of the stage ordered last
  UtcTime wanted_since;
  std::optional<UtcTime> released;    // when we last asked for the release
  std::optional<UtcTime> plan_asked;  // when we last asked for a plan
  bool plan_set = false;              // a plan of an operator may stand in the controller
  std::vector<double> credit;         // s that priority took, by stage
  PlanMemory plans;
  std::optional<Override> override_;
  std::optional<BookWord> book;
  bool book_left = false;         // what the book's word set is still to be taken back
  bool saturated = false;         // more waits than a cycle can let go; see pace.h
  double saturation_turns_s = 0;  // for how long the approaches have said otherwise
  Commissioning commissioning = Commissioning::unknown;
  std::vector<Claim> claims;  // of emergency corridors, of this second

  std::int64_t id_second = 0;  // of the proposal ids given so far
  std::uint32_t id_counter = 0;
};

Memory make_memory(const Site& site);
// Takes over what the controller reported. The same report twice changes nothing.
void observe(Memory& memory, const Site& site, const SignalObservation& signal);

}  // namespace dispecer::signals
