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
  // "port.rsmp". Causes: "deploy_syntax" (names the line), "deploy_type" (a value that is no
  // string, number or bool).
  static Result<Deployment> load(const std::string& file, const std::string& secrets_folder);

  [[nodiscard]] std::string value(const std::string& key) const;
  [[nodiscard]] std::string secret(const std::string& name) const;
  // "@rsmp" or "@rsmp/path" becomes address.rsmp with the rest kept; other addresses stay as they
  // are.
  [[nodiscard]] std::string resolve(const std::string& address) const;

 private:
  std::map<std::string, std::string> values_;
  std::string secrets_folder_;
};

}  // namespace dispecer::process
