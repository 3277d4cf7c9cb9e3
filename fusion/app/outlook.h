// The next hour: flow and speed of the links that loops measure, and parking areas, learnt from the
// pictures themselves. A value and functions.
//
// Each picture adds to the means of the running step of five minutes; with the first picture of the
// next step the means go into the forecasts. Only what was measured goes in: a substituted, stale
// or implied value teaches nothing, and its place falls back to its usual day.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fusion/forecast/forecast.h"
#include "fusion/model/book.h"
#include "fusion/model/forecast.h"
#include "fusion/model/network.h"
#include "fusion/model/parking.h"
#include "fusion/model/picture.h"

namespace dispecer::fusion {

struct OutlookParameters {
  std::int32_t step_s = 300;
  std::vector<std::int32_t> horizons{1, 3, 6, 12};  // steps
  std::size_t days_kept = 28;
  double least_share = 0.5;  // of the seconds of a step, for a flow to count
  std::size_t remembered = 1 << 13;
  std::size_t block = 64;             // places that are regressed on one another
  std::size_t places_at_once = 2000;  // that a picture works on; the others wait for the next one
};

struct OutlookMean {
  double sum = 0;
  std::uint32_t count = 0;
};

// One quantity at its places.
struct OutlookPart {
  ForecastKind kind = ForecastKind::unknown;
  std::vector<std::string> ids;
  std::vector<std::uint32_t> rows;          // of the picture
  std::optional<forecast::State> forecast;  // absent = no place
  std::vector<OutlookMean> means;
  std::vector<std::optional<double>> due;  // means of the step that ended, not yet learnt from
};

struct Outlook {
  OutlookParameters parameters;
  std::vector<OutlookPart> parts;  // flow, speed, parking
  std::int64_t step = 0;           // that is running
  bool begun = false;
  std::uint32_t pictures = 0;  // in the running step
  std::size_t next_due = 0;  // part whose step that ended is to be learnt from; parts.size() = none
  std::int64_t due_step = 0;
  UtcTime now;
  CityForecast told;
  std::uint64_t made = 0;  // forecasts, ever
};

Outlook make_outlook(const Network& network, const std::vector<ParkingArea>& parking,
                     const OutlookParameters& parameters = {});
// Local time and holidays decide the kind of a day.
void set_calendar(Outlook& outlook, const forecast::Calendar& calendar);

// True where `told` is new: with the picture that ends a step, in a large city some pictures later,
// because each works on some places only.
bool apply(Outlook& outlook, const CityPicture& picture);
// A new epoch: what was learnt of days stays.
void restart(Outlook& outlook);

// Expected flow of each link of the network now, veh/h, and its standard deviation; absent where
// there is no usual day. For the estimator of flows.
struct Expected {
  double value = 0;
  double sd = 0;
};
std::vector<std::optional<Expected>> expected_flow(const Outlook& outlook, std::size_t links);

std::string save(const Outlook& outlook);

// The same bytes piece by piece, each as cheap as it is short, between two steps of the outlook:
//   auto saving = begin_save(outlook);
//   while (!saving.done) { auto piece = go_on(outlook, saving, bytes); if (!piece) break; ... }
struct Saving {
  std::string header;
  std::vector<std::uint64_t> sizes;  // of each part, as forecast::saved_size()
  std::uint64_t whole = 0;           // bytes
  std::uint64_t at = 0;              // written so far
  std::uint64_t made = 0;            // Outlook::made at the beginning
  bool done = false;
};
Saving begin_save(const Outlook& outlook);
// Absent where the outlook has learnt in between: what was written so far is worth nothing.
std::optional<std::string> go_on(const Outlook& outlook, Saving& saving, std::uint64_t bytes);

// What is readable is taken over; places are found by their ids. Causes: those of forecast::load.
Result<> load(Outlook& outlook, const std::string& bytes);

}  // namespace dispecer::fusion
