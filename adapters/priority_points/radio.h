// A radio receiver that hands its telegrams on by UDP, one to a datagram.
#pragma once

#include <array>
#include <boost/asio/ip/udp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "adapters/priority_points/r09.h"

namespace dispecer::priority_points {

class Radio {
 public:
  using OnTelegram = std::function<void(std::string_view bytes)>;

  // Listens at once. `sender`: the only address that is listened to, "" = whoever reaches `host`,
  // which must then be a loopback address: telegrams carry no signature. Error causes: bad_address,
  // sender_required, address_in_use.
  static Result<std::unique_ptr<Radio>> listen(boost::asio::io_context& io, const std::string& host,
                                               std::uint16_t port, const std::string& sender,
                                               OnTelegram on_telegram);
  [[nodiscard]] std::uint16_t port() const;
  // Datagrams of others than the sender.
  [[nodiscard]] std::uint64_t strangers() const { return strangers_; }

 private:
  explicit Radio(boost::asio::io_context& io) : socket_(io) {}
  void receive();

  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint from_;
  boost::asio::ip::address only_;
  bool anybody_ = false;
  OnTelegram on_telegram_;
  // One byte more than any telegram, so that a longer datagram is known for one.
  std::array<char, kLongestR09 + 1> buffer_{};
  std::uint64_t strangers_ = 0;
};

}  // namespace dispecer::priority_points
