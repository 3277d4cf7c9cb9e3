#include "sim/rsmp_site/subscriptions.h"

namespace dispecer::sim {
namespace {

bool traffic(std::string_view code) {
  return code.starts_with("S02");
}

}  // namespace

rsmp::StatusValue Subscriptions::now(const Cabinet& cabinet, const SiteSettings& settings,
                                     const ComponentRef& at, const rsmp::StatusName& item) const {
  const rsmp::StatusValue unknown{item.code, item.name, {}, rsmp::Quality::unknown};
  const auto* row = rsmp::find_status(item.code, settings.sxl);
  if (row == nullptr || row->target != target_of(at)) return unknown;
  auto value = traffic(item.code) ? minute_.newest().value(cabinet, at, item.name)
                                  : status_value(cabinet, settings, at, item.code, item.name);
  if (!value) return unknown;
  return {item.code, item.name, *std::move(value), rsmp::Quality::recent};
}

void Subscriptions::subscribe(const rsmp::StatusSubscribe& request, const ComponentRef& at,
                              UtcTime domain, bool again) {
  for (const auto& s : request.items) {
    const auto [it, is_new] = items_.try_emplace({request.component.id, s.code, s.name});
    auto& item = it->second;
    const bool changed = is_new || item.interval != s.interval;
    item.at = at;
    item.interval = s.interval;
    item.on_change = s.on_change;
    if (changed) item.sent = domain;
    if (again) item.fresh = true;
    if (!changed || !traffic(s.code) || s.interval <= 0) continue;
    const auto meter = meters_.try_emplace(s.interval, s.interval).first;
    item.ended = meter->second.ended();
  }
}

void Subscriptions::unsubscribe(const rsmp::StatusUnsubscribe& request) {
  for (const auto& s : request.items) items_.erase({request.component.id, s.code, s.name});
}

void Subscriptions::disconnected(const std::set<std::string>& kept) {
  std::erase_if(items_,
                [&](const auto& entry) { return !kept.contains(std::get<1>(entry.first)); });
}

void Subscriptions::count(const Cabinet& cabinet, UtcTime clock) {
  minute_.count(cabinet, clock);
  for (auto& [interval, meter] : meters_) meter.count(cabinet, clock);
}

std::optional<rsmp::Value> Subscriptions::traffic_due(const Cabinet& cabinet,
                                                      const SiteSettings& settings, const Key& key,
                                                      Item& item) const {
  const auto& name = std::get<2>(key);
  if (item.fresh && settings.traffic_data_at_once) {
    item.fresh = false;
    return minute_.newest().value(cabinet, item.at, name);
  }
  const auto meter = meters_.find(item.interval);
  if (meter == meters_.end() || !meter->second.last()) return std::nullopt;
  if (item.ended == meter->second.ended()) return std::nullopt;
  item.ended = meter->second.ended();
  return meter->second.last()->value(cabinet, item.at, name);
}

bool Subscriptions::due_now(Item& item, const rsmp::Value& value, UtcTime domain) const {
  const bool changed = item.on_change && value != item.last;
  const auto interval = std::chrono::seconds{item.interval};
  const bool time = item.interval > 0 && (domain - item.sent >= interval || domain < item.sent);
  if (!changed && !time && !item.fresh) return false;
  // A late tick does not move the ones that follow.
  const bool in_step =
      time && !changed && !item.fresh && domain - item.sent < 2 * interval && domain >= item.sent;
  item.sent = in_step ? item.sent + interval : domain;
  item.fresh = false;
  item.last = value;
  return true;
}

std::vector<rsmp::StatusUpdate> Subscriptions::due(const Cabinet& cabinet,
                                                   const SiteSettings& settings, UtcTime clock,
                                                   UtcTime domain) {
  std::map<std::pair<std::string, std::string>, rsmp::StatusUpdate> updates;
  for (auto& [key, item] : items_) {
    const auto& [component, code, name] = key;
    rsmp::StatusValue value{code, name, {}, rsmp::Quality::recent};
    if (traffic(code)) {
      auto data = traffic_due(cabinet, settings, key, item);
      if (!data) continue;
      value.value = *std::move(data);
    } else {
      value = now(cabinet, settings, item.at, {code, name});
      if (!due_now(item, value.value, domain)) continue;
    }
    auto& update = updates[{component, code}];
    update.component = {component, settings.nts_id, ""};
    update.t = clock;
    update.items.push_back(std::move(value));
  }
  std::vector<rsmp::StatusUpdate> out;
  for (auto& [key, update] : updates) out.push_back(std::move(update));
  return out;
}

}  // namespace dispecer::sim
