// Append-only file of records, each with length and CRC-32. A torn tail is cut off when the file is
// opened again and loses only what was never acknowledged. Used for the replay journals (flushed
// each second) and for what must be kept (fsynced record by record).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "fusion/model/result.h"

namespace dispecer::bus {

// Kinds of record. Numbers are never reused.
enum class RecordKind : std::uint8_t {
  header = 0,
  input = 1,
  output = 2,
  gap = 3,
  keep = 4,
  mark = 5,
  checkpoint = 6
};

struct Record {
  RecordKind kind = RecordKind::keep;
  std::string bytes;
};

class Journal {
 public:
  // Opens or creates `file` (mode 0600). Causes: "journal_open", "journal_read", "journal_foreign"
  // (no journal of ours).
  static Result<Journal> open(const std::string& file, bool fsync_each);
  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&& other) noexcept;
  ~Journal();

  // Causes: "disk_full", "journal_write". After an error the file still ends with a whole record.
  Result<> append(RecordKind kind, std::string_view bytes);
  // Hands what was appended to the system.
  Result<> flush();
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint64_t cut_bytes() const { return cut_; }  // of a torn tail, at open

 private:
  Journal() = default;
  Result<> write_all(std::string_view bytes);
  int fd_ = -1;
  bool fsync_each_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t cut_ = 0;
  std::string buffer_;
  std::string file_;
};

// Calls `each` for every whole record in order until it returns false. Gives the number of good
// bytes. Causes: "journal_open", "journal_foreign".
Result<std::uint64_t> read_journal(const std::string& file,
                                   const std::function<bool(const Record&)>& each);

}  // namespace dispecer::bus
