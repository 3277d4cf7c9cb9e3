#include "adapters/rsmp/supervisor.h"

namespace dispecer::rsmp {
namespace {

const std::string* component_in(const Body& body) {
  return std::visit(
      [](const auto& b) -> const std::string* {
        if constexpr (requires { b.component.id; }) {
          return &b.component.id;
        } else {
          return nullptr;
        }
      },
      body);
}

}  // namespace

Supervisor::Supervisor(std::vector<SiteConfig> sites, Secrets secrets, FillRandom random,
                       OrderTimes times)
    : ids_(std::move(random)) {
  for (SiteConfig& config : sites) {
    const std::string id = config.admission.site_id;
    auto site = std::make_unique<Site>(std::move(config), secrets, counters_, times);
    for (const JunctionWire& wire : site->config().junctions) by_junction_[wire.id()] = site.get();
    sites_.emplace(id, std::move(site));
  }
}

void Supervisor::opened(ConnectionId connection, MonoTime now,
                        std::optional<std::string> identity) {
  const Directory directory = [this, identity](std::string_view id) -> const Admission* {
    if (id.empty()) {
      return sites_.size() == 1 ? &sites_.begin()->second->config().admission : nullptr;
    }
    const auto at = sites_.find(id);
    if (at == sites_.end()) return nullptr;
    if (identity && *identity != id) {
      ++counters_["rsmp.identity_mismatch"];
      return nullptr;
    }
    if (!identity && at->second->config().tls) {
      ++counters_["rsmp.tls_required"];
      return nullptr;
    }
    return &at->second->config().admission;
  };
  auto session = std::make_unique<Session>(directory, ids_, counters_, now);
  session->listen(tap_);
  connections_[connection].session = std::move(session);
  ++counters_["rsmp.connections"];
}

void Supervisor::bytes(ConnectionId connection, std::string_view bytes, Now now) {
  const auto at = connections_.find(connection);
  if (at == connections_.end()) return;
  now_ = now;
  at->second.session->bytes(bytes, now);
  drain(connection, now);
}

void Supervisor::closed(ConnectionId connection, Now now) {
  if (!connections_.contains(connection)) return;
  detach(connection, now);
  connections_.erase(connection);
}

void Supervisor::detach(ConnectionId id, Now now) {
  for (Site* site : std::exchange(connections_.at(id).sites, {})) {
    link_of_.erase(site);
    site->disconnected(now, news_);
  }
}

void Supervisor::on_ready(ConnectionId id, const session_event::Ready& ready, Now now) {
  for (const std::string& site : ready.site_ids) attach(id, *sites_.find(site)->second, ready, now);
}

void Supervisor::attach(ConnectionId id, Site& site, const session_event::Ready& ready, Now now) {
  // The same site again: the newest connection counts, the older one is dropped.
  if (const auto older = link_of_.find(&site); older != link_of_.end()) {
    const ConnectionId old = older->second;
    ++counters_["rsmp.duplicate_site"];
    detach(old, now);
    news_.outgoing.push_back({old, "", true, "replaced"});
    connections_.erase(old);
  }
  Connection& connection = connections_.at(id);
  connection.sites.push_back(&site);
  link_of_[&site] = id;
  Session* session = connection.session.get();
  site.connected(
      ready.core, ready.sxl,
      [session, this](Body body) { return session->send(std::move(body), now_); }, now, news_);
}

Site* Supervisor::addressee(ConnectionId id, const Body& body) const {
  const auto& sites = connections_.at(id).sites;
  const std::string* component = component_in(body);
  for (Site* site : sites) {
    if (sites.size() == 1 || (component != nullptr && site->has_component(*component))) return site;
  }
  return nullptr;
}

void Supervisor::drain(ConnectionId id, Now now) {
  // Handling an event can make further events and bytes, but no endless chain: each answers input.
  Session& session = *connections_.at(id).session;
  std::string close_cause;
  for (const SessionEvent& event : session.take_events()) {
    if (const auto* ready = std::get_if<session_event::Ready>(&event)) {
      on_ready(id, *ready, now);
      continue;
    }
    if (const auto* closed = std::get_if<session_event::Closed>(&event)) {
      close_cause = closed->cause;
      continue;
    }
    if (const auto* received = std::get_if<session_event::Received>(&event);
        received != nullptr && !std::holds_alternative<Watchdog>(received->body)) {
      if (Site* site = addressee(id, received->body); site != nullptr) {
        site->received(received->body, now, news_);
      } else if (!connections_.at(id).sites.empty()) {
        ++counters_["rsmp.message_of_no_site"];
      }
      continue;
    }
    // The rest concerns the connection, so all its sites; a site passes over ids that it never
    // sent.
    for (Site* site : connections_.at(id).sites) {
      if (const auto* watchdog = std::get_if<session_event::Received>(&event)) {
        site->received(watchdog->body, now, news_);
      } else if (const auto* acked = std::get_if<session_event::Acked>(&event)) {
        site->acknowledged(acked->id, now, news_);
      } else if (const auto* refused = std::get_if<session_event::NotAcked>(&event)) {
        site->not_acknowledged(refused->id, refused->reason, now, news_);
      } else if (const auto* stale = std::get_if<session_event::Stale>(&event)) {
        site->watchdogs_stale(stale->stale, now, news_);
      }
    }
  }
  std::string bytes = session.take_output();
  const bool close = !close_cause.empty();
  if (!bytes.empty() || close) news_.outgoing.push_back({id, std::move(bytes), close, close_cause});
  if (close) {
    detach(id, now);
    connections_.erase(id);
  }
}

void Supervisor::timer(Now now) {
  now_ = now;
  std::vector<ConnectionId> ids;
  for (auto& [id, connection] : connections_) ids.push_back(id);
  for (const ConnectionId id : ids) {
    const auto at = connections_.find(id);
    if (at == connections_.end()) continue;
    at->second.session->timer(now);
    drain(id, now);
  }
  for (auto& [id, site] : sites_) site->timer(now, news_);
  for (const auto& [site, id] : link_of_) {
    std::string bytes = connections_.at(id).session->take_output();
    if (!bytes.empty()) news_.outgoing.push_back({id, std::move(bytes), false, ""});
  }
}

Result<> Supervisor::submit(const ApprovedCommand& command, Now now) {
  Site* site = find(command.proposal().junction);
  if (site == nullptr) {
    ++counters_["rsmp.orders.refused"];
    news_.reports.push_back({command.proposal().id, command.proposal().junction, now.utc,
                             OrderState::refused, "unknown_junction", ""});
    return Error{"unknown_junction", "no RSMP site serves it", command.proposal().junction.str()};
  }
  now_ = now;
  const auto result = site->submit(command, now, news_);
  if (const auto link = link_of_.find(site); link != link_of_.end()) drain(link->second, now);
  return result;
}

Result<std::string> Supervisor::ask(const std::string& site_id, Query query, Now now) {
  const auto at = sites_.find(site_id);
  if (at == sites_.end()) return Error{"unknown_site", "no such site", site_id};
  now_ = now;
  auto result = at->second->ask(std::move(query));
  if (const auto link = link_of_.find(at->second.get()); link != link_of_.end()) {
    drain(link->second, now);
  }
  return result;
}

void Supervisor::subscribe(const std::string& site_id, Now now) {
  const auto at = sites_.find(site_id);
  if (at == sites_.end()) return;
  now_ = now;
  at->second->subscribe();
  if (const auto link = link_of_.find(at->second.get()); link != link_of_.end()) {
    drain(link->second, now);
  }
}

std::vector<ReturnDue> Supervisor::open_overrides() const {
  std::vector<ReturnDue> all;
  for (const auto& [id, site] : sites_) {
    for (ReturnDue& due : site->open_overrides()) all.push_back(std::move(due));
  }
  return all;
}

Kept Supervisor::kept(const Proposal* next) const {
  Kept kept;
  for (const auto& [id, site] : sites_) site->keep(kept, next);
  return kept;
}

void Supervisor::restore(const Kept& kept, UtcTime now) {
  for (const auto& [id, site] : sites_) site->restore(kept, now);
}

Site* Supervisor::find(const JunctionId& junction) const {
  const auto at = by_junction_.find(junction);
  return at == by_junction_.end() ? nullptr : at->second;
}

const Site* Supervisor::site_of(const JunctionId& junction) const {
  return find(junction);
}

std::vector<JunctionId> Supervisor::holding() const {
  std::vector<JunctionId> all;
  for (const auto& [id, site] : sites_) {
    for (JunctionId& junction : site->holding()) all.push_back(std::move(junction));
  }
  return all;
}

std::size_t Supervisor::open_orders() const {
  std::size_t count = 0;
  for (const auto& [id, site] : sites_) count += site->orders().open();
  return count;
}

std::vector<bool> Supervisor::demand(const JunctionId& junction) const {
  const Site* site = find(junction);
  if (site == nullptr) return {};
  for (const JunctionWire& wire : site->config().junctions) {
    if (wire.id() == junction) return site->demand(wire);
  }
  return {};
}

std::optional<JunctionId> Supervisor::junction_of(const std::string& subject) const {
  for (const auto& [id, site] : sites_) {
    for (const JunctionWire& wire : site->config().junctions) {
      if (component_of(site->config(), wire, subject)) return wire.id();
    }
  }
  return std::nullopt;
}

std::size_t Supervisor::connected_sites() const {
  return link_of_.size();
}

}  // namespace dispecer::rsmp
