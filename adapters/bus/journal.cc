#include "adapters/bus/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/crc.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace dispecer::bus {
namespace {

constexpr std::string_view kMagic = "DSPJRN01";
constexpr std::size_t kHead = 9;  // length, crc, kind
constexpr std::uint32_t kMaxRecord = 64U << 20;
constexpr std::size_t kBufferLimit = 1U << 20;

std::uint32_t crc(std::uint8_t kind, std::string_view bytes) {
  boost::crc_32_type sum;
  sum.process_byte(kind);
  sum.process_bytes(bytes.data(), bytes.size());
  return sum.checksum();
}

void put32(char* at, std::uint32_t v) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<char>(v >> (8 * i));
}

std::uint32_t get32(const char* at) {
  std::uint32_t v = 0;
  for (int i = 0; i < 4; ++i) v |= std::uint32_t{static_cast<unsigned char>(at[i])} << (8 * i);
  return v;
}

}  // namespace

Result<std::uint64_t> read_journal(const std::string& file,
                                   const std::function<bool(const Record&)>& each) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{"journal_open", std::strerror(errno), file};
  std::string magic(kMagic.size(), '\0');
  in.read(magic.data(), static_cast<std::streamsize>(magic.size()));
  if (in.gcount() == 0) return std::uint64_t{0};
  if (!in || magic != kMagic) return Error{"journal_foreign", "not a journal of Dispecer", file};
  std::uint64_t good = kMagic.size();
  std::array<char, kHead> head{};
  while (in.read(head.data(), head.size())) {
    const auto n = get32(head.data());
    if (n > kMaxRecord) break;
    Record record{static_cast<RecordKind>(head[8]), std::string(n, '\0')};
    if (!in.read(record.bytes.data(), static_cast<std::streamsize>(n))) break;
    if (crc(static_cast<std::uint8_t>(head[8]), record.bytes) != get32(head.data() + 4)) break;
    good += kHead + n;
    if (!each(record)) break;
  }
  return good;
}

Result<Journal> Journal::open(const std::string& file, bool fsync_each) {
  Journal journal;
  journal.file_ = file;
  journal.fsync_each_ = fsync_each;
  journal.fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (journal.fd_ < 0) return Error{"journal_open", std::strerror(errno), file};
  const auto end = ::lseek(journal.fd_, 0, SEEK_END);
  if (end < static_cast<off_t>(kMagic.size())) {
    if (end > 0 && ::ftruncate(journal.fd_, 0) != 0) return Error{"journal_open", std::strerror(errno), file};
    journal.cut_ = static_cast<std::uint64_t>(end);
    ::lseek(journal.fd_, 0, SEEK_SET);
    if (auto r = journal.write_all(kMagic); !r) return r.error();
    return journal;
  }
  const auto good = read_journal(file, [](const Record&) { return true; });
  if (!good) return good.error();
  journal.cut_ = static_cast<std::uint64_t>(end) - *good;
  if (journal.cut_ > 0 && ::ftruncate(journal.fd_, static_cast<off_t>(*good)) != 0) {
    return Error{"journal_open", std::strerror(errno), file};
  }
  ::lseek(journal.fd_, static_cast<off_t>(*good), SEEK_SET);
  journal.size_ = *good;
  return journal;
}

Journal::Journal(Journal&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      fsync_each_(other.fsync_each_),
      size_(other.size_),
      cut_(other.cut_),
      buffer_(std::move(other.buffer_)),
      file_(std::move(other.file_)) {}

Journal& Journal::operator=(Journal&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(fsync_each_, other.fsync_each_);
  std::swap(size_, other.size_);
  std::swap(cut_, other.cut_);
  std::swap(buffer_, other.buffer_);
  std::swap(file_, other.file_);
  return *this;
}

Journal::~Journal() {
  if (fd_ < 0) return;
  (void)flush();
  ::close(fd_);
}

Result<> Journal::append(RecordKind kind, std::string_view bytes) {
  std::array<char, kHead> head{};
  put32(head.data(), static_cast<std::uint32_t>(bytes.size()));
  put32(head.data() + 4, crc(static_cast<std::uint8_t>(kind), bytes));
  head[8] = static_cast<char>(kind);
  buffer_.append(head.data(), head.size());
  buffer_.append(bytes);
  if (fsync_each_ || buffer_.size() > kBufferLimit) {
    if (auto r = flush(); !r) return r;
  }
  if (fsync_each_ && ::fdatasync(fd_) != 0)
    return Error{"journal_write", std::strerror(errno), file_};
  return Ok{};
}

Result<> Journal::flush() {
  if (buffer_.empty()) return Ok{};
  const std::string bytes = std::exchange(buffer_, {});
  return write_all(bytes);
}

Result<> Journal::write_all(std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto n = ::write(fd_, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const int cause = errno;
      // Cut back to the last whole record, so that what follows can be read.
      if (::ftruncate(fd_, static_cast<off_t>(size_)) == 0)
        ::lseek(fd_, static_cast<off_t>(size_), SEEK_SET);
      return Error{cause == ENOSPC ? "disk_full" : "journal_write", std::strerror(cause), file_};
    }
    done += static_cast<std::size_t>(n);
  }
  size_ += bytes.size();
  return Ok{};
}

}  // namespace dispecer::bus
