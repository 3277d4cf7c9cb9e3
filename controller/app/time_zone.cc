#include "controller/app/time_zone.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>

#include "fusion/model/holidays.h"

namespace dispecer::controller {
namespace {

constexpr int kBehindDays = 40;
constexpr int kAheadDays = 200;
constexpr int kSpareDays = 100;

// Sets the zone of this process for as long as it stands; the mains have one thread.
class ZoneGuard {
 public:
  explicit ZoneGuard(const std::string& zone) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", (":" + zone).c_str(), 1);
    ::tzset();
  }
  ~ZoneGuard() {
    if (before_) {
      ::setenv("TZ", before_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }
  ZoneGuard(const ZoneGuard&) = delete;
  ZoneGuard& operator=(const ZoneGuard&) = delete;

 private:
  std::optional<std::string> before_;
};

long offset_at(std::time_t t) {
  std::tm local{};
  ::localtime_r(&t, &local);
  return local.tm_gmtoff;
}

}  // namespace

Result<access::LocalTime> local_time(const std::string& timezone, UtcTime from, UtcTime to) {
  const bool named = !timezone.empty() && timezone.find("..") == std::string::npos;
  if (!named || !std::filesystem::is_regular_file("/usr/share/zoneinfo/" + timezone)) {
    return Error{"unknown_timezone", "found '" + timezone + "', expected an IANA name",
                 "city.toml timezone"};
  }
  const ZoneGuard guard(timezone);
  access::LocalTime out;
  constexpr std::time_t kStep = 24 * 3600;
  std::time_t t = static_cast<std::time_t>(from.us / 1'000'000);
  const auto end = static_cast<std::time_t>(to.us / 1'000'000);
  long offset = offset_at(t);
  const auto add = [&](std::time_t since) {
    out.changes.push_back({UtcTime{since * 1'000'000}, Seconds{static_cast<double>(offset)}});
  };
  add(t);
  for (; t < end; t += kStep) {
    if (offset_at(t + kStep) == offset) continue;
    std::time_t low = t;
    std::time_t high = t + kStep;
    while (high - low > 1) {
      const std::time_t middle = low + (high - low) / 2;
      (offset_at(middle) == offset ? low : high) = middle;
    }
    offset = offset_at(high);
    add(high);
  }
  return out;
}

std::optional<Result<ZoneKeeper::News>> ZoneKeeper::follow(UtcTime now) {
  constexpr std::int64_t kDaySeconds = 86400;
  const auto days = [](int n) { return std::chrono::seconds(n * kDaySeconds); };
  if (until_.us != 0 && now + days(kSpareDays) < until_ && from_ <= now) return std::nullopt;
  from_ = now - days(kBehindDays);
  until_ = now + days(kAheadDays);
  auto local = local_time(zone_, from_, until_);
  if (!local) return Result<News>(local.error());
  const auto day_of = [](UtcTime t) { return t.us / 1'000'000 / kDaySeconds; };
  return Result<News>(
      News{*std::move(local), public_holidays(zone_, day_of(from_), day_of(until_))});
}

}  // namespace dispecer::controller
