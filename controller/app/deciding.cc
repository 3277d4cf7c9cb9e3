#include "controller/app/deciding.h"

#include <algorithm>

namespace dispecer::controller {

// Messages of different senders overtake each other; time does not go back inside an epoch.
void Deciding::pass(UtcTime t) {
  now_ = std::max(now_, t);
}

Outputs Deciding::on_clock(const ClockTick& tick) {
  if (tick.epoch != epoch_) now_ = tick.now;
  epoch_ = tick.epoch;
  pass(tick.now);
  const auto& picture = state_.picture;
  const bool old = !picture || picture->epoch != epoch_ ||
                   in_seconds(now_ - picture->t) > state_.parameters.signals.fresh_s;
  return old ? step(state_, now_, epoch_) : Outputs{};
}

Outputs Deciding::on_picture(const CityPicture& picture) {
  // A picture of another epoch is late news from the one before, or ahead of the clock's word.
  if (picture.epoch != epoch_) {
    ++state_.counters["controller.picture_other_epoch"];
    return {};
  }
  pass(picture.t);
  auto requests = apply(state_, std::make_shared<const CityPicture>(picture));
  auto out = step(state_, now_, epoch_);
  requests.insert(requests.end(), std::make_move_iterator(out.requests.begin()),
                  std::make_move_iterator(out.requests.end()));
  out.requests = std::move(requests);
  return out;
}

Outputs Deciding::on_bus(const BusState& bus, UtcTime told) {
  pass(std::min(told, now_ + from_seconds(2)));
  std::optional<UtcTime> received;
  if (const auto it = heard_.find(bus.vehicle); it != heard_.end() && it->second.fix == bus.fix) {
    received = it->second.received;
  }
  return apply(state_, bus, now_, epoch_, received);
}

void Deciding::on_avl(const VehiclePosition& position, UtcTime received) {
  heard_[position.vehicle] = {position.t, received};
  apply(state_, position, now_);
}

Outputs Deciding::on_point(const PriorityPoint& point, UtcTime received) {
  pass(std::min(point.t, now_ + from_seconds(2)));
  return apply(state_, point, now_, epoch_, received);
}

Outputs Deciding::on_order(const OrderReport& report) {
  Outputs out;
  out.requests = apply(state_, report);
  return out;
}

std::optional<IntentResult> Deciding::on_intent(const Intent& intent) {
  return apply(state_, intent, now_);
}

Outputs Deciding::on_stop() {
  return release_all(state_, now_, epoch_);
}

}  // namespace dispecer::controller
