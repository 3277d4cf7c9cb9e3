// dispecer-plates: reads of plate readers and scan cars come in here and get the answer of the
// registers at once. PERSONAL: plates pass through to the bus and are neither kept nor logged.
#include <boost/asio/io_context.hpp>

#include "adapters/anpr/receiver.h"
#include "adapters/app/listen.h"
#include "adapters/registers/inquiries.h"
#include "adapters/scan_car/receiver.h"

namespace dispecer {
namespace {

constexpr Seconds kSilentReader{30};          // domain time
constexpr std::int64_t kRefreshExempt = 300;  // s, domain time

class Program {
 public:
  explicit Program(process::Shell& shell) : shell_(shell) { read_rows(); }

  Result<> listen() {
    for (auto& [endpoint, paths] : sites_) {
      auto server = listen_at(shell_, endpoint, [this, &paths = paths](const http::Request& r) {
        return serve(paths, r);
      });
      if (!server) return server.error();
      servers_.push_back(std::move(*server));
    }
    return Ok{};
  }

  void start() {
    shell_.on_tick([this](const ClockTick& tick) { on_tick(tick); });
    shell_.every(std::chrono::milliseconds(1000), [this] {
      shell_.set_counters("", anpr_->counters());
      shell_.set_counters("", cars_->counters());
      if (registers_) shell_.set_counters("", registers_->counters());
    });
    shell_.queries().answer("rights", [this](const std::string& bytes) -> Result<std::string> {
      if (!inquiries_) return Error{"no_register", "no register in devices.toml", ""};
      const auto question = bus::decode<RightsQuestion>(bytes);
      if (!question) return question.error();
      auto answer = inquiries_->ask(*question, shell_.mono());
      if (!answer) return answer.error();
      return bus::encode(*answer);
    });
  }

 private:
  using Paths = std::map<std::string, std::function<http::Response(const http::Request&)>>;

  void bad_row(const city::DeviceRow& row, const std::string& text) {
    start_alarms_.push_back(
        {"bad_device_row", row.id, AlarmPriority::medium, true, {}, "devices.toml: " + text});
  }

  bool is_open(const city::DeviceRow& row, const Endpoint& endpoint, const std::string& token) {
    if (!token.empty()) return false;
    if (may_be_open(row, endpoint)) return true;
    bad_row(row, "a device that pushes needs a secret");
    return false;
  }

  std::optional<Endpoint> site_of(const city::DeviceRow& row) {
    auto endpoint = parse_endpoint(shell_.resolve(row.address));
    if (endpoint) return *endpoint;
    bad_row(row, endpoint.error().what);
    return std::nullopt;
  }

  void add_path(Endpoint endpoint, const char* usual,
                std::function<http::Response(const http::Request&)> handler) {
    const auto path = endpoint.path.empty() ? std::string(usual) : endpoint.path;
    endpoint.path.clear();
    sites_[endpoint][path] = std::move(handler);
  }

  void read_rows() {
    std::vector<anpr::Reader> readers;
    std::vector<scan_car::Car> cars;
    for (const auto& row : shell_.city().devices) {
      if (row.street == city::StreetKind::off) continue;
      const auto token = shell_.secret(row.secret);
      if (row.kind == "anpr") {
        if (const auto site = site_of(row)) {
          readers.push_back({ReaderId(row.id), gate_of(row), token, is_open(row, *site, token)});
          add_path(*site, "/anpr",
                   [this](const http::Request& r) { return anpr_->handle(r, shell_.now()); });
        }
      } else if (row.kind == "scan_car") {
        const auto own = row.settings.find("device");
        if (const auto site = site_of(row)) {
          cars.push_back({VehicleId(own != row.settings.end() ? own->second : row.id), token,
                          is_open(row, *site, token)});
          add_path(*site, "/scan_car",
                   [this](const http::Request& r) { return cars_->handle(r, shell_.now()); });
        }
      } else if (row.kind == "registers" && !registers_) {
        add_register(row, token);
      }
    }
    anpr_ = std::make_unique<anpr::Receiver>(
        std::move(readers), [this](PlateRead read) { fill<topic::Plates>(std::move(read)); });
    cars_ = std::make_unique<scan_car::Receiver>(
        std::move(cars), shell_.city().parking,
        [this](ScanRead read, bool) { fill<topic::Scans>(std::move(read)); });
  }

  GateId gate_of(const city::DeviceRow& row) {
    for (const auto& gate : shell_.city().gates) {
      if (gate.reader.str() == row.id) return gate.id;
    }
    const auto named = row.settings.find("gate");
    if (named != row.settings.end()) return GateId(named->second);
    bad_row(row, "no gate has this reader");
    return {};
  }

  void add_register(const city::DeviceRow& row, const std::string& token) {
    auto url = shell_.resolve(row.address);
    if (url.empty()) return bad_row(row, "no address");
    if (url.find("://") == std::string::npos) url = "http://" + url;
    while (url.back() == '/') url.pop_back();
    registers::ClientOptions options{url, token};
    options.tls.ca_file = shell_.deploy("tls.ca_file");
    registers_ =
        std::make_unique<registers::Client>(shell_.io(), options, [this] { return shell_.now(); });
    inquiries_ = std::make_unique<registers::Inquiries>(*registers_);
  }

  http::Response serve(const Paths& paths, const http::Request& request) {
    // Before the first tick no age and no clock error can be told.
    if (shell_.now() == UtcTime{}) return http::refuse(503, "no domain time yet");
    const auto it = paths.find(http::path_of(request.target));
    if (it != paths.end()) return it->second(request);
    shell_.count("plates.unknown_path");
    return http::refuse(404, "no such path");
  }

  template <class Topic>
  void fill(typename Topic::Payload read) {
    if (!registers_ || read.plate.empty()) return shell_.publish<Topic>(read, read.t);
    const RightsQuestion question{"", read.plate, read.country, read.t, read.t};
    registers_->ask(question, [this, read = std::move(read)](RightsAnswer answer) mutable {
      if (stopping_) return;
      read.rights = std::move(answer);
      shell_.publish<Topic>(read, read.t);
    });
  }

  void on_tick(const ClockTick& tick) {
    for (auto& event : start_alarms_) {
      event.t = tick.now;
      shell_.alarm(event);
    }
    start_alarms_.clear();
    if (registers_) {
      const bool due = !refreshed_ || in_seconds(tick.now - *refreshed_) >= kRefreshExempt ||
                       tick.now < *refreshed_;
      if (due) {
        refreshed_ = tick.now;
        registers_->refresh_exempt();
      }
      shell_.alarm({"register_down", "registers", AlarmPriority::medium, !registers_->up(),
                    tick.now, "the register of rights gives no usable answer: nobody is judged"});
    }
    std::set<ReaderId> silent;
    for (const auto& id : anpr_->silent(tick.now, kSilentReader)) silent.insert(id);
    for (const auto& gate : shell_.city().gates) {
      shell_.alarm({"reader_silent", gate.reader.str(), AlarmPriority::low,
                    silent.contains(gate.reader), tick.now, "nothing heard from the plate reader"});
    }
  }

 public:
  void stop() { stopping_ = true; }

 private:
  process::Shell& shell_;
  std::vector<AlarmEvent> start_alarms_;
  std::map<Endpoint, Paths> sites_;
  std::unique_ptr<anpr::Receiver> anpr_;
  std::unique_ptr<scan_car::Receiver> cars_;
  bool stopping_ = false;
  std::optional<UtcTime> refreshed_;
  std::unique_ptr<registers::Client> registers_;
  std::unique_ptr<registers::Inquiries> inquiries_;
  std::vector<std::unique_ptr<http::Server>> servers_;
};

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  using namespace dispecer;
  process::Shell shell({.name = "plates",
                        .about = "Plate readers and scan cars push their reads here; the registers "
                                 "are asked for rights."});
  if (const auto code = shell.start(argc, argv)) return *code;
  Program program(shell);
  if (auto listening = program.listen(); !listening) {
    std::fprintf(stderr, "dispecer-plates: %s\n", listening.error().message().c_str());
    return 2;
  }
  program.start();
  const int code = shell.run();
  program.stop();
  return code;
}
