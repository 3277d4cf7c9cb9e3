#include "adapters/process/deployment.h"

#include <toml++/toml.h>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace dispecer::process {
namespace {

Result<> flatten(const toml::table& table, const std::string& prefix, const std::string& file,
                 std::map<std::string, std::string>& out) {
  for (const auto& [k, node] : table) {
    const auto key = prefix + std::string(k.str());
    if (const auto* sub = node.as_table()) {
      if (auto r = flatten(*sub, key + ".", file, out); !r) return r;
    } else if (const auto text = node.value_exact<std::string>()) {
      out[key] = *text;
    } else if (const auto number = node.value_exact<std::int64_t>()) {
      out[key] = std::to_string(*number);
    } else if (const auto real = node.value_exact<double>()) {
      out[key] = std::to_string(*real);
    } else if (const auto flag = node.value_exact<bool>()) {
      out[key] = *flag ? "true" : "false";
    } else {
      return Error{"deploy_type", "expected text, number or bool", file + " key " + key};
    }
  }
  return Ok{};
}

Result<> read(const std::string& file, std::map<std::string, std::string>& out) {
  if (!std::filesystem::exists(file)) return Ok{};
  try {
    return flatten(toml::parse_file(file), "", file, out);
  } catch (const toml::parse_error& e) {
    return Error{"deploy_syntax", std::string(e.description()),
                 file + " line " + std::to_string(e.source().begin.line)};
  }
}

}  // namespace

Result<Deployment> Deployment::load(const std::string& file, const std::string& secrets_folder) {
  Deployment deployment;
  deployment.secrets_folder_ = secrets_folder;
  if (auto r = read(file, deployment.values_); !r) return r.error();
  std::map<std::string, std::string> chosen;
  const auto beside = std::filesystem::path(file).replace_filename("ports.toml").string();
  if (auto r = read(beside, chosen); !r) return r.error();
  for (auto& [key, address] : deployment.values_) {
    if (!key.starts_with("address.") || !address.ends_with(":0")) continue;
    deployment.open_ports_[key] = address;
    const auto port = chosen.find(key);
    const auto host = address.size() - 1;  // with its colon
    if (port != chosen.end() && port->second.compare(0, host, address, 0, host) == 0)
      address = port->second;
  }
  return deployment;
}

std::string Deployment::value(const std::string& key) const {
  const auto it = values_.find(key);
  return it == values_.end() ? "" : it->second;
}

std::string Deployment::secret(const std::string& name) const {
  if (name.empty() || name.find('/') != std::string::npos) return "";
  std::ifstream in(secrets_folder_ + "/" + name);
  std::string text;
  std::getline(in, text);
  return text;
}

std::string Deployment::resolve(const std::string& address) const {
  if (address.empty() || address[0] != '@') return address;
  const auto slash = address.find('/');
  const auto base =
      value("address." + address.substr(1, slash == std::string::npos ? slash : slash - 1));
  return slash == std::string::npos ? base : base + address.substr(slash);
}

}  // namespace dispecer::process
