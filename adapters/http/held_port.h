// A TCP port that is chosen before its owner listens on it. The socket is bound but never listens:
// the kernel gives the port to nobody who asks for any free one and to no outgoing connection,
// while whoever binds just this port with SO_REUSEADDR (as our listeners, virtual devices and SUMO
// do) gets it. So nothing can slip in between the choice and the owner's bind.
#pragma once

#include <cstdint>
#include <string>

#include "fusion/model/result.h"

namespace dispecer::http {

class HeldPort {
 public:
  // `address` is an IP address of this machine; port 0 = any free one. Causes: bad_address,
  // address_in_use (somebody listens there, or holds it without SO_REUSEADDR).
  static Result<HeldPort> hold(const std::string& address, std::uint16_t port);
  HeldPort(HeldPort&& other) noexcept;
  HeldPort& operator=(HeldPort&& other) noexcept;
  ~HeldPort();

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  HeldPort(int fd, std::uint16_t port) : fd_(fd), port_(port) {}
  int fd_;  // -1 = moved from
  std::uint16_t port_;
};

}  // namespace dispecer::http
