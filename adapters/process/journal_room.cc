#include "adapters/process/journal_room.h"

#include <charconv>
#include <filesystem>
#include <map>

namespace dispecer::process {

std::uint32_t make_journal_room(const std::string& folder, const std::string& process,
                                std::uint64_t most_bytes) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::map<std::uint32_t, fs::path> by_boot;
  std::uint64_t total = 0;
  const auto prefix = process + "-";
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(prefix) || entry.path().extension() != ".journal") continue;
    std::uint32_t boot = 0;
    const auto* end = name.data() + name.size();
    if (std::from_chars(name.data() + prefix.size(), end, boot).ec != std::errc{}) continue;
    total += entry.file_size(error);
    by_boot[boot] = entry.path();
  }
  std::uint32_t deleted = 0;
  for (const auto& [boot, path] : by_boot) {
    if (total <= most_bytes) break;
    total -= fs::file_size(path, error);
    if (fs::remove(path, error)) ++deleted;
  }
  return deleted;
}

}  // namespace dispecer::process
