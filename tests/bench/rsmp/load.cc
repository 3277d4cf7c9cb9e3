#include "tests/bench/rsmp/load.h"

#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <istream>
#include <map>
#include <memory>

#include "sim/rsmp_site/site.h"
#include "tests/bench/figures/figures.h"
#include "tests/bench/rsmp/names.h"

namespace dispecer::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Wall = std::chrono::steady_clock;

MonoTime mono() {
  return MonoTime{
      std::chrono::duration_cast<std::chrono::microseconds>(Wall::now().time_since_epoch())
          .count()};
}
UtcTime utc() {
  return UtcTime{std::chrono::duration_cast<std::chrono::microseconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count()};
}
double since(Wall::time_point t) {
  return std::chrono::duration<double>(Wall::now() - t).count();
}

// Times from the writing of a message to the reading of its acknowledgement.
struct AckTimes {
  bool keep = false;
  std::vector<double> ms;
  std::uint64_t count = 0;
};

// One site on one socket. The bench looks at the frames that pass; the site itself is the
// product's.
class Line : public std::enable_shared_from_this<Line> {
 public:
  Line(asio::io_context& io, std::uint16_t port, std::size_t number, Duration behind,
       AckTimes& acks)
      : port_(port), behind_(behind), acks_(acks), socket_(io) {
    auto controller = sim::make_controller(load_junction(number));
    sim::Settings settings;
    cabinet_.id = ControllerId("c" + std::to_string(number));
    cabinet_.intersections.push_back({1, std::move(*controller), {}});
    site_.emplace(cabinet_, load_settings(number), domain());
  }

  void connect() {
    if (up_) return;
    ++generation_;
    socket_ = tcp::socket(socket_.get_executor());
    socket_.async_connect({asio::ip::address_v4::loopback(), port_},
                          [self = shared_from_this(), mine = generation_](error_code ec) {
                            if (mine != self->generation_) return;
                            ec ? self->connect() : self->on_up();
                          });
  }
  void drop() {
    if (!up_) return;
    up_ = writing_ = false;
    ++generation_;
    error_code ignored;
    socket_.close(ignored);
    unsent_.clear();
    sent_.clear();
    site_->disconnected();
  }
  void tick() {
    sim::tick(cabinet_, domain());
    site_->tick({mono(), domain()});
    flush();
  }
  void timer() {
    if (!up_) return;
    site_->timer({mono(), domain()});
    flush();
  }
  // The clock of a site that is behind comes nearer to ours.
  void live(Duration by) { behind_ = behind_ - by; }
  [[nodiscard]] std::size_t unacknowledged() const { return sent_.size(); }
  [[nodiscard]] bool established() const { return up_ && site_->established(); }

 private:
  [[nodiscard]] UtcTime domain() const { return utc() - behind_; }
  void on_up() {
    up_ = true;
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    site_->connected({mono(), domain()});
    flush();
    receive();
  }
  void receive() {
    socket_.async_read_some(asio::buffer(inbox_), [self = shared_from_this(), mine = generation_](
                                                      error_code ec, std::size_t n) {
      if (mine != self->generation_) return;
      if (ec) {
        self->drop();
        return self->connect();
      }
      const std::string_view bytes{self->inbox_.data(), n};
      self->look_for_acks(bytes);
      self->site_->bytes(bytes, {mono(), self->domain()});
      self->flush();
      if (self->up_) self->receive();
    });
  }
  void look_for_acks(std::string_view bytes) {
    carry_.append(bytes);
    std::size_t begin = 0;
    for (auto end = carry_.find('\f'); end != std::string::npos; end = carry_.find('\f', begin)) {
      const auto id = id_in(std::string_view(carry_).substr(begin, end - begin), "\"oMId\":\"");
      begin = end + 1;
      const auto at = sent_.find(id);
      if (at == sent_.end()) continue;
      ++acks_.count;
      if (acks_.keep) acks_.ms.push_back(1000 * since(at->second));
      sent_.erase(at);
    }
    carry_.erase(0, begin);
  }
  static std::string id_in(std::string_view frame, std::string_view key) {
    const auto at = frame.find(key);
    if (at == std::string_view::npos) return "";
    const auto from = at + key.size();
    return std::string(frame.substr(from, frame.find('"', from) - from));
  }
  void flush() {
    auto fresh = site_->take_output();
    if (!up_) return;
    const auto now = Wall::now();
    std::size_t begin = 0;
    for (auto end = fresh.find('\f'); end != std::string::npos; end = fresh.find('\f', begin)) {
      const auto frame = std::string_view(fresh).substr(begin, end - begin);
      begin = end + 1;
      if (frame.find("\"oMId\"") != std::string_view::npos) continue;
      if (auto id = id_in(frame, "\"mId\":\""); !id.empty()) sent_[std::move(id)] = now;
    }
    unsent_ += fresh;
    if (writing_ || unsent_.empty()) return;
    writing_ = true;
    sending_ = std::exchange(unsent_, {});
    asio::async_write(socket_, asio::buffer(sending_),
                      [self = shared_from_this(), mine = generation_](error_code ec, std::size_t) {
                        if (mine != self->generation_) return;
                        self->writing_ = false;
                        if (ec) {
                          self->drop();
                          return self->connect();
                        }
                        self->flush();
                      });
  }

  std::uint16_t port_;
  Duration behind_;
  AckTimes& acks_;
  tcp::socket socket_;
  sim::Cabinet cabinet_;
  std::optional<sim::Site> site_;
  std::array<char, 65536> inbox_{};
  std::string unsent_, sending_, carry_;
  std::map<std::string, Wall::time_point> sent_;
  std::uint64_t generation_ = 0;
  bool up_ = false;
  bool writing_ = false;
};

class Load {
 public:
  Load(const LoadOptions& options, int in, int out) : out_(out), orders_(io_, in), beat_(io_) {
    const auto behind = from_seconds(static_cast<double>(options.behind));
    for (std::size_t i = 0; i < options.sites; ++i) {
      lines_.push_back(std::make_shared<Line>(io_, options.port, options.first + i, behind, acks_));
    }
  }
  void run() {
    for (auto& l : lines_) l->connect();
    next_ = Wall::now();
    read();
    beat();
    io_.run();
  }

 private:
  // Sites tick one after the other, spread over the second, or all in the same instant.
  void beat() {
    beat_.expires_at(next_);
    beat_.async_wait([this](error_code) {
      const auto count = static_cast<std::int64_t>(lines_.size());
      const std::int64_t now = together_ ? count : 1;
      for (std::int64_t i = 0; i < now; ++i) {
        auto& line = *lines_[turn_++ % lines_.size()];
        if (ticking_) line.tick();
        line.timer();
      }
      next_ += std::chrono::microseconds(1'000'000 * now / count);
      beat();
    });
  }
  void read() {
    asio::async_read_until(orders_, text_, '\n', [this](error_code ec, std::size_t) {
      if (ec) return io_.stop();
      std::istream stream(&text_);
      std::string line;
      std::getline(stream, line);
      obey(line);
    });
  }
  void say(const std::string& line) {
    const auto text = line + "\n";
    if (::write(out_, text.data(), text.size()) < 0) io_.stop();
    read();
  }
  void obey(const std::string& line) {
    const double n =
        line.find(' ') == std::string::npos ? 0 : std::stod(line.substr(line.find(' ')));
    if (line.starts_with("measure")) {
      together_ = line.starts_with("measure_together");
      return measure(n);
    }
    if (line.starts_with("flood")) return flood(n);
    if (line == "drop") return drop();
    if (line.starts_with("buffer")) return buffer(n);
    io_.stop();
  }
  void measure(double seconds) {
    acks_ = {true, {}, 0};
    after(seconds, [this] {
      acks_.keep = together_ = false;
      const double p99 = acks_.ms.empty() ? 0 : percentile(acks_.ms, 0.99);
      say("acks " + std::to_string(acks_.ms.size()) + " " + std::to_string(p99));
    });
  }
  void flood(double seconds) {
    ticking_ = false;
    acks_ = {};
    flood_began_ = Wall::now();
    flood_for_ = seconds;
    pour();
  }
  void pour() {
    const double t = since(flood_began_);
    if (t >= flood_for_) {
      ticking_ = true;
      return say("flood " + std::to_string(static_cast<double>(acks_.count) / t));
    }
    std::size_t open = 0;
    for (const auto& l : lines_) open += l->unacknowledged();
    if (open < 4 * lines_.size()) {
      for (auto& l : lines_) {
        l->live(from_seconds(-1));  // its clock goes on although ours did not
        l->tick();
      }
    }
    asio::post(io_, [this] { pour(); });
  }
  void drop() {
    for (auto& l : lines_) l->drop();
    for (auto& l : lines_) l->connect();
    say("dropped");
  }
  void buffer(double seconds) {
    auto& first = *lines_.front();
    first.drop();
    for (double i = 0; i < seconds; ++i) {
      first.live(from_seconds(1));
      first.tick();
    }
    first.connect();
    wait_for_establishment();
  }
  void wait_for_establishment() {
    if (!lines_.front()->established()) {
      return after(0.001, [this] { wait_for_establishment(); });
    }
    flush_began_ = Wall::now();
    flushing_ = lines_.front()->unacknowledged();
    wait_for_flush();
  }
  void wait_for_flush() {
    if (lines_.front()->unacknowledged() > 20) return after(0.001, [this] { wait_for_flush(); });
    say("flushed " + std::to_string(flushing_) + " " + std::to_string(since(flush_began_)));
  }
  template <class Fn>
  void after(double seconds, Fn fn) {
    auto timer = std::make_shared<asio::steady_timer>(
        io_, std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6)));
    timer->async_wait([timer, fn](error_code ec) {
      if (!ec) fn();
    });
  }

  int out_;
  asio::io_context io_;
  asio::posix::stream_descriptor orders_;
  asio::steady_timer beat_;
  asio::streambuf text_;
  AckTimes acks_;
  std::vector<std::shared_ptr<Line>> lines_;
  Wall::time_point next_;
  std::size_t turn_ = 0;
  bool together_ = false;
  bool ticking_ = true;
  Wall::time_point flood_began_;
  double flood_for_ = 0;
  Wall::time_point flush_began_;
  std::size_t flushing_ = 0;
};

}  // namespace

void run_load(const LoadOptions& options, int in, int out) {
  Load(options, in, out).run();
}

}  // namespace dispecer::bench
