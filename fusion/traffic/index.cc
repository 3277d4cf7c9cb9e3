#include "fusion/traffic/index.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace dispecer::traffic {
namespace {

constexpr double kCruise = 0.9;  // of the free speed

template <class Key>
std::uint32_t find(const std::map<Key, std::uint32_t>& in, const Key& key) {
  const auto it = in.find(key);
  return it == in.end() ? kNone : it->second;
}

std::uint32_t group_of(const std::map<JunctionId, JunctionSignals>& signals,
                       const JunctionId& junction, const SignalGroupId& group) {
  const auto it = signals.find(junction);
  if (it == signals.end() || group.empty()) return kNone;
  for (std::size_t i = 0; i < it->second.groups.size(); ++i) {
    if (it->second.groups[i].id == group) return static_cast<std::uint32_t>(i);
  }
  return kNone;
}

void add_links(Index& index, const Network& network) {
  std::map<JunctionId, std::uint32_t> places;
  const auto place = [&](const JunctionId& id) {
    return places.emplace(id, static_cast<std::uint32_t>(places.size())).first->second;
  };
  for (const auto& link : network.links) {
    LinkIndex row;
    row.motor = link.lanes > 0;
    row.from = place(link.from);
    row.to = place(link.to);
    row.id = link.id;
    row.length = std::max(link.length.value, 1.0);
    row.lanes = std::max<std::uint32_t>(link.lanes, 1);
    row.free_speed = link.speed_limit.value > 0 ? link.speed_limit.value : 13.9;
    row.cruise = kCruise * row.free_speed;
    row.travel_s = std::round(row.length / row.cruise);
    row.saturation =
        link.saturation_flow.value > 0 ? link.saturation_flow.value : 1800.0 * row.lanes;
    index.link_of.emplace(link.id, static_cast<std::uint32_t>(index.links.size()));
    index.links.push_back(std::move(row));
  }
}

void add_movements(Index& index, const Network& network,
                   const std::map<JunctionId, JunctionSignals>& signals) {
  for (const auto& movement : network.movements) {
    MovementIndex row;
    row.id = movement.id;
    row.from = find(index.link_of, movement.from);
    row.to = find(index.link_of, movement.to);
    row.junction = find(index.junction_of, movement.junction);
    row.group = group_of(signals, movement.junction, movement.group);
    row.turn = movement.turn;
    row.share = std::max(movement.share.value, 0.0);
    row.lanes = movement.lanes;
    const auto number = static_cast<std::uint32_t>(index.movements.size());
    if (row.from != kNone) {
      auto& from = index.links[row.from];
      if (row.lanes.empty()) {
        row.lanes.resize(from.lanes);
        std::iota(row.lanes.begin(), row.lanes.end(), 0U);
      }
      from.out.push_back(number);
    }
    row.saturation = movement.saturation_flow.value > 0
                         ? movement.saturation_flow.value
                         : 1800.0 * static_cast<double>(std::max<std::size_t>(row.lanes.size(), 1));
    if (row.to != kNone) index.links[row.to].in.push_back(number);
    for (const auto lane : row.lanes) row.lane_bits |= 1U << std::min(lane, 31U);
    index.movement_of.emplace(movement.id, number);
    index.movements.push_back(std::move(row));
  }
  for (auto& link : index.links) {
    link.first_lane = static_cast<std::uint32_t>(index.lanes);
    std::uint32_t bits = 0;
    for (const auto m : link.out) bits |= index.movements[m].lane_bits;
    index.lanes += static_cast<std::size_t>(std::bit_width(bits));
  }
  // Shares that were never learnt are equal.
  for (const auto& link : index.links) {
    double sum = 0;
    for (const auto m : link.out) sum += index.movements[m].share;
    for (const auto m : link.out) {
      auto& share = index.movements[m].share;
      share = sum > 0 ? share / sum : 1.0 / static_cast<double>(link.out.size());
      index.movements[m].given_share = share;
    }
  }
}

void add_detectors(Index& index, const Network& network,
                   const std::map<JunctionId, JunctionSignals>& signals) {
  for (const auto& detector : network.detectors) {
    if (announces(detector.kind)) continue;
    DetectorIndex row;
    row.id = detector.id;
    row.kind = detector.kind;
    row.site = find(index.site_of, detector.junction);
    row.link = find(index.link_of, detector.link);
    row.lane = detector.lane;
    row.to_stop_line = detector.to_stop_line.value;
    row.group = group_of(signals, detector.junction, detector.group);
    const auto number = static_cast<std::uint32_t>(index.detectors.size());
    if (row.link != kNone) {
      auto& link = index.links[row.link];
      if (row.kind == DetectorKind::stop_line) link.stop_line.push_back(number);
      if (row.kind == DetectorKind::advance) link.advance.push_back(number);
      if (row.kind == DetectorKind::entry) link.entry.push_back(number);
      for (const auto m : link.out) {
        auto& movement = index.movements[m];
        if (std::find(movement.lanes.begin(), movement.lanes.end(), row.lane) ==
            movement.lanes.end()) {
          continue;
        }
        row.movements.push_back(m);
        row.turns_right = row.turns_right || movement.turn == Turn::right;
        if (row.kind == DetectorKind::stop_line) movement.stop_line.push_back(number);
      }
    }
    index.detector_of.emplace(detector.id, number);
    index.detectors.push_back(std::move(row));
  }
}

void add_crossings(Index& index, const Network& network,
                   const std::map<JunctionId, JunctionSignals>& signals) {
  for (const auto& crossing : network.crossings) {
    CrossingIndex row;
    row.id = crossing.id;
    row.junction = find(index.junction_of, crossing.junction);
    row.group = group_of(signals, crossing.junction, crossing.group);
    row.push_button = crossing.push_button;
    const auto site = find(index.site_of, crossing.junction);
    for (std::size_t d = 0; d < index.detectors.size() && row.group != kNone; ++d) {
      const auto& detector = index.detectors[d];
      if (detector.kind == DetectorKind::push_button && detector.site == site &&
          detector.group == row.group) {
        row.buttons.push_back(static_cast<std::uint32_t>(d));
      }
    }
    index.crossings.push_back(std::move(row));
  }
}

// What never changes and would be asked for in each second.
void add_lists(Index& index) {
  index.signalled.resize(index.junctions.size());
  for (std::uint32_t m = 0; m < index.movements.size(); ++m) {
    const auto& movement = index.movements[m];
    if (movement.junction != kNone && movement.group != kNone) {
      index.signalled[movement.junction].push_back(m);
    }
    if (movement.from == kNone) continue;
    const auto& from = index.links[movement.from];
    if (!movement.stop_line.empty() || !from.advance.empty() || !from.entry.empty()) {
      index.watched.push_back(m);
    }
  }
  for (auto& detector : index.detectors) {
    if (detector.link == kNone || detector.site == kNone) continue;
    const auto& out = index.links[detector.link].out;
    detector.unsignalled = !index.junction_of.contains(index.sites[detector.site]) &&
                           std::all_of(out.begin(), out.end(), [&](auto m) {
                             return index.movements[m].junction == kNone;
                           });
  }
}

}  // namespace

Index make_index(const Network& network, const std::map<JunctionId, JunctionSignals>& signals) {
  Index index;
  const auto add_site = [&](const JunctionId& id) {
    if (index.site_of.emplace(id, static_cast<std::uint32_t>(index.sites.size())).second) {
      index.sites.push_back(id);
    }
  };
  for (const auto& [id, _] : signals) {
    index.junction_of.emplace(id, static_cast<std::uint32_t>(index.junctions.size()));
    index.junctions.push_back(id);
    add_site(id);
  }
  for (const auto& detector : network.detectors) add_site(detector.junction);
  add_links(index, network);
  add_movements(index, network, signals);
  add_detectors(index, network, signals);
  add_crossings(index, network, signals);
  add_lists(index);
  return index;
}

}  // namespace dispecer::traffic
