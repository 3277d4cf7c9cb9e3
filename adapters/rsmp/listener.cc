#include "adapters/rsmp/listener.h"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <deque>

#include "adapters/rsmp/tls.h"

namespace dispecer::rsmp {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

constexpr auto kTick = std::chrono::milliseconds(100);
constexpr Duration kHandshake = from_seconds(10);

struct Peer {
  Peer(tcp::socket s, asio::ssl::context* tls, MonoTime now) : socket(std::move(s)), opened(now) {
    if (tls != nullptr) secure.emplace(socket, *tls);
  }
  // Calls with the stream that carries the messages.
  template <class Fn>
  void stream(Fn&& fn) {
    if (secure) {
      fn(*secure);
    } else {
      fn(socket);
    }
  }
  tcp::socket socket;
  std::optional<asio::ssl::stream<tcp::socket&>> secure;
  MonoTime opened;
  bool admitted = false;  // known to the supervisor
  std::array<char, 16384> buffer{};
  std::deque<std::string> unsent;  // the front one is being written
  std::size_t unsent_bytes = 0;
  bool closing = false;
};

}  // namespace

struct Listener::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& context, Supervisor& s, ListenerConfig c, std::function<Now()> n,
       std::function<void(News&)> sink)
      : io(context),
        supervisor(s),
        config(std::move(c)),
        now(std::move(n)),
        news(std::move(sink)),
        acceptor(context),
        tick(context) {}

  Result<> start() {
    if (config.tls) {
      auto made = server_context(*config.tls);
      if (!made) return made.error();
      tls = *std::move(made);
    }
    Code code;
    const auto address = asio::ip::make_address(config.address, code);
    if (code) return Error{"bad_address", code.message(), config.address};
    const tcp::endpoint endpoint(address, config.port);
    acceptor.open(endpoint.protocol(), code);
    if (!code) acceptor.set_option(tcp::acceptor::reuse_address(true), code);
    if (!code) acceptor.bind(endpoint, code);
    if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
    if (code) {
      return Error{"cannot_listen", code.message(),
                   config.address + ":" + std::to_string(config.port)};
    }
    return Ok{};
  }

  void accept() {
    acceptor.async_accept([self = shared_from_this()](Code code, tcp::socket socket) {
      if (self->stopped) return;
      if (code) {
        ++self->counters["rsmp.socket.accept_failed"];
      } else if (self->peers.size() >= self->config.max_connections) {
        ++self->counters["rsmp.socket.too_many"];
      } else {
        self->admit(std::move(socket));
      }
      self->accept();
    });
  }

  void admit(tcp::socket socket) {
    Code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
    const ConnectionId id = next++;
    const auto peer = std::make_shared<Peer>(std::move(socket), tls.get(), now().mono);
    peers.emplace(id, peer);
    ++counters["rsmp.socket.accepted"];
    if (!peer->secure) {
      open(id, peer, std::nullopt);
      return;
    }
    peer->secure->async_handshake(
        asio::ssl::stream_base::server, [self = shared_from_this(), id, peer](Code code) {
          if (self->stopped || !self->peers.contains(id)) return;
          const auto name = code ? std::nullopt : peer_name(peer->secure->native_handle());
          if (!name) {
            ++self->counters["rsmp.socket.tls_refused"];
            self->drop(id);
            return;
          }
          self->open(id, peer, name);
        });
  }

  void open(ConnectionId id, const std::shared_ptr<Peer>& peer,
            const std::optional<std::string>& identity) {
    peer->admitted = true;
    supervisor.opened(id, now().mono, identity);
    receive(id);
  }

  void receive(ConnectionId id) {
    const auto peer = peers.at(id);
    const auto handler = [self = shared_from_this(), id, peer](Code code, std::size_t size) {
      if (self->stopped || !self->peers.contains(id) || peer->closing) return;
      if (code) {
        self->gone(id);
        return;
      }
      self->supervisor.bytes(id, {peer->buffer.data(), size}, self->now());
      self->flush();
      if (self->peers.contains(id) && !peer->closing) self->receive(id);
    };
    peer->stream(
        [&](auto& stream) { stream.async_read_some(asio::buffer(peer->buffer), handler); });
  }

  void gone(ConnectionId id) {
    drop(id);
    supervisor.closed(id, now());
    flush();
  }

  void drop(ConnectionId id) {
    const auto at = peers.find(id);
    if (at == peers.end()) return;
    Code ignored;
    at->second->socket.close(ignored);
    peers.erase(at);
  }

  void flush() {
    News out = supervisor.take();
    for (Outgoing& outgoing : out.outgoing) {
      const auto at = peers.find(outgoing.connection);
      if (at == peers.end()) continue;
      const std::shared_ptr<Peer> peer = at->second;
      if (!outgoing.bytes.empty()) send(outgoing.connection, peer, std::move(outgoing.bytes));
      if (!outgoing.close) continue;
      peer->closing = true;
      if (peer->unsent.empty()) drop(outgoing.connection);
    }
    news(out);
  }

  void send(ConnectionId id, const std::shared_ptr<Peer>& peer, std::string bytes) {
    if (peer->closing) return;
    std::string_view rest = bytes;
    if (peer->unsent.empty() && !peer->secure) {
      // Straight to the kernel where it takes it: an order must not wait for the next turn.
      Code code;
      peer->socket.non_blocking(true, code);
      const std::size_t written = peer->socket.write_some(asio::buffer(rest), code);
      rest.remove_prefix(written);
      if (rest.empty()) return;
      if (code && code != asio::error::would_block && code != asio::error::try_again) {
        post_gone(id);
        return;
      }
    }
    if (peer->unsent_bytes + rest.size() > config.max_unsent) {
      ++counters["rsmp.socket.slow_peer"];
      post_gone(id);
      return;
    }
    peer->unsent_bytes += rest.size();
    peer->unsent.emplace_back(rest);
    if (peer->unsent.size() == 1) write(id, peer);
  }

  void write(ConnectionId id, const std::shared_ptr<Peer>& peer) {
    const auto handler = [self = shared_from_this(), id, peer](Code code, std::size_t) {
      if (self->stopped || !self->peers.contains(id)) return;
      if (code) {
        self->gone(id);
        return;
      }
      peer->unsent_bytes -= peer->unsent.front().size();
      peer->unsent.pop_front();
      if (!peer->unsent.empty()) {
        self->write(id, peer);
      } else if (peer->closing) {
        self->drop(id);
      }
    };
    peer->stream([&](auto& stream) {
      asio::async_write(stream, asio::buffer(peer->unsent.front()), handler);
    });
  }

  // Not from within a flush: the supervisor is told on the next turn.
  void post_gone(ConnectionId id) {
    asio::post(io, [self = shared_from_this(), id] {
      if (!self->stopped && self->peers.contains(id)) self->gone(id);
    });
  }

  void arm() {
    tick.expires_after(kTick);
    tick.async_wait([self = shared_from_this()](Code code) {
      if (code || self->stopped) return;
      self->supervisor.timer(self->now());
      self->flush();
      self->end_handshakes();
      self->arm();
    });
  }

  // A peer that never finishes its handshake must not hold a place.
  void end_handshakes() {
    std::vector<ConnectionId> late;
    for (const auto& [id, peer] : peers) {
      if (!peer->admitted && now().mono - peer->opened >= kHandshake) late.push_back(id);
    }
    for (const ConnectionId id : late) {
      ++counters["rsmp.socket.tls_refused"];
      drop(id);
    }
  }

  void stop() {
    stopped = true;
    Code ignored;
    acceptor.close(ignored);
    tick.cancel();
    for (auto& [id, peer] : peers) peer->socket.close(ignored);
    peers.clear();
  }

  asio::io_context& io;
  Supervisor& supervisor;
  ListenerConfig config;
  std::function<Now()> now;
  std::function<void(News&)> news;
  std::unique_ptr<asio::ssl::context> tls;
  tcp::acceptor acceptor;
  asio::steady_timer tick;
  std::map<ConnectionId, std::shared_ptr<Peer>> peers;
  ConnectionId next = 1;
  Counters counters;
  bool stopped = false;
};

Listener::Listener(asio::io_context& io, Supervisor& supervisor, ListenerConfig config,
                   std::function<Now()> now, std::function<void(News&)> news)
    : impl_(std::make_shared<Impl>(io, supervisor, std::move(config), std::move(now),
                                   std::move(news))) {}

Listener::~Listener() {
  stop();
}

Result<> Listener::start() {
  return impl_->start();
}

void Listener::accept() {
  impl_->accept();
  impl_->arm();
}

std::uint16_t Listener::port() const {
  Code code;
  const auto endpoint = impl_->acceptor.local_endpoint(code);
  return code ? std::uint16_t{0} : endpoint.port();
}

Result<> Listener::submit(const ApprovedCommand& command) {
  auto result = impl_->supervisor.submit(command, impl_->now());
  impl_->flush();
  return result;
}

void Listener::flush() {
  impl_->flush();
}

const Counters& Listener::counters() const {
  return impl_->counters;
}

void Listener::stop() {
  impl_->stop();
}

}  // namespace dispecer::rsmp
