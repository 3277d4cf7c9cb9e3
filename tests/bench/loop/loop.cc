#include "tests/bench/loop/loop.h"

#include <algorithm>

#include "fusion/app/setup.h"
#include "tests/bench/lockstep/reading.h"

namespace dispecer::bench {

Result<std::unique_ptr<Loop>> Loop::open(const LoopOptions& options) {
  std::unique_ptr<Loop> loop(new Loop(options));
  if (auto r = loop->start(); !r) return r.error();
  return loop;
}

Result<> Loop::start() {
  auto city = city::read_city(options_.city);
  if (!city) return city.error();
  city_ = std::move(*city);
  if (auto r = put_rules(options_.rules, city_); !r) return r;
  const auto loaded = fusion::load(city_, UtcTime{});
  const auto day = bench_day(loaded.setup->timetable, city_);
  if (!day) return day.error();
  day_ = day->start;
  fusion_.emplace(fusion::make_fusion(loaded.setup));
  if (auto r = fusion::keep_days(*fusion_, day->zone, day_); !r) return r;
  auto parameters = options_.parameters;
  parameters.signals.bench_world = true;
  deciding_.emplace(controller::make_controller(city_.network, city_.signals, parameters));
  auto field = Field::make(city_);
  if (!field) return field.error();
  field_.emplace(std::move(*field));
  sim::StreetOptions street;
  street.seed = options_.seed;
  street.begin_s = options_.begin;
  street.start_date = std::to_string(day->date);
  street.truth = true;
  street.extra = {"--time-to-teleport", "300"};
  auto opened = sim::Street::open(city_, street);
  if (!opened) return opened.error();
  street_ = std::move(*opened);
  return Ok{};
}

Result<> Loop::second(const std::function<void(UtcTime)>& moved) {
  const UtcTime now = day_ + from_seconds(street_->sumo_time_s() + 1);
  shown_ = field_->tick(now);
  for (const auto& s : shown_) street_->show(s.junction, s.aspects, s.stage);
  if (auto r = street_->step(now); !r) return r;
  observe(now);
  if (moved) moved(now);
  const ClockTick tick{now, 1, 0};
  deciding_->on_clock(tick);
  picture_ = fusion::step(*fusion_, tick);
  outputs_ = deciding_->on_picture(picture_);
  send(outputs_, now);
  for (const auto& bus : picture_.buses) {
    if (bus.fix == now) send(deciding_->on_bus(bus, now), now);
  }
  return Ok{};
}

void Loop::observe(UtcTime now) {
  std::map<DetectorId, DetectorSample> samples;
  for (const auto& d : city_.network.detectors) {
    const auto it = street_->detectors().find(d.id);
    if (it == street_->detectors().end()) continue;
    field_->read(d, it->second, now);
    samples.emplace(d.id, sample_of(d.id, it->second));
  }
  for (const auto& batch : batches_of(city_.network, samples, now)) fusion::apply(*fusion_, batch);
  for (const auto& o : field_->observations()) fusion::apply(*fusion_, o);
  for (const auto& v : street_->view().vehicles) {
    if (!v.trip.empty()) (void)fusion::apply(*fusion_, position_of(v, now));
  }
}

void Loop::send(const controller::Outputs& out, UtcTime now) {
  if (!options_.centre) return;
  for (const auto& p : out.proposals) {
    const auto report = field_->send(p, now, 0);
    if (report.state == OrderState::refused) deciding_->on_order(report);
  }
}

}  // namespace dispecer::bench
