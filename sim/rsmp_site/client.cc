#include "sim/rsmp_site/client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace dispecer::sim {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kTimer = std::chrono::milliseconds{100};
constexpr std::size_t kMostUnsent = 16u << 20;

}  // namespace

// Handlers hold the line by shared_ptr and stop touching it once `open_` changed hands.
struct SiteClient::Line : std::enable_shared_from_this<SiteClient::Line> {
  Line(asio::io_context& io, LineSettings line, Cabinet& cabinet, SiteSettings settings,
       UtcTime now)
      : where(std::move(line)),
        cabinet_(cabinet),
        site(cabinet, std::move(settings), now),
        socket(io),
        resolver(io),
        retry(io),
        ticker(io),
        domain(now),
        pause(where.first_reconnect) {}

  [[nodiscard]] SiteTime now() const {
    const auto mono = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
    return {MonoTime{mono.count()}, where.now ? where.now() : domain};
  }
  [[nodiscard]] bool fault(Fault f) const {
    return cabinet_.intersections.front().state.faults.contains(f);
  }
  // Dark through and through: no mains and no battery.
  [[nodiscard]] bool powerless() const {
    return !cabinet_.intersections.front().state.alive(domain);
  }
  // Neither reads nor writes, but leaves the connection as it is.
  [[nodiscard]] bool mute() const { return fault(Fault::lost_link_silent) || powerless(); }

  void start() {
    attempt();
    beat();
  }
  void stop() {
    stopped = true;
    error_code ignored;
    socket.close(ignored);
    resolver.cancel();
    retry.cancel();
    ticker.cancel();
  }

  void attempt() {
    if (stopped || mute() || fault(Fault::lost_link)) return later();
    socket = tcp::socket(socket.get_executor());
    const auto mine = ++generation;
    resolver.async_resolve(
        where.host, where.port,
        [self = shared_from_this(), mine](error_code ec, const tcp::resolver::results_type& found) {
          if (self->stopped || mine != self->generation) return;
          if (ec) return self->later();
          asio::async_connect(self->socket, found,
                              [self, mine](error_code failed, const tcp::endpoint&) {
                                if (self->stopped || mine != self->generation) return;
                                failed ? self->later() : self->up();
                              });
        });
  }
  void later() {
    if (stopped) return;
    retry.expires_after(pause);
    pause = std::min(pause * 2, where.reconnect);
    retry.async_wait([self = shared_from_this()](error_code ec) {
      if (!ec && !self->connected) self->attempt();
    });
  }
  void up() {
    if (fault(Fault::lost_link) || mute()) return later();
    connected = true;
    was_muted = false;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    site.connected(now());
    flush();
    receive();
  }
  void down(bool again = true) {
    if (!connected) return;
    connected = writing = false;
    ++generation;
    unsent.clear();
    error_code ignored;
    socket.close(ignored);
    site.disconnected();
    if (again) later();
  }

  void receive() {
    socket.async_read_some(asio::buffer(inbox), [self = shared_from_this(), mine = generation](
                                                    error_code ec, std::size_t n) {
      if (self->stopped || mine != self->generation) return;
      if (ec) return self->down();
      if (self->site.established()) self->pause = self->where.first_reconnect;
      if (!self->mute()) self->site.bytes({self->inbox.data(), n}, self->now());
      // The answer goes first; what the order changed follows it.
      self->flush();
      if (self->site.take_ordered() && self->where.ordered) self->where.ordered();
      if (self->connected) self->receive();
    });
  }
  void flush() {
    auto fresh = site.take_output();
    if (!connected || mute()) return;
    unsent += fresh;
    if (unsent.size() > kMostUnsent) return down();
    if (writing) return;
    if (unsent.empty()) {
      if (!site.close_reason().empty()) down();
      return;
    }
    writing = true;
    sending = std::exchange(unsent, {});
    asio::async_write(socket, asio::buffer(sending),
                      [self = shared_from_this(), mine = generation](error_code ec, std::size_t) {
                        if (self->stopped || mine != self->generation) return;
                        self->writing = false;
                        ec ? self->down() : self->flush();
                      });
  }

  void beat() {
    ticker.expires_after(kTimer);
    ticker.async_wait([self = shared_from_this()](error_code ec) {
      if (ec || self->stopped) return;
      if (self->connected && !self->mute()) {
        self->site.timer(self->now());
        self->flush();
      }
      self->beat();
    });
  }

  void tick(UtcTime t) {
    domain = t;
    if (powerless() && !was_dark) site.power_lost();
    was_dark = powerless();
    if (fault(Fault::lost_link)) down();
    // A line that was silent is dead at both ends: begin anew.
    if (!mute() && was_muted && connected) down();
    was_muted = mute() && (connected || was_muted);
    if (was_dark) return;
    site.tick(now());
    if (fault(Fault::garbage) && connected && !mute()) {
      static constexpr std::string_view kRubbish{"\x01{\"mType\":\"rSMsg\",\xff\xfe]]\f\f{}\f12\f"};
      unsent += kRubbish;
    }
    flush();
  }

  LineSettings where;
  Cabinet& cabinet_;
  Site site;
  tcp::socket socket;
  tcp::resolver resolver;
  asio::steady_timer retry;
  asio::steady_timer ticker;
  UtcTime domain;
  Duration pause;
  std::array<char, 65536> inbox{};
  std::string unsent;
  std::string sending;
  std::uint64_t generation = 0;
  bool connected = false;
  bool writing = false;
  bool stopped = false;
  bool was_muted = false;
  bool was_dark = false;
};

SiteClient::SiteClient(boost::asio::io_context& io, LineSettings line, Cabinet& cabinet,
                       SiteSettings settings, UtcTime now)
    : line_(std::make_shared<Line>(io, std::move(line), cabinet, std::move(settings), now)) {
  line_->start();
}

SiteClient::~SiteClient() {
  line_->stop();
}

void SiteClient::tick(UtcTime now) {
  line_->tick(now);
}

bool SiteClient::established() const {
  return line_->connected && line_->site.established();
}

std::map<std::string, std::uint64_t> SiteClient::counters() const {
  return line_->site.counters();
}

}  // namespace dispecer::sim
