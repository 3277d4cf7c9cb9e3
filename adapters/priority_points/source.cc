#include "adapters/priority_points/source.h"

#include "adapters/http/device_poll.h"

namespace dispecer::priority_points {

Result<std::unique_ptr<Source>> Source::make(boost::asio::io_context& io,
                                             const city::DeviceRow& row, const std::string& secret,
                                             const city::City& city, const Listen& at,
                                             Surroundings around) {
  std::unique_ptr<Source> out(new Source);
  auto* self = out.get();
  out->around_ = std::move(around);
  if (row.protocol == "r09") {
    auto telegrams = Telegrams::make(row, city);
    if (!telegrams) return telegrams.error();
    out->telegrams_ = std::make_unique<Telegrams>(std::move(*telegrams));
    auto radio = Radio::listen(
        io, at.host, at.port, http::setting(row, "sender"), [self](std::string_view bytes) {
          const auto point = self->telegrams_->take(bytes, self->around_.now());
          if (point) self->around_.publish(*point);
        });
    if (!radio) return radio.error();
    out->radio_ = std::move(*radio);
    return out;
  }
  if (row.protocol != "http_json") {
    return Error{"unknown_protocol", "found '" + row.protocol + "', expected r09 or http_json",
                 "protocol"};
  }
  const bool ours = row.street == city::StreetKind::simulated && at.loopback;
  if (secret.empty() && !ours) {
    return Error{"secret_required", "another supervisor needs a secret", "secret"};
  }
  out->supervisor_ = std::make_unique<Supervisor>(
      row, secret, city, [self](const PriorityPoint& p) { self->around_.publish(p); });
  http::ServerOptions options;
  options.address = at.host;
  options.port = at.port;
  options.tls = at.tls;
  auto server = http::Server::listen(io, options, [self](const http::Request& r) {
    return self->supervisor_->handle(r, self->around_.now());
  });
  if (!server) return server.error();
  out->server_ = std::move(*server);
  return out;
}

std::uint16_t Source::port() const {
  return radio_ ? radio_->port() : server_->port();
}

std::map<std::string, std::uint64_t> Source::counters() const {
  if (supervisor_) return supervisor_->counters();
  auto out = telegrams_->counters();
  if (radio_->strangers() > 0) out["points.strangers"] = radio_->strangers();
  return out;
}

}  // namespace dispecer::priority_points
