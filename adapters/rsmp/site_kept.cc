// What of ours is set at a site and outlives a connection or this process: open overrides, dynamic
// bands.
#include <algorithm>
#include <cmath>

#include "adapters/rsmp/message/tlc.h"
#include "adapters/rsmp/site.h"

namespace dispecer::rsmp {
namespace {

constexpr Duration kAskAgain = from_seconds(10);  // domain, between wishes to give bands back

using Tuples = std::vector<std::vector<std::int64_t>>;
using BandKey = std::pair<std::uint32_t, std::uint32_t>;  // plan, band

std::optional<Tuples> told_bands(const StatusBoard& board) {
  const auto text = board.text("S0023", "status");
  return text ? parse_tuples(*text, 3) : std::nullopt;
}

// A band that is not listed extends nothing; of one that is listed twice the last counts.
std::int64_t extension_of(const Tuples& told, const BandKey& key) {
  std::int64_t extension = 0;
  for (const auto& t : told) {
    if (t[0] == key.first && t[1] == key.second) extension = t[2];
  }
  return extension;
}

}  // namespace

void WrittenBands::note(const Proposal& proposal, const std::optional<std::string>& text) {
  const auto* bands = std::get_if<BandsOrder>(&proposal.write);
  if (bands == nullptr || proposal.reason.rule == kGiveBackRule) return;
  const auto told = text ? parse_tuples(*text, 3) : std::nullopt;
  timeout_min = bands->timeout_min;
  for (const Band& band : bands->bands) {
    const BandKey key{bands->plan, band.number};
    if (told) before.try_emplace(key, extension_of(*told, key));
    ours[key] = std::llround(band.extension.value);
  }
}

void Site::keep(Kept& kept, const Proposal* next) const {
  for (const auto& [id, state] : states_) {
    ReturnSchedule returns = returns_;
    WrittenBands bands = state.bands;
    if (next != nullptr && next->junction == id) {
      returns.note(*next);
      bands.note(*next, board_.text("S0023", "status"));
    }
    for (KeptOverride& one : returns.kept(id)) kept.overrides.push_back(std::move(one));
    for (const auto& [key, ours] : bands.ours) {
      const auto at = bands.before.find(key);
      const auto before = at == bands.before.end() ? std::nullopt : std::optional(at->second);
      kept.bands.push_back({id, key.first, key.second, before, ours, bands.timeout_min});
    }
  }
}

void Site::restore(const Kept& kept, UtcTime now) {
  for (const KeptOverride& one : kept.overrides) {
    if (!states_.contains(one.junction)) continue;
    returns_.restore(one, now);
    // A fixed time of ours must not look like somebody else's.
    if (one.back == FieldWrite{FixedTimeOrder{false}})
      states_.at(one.junction).fixed_time_ours = true;
  }
  for (const KeptBand& one : kept.bands) {
    const auto at = states_.find(one.junction);
    if (at == states_.end()) continue;
    const BandKey key{one.plan, one.band};
    auto& bands = at->second.bands;
    bands.ours[key] = one.ours;
    if (one.before) bands.before[key] = *one.before;
    bands.timeout_min = one.timeout_min;
  }
}

// After a reconnect: are there bands of ours still at the controller? Then they are to be given
// their earlier extensions, and nothing else is sent before.
bool Site::bands_left(const JunctionWire& wire, Now now, SiteOutput& out) {
  JunctionState& state = states_.at(wire.id());
  if (state.bands.ours.empty()) return false;
  const auto told = told_bands(board_);
  if (!told) return !board_.answered("S0023", "status");
  // The guard wants all bands of a plan named: one that is not ours any more stays as it is.
  std::map<std::uint32_t, BandsOrder> plans;
  std::optional<std::uint32_t> left;
  for (const auto& [key, ours] : state.bands.ours) {
    const auto before = state.bands.before.find(key);
    const std::int64_t found = extension_of(*told, key);
    const bool is_left =
        found == ours && before != state.bands.before.end() && before->second != ours;
    if (is_left && !left) left = key.first;
    const auto value = static_cast<double>(is_left ? before->second : found);
    plans[key.first].bands.push_back({key.second, Seconds{value}});
  }
  BandsOrder back;
  if (left) {
    back = plans[*left];
    back.plan = *left;
  }
  if (back.bands.empty()) {
    state.bands.ours.clear();
    state.bands.before.clear();
    return false;
  }
  if (!state.bands_asked || now.utc - *state.bands_asked >= kAskAgain) {
    state.bands_asked = now.utc;
    back.timeout_min = std::max(state.bands.timeout_min, 1u);
    ++counters_["rsmp.latched_bands"];
    out.returns.push_back(
        {wire.id(), back, {PersonId("adapters/rsmp"), Role::automaton, {}}, false});
  }
  return true;
}

}  // namespace dispecer::rsmp
