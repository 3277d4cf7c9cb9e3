// What the console knows of the city that does not change: geometry on a local plane, names,
// provenance, signals.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/plan/junction_signals.h"
#include "fusion/model/access.h"
#include "fusion/model/air.h"
#include "fusion/model/network.h"
#include "fusion/model/parking.h"

namespace dispecer::hmi {

struct Box {
  Local low{1e18, 1e18};
  Local high{-1e18, -1e18};
  void add(Local p);
  [[nodiscard]] bool meets(const Box& other) const;
};

struct LinkShape {
  LinkId id;
  std::string name;
  std::vector<Local> points;
  Box box;
  std::uint32_t lanes = 1;
  bool motor = true;
  bool cycle = false;
  Provenance provenance = Provenance::unknown;
};

struct JunctionMark {
  JunctionId id;
  std::string name;
  Local at;
  bool signalised = false;
  Provenance provenance = Provenance::unknown;
};

struct CityView {
  explicit CityView(LonLat origin) : plane(origin) {}
  LocalPlane plane;
  std::string title;
  Box bounds;
  std::vector<LinkShape> links;
  std::vector<JunctionMark> junctions;  // signalised ones first
  std::map<JunctionId, JunctionSignals> signals;
  std::vector<ParkingArea> parking;
  std::vector<Zone> zones;
  std::vector<Gate> gates;
  std::vector<AirStation> stations;
  std::map<std::string, std::string> line_names;  // line id -> short name
  std::shared_ptr<const Network> network;         // to check entries of the book against

  [[nodiscard]] const JunctionMark* junction(const JunctionId& id) const;
  [[nodiscard]] const LinkShape* link(const LinkId& id) const;
  [[nodiscard]] const ParkingArea* area(const ParkingId& id) const;
};

CityView make_city_view(std::string title, LonLat origin, const Network& network,
                        std::map<JunctionId, JunctionSignals> signals,
                        std::vector<ParkingArea> parking, std::vector<Zone> zones,
                        std::vector<Gate> gates, std::vector<AirStation> stations);

// Window pixels <-> metres. `scale` is pixels per metre.
struct MapView {
  Local centre;
  double scale = 0.1;
  double width = 800;
  double height = 600;

  [[nodiscard]] Local to_screen(Local p) const;
  [[nodiscard]] Local to_plane(Local s) const;
  [[nodiscard]] Box visible() const;
  void fit(const Box& box);
  void pan(double dx, double dy);
  // Keeps the point under the cursor where it is. Clamped to 0.01 to 20 pixels per metre.
  void zoom_at(Local screen, double factor);
};

// The nearest junction within `pixels` of a screen position, nullptr = none; signalised ones win
// over others.
const JunctionMark* junction_at(const CityView& city, const MapView& view, Local screen,
                                double pixels);
// The nearest link within `pixels`.
const LinkShape* link_at(const CityView& city, const MapView& view, Local screen, double pixels);

}  // namespace dispecer::hmi
