#include "adapters/priority_points/radio.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

namespace dispecer::priority_points {

namespace asio = boost::asio;

Result<std::unique_ptr<Radio>> Radio::listen(asio::io_context& io, const std::string& host,
                                             std::uint16_t port, const std::string& sender,
                                             OnTelegram on_telegram) {
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(host, ec);
  if (ec) return Error{"bad_address", "'" + host + "' is no address", "address"};
  std::unique_ptr<Radio> radio(new Radio(io));
  radio->anybody_ = sender.empty();
  if (sender.empty() && !address.is_loopback()) {
    return Error{"sender_required", "a receiver of another machine needs the setting 'sender'",
                 "sender"};
  }
  if (!sender.empty()) {
    radio->only_ = asio::ip::make_address(sender, ec);
    if (ec) return Error{"bad_address", "'" + sender + "' is no address", "sender"};
  }
  const asio::ip::udp::endpoint at(address, port);
  radio->socket_.open(at.protocol(), ec);
  if (!ec) radio->socket_.bind(at, ec);
  if (ec) return Error{"address_in_use", ec.message(), host + ":" + std::to_string(port)};
  radio->on_telegram_ = std::move(on_telegram);
  radio->receive();
  return radio;
}

std::uint16_t Radio::port() const {
  boost::system::error_code ec;
  return socket_.local_endpoint(ec).port();
}

void Radio::receive() {
  socket_.async_receive_from(asio::buffer(buffer_), from_,
                             [this](const boost::system::error_code& ec, std::size_t n) {
                               if (ec == asio::error::operation_aborted) return;
                               // What the network tells of a datagram before (refused, too long)
                               // ends nothing.
                               if (!ec) {
                                 if (anybody_ || from_.address() == only_) {
                                   on_telegram_({buffer_.data(), n});
                                 } else {
                                   ++strangers_;
                                 }
                               }
                               receive();
                             });
}

}  // namespace dispecer::priority_points
