#include "sim/devices/sign/sign.h"

#include <boost/json.hpp>

namespace dispecer::sim {
namespace {

namespace json = boost::json;

std::string path_in(const std::string& address) {
  const auto scheme = address.find("://");
  const auto slash = address.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return slash == std::string::npos ? "" : address.substr(slash);
}

}  // namespace

Result<std::unique_ptr<SignDevice>> SignDevice::make(const DeviceContext& context) {
  auto device = std::make_unique<SignDevice>();
  for (const auto& row : context.rows) device->faces_[row.id].path = path_in(row.address);
  auto http =
      HttpDevice::open(context, [d = device.get()](const http::Request& request, const Endpoint&) {
        return d->answer(request);
      });
  if (!http) return http.error();
  device->http_ = std::move(*http);
  return device;
}

std::string SignDevice::face(const Face& f) {
  if (f.faults.contains("dark")) return "";
  if (f.faults.contains("other")) return "fault_pattern";
  return f.told;
}

http::Response SignDevice::answer(const http::Request& request) {
  const auto path = http::path_of(request.target);
  for (auto& [id, f] : faces_) {
    if (path != (f.path.empty() ? "/signs/" + id : f.path)) continue;
    if (request.method == "PUT") {
      json::error_code ec;
      const auto root = json::parse(request.body, ec);
      const auto* message =
          !ec && root.is_object() ? root.get_object().if_contains("message") : nullptr;
      if (message == nullptr || !message->is_string()) return http::refuse(400, "no message");
      if (!f.faults.contains("stuck"))
        f.told = std::string(std::string_view(message->get_string()));
      ++counters_["sign.orders"];
      return http::reply("{}");
    }
    ++counters_["sign.looks"];
    return http::reply(
        json::serialize(json::object{{"shows", face(f)}, {"healthy", !f.faults.contains("dark")}}));
  }
  return http::refuse(404, "no such sign");
}

void SignDevice::tick(const StreetView& view, UtcTime) {
  for (const auto& [id, f] : faces_) view.control->set_sign(SignId(id), face(f));
}

bool SignDevice::set_fault(std::string_view row, std::string_view name, bool on) {
  if (name != "stuck" && name != "dark" && name != "other") return http_->set_fault(row, name, on);
  bool found = false;
  for (auto& [id, f] : faces_) {
    if (!row.empty() && row != id) continue;
    found = true;
    if (on) {
      f.faults.emplace(name);
    } else {
      f.faults.erase(std::string(name));
    }
  }
  return found;
}

std::map<std::string, std::uint64_t> SignDevice::counters() const {
  return counters_;
}
std::uint16_t SignDevice::port_of(std::string_view row) const {
  return http_->port_of(row);
}
std::string SignDevice::shows(const std::string& row) const {
  const auto it = faces_.find(row);
  return it != faces_.end() ? face(it->second) : "";
}

}  // namespace dispecer::sim
