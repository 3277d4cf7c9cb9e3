// dispecer-console: the operator's seat. Bus and streams run on one thread and swap snapshots in;
// drawing runs on the main thread and never waits for a network.
#include <imgui.h>

#include <date/tz.h>
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <iostream>
#include <thread>

#include "adapters/bus/latest.h"
#include "adapters/gtfs/timetable.h"
#include "adapters/process/shell.h"
#include "adapters/store/accounts.h"
#include "hmi/panel/frame.h"
#include "hmi/shell/screen.h"

namespace dispecer {
namespace {

struct ConsoleOptions {
  bool off_screen = false;
  std::string screenshot;
  double scale = 1.0;
  int width = 1920;
  int height = 1080;
  std::string language = "ro";
  std::string workplace = "seat-1";
  double fps = 10;
};

constexpr auto kPictureLead =
    std::chrono::seconds(60);  // of city time before a screenshot: the city lives
constexpr int kFewestJunctions = 1;

class Program {
 public:
  Program(process::Shell& shell, ConsoleOptions options)
      : shell_(shell),
        options_(std::move(options)),
        city_(hmi::make_city_view(shell.city().title, shell.city().centre, shell.city().network,
                                  shell.city().signals, shell.city().parking, shell.city().zones,
                                  shell.city().gates, shell.city().stations)),
        console_(WorkplaceId{options_.workplace}) {
    console_.language = options_.language == "en" ? hmi::Language::en : hmi::Language::ro;
    gtfs::Report report;
    if (const auto timetable = gtfs::read_timetable(shell.city().folder, report)) {
      for (const auto& line : timetable->lines) city_.line_names[line.id.str()] = line.short_name;
    }
  }

  int run() {
    hmi::ScreenOptions screen_options{"Dispecer - " + shell_.city().title, options_.width,
                                      options_.height, options_.scale};
    auto screen = options_.off_screen ? hmi::open_off_screen(screen_options)
                                      : hmi::open_window(screen_options);
    if (!screen && !options_.off_screen) {
      std::cerr << "dispecer-console: " << screen.error().message() << "; drawing off-screen\n";
      screen = hmi::open_off_screen(screen_options);
    }
    if (!screen) {
      std::cerr << "dispecer-console: " << screen.error().message() << "\n";
      return 2;
    }
    listen();
    int bus_code = 0;
    std::thread bus([&] {
      bus_code = shell_.run();
      stopping_ = true;
    });
    const int code = draw(**screen);
    boost::asio::post(shell_.io(), [this] { shell_.stop(0); });
    bus.join();
    return code != 0 ? code : bus_code;
  }

 private:
  // On the bus's thread.
  void listen() {
    shell_.on_tick([this](const ClockTick& tick) { ingest_.clock(tick); });
    shell_.on<topic::Picture>(
        [this](const bus::Envelope&, const CityPicture& p) { ingest_.picture(p, shell_.mono()); });
    shell_.on<topic::Forecast>(
        [this](const bus::Envelope&, const CityForecast& f) { ingest_.forecast(f); });
    shell_.on<topic::Decisions>(
        [this](const bus::Envelope&, const SignalDecision& d) { ingest_.decision(d); });
    shell_.on<topic::Priority>(
        [this](const bus::Envelope&, const PriorityRequest& r) { ingest_.priority(r); });
    shell_.on<topic::CityBook>([this](const bus::Envelope&, const Book& b) { ingest_.book(b); });
    shell_.on<topic::Access>(
        [this](const bus::Envelope&, const AccessDecision& d) { ingest_.access(d); });
    shell_.on<topic::Alarms>(
        [this](const bus::Envelope&, const AlarmList& a) { ingest_.alarms(a); });
    shell_.on<topic::Health>(
        [this](const bus::Envelope&, const ProcessHealth& h) { ingest_.health(h, shell_.mono()); });
    shell_.on_durable<stream::IntentResults>([this](const IntentResult& r) {
      ingest_.result(r);
      return true;
    });
    shell_.every(std::chrono::milliseconds(100), [this] { latest_.set(ingest_.now()); });
    shell_.every(std::chrono::milliseconds(2000), [this] { fetch_cases(); });
  }

  void fetch_cases() {
    if (!cases_wanted_) {
      ingest_.cases({});
      return;
    }
    shell_.queries().ask("controller", "cases", "review", std::chrono::seconds(2),
                         [this](const Result<std::string>& bytes) {
                           if (!bytes) return ingest_.cases_failed(bytes.error().message());
                           auto list = bus::decode<CaseList>(*bytes);
                           if (!list) return ingest_.cases_failed(list.error().message());
                           if (cases_wanted_) ingest_.cases(std::move(list->cases));
                         });
  }

  // On the main thread.
  int draw(hmi::Screen& screen) {
    const auto period = std::chrono::duration<double>(1.0 / options_.fps);
    auto next = std::chrono::steady_clock::now();
    UtcTime first_picture;
    while (!stopping_) {
      const auto began = std::chrono::steady_clock::now();
      if (!screen.begin_frame()) return 0;
      auto snapshot = latest_.get();
      if (!snapshot) snapshot = std::make_shared<const hmi::Snapshot>();
      follow_time_zone(snapshot->clock.now);
      hmi::Frame frame{city_,         *snapshot,
                       console_,      sign_in_,
                       shell_.mono(), utc_offset_minutes_,
                       frame_ms_,     [this](UtcTime t) { return offset_at(t); }};
      hmi::draw_console(frame);
      const bool alive =
          snapshot->picture != nullptr &&
          snapshot->picture->signals.size() >= static_cast<std::size_t>(kFewestJunctions) &&
          !frame.stale();
      if (alive && first_picture.us == 0) first_picture = snapshot->picture->t;
      const bool shoot = !options_.screenshot.empty() && alive &&
                         snapshot->picture->t - first_picture >= kPictureLead;
      if (shoot && console_.selected.junction.empty()) select_something(*snapshot);
      hmi::Pixels pixels;
      const bool settled = shoot && ++shots_ > 3;
      screen.end_frame(settled ? &pixels : nullptr);
      if (settled) {
        const auto written = hmi::write_png(options_.screenshot, pixels);
        std::cerr << "dispecer-console: "
                  << (written ? "wrote " + options_.screenshot : written.error().message()) << "\n";
        return written ? 0 : 1;
      }
      cases_wanted_ = console_.may_see_cases();
      for (auto& intent : console_.take_outbox()) send(std::move(intent));
      check_sign_in();
      frame_ms_ =
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
              .count();
      next += std::chrono::duration_cast<std::chrono::steady_clock::duration>(period);
      next = std::max(next, std::chrono::steady_clock::now());
      std::this_thread::sleep_until(next);
    }
    return 0;
  }

  // A junction that the centre commands now, so that the picture shows a decision and its reason.
  void select_something(const hmi::Snapshot& snapshot) {
    for (const auto& s : snapshot.picture->signals) {
      if (s.holder == Holder::centre && snapshot.decisions.contains(s.junction)) {
        console_.selected.junction = s.junction;
        return;
      }
    }
    if (!snapshot.picture->signals.empty())
      console_.selected.junction = snapshot.picture->signals.front().junction;
  }

  void send(Intent intent) {
    boost::asio::post(shell_.io(), [this, intent = std::move(intent)] {
      const auto kept = shell_.durable_publish<stream::Intents>(intent.id.str(), intent);
      if (kept) return;
      ingest_.result(
          {intent.id, shell_.now(), IntentOutcome::refused, kept.error().cause, kept.error().what});
    });
  }

  // Checking a password takes a tenth of a second on purpose; it must not hold a frame.
  void check_sign_in() {
    if (sign_in_.wanted) {
      sign_in_.wanted = false;
      sign_in_.checking = true;
      checking_ =
          std::async(std::launch::async,
                     [file = shell_.state_dir() + "/accounts", person = sign_in_.person,
                      password = std::exchange(sign_in_.password, {}),
                      seat = options_.workplace]() -> std::optional<Actor> {
                       const auto accounts = store::Accounts::load(file);
                       if (!accounts) return std::nullopt;
                       return accounts->sign_in(PersonId{person}, password, WorkplaceId{seat});
                     });
    }
    if (!sign_in_.checking ||
        checking_.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      return;
    sign_in_.checking = false;
    const auto actor = checking_.get();
    sign_in_.refused = !actor.has_value();
    if (actor) console_.sign_in(*actor);
  }

  // Minutes of local time east of UTC; what is told now where the zone is not known.
  int offset_at(UtcTime t) const {
    try {
      const auto* zone = date::locate_zone(shell_.city().timezone);
      const auto info = zone->get_info(date::sys_seconds{std::chrono::seconds{t.us / 1000000}});
      return static_cast<int>(
          std::chrono::duration_cast<std::chrono::minutes>(info.offset).count());
    } catch (const std::exception&) {
      return utc_offset_minutes_;
    }
  }

  void follow_time_zone(UtcTime now) {
    if (now.us == 0 || now - zone_checked_ < std::chrono::minutes(1)) return;
    zone_checked_ = now;
    try {
      const auto* zone = date::locate_zone(shell_.city().timezone);
      const auto info = zone->get_info(date::sys_seconds{std::chrono::seconds{now.us / 1000000}});
      utc_offset_minutes_ =
          static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(info.offset).count());
    } catch (const std::exception& e) {
      std::cerr << "dispecer-console: time zone '" << shell_.city().timezone << "': " << e.what()
                << "\n";
      utc_offset_minutes_ = 0;
    }
  }

  process::Shell& shell_;
  ConsoleOptions options_;
  hmi::CityView city_;
  hmi::Ingest ingest_;
  Latest<hmi::Snapshot> latest_;
  hmi::Console console_;
  hmi::SignIn sign_in_;
  std::future<std::optional<Actor>> checking_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> cases_wanted_{false};
  UtcTime zone_checked_;
  int utc_offset_minutes_ = 0;
  double frame_ms_ = 0;
  int shots_ = 0;
};

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  using namespace dispecer;
  process::Shell shell({.name = "console", .about = "The operator's console", .durable = true});
  ConsoleOptions options;
  auto& app = shell.app();
  app.add_flag("--off-screen", options.off_screen,
               "Draw off-screen; for machines without a display");
  app.add_option("--screenshot", options.screenshot,
                 "Write this PNG after a minute of city time, then end");
  app.add_option("--scale", options.scale, "Of fonts and spacing")->check(CLI::Range(0.5, 4.0));
  app.add_option("--width", options.width, "Pixels")->check(CLI::Range(640, 7680));
  app.add_option("--height", options.height, "Pixels")->check(CLI::Range(480, 4320));
  app.add_option("--language", options.language, "ro or en")->check(CLI::IsMember({"ro", "en"}));
  app.add_option("--workplace", options.workplace, "Name of this seat");
  app.add_option("--fps", options.fps, "Frames a second")->check(CLI::Range(1.0, 60.0));
  if (auto code = shell.start(argc, argv)) return *code;
  return Program(shell, options).run();
}
