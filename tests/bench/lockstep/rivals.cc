#include "tests/bench/lockstep/rivals.h"

#include <algorithm>

namespace dispecer::bench {
namespace {

constexpr double kSees = 200;         // m
constexpr std::uint64_t kEvery = 10;  // s

}  // namespace

RivalControl::RivalControl(Rival rule, const city::City& city) : rule_(rule) {
  std::map<LinkId, std::size_t> links;
  for (const auto& l : city.network.links) links.emplace(l.id, links.size());
  on_link_.resize(links.size());
  for (const auto& m : city.network.movements) {
    from_.push_back(links.at(m.from));
    to_.push_back(links.at(m.to));
  }
  near_.resize(from_.size());
  for (const auto& [id, signals] : city.signals) {
    Place place;
    place.junction = id;
    for (const auto& stage : signals.stages) {
      StageRow row{stage.number, {}};
      for (std::size_t m = 0; m < city.network.movements.size(); ++m) {
        const auto& movement = city.network.movements[m];
        if (movement.junction != id || movement.group.empty()) continue;
        const bool green =
            std::any_of(stage.green.begin(), stage.green.end(),
                        [&](std::uint32_t g) { return signals.groups[g].id == movement.group; });
        if (green) row.movements.push_back(m);
      }
      place.stages.push_back(std::move(row));
    }
    places_.push_back(std::move(place));
  }
}

std::uint32_t RivalControl::choose(const Place& place) const {
  std::uint32_t best = 0;
  double most = 0;
  for (const auto& stage : place.stages) {
    double worth = 0;
    for (const auto m : stage.movements) {
      worth += near_[m];
      if (rule_ == Rival::max_pressure) {
        worth -= on_link_[to_[m]] /
                 static_cast<double>(std::max<std::size_t>(1, stage.movements.size()));
      }
    }
    if (best == 0 || worth > most) {
      best = stage.number;
      most = worth;
    }
  }
  return best;
}

std::vector<Proposal> RivalControl::decide(const FullSight& sight, UtcTime now) {
  if (second_++ % kEvery == 0) {
    std::fill(near_.begin(), near_.end(), 0.0);
    std::fill(on_link_.begin(), on_link_.end(), 0.0);
    for (const auto& c : sight.coming()) {
      if (c.metres > kSees || (rule_ == Rival::max_pressure && !c.stands)) continue;
      near_[c.movement] += 1;
      on_link_[from_[c.movement]] += 1;
    }
    for (auto& place : places_) place.wanted = choose(place);
  }
  std::vector<Proposal> out;
  for (auto& place : places_) {
    if (place.wanted == 0) continue;
    Proposal p;
    p.junction = place.junction;
    p.id = ProposalId(place.junction.str() + "-" + std::to_string(++place.counter));
    p.write = StageOrder{place.wanted};
    p.decided = now;
    p.based_on = now;
    p.expires = now + from_seconds(3);
    p.actor = {PersonId("bench"), Role::automaton, WorkplaceId("bench")};
    out.push_back(std::move(p));
  }
  return out;
}

}  // namespace dispecer::bench
