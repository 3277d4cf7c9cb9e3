#include "adapters/air_quality/source.h"

#include <algorithm>
#include <cstdlib>

#include "adapters/http/device_poll.h"

namespace dispecer::air_quality {
namespace {

// The six newest of each: after a gap in our asking nothing of the last minutes is lost.
constexpr const char* kQuery =
    "/v1.1/Datastreams?$expand=Thing,ObservedProperty,"
    "Observations($orderby=phenomenonTime%20desc;$top=6)";

ReaderOptions reader_options(const std::vector<city::DeviceRow>& rows) {
  ReaderOptions options;
  for (const auto& row : rows) {
    const auto thing = http::setting(row, "thing");
    const auto station = http::setting(row, "station");
    if (!thing.empty()) options.things[thing] = StationId(station.empty() ? row.id : station);
  }
  return options;
}

http::PollerOptions poller_options(const city::DeviceRow& row, const std::string& secret) {
  auto options = http::poller_options(row, secret, {kQuery, "air", 30, 180});
  // An address that is the service's root needs the question added.
  if (options.url.ends_with("/v1.1") || options.url.ends_with("/v1.1/")) {
    while (options.url.ends_with('/')) options.url.pop_back();
    options.url += std::string(kQuery).substr(5);
  }
  return options;
}

}  // namespace

Source::Source(boost::asio::io_context& io, http::Client& client, std::vector<city::DeviceRow> rows,
               const std::string& secret, const city::City& city, Surroundings around)
    : subject_(rows.size() == 1 ? rows.front().id : "air@" + rows.front().address),
      around_(std::move(around)),
      reader_(city.stations, reader_options(rows)),
      period_(http::seconds_of(rows.front(), "period_s", 30)),
      poller_(io, client, poller_options(rows.front(), secret),
              {[this](const http::Response& r) { return take(r); },
               [this](bool dead, const std::string& text) {
                 around_.alarm(
                     {"dead_source", subject_, AlarmPriority::low, dead, around_.now(), text});
               }}) {}

bool Source::take(const http::Response& response) {
  const auto samples = reader_.read(response.body, around_.now());
  if (!samples) return false;
  for (const auto& sample : *samples) around_.publish(sample, response.received);
  return true;
}

void Source::set_rate(double rate) {
  const Duration period{
      static_cast<std::int64_t>(static_cast<double>(period_.count()) / std::max(rate, 0.1))};
  poller_.set_period(std::max(period, Duration{std::chrono::milliseconds{500}}), Duration{0});
}

std::map<std::string, std::uint64_t> Source::counters() const {
  auto all = reader_.counters();
  for (const auto& [name, n] : poller_.counters()) all[name] += n;
  return all;
}

}  // namespace dispecer::air_quality
