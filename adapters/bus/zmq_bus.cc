#include "adapters/bus/zmq_bus.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <zmq.hpp>
#include <zmq_addon.hpp>

namespace dispecer::bus {
namespace {

constexpr int kHighWater = 20000;  // messages a socket keeps before it drops
constexpr std::size_t kMaxBatch = 4096;

std::string topic_prefix(std::uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16),
          static_cast<char>(number >> 8), static_cast<char>(number)};
}

}  // namespace

struct ZmqBus::Sockets {
  zmq::context_t context{1};
  zmq::socket_t pub{context, zmq::socket_type::pub};
  zmq::socket_t sub{context, zmq::socket_type::sub};
  boost::asio::posix::stream_descriptor readable;
  std::string folder;

  Sockets(boost::asio::io_context& io, std::string f) : readable(io), folder(std::move(f)) {}
};

ZmqBus::ZmqBus(boost::asio::io_context& io, std::string folder, std::string process)
    : sockets_(std::make_unique<Sockets>(io, std::move(folder))) {
  ::mkdir(sockets_->folder.c_str(), 0700);
  for (auto* socket : {&sockets_->pub, &sockets_->sub}) {
    socket->set(zmq::sockopt::linger, 0);
    socket->set(zmq::sockopt::sndhwm, kHighWater);
    socket->set(zmq::sockopt::rcvhwm, kHighWater);
    socket->set(zmq::sockopt::reconnect_ivl, 50);
    socket->set(zmq::sockopt::reconnect_ivl_max, 500);
  }
  try {
    sockets_->pub.bind("ipc://" + sockets_->folder + "/" + process + ".pub");
  } catch (const zmq::error_t& e) {
    throw std::runtime_error("bus: cannot bind " + sockets_->folder + "/" + process +
                             ".pub: " + e.what());
  }
  sockets_->readable.assign(sockets_->sub.get(zmq::sockopt::fd));
  wait();
}

ZmqBus::~ZmqBus() {
  // ZeroMQ owns the descriptor: give it back unclosed.
  sockets_->readable.release();
}

void ZmqBus::send(const Topic& topic, const Message& message) {
  const std::string prefix = topic_prefix(topic.number);
  std::array<zmq::const_buffer, 4> parts{zmq::buffer(prefix), zmq::buffer(message.raw_envelope),
                                         zmq::buffer(message.payload), zmq::buffer(message.seal)};
  const auto sent = zmq::send_multipart(sockets_->pub, parts, zmq::send_flags::dontwait);
  ++counters_[(sent ? "bus.sent." : "bus.send_dropped.") + std::string(topic.name)];
}

void ZmqBus::subscribe(const Topic& topic, Handler handler) {
  handlers_[topic.number].push_back(std::move(handler));
  sockets_->sub.set(zmq::sockopt::subscribe, topic_prefix(topic.number));
  std::string_view writers = topic.writer;
  while (!writers.empty() && writers != "*") {
    const auto bar = writers.find('|');
    connect_to(std::string(writers.substr(0, bar)));
    writers = bar == std::string_view::npos ? std::string_view{} : writers.substr(bar + 1);
  }
}

void ZmqBus::connect_to(const std::string& process) {
  if (connected_.insert(process).second)
    sockets_->sub.connect("ipc://" + sockets_->folder + "/" + process + ".pub");
}

void ZmqBus::wait() {
  sockets_->readable.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                                [this](const auto& error) {
                                  if (error) return;
                                  drain();
                                  wait();
                                });
}

void ZmqBus::drain() {
  // The descriptor is edge triggered: read until nothing is left.
  while (true) {
    std::vector<std::pair<const Topic*, Message>> batch;
    std::map<std::uint32_t, std::size_t> per_topic;
    for (std::vector<zmq::message_t> parts; batch.size() < kMaxBatch; parts.clear()) {
      if (!zmq::recv_multipart(sockets_->sub, std::back_inserter(parts), zmq::recv_flags::dontwait))
        break;
      if (parts.size() != 4) {
        ++counters_["bus.bad_parts"];
        continue;
      }
      Message message{{}, parts[1].to_string(), parts[2].to_string(), parts[3].to_string()};
      auto envelope = decode<Envelope>(message.raw_envelope);
      const Topic* topic = envelope ? find_topic(envelope->topic) : nullptr;
      if (topic == nullptr || parts[0].to_string_view() != topic_prefix(topic->number)) {
        ++counters_["bus.bad_envelope"];
        continue;
      }
      message.envelope = std::move(*envelope);
      auto& last = last_sequence_[{message.envelope.source, topic->number}];
      if (last.first == message.envelope.boot && last.second != 0 &&
          message.envelope.sequence > last.second + 1) {
        counters_["bus.gap." + std::string(topic->name)] +=
            message.envelope.sequence - last.second - 1;
      }
      last = {message.envelope.boot, message.envelope.sequence};
      ++per_topic[topic->number];
      batch.emplace_back(topic, std::move(message));
    }
    if (batch.empty()) return;
    for (const auto& [topic, message] : batch) {
      const std::size_t room = std::max<std::size_t>(1, topic->depth);
      if (per_topic[topic->number] > room) {
        --per_topic[topic->number];
        ++counters_["bus.dropped." + std::string(topic->name)];
        continue;
      }
      for (const auto& handler : handlers_[topic->number]) handler(message);
    }
  }
}

}  // namespace dispecer::bus
