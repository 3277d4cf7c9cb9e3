#include "adapters/clock/domain_clock.h"

#include <algorithm>
#include <chrono>

namespace dispecer::clock {
namespace {
constexpr double kMostAhead = 1.5;  // domain seconds past the last tick
}

MonoTime monotonic() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::steady_clock::now().time_since_epoch())
              .count()};
}

UtcTime wall() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

bool DomainClock::tick(const ClockTick& tick, MonoTime received) {
  if (seen_ && (tick.epoch < last_.epoch || (tick.epoch == last_.epoch && tick.now < last_.now)))
    return false;
  told_ = seen_ && tick.epoch == last_.epoch ? at(received) : tick.now;
  last_ = tick;
  received_ = received;
  seen_ = true;
  return true;
}

UtcTime DomainClock::at(MonoTime moment) const {
  if (!seen_) return {};
  const double ahead = std::clamp(in_seconds(moment - received_) * last_.rate, 0.0, kMostAhead);
  return std::max(told_, last_.now + from_seconds(ahead));
}

}  // namespace dispecer::clock
