#include "adapters/rsmp/detectors.h"

#include <cmath>
#include <cstdlib>

#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

constexpr Duration kPeriod = from_seconds(1);
constexpr Duration kPatience =
    from_seconds(1);  // wall time that a period waits for its other parts
constexpr std::size_t kMaxParts = 30;

std::optional<std::vector<double>> read_numbers(std::string_view text) {
  std::vector<double> numbers;
  for (const std::string_view item : split(text, ',')) {
    const std::string copy(item);
    char* end = nullptr;
    const double value = std::strtod(copy.c_str(), &end);
    const bool whole = !copy.empty() && end == copy.c_str() + copy.size();
    if (!whole || !std::isfinite(value)) return std::nullopt;
    numbers.push_back(value);
  }
  return numbers;
}

double at(const std::optional<std::vector<double>>& list, std::size_t i) {
  return list && i < list->size() ? (*list)[i] : -1;
}

}  // namespace

void DetectorFeed::update(const std::vector<StatusValue>& items, Duration clock_error, Now now,
                          Counters& counters) {
  struct Kind {
    std::string_view code;
    std::string_view name;
    std::optional<std::vector<double>> Part::*member;
  };
  static constexpr std::array kKinds{Kind{"S0205", "vehicles", &Part::counts},
                                     Kind{"S0206", "speed", &Part::speeds},
                                     Kind{"S0207", "occupancy", &Part::occupancies}};
  for (const Kind& kind : kKinds) {
    const StatusValue* start = nullptr;
    const StatusValue* list = nullptr;
    for (const StatusValue& item : items) {
      if (item.code != kind.code) continue;
      if (item.name == "start") start = &item;
      if (item.name == kind.name) list = &item;
    }
    if (start == nullptr && list == nullptr) continue;
    if (start == nullptr || list == nullptr) {
      ++counters["rsmp.detectors.partial"];
      continue;
    }
    // Buffered values belong to a history, not to the live picture.
    if (start->quality != Quality::recent || list->quality != Quality::recent) {
      ++counters["rsmp.detectors.not_recent"];
      continue;
    }
    const auto begin = parse_iso(start->value.text.value_or(""));
    auto numbers = read_numbers(list->value.text.value_or(""));
    if (!begin.ok() || !numbers) {
      ++counters["rsmp.detectors.bad_value"];
      continue;
    }
    const auto [part, fresh] = parts_.try_emplace(*begin - clock_error);
    if (fresh) part->second.first = now.mono;
    part->second.*(kind.member) = std::move(numbers);
  }
}

std::vector<DetectorBatch> DetectorFeed::take(const std::vector<JunctionWire>& junctions,
                                              const StatusBoard& board, Now now, PointWatch& watch,
                                              std::vector<PriorityPoint>& points) {
  std::vector<DetectorBatch> batches;
  const std::string occupied = board.text("S0002", "detectorlogicstatus").value_or("");
  const std::string forced = board.text("S0021", "detectorlogics").value_or("");
  const auto is_set = [](const std::string& bits, std::size_t i) {
    return i < bits.size() && bits[i] == '1';
  };
  while (!parts_.empty()) {
    const auto& [begin, part] = *parts_.begin();
    const bool waited = now.mono - part.first >= kPatience || parts_.size() > kMaxParts;
    if (!part.complete() && !waited) break;
    for (const JunctionWire& junction : junctions) {
      DetectorBatch batch{junction.id(), begin, begin + kPeriod, {}};
      for (const DetectorWire& wire : junction.detectors) {
        const std::size_t i = wire.number - 1;
        const double count = at(part.counts, i);
        const double occupancy = at(part.occupancies, i);
        const double speed = at(part.speeds, i);
        if (count < 0 || count > 100000) continue;
        if (announces(wire.kind)) {
          if (count >= 1 && !is_set(forced, i)) watch.counted(junction.id(), wire, begin, points);
          continue;
        }
        DetectorSample sample;
        sample.detector = wire.id;
        sample.count = static_cast<std::uint32_t>(std::lround(count));
        sample.occupancy = {std::min(1.0, std::max(0.0, occupancy) / 100.0)};
        sample.occupied = is_set(occupied, i);
        sample.forced = is_set(forced, i);
        if (speed >= 0 && speed <= 360 && count > 0) {
          sample.speed = MetresPerSecond{speed / 3.6};
        }
        batch.samples.push_back(sample);
      }
      if (!batch.samples.empty()) batches.push_back(std::move(batch));
    }
    parts_.erase(parts_.begin());
  }
  return batches;
}

}  // namespace dispecer::rsmp
