#include "hmi/view_model/snapshot.h"

#include <algorithm>

namespace dispecer::hmi {
namespace {
constexpr std::size_t kMostResults = 200;
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
