#include "adapters/process/replacement.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace dispecer::process {
namespace {

Error failed(const std::string& file, const char* what) {
  return {"not_written", std::string(what) + ": " + std::strerror(errno), file};
}

}  // namespace

Result<Replacement> Replacement::begin(const std::string& file) {
  const auto draft = file + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return failed(draft, "open");
  return Replacement(file, fd);
}

Replacement::Replacement(Replacement&& other) noexcept
    : file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)) {}

Replacement& Replacement::operator=(Replacement&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(fd_, other.fd_);
  return *this;
}

Replacement::~Replacement() {
  if (fd_ >= 0) ::close(fd_);
}

Result<> Replacement::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return failed(file_ + ".new", "write");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fdatasync(fd_) != 0) return failed(file_ + ".new", "fdatasync");
  return Ok{};
}

Result<> Replacement::finish() {
  const auto draft = file_ + ".new";
  if (::fsync(fd_) != 0) return failed(draft, "fsync");
  ::close(std::exchange(fd_, -1));
  if (std::rename(draft.c_str(), file_.c_str()) != 0) return failed(file_, "rename");
  // The new name is on the disk only once its folder is.
  const auto folder = std::filesystem::path(file_).parent_path();
  const int at = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (at < 0) return failed(folder.string(), "open");
  const bool flushed = ::fsync(at) == 0;
  const auto result = flushed ? Result<>(Ok{}) : Result<>(failed(folder.string(), "fsync"));
  ::close(at);
  return result;
}

Result<> replace_file(const std::string& file, std::string_view bytes) {
  auto replacement = Replacement::begin(file);
  if (!replacement) return replacement.error();
  if (auto r = replacement->write(bytes); !r) return r;
  return replacement->finish();
}

}  // namespace dispecer::process
