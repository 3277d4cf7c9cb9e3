// Words of the enumerations on the wire. Private to the message layer.
#pragma once

#include <array>
#include <string_view>

#include "adapters/rsmp/message/message.h"

namespace dispecer::rsmp {

template <class E>
struct Word {
  E value;
  std::string_view text;
};

inline constexpr std::array kAlarmWords{Word<AlarmKind>{AlarmKind::issue, "Issue"},
                                        Word<AlarmKind>{AlarmKind::acknowledge, "Acknowledge"},
                                        Word<AlarmKind>{AlarmKind::suspend, "Suspend"},
                                        Word<AlarmKind>{AlarmKind::resume, "Resume"},
                                        Word<AlarmKind>{AlarmKind::request, "Request"}};

inline constexpr std::array kQualityWords{
    Word<Quality>{Quality::recent, "recent"}, Word<Quality>{Quality::old, "old"},
    Word<Quality>{Quality::undefined, "undefined"}, Word<Quality>{Quality::unknown, "unknown"}};

// Types in the order of the alternatives of Body.
inline constexpr std::array<std::string_view, std::variant_size_v<Body>> kTypes{
    "Version",
    "Watchdog",
    "MessageAck",
    "MessageNotAck",
    "AggregatedStatus",
    "AggregatedStatusRequest",
    "Alarm",
    "StatusRequest",
    "StatusSubscribe",
    "StatusUnsubscribe",
    "StatusResponse",
    "StatusUpdate",
    "CommandRequest",
    "CommandResponse"};

template <class E, std::size_t N>
constexpr std::string_view word_of(const std::array<Word<E>, N>& words, E value) {
  for (const auto& word : words) {
    if (word.value == value) return word.text;
  }
  return "";
}

}  // namespace dispecer::rsmp
