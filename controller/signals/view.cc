#include "controller/signals/view.h"

#include <algorithm>

#include "controller/signals/feeders.h"

namespace dispecer::signals {
namespace {

constexpr double kNever = 1e9;

template <class Row, class I>
bool same_order(const std::vector<Row>& rows, const std::vector<I>& order, I Row::*id) {
  if (rows.size() != order.size()) return false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].*id != order[i]) return false;
  }
  return true;
}

template <class Row, class I>
bool refresh(const std::vector<Row>& rows, std::vector<I>& order, std::map<I, std::size_t>& index,
             I Row::*id) {
  if (same_order(rows, order, id)) return false;
  order.clear();
  index.clear();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    order.push_back(rows[i].*id);
    index[rows[i].*id] = i;
  }
  return true;
}

// Nobody is expected on a closed link, nor into one: who would have gone there goes where else the
// link leads. A call at a healthy detector stands, so that who is let through all the same is
// served in the end.
void heed_closures(const Site& site, JunctionView& view) {
  const auto near = [&](std::size_t i) {
    return view.movements[i].queue + view.movements[i].come[kBins] + 0.1;
  };
  const auto clear = [](MovementView& m) {
    m.queue = 0;
    m.come.fill(0);
    if (!m.known) m.waiting = 0;
    m.filled = m.spill = 0;
  };
  for (std::size_t i = 0; i < site.movements.size(); ++i) {
    const auto& shut = site.movements[i];
    if (shut.own.closed) clear(view.movements[i]);
    if (shut.own.closed || !shut.ahead.closed) continue;
    auto& from = view.movements[i];
    double all = 0;
    const auto open = [&](std::size_t k) {
      return site.movements[k].from == shut.from && !site.movements[k].ahead.closed;
    };
    for (std::size_t k = 0; k < site.movements.size(); ++k) {
      if (open(k)) all += near(k);
    }
    for (std::size_t k = 0; k < site.movements.size() && all > 0; ++k) {
      if (!open(k)) continue;
      auto& to = view.movements[k];
      const double own = near(k);
      const double share = own / all;
      all -= own;
      // What is left is shared out among who is left, so that nobody is counted twice.
      to.queue += share * from.queue;
      from.queue -= share * from.queue;
      for (std::size_t b = 0; b <= kBins; ++b) {
        to.come[b] += share * from.come[b];
        from.come[b] -= share * from.come[b];
      }
      to.waiting = std::max(to.waiting, from.waiting);
    }
    clear(from);
  }
}

}  // namespace

double MovementView::arrivals(double t) const {
  const double bins = t / kBinSeconds;
  if (bins >= static_cast<double>(kBins)) return come[kBins] * bins / static_cast<double>(kBins);
  const auto whole = static_cast<std::size_t>(bins);
  return come[whole] + (come[whole + 1] - come[whole]) * (bins - static_cast<double>(whole));
}

void PictureIndex::update(const CityPicture& picture) {
  bool moved = refresh(picture.signals, signal_order_, signals_, &SignalObservation::junction);
  moved |= refresh(picture.movements, movement_order_, movements_, &MovementState::movement);
  moved |= refresh(picture.links, link_order_, links_, &LinkState::link);
  moved |= refresh(picture.crossings, crossing_order_, crossings_, &CrossingState::crossing);
  if (moved) ++version_;
}

ViewIndex find_rows(const Site& site, const PictureIndex& index) {
  ViewIndex rows;
  rows.signal = index.signal(site.signals.junction);
  for (const auto& m : site.movements) {
    rows.movements.push_back(index.movement(m.id));
    rows.downstream.push_back(index.link(m.to));
    rows.upstream.push_back(index.link(m.from));
  }
  for (const auto& c : site.crossings) rows.crossings.push_back(index.crossing(c.id));
  for (const auto& a : site.feeders.approaches) rows.approaches.push_back(index.link(a.link));
  for (const auto& f : site.feeders.rows) {
    rows.feeders.push_back(index.movement(f.id));
    auto& others = rows.of_link.emplace_back();
    for (const auto& m : f.of_link) others.push_back(index.movement(m));
  }
  return rows;
}

double downstream_factor(double storage, const SignalParameters& p) {
  const double room = (p.spillback_storage - storage) / (p.spillback_storage - p.pressure_from);
  return std::clamp(room, 0.0, 1.0);
}

void look(const Site& site, const ViewIndex& rows, const CityPicture& picture, UtcTime now,
          const SignalParameters& parameters, JunctionView& view) {
  const double picture_age = in_seconds(now - picture.t);
  view.signal = rows.signal < picture.signals.size() ? &picture.signals[rows.signal] : nullptr;
  view.signal_age = view.signal == nullptr ? kNever : in_seconds(now - view.signal->t);
  view.data_age = site.movements.empty() ? picture_age : kNever;
  view.movements.assign(site.movements.size(), MovementView{});
  for (std::size_t i = 0; i < site.movements.size(); ++i) {
    auto& m = view.movements[i];
    if (rows.downstream[i] < picture.links.size()) {
      // How much stands on a link is often an estimate; that its queue has reached its entry is
      // seen.
      const auto& ahead = picture.links[rows.downstream[i]];
      const double full = std::min(1.0, ahead.storage.value / site.movements[i].ahead.room);
      m.storage = ahead.spillback ? 1.0 : std::min(full, parameters.unseen_storage);
    }
    m.ahead = site.movements[i].onward.empty() ? m.storage
                                               : std::min(m.storage, parameters.pressure_from);
    if (rows.upstream[i] < picture.links.size() && site.movements[i].length > 0) {
      const auto& own = picture.links[rows.upstream[i]];
      const double tail = own.queue_length ? own.queue_length->value : 0.0;
      const double length = site.movements[i].length;
      m.filled = std::clamp(tail / std::min(length, parameters.approach_m), 0.0, 1.0);
      if (site.movements[i].in_the_way) m.spill = std::clamp(2 * tail / length - 1, 0.0, 1.0);
    }
    if (rows.movements[i] >= picture.movements.size()) continue;
    const auto& from = picture.movements[rows.movements[i]];
    const double age = from.queue.age_s + picture_age;
    if (from.queue.quality != Quality::unknown) view.data_age = std::min(view.data_age, age);
    m.known = from.demand_known && from.queue.usable() && age <= parameters.release_s;
    m.queue = std::max(0.0, from.queue.value);
    m.waiting = from.waiting.value;
    m.blocked = from.blocked;
    const std::size_t told = std::min(kBins, from.arrivals.size());
    for (std::size_t b = 0; b < told; ++b) {
      m.come[b + 1] = m.come[b] + std::max(0.0, from.arrivals[b]);
    }
    for (std::size_t b = told; b < kBins; ++b) {
      const double mean = told == 0 ? 0.0 : m.come[told] / static_cast<double>(told);
      m.come[b + 1] = m.come[b] + mean;
    }
  }
  add_beyond(site, rows, picture, parameters, view);
  if (site.limited) heed_closures(site, view);
  view.crossings.assign(site.crossings.size(), CrossingView{});
  for (std::size_t i = 0; i < site.crossings.size(); ++i) {
    if (rows.crossings[i] >= picture.crossings.size()) continue;
    const auto& from = picture.crossings[rows.crossings[i]];
    view.crossings[i] = {from.called, from.waiting.value, site.crossings[i].push_button};
  }
}

}  // namespace dispecer::signals
