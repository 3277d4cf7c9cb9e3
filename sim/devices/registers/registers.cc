#include "sim/devices/registers/registers.h"

#include <boost/json.hpp>

namespace dispecer::sim {
namespace {

namespace json = boost::json;

constexpr double kRenewEvery = 60;  // s
constexpr Duration kPaymentsKept = std::chrono::hours(24);
constexpr Duration kClockFault = std::chrono::hours(1);
constexpr std::size_t kMostPlates = 500;

std::optional<UtcTime> time_at(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr || !v->is_string()) return std::nullopt;
  const auto t = parse_iso(std::string_view(v->get_string()));
  return t ? std::optional<UtcTime>(*t) : std::nullopt;
}

bool always_exempt(PermitKind kind) {
  return kind == PermitKind::emergency || kind == PermitKind::public_transport;
}

}  // namespace

Result<std::unique_ptr<RegistersDevice>> RegistersDevice::make(const DeviceContext& context) {
  std::unique_ptr<RegistersDevice> device(new RegistersDevice(context));
  auto http =
      HttpDevice::open(context, [d = device.get()](const http::Request& request, const Endpoint&) {
        return d->answer(request);
      });
  if (!http) return http.error();
  device->http_ = std::move(*http);
  if (!context.rows.empty()) device->row_ = context.rows.front().id;
  return device;
}

void RegistersDevice::tick(const StreetView& view, UtcTime now) {
  if (stale_) return;
  // A permit is older than the journey: who has just entered the street has it too.
  for (const auto& passage : view.passages) {
    if (!passage.plate.empty()) know(passage.plate, passage.kind);
  }
  if (updated_ != UtcTime{} && now >= updated_ && in_seconds(now - updated_) < kRenewEvery) return;
  updated_ = now;
  learn(view);
}

RegistersDevice::Entry& RegistersDevice::know(const std::string& plate, RoadUser kind) {
  const auto [it, fresh] = entries_.try_emplace(plate);
  auto& permits = it->second.permits;
  if (fresh) {
    for (const auto permit : permits_of(plate, seed_)) permits.insert(permit);
  }
  if (kind == RoadUser::emergency) permits.insert(PermitKind::emergency);
  if (kind == RoadUser::bus || kind == RoadUser::trolleybus)
    permits.insert(PermitKind::public_transport);
  return it->second;
}

void RegistersDevice::learn(const StreetView& view) {
  for (const auto& vehicle : view.vehicles) {
    if (!vehicle.plate.empty()) know(vehicle.plate, vehicle.kind);
  }
  for (const auto& [area, vehicles] : view.parked) {
    for (const auto& vehicle : vehicles) {
      if (vehicle.plate.empty()) continue;
      auto& payments = know(vehicle.plate, RoadUser::car).payments;
      if (!vehicle.paid_until) continue;
      if (payments.empty() || payments.back().from != vehicle.since)
        payments.push_back({vehicle.since, *vehicle.paid_until});
      payments.back().until = *vehicle.paid_until;
      std::erase_if(payments, [&](const Payment& p) { return p.until + kPaymentsKept < updated_; });
    }
  }
}

http::Response RegistersDevice::answer(const http::Request& request) {
  ++counters_["registers.requests"];
  const auto path = http::path_of(request.target);
  const auto ends = [&](std::string_view tail) { return path.ends_with(tail); };
  if (request.method == "POST" && ends("/rights")) return rights(request.body);
  if (request.method == "GET" && ends("/exempt")) return exempt();
  return http::refuse(404, "no such question");
}

http::Response RegistersDevice::rights(const std::string& body) {
  json::error_code ec;
  const auto root = json::parse(body, ec);
  if (ec || !root.is_object()) return http::refuse(400, "bad_json");
  const auto* plates = root.get_object().if_contains("plates");
  const auto from = time_at(root.get_object(), "from");
  const auto to = time_at(root.get_object(), "to");
  if (plates == nullptr || !plates->is_array() || plates->get_array().size() > kMostPlates ||
      !from || !to)
    return http::refuse(400, "expected plates, from, to");
  json::array list;
  for (const auto& plate : plates->get_array()) {
    if (!plate.is_string()) return http::refuse(400, "a plate is text");
    const auto it = entries_.find(std::string(std::string_view(plate.get_string())));
    if (it == entries_.end()) continue;
    json::array kinds;
    for (const auto kind : it->second.permits) kinds.push_back(json::string(to_name(kind)));
    for (const auto& p : it->second.payments) {
      if (p.from > *to || p.until <= *from) continue;
      kinds.push_back(json::string(to_name(PermitKind::parking_paid)));
      break;
    }
    if (!kinds.empty()) list.push_back(json::object{{"plate", plate}, {"kinds", std::move(kinds)}});
  }
  const auto updated = wrong_clock_ ? updated_ + kClockFault : updated_;
  return http::reply(
      json::serialize(json::object{{"updated", to_iso(updated)}, {"rights", std::move(list)}}));
}

http::Response RegistersDevice::exempt() const {
  json::array list;
  for (const auto& [plate, entry] : entries_) {
    json::array kinds;
    for (const auto kind : entry.permits) {
      if (always_exempt(kind)) kinds.push_back(json::string(to_name(kind)));
    }
    if (!kinds.empty()) list.push_back(json::object{{"plate", plate}, {"kinds", std::move(kinds)}});
  }
  return http::reply(
      json::serialize(json::object{{"updated", to_iso(updated_)}, {"rights", std::move(list)}}));
}

bool RegistersDevice::set_fault(std::string_view row, std::string_view name, bool on) {
  if (name == "stale" || name == "wrong_clock") {
    if (!row.empty() && row != row_) return false;
    (name == "stale" ? stale_ : wrong_clock_) = on;
    return true;
  }
  return http_->set_fault(row, name, on);
}

std::map<std::string, std::uint64_t> RegistersDevice::counters() const {
  auto all = counters_;
  all["registers.plates"] = entries_.size();
  return all;
}

std::uint16_t RegistersDevice::port() const {
  return http_->port_of(row_);
}

}  // namespace dispecer::sim
