#include "fusion/app/outlook.h"

#include <algorithm>
#include <limits>
#include <set>

#include "fusion/forecast/keep.h"

namespace dispecer::fusion {
namespace {

constexpr double kSigmas90 = 1.645;  // half width of a 90 % interval

forecast::State make_forecast(std::size_t places, const OutlookParameters& p,
                              const forecast::Calendar& calendar) {
  forecast::Parameters parameters;
  parameters.step_s = p.step_s;
  parameters.horizons = p.horizons;
  parameters.days_kept = p.days_kept;
  parameters.remembered = p.remembered;
  parameters.block = p.block;
  parameters.spread = true;
  return forecast::make_state(places, parameters, calendar);
}

void put(OutlookMean& mean, const std::optional<Estimate>& estimate, std::uint32_t evidence) {
  if (!estimate || estimate->quality != Quality::live) return;
  if ((estimate->sources & evidence) == 0) return;
  mean.sum += estimate->value;
  ++mean.count;
}

void gather(Outlook& outlook, const CityPicture& picture) {
  ++outlook.pictures;
  for (auto& part : outlook.parts) {
    for (std::size_t i = 0; i < part.rows.size(); ++i) {
      const auto row = part.rows[i];
      if (part.kind == ForecastKind::parking) {
        if (row < picture.parking.size())
          put(part.means[i], picture.parking[row].occupied, kCameras);
      } else if (row < picture.links.size()) {
        const auto& link = picture.links[row];
        if (part.kind == ForecastKind::flow) {
          put(part.means[i], link.flow, kLoops);
        } else {
          put(part.means[i], link.speed, kLoops | kBuses);
        }
      }
    }
  }
}

void close_step(Outlook& outlook) {
  const auto least = static_cast<std::uint32_t>(outlook.parameters.least_share * outlook.pictures);
  for (auto& part : outlook.parts) {
    part.due.assign(part.ids.size(), std::nullopt);
    for (std::size_t i = 0; i < part.due.size(); ++i) {
      auto& mean = part.means[i];
      // A bus passes now and then, a camera counts once a minute; loops tell each second.
      const auto needed = part.kind == ForecastKind::flow ? std::max(least, 1U) : 1U;
      if (mean.count >= needed) part.due[i] = mean.sum / mean.count;
      mean = OutlookMean{};
    }
  }
  outlook.pictures = 0;
  outlook.next_due = 0;
  outlook.due_step = outlook.step;
}

// Learns from the step that ended, for about so many places. True when that was the last of them.
bool learn_due(Outlook& outlook, std::size_t places) {
  if (outlook.next_due >= outlook.parts.size()) return false;
  const UtcTime t{outlook.due_step * outlook.parameters.step_s * 1'000'000};
  for (std::size_t did = 0; outlook.next_due < outlook.parts.size() && did < places;) {
    auto& part = outlook.parts[outlook.next_due++];
    if (part.forecast) forecast::observe(*part.forecast, t, part.due);
    did += part.due.size();
    part.due.clear();
  }
  return outlook.next_due == outlook.parts.size();
}

std::optional<ForecastScore> score_of(const forecast::State& state, std::size_t h,
                                      Eigen::Index place) {
  const auto& score = forecast::score(state, h);
  if (score.count(place) < 1) return std::nullopt;
  return ForecastScore{score.mae(place), score.profile_mae(place),
                       std::clamp<double>(score.covered(place), 0.0, 1.0), score.count(place)};
}

void tell(Outlook& outlook, std::uint32_t epoch) {
  auto& told = outlook.told;
  told.t = UtcTime{(outlook.due_step + 1) * outlook.parameters.step_s * 1'000'000};
  told.epoch = epoch;
  told.places.clear();
  for (const auto& part : outlook.parts) {
    if (!part.forecast) continue;
    for (std::size_t i = 0; i < part.ids.size(); ++i) {
      PlaceForecast row{part.kind, part.ids[i], {}};
      const auto place = static_cast<Eigen::Index>(i);
      for (std::size_t h = 0; h < outlook.parameters.horizons.size(); ++h) {
        const auto& f = forecast::forecast(*part.forecast, h);
        if (!f.ready || f.known(place) < 0.5F) continue;
        ForecastPoint point;
        point.ahead = Seconds{
            static_cast<double>(outlook.parameters.horizons[h] * outlook.parameters.step_s)};
        point.value = f.value(place);
        point.low = f.low(place);
        point.high = f.high(place);
        point.trust = Ratio{std::clamp<double>(f.trust(place), 0.0, 1.0)};
        point.score = score_of(*part.forecast, h, place);
        row.points.push_back(std::move(point));
      }
      if (!row.points.empty()) told.places.push_back(std::move(row));
    }
  }
  ++outlook.made;
}

}  // namespace

Outlook make_outlook(const Network& network, const std::vector<ParkingArea>& parking,
                     const OutlookParameters& parameters) {
  Outlook out;
  out.parameters = parameters;
  std::set<LinkId> measured;
  for (const auto& d : network.detectors) {
    const bool loop = d.kind == DetectorKind::stop_line || d.kind == DetectorKind::advance ||
                      d.kind == DetectorKind::entry;
    if (loop) measured.insert(d.link);
  }
  for (const auto kind : {ForecastKind::flow, ForecastKind::speed}) {
    OutlookPart part;
    part.kind = kind;
    for (std::uint32_t i = 0; i < network.links.size(); ++i) {
      if (!measured.contains(network.links[i].id)) continue;
      part.ids.push_back(network.links[i].id.str());
      part.rows.push_back(i);
    }
    out.parts.push_back(std::move(part));
  }
  OutlookPart areas;
  areas.kind = ForecastKind::parking;
  for (std::uint32_t i = 0; i < parking.size(); ++i) {
    areas.ids.push_back(parking[i].id.str());
    areas.rows.push_back(i);
  }
  out.parts.push_back(std::move(areas));
  for (auto& part : out.parts) {
    part.means.resize(part.ids.size());
    if (!part.ids.empty()) part.forecast = make_forecast(part.ids.size(), parameters, {});
  }
  out.next_due = out.parts.size();
  return out;
}

void set_calendar(Outlook& outlook, const forecast::Calendar& calendar) {
  for (auto& part : outlook.parts) {
    if (part.forecast) part.forecast->calendar = calendar;
  }
}

bool apply(Outlook& outlook, const CityPicture& picture) {
  constexpr std::size_t kPicturesOfMidnight = 200;
  constexpr std::size_t kLeastPlaces = 16;
  outlook.now = picture.t;
  const auto step = picture.t.us / (std::int64_t{outlook.parameters.step_s} * 1'000'000);
  if (outlook.begun && step > outlook.step) {
    (void)learn_due(outlook, std::numeric_limits<std::size_t>::max());
    close_step(outlook);
  }
  const bool told = learn_due(outlook, outlook.parameters.places_at_once);
  if (told) {
    tell(outlook, picture.epoch);
  } else {
    for (auto& part : outlook.parts) {
      if (!part.forecast) continue;
      forecast::go_on(*part.forecast,
                      std::max(kLeastPlaces, part.ids.size() / kPicturesOfMidnight));
    }
  }
  if (!outlook.begun || step > outlook.step) outlook.step = step;
  outlook.begun = true;
  gather(outlook, picture);
  return told;
}

void restart(Outlook& outlook) {
  for (auto& part : outlook.parts) {
    if (part.forecast) forecast::restart(*part.forecast);
    std::fill(part.means.begin(), part.means.end(), OutlookMean{});
  }
  outlook.begun = false;
  outlook.pictures = 0;
  outlook.next_due = outlook.parts.size();
  outlook.told.places.clear();
}

std::vector<std::optional<Expected>> expected_flow(const Outlook& outlook, std::size_t links) {
  std::vector<std::optional<Expected>> out(links);
  const auto& part = outlook.parts.front();
  if (!part.forecast) return out;
  const auto& f = forecast::forecast(*part.forecast, 0);
  if (!f.ready) return out;
  for (std::size_t i = 0; i < part.rows.size(); ++i) {
    const auto place = static_cast<Eigen::Index>(i);
    if (part.rows[i] >= links || f.known(place) < 0.5F) continue;
    const double width = static_cast<double>(f.high(place)) - static_cast<double>(f.low(place));
    out[part.rows[i]] = Expected{f.value(place), std::max(width / (2 * kSigmas90), 1.0)};
  }
  return out;
}

}  // namespace dispecer::fusion
