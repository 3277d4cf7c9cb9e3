#include "controller/app/time_zone.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>

namespace dispecer::controller {
namespace {

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

}  // namespace dispecer::controller
