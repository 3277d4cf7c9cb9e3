// Asks one URL again and again: period, If-None-Match / If-Modified-Since, bounded back-off, and a
// verdict "dead" that is told once, not once per try.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/http/client.h"

namespace dispecer::http {

struct PollerOptions {
  std::string url;
  Headers headers;
  Duration period{std::chrono::seconds{1}};
  // Where the source says that nothing changed, how soon to ask again; 0 = the period. A short one
  // keeps in step with a source that renews itself each period, so that news are seen while young.
  Duration when_unchanged{0};
  Duration dead_after{std::chrono::seconds{10}};  // without a usable answer
  Duration max_backoff{std::chrono::seconds{15}};
  std::string counter_prefix;  // "gtfs_rt" gives "gtfs_rt.http.ok", "gtfs_rt.http.refused", ...
};

class Poller {
 public:
  struct Events {
    // A new body (status 200). False = the body was no good, which counts as a failed try.
    std::function<bool(const Response&)> body;
    // The source died (text says why) or came back ("").
    std::function<void(bool dead, const std::string& text)> verdict;
  };

  Poller(boost::asio::io_context& io, Client& client, PollerOptions options, Events events);
  ~Poller();  // no event comes after this
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  void start();
  void stop();
  // From the next request on (the speed of domain time changed).
  void set_period(Duration period, Duration when_unchanged);
  [[nodiscard]] bool dead() const;
  // http.ok, http.not_modified, http.status (neither 200 nor 304), and the causes of Client.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace dispecer::http
