#include "sim/devices/plate_reader/plate_reader.h"

#include "sim/devices/plate_reader/ocr.h"

namespace dispecer::sim {
namespace {

constexpr double kClockFault = 5;  // s

GateId gate_of(const DeviceContext& context, const city::DeviceRow& row) {
  for (const auto& gate : context.city->gates) {
    if (gate.reader.str() == row.id) return gate.id;
  }
  const auto named = row.settings.find("gate");
  return GateId(named != row.settings.end() ? named->second : "");
}

}  // namespace

Result<std::unique_ptr<PlateReaderDevice>> PlateReaderDevice::make(const DeviceContext& context) {
  std::unique_ptr<PlateReaderDevice> device(new PlateReaderDevice(context.seed));
  for (const auto& row : context.rows) {
    const auto gate = gate_of(context, row);
    if (gate.empty()) return Error{"unknown_gate", "the reader stands at no gate", row.id};
    auto& reader = device->readers_[gate];
    reader.row = row.id;
    reader.line = std::make_unique<PushLine>(
        *context.io, PushLineOptions{row.id, push_url(row.address, "/anpr"),
                                     context.secret ? context.secret(row.secret) : ""});
  }
  return device;
}

void PlateReaderDevice::tick(const StreetView& view, UtcTime now) {
  for (const auto& passage : view.passages) {
    const auto it = readers_.find(passage.gate);
    if (it == readers_.end() || it->second.faults.contains("dead")) continue;
    Reader& reader = it->second;
    // Bicycles and the like have no plate and trigger no camera.
    if (passage.plate.empty()) continue;
    const auto id = std::to_string(view.epoch) + "-" + std::to_string(passage.t.us) + "-" +
                    std::to_string(++reader.reads);
    const auto blind = reader.faults.contains("unreadable");
    const auto seen = read_plate(passage.vehicle, blind ? "" : passage.plate, id, seed_);
    PushRead read;
    read.id = id;
    read.t = passage.t;
    read.plate = seen.plate;
    read.country = seen.country;
    read.confidence = seen.confidence;
    read.image = reader.row + "/" + id + ".jpg";
    if (reader.faults.contains("duplicate")) reader.line->add(read);
    reader.line->add(std::move(read));
  }
  for (auto& [gate, reader] : readers_) {
    if (!reader.faults.contains("dead"))
      reader.line->work(now, reader.faults.contains("wrong_clock") ? kClockFault : 0);
  }
}

bool PlateReaderDevice::set_fault(std::string_view row, std::string_view name, bool on) {
  static const std::set<std::string, std::less<>> kKnown{"dead", "wrong_clock", "garbage",
                                                         "unreadable", "duplicate"};
  if (!kKnown.contains(name)) return false;
  bool found = false;
  for (auto& [gate, reader] : readers_) {
    if (!row.empty() && row != reader.row) continue;
    found = true;
    if (on) {
      reader.faults.emplace(name);
    } else {
      reader.faults.erase(std::string(name));
    }
    reader.line->set_garbage(reader.faults.contains("garbage"));
  }
  return found;
}

std::map<std::string, std::uint64_t> PlateReaderDevice::counters() const {
  std::map<std::string, std::uint64_t> all;
  for (const auto& [gate, reader] : readers_) {
    all["plate_reader.reads"] += reader.reads;
    for (const auto& [name, n] : reader.line->counters()) all["plate_reader." + name] += n;
  }
  return all;
}

}  // namespace dispecer::sim
