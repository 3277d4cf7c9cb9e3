#include "adapters/police/outbox.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "adapters/bus/codec.h"

namespace dispecer::police {
namespace {

// keep: an encoded lead; mark: the id of one that was delivered.
using bus::RecordKind;

constexpr std::uint64_t kRewriteAbove = 1 << 20;
constexpr std::size_t kRemembered = 50000;  // ids of delivered leads

// Hands a file, or the names in a folder, to the disk itself.
Result<> sync(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = fd >= 0 && ::fsync(fd) == 0;
  const int cause = errno;
  if (fd >= 0) ::close(fd);
  if (!good) return Error{"journal_write", std::strerror(cause), path};
  return Ok{};
}

}  // namespace

Result<Outbox> Outbox::open(const std::string& file) {
  // Half-written by a crash: the old file is still whole.
  std::error_code ignored;
  std::filesystem::remove(file + ".new", ignored);
  auto journal = bus::Journal::open(file, true);
  if (!journal) return journal.error();
  Outbox box(std::move(*journal), file);
  const auto read = bus::read_journal(file, [&](const bus::Record& record) {
    if (record.kind == RecordKind::mark) {
      box.waiting_.erase(LeadId(record.bytes));
      box.remember(LeadId(record.bytes));
    } else if (record.kind == RecordKind::keep) {
      auto lead = bus::decode<Lead>(record.bytes);
      if (lead && !box.done_.contains(lead->id)) box.waiting_[lead->id] = std::move(*lead);
    }
    return true;
  });
  if (!read) return read.error();
  if (auto r = box.rewrite(); !r) return r.error();
  return box;
}

Result<bool> Outbox::add(const Lead& lead) {
  if (known(lead.id)) return false;
  if (auto r = journal_.append(RecordKind::keep, bus::encode(lead)); !r) return r.error();
  waiting_[lead.id] = lead;
  return true;
}

Result<> Outbox::delivered(const LeadId& id) {
  const auto it = waiting_.find(id);
  if (it == waiting_.end()) return Ok{};
  if (auto r = journal_.append(RecordKind::mark, id.str()); !r) return r.error();
  personal_bytes_ += bus::encode(it->second).size();
  waiting_.erase(it);
  remember(id);
  return waiting_.empty() || personal_bytes_ > kRewriteAbove ? rewrite() : Ok{};
}

void Outbox::remember(const LeadId& id) {
  if (!done_.insert(id).second) return;
  order_.push_back(id);
  if (order_.size() > kRemembered) {
    done_.erase(order_.front());
    order_.pop_front();
  }
}

// Only what still waits and the ids of what was delivered.
Result<> Outbox::rewrite() {
  const auto draft = file_ + ".new";
  std::error_code ec;
  std::filesystem::remove(draft, ec);
  {
    auto fresh = bus::Journal::open(draft, false);
    if (!fresh) return fresh.error();
    for (const auto& id : order_) {
      if (auto r = fresh->append(RecordKind::mark, id.str()); !r) return r.error();
    }
    for (const auto& [id, lead] : waiting_) {
      if (auto r = fresh->append(RecordKind::keep, bus::encode(lead)); !r) return r.error();
    }
    if (auto r = fresh->flush(); !r) return r.error();
  }
  if (auto r = sync(draft); !r) return r.error();
  auto kept = bus::Journal::open(draft, true);
  if (!kept) return kept.error();
  std::filesystem::rename(draft, file_, ec);
  if (ec) return Error{"journal_write", ec.message(), file_};
  const auto folder = std::filesystem::path(file_).parent_path().string();
  if (auto r = sync(folder.empty() ? "." : folder); !r) return r.error();
  journal_ = std::move(*kept);
  personal_bytes_ = 0;
  return Ok{};
}

}  // namespace dispecer::police
