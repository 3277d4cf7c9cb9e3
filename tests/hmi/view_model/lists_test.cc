#include "hmi/view_model/lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/city_fixture.h"

namespace dispecer::hmi {
namespace {

using testing::ElementsAre;

CityView town() {
  Network n;
  n.junctions = {
      {JunctionId{"J1"}, "Unirii / Culturii", {23.58, 47.66}, true, Provenance::approximate}};
  Detector loop;
  loop.id = DetectorId{"D7"};
  loop.junction = JunctionId{"J1"};
  n.detectors = {loop};
  Gate gate;
  gate.id = GateId{"G_in"};
  gate.name = "Poarta Olarilor";
  gate.sign = SignId{"S_in"};
  ParkingArea area;
  area.id = ParkingId{"P1"};
  area.name = "Gară";
  auto view = make_city_view("Test", {23.58, 47.66}, n, {{JunctionId{"J1"}, test::crossroads()}},
                             {area}, {}, {gate}, {});
  view.line_names = {{"L5", "5"}, {"L13", "13"}, {"LX", "X"}};
  return view;
}

Alarm alarm(const std::string& id, AlarmState state, AlarmPriority priority,
            std::int64_t raised_s) {
  Alarm a;
  a.id = AlarmId{id};
  a.kind = "no_communication";
  a.subject = "J1";
  a.state = state;
  a.priority = priority;
  a.raised = UtcTime{raised_s * 1'000'000};
  return a;
}

TEST(AlarmWords, ASubjectHasTheNameThatPeopleUseAndItsPlaceOnTheMap) {
  const auto city = town();
  const JunctionId j1{"J1"};
  EXPECT_EQ(alarm_subject(city, "J1").name, "Unirii / Culturii");
  EXPECT_EQ(alarm_subject(city, "J1").junction, j1);
  EXPECT_EQ(alarm_subject(city, "J1/V2").name, "Unirii / Culturii · V2");
  EXPECT_EQ(alarm_subject(city, "J1/V2").junction, j1);
  EXPECT_EQ(alarm_subject(city, "D7").name, "Unirii / Culturii · D7");
  EXPECT_EQ(alarm_subject(city, "D7").junction, j1);
  EXPECT_EQ(alarm_subject(city, "G_in").name, "Poarta Olarilor");
  EXPECT_EQ(alarm_subject(city, "S_in").name, "Poarta Olarilor");
  EXPECT_EQ(alarm_subject(city, "P1").name, "Gară");
  EXPECT_EQ(alarm_subject(city, "timetable/bad_row").name, "timetable/bad_row");
  EXPECT_TRUE(alarm_subject(city, "timetable/bad_row").junction.empty());
}

TEST(AlarmWords, ManyOfOneKindReadAsThatKindAndTheirNumber) {
  auto a = alarm("group/no_communication", AlarmState::unacknowledged, AlarmPriority::high, 0);
  a.kind = "group";
  a.subject = "no_communication";
  a.count = 12;
  EXPECT_EQ(alarm_words(Language::en, town(), a), "no communication × 12");
  EXPECT_EQ(alarm_words(Language::ro, town(), a), "fără comunicație × 12");
  a = alarm("lamp", AlarmState::unacknowledged, AlarmPriority::medium, 0);
  a.kind = "field.A0201";
  a.subject = "J1/V2";
  EXPECT_EQ(alarm_words(Language::ro, town(), a), "defect grav de lampă   Unirii / Culturii · V2");
}

TEST(AlarmWords, EveryKindOfAlarmHasWords) {
  for (const auto* kind : {"accepted_not_kept",
                           "bad_device_row",
                           "book_contradiction",
                           "clock_error",
                           "controller_fault",
                           "dead_source",
                           "demonstration_lead_refused",
                           "demonstration_to_real_receiver",
                           "detector_fault",
                           "detour_unmatched",
                           "early_start_no_stage",
                           "incident",
                           "lead_not_delivered",
                           "line_blocked",
                           "no_communication",
                           "no_timetable",
                           "order_deviated",
                           "outbox_failed",
                           "parameters_changed",
                           "process_degraded",
                           "quarantined",
                           "reader_silent",
                           "redis_gone",
                           "register_down",
                           "settings_deviate",
                           "sign_fault",
                           "sign_mismatch",
                           "source_silent",
                           "stale_source",
                           "watchdog_missing",
                           "field.A0001",
                           "field.A0008",
                           "field.A0101",
                           "field.A0202",
                           "field.A0304"}) {
    EXPECT_TRUE(has_words(kind)) << kind;
  }
}

TEST(CaseWords, EverythingThatACaseRestsOnHasWords) {
  for (const auto* key : {"two_reads_no_right", "no_right", "apart_s", "distance_m",
                          "position_sd_m", "confidence", "rule_version", "sign_shows",
                          "sign_demand", "clock_error_s", "register_age_s", "activation"}) {
    EXPECT_TRUE(has_words(key)) << key;
  }
}

TEST(AlarmList, WhatWaitsForAnAnswerComesFirstThenTheGravestThenTheNewest) {
  using S = AlarmState;
  using P = AlarmPriority;
  const std::vector<Alarm> all{alarm("answered", S::acknowledged, P::high, 900),
                               alarm("old", S::unacknowledged, P::low, 100),
                               alarm("shelved", S::shelved, P::high, 950),
                               alarm("new", S::unacknowledged, P::low, 200),
                               alarm("back", S::returned_unacknowledged, P::medium, 50)};
  std::vector<std::string> order;
  for (const auto* a : alarms_in_order(all)) order.push_back(a->id.str());
  EXPECT_THAT(order, ElementsAre("back", "new", "old", "answered", "shelved"));
}

TEST(AlarmList, ARowTellsWhenItWasRaisedWhenItReturnedAndHowLongItIsShelved) {
  const auto winter = [](UtcTime) { return 120; };
  auto a = alarm("a", AlarmState::returned_unacknowledged, AlarmPriority::low, 3600);
  a.changed = UtcTime{7'200'000'000};
  EXPECT_EQ(alarm_times(Language::en, a, UtcTime{8'000'000'000}, winter),
            "Raised: 03:00:00   Returned: 04:00:00");
  a.state = AlarmState::shelved;
  a.shelved_until = UtcTime{9'000'000'000};
  EXPECT_EQ(alarm_times(Language::en, a, UtcTime{90'000'000'000}, winter),
            "Raised: 01.01.1970 03:00:00   Shelved until: 01.01.1970 04:30:00");
}

TEST(BusList, HeardOnesComeFirstByLineAsPeopleCountAndAStaleOneIsNotRunning) {
  const auto bus = [](const char* vehicle, const char* line, Quality quality) {
    BusState b;
    b.vehicle = VehicleId{vehicle};
    b.line = LineId{line};
    b.phase = BusPhase::running;
    b.quality = quality;
    return b;
  };
  CityPicture p;
  p.buses = {bus("a", "L13", Quality::live), bus("b", "L5", Quality::stale),
             bus("c", "LX", Quality::live), bus("d", "L5", Quality::live)};
  std::vector<std::string> order;
  for (const auto* b : buses_in_order(town(), p)) order.push_back(b->vehicle.str());
  EXPECT_THAT(order, ElementsAre("d", "a", "c", "b"));
  EXPECT_EQ(buses_heard(p), 3U);
  EXPECT_EQ(bus_text(p.buses[0]), Text::bus_running);
  EXPECT_EQ(bus_text(p.buses[1]), Text::stale);
}

}  // namespace
}  // namespace dispecer::hmi
