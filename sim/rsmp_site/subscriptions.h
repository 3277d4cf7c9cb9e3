// What the supervisor subscribed to: sends on change, by interval, and traffic data by periods that
// lie on even multiples of the interval of the controller's clock.
#pragma once

#include <map>

#include "sim/rsmp_site/status.h"

namespace dispecer::sim {

class Subscriptions {
 public:
  // Adds or changes. What is new is due at once (traffic data at the end of its first whole
  // period).
  void subscribe(const rsmp::StatusSubscribe& request, const ComponentRef& at, UtcTime clock);
  void unsubscribe(const rsmp::StatusUnsubscribe& request);
  // The line went down: only the subscriptions of `kept` codes stay.
  void disconnected(const std::set<std::string>& kept);
  void clear() { items_.clear(); }

  // After a tick or a subscribe: updates to send, one per component and code.
  std::vector<rsmp::StatusUpdate> due(const Cabinet& cabinet, const SiteSettings& settings,
                                      UtcTime clock);
  // What a StatusRequest gets.
  static rsmp::StatusValue now(const Cabinet& cabinet, const SiteSettings& settings,
                               const ComponentRef& at, const rsmp::StatusName& item);

 private:
  struct Sum {
    std::uint64_t count = 0;
    double speed = 0;  // sum over counted vehicles that had one, m/s
    std::uint64_t speeds = 0;
    double occupancy = 0;
    std::uint64_t seconds = 0;
  };
  struct Item {
    ComponentRef at;
    int interval = 0;
    bool on_change = true;
    bool fresh = true;  // nothing was sent yet
    rsmp::Value last;
    UtcTime sent;
    UtcTime period;                     // begin of the running one (traffic data)
    bool whole = false;                 // subscribed from its begin
    std::optional<UtcTime> counted;  // last tick that is in the sums
    std::map<std::uint32_t, Sum> sums;  // by detector logic
  };
  using Key = std::tuple<std::string, std::string, std::string>;  // component, code, name
  static bool traffic(std::string_view code) { return code.starts_with("S02"); }
  std::optional<rsmp::Value> traffic_due(const Cabinet& cabinet, const Key& key, Item& item,
                                         UtcTime clock) const;
  std::map<Key, Item> items_;
};

}  // namespace dispecer::sim
