// A raw site that answers everything it is asked and does most of what it is told, with values that
// the published schemas allow.
#pragma once

#include <array>
#include <map>
#include <set>

#include "tests/conformance/rsmp_supervisor/raw_site.h"

namespace dispecer::conformance {

class ObedientSite : public RawSite {
 public:
  using RawSite::RawSite;
  // Serves until `stop` says so.
  template <class Stop>
  void serve(Stop&& stop) {
    while (!stop()) {
      tick();
      if (const auto message = next(0.05)) answer(*message);
      if (closed()) return;
    }
  }

  std::set<std::string> refuse;      // status codes that it does not acknowledge
  std::map<std::string, int> heard;  // messages by type, commands also by code
  std::vector<json::object> not_acks;

 private:
  using Arguments = std::map<std::string, std::string>;
  void tick();
  void answer(const json::object& message);
  void obey(const std::string& component, const json::array& arguments);
  void on_alarm(const json::object& message);
  void tell_alarm(const char* kind);
  void push(const std::set<std::string>& codes);
  json::array values(const std::string& code, const std::vector<std::string>& names);
  [[nodiscard]] json::value value(const std::string& code, const std::string& name) const;
  [[nodiscard]] bool at_least(int major, int minor) const;

  double second_ = 0;
  std::array<char, 8> inputs_{'0', '0', '0', '0', '0', '0', '0', '0'};
  std::array<char, 8> forced_{'0', '0', '0', '0', '0', '0', '0', '0'};
  std::string detectors_ = "00";
  std::string forced_detectors_ = "00";
  std::string plan_ = "1";
  std::string situation_ = "1";
  std::string mode_ = "NormalControl";
  std::string fixed_ = "False";
  bool active_ = false;
  bool acknowledged_ = true;
  bool suspended_ = false;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> subscriptions_;
};

}  // namespace dispecer::conformance
