#include "sim/devices/air_station/air_station.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <numbers>

namespace dispecer::sim {
namespace {

namespace json = boost::json;

constexpr double kReach = 200;            // m
constexpr double kSmoothing = 300;        // s
constexpr std::size_t kKept = 120;        // observations of one series
constexpr double kLocalHourOffset = 2.0;  // the model's sun, not a time zone
constexpr std::array kFaults{"stuck_high", "negative", "flat", "wrong_clock", "no_unit"};

// A bell over the hours of the day.
double hump(double hour, double centre, double width) {
  const double away = std::remainder(hour - centre, 24.0);
  return std::exp(-away * away / (2 * width * width));
}

double emission(RoadUser kind) {
  switch (kind) {
    case RoadUser::lorry:
      return 5;
    case RoadUser::bus:
      return 4;
    case RoadUser::trolleybus:
    case RoadUser::bicycle:
      return 0;
    case RoadUser::motorcycle:
      return 0.7;
    default:
      return 1;
  }
}

// What a station would measure at this load and hour without any error, ug/m3.
double truth(Pollutant pollutant, double load, double hour) {
  const double no2 = 9 + 7 * hump(hour, 8, 1.5) + 9 * hump(hour, 18.5, 2) + 2.2 * load;
  switch (pollutant) {
    case Pollutant::no2:
      return no2;
    case Pollutant::pm10:
      return 14 + 5 * hump(hour, 20, 3) + 0.6 * load;
    case Pollutant::pm25:
      return 8 + 4 * hump(hour, 20, 3) + 0.3 * load;
    case Pollutant::o3:
      return std::max(4.0, 45 + 40 * hump(hour, 15, 3) - 0.7 * no2);
    case Pollutant::so2:
      return 4 + 0.05 * load;
    case Pollutant::co:
      return 250 + 12 * load;
    default:
      return 0;
  }
}

const char* label(Pollutant pollutant) {
  switch (pollutant) {
    case Pollutant::no2:
      return "NO2";
    case Pollutant::pm10:
      return "PM10";
    case Pollutant::pm25:
      return "PM2.5";
    case Pollutant::o3:
      return "O3";
    case Pollutant::so2:
      return "SO2";
    case Pollutant::co:
      return "CO";
    default:
      return "unknown";
  }
}

std::string setting(const city::DeviceRow& row, const std::string& key) {
  const auto found = row.settings.find(key);
  return found == row.settings.end() ? "" : found->second;
}

}  // namespace

Result<std::unique_ptr<AirStationDevice>> AirStationDevice::make(const DeviceContext& context) {
  std::unique_ptr<AirStationDevice> device(new AirStationDevice(context));
  std::uint32_t next_id = 1;
  for (const auto& row : context.rows) {
    const auto named = setting(row, "station");
    const StationId id(named.empty() ? row.id : named);
    const auto& all = context.city->stations;
    const auto fact =
        std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.id == id; });
    if (fact == all.end())
      return Error{"unknown_station", "the city has no air station " + id.str(), row.id};
    Station station;
    station.row = row.id;
    station.fact = *fact;
    const double averaging = std::strtod(setting(row, "averaging_s").c_str(), nullptr);
    station.averaging = from_seconds(averaging > 0 ? averaging : 60);
    for (const auto pollutant : fact->pollutants)
      station.series.push_back({next_id++, pollutant, {}});
    device->stations_.push_back(std::move(station));
  }
  auto http = HttpDevice::open(
      context, [d = device.get()](const http::Request& request, const Endpoint& at) {
        return d->answer(request, at);
      });
  if (!http) return http.error();
  device->http_ = std::move(*http);
  return device;
}

void AirStationDevice::tick(const StreetView& view, UtcTime now) {
  std::vector<std::pair<Local, double>> sources;
  sources.reserve(view.vehicles.size());
  for (const auto& v : view.vehicles) {
    if (const double e = emission(v.kind); e > 0)
      sources.emplace_back(plane_.to_local(v.position), e);
  }
  for (auto& station : stations_) {
    const Local here = plane_.to_local(station.fact.position);
    double load = 0;
    for (const auto& [place, e] : sources) {
      const double dx = place.x - here.x;
      const double dy = place.y - here.y;
      if (std::abs(dx) > kReach || std::abs(dy) > kReach) continue;
      const double d = std::hypot(dx, dy);
      if (d <= kReach) load += e / (1 + d / 30);
    }
    const double step = station.last_tick.us == 0 ? 0 : in_seconds(now - station.last_tick);
    if (station.last_tick.us == 0 || step < 0) {
      // First tick, or a new epoch of the clock.
      station.traffic = load;
      station.period_begin = now;
      station.sum = 0;
      station.ticks = 0;
    } else {
      station.traffic += (load - station.traffic) * (1 - std::exp(-step / kSmoothing));
    }
    station.last_tick = now;
    station.sum += station.traffic;
    ++station.ticks;
    if (now - station.period_begin >= station.averaging) close_period(station, now);
  }
}

void AirStationDevice::close_period(Station& station, UtcTime end) {
  const double load = station.sum / std::max(1U, station.ticks);
  const double day = std::fmod(static_cast<double>(end.us) * 1e-6, 86400.0);
  const double hour = std::fmod(day / 3600 + kLocalHourOffset, 24.0);
  for (auto& series : station.series) {
    const std::string key =
        station.row + label(series.pollutant) + std::to_string(end.us / 1'000'000);
    double value = truth(series.pollutant, load, hour);
    value += (0.03 * value + 0.5) * gauss(key, seed_);
    value = std::max(0.0, std::round(value * 10) / 10);
    if (station.faults.contains("flat") && !series.observations.empty())
      value = series.observations.back().value;
    if (station.faults.contains("stuck_high")) value = 480;
    if (station.faults.contains("negative")) value = -4.2;
    series.observations.push_back({station.period_begin, end, value});
    if (series.observations.size() > kKept) series.observations.pop_front();
    ++observations_;
  }
  station.period_begin = end;
  station.sum = 0;
  station.ticks = 0;
}

http::Response AirStationDevice::answer(const http::Request& request, const Endpoint& at) const {
  if (request.method != "GET") return http::refuse(405, "only GET");
  const auto rows = http_->rows_at(at);
  const std::string path = http::path_of(request.target);
  // $top may stand on its own or within $expand.
  std::size_t top = 100;
  if (const auto mark = request.target.find("$top="); mark != std::string::npos)
    top = std::strtoul(request.target.c_str() + mark + 5, nullptr, 10);

  const auto observations = [&](const Station& station, const Series& series) {
    const Duration ahead{station.faults.contains("wrong_clock") ? std::chrono::hours{1}
                                                                : std::chrono::hours{0}};
    json::array list;
    for (auto o = series.observations.rbegin();
         o != series.observations.rend() && list.size() < top; ++o) {
      list.push_back({{"phenomenonTime", to_iso(o->begin + ahead) + "/" + to_iso(o->end + ahead)},
                      {"resultTime", to_iso(o->end + ahead)},
                      {"result", o->value}});
    }
    return list;
  };
  json::array streams;
  for (const auto& station : stations_) {
    if (std::none_of(rows.begin(), rows.end(), [&](const auto& r) { return r.id == station.row; }))
      continue;
    for (const auto& series : station.series) {
      if (path == "/v1.1/Datastreams(" + std::to_string(series.id) + ")/Observations") {
        return versioned(request,
                         json::serialize(json::object{{"value", observations(station, series)}}),
                         "application/json");
      }
      const bool no_unit = station.faults.contains("no_unit");
      streams.push_back(json::object{
          {"@iot.id", series.id},
          {"name", station.fact.id.str() + " " + label(series.pollutant)},
          {"unitOfMeasurement",
           {{"name", no_unit ? "" : "microgram per cubic metre"},
            {"symbol", no_unit ? "" : "ug/m3"},
            {"definition", no_unit ? "" : "http://qudt.org/vocab/unit/MicroGM-PER-M3"}}},
          {"properties",
           {{"averagingPeriod", "PT" + std::to_string(station.averaging.count() / 1'000'000) + "S"},
            {"upperLimit", 1000}}},
          {"Thing", {{"@iot.id", station.fact.id.str()}, {"name", station.fact.id.str()}}},
          {"ObservedProperty", json::object{{"name", label(series.pollutant)}}},
          {"Observations", observations(station, series)}});
    }
  }
  if (path != "/v1.1/Datastreams") return http::refuse(404, "ask /v1.1/Datastreams");
  return versioned(request, json::serialize(json::object{{"value", std::move(streams)}}),
                   "application/json");
}

bool AirStationDevice::set_fault(std::string_view row, std::string_view name, bool on) {
  if (HttpDevice::knows(name)) return http_->set_fault(row, name, on);
  if (std::find(kFaults.begin(), kFaults.end(), name) == kFaults.end()) return false;
  bool found = false;
  for (auto& station : stations_) {
    if (!row.empty() && station.row != row) continue;
    found = true;
    if (on) {
      station.faults.emplace(name);
    } else if (const auto it = station.faults.find(name); it != station.faults.end()) {
      station.faults.erase(it);
    }
  }
  return found;
}

std::map<std::string, std::uint64_t> AirStationDevice::counters() const {
  std::map<std::string, std::uint64_t> all;
  for (const auto& [name, n] : http_->counters()) all["air_station." + name] = n;
  all["air_station.observations"] = observations_;
  return all;
}

}  // namespace dispecer::sim
