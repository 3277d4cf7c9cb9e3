#include "adapters/http/held_port.h"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

namespace dispecer::http {

Result<HeldPort> HeldPort::hold(const std::string& address, std::uint16_t port) {
  using Tcp = boost::asio::ip::tcp;
  const auto where = address + ":" + std::to_string(port);
  boost::system::error_code ec;
  const auto ip = boost::asio::ip::make_address(address, ec);
  if (ec) return Error{"bad_address", "not an IP address", where};
  const Tcp::endpoint wanted(ip, port);
  // Not handed to children: with the launcher's end the port is free again.
  HeldPort held(::socket(wanted.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0), port);
  const int on = 1;
  if (held.fd_ < 0 || ::setsockopt(held.fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(held.fd_, wanted.data(), static_cast<socklen_t>(wanted.size())) != 0)
    return Error{errno == EADDRINUSE ? "address_in_use" : "bad_address", std::strerror(errno),
                 where};
  Tcp::endpoint bound;
  auto size = static_cast<socklen_t>(bound.capacity());
  if (::getsockname(held.fd_, bound.data(), &size) != 0)
    return Error{"bad_address", std::strerror(errno), where};
  bound.resize(size);
  held.port_ = bound.port();
  return held;
}

HeldPort::HeldPort(HeldPort&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), port_(other.port_) {}

HeldPort& HeldPort::operator=(HeldPort&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(port_, other.port_);
  return *this;
}

HeldPort::~HeldPort() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace dispecer::http
