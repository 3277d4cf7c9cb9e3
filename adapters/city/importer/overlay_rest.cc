// Zones, parking, air, calendar, devices and origins of an overlay.
#include <date/tz.h>

#include <algorithm>

#include "adapters/city/importer/overlay_row.h"

namespace dispecer::city {
namespace {

// "08:00" to minutes of the day.
std::optional<std::uint32_t> minutes(const std::string& text) {
  unsigned h = 0, m = 0;
  if (std::sscanf(text.c_str(), "%2u:%2u", &h, &m) != 2 || h > 24 || m > 59 || h * 60 + m > 1440) {
    return std::nullopt;
  }
  return h * 60 + m;
}

constexpr std::uint32_t kAllDays = 127;

// "06:00-10:00"; a window over midnight becomes two.
void add_window(Row& row, const char* key, std::uint32_t days, const std::string& from,
                const std::string& to, std::vector<WeekWindow>& into) {
  const auto a = minutes(from);
  const auto b = minutes(to);
  if (!a || !b) {
    row.fail({"bad_value", "found '" + from + "' to '" + to + "', expected times as 08:00", ""},
             key);
  } else if (*a < *b) {
    into.push_back({days, *a, *b});
  } else {
    into.push_back({days, *a, 1440});
    if (*b > 0) into.push_back({((days << 1) | (days >> 6)) & kAllDays, 0, *b});
  }
}

std::uint32_t weekdays(Row& row) {
  const char* kNames[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  const auto days = row.get<std::vector<std::string>>("days", {});
  if (days.empty()) return kAllDays;
  std::uint32_t bits = 0;
  for (const auto& day : days) {
    const auto* it =
        std::find_if(std::begin(kNames), std::end(kNames), [&](const char* n) { return day == n; });
    if (it == std::end(kNames)) {
      row.fail({"bad_value", "found '" + day + "', expected mon to sun", ""}, "days");
    } else {
      bits |= 1U << (it - std::begin(kNames));
    }
  }
  return bits;
}

// Local date or time of the city to UTC; of a repeated hour the first, of a skipped one the moment
// after it.
UtcTime local(Row& row, const char* key, const std::string& zone, const std::string& text,
              int plus_days = 0) {
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  const int n =
      std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s);
  const date::year_month_day day{date::year{y}, date::month{static_cast<unsigned>(mo)},
                                 date::day{static_cast<unsigned>(d)}};
  if (n < 3 || !day.ok() || h < 0 || h > 23 || mi < 0 || mi > 59) {
    row.fail({"bad_value", "found '" + text + "', expected a date or local time", ""}, key);
    return {};
  }
  const auto moment = date::local_days{day} + date::days{plus_days} + std::chrono::hours{h} +
                      std::chrono::minutes{mi} + std::chrono::seconds{s};
  try {
    const auto utc =
        date::locate_zone(zone)->to_sys(moment, date::choose::earliest).time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(utc).count()};
  } catch (const std::exception&) {
    row.fail({"bad_value", "the time zone '" + zone + "' is not known here", ""}, key);
    return {};
  }
}

Provenance origin(const std::string& text) {
  return from_name<Provenance>(text).value_or(Provenance::unknown);
}

LonLat middle(const std::vector<LonLat>& points) {
  LonLat m;
  for (const auto& p : points) {
    m.lon += p.lon / static_cast<double>(points.size());
    m.lat += p.lat / static_cast<double>(points.size());
  }
  return {std::round(m.lon * 1e7) / 1e7, std::round(m.lat * 1e7) / 1e7};
}

class RestReader {
 public:
  RestReader(City& city, Findings& findings, bool demonstration)
      : city_(city), findings_(findings), demonstration_(demonstration) {}

  Result<> zones(const Value& tree) {
    return each(tree, "zones.toml", "zone", [&](Row& row) {
      Zone z;
      z.id = ZoneId(row.need<std::string>("id"));
      z.name = row.get<std::string>("name", z.id.str());
      z.version = row.get<std::string>("version", "1");
      z.polygon = row.need<std::vector<LonLat>>("polygon");
      z.legal.authority = row.get<std::string>("authority", "Consiliul Local");
      z.legal.decision = row.get<std::string>("council_decision", "");
      z.legal.text = row.get<std::string>("legal_basis", "");
      z.legal.demonstration = demonstration_;
      z.legal.validity.begin =
          local(row, "valid_from", city_.timezone, row.need<std::string>("valid_from"));
      z.legal.validity.end =
          local(row, "valid_to", city_.timezone, row.get<std::string>("valid_to", "2099-12-31"), 1);
      add_window(row, "from", weekdays(row), row.get<std::string>("from", "00:00"),
                 row.get<std::string>("to", "24:00"), z.active);
      z.grace = {row.get<double>("grace_s", 0)};
      z.provenance = Provenance::invented;
      if (const auto* permits = row.find("permit"); permits != nullptr && permits->list()) {
        for (const auto& p : *permits->list()) add_permit(row, p, z);
      }
      if (const auto* gates = row.find("gate"); gates != nullptr && gates->list()) {
        for (const auto& g : *gates->list()) add_gate(row, g, z.id);
      }
      city_.zones.push_back(std::move(z));
    });
  }

  Result<> parking(const Value& tree) {
    city_.parking.clear();  // the overlay knows them better than the simulation
    return each(tree, "parking.toml", "area", [&](Row& row) {
      ParkingArea a;
      a.id = ParkingId(row.need<std::string>("id"));
      a.name = row.get<std::string>("name", a.id.str());
      a.kind = row.get<ParkingKind>("kind", ParkingKind::unknown);
      a.link = LinkId(row.need<std::string>("link"));
      const double from = row.get<double>("from_m", 0);
      a.along = {(from + row.get<double>("to_m", from)) / 2};
      a.polygon = row.get<std::vector<LonLat>>("polygon", {});
      a.position = a.polygon.empty() ? on_link(a.link, a.along.value) : middle(a.polygon);
      a.capacity = row.need<std::uint32_t>("capacity");
      if (const auto* special = row.find("special")) {
        Row bays(*special, row.where() + "special.");
        a.disabled_bays = bays.get<std::uint32_t>("disabled", 0);
        a.loading_bays = bays.get<std::uint32_t>("loading", 0);
        a.resident_bays = bays.get<std::uint32_t>("resident", 0);
        a.charging_bays = bays.get<std::uint32_t>("charging", 0);
        if (!bays.result().ok()) row.fail(bays.result().error(), "special");
      }
      a.camera = row.get<bool>("camera", false);
      a.tariff_zone = row.get<std::string>("tariff_zone", "");
      a.grace = {row.get<double>("grace_min", 5) * 60};
      a.provenance = Provenance::invented;
      city_.parking.push_back(std::move(a));
    });
  }

  Result<> air(const Value& tree) {
    return each(tree, "air.toml", "station", [&](Row& row) {
      AirStation s;
      s.id = StationId(row.need<std::string>("id"));
      s.name = row.get<std::string>("name", s.id.str());
      s.position = row.need<LonLat>("position");
      s.pollutants = row.need<std::vector<Pollutant>>("pollutants");
      s.provenance = Provenance::invented;
      city_.stations.push_back(std::move(s));
    });
  }

  Result<> emergency(const Value& tree) {
    auto& all = city_.emergency;
    auto r = each(tree, "emergency.toml", "unit", [&](Row& row) {
      all.units.push_back(
          {VehicleId(row.need<std::string>("id")), row.need<EmergencyKind>("kind")});
    });
    if (!r) return r;
    return each(tree, "emergency.toml", "desk", [&](Row& row) {
      EmergencyDesk d;
      d.id = PersonId(row.need<std::string>("id"));
      d.kinds = row.need<std::vector<EmergencyKind>>("kinds");
      d.route = row.get<std::vector<LinkId>>("route", {});
      all.desks.push_back(std::move(d));
    });
  }

  Result<> progressions(const Value& tree) {
    return each(tree, "progressions.toml", "progression", [&](Row& row) {
      constexpr double kKmh = 3.6;
      Progression p;
      p.id = row.need<std::string>("id");
      p.links = row.need<std::vector<LinkId>>("links");
      p.speed = {row.get<double>("speed_kmh", p.speed.value * kKmh, {4, 100}) / kKmh};
      p.flow = {row.get<double>("flow_per_h", p.flow.value, {0, 5000})};
      p.weight = row.get<double>("weight", p.weight, {0, 10});
      p.provenance = Provenance::sourced;
      city_.network.progressions.push_back(std::move(p));
    });
  }

  Result<> calendar(const Value& tree) {
    const auto& zone = city_.timezone;
    auto r = each(tree, "calendar.toml", "holiday", [&](Row& row) {
      const auto day = row.need<std::string>("date");
      add_entry({BookEntryId("holiday-" + day),
                 BookKind::holiday,
                 row.need<std::string>("name"),
                 city_.title,
                 local(row, "date", zone, day),
                 local(row, "date", zone, day, 1),
                 {},
                 0,
                 "",
                 Provenance::sourced});
    });
    if (!r) return r;
    r = each(tree, "calendar.toml", "school_term", [&](Row& row) { add_term(row); });
    if (!r) return r;
    return each(tree, "calendar.toml", "entry", [&](Row& row) {
      BookEntry e;
      e.id = BookEntryId(row.need<std::string>("id"));
      e.kind = row.need<BookKind>("kind");
      e.title = row.need<std::string>("name");
      e.owner = row.need<std::string>("owner");
      e.begin = local(row, "from", zone, row.need<std::string>("from"));
      e.end = local(row, "to", zone, row.need<std::string>("to"));
      for (const auto& l : row.get<std::vector<std::string>>("links", {})) e.links.emplace_back(l);
      for (const auto& j : row.get<std::vector<std::string>>("junctions", {}))
        e.junctions.emplace_back(j);
      e.plan = row.get<std::uint32_t>("plan", 0, {0, 255});
      e.local = row.get<bool>("local", false);
      e.weekdays = weekdays(row) % kAllDays;
      add_hours(row, e);
      if (const auto* effect = row.find("effect"); effect != nullptr && effect->table()) {
        Row told(*effect, row.where() + "effect.");
        for (const auto& m : *effect->table()) {
          if (m.name == "lanes_closed") {
            e.lanes_lost = told.get<std::uint32_t>("lanes_closed", 0, {0, 20});
          } else if (m.name == "flow_share") {
            e.flow_share = told.get<double>("flow_share", 1, {0, 1});
          } else {
            e.note += (e.note.empty() ? "" : "; ") + m.name + ": " + words_of(m.value);
          }
        }
      }
      e.provenance = Provenance::invented;
      add_entry(std::move(e));
    });
  }

  Result<> devices(const Value& tree) {
    // Overlay class -> kind of our row, and the member that names what the device serves.
    struct Class {
      const char* name;
      const char* kind;
      const char* id;  // key whose value becomes the row's id; "" = the row's own id; else fixed
    };
    static constexpr Class kClasses[] = {{"parking_camera", "parking_counts", "area"},
                                         {"plate_reader", "anpr", "id"},
                                         {"variable_sign", "sign", "id"},
                                         {"air_station", "air", "station"},
                                         {"avl_feed", "avl", "=avl"},
                                         {"priority_receiver", "priority_points", "id"},
                                         {"scan_car", "scan_car", "=scan_car"},
                                         {"permit_register", "registers", "=registers"},
                                         {"payment_register", "registers", "=registers"},
                                         {"police_receiver", "police", "=police"},
                                         {"dispatch_interface", "dispatch", "id"},
                                         {"station_button", "station_button", "id"}};
    return each(tree, "devices.toml", "device", [&](Row& row) {
      const auto name = row.need<std::string>("class");
      const auto* it = std::find_if(std::begin(kClasses), std::end(kClasses),
                                    [&](const Class& c) { return name == c.name; });
      if (it == std::end(kClasses)) {
        std::string all;
        for (const auto& c : kClasses) all += std::string(" ") + c.name;
        row.fail({"bad_value", "found '" + name + "', expected one of" + all, ""}, "class");
        return;
      }
      DeviceRow d;
      const auto own = row.need<std::string>("id");
      d.id = it->id[0] == '=' ? it->id + 1 : row.need<std::string>(it->id);
      d.kind = it->kind;
      d.protocol = row.need<std::string>("protocol");
      d.address = row.get<std::string>("address", "@" + d.kind);
      d.secret = row.get<std::string>("secret", d.kind);
      d.street = row.get<StreetKind>("street", StreetKind::simulated);
      if (own != d.id) d.settings["device"] = own;
      if (d.kind == "parking_counts") d.settings["dialect"] = "camera";
      for (const auto* key : {"gate", "link"}) {
        if (const auto text = row.get<std::string>(key, ""); !text.empty()) d.settings[key] = text;
      }
      if (const auto* more = row.find("settings"); more != nullptr && more->table() != nullptr) {
        for (const auto& m : *more->table()) {
          if (m.value.text() != nullptr) d.settings[m.name] = *m.value.text();
        }
      }
      const bool there =
          std::any_of(city_.devices.begin(), city_.devices.end(),
                      [&](const auto& o) { return o.kind == d.kind && o.id == d.id; });
      if (there && d.kind == "registers") return;  // permits and payments are one service
      city_.devices.push_back(std::move(d));
    });
  }

  Result<> provenance(const Value& tree) {
    const auto of = [&](const char* name) -> std::optional<Provenance> {
      const auto* all = tree.find("class");
      const auto* one = all == nullptr ? nullptr : all->find(name);
      const auto* text = one == nullptr ? nullptr : one->find("origin");
      if (text == nullptr || text->text() == nullptr) return std::nullopt;
      return origin(*text->text());
    };
    const auto set = [](auto& things, std::optional<Provenance> p) {
      for (auto& t : things) {
        if (p) t.provenance = *p;
      }
    };
    set(city_.network.junctions, of("junction"));
    set(city_.network.links, of("link"));
    set(city_.network.crossings, of("crossing"));
    set(city_.zones, of("zone"));
    set(city_.gates, of("gate"));
    set(city_.parking, of("parking"));
    set(city_.stations, of("air_station"));
    if (const auto signal = of("signal")) {
      for (auto& [id, s] : city_.signals) s.provenance = *signal;
      set(city_.network.detectors, signal);
    }
    return each(tree, "provenance.toml", "exception", [&](Row& row) {
      const auto kind = row.need<std::string>("class");
      const auto id = row.need<std::string>("id");
      const auto from = origin(row.need<std::string>("origin"));
      if (kind == "junction") mark(city_.network.junctions, id, from);
      if (kind == "link") mark(city_.network.links, id, from);
    });
  }

 private:
  template <class T>
  static void mark(std::vector<T>& things, const std::string& id, Provenance from) {
    for (auto& t : things) {
      if (t.id.str() == id) t.provenance = from;
    }
  }

  static std::string words_of(const Value& v) {
    if (const auto* l = v.list()) {
      std::string text;
      for (const auto& item : *l) text += (text.empty() ? "" : ", ") + words_of(item);
      return text;
    }
    return v.text() != nullptr ? *v.text() : v.describe();
  }

  // "daily" = ["22:00", "05:00"], local time.
  static void add_hours(Row& row, BookEntry& e) {
    const auto hours = row.get<std::vector<std::string>>("daily", {});
    if (hours.empty()) return;
    const auto from = minutes(hours.front());
    const auto to = minutes(hours.back());
    if (hours.size() != 2 || !from || !to) {
      row.fail({"bad_value", "expected two times, as [\"22:00\", \"05:00\"]", ""}, "daily");
      return;
    }
    e.from_minute = *from;
    e.to_minute = *to;
  }

  void add_entry(BookEntry e) { city_.book.entries.push_back(std::move(e)); }

  void add_permit(Row& zone, const Value& value, Zone& z) {
    Row row(value, zone.where() + "permit.");
    ExemptWindow w;
    w.kind = row.need<PermitKind>("kind");
    for (const auto& span : row.get<std::vector<std::string>>("times", {})) {
      const auto dash = span.find('-');
      if (span == "00:00-24:00") continue;  // always
      add_window(row, "times", kAllDays, span.substr(0, dash),
                 dash == std::string::npos ? "" : span.substr(dash + 1), w.windows);
    }
    if (!row.result().ok()) zone.fail(row.result().error(), "");
    z.exempt.push_back(std::move(w));
  }

  void add_gate(Row& zone, const Value& value, const ZoneId& id) {
    Row row(value, zone.where() + "gate.");
    Gate g;
    g.id = GateId(row.need<std::string>("id"));
    if (row.get<std::string>("direction", "in") != "in") {
      findings_.push_back({"overlay", g.id.str(),
                           "a gate out of the zone restricts nobody; its reader keeps its row in "
                           "devices.toml, the gate is left out"});
      return;
    }
    g.name = row.get<std::string>("name", g.id.str());
    g.zone = id;
    g.link = LinkId(row.need<std::string>("link"));
    g.along = {row.get<double>("position_m", 0)};
    g.position = on_link(g.link, g.along.value);
    g.reader = ReaderId(row.get<std::string>("reader", ""));
    g.sign = SignId(row.get<std::string>("sign", ""));
    g.provenance = Provenance::invented;
    if (!row.result().ok()) zone.fail(row.result().error(), "");
    city_.gates.push_back(std::move(g));
  }

  void add_term(Row& row) {
    const auto& zone = city_.timezone;
    const auto name = row.need<std::string>("name");
    const auto from = row.need<std::string>("from");
    // School days are what lies between the breaks.
    auto begin = from;
    int part = 0;
    const auto close = [&](const std::string& until, int plus) {
      BookEntry e;
      e.id = BookEntryId("school-" + from + "-" + std::to_string(++part));
      e.kind = BookKind::school;
      e.title = name;
      e.owner = city_.title;
      e.begin = local(row, "from", zone, begin, part == 1 ? 0 : 1);
      e.end = local(row, "to", zone, until, plus);
      e.provenance = Provenance::approximate;
      if (e.begin < e.end) add_entry(std::move(e));
    };
    for (const auto& pause : row.get<std::vector<std::vector<std::string>>>("breaks", {})) {
      if (pause.size() != 2) {
        row.fail({"wrong_length", "expected first and last day", ""}, "breaks");
        return;
      }
      close(pause[0], 0);
      begin = pause[1];
    }
    close(row.need<std::string>("to"), 1);
  }

  LonLat on_link(const LinkId& id, double along) const {
    for (const auto& l : city_.network.links) {
      if (l.id != id || l.shape.size() < 2) continue;
      const LocalPlane plane(l.shape.front());
      std::vector<Local> path;
      for (const auto& p : l.shape) path.push_back(plane.to_local(p));
      const auto at = plane.to_lon_lat(point_at(path, along));
      return {std::round(at.lon * 1e7) / 1e7, std::round(at.lat * 1e7) / 1e7};
    }
    return {};
  }

  City& city_;
  Findings& findings_;
  bool demonstration_;
};

}  // namespace

Result<> Overlay::rest(City& city, Findings& findings) {
  RestReader reader(city, findings, demonstration_);
  using Step = Result<> (RestReader::*)(const Value&);
  for (const auto& [name, step] : {std::pair<const char*, Step>{"zones.toml", &RestReader::zones},
                                   {"parking.toml", &RestReader::parking},
                                   {"air.toml", &RestReader::air},
                                   {"calendar.toml", &RestReader::calendar},
                                   {"emergency.toml", &RestReader::emergency},
                                   {"progressions.toml", &RestReader::progressions},
                                   {"devices.toml", &RestReader::devices},
                                   {"provenance.toml", &RestReader::provenance}}) {
    const auto* tree = files_->find(name);
    if (tree == nullptr) continue;
    if (auto r = (reader.*step)(*tree); !r) return r;
  }
  return Ok{};
}

}  // namespace dispecer::city
