// What stands first in the lists of alarms and buses, and in whose words. Pure.
#pragma once

#include <string>
#include <vector>

#include "fusion/model/health.h"
#include "fusion/model/picture.h"
#include "hmi/view_model/book_form.h"
#include "hmi/view_model/city_view.h"
#include "hmi/view_model/text.h"

namespace dispecer::hmi {

// What an alarm is about, as people call it. What the city does not know keeps the words it came
// with.
struct AlarmSubject {
  std::string name;
  JunctionId junction;  // where it is on the map, empty = not at a junction
};
AlarmSubject alarm_subject(const CityView& city, const std::string& subject);
// What is wrong, how often, and where.
std::string alarm_words(Language language, const CityView& city, const Alarm& alarm);

// Whatever waits for an answer before what has one and what is shelved; in each of these the
// gravest first, then the newest.
std::vector<const Alarm*> alarms_in_order(const std::vector<Alarm>& alarms);

// "Raised: 07:34:29", where it has returned with that moment too, where it is shelved with the end
// of that; with the date where it is not today's.
std::string alarm_times(Language language, const Alarm& alarm, UtcTime now, const OffsetAt& offset);

// Buses that are heard now before those that are not; by line as people count (5 before 13), then
// by vehicle.
std::vector<const BusState*> buses_in_order(const CityView& city, const CityPicture& picture);
// How many are heard now.
std::size_t buses_heard(const CityPicture& picture);
// How it fares; what was not heard of for a while is stale, whatever it did last.
Text bus_text(const BusState& bus);

}  // namespace dispecer::hmi
