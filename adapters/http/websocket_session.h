// Inside adapters/http only: one open WebSocket over AnyStream, the same for server and client.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

#include "adapters/http/stream.h"
#include "adapters/http/websocket.h"

namespace dispecer::http {

using WebSocketStream = beast::websocket::stream<AnyStream>;

class WebSocketSession final : public WebSocket,
                               public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(std::unique_ptr<WebSocketStream> stream, WebSocketLimits limits,
                   std::string where);

  void on_message(OnMessage f) override { on_message_ = std::move(f); }
  void on_close(OnClose f) override { on_close_ = std::move(f); }
  bool send(std::string text) override;
  void close() override;
  [[nodiscard]] bool open() const override { return state_ == State::open; }

  void start();    // the reading; after the open callback has set its callbacks
  void hang_up();  // at once and without a word; on_close is not called

 private:
  enum class State { open, closing, closed };
  void read();
  void write();
  void say_goodbye();
  void end(const Error& why);

  std::unique_ptr<WebSocketStream> stream_;
  WebSocketLimits limits_;
  std::string where_;
  beast::flat_buffer buffer_;
  std::deque<std::string> queue_;
  std::uint64_t queued_bytes_ = 0;
  bool writing_ = false;
  State state_ = State::open;
  OnMessage on_message_;
  OnClose on_close_;
};

// Message size, pings and hand-shake time-out of a stream that is about to be opened.
void prepare(WebSocketStream& stream, const WebSocketLimits& limits);

}  // namespace dispecer::http
