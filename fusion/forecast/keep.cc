#include "fusion/forecast/keep.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "fusion/forecast/forecast.h"

namespace dispecer::forecast {
namespace {

constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kMagic = 0x44464331;  // "DFC1"

// Writes the bytes first <= i < end of what it is given; of the others it keeps count.
class Writer {
 public:
  Writer(std::uint64_t first, std::uint64_t end) : first_(first), end_(end) {}
  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(const T& v) { put(&v, sizeof v); }
  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(const std::vector<T>& list) {
    (*this)(static_cast<std::uint64_t>(list.size()));
    put(list.data(), list.size() * sizeof(T));
  }
  template <class Derived>
  void operator()(const Eigen::PlainObjectBase<Derived>& m) {
    (*this)(static_cast<std::int64_t>(m.rows()));
    (*this)(static_cast<std::int64_t>(m.cols()));
    put(m.data(), static_cast<std::size_t>(m.size()) * sizeof(typename Derived::Scalar));
  }
  [[nodiscard]] std::uint64_t passed() const { return at_; }
  std::string out;

 private:
  void put(const void* data, std::size_t bytes) {
    const auto begin = std::max(at_, first_);
    const auto end = std::min(at_ + bytes, end_);
    if (begin < end) {
      out.append(static_cast<const char*>(data) + (begin - at_), end - begin);
    }
    at_ += bytes;
  }
  std::uint64_t first_;
  std::uint64_t end_;
  std::uint64_t at_ = 0;
};

// Sizes must be those that the state already has; anything else is another forecast's.
class Reader {
 public:
  explicit Reader(const std::string& bytes) : in_(bytes) {}
  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(T& v) {
    if (!good || in_.size() - at_ < sizeof v) {
      good = false;
      return;
    }
    std::memcpy(&v, in_.data() + at_, sizeof v);
    at_ += sizeof v;
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(std::vector<T>& list) {
    std::uint64_t size = 0;
    (*this)(size);
    if (size != list.size()) good = false;
    for (auto& v : list) (*this)(v);
  }
  template <class Derived>
  void operator()(Eigen::PlainObjectBase<Derived>& m) {
    std::int64_t rows = 0;
    std::int64_t cols = 0;
    (*this)(rows);
    (*this)(cols);
    const auto bytes = static_cast<std::size_t>(m.size()) * sizeof(typename Derived::Scalar);
    if (!good || rows != m.rows() || cols != m.cols() || in_.size() - at_ < bytes) {
      good = false;
      return;
    }
    if (bytes > 0) std::memcpy(m.data(), in_.data() + at_, bytes);
    at_ += bytes;
  }
  [[nodiscard]] bool ended() const { return good && at_ == in_.size(); }
  bool good = true;

 private:
  const std::string& in_;
  std::size_t at_ = 0;
};

// Everything but the history and what follows from it.
template <class Archive, class S>
void visit(Archive& a, S& state) {
  a(state.started);
  a(state.step);
  a(state.today.day);
  a(state.today.value);
  a(state.today.known);
  a(state.fast.distance);
  a(state.fast.weight);
  a(state.slow.distance);
  a(state.slow.weight);
  for (auto& b : state.network.blocks) {
    a(b.cov);
    for (auto& m : b.cross) a(m);
    for (auto& m : b.gain) a(m);
  }
  a(state.network.past);
  a(state.network.steps);
  a(state.network.waiting);
  a(state.silent_steps);
  a(state.known);
  a(state.z);
  for (auto& level : state.level) a(level);
  for (auto& h : state.horizons) {
    a(h.shared.normal);
    a(h.shared.right);
    a(h.shared.beta);
    a(h.own.normal);
    a(h.own.right);
    a(h.own.beta);
    a(h.net.weight);
    a(h.net.first);
    a(h.net.second);
    a(h.net.steps);
    a(h.net.memory);
    a(h.net.memory_place);
    a(h.net.remembered);
    a(h.net.dice);
    a(h.weight);
    a(h.interval.below);
    a(h.interval.above);
    a(h.score.count);
    a(h.score.mae);
    a(h.score.profile_mae);
    a(h.score.covered);
  }
}

// Oldest first.
void save_days(Writer& w, const History& history) {
  w(static_cast<std::uint64_t>(history.size()));
  for (std::size_t n = history.size(); n-- > 0;) {
    w(history.day(n));
    w(history.packed(n));
  }
}

void load_days(Reader& r, State& state) {
  std::uint64_t count = 0;
  r(count);
  if (count > state.history.capacity()) r.good = false;
  History::Packed packed(static_cast<Eigen::Index>(state.places), state.slots);
  for (std::uint64_t n = 0; r.good && n < count; ++n) {
    std::int32_t day = 0;
    r(day);
    r(packed);
    if (r.good) state.history.push(day, kind_of_day(state.calendar, day), packed);
  }
}

std::vector<std::int64_t> shape_of(const State& state) {
  const auto& p = state.parameters;
  std::vector<std::int64_t> out{static_cast<std::int64_t>(state.places), p.step_s, p.hidden,
                                static_cast<std::int64_t>(p.block),
                                static_cast<std::int64_t>(p.remembered)};
  for (const auto h : p.horizons) out.push_back(h);
  return out;
}

void write(Writer& w, const State& state) {
  w(kMagic);
  w(kVersion);
  w(shape_of(state));
  save_days(w, state.history);
  visit(w, state);
}

}  // namespace

std::string save(const State& state) {
  return save(state, 0, std::numeric_limits<std::uint64_t>::max());
}

std::string save(const State& state, std::uint64_t first, std::uint64_t end) {
  Writer w(first, end);
  write(w, state);
  return std::move(w.out);
}

std::uint64_t saved_size(const State& state) {
  Writer w(0, 0);
  write(w, state);
  return w.passed();
}

Result<> load(State& state, const std::string& bytes) {
  Reader r(bytes);
  std::uint32_t magic = 0;
  std::uint32_t version = 0;
  r(magic);
  r(version);
  if (!r.good || magic != kMagic || version != kVersion) {
    return Error{"kept_version", "expected a forecast of version " + std::to_string(kVersion), ""};
  }
  auto shape = shape_of(state);
  const auto expected = shape;
  r(shape);
  if (!r.good || shape != expected) {
    return Error{"kept_other", "the kept forecast has other places or parameters", ""};
  }
  State draft = state;
  load_days(r, draft);
  visit(r, draft);
  if (!r.ended()) return Error{"kept_torn", "the kept forecast ends early or late", ""};
  draft.today.kind = kind_of_day(draft.calendar, draft.today.day);
  learn_days(draft);
  remake(draft);
  state = std::move(draft);
  return Ok{};
}

void restart(State& state) {
  state.started = false;
  state.today = empty_day(state.places, static_cast<std::size_t>(state.slots));
  state.silent_steps.setConstant(kNeverHeard);
  state.z.setZero();
  for (auto& level : state.level) level.setZero();
  for (auto& h : state.horizons) {
    for (auto& m : h.made) {
      m.valid = false;
      m.forecast.ready = false;
    }
  }
}

void adopt_days(State& state, const State& from, const std::vector<std::int64_t>& old) {
  for (std::size_t n = from.history.size(); n-- > 0;) {
    const auto past = from.history.ago(n);
    Day day = empty_day(state.places, static_cast<std::size_t>(state.slots));
    if (past.value.cols() != day.value.cols()) return;
    day.day = past.day;
    day.kind = kind_of_day(state.calendar, past.day);
    for (std::size_t i = 0; i < old.size() && i < state.places; ++i) {
      if (old[i] < 0 || old[i] >= past.value.rows()) continue;
      day.value.row(static_cast<Eigen::Index>(i)) = past.value.row(old[i]);
      day.known.row(static_cast<Eigen::Index>(i)) = past.known.row(old[i]);
    }
    state.known = state.known.max(day.known.rowwise().maxCoeff());
    state.history.push(day);
  }
  learn_days(state);
}

}  // namespace dispecer::forecast
