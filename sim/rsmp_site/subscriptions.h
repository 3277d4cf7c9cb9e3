// What the supervisor subscribed to: sends on change, by interval, and traffic data by periods.
#pragma once

#include <map>

#include "sim/rsmp_site/traffic.h"

namespace dispecer::sim {

class Subscriptions {
 public:
  // Adds or changes. What is new is due at once; traffic data at the end of its first whole period.
  // `again` = what is repeated is due at once too.
  void subscribe(const rsmp::StatusSubscribe& request, const ComponentRef& at, UtcTime domain,
                 bool again);
  void unsubscribe(const rsmp::StatusUnsubscribe& request);
  // The line went down: only the subscriptions of `kept` codes stay.
  void disconnected(const std::set<std::string>& kept);
  void clear() { items_.clear(); }

  // After each tick, connected or not: traffic is counted. `clock` is the controller's own.
  void count(const Cabinet& cabinet, UtcTime clock);
  // After a tick or a subscribe: updates to send, one per component and code. Intervals run on
  // domain time, so that setting the clock disturbs none.
  std::vector<rsmp::StatusUpdate> due(const Cabinet& cabinet, const SiteSettings& settings,
                                      UtcTime clock, UtcTime domain);
  // What a StatusRequest gets. Traffic data: the last whole minute.
  [[nodiscard]] rsmp::StatusValue now(const Cabinet& cabinet, const SiteSettings& settings,
                                      const ComponentRef& at, const rsmp::StatusName& item) const;

 private:
  struct Item {
    ComponentRef at;
    int interval = 0;
    bool on_change = true;
    bool fresh = true;  // nothing was sent yet
    rsmp::Value last;
    UtcTime sent;             // domain time
    std::uint64_t ended = 0;  // periods of its meter that were over when it was sent
  };
  using Key = std::tuple<std::string, std::string, std::string>;  // component, code, name
  std::optional<rsmp::Value> traffic_due(const Cabinet& cabinet, const SiteSettings& settings,
                                         const Key& key, Item& item) const;
  bool due_now(Item& item, const rsmp::Value& value, UtcTime domain) const;

  std::map<Key, Item> items_;
  TrafficMeter minute_{60};
  std::map<int, TrafficMeter> meters_;  // by interval, s
};

}  // namespace dispecer::sim
