#include "fusion/app/setup.h"

#include <utility>

#include "adapters/bus/topics.h"
#include "adapters/gtfs/service_day.h"
#include "adapters/gtfs/timetable.h"
#include "fusion/model/holidays.h"

namespace dispecer::fusion {
namespace {

constexpr auto kDay = std::chrono::hours(24);
constexpr int kDaysBehind = 3;
constexpr int kDaysLearnt = 60;  // more than the outlook remembers
constexpr int kDaysAhead = 40;
constexpr int kDaysLeft = 10;  // then they are looked up again

// The feed that a row of devices.toml speaks on.
const char* feed_of(const std::string& kind) {
  if (kind == "controller") return kSignals;
  if (kind == "avl") return kAvl;
  if (kind == "parking_counts") return kParkingCounts;
  if (kind == "air") return kAir;
  if (kind == "sign") return kSigns;
  return nullptr;
}

}  // namespace

Loaded load(const city::City& city, UtcTime now) {
  auto setup = std::make_shared<Setup>();
  Loaded out;
  setup->network = city.network;
  setup->signals = city.signals;
  setup->parking = city.parking;
  setup->stations = city.stations;
  setup->book = city.book;
  setup->stale_s = {{kDetectors, topic::Detectors::row.stale_s},
                    {kSignals, topic::Signals::row.stale_s},
                    {kAvl, topic::Avl::row.stale_s},
                    {kParkingCounts, topic::ParkingCounts::row.stale_s},
                    {kAir, topic::Air::row.stale_s},
                    {kSigns, topic::Signs::row.stale_s}};
  for (const auto& device : city.devices) {
    const char* feed = feed_of(device.kind);
    if (feed == nullptr || device.street == city::StreetKind::off) continue;
    setup->expected.insert(feed);
    if (feed == kSignals && !city.network.detectors.empty()) setup->expected.insert(kDetectors);
  }
  gtfs::Report report;
  auto timetable = gtfs::read_timetable(city.folder, report);
  if (timetable) {
    setup->timetable = std::move(*timetable);
    out.alarms = gtfs::alarms(report, now);
  } else if (setup->expected.contains(kAvl)) {
    out.alarms.push_back(
        {"no_timetable", city.name, AlarmPriority::medium, true, now, timetable.error().message()});
  }
  out.setup = std::move(setup);
  return out;
}

Result<> keep_days(FusionState& state, const std::string& timezone, UtcTime now) {
  const bool enough = !state.days.empty() && state.days.begin()->second <= now - 2 * kDay &&
                      state.days.rbegin()->second >= now + kDaysLeft * kDay;
  if (enough && !state.calendar_due) return Ok{};
  auto days = gtfs::local_day_starts(timezone, now - kDaysBehind * kDay, now + kDaysAhead * kDay);
  if (!days) return days.error();
  std::map<std::uint32_t, UtcTime> starts;
  for (const auto& day : *days) starts.emplace(day.date, day.start);
  set_days(state, std::move(starts));
  const auto offsets =
      gtfs::zone_offsets(timezone, now - kDaysLearnt * kDay, now + kDaysAhead * kDay);
  if (!offsets) return offsets.error();
  forecast::Calendar calendar;
  for (const auto& o : *offsets) calendar.offsets.push_back({o.begin, o.seconds});
  const auto day_of = [](UtcTime t) { return t.us / Duration{kDay}.count(); };
  for (const auto day : public_holidays(timezone, day_of(now - kDaysLearnt * kDay),
                                        day_of(now + kDaysAhead * kDay))) {
    calendar.holidays.push_back(static_cast<std::int32_t>(day));
  }
  forecast::add_holidays(calendar, state.book);
  state.calendar = calendar;
  state.calendar_due = false;
  set_calendar(state.outlook, calendar);
  return Ok{};
}

Result<> take_over(FusionState& state) {
  if (state.kept_outlook.empty() || state.days.empty()) return Ok{};
  const auto kept = std::exchange(state.kept_outlook, {});
  return load(state.outlook, kept);
}

}  // namespace dispecer::fusion
