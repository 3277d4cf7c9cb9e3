// Newest immutable snapshot, swapped in. Nobody locks to read what it points to.
#pragma once

#include <memory>
#include <mutex>

namespace dispecer {

template <class T>
class Latest {
 public:
  void set(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
  }
  void set(T value) { set(std::make_shared<const T>(std::move(value))); }
  [[nodiscard]] std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace dispecer
