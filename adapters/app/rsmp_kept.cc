#include "adapters/app/rsmp_kept.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "adapters/bus/codec.h"

namespace dispecer {
namespace {

Error failed(const std::string& file, const char* what) {
  return {"not_written", std::string(what) + ": " + std::strerror(errno), file};
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fsync(fd) == 0;
}

}  // namespace

Result<> write_kept(const std::string& file, const rsmp::Kept& kept) {
  const std::string draft = file + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return failed(draft, "open");
  const bool written = write_all(fd, bus::encode(kept));
  const auto error = written ? Result<>(Ok{}) : Result<>(failed(draft, "write"));
  ::close(fd);
  if (!error) return error;
  if (::rename(draft.c_str(), file.c_str()) != 0) return failed(file, "rename");
  // The new name is on the disk only once its folder is.
  const auto folder = std::filesystem::path(file).parent_path();
  const int at = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (at < 0) return failed(folder.string(), "open");
  const bool flushed = ::fsync(at) == 0;
  const auto result = flushed ? Result<>(Ok{}) : Result<>(failed(folder.string(), "fsync"));
  ::close(at);
  return result;
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
