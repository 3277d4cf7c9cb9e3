// The frame of each test: its own program, its own socket, its own file, and the last look at all
// that went over the wire.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <thread>

#include "tests/conformance/rsmp_site/peer.h"
#include "tests/conformance/schema/schema.h"

namespace dispecer::conformance {

const std::vector<Versions> kPairs{{"3.1.2", "1.0.7"},  {"3.1.3", "1.0.13"}, {"3.1.4", "1.0.14"},
                                   {"3.1.5", "1.0.15"}, {"3.2.0", "1.1.0"},  {"3.2.1", "1.2.0"},
                                   {"3.2.2", "1.2.1"}};

void every_pair(const std::function<void(const Versions&)>& run) {
  std::vector<std::thread> threads;
  for (const auto& versions : kPairs) {
    threads.emplace_back([&] {
      SCOPED_TRACE("core " + versions.core + ", signal list " + versions.sxl);
      run(versions);
    });
  }
  for (auto& thread : threads) thread.join();
}

void expect_valid(const std::vector<Heard>& log, const Versions& versions) {
  const char* samples = std::getenv("DISPECER_SAMPLES");
  if (samples == nullptr) {
    static bool told = false;
    if (!told) std::puts("DISPECER_SAMPLES is not set: nothing is checked against the schemas");
    told = true;
    return;
  }
  Schemas schemas(std::string(samples) + "/rsmp-schemas");
  // What the site refused was wrong on purpose: the test says where it expects that.
  std::set<std::string> refused;
  for (const auto& heard : log) {
    if (text_of(heard.message, "type") == "MessageNotAck")
      refused.insert(text_of(heard.message, "oMId"));
  }
  for (const auto& heard : log) {
    const bool wrong = !heard.in && refused.contains(text_of(heard.message, "mId"));
    if (wrong || heard.message.contains("planted")) continue;
    for (const auto& fault : schemas.faults(heard.message, versions.core, versions.sxl))
      ADD_FAILURE() << (heard.in ? "from the site: " : "from the test: ") << fault << "\n"
                    << json::serialize(heard.message).substr(0, 600);
  }
}

void SiteTest::run() {
  set_up();
  if (peer_ && (!controller_ || !peer_->closed())) body();
  tear_down();
}

void SiteTest::set_up() {
  std::ifstream in(DISPECER_REFERENCE_SITE);
  std::ostringstream whole;
  whole << in.rdbuf();
  auto text = whole.str();
  for (const auto& [from, to] : changes()) {
    const auto found = text.find(from);
    ASSERT_NE(found, std::string::npos) << from;
    text.replace(found, from.size(), to);
  }
  config_ = (std::filesystem::temp_directory_path() /
             ("dispecer_site_" + std::to_string(::getpid()) + "_" + versions_.core + ".toml"))
                .string();
  std::ofstream(config_) << text;
  door_.emplace();
  peer_.emplace(versions_);
}

void SiteTest::start() {
  controller_.emplace(config_, std::vector<int>{door_->port()}, versions_);
  ASSERT_TRUE(peer_->establish(*door_)) << "no connection was established";
}

void SiteTest::tear_down() {
  if (controller_) {
    EXPECT_EQ(controller_->stop(), 0) << "the program did not end cleanly";
  }
  if (peer_) expect_valid(peer_->log(), versions_);
  if (peer_) expect_news(peer_->log());
  std::filesystem::remove(config_);
}

}  // namespace dispecer::conformance
