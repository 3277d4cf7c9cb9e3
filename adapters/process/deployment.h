// What differs from one installation to the next and never stands in a city folder: ports,
// addresses, retention, secrets.
#pragma once

#include <map>
#include <string>

#include "fusion/model/result.h"

namespace dispecer::process {

class Deployment {
 public:
  // A missing file means all defaults. Tables become dotted keys: [port] rsmp = 12111 is
  // "port.rsmp". An address with port 0 gets the port that ports.toml beside the file names for it
  // (see ports.h); without one it stays as it is. Causes: "deploy_syntax" (names the line),
  // "deploy_type" (a value that is no string, number or bool).
  static Result<Deployment> load(const std::string& file, const std::string& secrets_folder);

  [[nodiscard]] std::string value(const std::string& key) const;
  // Each address that was written with port 0, by its key, as it was written.
  [[nodiscard]] const std::map<std::string, std::string>& open_ports() const { return open_ports_; }
  [[nodiscard]] std::string secret(const std::string& name) const;
  // "@rsmp" or "@rsmp/path" becomes address.rsmp with the rest kept; other addresses stay as they
  // are.
  [[nodiscard]] std::string resolve(const std::string& address) const;

 private:
  std::map<std::string, std::string> values_;
  std::map<std::string, std::string> open_ports_;
  std::string secrets_folder_;
};

}  // namespace dispecer::process
