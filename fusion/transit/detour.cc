#include "fusion/transit/detour.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace dispecer::transit {
namespace {

constexpr double kAtEnd_m = 30;  // a stop nearer to where the ways part is still served

// Links of a shape: [leaves, joins] is replaced by the way, which begins and ends with the two.
struct Part {
  std::size_t leaves = 0;
  std::size_t joins = 0;
};

std::optional<Part> part_of(const Shape& shape, const std::vector<LinkId>& way) {
  if (way.size() < 2) return std::nullopt;
  const auto& links = shape.links;
  const auto first = std::find(links.begin(), links.end(), way.front());
  if (first == links.end()) return std::nullopt;
  const auto last = std::find(links.rbegin(), links.rend(), way.back());
  if (last == links.rend()) return std::nullopt;
  const Part part{static_cast<std::size_t>(first - links.begin()),
                  links.size() - 1 - static_cast<std::size_t>(last - links.rbegin())};
  return part.leaves < part.joins ? std::optional(part) : std::nullopt;
}

using Links = std::map<LinkId, const Link*>;

double length_of(const std::vector<LinkId>& ids, std::size_t from, std::size_t to,
                 const Links& links) {
  double sum = 0;
  for (std::size_t i = from; i < to; ++i) {
    const auto it = links.find(ids[i]);
    if (it != links.end()) sum += it->second->length.value;
  }
  return sum;
}

// Drawn link by link: where the old drawing parts from the links nobody can tell.
void draw(Shape& shape, const Links& links) {
  shape.points.clear();
  for (const auto& id : shape.links) {
    const auto it = links.find(id);
    if (it == links.end()) continue;
    const auto& drawn = it->second->shape;
    shape.points.insert(shape.points.end(), drawn.begin(), drawn.end());
  }
}

bool left_out(const Stop& stop, const Shape& shape, const Part& part, const Shape& driven,
              const Links& links) {
  const auto on = [&](const Shape& s, std::size_t from, std::size_t to) {
    return std::find(s.links.begin() + static_cast<std::ptrdiff_t>(from),
                     s.links.begin() + static_cast<std::ptrdiff_t>(to),
                     stop.link) != s.links.begin() + static_cast<std::ptrdiff_t>(to);
  };
  if (!stop.link.empty()) {
    return on(shape, part.leaves + 1, part.joins) && !on(driven, 0, driven.links.size());
  }
  // A stop that no link is known of: nearer to what is left out than to what is driven.
  const LocalPlane plane(stop.position);
  const auto off = [&](const Shape& s, std::size_t from, std::size_t to) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = from; i < to; ++i) {
      const auto it = links.find(s.links[i]);
      if (it == links.end()) continue;
      std::vector<Local> line;
      for (const auto& p : it->second->shape) line.push_back(plane.to_local(p));
      best = std::min(best, project(line, {0, 0}).off_m);
    }
    return best;
  };
  return off(shape, part.leaves + 1, part.joins) + kAtEnd_m < off(driven, 0, driven.links.size());
}

class Detourer {
 public:
  Detourer(const Timetable& timetable, const Network& network) : out_{timetable, 0, {}} {
    for (const auto& l : network.links) links_[l.id] = &l;
    for (std::size_t i = 0; i < timetable.shapes.size(); ++i) {
      shape_of_.emplace(timetable.shapes[i].id, i);
    }
    for (std::size_t i = 0; i < timetable.stops.size(); ++i) {
      stop_of_.emplace(timetable.stops[i].id, i);
    }
  }

  void lead(const BookEntry& entry) {
    bool matched = false;
    for (auto& trip : out_.timetable.trips) {
      const bool named =
          std::find(entry.lines.begin(), entry.lines.end(), trip.line) != entry.lines.end();
      const auto it = shape_of_.find(trip.shape);
      if (!named || it == shape_of_.end() || done_.contains(trip.id)) continue;
      const Shape& shape = out_.timetable.shapes[it->second];
      const auto part = part_of(shape, entry.way);
      if (!part) continue;
      matched = true;
      done_.insert(trip.id);
      lead(trip, it->second, *part, entry);
    }
    if (!matched) out_.unmatched.push_back(entry.id);
  }

  Detoured take() { return std::move(out_); }

 private:
  // Other lines may run on the same shape, so the way that is driven is a shape of its own.
  void lead(Trip& trip, std::size_t from, const Part& part, const BookEntry& entry) {
    const auto key = std::pair{from, entry.id};
    auto it = driven_.find(key);
    if (it == driven_.end()) {
      Shape driven = out_.timetable.shapes[from];
      driven.id = ShapeId(driven.id.str() + "/" + entry.id.str());
      auto& l = driven.links;
      const auto at = l.erase(l.begin() + static_cast<std::ptrdiff_t>(part.leaves),
                              l.begin() + static_cast<std::ptrdiff_t>(part.joins + 1));
      l.insert(at, entry.way.begin(), entry.way.end());
      draw(driven, links_);
      it = driven_.emplace(key, out_.timetable.shapes.size()).first;
      out_.timetable.shapes.push_back(std::move(driven));
      ++out_.shapes;
    }
    const auto& shapes = out_.timetable.shapes;
    const auto& usual = shapes[from].links;
    const double rejoins = length_of(usual, 0, part.joins, links_);
    const double longer = length_of(entry.way, 1, entry.way.size() - 1, links_) -
                          length_of(usual, part.leaves + 1, part.joins, links_);
    trip.shape = shapes[it->second].id;
    std::erase_if(trip.stop_times, [&](const StopTime& s) {
      const auto stop = stop_of_.find(s.stop);
      return stop != stop_of_.end() && left_out(out_.timetable.stops[stop->second], shapes[from],
                                                part, shapes[it->second], links_);
    });
    for (auto& stop : trip.stop_times) {
      if (stop.along.value >= rejoins) stop.along.value += longer;
    }
  }

  Detoured out_;
  Links links_;
  std::map<ShapeId, std::size_t> shape_of_;
  std::map<StopId, std::size_t> stop_of_;
  std::map<std::pair<std::size_t, BookEntryId>, std::size_t> driven_;
  std::set<TripId> done_;
};

}  // namespace

Detoured detour(const Timetable& timetable, const Network& network,
                const std::vector<BookEntry>& entries) {
  Detourer work(timetable, network);
  for (const auto& e : entries) {
    if (!e.lines.empty()) work.lead(e);
  }
  return work.take();
}

}  // namespace dispecer::transit
