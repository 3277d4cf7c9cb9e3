// One junction as the decision sees it in one second: demand, what stands downstream, lamps, and
// how old all of that is.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "controller/signals/site.h"
#include "fusion/model/picture.h"

namespace dispecer::signals {

inline constexpr std::size_t kBins = 12;  // of expected arrivals
inline constexpr double kBinSeconds = 5;

struct MovementView {
  double queue = 0;                      // veh
  std::array<double, kBins + 1> come{};  // veh that come within the first n bins
  double waiting = 0;                    // s, of the first in the queue, or since a detector called
  bool known = false;                    // a healthy detector speaks for it, and lately
  bool blocked = false;                  // has green, but the first in its lanes cannot go
  double storage = 0;                    // of the link it leads to, 0..1
  double ahead = 0;  // the same as it costs: a link that the junction empties itself is never tight
  double filled = 0;  // share of its link, at most of `approach_m`, that its queue fills, 0..1
  double spill = 0;   // 0..2: how far its queue fills its link (0..1) and stands beyond it (0..1)
  [[nodiscard]] bool wants() const { return queue > 0.3 || waiting > 0; }
  // Vehicles that come within t seconds, t >= 0; after the last bin at the mean rate.
  [[nodiscard]] double arrivals(double t) const;
};

// What is left of the weight of a vehicle that the link ahead has little room for, 0..1: all of it
// up to `pressure_from`, nothing of it from `spillback_storage` on. `storage` of that link, 0..1.
double downstream_factor(double storage, const SignalParameters& parameters);

struct CrossingView {
  bool called = false;
  double waiting = 0;  // s
  bool known = false;
};

struct JunctionView {
  const SignalObservation* signal = nullptr;  // nullptr = nothing was ever observed
  double signal_age = 0;                      // s
  double data_age = 0;  // s, of the newest evidence on traffic; large where there is none
  std::vector<MovementView> movements;  // as Site::movements
  std::vector<CrossingView> crossings;  // as Site::crossings
  std::vector<double> beyond;           // veh, as Feeders::approaches: on links that lead there
  std::vector<double> part;  // as Feeders::rows: of its queue that comes into the approach
};

// Where in a picture the rows of one junction stand. A picture keeps its order from second to
// second; where it did not, the rows are found again.
struct ViewIndex {
  std::size_t signal = 0;
  std::vector<std::size_t> movements;
  std::vector<std::size_t> downstream;
  std::vector<std::size_t> upstream;
  std::vector<std::size_t> crossings;
  std::vector<std::size_t> approaches;            // as Feeders::approaches, links
  std::vector<std::size_t> feeders;               // as Feeders::rows
  std::vector<std::vector<std::size_t>> of_link;  // as Feeder::of_link
};

// Rows of a picture by id.
class PictureIndex {
 public:
  // Cheap where the ids stand in the order of the picture before.
  void update(const CityPicture& picture);
  [[nodiscard]] std::size_t signal(const JunctionId& id) const { return find(signals_, id); }
  [[nodiscard]] std::size_t movement(const MovementId& id) const { return find(movements_, id); }
  [[nodiscard]] std::size_t link(const LinkId& id) const { return find(links_, id); }
  [[nodiscard]] std::size_t crossing(const CrossingId& id) const { return find(crossings_, id); }
  [[nodiscard]] std::uint64_t version() const { return version_; }

 private:
  template <class I>
  static std::size_t find(const std::map<I, std::size_t>& in, const I& id) {
    const auto it = in.find(id);
    return it == in.end() ? static_cast<std::size_t>(-1) : it->second;
  }
  std::map<JunctionId, std::size_t> signals_;
  std::map<MovementId, std::size_t> movements_;
  std::map<LinkId, std::size_t> links_;
  std::map<CrossingId, std::size_t> crossings_;
  std::vector<JunctionId> signal_order_;
  std::vector<MovementId> movement_order_;
  std::vector<LinkId> link_order_;
  std::vector<CrossingId> crossing_order_;
  std::uint64_t version_ = 0;  // grows when rows moved
};

ViewIndex find_rows(const Site& site, const PictureIndex& index);
// Fills `view`, whose vectors are kept from second to second. A row that the picture lacks is
// unknown, never zero demand.
void look(const Site& site, const ViewIndex& rows, const CityPicture& picture, UtcTime now,
          const SignalParameters& parameters, JunctionView& view);

}  // namespace dispecer::signals
