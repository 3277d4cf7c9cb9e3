#include "adapters/registers/inquiries.h"

namespace dispecer::registers {

Result<RightsAnswer> Inquiries::ask(const RightsQuestion& question, MonoTime now) {
  constexpr Duration kForgotten = std::chrono::seconds(60);
  std::erase_if(*entries_, [&](const auto& e) { return now - e.second.asked > kForgotten; });
  const auto it = entries_->find(question.id);
  if (it != entries_->end()) {
    if (!it->second.answer) return Error{"pending", "the register has not answered yet", ""};
    RightsAnswer answer = *it->second.answer;
    entries_->erase(it);
    return answer;
  }
  if (entries_->size() >= kMost) return Error{"too_many", "too many open questions", ""};
  (*entries_)[question.id].asked = now;
  client_.ask(question, [weak = std::weak_ptr(entries_), id = question.id](RightsAnswer answer) {
    const auto entries = weak.lock();
    if (!entries) return;
    if (const auto entry = entries->find(id); entry != entries->end())
      entry->second.answer = std::move(answer);
  });
  return Error{"pending", "the register was asked", ""};
}

}  // namespace dispecer::registers
