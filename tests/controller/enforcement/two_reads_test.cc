// Every condition of the two-read rule: with all of them a case, without any one of them none.
#include <gtest/gtest.h>

#include "controller/enforcement/place.h"
#include "tests/controller/enforcement/street.h"

namespace dispecer::enforcement {
namespace {

TEST(TwoReads, WithEveryConditionThereIsExactlyOneCaseToReview) {
  const auto state = two(first(), second());
  const auto cases = cases_to_review(state);
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].kind, CaseKind::parking_unpaid);
  EXPECT_EQ(cases[0].plate, kPlate);
  EXPECT_EQ(cases[0].place, "Strada Victoriei");
  EXPECT_EQ(cases[0].legal_decision, "HCL 9/2026");
  EXPECT_EQ(cases[0].rule, "parking is paid");
  ASSERT_EQ(cases[0].evidence.size(), 2U);
  EXPECT_EQ(cases[0].evidence[1].read, ReadId("r2"));
  EXPECT_EQ(cases[0].evidence[1].register_age, Seconds{10});
  EXPECT_EQ(cases[0].reason.rule, "two_reads_no_right");
  EXPECT_TRUE(state.waiting.empty());
}

TEST(TwoReads, OneReadIsNoCase) {
  State state;
  apply(state, street(), {}, first(), kStart);
  EXPECT_TRUE(state.cases.empty());
  EXPECT_EQ(state.waiting.size(), 1U);
}

TEST(TwoReads, TheyLieTheGraceApart) {
  auto b = second();
  b.t = after(kStart, 599);
  EXPECT_TRUE(two(first(), b).cases.empty());
  EXPECT_EQ(counted(two(first(), b), "forgotten.within_grace"), 1U);
}

TEST(TwoReads, AnAreaThatNamesAShorterGraceThanFiveMinutesGetsFive) {
  auto rules = street();
  rules.parking[0].grace = Seconds{0};
  auto b = second();
  b.t = after(kStart, 299);
  EXPECT_TRUE(two(first(), b, rules).cases.empty());
  b.t = after(kStart, 300);
  EXPECT_EQ(two(first(), b, rules).cases.size(), 1U);
}

TEST(TwoReads, EachIsReadWithAConfidenceOfAtLeast95Percent) {
  auto a = first();
  a.confidence = Ratio{0.949};
  EXPECT_TRUE(two(a, second()).cases.empty());
  auto b = second();
  b.confidence = Ratio{std::nan("")};
  EXPECT_TRUE(two(first(), b).cases.empty());
}

TEST(TwoReads, TheyReadTheSamePlate) {
  auto b = second();
  b.plate = "MM12ABD";
  EXPECT_TRUE(two(first(), b).cases.empty());
}

TEST(TwoReads, ThePlateKeepsTheGrammarOfItsCountry) {
  auto a = first();
  auto b = second();
  a.plate = b.plate = "MM1ABC2";
  EXPECT_TRUE(two(a, b).cases.empty());
  a.plate = b.plate = kPlate;
  a.country = b.country = "HU";
  EXPECT_TRUE(two(a, b).cases.empty());
}

TEST(TwoReads, TheyAreWithinThreeStandardDeviationsAndFifteenMetres) {
  auto b = second();
  b.position = east(14.9);
  EXPECT_EQ(two(first(), b).cases.size(), 1U);  // 3 sigma = 17 m
  b.position = east(15.1);
  EXPECT_TRUE(two(first(), b).cases.empty());
  auto a = first();
  a.position_sd = b.position_sd = Metres{2};  // 3 sigma of the difference = 8.5 m
  b.position = east(8);
  EXPECT_EQ(two(a, b).cases.size(), 1U);
  b.position = east(9);
  EXPECT_TRUE(two(a, b).cases.empty());
}

TEST(TwoReads, APositionThatSaysNothingSpeaksForNoCase) {
  for (const double sd : {0.0, 15.5, std::nan("")}) {
    auto a = first();
    auto b = second();
    a.position_sd = b.position_sd = Metres{sd};
    EXPECT_TRUE(two(a, b).cases.empty()) << sd;
  }
}

TEST(TwoReads, TheyAreInTheSameParkingArea) {
  auto b = second();
  b.parking = ParkingId("unirii");
  EXPECT_TRUE(two(first(), b).cases.empty());
  auto a = first();
  a.parking = b.parking = ParkingId();
  EXPECT_TRUE(two(a, b).cases.empty());
  a.parking = b.parking = ParkingId("nowhere");
  EXPECT_TRUE(two(a, b).cases.empty());
}

TEST(TwoReads, NothingLiesWithinTwoStandardDeviationsOfAnotherTariff) {
  auto rules = street();
  auto other = area("free_side", "blue");
  const auto box = [](double x) {
    return std::vector<LonLat>{east(x), east(x + 5), LocalPlane(kSpot).to_lon_lat({x + 5, 10}),
                               LocalPlane(kSpot).to_lon_lat({x, 10})};
  };
  other.polygon = box(8.5);
  rules.parking.push_back(other);
  EXPECT_EQ(two(first(), second(), rules).cases.size(), 1U);
  rules.parking.back().polygon = box(7.5);
  EXPECT_TRUE(two(first(), second(), rules).cases.empty());
  rules.parking.back().polygon = box(-2);
  EXPECT_TRUE(two(first(), second(), rules).cases.empty());
  rules.parking.back().tariff_zone = "red";
  EXPECT_EQ(two(first(), second(), rules).cases.size(), 1U);
}

TEST(TwoReads, TheVehicleWasSeenNowhereElseInBetweenByTheCar) {
  State state;
  auto elsewhere = seen("r1b", after(kStart, 300));
  elsewhere.position = east(60);
  elsewhere.confidence = Ratio{0.3};  // too poor for a case, good enough for a doubt
  apply(state, street(), {}, first(), kStart);
  apply(state, street(), {}, elsewhere, elsewhere.t);
  apply(state, street(), {}, second(), second().t);
  EXPECT_TRUE(state.cases.empty());
  EXPECT_EQ(counted(state, "forgotten.moved"), 1U);
}

TEST(TwoReads, TheVehicleWasSeenNowhereElseInBetweenByAGate) {
  State state;
  PlateRead gate;
  gate.id = ReadId("g1");
  gate.t = after(kStart, 200);
  gate.plate = kPlate;
  AccessDecision allowed;
  allowed.read = gate.id;
  allowed.outcome = AccessOutcome::allowed;
  apply(state, street(), {}, first(), kStart);
  apply(state, street(), {}, gate, allowed, gate.t);
  apply(state, street(), {}, second(), second().t);
  EXPECT_TRUE(state.cases.empty());
  EXPECT_EQ(state.waiting.size(), 1U);  // the second read now waits for a third
}

TEST(TwoReads, APassageBeforeTheFirstReadProvesNothing) {
  State state;
  PlateRead gate;
  gate.id = ReadId("g1");
  gate.t = after(kStart, -5);
  gate.plate = kPlate;
  AccessDecision allowed;
  allowed.read = gate.id;
  apply(state, street(), {}, first(), kStart);
  apply(state, street(), {}, gate, allowed, kStart);
  apply(state, street(), {}, second(), second().t);
  EXPECT_EQ(state.cases.size(), 1U);
}

TEST(TwoReads, NoRightAtEitherRead) {
  for (const auto kind : {PermitKind::parking_paid, PermitKind::resident, PermitKind::disabled,
                          PermitKind::delivery, PermitKind::emergency}) {
    auto a = first();
    a.rights->kinds = {kind};
    EXPECT_TRUE(two(a, second()).cases.empty());
    auto b = second();
    b.rights->kinds = {kind};
    EXPECT_TRUE(two(first(), b).cases.empty());
    EXPECT_TRUE(two(first(), b).waiting.empty());
  }
}

TEST(TwoReads, NoRightForAPlateOneConfusableLetterAway) {
  auto a = first();
  a.rights->neighbour_kinds = {PermitKind::parking_paid};
  EXPECT_TRUE(two(a, second()).cases.empty());
  auto b = second();
  b.rights->neighbour_kinds = {PermitKind::resident};
  EXPECT_TRUE(two(first(), b).cases.empty());
}

TEST(TwoReads, WithARegisterOlderThanFiveMinutesTheCaseIsHeldNotJudged) {
  auto b = second();
  b.rights->register_age = Seconds{301};
  auto state = two(first(), b);
  ASSERT_EQ(state.cases.size(), 1U);
  EXPECT_EQ(state.cases.begin()->second.subject.state, CaseState::held);
  EXPECT_TRUE(cases_to_review(state).empty());
  b.rights.reset();
  EXPECT_TRUE(cases_to_review(two(first(), b)).empty());
  auto a = first();
  a.rights->answered = false;
  EXPECT_TRUE(cases_to_review(two(a, second())).empty());
}

TEST(TwoReads, AClockThatIsOffByMoreThanASecondSpeaksForNoCase) {
  auto a = first();
  a.clock_error = Seconds{-1.01};
  EXPECT_TRUE(two(a, second()).cases.empty());
  auto b = second();
  b.clock_error = Seconds{1.01};
  EXPECT_TRUE(two(first(), b).cases.empty());
  EXPECT_EQ(counted(two(first(), b), "expired.clock"), 1U);
  b.clock_error = Seconds{1.0};
  EXPECT_EQ(two(first(), b).cases.size(), 1U);
}

TEST(TwoReads, AReadFromTheOfflineBufferIsNotJudged) {
  State state;
  apply(state, street(), {}, first(), kStart);
  apply(state, street(), {}, second(), after(second().t, 61));
  EXPECT_TRUE(state.cases.empty());
  EXPECT_EQ(counted(state, "expired.late"), 1U);
}

TEST(TwoReads, OneCasePerVehicleCauseAndDay) {
  auto state = two(first(), second());
  for (int i = 3; i < 9; ++i) {
    const auto t = after(kStart, 600.0 * i);
    apply(state, street(), {}, seen(("r" + std::to_string(i)).c_str(), t), t);
  }
  EXPECT_EQ(state.cases.size(), 1U);
  const auto tomorrow = after(kStart, 86400);
  apply(state, street(), {}, seen("t1", tomorrow), tomorrow);
  apply(state, street(), {}, seen("t2", after(tomorrow, 600)), after(tomorrow, 600));
  EXPECT_EQ(state.cases.size(), 2U);
}

TEST(TwoReads, NoLegalBasisNoCase) {
  auto rules = street();
  rules.zones[0].legal.decision = "";
  EXPECT_TRUE(two(first(), second(), rules).cases.empty());
  rules = street();
  rules.zones[0].legal.validity.begin = after(kStart, 1);
  EXPECT_TRUE(two(first(), second(), rules).cases.empty());
  rules = street();
  rules.parking[0].tariff_zone = "";
  EXPECT_TRUE(two(first(), second(), rules).cases.empty());
  rules.parking[0].tariff_zone = "unheard_of";
  EXPECT_TRUE(two(first(), second(), rules).cases.empty());
}

TEST(TwoReads, InTheHoursThatAreFreeThereIsNoCase) {
  const auto evening = at("2026-11-23T17:55:00Z");
  EXPECT_TRUE(two(seen("r1", evening), seen("r2", after(evening, 600))).cases.empty());
  const auto sunday = at("2026-11-22T10:00:00Z");
  EXPECT_TRUE(two(seen("r1", sunday), seen("r2", after(sunday, 600))).cases.empty());
}

TEST(TwoReads, TheSameReadTwiceIsOneRead) {
  State state;
  auto again = first();
  apply(state, street(), {}, first(), kStart);
  again.t = after(kStart, 700);
  apply(state, street(), {}, again, again.t);
  EXPECT_TRUE(state.cases.empty());
}

TEST(TwoReads, BelowNinetyNinePercentTwoReviewersAreNeeded) {
  auto b = second();
  b.confidence = Ratio{0.989};
  EXPECT_EQ(cases_to_review(two(first(), b)).at(0).reviews_needed, 2U);
  b.confidence = Ratio{0.99};
  EXPECT_EQ(cases_to_review(two(first(), b)).at(0).reviews_needed, 1U);
}

TEST(TwoReads, TheIdOfACaseComesFromItsReadsNotFromItsPlate) {
  auto a = first();
  auto b = second();
  const auto id = two(a, b).cases.begin()->first;
  a.plate = b.plate = "B123XYZ";
  EXPECT_EQ(two(a, b).cases.begin()->first, id);
  b.id = ReadId("other");
  EXPECT_NE(two(a, b).cases.begin()->first, id);
}

}  // namespace
}  // namespace dispecer::enforcement
