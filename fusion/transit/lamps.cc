#include "fusion/transit/lamps.h"

#include <algorithm>
#include <cmath>

namespace dispecer::transit {
namespace {

constexpr double kAlike_s = 3;  // interval before it: of like length

// The interval `back` intervals before the present one, 1 = the last whole one.
double ago(const LampHistory& lamps, std::size_t back) {
  return lamps.past[(lamps.count - back) % kLampPast];
}

}  // namespace

void forget(LampHistory& lamps) {
  lamps.count = 0;
  lamps.known = lamps.whole = false;
}

void note(LampHistory& lamps, bool green, UtcTime t, double gap_s) {
  if (lamps.known && (t < lamps.seen || in_seconds(t - lamps.seen) > gap_s)) forget(lamps);
  if (!lamps.known) {
    lamps.known = true;
    lamps.green = green;
    lamps.since = t;
  } else if (green != lamps.green) {
    if (lamps.whole) {
      lamps.past[lamps.count % kLampPast] = in_seconds(t - lamps.since);
      ++lamps.count;
    }
    lamps.whole = true;
    lamps.green = green;
    lamps.since = t;
  }
  lamps.seen = t;
}

void seed(LampHistory& lamps, const std::vector<LampSwitch>& switches, double cycle,
          double position, bool green, UtcTime t) {
  const std::size_t n = switches.size();
  if (n < 2 || n % 2 != 0 || cycle <= 0) return;
  std::size_t last = n - 1;  // the newest switch up to the position, of this or the last cycle
  for (std::size_t i = 0; i < n; ++i) {
    if (switches[i].at <= position) last = i;
  }
  if (switches[last].green != green) return;
  double elapsed = position - switches[last].at;
  if (elapsed < 0) elapsed += cycle;
  lamps.count = kLampPast - 1;
  for (std::size_t back = 1; back <= lamps.count; ++back) {
    const std::size_t end = (last + n * kLampPast - back + 1) % n;
    const std::size_t begin = (end + n - 1) % n;
    double length = switches[end].at - switches[begin].at;
    if (length <= 0) length += cycle;
    lamps.past[(lamps.count - back) % kLampPast] = length;
  }
  lamps.known = lamps.whole = true;
  lamps.green = green;
  lamps.since = t - from_seconds(elapsed);
  lamps.seen = t;
}

LampFutures futures(const LampHistory& lamps, UtcTime now) {
  LampFutures out;
  if (!lamps.known || !lamps.whole) return out;
  const double elapsed = std::max(0.0, in_seconds(now - lamps.since));
  const std::size_t kept = std::min(lamps.count, kLampPast);
  // Colours alternate, so that of two intervals back is the present one's.
  const auto take = [&](bool alike) {
    for (std::size_t back = 2; back <= kept && out.count < kFutures; back += 2) {
      if (ago(lamps, back) < elapsed + 0.5) continue;
      if (alike && (back + 1 > kept || std::abs(ago(lamps, back + 1) - ago(lamps, 1)) > kAlike_s)) {
        continue;
      }
      auto& future = out.row[out.count++];
      future.green = lamps.green;
      std::size_t at = back;
      future.s[0] = ago(lamps, at) - elapsed;
      for (future.count = 1; future.count < kLampAhead; ++future.count) {
        // After the newest whole one comes the present one, which is like the one begun with.
        at = at == 1 ? back : at - 1;
        future.s[future.count] = ago(lamps, at);
      }
    }
  };
  take(true);
  if (out.count == 0) take(false);
  if (out.count == 0 && kept >= 2) {
    // Longer than ever: it may end at once or last half as long again.
    for (const double more : {2.0, 0.25 * elapsed, 0.5 * elapsed}) {
      auto& future = out.row[out.count++];
      future.green = lamps.green;
      future.s[0] = std::max(more, 1.0);
      for (future.count = 1; future.count < kLampAhead; ++future.count) {
        future.s[future.count] = ago(lamps, future.count % 2 == 1 ? 1 : 2);
      }
    }
  }
  return out;
}

double pass_s(const LampFuture& future, const Discharge& d) {
  double begin = 0;
  double left = d.before;
  for (std::size_t i = 0; i < future.count; ++i) {
    const double end = begin + future.s[i];
    const bool green = (i % 2 == 0) == future.green;
    if (green) {
      // Who finds the lamp green and nobody before it drives through.
      const bool starts = i > 0 && (left > 0 || d.arrive < begin + 1);
      const double from = begin + (starts ? d.start_loss : 0.0);
      const double pass = std::max(from + left, d.arrive);
      if (pass <= end + d.amber) return pass;
      left = std::max(0.0, left - std::max(0.0, end - from));
    }
    begin = end;
  }
  return std::max(begin, d.arrive);
}

}  // namespace dispecer::transit
