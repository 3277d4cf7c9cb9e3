// The controller core behind its messages: what each message of the bus does, in the order in which
// they were journalled, with no time but theirs. The process and the player both feed this.
#pragma once

#include "controller/app/core.h"
#include "fusion/model/observation.h"
#include "fusion/model/world.h"

namespace dispecer::controller {

class Deciding {
 public:
  explicit Deciding(ControllerState state) : state_(std::move(state)) {}

  // Where no picture came for 5 s, what is ours is released.
  Outputs on_clock(const ClockTick& tick);
  Outputs on_picture(const CityPicture& picture);
  // `told`: domain time at which fusion told it.
  Outputs on_bus(const BusState& bus, UtcTime told);
  // Moves emergency corridors on. `received`: wall clock at which the adapter had the position;
  // only for latency figures.
  void on_avl(const VehiclePosition& position, UtcTime received);
  Outputs on_point(const PriorityPoint& point, UtcTime received);
  // Requests for priority that it changed are the only outputs.
  Outputs on_order(const OrderReport& report);
  std::optional<IntentResult> on_intent(const Intent& intent);
  Outputs on_stop();

  [[nodiscard]] ControllerState& state() { return state_; }
  [[nodiscard]] const ControllerState& state() const { return state_; }
  // Newest domain time that any message told.
  [[nodiscard]] UtcTime now() const { return now_; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }

 private:
  void pass(UtcTime t);
  struct Heard {
    UtcTime fix;
    UtcTime received;
  };
  ControllerState state_;
  UtcTime now_;
  std::uint32_t epoch_ = 0;
  std::map<VehicleId, Heard> heard_;  // newest position of each vehicle
};

}  // namespace dispecer::controller
