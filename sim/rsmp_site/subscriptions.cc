#include "sim/rsmp_site/subscriptions.h"

#include <cmath>

#include "sim/rsmp_site/signal_list.h"

namespace dispecer::sim {
namespace {

UtcTime period_begin(UtcTime clock, int interval) {
  const std::int64_t length = std::int64_t{interval} * 1'000'000;
  return UtcTime{clock.us - ((clock.us % length) + length) % length};
}

ComponentKind wanted(const ComponentRef& at) {
  switch (at.kind) {
    case ComponentRef::Kind::signal_group:
      return ComponentKind::signal_group;
    case ComponentRef::Kind::detector_logic:
      return ComponentKind::detector_logic;
    default:
      return ComponentKind::main;
  }
}

}  // namespace

rsmp::StatusValue Subscriptions::now(const Cabinet& cabinet, const SiteSettings& settings,
                                     const ComponentRef& at, const rsmp::StatusName& item) {
  const rsmp::StatusValue unknown{item.code, item.name, {}, rsmp::Quality::unknown};
  const auto* row = find_status(item.code, item.name, settings.sxl);
  // Traffic data has no meaning at a moment; only periods have.
  if (row == nullptr || row->at != wanted(at) || traffic(item.code)) return unknown;
  auto value = status_value(cabinet, settings, item.code, item.name);
  if (!value) return unknown;
  return {item.code, item.name, *std::move(value), rsmp::Quality::recent};
}

void Subscriptions::subscribe(const rsmp::StatusSubscribe& request, const ComponentRef& at,
                              UtcTime clock) {
  for (const auto& s : request.items) {
    const auto [it, is_new] = items_.try_emplace({request.component.id, s.code, s.name});
    auto& item = it->second;
    const bool changed = is_new || item.interval != s.interval;
    item.at = at;
    item.interval = s.interval;
    item.on_change = s.on_change;
    if (!changed) continue;
    item.sent = clock;
    if (traffic(s.code) && s.interval > 0) {
      item.period = period_begin(clock, s.interval);
      item.whole = item.period == clock;
      item.sums.clear();
    }
  }
}

void Subscriptions::unsubscribe(const rsmp::StatusUnsubscribe& request) {
  for (const auto& s : request.items) items_.erase({request.component.id, s.code, s.name});
}

void Subscriptions::disconnected(const std::set<std::string>& kept) {
  std::erase_if(items_,
                [&](const auto& entry) { return !kept.contains(std::get<1>(entry.first)); });
}

std::optional<rsmp::Value> Subscriptions::traffic_due(const Cabinet& cabinet, const Key& key,
                                                      Item& item, UtcTime clock) const {
  if (item.interval <= 0) return std::nullopt;
  // Readings of this tick cover the second that ends with it: they close the old period.
  const auto n = static_cast<std::uint32_t>(detector_count(cabinet));
  const std::uint32_t from = item.at.number == 0 ? 1 : item.at.number;
  const std::uint32_t to = item.at.number == 0 ? n : item.at.number;
  const auto tick = cabinet.intersections.front().output.t;
  for (std::uint32_t k = from; k <= to; ++k) {
    const auto* d = detector(cabinet, k);
    if (item.counted == tick || d == nullptr || d->read_at != tick) continue;
    auto& sum = item.sums[k];
    sum.count += d->reading.count;
    sum.occupancy += d->reading.occupancy;
    ++sum.seconds;
    if (d->reading.speed_mps && d->reading.count > 0) {
      sum.speed += *d->reading.speed_mps * d->reading.count;
      sum.speeds += d->reading.count;
    }
  }
  item.counted = tick;
  const auto begin = period_begin(clock, item.interval);
  if (begin == item.period) return std::nullopt;
  const bool send = item.whole && begin > item.period;
  const auto started = item.period;
  const auto sums = std::exchange(item.sums, {});
  item.period = begin;
  item.whole = true;
  if (!send) return std::nullopt;
  const auto& [component, code, name] = key;
  if (name == "start" || name == "starttime") return rsmp::Value(to_iso(started));
  std::string text;
  for (std::uint32_t k = from; k <= to; ++k) {
    long long value = -1;
    const auto it = sums.find(k);
    if (it != sums.end() && it->second.seconds > 0) {
      const auto& sum = it->second;
      if (name == "vehicles") value = static_cast<long long>(sum.count);
      if (name == "speed" && sum.speeds > 0)
        value = std::llround(sum.speed / static_cast<double>(sum.speeds) * 3.6);
      if (name == "occupancy")
        value = std::llround(sum.occupancy / static_cast<double>(sum.seconds) * 100);
    }
    text += (k == from ? "" : ",") + std::to_string(value);
  }
  return rsmp::Value(text);
}

std::vector<rsmp::StatusUpdate> Subscriptions::due(const Cabinet& cabinet,
                                                   const SiteSettings& settings, UtcTime clock) {
  std::map<std::pair<std::string, std::string>, rsmp::StatusUpdate> updates;
  for (auto& [key, item] : items_) {
    const auto& [component, code, name] = key;
    rsmp::StatusValue value{code, name, {}, rsmp::Quality::recent};
    if (traffic(code)) {
      auto data = traffic_due(cabinet, key, item, clock);
      if (!data) continue;
      value.value = *std::move(data);
    } else {
      value = now(cabinet, settings, item.at, {code, name});
      const bool changed = item.on_change && value.value != item.last;
      const bool time =
          item.interval > 0 &&
          (clock - item.sent >= std::chrono::seconds{item.interval} || clock < item.sent);
      if (!changed && !time && !item.fresh) continue;
      item.fresh = false;
      item.last = value.value;
      item.sent = clock;
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
