// The centre where SUMO is absent and one external RSMP site is the whole city.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "adapters/clock/domain_clock.h"
#include "sim/controller/cabinet.h"
#include "sim/controller/virtual_controller.h"
#include "sim/rsmp_site/client.h"
#include "tests/adapters/city/sample.h"
#include "tests/faults/centre.h"
#include "tests/support/folder.h"

namespace dispecer::faults {
namespace {

// The virtual controller counts whole seconds.
UtcTime whole_second() {
  const auto now = clock::wall();
  return {now.us - now.us % 1'000'000};
}

// A controller in the street: its own thread, its own clock, only a socket towards the centre.
class ExternalSite {
 public:
  ExternalSite(const JunctionSignals& signals, std::string port)
      : thread_([this, signals, port] { live(signals, port); }) {}
  ~ExternalSite() {
    stop_ = true;
    thread_.join();
  }
  [[nodiscard]] bool established() const { return established_; }
  [[nodiscard]] std::uint64_t stages_served() const { return stages_served_; }

 private:
  void live(const JunctionSignals& signals, const std::string& port) {
    boost::asio::io_context io(1);
    sim::Settings settings;
    settings.detectors = {1, 2};
    auto controller = sim::make_controller(signals, settings);
    ASSERT_TRUE(controller.ok());
    sim::Cabinet cabinet;
    cabinet.id = signals.controller;
    cabinet.intersections.push_back({1, *std::move(controller), {}});
    sim::SiteSettings own;
    own.site_id = "SJ1";
    own.main_component = "TC";
    own.sxl = "1.2.1";
    own.cores = {rsmp::Core::v3_2_2};
    own.code1 = "test-rsmp_level1";
    own.code2 = "test-rsmp_level2";
    own.group_components = {"A", "B"};
    own.detector_components = {{1, "D1"}, {2, "D2"}};
    sim::LineSettings line;
    line.port = port;
    auto now = whole_second();
    sim::tick(cabinet, now);
    sim::SiteClient client(io, line, cabinet, own, now);
    std::uint32_t last = 0;
    while (!stop_) {
      io.run_for(std::chrono::milliseconds(20));
      io.restart();
      if (whole_second() == now) continue;
      now = whole_second();
      // Traffic on the main street all the time, on the side street now and then.
      const bool side = now.us / 1'000'000 % 20 < 5;
      for (const auto& reading :
           {sim::DetectorReading{1, 1, 0.3, true, 10.0},
            sim::DetectorReading{2, side ? 1U : 0U, side ? 0.8 : 0.0, side, std::nullopt}}) {
        EXPECT_TRUE(sim::apply(cabinet, reading, now).ok());
      }
      sim::tick(cabinet, now);
      client.tick(now);
      established_ = client.established();
      const auto stage = cabinet.intersections[0].output.stage.value_or(0);
      if (stage != 0 && stage != last) ++stages_served_;
      if (stage != 0) last = stage;
    }
  }
  std::atomic<bool> stop_{false};
  std::atomic<bool> established_{false};
  std::atomic<std::uint64_t> stages_served_{0};
  std::thread thread_;
};

TEST(ExternalSite, IsSeenAndCommandedWithoutAnySimulator) {
  const test::Folder folder("external");
  auto town = city::test::row_town(1);
  town.zones.clear();
  town.gates.clear();
  for (auto& row : town.devices) {
    row.street = city::StreetKind::real;
    row.secret = "rsmp_level2";
    row.settings["code1"] = "rsmp_level1";
  }
  ASSERT_TRUE(city::write_city(town, folder.file("city")).ok());
  // A machine with Redis and nothing of SUMO.
  std::filesystem::create_directories(folder.file("bin"));
  const char* path = std::getenv("PATH");
  std::string redis;
  for (std::stringstream dirs(path == nullptr ? "" : path); std::getline(dirs, redis, ':');) {
    if (std::filesystem::exists(redis + "/redis-server")) break;
  }
  std::filesystem::create_symlink(redis + "/redis-server", folder.file("bin/redis-server"));
  const std::string kept_path = path == nullptr ? "" : path;
  ::setenv("PATH", folder.file("bin").c_str(), 1);
  std::map<OrderState, int> orders;
  std::string last_rule;
  std::uint64_t connected = 0;
  std::uint64_t centre_holds = 0;
  {
    Centre centre({folder.file("city"), folder.file("state"), {"--street", "real"}});
    ::setenv("PATH", kept_path.c_str(), 1);
    centre.on<topic::Orders>([&](const bus::Envelope&, const OrderReport& r) {
      ++orders[r.state];
      if (!r.rule.empty()) last_rule = r.rule + ": " + r.text;
    });
    centre.on<topic::Signals>([&](const bus::Envelope&, const SignalObservation& s) {
      if (s.link == CommLink::connected) ++connected;
      if (s.holder == Holder::centre) ++centre_holds;
    });
    ASSERT_TRUE(centre.run_until(std::chrono::seconds(60), [&] {
      return std::filesystem::exists(centre.run_dir() + "/rsmp.port");
    }));
    std::string port;
    std::ifstream(centre.run_dir() + "/rsmp.port") >> port;
    const ExternalSite site(town.signals.begin()->second, port);
    EXPECT_TRUE(centre.run_until(std::chrono::seconds(60),
                                 [&] { return site.established() && connected > 3; }));
    EXPECT_TRUE(
        centre.run_until(std::chrono::seconds(60),
                         [&] { return orders[OrderState::confirmed] > 3 && centre_holds > 0; }))
        << "confirmed " << orders[OrderState::confirmed] << ", refused "
        << orders[OrderState::refused] << ", last " << last_rule;
    EXPECT_GT(site.stages_served(), 0U);
    EXPECT_FALSE(centre.pid("street").has_value());
    EXPECT_EQ(centre.stop(), 0);
  }
}

}  // namespace
}  // namespace dispecer::faults
