#include "controller/app/kept.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

namespace dispecer::controller {
namespace {

bool write_all(int fd, const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

Result<> write_kept(const std::string& file, const std::string& bytes) {
  const auto draft = file + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool good = fd >= 0 && write_all(fd, bytes) && ::fsync(fd) == 0;
  const int reason = errno;
  if (fd >= 0) ::close(fd);
  if (!good) return Error{"kept_write", std::strerror(reason), file};
  if (std::rename(draft.c_str(), file.c_str()) != 0) {
    return Error{"kept_write", std::strerror(errno), file};
  }
  const auto folder = file.substr(0, file.find_last_of('/') + 1);
  const int dir = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool kept = dir >= 0 && ::fsync(dir) == 0;
  if (dir >= 0) ::close(dir);
  return kept ? Result<>{Ok{}} : Result<>{Error{"kept_write", "folder cannot be synced", folder}};
}

std::optional<std::string> read_kept(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace dispecer::controller
