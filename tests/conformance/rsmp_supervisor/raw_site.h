// A site that is nothing but a socket and JSON: it shares no code with the supervisor, so that both
// cannot be wrong in the same way.
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace dispecer::conformance {

namespace json = boost::json;

class RawSite {
 public:
  explicit RawSite(std::string core = "3.2.2", std::string sxl = "1.2.1",
                   std::string id = "RN+SI0001");
  ~RawSite();
  RawSite(const RawSite&) = delete;
  RawSite& operator=(const RawSite&) = delete;

  bool connect(std::uint16_t port);
  void disconnect();
  void send_bytes(const std::string& bytes);
  // Adds mType and a fresh mId, and the form feed; the mId.
  std::string send(json::object message);
  void acknowledge(const json::object& message);
  // The next message of any type; absent = none within that time, or the line was closed.
  std::optional<json::object> next(double within_s = 3);
  // The next of that type; everything else that needs one is acknowledged on the way.
  std::optional<json::object> next(const std::string& type, double within_s = 3);
  [[nodiscard]] bool closed();  // by the supervisor

  json::object version(const std::vector<std::string>& cores, const std::string& sxl) const;
  json::object watchdog() const;
  json::object aggregated() const;
  // Through the establishment up to and with the aggregated status and its acknowledgement. The
  // types as they went, "out" from here.
  bool establish();
  std::vector<std::string> sequence;  // "out Version", "in MessageAck", ...

  std::string core;
  std::string sxl;
  std::string id;

 private:
  bool fill(double within_s);

  int socket_ = -1;
  bool ended_ = false;
  std::string bytes_;
  std::deque<json::object> inbox_;
};

std::string now_text();
std::string fresh_id();
std::string text(const json::object& message, const char* key);

}  // namespace dispecer::conformance
