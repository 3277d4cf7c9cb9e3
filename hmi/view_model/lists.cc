#include "hmi/view_model/lists.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

std::string with(const std::string& place, const std::string& part) {
  return place.empty() ? part : place + " · " + part;
}

// 0 = waits for an answer, 1 = has one, 2 = nobody need look.
int rank(AlarmState state) {
  switch (state) {
    case AlarmState::unacknowledged:
    case AlarmState::returned_unacknowledged:
      return 0;
    case AlarmState::shelved:
    case AlarmState::suppressed:
    case AlarmState::out_of_service:
      return 2;
    default:
      return 1;
  }
}

bool heard(const BusState& bus) {
  return bus.quality == Quality::live;
}

}  // namespace

std::string alarm_words(Language language, const CityView& city, const Alarm& alarm) {
  // Many of one kind at once stand as one, whose subject is their kind.
  const bool group = alarm.kind == "group";
  auto text = key_text(language, group ? alarm.subject : alarm.kind);
  if (alarm.count > 1) text += " × " + std::to_string(alarm.count);
  const auto about = group ? AlarmSubject{} : alarm_subject(city, alarm.subject);
  return about.name.empty() ? text : text + "   " + about.name;
}

AlarmSubject alarm_subject(const CityView& city, const std::string& subject) {
  if (subject.empty()) return {};
  if (const auto* j = city.junction(JunctionId{subject})) return {j->name, j->id};
  if (const auto slash = subject.find('/'); slash != std::string::npos) {
    if (const auto* j = city.junction(JunctionId{subject.substr(0, slash)}))
      return {with(j->name, subject.substr(slash + 1)), j->id};
  }
  for (const auto& [id, signals] : city.signals) {
    if (signals.controller.str() != subject) continue;
    const auto* j = city.junction(id);
    return {j == nullptr ? subject : j->name, id};
  }
  for (const auto& gate : city.gates) {
    if (gate.id.str() == subject || gate.sign.str() == subject || gate.reader.str() == subject)
      return {gate.name.empty() ? subject : gate.name, {}};
  }
  if (const auto* area = city.area(ParkingId{subject})) return {area->name, {}};
  for (const auto& station : city.stations) {
    if (station.id.str() == subject) return {station.name, {}};
  }
  if (const auto* link = city.link(LinkId{subject}))
    return {link->name.empty() ? subject : link->name, {}};
  if (city.network != nullptr) {
    for (const auto& detector : city.network->detectors) {
      if (detector.id.str() != subject) continue;
      const auto* j = city.junction(detector.junction);
      return {with(j == nullptr ? "" : j->name, subject), detector.junction};
    }
  }
  return {subject, {}};
}

std::vector<const Alarm*> alarms_in_order(const std::vector<Alarm>& alarms) {
  std::vector<const Alarm*> order;
  for (const auto& a : alarms) order.push_back(&a);
  std::stable_sort(order.begin(), order.end(), [](const Alarm* a, const Alarm* b) {
    const auto key = [](const Alarm* x) {
      return std::tuple(rank(x->state), -static_cast<int>(x->priority), -x->raised.us);
    };
    return key(a) < key(b);
  });
  return order;
}

std::string alarm_times(Language language, const Alarm& alarm, UtcTime now,
                        const OffsetAt& offset) {
  const auto at = [&](Text text, UtcTime t) {
    return std::string(tr(language, text)) + ": " + moment(t, offset(t), now, offset(now));
  };
  std::string text = at(Text::raised, alarm.raised);
  if (alarm.state == AlarmState::returned_unacknowledged)
    text += "   " + at(Text::alarm_returned_at, alarm.changed);
  if (alarm.shelved_until) text += "   " + at(Text::alarm_shelved_until, *alarm.shelved_until);
  return text;
}

std::vector<const BusState*> buses_in_order(const CityView& city, const CityPicture& picture) {
  const auto name = [&](const BusState& bus) {
    const auto it = city.line_names.find(bus.line.str());
    return it == city.line_names.end() ? bus.line.str() : it->second;
  };
  const auto number = [](const std::string& line) {
    const auto n = std::strtol(line.c_str(), nullptr, 10);
    return n > 0 ? n : 1'000'000L;  // lines without a number come last
  };
  std::vector<const BusState*> order;
  for (const auto& bus : picture.buses) order.push_back(&bus);
  std::stable_sort(order.begin(), order.end(), [&](const BusState* a, const BusState* b) {
    const auto key = [&](const BusState& x) {
      const auto line = name(x);
      return std::tuple(!heard(x), number(line), line, x.vehicle.str());
    };
    return key(*a) < key(*b);
  });
  return order;
}

std::size_t buses_heard(const CityPicture& picture) {
  return static_cast<std::size_t>(std::count_if(picture.buses.begin(), picture.buses.end(), heard));
}

Text bus_text(const BusState& bus) {
  if (bus.quality == Quality::stale) return Text::stale;
  switch (bus.phase) {
    case BusPhase::running:
      return Text::bus_running;
    case BusPhase::at_stop:
      return Text::bus_at_stop;
    case BusPhase::layover:
      return Text::bus_layover;
    case BusPhase::off_route:
      return Text::bus_off_route;
    case BusPhase::no_trip:
      return Text::bus_no_trip;
    case BusPhase::frozen:
      return Text::bus_frozen;
    case BusPhase::depot:
      return Text::bus_depot;
    case BusPhase::unknown:
      break;
  }
  return Text::unknown;
}

}  // namespace dispecer::hmi
