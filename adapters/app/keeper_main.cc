// dispecer-keeper: keeps the last state of the city in Redis, for whoever starts later, and tells
// when Redis is gone. It is off the path of the one-second loop.
#include <boost/asio/io_context.hpp>

#include "adapters/bus/json.h"
#include "adapters/process/shell.h"
#include "adapters/store/redis.h"

namespace dispecer {
namespace {

int keep(int argc, char** argv) {
  process::Shell shell({.name = "keeper", .about = "Keeps last states in Redis"});
  if (auto code = shell.start(argc, argv)) return *code;
  store::Redis redis(shell.run_dir() + "/redis.sock");
  const auto prefix = "dispecer:" + shell.city().name + ":last:";
  std::map<std::string, std::map<std::string, std::string>> waiting;  // newest per hash field
  shell.on<topic::Signals>([&](const bus::Envelope&, const SignalObservation& s) {
    waiting["signals"][s.junction.str()] = bus::to_json(s);
  });
  shell.on<topic::Decisions>([&](const bus::Envelope&, const SignalDecision& d) {
    waiting["decisions"][d.junction.str()] = bus::to_json(d);
  });
  shell.on<topic::Picture>([&](const bus::Envelope&, const CityPicture& p) {
    for (const auto& state : p.parking)
      waiting["parking"][state.parking.str()] = bus::to_json(state);
    for (const auto& state : p.air) {
      waiting["air"][state.station.str() + "/" + std::string(to_name(state.pollutant))] =
          bus::to_json(state);
    }
    for (const auto& state : p.buses) waiting["buses"][state.vehicle.str()] = bus::to_json(state);
    waiting["clock"]["t"] = to_iso(p.t);
  });
  shell.on<topic::Alarms>([&](const bus::Envelope&, const AlarmList& list) {
    waiting["alarms"]["list"] = bus::to_json(list);
  });
  shell.every(std::chrono::milliseconds(2000), [&] {
    Result<> good = redis.ping();
    for (auto it = waiting.begin(); good && it != waiting.end();) {
      good = redis.set_hash(prefix + it->first, it->second);
      if (good) {
        shell.count("keeper.written." + it->first, it->second.size());
        it = waiting.erase(it);
      }
    }
    if (!good) shell.count("keeper." + good.error().cause);
    shell.degrade(good ? "" : "Redis is gone; what must be kept waits in the journals");
    shell.alarm({"redis_gone", "redis", AlarmPriority::medium, !good, shell.now(),
                 good ? "" : good.error().message()});
  });
  return shell.run();
}

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  return dispecer::keep(argc, argv);
}
