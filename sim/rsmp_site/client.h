// The wire of one site: connects to the supervisor, reconnects, and carries the faults of a line.
#pragma once

#include <functional>
#include <memory>

#include "sim/rsmp_site/site.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::sim {

struct LineSettings {
  std::string host = "127.0.0.1";
  std::string port;
  Duration reconnect = std::chrono::seconds{10};              // longest pause between attempts
  Duration first_reconnect = std::chrono::milliseconds{500};  // doubles up to the longest
  // Time of day between ticks; unset = the time of the last tick.
  std::function<UtcTime()> now;
  // Called when an order was carried out, before anything else is read: may tick the controller.
  std::function<void()> ordered;
};

class SiteClient {
 public:
  SiteClient(boost::asio::io_context& io, LineSettings line, Cabinet& cabinet,
             SiteSettings settings, UtcTime now);
  ~SiteClient();
  SiteClient(const SiteClient&) = delete;
  SiteClient& operator=(const SiteClient&) = delete;

  // After each tick of the controller; reads the line's faults off it.
  void tick(UtcTime now);
  [[nodiscard]] bool established() const;
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const;

 private:
  struct Line;
  std::shared_ptr<Line> line_;
};

}  // namespace dispecer::sim
