// dispecer-street: the street where there is none. SUMO moves the road; virtual devices speak the
// real protocols to the centre's adapters; this process writes the domain clock.
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <list>

#include "adapters/gtfs/timetable.h"
#include "adapters/process/shell.h"
#include "sim/app/street_day.h"
#include "sim/devices/air_station/air_station.h"
#include "sim/devices/gtfs_realtime/gtfs_realtime.h"
#include "sim/devices/parking_camera/parking_camera.h"
#include "sim/devices/plate_reader/plate_reader.h"
#include "sim/devices/police_receiver/police_receiver.h"
#include "sim/devices/registers/registers.h"
#include "sim/devices/scan_car/scan_car.h"
#include "sim/devices/sign/sign.h"
#include "sim/street/fault_file.h"
#include "sim/street/street.h"

namespace {

using namespace dispecer;
using namespace dispecer::sim;
using std::chrono::steady_clock;

// Above this, one refresh of a stage demand per domain second cannot be relied on within the
// controllers' release time of a few domain seconds.
constexpr double kFastest = 20;
constexpr double kDay_s = 86400;
constexpr int kMostRestarts = 3;

constexpr const char* kAbout =
    "The simulated street: SUMO, virtual controllers and devices, and the domain clock.\n\n"
    "Faults: lines of two words in <run-dir>/faults, read each second; a fault ends when its line\n"
    "is taken out.\n"
    "  <controller> lost_link | lost_link_silent | wrong_clock | garbage | power_cut |\n"
    "               latched_inputs | wrong_matrix | detector_dead | detector_stuck | "
    "detector_chatter\n"
    "  <detector>   detector_dead | detector_stuck | detector_chatter\n"
    "  <controller>/<signal group>  lamp_red | lamp_yellow | lamp_green\n"
    "  <row of devices.toml>  what its device knows (dead, lost_link, garbage, stuck, "
    "wrong_clock...)\n"
    "When wrong_matrix or lamp_red is taken out, the controller is started again.";

class Simulation {
 public:
  Simulation(process::Shell& shell, StreetProgramOptions options)
      : shell_(shell),
        options_(std::move(options)),
        day_file_(shell.state_dir() + "/street_clock"),
        faults_(shell.run_dir() + "/faults"),
        pace_(shell.io()) {}

  Result<> open() {
    read_timetable();
    if (auto r = choose_time(); !r) return r;
    if (auto r = open_street(); !r) return r;
    if (auto r = build_controllers(); !r) return r;
    build_devices();
    shell_.every(std::chrono::seconds{1}, [this] { each_wall_second(); });
    shell_.on_stop([this] { day_file_.close(day_); });
    began_ = day_.now;
    due_ = steady_clock::now();
    rate_mark_ = {due_, day_.now};
    next();
    return Ok{};
  }

 private:
  [[nodiscard]] std::string config_file() const {
    namespace fs = std::filesystem;
    if (!options_.sumo_config.empty()) return options_.sumo_config;
    const fs::path file = shell_.city().sumo.config_file;
    return file.is_absolute() ? file.string() : (fs::path(shell_.city().folder) / file).string();
  }

  Result<> choose_time() {
    auto configured = read_configured_time(config_file());
    if (!configured) return configured.error();
    configured_ = *configured;
    // A configuration without an end has the day that its buses have.
    if (configured_.end_s == 0) configured_.end_s = last_trip_s_;
    const auto marker = shell_.run_dir() + "/street_begun";
    const bool begun = std::filesystem::exists(marker);
    std::ofstream(marker) << shell_.world().name << "\n";
    const auto chosen =
        choose_beginning(shell_.city(), options_, configured_, day_file_.load(), begun);
    if (!chosen) return chosen.error();
    day_ = chosen->day;
    day_start_ = chosen->day_start;
    if (!begun) warm_up_s_ = options_.warm_up_s;
    return Ok{};
  }

  Result<> open_street() {
    street_.reset();
    StreetOptions so;
    so.config = options_.sumo_config;
    so.seed = options_.seed;
    const double begin = in_seconds(day_.now - day_start_);
    const double warm_up =
        std::clamp(begin - configured_.begin_s, 0.0, std::exchange(warm_up_s_, 0.0));
    so.begin_s = begin - warm_up;
    so.start_date = std::to_string(day_.date);
    so.log_file = shell_.run_dir() + "/sumo.log";
    auto street = Street::open(shell_.city(), so);
    if (!street) return street.error();
    street_ = std::move(*street);
    for (const auto& what : street_->missing()) {
      shell_.count("street.missing");
      std::cerr << "dispecer-street: not in the network: " << what << "\n";
    }
    // Nobody watches yet: the junctions' own programs fill the road.
    for (double left = std::floor(warm_up); left > 0; --left) {
      if (auto r = street_->step(day_.now - from_seconds(left)); !r) return r;
    }
    return Ok{};
  }

  // The line of each trip, and when the last one ends; without a timetable SUMO's own names stay.
  void read_timetable() {
    if (!std::filesystem::exists(shell_.city().folder + "/gtfs")) return;
    gtfs::Report report;
    const auto table = gtfs::read_timetable(shell_.city().folder, report);
    if (!table) return;
    for (const auto& trip : table->trips) {
      line_of_[trip.id] = trip.line;
      if (trip.stop_times.empty()) continue;
      last_trip_s_ = std::max(last_trip_s_, trip.stop_times.back().arrival.value);
    }
  }

  Result<> build_controllers() {
    city::City foreign;
    const city::City* own = &shell_.city();
    if (!options_.controllers.empty()) {
      auto read = city::read_city(options_.controllers);
      if (!read) return read.error();
      foreign = std::move(*read);
      own = &foreign;
    }
    for (const auto& row : shell_.city().devices) {
      if (row.protocol != "rsmp" || row.street != city::StreetKind::simulated) continue;
      if (auto r = build_controller(row, *own); !r) {
        shell_.alarm({"quarantined", row.id, AlarmPriority::medium, true, day_.now,
                      "virtual controller not built: " + r.error().message()});
        std::cerr << "dispecer-street: " << row.id << ": " << r.error().message() << "\n";
      }
    }
    return Ok{};
  }

  Result<> build_controller(const city::DeviceRow& row, const city::City& own) {
    const auto& city = shell_.city();
    Kerb kerb;
    kerb.cabinet.id = ControllerId(row.id);
    std::map<std::uint32_t, std::pair<JunctionId, Intersection>> sorted;
    for (const auto& mapping : city.rsmp) {
      if (mapping.controller.str() != row.id) continue;
      const auto signals = own.signals.find(mapping.junction);
      if (signals == own.signals.end()) continue;
      Settings settings;
      for (const auto& d : city.network.detectors) {
        if (d.junction != mapping.junction || d.number == 0) continue;
        settings.detectors.insert(d.number);
        kerb.detectors[d.id] = d.number;
      }
      settings.demand_detectors = city::demand_detectors(city, mapping.junction);
      const auto number = signals->second.intersection;
      auto state = make_controller(signals->second, settings);
      if (!state) return state.error();
      sorted[number] = {mapping.junction, {number, std::move(*state), {}}};
    }
    if (sorted.empty()) return Error{"unknown_controller", "no junction with signals", row.id};
    for (auto& [number, entry] : sorted) {
      kerb.junctions.push_back(entry.first);
      kerb.cabinet.intersections.push_back(std::move(entry.second));
    }
    auto settings = site_settings(city, row, [this](const auto& n) { return shell_.secret(n); });
    if (!settings) return settings.error();
    const auto address = shell_.resolve(row.address);
    const auto colon = address.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == address.size())
      return Error{"bad_address", "found '" + address + "', expected host:port", row.id};
    LineSettings line;
    line.host = address.substr(0, colon);
    line.port = address.substr(colon + 1);
    kerbs_.push_back(std::move(kerb));
    auto& kept = kerbs_.back();
    tick(kept.cabinet, day_.now);
    kept.wire = std::make_unique<SiteClient>(shell_.io(), line, kept.cabinet, std::move(*settings),
                                             day_.now);
    return Ok{};
  }

  template <class D>
  void build_device(const char* kind) {
    DeviceContext context;
    context.io = &shell_.io();
    context.city = &shell_.city();
    context.seed = options_.seed;
    context.run_dir = shell_.run_dir();
    context.secret = [this](const std::string& name) { return shell_.secret(name); };
    for (auto row : shell_.city().devices) {
      if (row.kind != kind || row.street != city::StreetKind::simulated) continue;
      row.address = shell_.resolve(row.address);
      context.rows.push_back(std::move(row));
    }
    if (context.rows.empty()) return;
    contexts_.push_back(std::move(context));
    auto device = D::make(contexts_.back());
    if (device) {
      devices_.push_back(std::move(*device));
      return;
    }
    shell_.alarm({"quarantined", kind, AlarmPriority::medium, true, day_.now,
                  "virtual device not built: " + device.error().message()});
    std::cerr << "dispecer-street: " << kind << ": " << device.error().message() << "\n";
  }
  void build_devices() {
    build_device<GtfsRealtimeDevice>("avl");
    build_device<ParkingCameraDevice>("parking_counts");
    build_device<AirStationDevice>("air");
    build_device<PlateReaderDevice>("anpr");
    build_device<ScanCarDevice>("scan_car");
    build_device<RegistersDevice>("registers");
    build_device<SignDevice>("sign");
    build_device<PoliceReceiverDevice>("police");
  }

  void next() {
    if (options_.speed <= 0) {
      // Through the timer all the same: sockets get their turn between two steps.
      pace_.expires_after(std::chrono::seconds{0});
    } else {
      const auto now = steady_clock::now();
      due_ += std::chrono::duration_cast<steady_clock::duration>(
          std::chrono::duration<double>(1 / options_.speed));
      if (due_ + std::chrono::seconds{1} < now) {
        due_ = now;
        shell_.count("street.behind");
      }
      pace_.expires_at(due_);
    }
    pace_.async_wait([this](const auto& error) {
      if (error) return;
      if (second()) next();
    });
  }

  // One second of the street. False = it is over.
  bool second() {
    const auto now = day_.now + std::chrono::seconds{1};
    if (auto r = street_->step(now); !r) return recover(r.error());
    restarts_ = 0;
    day_.now = now;
    day_file_.keep(day_, from_seconds(20 * std::max(1.0, options_.speed)));
    auto& view = street_->view();
    view.epoch = day_.epoch;
    view.control = &signs_;
    for (auto& v : view.vehicles) {
      if (v.trip.empty()) continue;
      if (const auto line = line_of_.find(v.trip); line != line_of_.end()) v.line = line->second;
    }
    const auto& readings = street_->detectors();
    for (auto& kerb : kerbs_) {
      for (const auto& [id, number] : kerb.detectors) {
        const auto it = readings.find(id);
        if (it == readings.end()) continue;
        auto reading = it->second;
        reading.number = number;
        static_cast<void>(apply(kerb.cabinet, reading, now));
      }
      tick(kerb.cabinet, now);
      for (std::size_t i = 0; i < kerb.junctions.size(); ++i) {
        const auto& out = kerb.cabinet.intersections[i].output;
        street_->show(kerb.junctions[i], out.aspects, out.stage);
      }
      kerb.wire->tick(now);
    }
    for (auto& device : devices_) device->tick(view, now);
    shell_.publish<topic::Clock>({now, rate(), day_.epoch}, now);
    if (!ready_) {
      ready_ = true;
      shell_.ready();
    }
    if (options_.hours > 0 && in_seconds(now - began_) >= options_.hours * 3600) {
      shell_.stop(0);
      return false;
    }
    return roll_over();
  }

  // The demand of a day comes again on the next working day, at midnight; a shorter one begins
  // anew, on the next day, when its last vehicle has gone.
  bool roll_over() {
    const bool over = configured_.whole_day() ? in_seconds(day_.now - day_start_) >= kDay_s
                                              : !street_->more_to_come();
    if (!over) return true;
    auto date = day_after(day_.date);
    if (configured_.whole_day()) date = next_working_day(shell_.city(), date);
    const auto start = day_start(shell_.city(), date);
    if (!start) return give_up(start.error());
    day_.date = date;
    day_start_ = *start;
    day_.now = std::max(
        day_.now, day_start_ + from_seconds(configured_.whole_day() ? 0 : configured_.begin_s));
    if (auto r = open_street(); !r) return recover(r.error());
    return true;
  }

  // SUMO can end at bad input; the street is built up again at the same second.
  bool recover(const Error& error) {
    std::cerr << "dispecer-street: " << error.message() << "\n";
    shell_.count("street." + error.cause);
    shell_.degrade("the simulated road broke down: " + error.what);
    if (++restarts_ > kMostRestarts) return give_up(error);
    // The second that broke it is left out.
    day_.now = day_.now + std::chrono::seconds{1};
    if (auto r = open_street(); !r) return recover(r.error());
    shell_.degrade("");
    due_ = steady_clock::now();
    return true;
  }
  bool give_up(const Error& error) {
    std::cerr << "dispecer-street: gives up: " << error.message() << "\n";
    shell_.stop(3);
    return false;
  }

  // Domain seconds per wall second, as it really runs.
  double rate() {
    const auto now = steady_clock::now();
    const double wall = std::chrono::duration<double>(now - rate_mark_.first).count();
    if (wall >= 2) {
      rate_ = in_seconds(day_.now - rate_mark_.second) / wall;
      rate_mark_ = {now, day_.now};
    }
    if (options_.speed <= 0) return rate_ > 0 ? std::min(rate_, 1000.0) : 1;
    const bool keeps_up = rate_ <= 0 || rate_ > 0.9 * options_.speed;
    return keeps_up ? options_.speed : rate_;
  }

  void each_wall_second() {
    std::vector<std::string> bad;
    for (const auto& change : faults_.look(bad)) {
      if (!set_fault(change)) bad.push_back(change.subject + " " + change.fault);
    }
    for (const auto& line : bad) {
      shell_.count("street.bad_fault");
      std::cerr << "dispecer-street: faults: not understood: " << line << "\n";
    }
    bus::Counters all;
    for (const auto& kerb : kerbs_) {
      for (const auto& [name, n] : kerb.wire->counters()) all[name] += n;
      all["rsmp_site.connected"] += kerb.wire->established() ? 1 : 0;
    }
    for (const auto& device : devices_) {
      for (const auto& [name, n] : device->counters()) all[name] += n;
    }
    if (street_) {
      const auto& c = street_->counts();
      all["street.departed"] = c.departed;
      all["street.arrived"] = c.arrived;
      all["street.teleported"] = c.teleported;
      all["street.collisions"] = c.collisions;
      all["street.on_road"] = c.on_road;
    }
    shell_.set_counters("", all);
  }

  // "controller/group": every junction may have its "V1".
  static std::optional<std::uint32_t> lamp_of(const Cabinet& cabinet, const std::string& subject) {
    const auto name = cabinet.id.str() + "/";
    if (!subject.starts_with(name)) return std::nullopt;
    return group_number(cabinet, SignalGroupId(subject.substr(name.size())));
  }

  bool set_fault(const FaultChange& change) {
    const auto fault = from_name<Fault>(change.fault);
    for (auto& kerb : kerbs_) {
      const bool whole = kerb.cabinet.id.str() == change.subject;
      const auto detector = kerb.detectors.find(DetectorId(change.subject));
      const auto group = lamp_of(kerb.cabinet, change.subject);
      if (!whole && !group && detector == kerb.detectors.end()) continue;
      if (!fault || (!whole && group.has_value() != of_lamp(*fault))) return false;
      const auto number = whole ? 0 : group ? *group : detector->second;
      const auto r = apply(kerb.cabinet, SetFault{*fault, change.on, number}, day_.now);
      const bool mended = *fault == Fault::wrong_matrix || *fault == Fault::lamp_red;
      if (r.ok() && mended && !change.on) return apply(kerb.cabinet, Restart{}, day_.now).ok();
      return r.ok();
    }
    for (auto& device : devices_) {
      if (device->set_fault(change.subject, change.fault, change.on)) return true;
    }
    return false;
  }

  process::Shell& shell_;
  StreetProgramOptions options_;
  DayFile day_file_;
  FaultFile faults_;
  boost::asio::steady_timer pace_;
  ConfiguredTime configured_;
  double warm_up_s_ = 0;    // of the next opening of the street
  double last_trip_s_ = 0;  // end of the timetable's last trip, s of its day; 0 = none
  DayState day_;
  UtcTime day_start_;
  UtcTime began_;
  std::unique_ptr<Street> street_;
  std::map<TripId, LineId> line_of_;
  std::list<Kerb> kerbs_;
  std::list<DeviceContext> contexts_;
  std::vector<std::unique_ptr<Device>> devices_;
  Signs signs_;
  steady_clock::time_point due_;
  std::pair<steady_clock::time_point, UtcTime> rate_mark_;
  double rate_ = 0;
  int restarts_ = 0;
  bool ready_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  process::ShellOptions shell_options;
  shell_options.name = "street";
  shell_options.about = kAbout;
  shell_options.clock_writer = true;
  process::Shell shell(shell_options);
  StreetProgramOptions options;
  auto& app = shell.app();
  app.add_option("--sumo-config", options.sumo_config, "SUMO configuration, instead of the city's")
      ->check(CLI::ExistingFile);
  app.add_option("--controllers", options.controllers,
                 "City folder with the virtual controllers' own files, instead of --city");
  app.add_option("--seed", options.seed, "Seed of demand and devices")->capture_default_str();
  app.add_option("--speed", options.speed,
                 "Domain seconds per wall second, at most 20; 0 = as fast as it goes")
      ->check(CLI::Range(0.0, kFastest))
      ->capture_default_str();
  app.add_option("--hours", options.hours, "Ends after so many domain hours; 0 = never")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--begin", options.begin,
                 "Begins at HH:MM local time instead of where the last start ended (first start: "
                 "06:30, or where a demand of some hours begins)");
  app.add_option(
         "--warm-up", options.warm_up_s,
         "Seconds before the beginning for which the road fills, unwatched, under SUMO's own "
         "signal programs; not before the demand begins, not after a crash")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  app.add_option("--date", options.date, "Service day YYYYMMDD (first start: the next working day)")
      ->check(CLI::Range(19700101, 99991231));
  if (const auto code = shell.start(argc, argv)) return *code;
  shell.hold_ready();
  Simulation simulation(shell, options);
  if (const auto r = simulation.open(); !r) {
    std::cerr << "dispecer-street: " << r.error().message() << "\n";
    return 2;
  }
  return shell.run();
}
