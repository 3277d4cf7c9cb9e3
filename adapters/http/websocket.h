// One open WebSocket, seen from either end. Runs on the thread of its io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "fusion/model/result.h"

namespace dispecer::http {

class WebSocket {
 public:
  using OnMessage = std::function<void(std::string text)>;
  using OnClose = std::function<void(const Error& why)>;  // once; cause "closed" = a proper goodbye

  virtual ~WebSocket() = default;

  // Called once per message, text or binary. Set both before returning from the open callback.
  virtual void on_message(OnMessage f) = 0;
  virtual void on_close(OnClose f) = 0;

  // Queues one text message. False when it was not taken: closed, or the queue is full (bounded in
  // bytes; a slow reader is the sender's business to see).
  virtual bool send(std::string text) = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual bool open() const = 0;
};

struct WebSocketLimits {
  std::uint64_t max_message_bytes = 1 << 20;
  std::uint64_t max_queued_bytes = 4 << 20;
  std::int64_t idle_ping_ms = 10000;  // a silent peer is pinged, and dropped when it stays silent
};

}  // namespace dispecer::http
