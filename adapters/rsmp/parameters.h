// The parameters of a controller, watched: the checksum that it tells, and a copy of its whole
// configuration whenever that changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/rsmp/message/message.h"

namespace dispecer::rsmp {

// S0098 as it was read, with the checksum that stood in S0097 at that time.
struct ParameterBackup {
  std::string site;
  std::string checksum;
  std::string version;
  std::string timestamp;
  std::string config;  // base64 by the list; kept as it came
};

class ParameterWatch {
 public:
  struct News {
    bool changed = false;  // another checksum than the one known before
    bool want_copy = false;
    std::string before;
  };
  // What the values of a status message tell. A first checksum is no change.
  News update(const std::vector<StatusValue>& items);
  // The copy, once all of it is there after a want_copy.
  std::optional<ParameterBackup> take(const std::string& site);
  [[nodiscard]] const std::string& checksum() const { return checksum_; }

 private:
  std::string checksum_;
  bool awaited_ = false;
  std::optional<ParameterBackup> copy_;
};

}  // namespace dispecer::rsmp
