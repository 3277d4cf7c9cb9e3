#include "sim/devices/police_receiver/police_receiver.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace dispecer::sim {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(std::string_view(v->get_string())) : "";
}

// What a patrol reports; most vehicles are gone when it comes.
constexpr std::array<const char*, 4> kOutcomes{"vehicle gone", "driver warned", "fined",
                                               "right shown on the spot"};

}  // namespace

Result<std::unique_ptr<PoliceReceiverDevice>> PoliceReceiverDevice::make(
    const DeviceContext& context) {
  std::unique_ptr<PoliceReceiverDevice> device(new PoliceReceiverDevice);
  device->io_ = context.io;
  device->seed_ = context.seed;
  device->file_ = context.run_dir + "/police_received.jsonl";
  device->ca_file_ = context.run_dir + "/police_ca.pem";
  if (context.rows.empty()) return device;
  const auto& row = context.rows.front();
  device->row_ = row.id;
  device->token_ = context.secret ? context.secret(row.secret) : "";
  if (device->token_.empty()) device->token_ = "simulated";
  const auto tls = row.settings.find("tls");
  const bool plain = tls != row.settings.end() && tls->second == "off";
  if (plain) device->ca_file_.clear();
  if (const auto it = row.settings.find("outcome_s"); it != row.settings.end()) {
    const auto* end = it->second.data() + it->second.size();
    const auto parsed = std::from_chars(it->second.data(), end, device->outcome_s_);
    if (parsed.ec != std::errc{} || parsed.ptr != end || device->outcome_s_ < 0)
      return Error{"bad_setting", "outcome_s is a number, 0 or more", row.id};
  }
  auto rest = row.address;
  if (const auto scheme = rest.find("://"); scheme != std::string::npos)
    rest = rest.substr(scheme + 3);
  if (rest.find('/') == std::string::npos) rest += "/leads";
  device->url_ = (plain ? "ws://" : "wss://") + rest;
  std::ifstream in(device->file_);
  for (std::string line; std::getline(in, line);) {
    json::error_code ec;
    const auto root = json::parse(line, ec);
    if (!ec && root.is_object()) device->known_.insert(text_at(root.get_object(), "lead"));
  }
  return device;
}

PoliceReceiverDevice::~PoliceReceiverDevice() = default;

void PoliceReceiverDevice::connect() {
  if (url_.empty() || faults_.contains("dead")) return;
  // The centre shows its authority when it is up; before that there is nobody to call.
  if (!ca_file_.empty() && !std::filesystem::exists(ca_file_)) return;
  http::WebSocketClientOptions options;
  options.headers = {{"Authorization", "Bearer " + token_}};
  options.tls.ca_file = ca_file_;
  options.max_retry = std::chrono::seconds(2);
  socket_ = std::make_unique<http::WebSocketClient>(
      *io_, url_, options,
      http::WebSocketClient::Events{
          [] {}, [this](const std::string& text) { receive(text); },
          [this](const Error& why) { ++counters_["police_receiver.down." + why.cause]; }});
  socket_->start();
}

// One line of the file, on disk before anybody hears that we have it.
bool PoliceReceiverDevice::keep(const std::string& lead) {
  const int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  const auto line = json::serialize(json::object{{"lead", lead}, {"time", to_iso(now_)}}) + "\n";
  const bool good = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                    ::fdatasync(fd) == 0;
  ::close(fd);
  return good;
}

bool PoliceReceiverDevice::send(const std::string& lead, const std::string& subject,
                                const char* kind, const std::string& text) {
  if (faults_.contains("mute")) return false;
  return socket_ && socket_->send(json::serialize(json::object{{"type", "receipt"},
                                                               {"lead", lead},
                                                               {"case", subject},
                                                               {"kind", kind},
                                                               {"receiver", row_},
                                                               {"time", to_iso(now_)},
                                                               {"text", text}}));
}

void PoliceReceiverDevice::receive(const std::string& text) {
  json::error_code ec;
  const auto root = json::parse(text, ec);
  const auto* lead = !ec && root.is_object() ? root.get_object().if_contains("lead") : nullptr;
  const auto* subject =
      lead != nullptr && lead->is_object() ? lead->get_object().if_contains("subject") : nullptr;
  if (subject == nullptr || !subject->is_object()) {
    ++counters_["police_receiver.bad"];
    return;
  }
  const auto id = text_at(lead->get_object(), "id");
  const auto case_id = text_at(subject->get_object(), "id");
  if (id.empty() || case_id.empty()) {
    ++counters_["police_receiver.bad"];
    return;
  }
  if (known_.contains(id)) {
    ++counters_["police_receiver.repeats"];
  } else {
    if (!keep(id)) return;
    known_.insert(id);
    ++counters_["police_receiver.leads"];
    patrols_[id] = {case_id, now_ + from_seconds(outcome_s_)};
  }
  send(id, case_id, "received", "");
}

void PoliceReceiverDevice::tick(const StreetView&, UtcTime now) {
  now_ = now;
  if (!socket_) connect();
  for (auto it = patrols_.begin(); it != patrols_.end();) {
    const auto pick = static_cast<std::size_t>(chance(it->first, seed_) * kOutcomes.size());
    if (now >= it->second.answers &&
        send(it->first, it->second.subject, "outcome", kOutcomes[pick])) {
      ++counters_["police_receiver.outcomes"];
      it = patrols_.erase(it);
    } else {
      ++it;
    }
  }
}

bool PoliceReceiverDevice::set_fault(std::string_view row, std::string_view name, bool on) {
  if (!row.empty() && row != row_) return false;
  if (name != "dead" && name != "mute" && name != "forgetful") return false;
  if (on) {
    faults_.emplace(name);
  } else {
    faults_.erase(std::string(name));
  }
  if (name == "dead" && on) socket_.reset();
  if (name == "forgetful" && on) known_.clear();
  return true;
}

bool PoliceReceiverDevice::connected() const {
  return socket_ && socket_->open();
}

}  // namespace dispecer::sim
