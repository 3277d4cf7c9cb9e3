#include "adapters/app/desks.h"

#include <algorithm>
#include <cstdlib>

namespace dispecer {

Desks::Desks(process::Shell& shell) : shell_(shell) {
  for (const auto& row : shell_.city().devices) {
    const bool ours = row.kind == "dispatch" || row.kind == "station_button";
    if (ours && row.street != city::StreetKind::off) add(row);
  }
}

void Desks::bad_row(const city::DeviceRow& row, const std::string& text) {
  alarms_.push_back(
      {"bad_device_row", row.id, AlarmPriority::medium, true, {}, "devices.toml: " + text});
}

void Desks::add(const city::DeviceRow& row) {
  auto endpoint = parse_endpoint(shell_.resolve(row.address));
  if (!endpoint) return bad_row(row, endpoint.error().what);
  const auto& known = shell_.city().emergency.desks;
  const auto right = std::find_if(known.begin(), known.end(),
                                  [&](const EmergencyDesk& d) { return d.id.str() == row.id; });
  if (right == known.end()) return bad_row(row, "no desk of this id in emergency.toml");
  dispatch::Desk desk;
  desk.id = right->id;
  desk.token = shell_.secret(row.secret);
  desk.button = row.kind == "station_button";
  desk.kind = right->kinds.front();
  if (desk.button && right->route.empty()) return bad_row(row, "a button needs a route");
  if (const auto minutes = row.settings.find("minutes"); minutes != row.settings.end()) {
    desk.minutes = std::clamp(std::atof(minutes->second.c_str()), 1.0, 120.0);
  }
  if (desk.token.empty()) {
    if (!may_be_open(row, *endpoint)) return bad_row(row, "a desk needs a secret");
    desk.open = true;
  }
  endpoint->path.clear();
  sites_[*endpoint].push_back(std::move(desk));
}

Result<> Desks::listen() {
  if (sites_.empty()) return Ok{};
  for (const auto& [endpoint, desks] : sites_) {
    receivers_.push_back(std::make_unique<dispatch::Receiver>(desks, [this](const Intent& intent) {
      return shell_.durable_publish<stream::Intents>(intent.id.str(), intent);
    }));
    auto* receiver = receivers_.back().get();
    auto server = listen_at(shell_, endpoint, [this, receiver](const http::Request& request) {
      if (shell_.now() == UtcTime{}) return http::refuse(503, "no domain time yet");
      return receiver->handle(request, shell_.now(), shell_.epoch());
    });
    if (!server) return server.error();
    servers_.push_back(std::move(*server));
  }
  shell_.on_durable<stream::IntentResults>([this](const IntentResult& result) {
    for (const auto& receiver : receivers_) receiver->result(result);
    return true;
  });
  return Ok{};
}

std::map<std::string, std::uint64_t> Desks::counters() const {
  std::map<std::string, std::uint64_t> sum;
  for (const auto& receiver : receivers_) {
    for (const auto& [name, n] : receiver->counters()) sum[name] += n;
  }
  return sum;
}

}  // namespace dispecer
