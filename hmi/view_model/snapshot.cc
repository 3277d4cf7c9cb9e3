#include "hmi/view_model/snapshot.h"

#include <algorithm>

namespace dispecer::hmi {
namespace {
constexpr std::size_t kMostResults = 200;
constexpr Duration kLongestCorridor = std::chrono::hours(2);  // the centre opens none for longer

bool over(const PriorityRequest& leg) {
  return leg.state == RequestState::served || leg.state == RequestState::timed_out ||
         leg.state == RequestState::cancelled;
}

const std::string* input(const PriorityRequest& leg, std::string_view name) {
  for (const auto& i : leg.reason.inputs) {
    if (i.name == name) return &i.value;
  }
  return nullptr;
}

}  // namespace

const PriorityRequest* CorridorSeen::next() const {
  const auto it = std::find_if_not(legs.begin(), legs.end(), over);
  return it == legs.end() ? nullptr : &*it;
}

// A new epoch ends every corridor; one of which nothing was heard for as long as any may last has
// ended while nobody listened.
void Ingest::clock(const ClockTick& tick) {
  if (tick.epoch != now_.clock.epoch) now_.corridors.clear();
  now_.clock = tick;
  std::erase_if(now_.corridors, [&](const auto& row) {
    return std::all_of(row.second.legs.begin(), row.second.legs.end(),
                       [&](const auto& leg) { return tick.now - leg.received > kLongestCorridor; });
  });
}

void Ingest::corridor(const PriorityRequest& leg) {
  const auto* name = input(leg, "corridor");
  if (name == nullptr) return;
  const RequestId id(*name);
  auto it = now_.corridors.find(id);
  if (it == now_.corridors.end()) {
    if (over(leg)) return;
    it =
        now_.corridors.emplace(id, CorridorSeen{id, leg.vehicle, EmergencyKind::unknown, {}}).first;
  }
  auto& seen = it->second;
  if (const auto* kind = input(leg, "kind")) {
    seen.kind = from_name<EmergencyKind>(*kind).value_or(EmergencyKind::unknown);
  }
  const auto same = std::find_if(seen.legs.begin(), seen.legs.end(),
                                 [&](const PriorityRequest& l) { return l.id == leg.id; });
  if (same == seen.legs.end()) {
    seen.legs.push_back(leg);
  } else {
    *same = leg;
  }
  if (seen.next() == nullptr) now_.corridors.erase(it);
}

void Ingest::picture(CityPicture picture, MonoTime received) {
  // Requests of vehicles that left the city are dropped with them.
  std::erase_if(now_.priority, [&](const auto& entry) {
    return std::none_of(picture.buses.begin(), picture.buses.end(),
                        [&](const BusState& b) { return b.vehicle == entry.first; });
  });
  now_.picture = std::make_shared<const CityPicture>(std::move(picture));
  now_.picture_received = received;
}

void Ingest::priority(const PriorityRequest& request) {
  if (request.kind == RequestKind::emergency) {
    corridor(request);
    return;
  }
  auto& known = now_.priority[request.vehicle];
  if (known.id.empty() || request.changed >= known.changed) known = request;
}

void Ingest::result(const IntentResult& result) {
  now_.results.push_back(result);
  if (now_.results.size() > kMostResults) now_.results.erase(now_.results.begin());
}

void Ingest::cases(std::vector<Case> cases) {
  now_.cases = std::move(cases);
  now_.cases_error.clear();
}

}  // namespace dispecer::hmi
