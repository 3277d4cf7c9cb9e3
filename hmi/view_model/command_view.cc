#include "hmi/view_model/command_view.h"

#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

Text outcome_text(IntentOutcome o) {
  switch (o) {
    case IntentOutcome::accepted:
      return Text::accepted;
    case IntentOutcome::refused:
      return Text::refused;
    case IntentOutcome::done:
      return Text::done;
    case IntentOutcome::expired:
      return Text::expired;
    case IntentOutcome::unknown:
      break;
  }
  return Text::requested;
}

}  // namespace

bool failed(const SentIntent& sent) {
  return sent.result && (sent.result->outcome == IntentOutcome::refused ||
                         sent.result->outcome == IntentOutcome::expired);
}

std::string command_words(Language language, const SentIntent& sent, int offset_minutes) {
  const auto kind =
      std::visit([](const auto& a) { return std::string(a.kName); }, sent.intent.action);
  auto text = clock_time(sent.intent.t, offset_minutes) + "  " + key_text(language, kind) + ": " +
              tr(language, sent.result ? outcome_text(sent.result->outcome) : Text::requested);
  if (sent.result && !sent.result->cause.empty())
    text += ", " + key_text(language, sent.result->cause);
  return text;
}

std::string review_words(Language language, const ReviewCase& action,
                         const std::vector<Case>& cases, int offset_minutes) {
  std::string text = tr(language, action.approve ? Text::approve : Text::reject);
  for (const auto& c : cases) {
    if (c.id == action.subject)
      text += "\n" + clock_time(c.opened, offset_minutes) + "  " + c.place + "  " + c.plate;
  }
  return text;
}

}  // namespace dispecer::hmi
