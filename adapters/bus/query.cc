#include "adapters/bus/query.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <zmq.hpp>
#include <zmq_addon.hpp>

namespace dispecer::bus {
namespace {
constexpr int kHighWater = 1000;
constexpr auto kSweep = std::chrono::milliseconds(20);
}  // namespace

struct Query::State {
  // A socket and its place in the io_context; ZeroMQ owns the descriptor.
  struct Port {
    zmq::socket_t socket;
    boost::asio::posix::stream_descriptor readable;
    Port(zmq::context_t& c, zmq::socket_type type, boost::asio::io_context& io)
        : socket(c, type), readable(io) {
      socket.set(zmq::sockopt::linger, 0);
      socket.set(zmq::sockopt::sndhwm, kHighWater);
      socket.set(zmq::sockopt::rcvhwm, kHighWater);
    }
    ~Port() { readable.release(); }
  };
  struct Pending {
    Callback callback;
    std::chrono::steady_clock::time_point deadline;
  };

  boost::asio::io_context& io;
  std::string folder;
  zmq::context_t context{1};
  Port server;
  std::map<std::string, std::unique_ptr<Port>> clients;
  std::map<std::string, Answerer> answerers;
  std::map<std::uint64_t, Pending> pending;
  std::uint64_t next = 1;
  boost::asio::steady_timer sweep;

  State(boost::asio::io_context& i, std::string f)
      : io(i), folder(std::move(f)), server(context, zmq::socket_type::router, i), sweep(i) {}

  void watch(Port& port, std::function<void()> drain) {
    port.readable.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                             [this, &port, drain](const auto& e) {
                               if (e) return;
                               drain();
                               watch(port, drain);
                             });
  }

  void serve() {
    for (std::vector<zmq::message_t> parts;; parts.clear()) {
      if (!zmq::recv_multipart(server.socket, std::back_inserter(parts), zmq::recv_flags::dontwait))
        return;
      if (parts.size() != 4) continue;
      const auto it = answerers.find(parts[2].to_string());
      const Result<std::string> answer =
          it == answerers.end()
              ? Result<std::string>(Error{"no_such_query", parts[2].to_string(), ""})
              : it->second(parts[3].to_string());
      const std::string status = answer ? "" : answer.error().cause;
      const std::string body = answer ? *answer : answer.error().message();
      std::array<zmq::const_buffer, 4> reply{zmq::const_buffer(parts[0].data(), parts[0].size()),
                                             zmq::const_buffer(parts[1].data(), parts[1].size()),
                                             zmq::buffer(status), zmq::buffer(body)};
      (void)zmq::send_multipart(server.socket, reply, zmq::send_flags::dontwait);
    }
  }

  void collect(Port& port) {
    for (std::vector<zmq::message_t> parts;; parts.clear()) {
      if (!zmq::recv_multipart(port.socket, std::back_inserter(parts), zmq::recv_flags::dontwait))
        return;
      if (parts.size() != 3 || parts[0].size() != sizeof(std::uint64_t)) continue;
      const auto it = pending.find(*parts[0].data<std::uint64_t>());
      if (it == pending.end()) continue;
      const auto callback = std::move(it->second.callback);
      pending.erase(it);
      const auto status = parts[1].to_string();
      callback(status.empty() ? Result<std::string>(parts[2].to_string())
                              : Result<std::string>(Error{status, parts[2].to_string(), ""}));
    }
  }

  void sweep_later() {
    sweep.expires_after(kSweep);
    sweep.async_wait([this](const auto& e) {
      if (e) return;
      serve();
      for (auto& [name, port] : clients) collect(*port);
      const auto moment = std::chrono::steady_clock::now();
      std::vector<Callback> late;
      for (auto it = pending.begin(); it != pending.end();) {
        if (it->second.deadline > moment) {
          ++it;
          continue;
        }
        late.push_back(std::move(it->second.callback));
        it = pending.erase(it);
      }
      for (const auto& callback : late) callback(Error{"no_answer", "the deadline passed", ""});
      sweep_later();
    });
  }
};

Query::Query(boost::asio::io_context& io, std::string folder, std::string process)
    : state_(std::make_unique<State>(io, std::move(folder))) {
  state_->server.socket.bind("ipc://" + state_->folder + "/" + process + ".query");
  state_->server.readable.assign(state_->server.socket.get(zmq::sockopt::fd));
  state_->watch(state_->server, [s = state_.get()] { s->serve(); });
  state_->sweep_later();
}

Query::~Query() = default;

void Query::answer(const std::string& name, Answerer answerer) {
  state_->answerers[name] = std::move(answerer);
}

void Query::ask(const std::string& process, const std::string& name, const std::string& question,
                std::chrono::milliseconds deadline, Callback callback) {
  auto& port = state_->clients[process];
  if (!port) {
    port = std::make_unique<State::Port>(state_->context, zmq::socket_type::dealer, state_->io);
    port->socket.connect("ipc://" + state_->folder + "/" + process + ".query");
    port->readable.assign(port->socket.get(zmq::sockopt::fd));
    state_->watch(*port, [s = state_.get(), p = port.get()] { s->collect(*p); });
  }
  const std::uint64_t id = state_->next++;
  state_->pending[id] = {std::move(callback), std::chrono::steady_clock::now() + deadline};
  std::array<zmq::const_buffer, 3> parts{zmq::buffer(&id, sizeof id), zmq::buffer(name),
                                         zmq::buffer(question)};
  (void)zmq::send_multipart(port->socket, parts, zmq::send_flags::dontwait);
}

}  // namespace dispecer::bus
