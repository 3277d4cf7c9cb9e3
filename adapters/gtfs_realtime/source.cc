#include "adapters/gtfs_realtime/source.h"

#include <algorithm>
#include <sstream>

#include "adapters/http/device_poll.h"

namespace dispecer::gtfs_realtime {
namespace {

ReaderOptions reader_options(const city::DeviceRow& row, LonLat south_west, LonLat north_east) {
  ReaderOptions options;
  options.south_west = south_west;
  options.north_east = north_east;
  options.stale_after = http::seconds_of(row, "stale_s", 90);
  std::istringstream loads(http::setting(row, "loads"));
  for (auto& load : options.loads) {
    double value = 0;
    if (!(loads >> value)) break;
    load = std::clamp(value, 0.0, 3.0);
  }
  return options;
}

http::PollerOptions poller_options(const city::DeviceRow& row, const std::string& secret) {
  auto options = http::poller_options(row, secret, {"/vehicle_positions.pb", "gtfs_rt", 1, 10});
  options.when_unchanged = options.period / 5;
  return options;
}

}  // namespace

Source::Source(boost::asio::io_context& io, http::Client& client, const city::DeviceRow& row,
               const std::string& secret, const Timetable& timetable, LonLat south_west,
               LonLat north_east, Surroundings around)
    : id_(row.id),
      around_(std::move(around)),
      reader_(timetable, reader_options(row, south_west, north_east)),
      period_(http::seconds_of(row, "period_s", 1)),
      poller_(io, client, poller_options(row, secret),
              {[this](const http::Response& r) { return take(r); },
               [this](bool dead, const std::string& text) {
                 set_alarm(dead_, dead, "dead_source", text);
               }}) {}

bool Source::take(const http::Response& response) {
  const UtcTime now = around_.now();
  const auto reading = reader_.read(response.body, now);
  if (!reading) return false;
  for (const auto& position : reading->positions) around_.publish(position, response.received);
  const bool all_stale = reading->vehicles > 0 && reading->stale == reading->vehicles;
  set_alarm(stale_, all_stale, "stale_source",
            "all " + std::to_string(reading->vehicles) + " positions are too old to be used");
  return true;
}

void Source::set_alarm(bool& state, bool active, const char* kind, const std::string& text) {
  if (state == active) return;
  state = active;
  around_.alarm({kind, id_, AlarmPriority::high, active, around_.now(), active ? text : ""});
}

void Source::set_rate(double rate) {
  using std::chrono::milliseconds;
  const Duration period{
      static_cast<std::int64_t>(static_cast<double>(period_.count()) / std::max(rate, 0.01))};
  poller_.set_period(std::clamp(period, Duration{milliseconds{100}}, Duration{period_ * 10}),
                     std::max(std::min(period, period_) / 5, Duration{milliseconds{40}}));
}

std::map<std::string, std::uint64_t> Source::counters() const {
  auto all = reader_.counters();
  for (const auto& [name, n] : poller_.counters()) all[name] += n;
  return all;
}

}  // namespace dispecer::gtfs_realtime
