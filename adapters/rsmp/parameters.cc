#include "adapters/rsmp/parameters.h"

#include <utility>

namespace dispecer::rsmp {

ParameterWatch::News ParameterWatch::update(const std::vector<StatusValue>& items) {
  News news;
  ParameterBackup copy;
  bool has_config = false;
  for (const StatusValue& item : items) {
    if (item.quality != Quality::recent || !item.value.text) continue;
    const std::string& text = *item.value.text;
    if (item.code == "S0097" && item.name == "checksum" && text != checksum_) {
      news.changed = !checksum_.empty();
      news.want_copy = true;
      news.before = std::exchange(checksum_, text);
      awaited_ = true;
    }
    if (item.code != "S0098") continue;
    if (item.name == "config") copy.config = text, has_config = true;
    if (item.name == "version") copy.version = text;
    if (item.name == "timestamp") copy.timestamp = text;
  }
  if (has_config && awaited_) {
    awaited_ = false;
    copy_ = std::move(copy);
  }
  return news;
}

std::optional<ParameterBackup> ParameterWatch::take(const std::string& site) {
  auto copy = std::exchange(copy_, std::nullopt);
  if (copy) {
    copy->site = site;
    copy->checksum = checksum_;
  }
  return copy;
}

}  // namespace dispecer::rsmp
