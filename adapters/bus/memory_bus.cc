#include "adapters/bus/bus.h"

namespace dispecer::bus {

void MemoryBus::send(const Topic& topic, const Message& message) {
  const auto it = handlers_.find(topic.number);
  if (it == handlers_.end()) return;
  for (const auto& handler : it->second) handler(message);
}

void MemoryBus::subscribe(const Topic& topic, Handler handler) {
  handlers_[topic.number].push_back(std::move(handler));
}

}  // namespace dispecer::bus
