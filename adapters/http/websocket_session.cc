#include "adapters/http/websocket_session.h"

#include <boost/beast/core/buffers_to_string.hpp>

namespace dispecer::http {

void prepare(WebSocketStream& stream, const WebSocketLimits& limits) {
  beast::websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = std::chrono::seconds{10};
  // Beast pings at half of the idle time and gives up at its end.
  timeout.idle_timeout = std::chrono::milliseconds{2 * limits.idle_ping_ms};
  timeout.keep_alive_pings = true;
  stream.set_option(timeout);
  stream.read_message_max(limits.max_message_bytes);
}

WebSocketSession::WebSocketSession(std::unique_ptr<WebSocketStream> stream, WebSocketLimits limits,
                                   std::string where)
    : stream_(std::move(stream)), limits_(limits), where_(std::move(where)) {}

void WebSocketSession::start() {
  if (state_ != State::closed) read();
}

void WebSocketSession::read() {
  stream_->async_read(buffer_, [self = shared_from_this()](const ErrorCode& ec, std::size_t) {
    if (self->state_ == State::closed) return;
    if (ec) return self->end(name_error(ec, "websocket", self->where_));
    auto text = beast::buffers_to_string(self->buffer_.data());
    self->buffer_.consume(self->buffer_.size());
    // A message that comes after our goodbye is nobody's any more.
    if (self->state_ == State::open && self->on_message_) self->on_message_(std::move(text));
    if (self->state_ != State::closed) self->read();
  });
}

bool WebSocketSession::send(std::string text) {
  if (state_ != State::open || queued_bytes_ + text.size() > limits_.max_queued_bytes) return false;
  queued_bytes_ += text.size();
  queue_.push_back(std::move(text));
  if (!writing_) write();
  return true;
}

void WebSocketSession::write() {
  writing_ = true;
  stream_->text(true);
  stream_->async_write(net::buffer(queue_.front()),
                       [self = shared_from_this()](const ErrorCode& ec, std::size_t) {
                         self->writing_ = false;
                         if (self->state_ == State::closed) return;
                         if (ec) return self->end(name_error(ec, "websocket", self->where_));
                         self->queued_bytes_ -= self->queue_.front().size();
                         self->queue_.pop_front();
                         if (!self->queue_.empty()) return self->write();
                         if (self->state_ == State::closing) self->say_goodbye();
                       });
}

void WebSocketSession::close() {
  if (state_ != State::open) return;
  state_ = State::closing;
  if (!writing_) say_goodbye();
}

void WebSocketSession::say_goodbye() {
  stream_->async_close(beast::websocket::close_code::normal,
                       [self = shared_from_this()](const ErrorCode& ec) {
                         if (self->state_ == State::closed) return;
                         self->end(ec ? name_error(ec, "websocket", self->where_)
                                      : Error{"closed", "closed by us", self->where_});
                       });
}

void WebSocketSession::end(const Error& why) {
  if (state_ == State::closed) return;
  state_ = State::closed;
  stream_->next_layer().hang_up();
  const auto call = std::move(on_close_);
  on_message_ = nullptr;  // they may hold the owner
  on_close_ = nullptr;
  if (call) call(why);
}

void WebSocketSession::hang_up() {
  on_close_ = nullptr;
  end(Error{"cancelled", "", where_});
}

}  // namespace dispecer::http
