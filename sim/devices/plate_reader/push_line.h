// The line by which a device pushes its reads to the centre: kept until the centre has taken them,
// one request at a time, again with the next second where it failed.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "fusion/model/time.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::sim {

// A read in the words of the wire; see adapters/anpr/push.h.
struct PushRead {
  std::string id;
  UtcTime t;
  std::string plate;
  std::string country;
  double confidence = 0;
  std::string image;
  bool somewhere = false;  // lon, lat and sd are told
  double lon = 0;
  double lat = 0;
  double sd = 0;
};

struct PushLineOptions {
  std::string device;
  std::string url;
  std::string token;         // "" = none
  std::size_t depth = 5000;  // oldest reads are lost above this
};

class PushLine {
 public:
  PushLine(boost::asio::io_context& io, PushLineOptions options);
  ~PushLine();
  PushLine(const PushLine&) = delete;
  PushLine& operator=(const PushLine&) = delete;

  void add(PushRead read);
  // Sends what waits, or a sign of life every 5 s. `clock_error`: of the device, also in the times
  // of its reads.
  void work(UtcTime now, double clock_error_s);
  void set_offline(bool offline);
  void set_garbage(bool garbage);
  // pushed (reads), lost, and status_<n> or the client's cause for each request.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counters() const;
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// "http://host:port/path" of an address with or without scheme and path.
std::string push_url(const std::string& address, const std::string& usual_path);

}  // namespace dispecer::sim
