// A supervisor of its own for judging dispecer-tlc: raw JSON over a loopback socket, nothing of the
// product's message layer. It starts the program, keeps all that goes over the wire in both
// directions, and at the end has it checked against the published schemas.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dispecer::conformance {

namespace json = boost::json;
using Millis = std::chrono::milliseconds;

// The field's conformance suite waits 1 s for most things; a busy machine gets more, and promptness
// is judged by a test of its own.
inline constexpr Millis kWait{4000};

struct Versions {
  std::string core;
  std::string sxl;
};
// "3.1.4" >= "3.1.3", numeric part by part.
bool at_least(const std::string& version, const std::string& least);

using Arguments = std::vector<std::pair<std::string, std::string>>;

// The program as a child process.
class Controller {
 public:
  Controller(const std::string& config, const std::vector<int>& ports, const Versions& versions);
  ~Controller();
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;
  // A line on its console.
  void type(const std::string& line) const;
  // Ctrl-C. Its exit status; 0 also says that no sanitizer complained.
  int stop();

 private:
  pid_t pid_ = -1;
  int input_ = -1;
};

// A listening socket on loopback.
class Door {
 public:
  Door();
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int listen_fd() const { return fd_; }
  void close();
  void open();  // again, on the same port

 private:
  int fd_ = -1;
  int placeholder_ = -1;  // bound only: nobody else is given the port while the door is closed
  int port_ = 0;
};

struct Heard {
  json::object message;
  std::chrono::steady_clock::time_point when;
  bool in = true;  // from the site
};

class Peer {
 public:
  explicit Peer(Versions versions) : versions_(std::move(versions)) {}
  ~Peer() { hang_up(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] const Versions& versions() const { return versions_; }
  [[nodiscard]] bool core(const std::string& least) const {
    return at_least(versions_.core, least);
  }
  [[nodiscard]] bool sxl(const std::string& least) const { return at_least(versions_.sxl, least); }

  // Waits for the site to connect.
  bool accept(const Door& door, Millis most = Millis{10000});
  // Through the handshake of its version, then past the alarms and the aggregated status.
  bool establish(const Door& door);
  void hang_up();
  [[nodiscard]] bool closed() const { return fd_ < 0; }

  // `body` gets mType, type and mId. Returns the mId.
  std::string send(const std::string& type, json::object body);
  void raw(const std::string& bytes);
  std::string new_id();
  [[nodiscard]] json::object version_message() const;

  using Test = std::function<bool(const json::object&)>;
  // First message from `since` on (a mark()) for which `test` holds, read for as long as `most`.
  std::optional<json::object> wait(const Test& test, std::size_t since, Millis most = kWait);
  [[nodiscard]] std::size_t mark() const { return log_.size(); }
  // Reads what comes during `time`.
  void listen(Millis time);
  // Waits for the other end to close.
  bool wait_closed(Millis most);
  [[nodiscard]] const std::vector<Heard>& log() const { return log_; }

  std::string site_id = "RN+SI0001";
  std::string nts_id = "KK+AG9998=001TC000";  // of its main component
  static std::string iso_now();

  // Which types are not acknowledged by itself ("Watchdog"); "*" = none is.
  std::string deaf_to;

  // Acknowledged, or "NotAck <reason>"; "" = neither came.
  std::string ack_of(const std::string& id, std::size_t since, Millis most = kWait);

  // Values by name, or absent with a failure noted. Quality in `quality`.
  std::optional<json::object> status(const std::string& code, const std::vector<std::string>& names,
                                     const std::string& component = "TC");
  std::string status_text(const std::string& code, const std::string& name,
                          const std::string& component = "TC");
  // "" = done and echoed with age recent; else "NotAck ..." or what was wrong.
  std::string command(const std::string& code, const std::string& order, const Arguments& arguments,
                      const std::string& component = "TC");
  // Subscribes on change and waits until `test` holds of the value; unsubscribes.
  bool until(const std::string& code, const std::string& name,
             const std::function<bool(const json::value&)>& test, Millis most = kWait,
             const std::string& component = "TC");
  json::object subscription(const std::string& code, const std::vector<std::string>& names,
                            const std::string& interval, const std::string& component = "TC") const;
  void unsubscribe(const std::string& code, const std::vector<std::string>& names,
                   const std::string& component = "TC");
  json::object component(const std::string& id) const;

 private:
  void read_some(Millis most);
  void take(const std::string& frame);

  Versions versions_;
  int fd_ = -1;
  std::string partial_;
  std::vector<Heard> log_;
  unsigned next_id_ = 0;
};

// One controller and one supervisor of one pair of versions.
class SiteTest {
 public:
  explicit SiteTest(Versions versions) : versions_(std::move(versions)) {}
  virtual ~SiteTest() = default;
  SiteTest(const SiteTest&) = delete;
  SiteTest& operator=(const SiteTest&) = delete;
  void run();

 protected:
  virtual void set_up();
  virtual void body() = 0;
  void tear_down();
  // Changes of the reference site's file: text and what stands for it.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> changes() const {
    // A busy machine must not look like a supervisor that does not acknowledge.
    return {{"startup_step_s = 1.0", "startup_step_s = 0.2"},
            {"ack_timeout_s = 0.5", "ack_timeout_s = 10"}};
  }
  void start();

  Versions versions_;
  std::string config_;
  std::optional<Door> door_;
  std::optional<Controller> controller_;
  std::optional<Peer> peer_;
};

// Core and signal list as they go together in the field.
extern const std::vector<Versions> kPairs;

// Runs the body once for every pair, all at the same time: they mostly wait. A failure says for
// which pair it is.
void every_pair(const std::function<void(const Versions&)>& run);
#define EVERY_PAIR(Fixture, Name)                                                \
  struct Fixture##Name : Fixture {                                               \
    using Fixture::Fixture;                                                      \
    void body() override;                                                        \
  };                                                                             \
  TEST(Rsmp##Fixture, Name) {                                                    \
    every_pair([](const Versions& versions) { Fixture##Name(versions).run(); }); \
  }                                                                              \
  void Fixture##Name::body()

// Every message of `log` against the published schemas where DISPECER_SAMPLES says where they are.
// Messages that a test sent wrong on purpose carry "planted" and are left out.
void expect_valid(const std::vector<Heard>& log, const Versions& versions);

// No update on change repeats the value before it, no alarm its state or an earlier stamp.
void expect_news(const std::vector<Heard>& log);

std::string text_of(const json::object& object, const char* key);

}  // namespace dispecer::conformance
