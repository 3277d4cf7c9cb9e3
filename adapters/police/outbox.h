// Leads that must reach the police, in an fsynced journal: a lead is in it before anybody hears
// that we have it, and leaves it when its receiver said that it has it. PERSONAL while a lead
// waits; once all are delivered the file is written anew with their ids alone.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>

#include "adapters/bus/journal.h"
#include "fusion/model/case.h"

namespace dispecer::police {

class Outbox {
 public:
  // Causes as bus::Journal::open.
  static Result<Outbox> open(const std::string& file);

  // Ok(true) = kept; Ok(false) = this id was here before (waiting or delivered). Causes as
  // bus::Journal::append: then nothing was kept.
  Result<bool> add(const Lead& lead);
  // The receiver has it. Repeats change nothing.
  Result<> delivered(const LeadId& id);

  [[nodiscard]] const std::map<LeadId, Lead>& waiting() const { return waiting_; }
  [[nodiscard]] bool known(const LeadId& id) const {
    return waiting_.contains(id) || done_.contains(id);
  }

 private:
  explicit Outbox(bus::Journal journal, std::string file)
      : journal_(std::move(journal)), file_(std::move(file)) {}
  Result<> rewrite();
  void remember(const LeadId& id);

  bus::Journal journal_;
  std::string file_;
  std::map<LeadId, Lead> waiting_;
  std::set<LeadId> done_;             // delivered, a bounded number of the last ones
  std::deque<LeadId> order_;          // the same, oldest first
  std::uint64_t personal_bytes_ = 0;  // of delivered leads, still in the file
};

}  // namespace dispecer::police
