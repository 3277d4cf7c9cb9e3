// The supervisor of all sites, without sockets: connections and bytes in, bytes and news out.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/rsmp/session.h"
#include "adapters/rsmp/site.h"

namespace dispecer::rsmp {

using ConnectionId = std::uint64_t;

struct Outgoing {
  ConnectionId connection = 0;
  std::string bytes;
  bool close = false;  // after the bytes were written
  std::string cause;   // why it is closed
};

struct News : SiteOutput {
  std::vector<Outgoing> outgoing;
};

class Supervisor {
 public:
  Supervisor(std::vector<SiteConfig> sites, Secrets secrets, FillRandom random = fill_random,
             OrderTimes times = {});

  // Hears every frame of connections opened from now on.
  void listen(Tap tap) { tap_ = std::move(tap); }
  // `identity`: the name in the peer's certificate; absent = a connection without TLS. A peer is
  // only let in as the site that its certificate names, and without one not as a site that needs
  // it.
  void opened(ConnectionId connection, MonoTime now,
              std::optional<std::string> identity = std::nullopt);
  void bytes(ConnectionId connection, std::string_view bytes, Now now);
  void closed(ConnectionId connection, Now now);  // by the peer, or the socket is gone
  void timer(Now now);                            // some times a second
  Result<> submit(const ApprovedCommand& command, Now now);
  // See Site::ask; also unknown_site.
  Result<std::string> ask(const std::string& site_id, Query query, Now now);
  void subscribe(const std::string& site_id, Now now);

  // What came up since the last call.
  News take() { return std::exchange(news_, {}); }

  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] std::vector<JunctionId> holding() const;
  [[nodiscard]] std::vector<ReturnDue> open_overrides() const;
  // See Site::keep and Site::restore, of all sites.
  [[nodiscard]] Kept kept(const Proposal* next = nullptr) const;
  void restore(const Kept& kept, UtcTime now);
  [[nodiscard]] std::size_t open_orders() const;
  [[nodiscard]] std::vector<bool> demand(const JunctionId& junction) const;
  [[nodiscard]] const Site* site_of(const JunctionId& junction) const;
  // The junction to which a detector, a group or the junction itself belongs; absent = to none.
  [[nodiscard]] std::optional<JunctionId> junction_of(const std::string& subject) const;
  [[nodiscard]] std::size_t connected_sites() const;

 private:
  struct Connection {
    std::unique_ptr<Session> session;
    std::vector<Site*> sites;  // that it serves; empty before it is established
  };

  void drain(ConnectionId id, Now now);
  void detach(ConnectionId id, Now now);
  void on_ready(ConnectionId id, const session_event::Ready& ready, Now now);
  void attach(ConnectionId id, Site& site, const session_event::Ready& ready, Now now);
  // Of the connection's sites the one to which the message belongs.
  [[nodiscard]] Site* addressee(ConnectionId id, const Body& body) const;
  Site* find(const JunctionId& junction) const;

  Counters counters_;
  Tap tap_;
  MessageIds ids_;
  std::map<std::string, std::unique_ptr<Site>, std::less<>> sites_;
  std::map<JunctionId, Site*> by_junction_;
  std::map<ConnectionId, Connection> connections_;
  std::map<const Site*, ConnectionId> link_of_;
  Now now_;  // of the call that is being worked on, for what sites send in it
  News news_;
};

}  // namespace dispecer::rsmp
