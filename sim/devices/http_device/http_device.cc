#include "sim/devices/http_device/http_device.h"

#include <cmath>
#include <numbers>

namespace dispecer::sim {

Result<Endpoint> endpoint_of(const std::string& address) {
  const auto bad = Error{"bad_address", "expected host:port or a URL, found '" + address + "'", ""};
  std::string rest = address;
  if (const auto scheme = rest.find("://"); scheme != std::string::npos)
    rest = rest.substr(scheme + 3);
  rest = rest.substr(0, rest.find('/'));
  const auto colon = rest.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 >= rest.size()) return bad;
  unsigned port = 0;
  for (const char c : rest.substr(colon + 1)) {
    if (c < '0' || c > '9' || port > 65535) return bad;
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  if (port > 65535) return bad;
  std::string host = rest.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  return Endpoint{host, static_cast<std::uint16_t>(port)};
}

HttpDevice::HttpDevice(const DeviceContext& context, Handler handler)
    : io_(*context.io), handler_(std::move(handler)), seed_(context.seed), rows_(context.rows) {}

Result<std::unique_ptr<HttpDevice>> HttpDevice::open(const DeviceContext& context,
                                                     Handler handler) {
  std::unique_ptr<HttpDevice> device(new HttpDevice(context, std::move(handler)));
  for (const auto& row : device->rows_) {
    auto endpoint = endpoint_of(row.address);
    if (!endpoint) return Error{endpoint.error().cause, endpoint.error().what, row.id};
    auto& site = device->sites_[*endpoint];
    site.wanted = *endpoint;
  }
  for (auto& [endpoint, site] : device->sites_) {
    if (auto listening = device->listen(site); !listening) return listening.error();
  }
  return device;
}

Result<> HttpDevice::listen(Site& site) {
  http::ServerOptions options;
  options.address = site.wanted.host;
  // A port that was given once is kept, so that a device comes back where it was.
  options.port = site.port != 0 ? site.port : site.wanted.port;
  auto server = http::Server::listen_later(
      io_, options, [this, &site](const http::Request& request, http::Server::Answer reply) {
        answer(site, request, reply);
      });
  if (!server) return server.error();
  site.server = std::move(*server);
  site.port = site.server->port();
  return Ok{};
}

void HttpDevice::answer(Site& site, const http::Request& request,
                        const http::Server::Answer& reply) {
  ++answers_;
  if (site.faults.contains("lost_link")) return;
  if (site.faults.contains("hang_up")) return reply({0, {}, "", {}});
  if (site.faults.contains("garbage")) {
    std::string noise;
    for (int i = 0; i < 400; ++i)
      noise += static_cast<char>(
          256 * chance("noise " + std::to_string(answers_) + " " + std::to_string(i), seed_));
    return reply(http::reply(std::move(noise), "application/octet-stream"));
  }
  reply(handler_(request, site.wanted));
}

bool HttpDevice::knows(std::string_view fault) {
  return fault == "dead" || fault == "lost_link" || fault == "garbage" || fault == "hang_up";
}

bool HttpDevice::set_fault(std::string_view row, std::string_view name, bool on) {
  if (!knows(name)) return false;
  bool found = false;
  for (const auto& r : rows_) {
    if (!row.empty() && r.id != row) continue;
    found = true;
    auto& site = sites_.at(*endpoint_of(r.address));
    if (on) {
      site.faults.emplace(name);
    } else if (const auto at = site.faults.find(name); at != site.faults.end()) {
      site.faults.erase(at);
    }
    if (name != "dead") continue;
    if (on && site.server) {
      for (const auto& [cause, n] : site.server->counters()) site.past[cause] += n;
      site.server.reset();
    } else if (!on && !site.server) {
      found = listen(site).ok();
    }
  }
  return found;
}

std::vector<city::DeviceRow> HttpDevice::rows_at(const Endpoint& endpoint) const {
  std::vector<city::DeviceRow> result;
  for (const auto& row : rows_) {
    if (*endpoint_of(row.address) == endpoint) result.push_back(row);
  }
  return result;
}

std::uint16_t HttpDevice::port_of(std::string_view row) const {
  for (const auto& r : rows_) {
    if (r.id != row) continue;
    const auto& site = sites_.at(*endpoint_of(r.address));
    return site.server ? site.port : std::uint16_t{0};
  }
  return 0;
}

std::map<std::string, std::uint64_t> HttpDevice::counters() const {
  std::map<std::string, std::uint64_t> all;
  for (const auto& [endpoint, site] : sites_) {
    for (const auto& [cause, n] : site.past) all["http." + cause] += n;
    if (!site.server) continue;
    for (const auto& [cause, n] : site.server->counters()) all["http." + cause] += n;
  }
  return all;
}

http::Response versioned(const http::Request& request, std::string body, std::string content_type) {
  const std::string quoted = "\"" + std::to_string(std::hash<std::string>{}(body)) + "\"";
  http::Response response;
  if (http::find_header(request.headers, "If-None-Match") == quoted) {
    response.status = 304;
  } else {
    response = http::reply(std::move(body), std::move(content_type));
  }
  response.headers.push_back({"ETag", quoted});
  return response;
}

double gauss(const std::string& text, std::uint64_t seed) {
  // Box and Muller (1958).
  const double u = 1.0 - chance(text + "/u", seed);
  const double v = chance(text + "/v", seed);
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

}  // namespace dispecer::sim
