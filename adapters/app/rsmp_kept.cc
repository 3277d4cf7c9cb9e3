#include "adapters/app/rsmp_kept.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "adapters/bus/codec.h"
#include "adapters/process/replacement.h"

namespace dispecer {

Result<> write_kept(const std::string& file, const rsmp::Kept& kept) {
  return process::replace_file(file, bus::encode(kept));
}

Result<rsmp::Kept> read_kept(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    std::error_code code;
    if (!std::filesystem::exists(file, code)) return rsmp::Kept{};
    return Error{"unreadable", std::strerror(errno), file};
  }
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  auto kept = bus::decode<rsmp::Kept>(bytes);
  if (!kept) return Error{"unreadable", kept.error().message(), file};
  return kept;
}

}  // namespace dispecer
