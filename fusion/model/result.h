// Result<T, E>: a value, or an error that names what was wrong and where.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "fusion/model/ensure.h"

namespace dispecer {

// `cause` is a short stable name, fit for a counter ("unknown_trip"); `what` says what was found
// and what was expected; `where` names file, key, device or byte.
struct Error {
  std::string cause;
  std::string what;
  std::string where;

  bool operator==(const Error&) const = default;
  [[nodiscard]] std::string message() const {
    std::string text = where.empty() ? "" : where + ": ";
    text += what.empty() ? cause : what;
    return text + " [" + cause + "]";
  }
};

struct Ok {
  bool operator==(const Ok&) const = default;
};

template <class T = Ok, class E = Error>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  Result(E error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] const T& value() const& {
    require_value();
    return std::get<0>(state_);
  }
  [[nodiscard]] T& value() & {
    require_value();
    return std::get<0>(state_);
  }
  [[nodiscard]] T&& value() && {
    require_value();
    return std::get<0>(std::move(state_));
  }
  [[nodiscard]] const E& error() const {
    ensure(!ok());
    return std::get<1>(state_);
  }

  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  void require_value() const {
    if constexpr (std::is_same_v<E, Error>) {
      ensure(ok(), std::get<1>(state_).message());
    } else {
      ensure(ok());
    }
  }

  std::variant<T, E> state_;
};

}  // namespace dispecer
