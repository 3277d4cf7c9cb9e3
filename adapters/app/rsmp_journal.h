// Every message of a supervisor, both ways, as one line of JSON: t, direction, site, message (or
// unreadable). Security codes are masked, also where a site quotes them.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "adapters/rsmp/session.h"

namespace dispecer {

class RsmpJournal {
 public:
  // `secrets` are codes that may appear in free text; `out` outlives the journal.
  RsmpJournal(std::ostream& out, std::function<UtcTime()> now, std::vector<std::string> secrets);
  void write(const rsmp::Overheard& heard);
  // Any other line: an object that holds `key`, whose value is JSON already.
  void note(const std::string& key, const std::string& json);

 private:
  std::ostream& out_;
  std::function<UtcTime()> now_;
  std::vector<std::string> secrets_;
};

}  // namespace dispecer
