#include "adapters/parking_counts/source.h"

#include <algorithm>
#include <cstdlib>

#include "adapters/http/device_poll.h"

namespace dispecer::parking_counts {
namespace {

ReaderOptions reader_options(const std::vector<city::DeviceRow>& rows, const city::City& city) {
  ReaderOptions options;
  options.source = rows.front().id;
  options.dialect = http::setting(rows.front(), "dialect");
  options.timezone = city.timezone;
  options.stale_after = http::seconds_of(rows.front(), "stale_s", 900);
  for (const auto& row : rows) {
    bool named = false;
    for (const auto& [key, value] : row.settings) {
      if (!key.starts_with("record.")) continue;
      options.records[key.substr(7)] = ParkingId(value);
      named = true;
    }
    // The row names its area, or is called like it. A lone row may leave the record unnamed.
    std::string area = http::setting(row, "parking");
    if (area.empty()) area = http::setting(row, "area");
    if (!named && rows.size() == 1) options.records[""] = ParkingId(area.empty() ? row.id : area);
  }
  return options;
}

http::PollerOptions poller_options(const city::DeviceRow& row, const std::string& secret) {
  auto options = http::poller_options(row, secret, {"/counts", "parking", 10, 60});
  return options;
}

}  // namespace

Source::Source(boost::asio::io_context& io, http::Client& client, std::vector<city::DeviceRow> rows,
               const std::string& secret, const city::City& city, Surroundings around)
    : subject_(rows.size() == 1 ? rows.front().id : "parking@" + rows.front().address),
      around_(std::move(around)),
      reader_(city.parking, reader_options(rows, city)),
      period_(http::seconds_of(rows.front(), "period_s", 10)),
      poller_(io, client, poller_options(rows.front(), secret),
              {[this](const http::Response& r) { return take(r); },
               [this](bool dead, const std::string& text) {
                 around_.alarm(
                     {"dead_source", subject_, AlarmPriority::medium, dead, around_.now(), text});
               }}) {}

bool Source::take(const http::Response& response) {
  const auto counts = reader_.read(response.body, around_.now());
  if (!counts) return false;
  for (const auto& count : *counts) around_.publish(count, response.received);
  return true;
}

void Source::set_rate(double rate) {
  const Duration period{
      static_cast<std::int64_t>(static_cast<double>(period_.count()) / std::max(rate, 0.1))};
  poller_.set_period(std::max(period, Duration{std::chrono::milliseconds{250}}), Duration{0});
}

std::map<std::string, std::uint64_t> Source::counters() const {
  auto all = reader_.counters();
  for (const auto& [name, n] : poller_.counters()) all[name] += n;
  return all;
}

}  // namespace dispecer::parking_counts
