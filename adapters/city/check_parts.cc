#include <algorithm>
#include <set>

#include "adapters/city/files.h"
#include "controller/plan/early_start.h"
#include "fusion/model/book_check.h"

namespace dispecer::city {
namespace {

Error fault(const char* cause, const std::string& what, const std::string& where) {
  return {cause, what, where};
}

Error length_fault(std::size_t found, std::size_t expected, const std::string& where) {
  return fault("wrong_length",
               "found " + std::to_string(found) + ", expected " + std::to_string(expected), where);
}

bool has_group(const JunctionSignals& s, const SignalGroupId& id) {
  return std::any_of(s.groups.begin(), s.groups.end(),
                     [&](const SignalGroup& g) { return g.id == id; });
}

template <class T>
const std::vector<const T*>& of(const std::map<JunctionId, std::vector<const T*>>& all,
                                const JunctionId& id) {
  static const std::vector<const T*> none;
  const auto it = all.find(id);
  return it == all.end() ? none : it->second;
}

bool leads(const Network& network, const LinkId& from, const LinkId& to) {
  return std::any_of(network.movements.begin(), network.movements.end(),
                     [&](const Movement& m) { return m.from == from && m.to == to; });
}

Result<> check_against_network(const Index& index, const JunctionSignals& s) {
  const auto it = index.junctions.find(s.junction);
  if (it == index.junctions.end() || !it->second->signalised) {
    return fault("unknown_reference",
                 "found '" + s.junction.str() + "', expected a signalised junction", "junction");
  }
  std::set<SignalGroupId> ids;
  for (const auto& g : s.groups) {
    if (g.id.empty()) return fault("missing_key", "a group has no id", "groups");
    if (!ids.insert(g.id).second) {
      return fault("duplicate", "group '" + g.id.str() + "' is found twice", "groups");
    }
  }
  const auto refer = [&](const SignalGroupId& group, const char* kind,
                         const std::string& id) -> Result<> {
    if (group.empty() || has_group(s, group)) return Ok{};
    return fault("unknown_reference",
                 std::string(kind) + " '" + id + "' of network.geojson has group '" + group.str() +
                     "', expected a group of this junction",
                 "groups");
  };
  for (const auto* m : of(index.movements, s.junction)) {
    if (auto r = refer(m->group, "movement", m->id.str()); !r) return r;
  }
  for (const auto* c : of(index.crossings, s.junction)) {
    if (auto r = refer(c->group, "crossing", c->id.str()); !r) return r;
  }
  std::set<std::uint32_t> numbers;
  const auto& detectors = of(index.detectors, s.junction);
  for (const auto* d : detectors) {
    if (auto r = refer(d->group, "detector", d->id.str()); !r) return r;
    if (d->number == 0 || d->number > detectors.size() || !numbers.insert(d->number).second) {
      return fault("doubly_mapped",
                   "detector '" + d->id.str() + "' of network.geojson has number " +
                       std::to_string(d->number) + ", expected each of 1 to " +
                       std::to_string(detectors.size()) + " once",
                   "detectors");
    }
  }
  return Ok{};
}

Result<> check_rsmp(const City& city, const Index& index, const JunctionBundle& b) {
  const auto where = "rsmp.toml: intersection of '" + b.signals.junction.str() + "'";
  if (!b.rsmp) return fault("unmapped", "found none, expected one", where);
  const auto& m = *b.rsmp;
  if (m.controller != b.signals.controller) {
    return fault(
        "bad_value",
        "found '" + m.controller.str() + "', expected '" + b.signals.controller.str() + "'",
        where + ".controller");
  }
  if (m.site_id.empty() || m.main_component.empty()) {
    return fault("missing_key", "found nothing, expected a text",
                 where + (m.site_id.empty() ? ".site_id" : ".main_component"));
  }
  if (m.group_components.size() != b.signals.groups.size()) {
    return length_fault(m.group_components.size(), b.signals.groups.size(),
                        where + ".group_components");
  }
  const auto detectors = of(index.detectors, b.signals.junction).size();
  if (m.detector_components.size() != detectors) {
    return length_fault(m.detector_components.size(), detectors, where + ".detector_components");
  }
  std::set<std::string> own;
  for (const auto* list : {&m.group_components, &m.detector_components}) {
    for (const auto& c : *list) {
      if (c.empty() || !own.insert(c).second) {
        return fault("doubly_mapped", "component '" + c + "' is found twice, expected once", where);
      }
    }
  }
  for (const auto& other : city.rsmp) {
    if (other.junction == m.junction) continue;
    if (other.site_id != m.site_id) continue;
    if (other.controller != m.controller) {
      return fault(
          "doubly_mapped",
          "site '" + m.site_id + "' is also that of controller '" + other.controller.str() + "'",
          where + ".site_id");
    }
    for (const auto* list : {&other.group_components, &other.detector_components}) {
      for (const auto& c : *list) {
        if (own.contains(c)) {
          return fault("doubly_mapped",
                       "component '" + c + "' is also one of '" + other.junction.str() + "'",
                       where);
        }
      }
    }
  }
  return Ok{};
}

Result<> check_lights(const City& city, const Index& index, const JunctionBundle& b) {
  const auto where = "sumo.toml: junction '" + b.signals.junction.str() + "'";
  if (!b.traffic_light || b.traffic_light->empty()) {
    return fault("unmapped", "found nothing, expected a traffic light", where + ".traffic_light");
  }
  for (const auto& [other, light] : city.sumo.traffic_light) {
    if (other != b.signals.junction && light == *b.traffic_light) {
      return fault("doubly_mapped", "'" + light + "' is also that of '" + other.str() + "'",
                   where + ".traffic_light");
    }
  }
  const auto groups = b.group_indices.value_or(std::vector<std::vector<std::uint32_t>>{});
  if (groups.size() != b.signals.groups.size()) {
    return length_fault(groups.size(), b.signals.groups.size(), where + ".group_indices");
  }
  const std::size_t length = b.idle_state.value_or("").size();
  std::set<std::uint32_t> seen;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto name = where + ".group_indices[" + std::to_string(g) + "]";
    if (groups[g].empty()) return fault("unmapped", "found no index, expected one or more", name);
    for (const auto i : groups[g]) {
      if (!seen.insert(i).second) {
        return fault("doubly_mapped", "index " + std::to_string(i) + " is found twice", name);
      }
      if (i >= length) {
        return fault("wrong_length",
                     "idle_state has " + std::to_string(length) + " characters, index " +
                         std::to_string(i) + " needs more",
                     where + ".idle_state");
      }
    }
  }
  for (const auto* d : of(index.detectors, b.signals.junction)) {
    const bool loop = d->kind != DetectorKind::push_button && d->kind != DetectorKind::door_closed;
    if (loop && !city.sumo.induction_loop.contains(d->id)) {
      return fault("unmapped", "found no loop for this detector, expected one",
                   "sumo.toml: induction_loop '" + d->id.str() + "'");
    }
  }
  return Ok{};
}

Result<> check_windows(const std::vector<WeekWindow>& windows, const std::string& where) {
  for (const auto& w : windows) {
    if (w.weekdays == 0) return fault("bad_value", "no weekday is set", where + ".weekdays");
    if (w.from_minute >= w.to_minute) {
      return fault("bad_value",
                   "found " + std::to_string(w.from_minute) + " to " + std::to_string(w.to_minute) +
                       ", expected a window that is not empty",
                   where);
    }
  }
  return Ok{};
}

Result<> check_place(const Index& index, const LinkId& link, Metres along) {
  const auto it = index.links.find(link);
  if (it == index.links.end()) {
    return fault("unknown_reference", "found '" + link.str() + "', expected a link", "link");
  }
  if (along.value > it->second->length.value + 1) {
    return fault("out_of_range", "lies beyond the end of link '" + link.str() + "'", "along");
  }
  return Ok{};
}

}  // namespace

Result<> check_junction(const City& city, const Index& index, const JunctionBundle& b) {
  const auto& s = b.signals;
  if (s.controller.empty()) {
    return fault("missing_key", "found nothing, expected a text", "controller");
  }
  if (auto r = validate(s); !r) return r;
  if (auto r = check_against_network(index, s); !r) return r;
  for (const auto& [id, other] : city.signals) {
    if (id != s.junction && other.controller == s.controller &&
        other.intersection == s.intersection) {
      return fault("doubly_mapped",
                   "intersection " + std::to_string(s.intersection) + " of controller '" +
                       s.controller.str() + "' is also that of '" + id.str() + "'",
                   "intersection");
    }
  }
  const auto device = std::find_if(city.devices.begin(), city.devices.end(), [&](const auto& d) {
    return d.kind == "controller" && d.id == s.controller.str();
  });
  if (device == city.devices.end()) {
    return fault("unmapped", "controller '" + s.controller.str() + "' has no row in devices.toml",
                 "controller");
  }
  if (device->protocol == "rsmp") {
    if (auto r = check_rsmp(city, index, b); !r) return r;
  }
  if (device->street == StreetKind::simulated) {
    if (auto r = check_lights(city, index, b); !r) return r;
  }
  return Ok{};
}

Result<> check_zone(const Zone& z) {
  if (z.id.empty()) return fault("missing_key", "found no id, expected one", "id");
  if (z.polygon.size() < 3) {
    return fault("bad_value",
                 "found " + std::to_string(z.polygon.size()) + " points, expected 3 or more",
                 "polygon");
  }
  if (!z.active.empty() && z.legal.decision.empty()) {
    return fault("missing_key", "a zone that restricts needs the council's decision",
                 "legal.decision");
  }
  if (!z.legal.decision.empty() && z.legal.validity.end <= z.legal.validity.begin) {
    return fault("bad_value", "ends before it begins", "legal.validity");
  }
  if (auto r = check_windows(z.active, "active"); !r) return r;
  for (const auto& e : z.exempt) {
    if (e.kind == PermitKind::unknown) {
      return fault("bad_value", "found no kind of permit, expected one", "exempt.kind");
    }
    if (auto r = check_windows(e.windows, "exempt.windows"); !r) return r;
  }
  return Ok{};
}

Result<> check_gate(const City& city, const Index& index, const Gate& gate) {
  if (gate.id.empty()) return fault("missing_key", "found no id, expected one", "id");
  if (std::none_of(city.zones.begin(), city.zones.end(),
                   [&](const Zone& z) { return z.id == gate.zone; })) {
    return fault("unknown_reference", "found '" + gate.zone.str() + "', expected a zone", "zone");
  }
  for (const auto& other : city.gates) {
    if (!gate.reader.empty() && other.reader == gate.reader) {
      return fault("doubly_mapped",
                   "'" + gate.reader.str() + "' is also at '" + other.id.str() + "'", "reader");
    }
    if (!gate.sign.empty() && other.sign == gate.sign) {
      return fault("doubly_mapped", "'" + gate.sign.str() + "' is also at '" + other.id.str() + "'",
                   "sign");
    }
  }
  return check_place(index, gate.link, gate.along);
}

Result<> check_parking(const Index& index, const ParkingArea& area) {
  if (area.id.empty()) return fault("missing_key", "found no id, expected one", "id");
  const auto special =
      area.disabled_bays + area.loading_bays + area.resident_bays + area.charging_bays;
  if (special > area.capacity) {
    return fault("out_of_range",
                 "found " + std::to_string(special) + " special bays, expected at most " +
                     std::to_string(area.capacity),
                 "capacity");
  }
  return check_place(index, area.link, area.along);
}

// No wire carries a delay of one group inside a stage: where the controller has no stage that
// leads, or cannot be asked for it, the city's wish stays one, and somebody should know.
std::vector<AlarmEvent> early_start_alarms(const City& city, const Index& index) {
  std::vector<AlarmEvent> out;
  for (const auto& [junction, crossings] : index.crossings) {
    const auto signals = city.signals.find(junction);
    if (signals == city.signals.end()) continue;
    const auto early = early_groups(signals->second, crossings);
    if (early.empty()) continue;
    const auto without = stages_without_lead(signals->second, early);
    const bool lever = signals->second.lever >= Lever::stage;
    if (without.empty() && lever) continue;
    std::string text = lever ? "no stage leads stage" : "its lever cannot ask for a stage";
    for (const auto stage : without) text += lever ? " " + std::to_string(stage) : "";
    out.push_back({"early_start_no_stage", junction.str(), AlarmPriority::low, true, {}, text});
  }
  return out;
}

Result<> check_progression(const Network& network, const Index& index, const Progression& p) {
  if (p.id.empty()) return fault("missing_key", "found no id, expected one", "id");
  if (p.links.size() < 2) {
    return fault("bad_value", "found fewer than two links, expected a street", "links");
  }
  for (std::size_t i = 0; i < p.links.size(); ++i) {
    if (!index.links.contains(p.links[i])) {
      return fault("unknown_reference", "found '" + p.links[i].str() + "', expected a link",
                   "links");
    }
    if (i > 0 && !leads(network, p.links[i - 1], p.links[i])) {
      return fault(
          "bad_value",
          "found no movement from '" + p.links[i - 1].str() + "' to '" + p.links[i].str() + "'",
          "links");
    }
  }
  return Ok{};
}

Result<> check_entry(const City& city, const Index& index, const BookEntry& e) {
  BookReferences known;
  known.link = [&](const LinkId& l) { return index.links.contains(l); };
  known.junction = [&](const JunctionId& j) { return index.junctions.contains(j); };
  known.plan = [&](const JunctionId& j, std::uint32_t plan) {
    // A junction whose file is quarantined has no plans here; the guard knows those of its own.
    const auto signals = city.signals.find(j);
    return signals == city.signals.end() || find_plan(signals->second, plan) != nullptr;
  };
  known.movement = [&](const LinkId& from, const LinkId& to) {
    return leads(city.network, from, to);
  };
  return check_entry(e, known);
}

Result<> check_emergency(const EmergencyUnit& u) {
  if (u.id.empty()) return fault("missing_key", "found no id, expected a vehicle's", "id");
  if (u.kind == EmergencyKind::unknown) {
    return fault("missing_key", "found no kind, expected one", "kind");
  }
  return Ok{};
}

Result<> check_emergency(const Index& index, const EmergencyDesk& d) {
  if (d.id.empty()) return fault("missing_key", "found no id, expected an automaton's name", "id");
  if (d.kinds.empty() || std::count(d.kinds.begin(), d.kinds.end(), EmergencyKind::unknown) != 0) {
    return fault("missing_key", "found no kind, expected those that it may ask for", "kinds");
  }
  for (const auto& l : d.route) {
    if (!index.links.contains(l)) {
      return fault("unknown_reference", "found '" + l.str() + "', expected a link", "route");
    }
  }
  return Ok{};
}

Result<> check_emergency(const Network& network, const EmergencyRoute& r) {
  const bool known = std::any_of(network.movements.begin(), network.movements.end(),
                                 [&](const Movement& m) { return m.id == r.id; });
  if (!known) {
    return fault("unknown_reference", "found '" + r.id.str() + "', expected a movement", "id");
  }
  if (r.number == 0) return fault("missing_key", "found no number, expected 1 to 255", "number");
  return Ok{};
}

}  // namespace dispecer::city
