// One connection to a site, without its socket: establishment in the strict order, acknowledgements
// with time-out, watchdogs, version negotiation. Bytes and the passing of time go in; bytes and
// events come out.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/rsmp/message/framer.h"
#include "adapters/rsmp/message/message.h"
#include "adapters/rsmp/message/message_id.h"

namespace dispecer::rsmp {

// The two times of a moment: monotonic for supervision, domain for stamps.
struct Now {
  MonoTime mono;
  UtcTime utc;
};

using Counters = std::map<std::string, std::uint64_t>;

// What a site must say to be let in.
struct Admission {
  std::string site_id;
  std::string sxl;                          // "1.2.1"; "1.1" and "1.1.0" are the same
  std::vector<Core> cores;                  // that we speak with it
  Duration ack_timeout = from_seconds(30);  // three times that before 3.1.5: acks may stand behind
                                            // a flood
  Duration watchdog_interval = from_seconds(60);
  Duration probe_after =
      from_seconds(10);  // silence after which a watchdog asks for a sign of life
};

// The configured site with that id; nullptr = unknown. With the empty id: the only site there is,
// or nullptr (for a site that waits for our Version).
using Directory = std::function<const Admission*(std::string_view site_id)>;

// One frame on the wire. `message` is nullptr where it could not be read. Codes are in the clear:
// see masked().
struct Overheard {
  bool outgoing = false;
  std::string_view site;  // "" before it is known
  std::string_view frame;
  const Message* message = nullptr;
};
using Tap = std::function<void(const Overheard&)>;

namespace session_event {
struct Ready {
  std::vector<std::string> site_ids;  // that the connection serves; never empty
  Core core = kNewestCore;
  std::string sxl;
};
struct Received {  // already acknowledged
  Body body;
};
struct Acked {
  std::string id;
};
struct NotAcked {
  std::string id;
  std::string reason;
};
struct Closed {  // by us; the socket is to be closed after the bytes were sent
  std::string cause;
};
struct Stale {  // no watchdog of the site for two and a half intervals; ends with the next one
  bool stale = false;
};
}  // namespace session_event

using SessionEvent =
    std::variant<session_event::Ready, session_event::Received, session_event::Acked,
                 session_event::NotAcked, session_event::Closed, session_event::Stale>;

class Session {
 public:
  enum class State : std::uint8_t {
    await_version,
    await_version_ack,
    await_watchdog,
    await_watchdog_ack,
    ready,
    closed
  };

  // `silent_after`: our Version is offered to a site that says nothing for so long (needed by some
  // 3.1.2 sites; our own choice, the specification is silent).
  Session(Directory directory, MessageIds& ids, Counters& counters, MonoTime opened,
          Duration silent_after = from_seconds(5), Duration establish_within = from_seconds(60));

  void bytes(std::string_view bytes, Now now);
  void timer(Now now);
  // Only in State::ready. The message's id.
  std::string send(Body body, Now now);

  // Hears every frame both ways; empty = nobody listens.
  void listen(Tap tap) { tap_ = std::move(tap); }

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& site_id() const { return site_id_; }
  [[nodiscard]] Core core() const { return core_; }
  [[nodiscard]] std::size_t unacknowledged() const { return pending_.size(); }

  // What came up since the last call.
  std::string take_output() { return std::exchange(output_, {}); }
  std::vector<SessionEvent> take_events() { return std::exchange(events_, {}); }

 private:
  void frame(std::string_view text, Now now);
  void write_out(const Message& message);
  void unreadable(const ReadError& error);
  void on_version(const Message& message, Now now);
  void on_watchdog(const Message& message, Now now);
  void on_ack(const std::string& original, Now now);
  void on_not_ack(const MessageNotAck& not_ack);
  void on_other(Message& message);
  void refuse(const std::string& id, const std::string& reason, const char* cause);
  void close(const char* cause);
  void acknowledge(const std::string& id);
  void not_acknowledge(const std::string& id, const std::string& reason);
  [[nodiscard]] std::optional<Admission> admit(const Message& message, const Version& version);
  void offer_version(const std::vector<std::string>& spelling, Now now);
  std::string put(Body body, Now now);
  void become_ready(Now now);
  void count(const std::string& name) { ++counters_["rsmp." + name]; }
  [[nodiscard]] Duration ack_timeout() const;

  Directory directory_;
  Tap tap_;
  MessageIds& ids_;
  Counters& counters_;
  Framer framer_;
  State state_ = State::await_version;
  MonoTime opened_;
  Duration silent_after_;
  Duration establish_within_;
  Admission admission_;
  std::string site_id_;  // the first of the connection's
  std::vector<std::string> site_ids_;
  std::string sxl_;
  Core core_ = kNewestCore;
  bool version_known_ = false;
  bool early_watchdog_ = false;  // came before our Version was acknowledged (legal before 3.1.4)
  std::vector<Body> early_;      // other messages that came so (tolerated before 3.1.4)
  std::string version_id_;       // of our Version, until it is acknowledged
  bool version_acked_ = false;
  std::string watchdog_id_;
  std::map<std::string, MonoTime> pending_;  // id -> sent
  MonoTime last_received_;
  MonoTime last_watchdog_sent_;
  MonoTime last_watchdog_received_;
  bool stale_ = false;
  std::uint64_t seen_empty_ = 0;
  std::uint64_t seen_oversize_ = 0;
  std::string output_;
  std::vector<SessionEvent> events_;
};

// Highest version that both know, with the peer's spelling; absent = none in common.
struct ChosenCore {
  Core core = kNewestCore;
  std::string spelling;
};
std::optional<ChosenCore> choose_core(const std::vector<std::string>& offered,
                                      const std::vector<Core>& ours);

}  // namespace dispecer::rsmp
