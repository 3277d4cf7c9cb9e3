// The local police of the simulated city: subscribes to leads by WebSocket, keeps each id once,
// acknowledges, and answers later what came of it. Speaks the dialect of adapters/police/message.h.
// What was received stands in <run_dir>/police_received.jsonl, by id only; a receiver that starts
// again goes on from that file.
//
// TLS by the authority in <run_dir>/police_ca.pem, unless the row's setting tls is "off".
// Settings: outcome_s (90): how long the patrol takes.
// Faults: dead (not connected), mute (takes leads, says nothing), forgetful (loses its memory of
// ids when switched on: a repeat would be in effect twice).
#pragma once

#include <memory>
#include <set>

#include "adapters/http/websocket_client.h"
#include "sim/devices/device.h"

namespace dispecer::sim {

class PoliceReceiverDevice final : public Device {
 public:
  // Error: bad_setting.
  static Result<std::unique_ptr<PoliceReceiverDevice>> make(const DeviceContext& context);
  ~PoliceReceiverDevice() override;

  void tick(const StreetView& view, UtcTime now) override;
  bool set_fault(std::string_view row, std::string_view name, bool on) override;
  // police_receiver.leads (in effect), .repeats, .bad, .outcomes, .down.<cause>
  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const override { return counters_; }
  [[nodiscard]] bool connected() const;

 private:
  struct Patrol {
    std::string subject;  // the case
    UtcTime answers;
  };
  PoliceReceiverDevice() = default;
  void connect();
  void receive(const std::string& text);
  bool keep(const std::string& lead);
  bool send(const std::string& lead, const std::string& subject, const char* kind,
            const std::string& text);

  boost::asio::io_context* io_ = nullptr;
  std::string row_;
  std::string url_;
  std::string token_;
  std::string ca_file_;
  std::string file_;
  std::uint64_t seed_ = 1;
  double outcome_s_ = 90;
  UtcTime now_;
  std::set<std::string> known_;
  std::map<std::string, Patrol> patrols_;  // by lead
  std::set<std::string, std::less<>> faults_;
  std::map<std::string, std::uint64_t> counters_;
  std::unique_ptr<http::WebSocketClient> socket_;
};

}  // namespace dispecer::sim
