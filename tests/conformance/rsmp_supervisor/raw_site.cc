#include "tests/conformance/rsmp_supervisor/raw_site.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>

#include "tests/conformance/rsmp_supervisor/program.h"

namespace dispecer::conformance {

std::string now_text() {
  using namespace std::chrono;
  const auto now = system_clock::now();
  const auto ms = duration_cast<milliseconds>(now.time_since_epoch()).count() % 1000;
  const std::time_t whole = system_clock::to_time_t(now);
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  char text[64];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  char all[80];
  std::snprintf(all, sizeof all, "%s.%03dZ", text, static_cast<int>(ms));
  return all;
}

std::string fresh_id() {
  static std::mt19937_64 rng{20260101};
  const std::uint64_t a = rng();
  const std::uint64_t b = rng();
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(a >> 32),
                static_cast<unsigned>(a >> 16) & 0xffffU, static_cast<unsigned>(a) & 0xfffU,
                static_cast<unsigned>(b >> 48) & 0xfffU,
                static_cast<unsigned long long>(b & 0xffffffffffffULL));
  return text;
}

std::string text(const json::object& message, const char* key) {
  const auto* value = message.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : "";
}

RawSite::RawSite(std::string c, std::string s, std::string i)
    : core(std::move(c)), sxl(std::move(s)), id(std::move(i)) {}

RawSite::~RawSite() {
  disconnect();
}

bool RawSite::connect(std::uint16_t port) {
  disconnect();
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

void RawSite::disconnect() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  ended_ = false;
  bytes_.clear();
  inbox_.clear();
}

void RawSite::send_bytes(const std::string& bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t n = ::send(socket_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n <= 0) {
      ended_ = true;
      return;
    }
    at += static_cast<std::size_t>(n);
  }
}

std::string RawSite::send(json::object message) {
  const bool ack = message.contains("oMId");
  std::string fresh;
  message["mType"] = "rSMsg";
  if (!ack && !message.contains("mId")) message["mId"] = fresh = fresh_id();
  sequence.push_back("out " + text(message, "type"));
  send_bytes(json::serialize(message) + "\f");
  return ack ? "" : text(message, "mId");
}

void RawSite::acknowledge(const json::object& message) {
  const std::string original = text(message, "mId");
  if (!original.empty()) send({{"type", "MessageAck"}, {"oMId", original}});
}

bool RawSite::fill(double within_s) {
  pollfd wait{socket_, POLLIN, 0};
  if (::poll(&wait, 1, static_cast<int>(within_s * 1000)) <= 0) return false;
  char buffer[65536];
  const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
  if (n <= 0) {
    ended_ = true;
    return false;
  }
  bytes_.append(buffer, static_cast<std::size_t>(n));
  for (auto end = bytes_.find('\f'); end != std::string::npos; end = bytes_.find('\f')) {
    json::error_code code;
    auto value = json::parse(bytes_.substr(0, end), code);
    bytes_.erase(0, end + 1);
    if (!code && value.is_object()) inbox_.push_back(std::move(value.get_object()));
  }
  return true;
}

std::optional<json::object> RawSite::next(double within_s) {
  const double end = seconds() + within_s;
  while (inbox_.empty() && !ended_ && seconds() < end) fill(std::max(0.0, end - seconds()));
  if (inbox_.empty()) return std::nullopt;
  json::object message = std::move(inbox_.front());
  inbox_.pop_front();
  sequence.push_back("in " + text(message, "type"));
  return message;
}

std::optional<json::object> RawSite::next(const std::string& type, double within_s) {
  const double end = seconds() + within_s;
  while (seconds() < end) {
    auto message = next(end - seconds());
    if (!message) return std::nullopt;
    if (text(*message, "type") == type) return message;
    acknowledge(*message);
  }
  return std::nullopt;
}

bool RawSite::closed() {
  while (!ended_ && fill(0.01)) {
  }
  return ended_;
}

json::object RawSite::version(const std::vector<std::string>& cores,
                              const std::string& list) const {
  json::array versions;
  for (const std::string& one : cores) versions.push_back(json::object{{"vers", one}});
  return {{"type", "Version"},
          {"RSMP", versions},
          {"siteId", json::array{json::object{{"sId", id}}}},
          {"SXL", list}};
}

json::object RawSite::watchdog() const {
  return {{"type", "Watchdog"}, {"wTs", now_text()}};
}

json::object RawSite::aggregated() const {
  json::array bits;
  for (int i = 0; i < 8; ++i) {
    const bool on = i == 5;
    if (core == "3.1.2") {
      bits.emplace_back(on ? "true" : "false");
    } else {
      bits.emplace_back(on);
    }
  }
  return {{"type", "AggregatedStatus"}, {"ntsOId", ""},  {"xNId", ""},    {"cId", "TC"},
          {"aSTS", now_text()},         {"fP", nullptr}, {"fS", nullptr}, {"se", bits}};
}

bool RawSite::establish() {
  const auto is = [&](const char* type) {
    const auto message = next();
    if (!message || text(*message, "type") != type) return false;
    if (std::string(type) != "MessageAck") acknowledge(*message);
    return true;
  };
  send(version({core}, sxl));
  if (!is("MessageAck") || !is("Version")) return false;
  send(watchdog());
  if (!is("MessageAck") || !is("Watchdog")) return false;
  send(aggregated());
  return is("MessageAck");
}

}  // namespace dispecer::conformance
