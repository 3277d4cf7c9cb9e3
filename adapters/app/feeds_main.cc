// dispecer-feeds: bus positions, parking counts, air samples, and vehicles that announce themselves
// before a signal. Asks the devices of the rows "avl", "parking_counts" and "air", listens to those
// of the rows "priority_points", and publishes what they tell at once, before anything else is
// done. Desks that may ask for emergency corridors are heard here too.
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "adapters/air_quality/source.h"
#include "adapters/app/desks.h"
#include "adapters/app/listen.h"
#include "adapters/gtfs/timetable.h"
#include "adapters/gtfs_realtime/source.h"
#include "adapters/parking_counts/source.h"
#include "adapters/priority_points/source.h"
#include "adapters/process/shell.h"

namespace dispecer {
namespace {

// A bus on the edge of the map is still a bus: about 20 km are given around the city.
constexpr double kMarginDegrees = 0.2;

class Program {
 public:
  Program(process::Shell& shell, bool latency_log)
      : shell_(shell), client_(shell.io(), trust()), desks_(shell) {
    if (latency_log) {
      latency_.open(shell.run_dir() + "/latency_feeds.csv");
      latency_ << "vehicle,fix_us,received_to_published_us,age_at_publish_us\n";
    }
    read_timetable();
    make_sources();
    for (auto& alarm : desks_.take_alarms()) start_alarms_.push_back(std::move(alarm));
  }

  Result<> listen() { return desks_.listen(); }

  void start() {
    shell_.on_tick([this](const ClockTick& tick) { on_tick(tick); });
    shell_.every(std::chrono::milliseconds(1000), [this] { tell_counters(); });
  }

 private:
  http::ClientOptions trust() const {
    http::ClientOptions options;
    options.timeout = std::chrono::seconds{3};
    options.tls.ca_file = shell_.deploy("tls.ca_file");
    return options;
  }

  void read_timetable() {
    gtfs::Report report;
    auto read = gtfs::read_timetable(shell_.city().folder, report);
    for (const auto& [name, n] : report.counters) shell_.count(name, n);
    start_alarms_ = gtfs::alarms(report, {});
    if (read) {
      timetable_ = std::move(*read);
      return;
    }
    shell_.count("gtfs." + read.error().cause);
    start_alarms_.push_back({"no_timetable",
                             shell_.city().name,
                             AlarmPriority::medium,
                             true,
                             {},
                             read.error().message()});
  }

  void make_sources() {
    // Rows that share an address are one device.
    std::map<std::string, std::vector<city::DeviceRow>> parking;
    std::map<std::string, std::vector<city::DeviceRow>> air;
    for (auto row : shell_.city().devices) {
      if (row.street == city::StreetKind::off) continue;
      row.address = shell_.resolve(row.address);
      if (row.kind == "avl") {
        add_buses(row);
      } else if (row.kind == "parking_counts") {
        parking[row.address + "\n" + http_dialect(row)].push_back(row);
      } else if (row.kind == "air") {
        air[row.address].push_back(row);
      }
    }
    for (auto& [address, rows] : parking) {
      const auto secret = shell_.secret(rows.front().secret);
      parking_.push_back(std::make_unique<parking_counts::Source>(
          shell_.io(), client_, std::move(rows), secret, shell_.city(),
          parking_counts::Surroundings{
              [this] { return shell_.now(); },
              [this](const ParkingCount& c, MonoTime) { publish<topic::ParkingCounts>(c, c.t); },
              [this](const AlarmEvent& e) { shell_.alarm(e); }}));
    }
    for (auto& [address, rows] : air) {
      const auto secret = shell_.secret(rows.front().secret);
      air_.push_back(std::make_unique<air_quality::Source>(
          shell_.io(), client_, std::move(rows), secret, shell_.city(),
          air_quality::Surroundings{
              [this] { return shell_.now(); },
              [this](const AirSample& s, MonoTime) { publish<topic::Air>(s, s.period.end); },
              [this](const AlarmEvent& e) { shell_.alarm(e); }}));
    }
  }

  static std::string http_dialect(const city::DeviceRow& row) {
    const auto found = row.settings.find("dialect");
    return found == row.settings.end() ? "" : found->second;
  }

  void bad_row(const city::DeviceRow& row, const std::string& text) {
    AlarmEvent event{"bad_device_row", row.id, AlarmPriority::medium, true, {}, text};
    event.t = shell_.now();
    shell_.alarm(event);
  }

  void listen_to_points() {
    for (const auto& row : shell_.city().devices) {
      if (row.kind != "priority_points" || row.street == city::StreetKind::off) continue;
      const auto endpoint = parse_endpoint(shell_.resolve(row.address));
      if (!endpoint) {
        bad_row(row, "devices.toml: " + endpoint.error().message());
        continue;
      }
      const priority_points::Listen at{endpoint->host, endpoint->port, own_tls(shell_),
                                       is_loopback(*endpoint)};
      auto source = priority_points::Source::make(
          shell_.io(), row, shell_.secret(row.secret), shell_.city(), at,
          {[this] { return shell_.now(); },
           [this](const PriorityPoint& p) { publish<topic::PriorityPoints>(p, p.t); }});
      if (source) {
        points_.push_back(std::move(*source));
      } else {
        bad_row(row, "devices.toml: " + source.error().message());
      }
    }
  }

  void add_buses(const city::DeviceRow& row) {
    if (row.protocol != "gtfs_realtime") {
      shell_.count("feeds.unknown_protocol");
      start_alarms_.push_back({"bad_device_row",
                               row.id,
                               AlarmPriority::medium,
                               true,
                               {},
                               "protocol '" + row.protocol + "', expected gtfs_realtime"});
      return;
    }
    LonLat south_west = shell_.city().south_west;
    LonLat north_east = shell_.city().north_east;
    south_west.lon -= kMarginDegrees;
    south_west.lat -= kMarginDegrees;
    north_east.lon += kMarginDegrees;
    north_east.lat += kMarginDegrees;
    buses_.push_back(std::make_unique<gtfs_realtime::Source>(
        shell_.io(), client_, row, shell_.secret(row.secret), timetable_, south_west, north_east,
        gtfs_realtime::Surroundings{
            [this] { return shell_.now(); },
            [this](const VehiclePosition& p, MonoTime received) { publish_position(p, received); },
            [this](const AlarmEvent& e) { shell_.alarm(e); }}));
  }

  void publish_position(const VehiclePosition& position, MonoTime received) {
    publish<topic::Avl>(position, position.t);
    if (latency_.is_open()) {
      latency_ << position.vehicle.str() << ',' << position.t.us << ','
               << (shell_.mono() - received).count() << ',' << (shell_.now() - position.t).count()
               << '\n';
    }
  }

  template <class Topic>
  void publish(const typename Topic::Payload& payload, UtcTime measured) {
    shell_.publish<Topic>(payload, measured);
  }

  // Without a clock no age can be told, so nothing is asked before the first tick.
  void on_tick(const ClockTick& tick) {
    if (!started_) {
      started_ = true;
      for (auto& event : start_alarms_) {
        event.t = tick.now;
        shell_.alarm(event);
      }
      start_alarms_.clear();
      for (const auto& s : buses_) s->start();
      for (const auto& s : parking_) s->start();
      for (const auto& s : air_) s->start();
      listen_to_points();
    }
    if (tick.rate != rate_ && tick.rate > 0) {
      rate_ = tick.rate;
      for (const auto& s : buses_) s->set_rate(rate_);
      for (const auto& s : parking_) s->set_rate(rate_);
      for (const auto& s : air_) s->set_rate(rate_);
    }
  }

  void tell_counters() {
    std::map<std::string, std::uint64_t> sum;
    const auto add = [&](const auto& sources) {
      for (const auto& source : sources) {
        for (const auto& [name, n] : source->counters()) sum[name] += n;
      }
    };
    add(buses_);
    add(parking_);
    add(air_);
    add(points_);
    for (const auto& [name, n] : desks_.counters()) sum[name] += n;
    shell_.set_counters("", sum);
    if (latency_.is_open()) latency_.flush();
  }

  process::Shell& shell_;
  http::Client client_;
  Desks desks_;
  Timetable timetable_;
  std::vector<AlarmEvent> start_alarms_;
  std::vector<std::unique_ptr<gtfs_realtime::Source>> buses_;
  std::vector<std::unique_ptr<parking_counts::Source>> parking_;
  std::vector<std::unique_ptr<air_quality::Source>> air_;
  std::vector<std::unique_ptr<priority_points::Source>> points_;
  std::ofstream latency_;
  double rate_ = 1;
  bool started_ = false;
};

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  using namespace dispecer;
  process::Shell shell(
      {.name = "feeds",
       .about = "Bus positions, parking counts, air samples, announced vehicles and calls for "
                "corridors come in here.",
       .durable = true});
  bool latency_log = false;
  shell.app().add_flag("--latency-log", latency_log,
                       "write <run>/latency_feeds.csv: per position, receipt to publication");
  if (const auto code = shell.start(argc, argv)) return *code;
  Program program(shell, latency_log);
  if (const auto r = program.listen(); !r) {
    std::cerr << "dispecer-feeds: " << r.error().message() << "\n";
    return 2;
  }
  program.start();
  return shell.run();
}
