// A peer that says exactly these bytes, good or bad, on a loopback port of its own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <vector>

namespace dispecer::http {

class RawServer {
 public:
  using Tcp = boost::asio::ip::tcp;

  // `bytes` empty = accepts and stays silent. `hang_up` = closes after the bytes.
  RawServer(boost::asio::io_context& io, std::string bytes, bool hang_up)
      : acceptor_(io, Tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}),
        bytes_(std::move(bytes)),
        hang_up_(hang_up) {
    accept();
  }
  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
  }

 private:
  void accept() {
    acceptor_.async_accept([this](const auto& ec, Tcp::socket socket) {
      if (ec) return;
      auto held = std::make_shared<Tcp::socket>(std::move(socket));
      held_.push_back(held);
      // Waits for the request first: an answer to nothing would be thrown away.
      held->async_read_some(boost::asio::buffer(scratch_), [this, held](const auto& e, auto) {
        if (e || bytes_.empty()) return;
        boost::asio::async_write(*held, boost::asio::buffer(bytes_),
                                 [this, held](const auto&, auto) {
                                   boost::system::error_code ignored;
                                   if (hang_up_) held->close(ignored);
                                 });
      });
      accept();
    });
  }

  Tcp::acceptor acceptor_;
  std::string bytes_;
  bool hang_up_;
  std::vector<char> scratch_ = std::vector<char>(4096);
  std::vector<std::shared_ptr<Tcp::socket>> held_;
};

}  // namespace dispecer::http
