// ZeroMQ PUB/SUB between the processes of one world. Each process binds one publisher in the run
// folder (mode 0700) and connects to the writers of what it reads; bounded, newest wins, never
// blocks. Runs on the process's io_context thread.
#pragma once

#include <memory>
#include <string>

#include "adapters/bus/bus.h"

namespace boost::asio {
class io_context;
}

namespace dispecer::bus {

class ZmqBus : public Bus {
 public:
  // `folder` holds the sockets ("<folder>/<process>.pub"). Throws std::runtime_error when the
  // publisher cannot bind.
  ZmqBus(boost::asio::io_context& io, std::string folder, std::string process);
  ~ZmqBus() override;

  void send(const Topic& topic, const Message& message) override;
  // `writers` of a topic "*" must be named by connect_to.
  void subscribe(const Topic& topic, Handler handler) override;
  void connect_to(const std::string& process);
  // Reads what has arrived; called by itself when the socket is readable.
  void drain();

 private:
  struct Sockets;
  void wait();
  std::unique_ptr<Sockets> sockets_;
  std::map<std::uint32_t, std::vector<Handler>> handlers_;
  std::set<std::string> connected_;
  std::map<std::pair<std::string, std::uint32_t>, std::pair<std::uint32_t, std::uint64_t>>
      last_sequence_;
};

}  // namespace dispecer::bus
