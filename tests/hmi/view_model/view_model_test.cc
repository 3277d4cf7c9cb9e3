#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "hmi/intent.h"
#include "hmi/view_model/command_view.h"
#include "hmi/view_model/console.h"
#include "hmi/view_model/forecast_view.h"
#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

CityView two_junctions() {
  Network n;
  n.junctions = {
      {JunctionId{"A"}, "Piața Libertății", {23.58, 47.66}, true, Provenance::approximate},
      {JunctionId{"B"}, "Ștefan cel Mare", {23.59, 47.66}, false, Provenance::invented}};
  n.links = {{LinkId{"AB"},
              "Strada Victoriei",
              JunctionId{"A"},
              JunctionId{"B"},
              {{23.58, 47.66}, {23.59, 47.66}},
              Metres{750},
              2,
              MetresPerSecond{13.9},
              Flow{3600},
              false,
              false,
              true,
              Provenance::approximate}};
  return make_city_view("Test", {23.58, 47.66}, n, {}, {}, {}, {}, {});
}

TEST(Text, EveryStringHasBothLanguagesAndRomanianUsesCommaBelow) {
  for (std::uint16_t i = 0; i < static_cast<std::uint16_t>(Text::count); ++i) {
    const std::string ro = tr(Language::ro, static_cast<Text>(i));
    EXPECT_FALSE(std::string(tr(Language::en, static_cast<Text>(i))).empty());
    EXPECT_FALSE(ro.empty());
    for (const auto* legacy : {"ş", "ţ", "Ş", "Ţ"})
      EXPECT_EQ(ro.find(legacy), std::string::npos) << ro;
  }
}

TEST(Text, RomanianCountsAlarmsAsPeopleDo) {
  EXPECT_EQ(alarms_text(Language::ro, 1), "1 alarmă");
  EXPECT_EQ(alarms_text(Language::ro, 0), "0 alarme");
  EXPECT_EQ(alarms_text(Language::ro, 19), "19 alarme");
  EXPECT_EQ(alarms_text(Language::ro, 20), "20 de alarme");
  EXPECT_EQ(alarms_text(Language::ro, 101), "101 alarme");
  EXPECT_EQ(alarms_text(Language::ro, 121), "121 de alarme");
  EXPECT_EQ(alarms_text(Language::en, 1), "1 alarm");
}

TEST(Text, SearchFindsRomanianLettersInEitherSpelling) {
  EXPECT_EQ(fold("Ștefan ăâîșț"), "stefan aaist");
  EXPECT_EQ(fold("Şţ"), "st");
  Console c(WorkplaceId{"w"});
  c.search = "stef";
  EXPECT_TRUE(c.matches_search("Ștefan cel Mare"));
  EXPECT_FALSE(c.matches_search("Piața Libertății"));
}

TEST(Text, AnUnknownKeyIsShownAndNotHidden) {
  EXPECT_EQ(key_text(Language::ro, "some_new_rule"), "some new rule");
}

TEST(Text, EveryRuleAndInputOfTheSignalDecisionHasWords) {
  const std::regex key(
      R"re((?:rule = |no\(|hand_back\(step, |now, |inputs\.push_back\(\{|\? )"([a-z_]+)")re");
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::directory_iterator("controller/signals")) {
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (std::sregex_iterator it(text.begin(), text.end(), key), end; it != end; ++it) {
      const auto name = (*it)[1].str();
      if (name.ends_with('_')) continue;  // put together: the parts are tested below
      ++found;
      EXPECT_TRUE(has_words(name)) << name << " in " << entry.path();
    }
  }
  EXPECT_GT(found, 20u);
}

TEST(Text, AKeyThatIsPutTogetherSaysWhyAndWhich) {
  EXPECT_EQ(key_text(Language::ro, "mode_yellow_flash"), "regim: galben intermitent");
  EXPECT_EQ(key_text(Language::en, "holder_police_key"), "held by another: police key");
}

TEST(Text, AValueIsWrittenAsTheLanguageDoes) {
  EXPECT_EQ(value_text(Language::ro, "0.010"), "0,010");
  EXPECT_EQ(value_text(Language::en, "0.010"), "0.010");
  EXPECT_EQ(value_text(Language::ro, "V3"), "V3");
}

TEST(Format, NumbersAndTimesAreThoseOfTheCity) {
  EXPECT_EQ(number(Language::ro, 1.25, 2), "1,25");
  EXPECT_EQ(number(Language::en, 1.25, 2), "1.25");
  EXPECT_EQ(date_time(UtcTime{1'772'366'405'000'000}, 120), "01.03.2026 14:00:05");
  EXPECT_EQ(date_time(UtcTime{1'772'406'000'000'000}, 120), "02.03.2026 01:00:00");
  EXPECT_EQ(lateness(125), "+2:05");
  EXPECT_EQ(lateness(-5), "-0:05");
  EXPECT_EQ(kilometres_per_hour(Language::ro, 13.9), "50 km/h");
}

TEST(Format, AUnitStandsBesideItsNumberAndNotBesideUnknown) {
  Estimate e;
  e.value = 12;
  e.sd = 3;
  e.age_s = 4;
  e.quality = Quality::live;
  EXPECT_EQ(estimate(Language::en, e, 0, "veh/h"), "12 ± 3 veh/h (4.0 s)");
  EXPECT_EQ(estimate(Language::en, std::nullopt, 0, "veh/h"), "unknown");
}

TEST(Format, TheNameOfAJunctionFitsANarrowColumn) {
  EXPECT_EQ(in_two_lines("Strada Europa / Strada Victoriei"), "Strada Europa /\nStrada Victoriei");
  EXPECT_EQ(in_two_lines("Piața Libertății"), "Piața Libertății");
}

TEST(Format, AMomentOfAnotherDayHasItsDateAndOnTimeHasNoSign) {
  const UtcTime late{1'772'405'400'000'000};  // 2026-03-01 22:50:00 UTC
  const auto next = late + std::chrono::minutes(20);
  EXPECT_EQ(moment(late, 60, late, 60), "23:50:00");
  EXPECT_EQ(moment(late, 60, next, 60), "01.03.2026 23:50:00") << "midnight lies between";
  EXPECT_EQ(lateness(-0.3), "0:00");
  EXPECT_EQ(lateness(0.4), "0:00");
  EXPECT_EQ(lateness(-61), "-1:01");
  EXPECT_EQ(lateness(125), "+2:05");
}

TEST(Format, StaleDataNeverLooksLive) {
  const Estimate stale{12, 3, 40, Quality::stale, 1};
  EXPECT_NE(estimate(Language::en, stale, 0).find("stale"), std::string::npos);
  EXPECT_EQ(estimate(Language::en, std::nullopt, 0), "unknown");
  EXPECT_EQ(estimate(Language::ro, Estimate{12, 3, 4, Quality::live, 1}, 0), "12 ± 3 (4,0 s)");
}

TEST(MapView, ZoomKeepsThePointUnderTheCursorAndPanMovesIt) {
  MapView v;
  v.fit(two_junctions().bounds);
  const Local cursor{200, 300};
  const auto before = v.to_plane(cursor);
  v.zoom_at(cursor, 2);
  EXPECT_NEAR(v.to_plane(cursor).x, before.x, 1e-6);
  EXPECT_NEAR(v.to_plane(cursor).y, before.y, 1e-6);
  v.pan(10, 0);
  EXPECT_NEAR(v.to_plane({210, 300}).x, before.x, 1e-6);
  v.zoom_at(cursor, 1e9);
  EXPECT_EQ(v.scale, 20);
}

TEST(MapView, ASignalisedJunctionWinsOverALinkUnderTheCursor) {
  const auto city = two_junctions();
  MapView v;
  v.fit(city.bounds);
  const auto at = v.to_screen(city.junctions[0].at);
  ASSERT_NE(junction_at(city, v, at, 10), nullptr);
  EXPECT_EQ(junction_at(city, v, at, 10)->id, JunctionId{"A"});
  const Local middle = v.to_screen(city.plane.to_local({23.585, 47.66}));
  EXPECT_EQ(junction_at(city, v, middle, 10), nullptr);
  ASSERT_NE(link_at(city, v, middle, 10), nullptr);
  EXPECT_EQ(link_at(city, v, {middle.x, middle.y + 40}, 10), nullptr);
}

TEST(Console, ACommandTakesAPersonTwoStepsAndAReason) {
  Console c(WorkplaceId{"seat-2"});
  EXPECT_EQ(c.interlock(), Text::needs_sign_in);
  c.sign_in({PersonId{"vera"}, Role::viewer, WorkplaceId{"seat-2"}});
  EXPECT_EQ(c.interlock(), Text::needs_right);
  c.sign_in({PersonId{"ana"}, Role::op, WorkplaceId{"seat-2"}});
  EXPECT_EQ(c.interlock(), std::nullopt);
  EXPECT_EQ(c.execute(UtcTime{0}, 1, "x"), std::nullopt);
  EXPECT_TRUE(c.take_outbox().empty()) << "nothing is armed";
  c.arm(hold_stage(JunctionId{"A"}, 2, UtcTime{0}, 10), MonoTime{0});
  EXPECT_EQ(c.execute(UtcTime{0}, 1, "x"), Text::needs_reason);
  c.armed()->reason = "  ";
  EXPECT_EQ(c.execute(UtcTime{0}, 1, "x"), Text::needs_reason);
  c.armed()->reason = "accident";
  EXPECT_EQ(c.execute(UtcTime{5}, 1, "ana-1"), std::nullopt);
  const auto out = c.take_outbox();
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].actor.person, PersonId{"ana"});
  EXPECT_EQ(out[0].expires, UtcTime{5} + kIntentLife);
  EXPECT_EQ(std::get<HoldStage>(out[0].action).until, UtcTime{0} + std::chrono::minutes(10));
  EXPECT_TRUE(c.take_outbox().empty());
}

TEST(Console, AnArmedCommandLapsesAndSigningOutDropsIt) {
  Console c(WorkplaceId{"w"});
  c.sign_in({PersonId{"ana"}, Role::op, {}});
  c.arm(EndOverride{JunctionId{"A"}}, MonoTime{0});
  c.tick(MonoTime{0} + kArmedFor);
  EXPECT_TRUE(c.armed().has_value());
  c.tick(MonoTime{0} + kArmedFor + Duration{1});
  EXPECT_FALSE(c.armed().has_value());
  c.arm(EndOverride{JunctionId{"A"}}, MonoTime{0});
  c.sign_out();
  EXPECT_FALSE(c.armed().has_value());
  EXPECT_FALSE(c.may_see_cases());
}

TEST(Console, ResultsFindTheirCommand) {
  Console c(WorkplaceId{"w"});
  c.sign_in({PersonId{"ana"}, Role::op, {}});
  c.arm(EndOverride{JunctionId{"A"}}, MonoTime{0});
  c.armed()->reason = "over";
  (void)c.execute(UtcTime{0}, 0, "id-1");
  c.results({{IntentId{"other"}, UtcTime{1}, IntentOutcome::done, "", ""},
             {IntentId{"id-1"}, UtcTime{2}, IntentOutcome::refused, "no_override", ""}});
  ASSERT_EQ(c.sent().size(), 1U);
  ASSERT_TRUE(c.sent()[0].result.has_value());
  EXPECT_EQ(c.sent()[0].result->cause, "no_override");
}

TEST(CommandView, ARefusedCommandSaysWhenWhatAndWhy) {
  SentIntent sent;
  sent.intent.t = UtcTime{1'772'366'405'000'000};  // 12:00:05 UTC
  sent.intent.action = OpenCorridor{};
  EXPECT_EQ(command_words(Language::en, sent, 120),
            "14:00:05  Open an emergency corridor: requested");
  EXPECT_FALSE(failed(sent));
  sent.result =
      IntentResult{sent.intent.id, sent.intent.t, IntentOutcome::refused, "no_signals", ""};
  EXPECT_EQ(command_words(Language::ro, sent, 120),
            "14:00:05  Deschide un coridor de urgență: refuzată, niciun semafor pe acel traseu");
  EXPECT_TRUE(failed(sent));
  sent.result->outcome = IntentOutcome::done;
  sent.result->cause = "";
  EXPECT_EQ(command_words(Language::en, sent, 120), "14:00:05  Open an emergency corridor: done");
  EXPECT_FALSE(failed(sent));
}

TEST(CommandView, TheSecondStepOfAReviewSaysWhichWayAndWhichCase) {
  Case c;
  c.id = CaseId{"c1"};
  c.opened = UtcTime{1'772'366'405'000'000};
  c.place = "Strada Dacia";
  c.plate = "MM12ABC";
  EXPECT_EQ(review_words(Language::en, {c.id, true, ""}, {c}, 120),
            "Approve\n14:00:05  Strada Dacia  MM12ABC");
  EXPECT_EQ(review_words(Language::ro, {c.id, false, ""}, {c}, 120),
            "Respinge\n14:00:05  Strada Dacia  MM12ABC");
}

TEST(Ingest, ARequestOfABusThatLeftIsForgottenAndAnOlderOneNeverWins) {
  Ingest in;
  PriorityRequest r;
  r.id = RequestId{"r"};
  r.vehicle = VehicleId{"bus"};
  r.state = RequestState::granted;
  r.changed = UtcTime{10};
  in.priority(r);
  r.state = RequestState::queued;
  r.changed = UtcTime{5};
  in.priority(r);
  EXPECT_EQ(in.now().priority.at(VehicleId{"bus"}).state, RequestState::granted);
  in.picture({}, MonoTime{0});
  EXPECT_TRUE(in.now().priority.empty());
}

PriorityRequest leg(const char* corridor, const char* id, RequestState state, UtcTime received) {
  PriorityRequest r;
  r.id = RequestId{id};
  r.kind = RequestKind::emergency;
  r.vehicle = VehicleId{"MM-112"};
  r.state = state;
  r.received = received;
  r.reason.inputs = {{"corridor", corridor}, {"kind", "fire"}};
  return r;
}

TEST(Ingest, ACorridorIsShownUntilItsLastLegIsOver) {
  Ingest in;
  in.priority(leg("c", "1", RequestState::received, UtcTime{0}));
  in.priority(leg("c", "2", RequestState::received, UtcTime{0}));
  in.priority(leg("d", "3", RequestState::granted, UtcTime{0}));
  in.picture({}, MonoTime{0});  // its vehicle is no bus
  ASSERT_EQ(in.now().corridors.size(), 2U);
  const auto& c = in.now().corridors.at(RequestId{"c"});
  EXPECT_EQ(c.kind, EmergencyKind::fire);
  EXPECT_EQ(c.vehicle, VehicleId{"MM-112"});
  EXPECT_EQ(c.next()->id, RequestId{"1"});
  in.priority(leg("c", "1", RequestState::served, UtcTime{0}));
  EXPECT_EQ(c.next()->id, RequestId{"2"});
  // It turns off: a new leg is told before the old one ends.
  in.priority(leg("c", "4", RequestState::received, UtcTime{1}));
  in.priority(leg("c", "2", RequestState::cancelled, UtcTime{0}));
  EXPECT_EQ(c.next()->id, RequestId{"4"});
  in.priority(leg("c", "4", RequestState::timed_out, UtcTime{1}));
  EXPECT_FALSE(in.now().corridors.contains(RequestId{"c"}));
  in.priority(leg("c", "4", RequestState::served, UtcTime{1}));
  EXPECT_FALSE(in.now().corridors.contains(RequestId{"c"})) << "late news opens none";
  EXPECT_TRUE(in.now().priority.empty());
}

TEST(Ingest, CorridorsEndWithTheirEpochAndAfterTheLongestThatOneMayLast) {
  Ingest in;
  in.clock({UtcTime{0}, 1, 0});
  in.priority(leg("c", "1", RequestState::received, UtcTime{0}));
  in.clock({UtcTime{0} + std::chrono::hours(2), 1, 0});
  EXPECT_EQ(in.now().corridors.size(), 1U);
  in.clock({UtcTime{1} + std::chrono::hours(2), 1, 0});
  EXPECT_TRUE(in.now().corridors.empty());
  in.priority(leg("d", "2", RequestState::received, UtcTime{1} + std::chrono::hours(2)));
  in.clock({UtcTime{0}, 1, 1});
  EXPECT_TRUE(in.now().corridors.empty());
}

TEST(Console, ACorridorIsForOperatorsAndThePolicesOwnForThePolice) {
  Console c{WorkplaceId{"seat"}};
  c.corridor.vehicle = "MM-112";
  EXPECT_EQ(c.corridor_interlock(), Text::needs_sign_in);
  c.sign_in({PersonId{"ion"}, Role::police, {}});
  EXPECT_EQ(c.corridor_interlock(), Text::needs_right);
  EXPECT_EQ(c.corridor_end_interlock(), std::nullopt);
  c.corridor.kind = EmergencyKind::police;
  EXPECT_EQ(c.corridor_interlock(), std::nullopt);
  c.sign_in({PersonId{"dan"}, Role::maintainer, {}});
  EXPECT_EQ(c.corridor_interlock(), Text::needs_right);
  EXPECT_EQ(c.corridor_end_interlock(), Text::needs_right);
  c.sign_in({PersonId{"ana"}, Role::op, {}});
  EXPECT_EQ(c.corridor_interlock(), std::nullopt);
  c.corridor.vehicle.clear();
  EXPECT_EQ(c.corridor_interlock(), Text::corridor_needs);
  c.corridor.from = LinkId{"AB"};
  EXPECT_EQ(c.corridor_interlock(), std::nullopt);
}

TEST(ForecastView, ScoresArePutTogetherByKindAndHorizonOverThePlacesThatHaveOne) {
  CityForecast f;
  const auto point = [](double ahead, std::optional<ForecastScore> score) {
    return ForecastPoint{Seconds{ahead}, 100, 80, 120, Ratio{0.5}, score};
  };
  f.places = {{ForecastKind::flow, "a", {point(300, ForecastScore{10, 20, 0.8, 50})}},
              {ForecastKind::flow, "b", {point(300, ForecastScore{20, 30, 1.0, 50})}},
              {ForecastKind::flow, "c", {point(300, std::nullopt)}},
              {ForecastKind::parking, "P", {point(900, std::nullopt)}}};
  const auto lines = forecast_lines(f);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].kind, ForecastKind::flow);
  EXPECT_EQ(lines[0].places, 3U);
  EXPECT_EQ(lines[0].scored, 2U);
  EXPECT_DOUBLE_EQ(lines[0].error, 15);
  EXPECT_DOUBLE_EQ(lines[0].profile_error, 25);
  EXPECT_DOUBLE_EQ(lines[0].covered, 0.9);
  EXPECT_DOUBLE_EQ(lines[0].trust, 0.5);
  EXPECT_EQ(lines[1].scored, 0U);
}

}  // namespace
}  // namespace dispecer::hmi
