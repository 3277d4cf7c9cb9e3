#include "tests/conformance/rsmp_site/peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sstream>

namespace dispecer::conformance {

using Clock = std::chrono::steady_clock;

std::string text_of(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

bool at_least(const std::string& version, const std::string& least) {
  std::istringstream have(version), need(least);
  for (std::string h, n;;) {
    const bool more_h = static_cast<bool>(std::getline(have, h, '.'));
    const bool more_n = static_cast<bool>(std::getline(need, n, '.'));
    if (!more_h && !more_n) return true;
    const int a = more_h ? std::stoi(h) : 0;
    const int b = more_n ? std::stoi(n) : 0;
    if (a != b) return a > b;
  }
}

Controller::Controller(const std::string& config, const std::vector<int>& ports,
                       const Versions& versions) {
  int pipe_fds[2];
  if (::pipe2(pipe_fds, O_CLOEXEC) != 0) return;
  std::vector<std::string> words{DISPECER_TLC, "--console",   "--config", config,
                                 "--core",     versions.core, "--sxl",    versions.sxl};
  for (const int port : ports) {
    words.emplace_back("--supervisor");
    words.push_back("127.0.0.1:" + std::to_string(port));
  }
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(pipe_fds[0], STDIN_FILENO);
    const int null = ::open("/dev/null", O_WRONLY);
    ::dup2(null, STDOUT_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(pipe_fds[0]);
  input_ = pipe_fds[1];
}

Controller::~Controller() {
  stop();
}

void Controller::type(const std::string& line) const {
  const auto text = line + "\n";
  EXPECT_EQ(::write(input_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

int Controller::stop() {
  if (pid_ <= 0) return -1;
  ::kill(pid_, SIGINT);
  int status = 0;
  const auto end = Clock::now() + std::chrono::seconds{10};
  pid_t done = 0;
  while ((done = ::waitpid(pid_, &status, WNOHANG)) == 0 && Clock::now() < end) ::usleep(2000);
  if (done == 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, &status, 0);
  }
  ::close(input_);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// A socket bound to `port` on loopback; 0 = any, which is put into it.
int bound(int& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return fd;
}

Door::Door() {
  placeholder_ = bound(port_);
  open();
}
Door::~Door() {
  close();
  ::close(placeholder_);
}
void Door::open() {
  fd_ = bound(port_);
  EXPECT_EQ(::listen(fd_, 8), 0);
}
void Door::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool Peer::accept(const Door& door, Millis most) {
  hang_up();
  pollfd p{door.listen_fd(), POLLIN, 0};
  if (::poll(&p, 1, static_cast<int>(most.count())) <= 0) return false;
  fd_ = ::accept4(door.listen_fd(), nullptr, nullptr, SOCK_CLOEXEC);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  partial_.clear();
  return fd_ >= 0;
}

void Peer::hang_up() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

std::string Peer::new_id() {
  char text[37];
  std::snprintf(text, sizeof text, "%08x-0000-4000-8000-000000000000", ++next_id_);
  return text;
}

void Peer::raw(const std::string& bytes) {
  std::size_t sent = 0;
  while (fd_ >= 0 && sent < bytes.size()) {
    const auto n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return hang_up();
    sent += static_cast<std::size_t>(n);
  }
}

std::string Peer::send(const std::string& type, json::object body) {
  json::object message{{"mType", "rSMsg"}, {"type", type}};
  std::string id;
  if (type != "MessageAck" && type != "MessageNotAck") {
    id = new_id();
    message["mId"] = id;
  }
  for (auto& [key, value] : body) message[key] = value;
  log_.push_back({message, Clock::now(), false});
  message.erase("planted");
  raw(json::serialize(message) + "\f");
  return id;
}

void Peer::take(const std::string& frame) {
  json::error_code wrong;
  auto value = json::parse(frame, wrong);
  if (wrong || !value.is_object()) {
    ADD_FAILURE() << "no JSON object: " << frame;
    return;
  }
  const auto& message = value.get_object();
  log_.push_back({message, Clock::now(), true});
  const auto type = text_of(message, "type");
  const bool ack = type == "MessageAck" || type == "MessageNotAck";
  if (!ack && deaf_to != "*" && deaf_to != type) send("MessageAck", {{"oMId", message.at("mId")}});
}

void Peer::read_some(Millis most) {
  if (fd_ < 0) {
    ::usleep(static_cast<useconds_t>(std::min<std::int64_t>(most.count(), 20) * 1000));
    return;
  }
  pollfd p{fd_, POLLIN, 0};
  if (::poll(&p, 1, static_cast<int>(std::max<std::int64_t>(most.count(), 0))) <= 0) return;
  char bytes[65536];
  const auto n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n <= 0) return hang_up();
  partial_.append(bytes, static_cast<std::size_t>(n));
  for (std::size_t end = 0; (end = partial_.find('\f')) != std::string::npos;) {
    const auto frame = partial_.substr(0, end);
    partial_.erase(0, end + 1);
    EXPECT_FALSE(frame.empty()) << "two form feeds in a row";
    if (!frame.empty()) take(frame);
  }
}

std::optional<json::object> Peer::wait(const Test& test, std::size_t since, Millis most) {
  const auto end = Clock::now() + most;
  std::size_t next = since;
  while (true) {
    for (; next < log_.size(); ++next) {
      if (log_[next].in && test(log_[next].message)) return log_[next].message;
    }
    const auto left = std::chrono::duration_cast<Millis>(end - Clock::now());
    if (left.count() <= 0) return std::nullopt;
    read_some(left);
  }
}

void Peer::listen(Millis time) {
  wait([](const json::object&) { return false; }, log_.size(), time);
}

bool Peer::wait_closed(Millis most) {
  const auto end = Clock::now() + most;
  while (!closed() && Clock::now() < end) read_some(Millis{20});
  return closed();
}

json::object Peer::version_message() const {
  return {{"RSMP", json::array{json::object{{"vers", versions_.core}}}},
          {"siteId", json::array{json::object{{"sId", site_id}}}},
          {"SXL", versions_.sxl}};
}

std::string Peer::iso_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  char text[40];
  std::tm utc{};
  ::gmtime_r(&now.tv_sec, &utc);
  const auto n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + n, sizeof text - n, ".%03ldZ", now.tv_nsec / 1'000'000);
  return text;
}

namespace {

Peer::Test of_type(const char* type) {
  return [type](const json::object& m) { return text_of(m, "type") == type; };
}

}  // namespace

bool Peer::establish(const Door& door) {
  if (!accept(door)) return false;
  const auto start = mark();
  if (!wait(of_type("Version"), start)) return false;
  const auto version = send("Version", version_message());
  if (ack_of(version, start) != "ack") return false;
  if (!wait(of_type("Watchdog"), start)) return false;
  const auto watchdog = send("Watchdog", {{"wTs", iso_now()}});
  if (ack_of(watchdog, start) != "ack") return false;
  return wait(of_type("AggregatedStatus"), start).has_value();
}

std::string Peer::ack_of(const std::string& id, std::size_t since, Millis most) {
  const auto ack = wait(
      [&](const json::object& m) {
        const auto type = text_of(m, "type");
        return (type == "MessageAck" || type == "MessageNotAck") && text_of(m, "oMId") == id;
      },
      since, most);
  if (!ack) return "";
  return text_of(*ack, "type") == "MessageAck" ? "ack" : "NotAck " + text_of(*ack, "rea");
}

}  // namespace dispecer::conformance
