// The feeds as wholes: a silent feed is one alarm, not a thousand sick devices.
#include <algorithm>

#include "fusion/app/core.h"

namespace dispecer::fusion {
namespace {

constexpr double kAskBuses_s = 30;   // how often the timetable is asked
constexpr double kFirstBus_s = 300;  // a bus may be late for its first trip

struct Devices {
  std::uint32_t all = 0;
  std::uint32_t live = 0;
  void add(bool is_live) {
    ++all;
    live += is_live ? 1 : 0;
  }
};

double stale_after(const FusionState& state, const char* feed) {
  const auto it = state.setup->stale_s.find(feed);
  return it == state.setup->stale_s.end() ? 5.0 : it->second;
}

Devices devices_of(const FusionState& state, const std::string& feed, const CityPicture& picture) {
  Devices devices;
  const auto fresh = [&](UtcTime t) {
    return in_seconds(state.now - t) <= stale_after(state, feed.c_str());
  };
  if (feed == kDetectors) {
    devices.all = static_cast<std::uint32_t>(state.traffic.detectors.size());
    devices.live = devices.all - static_cast<std::uint32_t>(picture.detectors.size());
  } else if (feed == kSignals) {
    for (const auto& [id, signals] : state.setup->signals) {
      const auto it = state.signals.find(id);
      devices.add(it != state.signals.end() && it->second.link == CommLink::connected &&
                  fresh(it->second.t));
    }
  } else if (feed == kAvl) {
    for (const auto& bus : picture.buses) devices.add(bus.quality == Quality::live);
  } else if (feed == kParkingCounts) {
    for (const auto& row : picture.parking) {
      devices.add(row.occupied && row.occupied->quality == Quality::live);
    }
  } else if (feed == kAir) {
    for (const auto& series : state.air.series) {
      devices.add(series.heard && fresh(series.newest));
    }
  } else if (feed == kSigns) {
    for (const auto& [id, report] : state.signs) devices.add(report.healthy && fresh(report.t));
  }
  return devices;
}

// May the feed be silent with good reason?
bool excused(FusionState& state, const std::string& feed) {
  if (feed != kAvl) return false;
  if (in_seconds(state.now - state.buses_asked) >= kAskBuses_s) {
    state.buses_asked = state.now;
    state.buses_due =
        transit::service_runs(state.transit, state.now, 0) &&
        transit::service_runs(state.transit, state.now - from_seconds(kFirstBus_s), 0);
  }
  return !state.buses_due;
}

}  // namespace

std::vector<SourceState> detail::judge_sources(FusionState& state, const CityPicture& picture) {
  std::vector<SourceState> out;
  for (const char* feed : {kSignals, kDetectors, kAvl, kParkingCounts, kAir, kSigns}) {
    SourceState row;
    row.source = feed;
    const auto devices = devices_of(state, feed, picture);
    row.devices = devices.all;
    row.devices_live = devices.live;
    const auto it = state.feeds.find(feed);
    const bool heard = it != state.feeds.end() && it->second.heard;
    const double age =
        std::max(0.0, in_seconds(state.now - (heard ? it->second.newest : state.begun)));
    row.age = Seconds{age};
    const bool expected = state.setup->expected.contains(feed);
    if (heard) {
      row.quality = age <= stale_after(state, feed) ? Quality::live : Quality::stale;
    } else if (expected && age > state.setup->grace_s) {
      row.quality = Quality::stale;
    }
    auto judged = row;
    if (judged.quality == Quality::stale && excused(state, feed)) judged.quality = Quality::unknown;
    alarms::apply(state.alarms, judged, state.now);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace dispecer::fusion
