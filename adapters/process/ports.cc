#include "adapters/process/ports.h"

#include <charconv>
#include <filesystem>
#include <fstream>

#include "adapters/process/deployment.h"

namespace dispecer::process {
namespace {

std::uint16_t port_in(const std::string& address) {
  std::uint16_t port = 0;
  const auto* end = address.data() + address.size();
  const auto parsed = std::from_chars(address.data() + address.rfind(':') + 1, end, port);
  return parsed.ec == std::errc{} && parsed.ptr == end ? port : std::uint16_t{0};
}

Result<http::HeldPort> choose(const std::string& key, const std::string& host, std::uint16_t last,
                              const std::function<void(const std::string&)>& say) {
  if (last == 0) return http::HeldPort::hold(host, 0);
  if (auto again = http::HeldPort::hold(host, last); again) return again;
  auto other = http::HeldPort::hold(host, 0);
  if (other)
    say(key + ": port " + std::to_string(last) + " was taken by another process, now " +
        std::to_string(other->port()));
  return other;
}

}  // namespace

Result<std::vector<http::HeldPort>> hold_ports(const std::string& state_dir,
                                               const std::function<void(const std::string&)>& say) {
  const auto deploy = state_dir + "/deploy.toml";
  const auto deployment = Deployment::load(deploy, state_dir + "/secrets");
  if (!deployment) return deployment.error();
  std::vector<http::HeldPort> held;
  std::string text = "# Chosen by the launcher for the addresses of deploy.toml with port 0.\n";
  for (const auto& [key, address] : deployment->open_ports()) {
    const auto host = address.substr(0, address.rfind(':'));
    auto port = choose(key, host, port_in(deployment->value(key)), say);
    if (!port)
      return Error{port.error().cause, port.error().what,
                   deploy + " key " + key + " = \"" + address + "\""};
    text += key + " = \"" + host + ":" + std::to_string(port->port()) + "\"\n";
    held.push_back(std::move(*port));
  }
  if (held.empty()) return held;
  const auto file = state_dir + "/ports.toml";
  std::error_code ec;
  const bool written = bool(std::ofstream(file + ".new") << text << std::flush);
  if (written) std::filesystem::rename(file + ".new", file, ec);
  if (!written || ec) return Error{"ports_file", "cannot be written", file};
  return held;
}

}  // namespace dispecer::process
