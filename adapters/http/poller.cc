#include "adapters/http/poller.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/http/backoff.h"
#include "adapters/http/stream.h"

namespace dispecer::http {

struct Poller::Impl : std::enable_shared_from_this<Poller::Impl> {
  Impl(net::io_context& io, Client& c, PollerOptions o, Events e)
      : client(c),
        options(std::move(o)),
        events(std::move(e)),
        timer(io),
        backoff(options.period, std::max(options.max_backoff, options.period),
                std::hash<std::string>{}(options.url)) {}

  void count(const std::string& what) { ++counters[options.counter_prefix + ".http." + what]; }

  void ask() {
    asked = steady_now();
    Headers headers = options.headers;
    if (!etag.empty()) headers.push_back({"If-None-Match", etag});
    if (!modified.empty()) headers.push_back({"If-Modified-Since", modified});
    client.get(options.url, std::move(headers), [weak = weak_from_this()](Result<Response> answer) {
      const auto self = weak.lock();
      if (self && self->running) self->take(std::move(answer));
    });
  }

  void take(Result<Response> answer) {
    if (!answer) {
      count(answer.error().cause);
      return failed(answer.error().message());
    }
    if (answer->status == 304) {
      count("not_modified");
      return good(options.when_unchanged.count() > 0 ? options.when_unchanged : options.period);
    }
    if (answer->status != 200) {
      count("status");
      return failed("the source answered with status " + std::to_string(answer->status));
    }
    count("ok");
    // Forget the validators of a body that was no good: it must come again.
    const bool usable = events.body(*answer);
    if (!running) return;
    etag = usable ? std::string(find_header(answer->headers, "ETag")) : "";
    modified = usable ? std::string(find_header(answer->headers, "Last-Modified")) : "";
    if (usable) {
      good(options.period);
    } else {
      failed("the source answered with unusable content");
    }
  }

  void good(Duration pause) {
    last_good = steady_now();
    backoff.reset();
    if (is_dead) {
      is_dead = false;
      events.verdict(false, "");
    }
    // The period counts from request to request, whatever the answer took.
    const Duration spent = last_good - asked;
    again(std::max(pause - spent, Duration{std::chrono::milliseconds{1}}));
  }

  void failed(const std::string& why) {
    const Duration silent = steady_now() - last_good;
    if (!is_dead && silent >= options.dead_after) {
      is_dead = true;
      events.verdict(true, why);
    }
    again(backoff.next());
  }

  void again(Duration wait) {
    if (!running) return;
    timer.expires_after(wait);
    timer.async_wait([weak = weak_from_this()](const ErrorCode& ec) {
      const auto self = weak.lock();
      if (!ec && self && self->running) self->ask();
    });
  }

  Client& client;
  PollerOptions options;
  Events events;
  net::steady_timer timer;
  Backoff backoff;
  std::map<std::string, std::uint64_t> counters;
  std::string etag;
  std::string modified;
  MonoTime asked;
  MonoTime last_good;
  bool running = false;
  bool is_dead = false;
};

Poller::Poller(net::io_context& io, Client& client, PollerOptions options, Events events)
    : impl_(std::make_shared<Impl>(io, client, std::move(options), std::move(events))) {}

Poller::~Poller() {
  stop();
}

void Poller::start() {
  if (impl_->running) return;
  impl_->running = true;
  impl_->last_good = steady_now();
  impl_->ask();
}

void Poller::stop() {
  impl_->running = false;
  impl_->timer.cancel();
}

void Poller::set_period(Duration period, Duration when_unchanged) {
  impl_->options.period = period;
  impl_->options.when_unchanged = when_unchanged;
}

bool Poller::dead() const {
  return impl_->is_dead;
}

const std::map<std::string, std::uint64_t>& Poller::counters() const {
  return impl_->counters;
}

}  // namespace dispecer::http
