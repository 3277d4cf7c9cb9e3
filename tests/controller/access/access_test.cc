#include <gtest/gtest.h>

#include "adapters/bus/json.h"
#include "tests/controller/access/town.h"

namespace dispecer::access {
namespace {

using O = AccessOutcome;

struct Verdicts {
  O outcome;
  std::string rule;
  bool operator==(const Verdicts&) const = default;
};
void PrintTo(const Verdicts& v, std::ostream* out) {
  *out << to_name(v.outcome) << " by " << v.rule;
}

Verdicts decided(const PlateRead& read, const Regulations& rules = town(),
                 const State& state = signs_right(kNoon)) {
  const auto d = decide(state, rules, {}, read);
  return {d.outcome, d.reason.rule};
}

TEST(Access, AVehicleWithoutARightInAnActiveZoneIsNotAllowed) {
  const auto d = decide(signs_right(kNoon), town(), {}, passage(kNoon));
  EXPECT_EQ(d.outcome, O::not_allowed);
  EXPECT_EQ(d.reason.rule, "no_right");
  EXPECT_EQ(d.legal_decision, "HCL 1/2026");
  EXPECT_EQ(d.zone_version, "3");
  EXPECT_EQ(d.register_age, Seconds{20});
  EXPECT_EQ(d.exemption, "");
}

TEST(Access, OutsideItsHoursEverybodyMayPassAndTheSignDoesNotMatter) {
  const auto night = at("2026-11-23T20:00:00Z");
  EXPECT_EQ(decided(passage(night), town(), State{}), (Verdicts{O::allowed, "zone_inactive"}));
  const auto saturday = at("2026-11-21T10:00:00Z");
  EXPECT_EQ(decided(passage(saturday), town(), State{}), (Verdicts{O::allowed, "zone_inactive"}));
}

TEST(Access, AZoneWithoutADecisionNumberIsNeverEnforced) {
  auto rules = town();
  rules.zones[0].legal.decision = "";
  EXPECT_EQ(decided(passage(kNoon), rules), (Verdicts{O::cannot_decide, "no_legal_basis"}));
}

TEST(Access, ADecisionNotYetOrNoLongerInForceIsNotEnforced) {
  auto rules = town();
  rules.zones[0].legal.validity.begin = kNoon + from_seconds(1);
  EXPECT_EQ(decided(passage(kNoon), rules), (Verdicts{O::cannot_decide, "legal_not_in_force"}));
  rules = town();
  rules.zones[0].legal.validity.end = kNoon;
  EXPECT_EQ(decided(passage(kNoon), rules), (Verdicts{O::cannot_decide, "legal_not_in_force"}));
}

TEST(Access, ASignThatShowsSomethingElseStopsItsOwnGateOnly) {
  auto state = signs_right(kNoon);
  apply(state, shows("sign_north", kNoon - from_seconds(1), kSignOpen));
  auto south = passage(kNoon);
  south.gate = GateId("south");
  EXPECT_EQ(decided(passage(kNoon), town(), state), (Verdicts{O::cannot_decide, "sign_mismatch"}));
  EXPECT_EQ(decided(south, town(), state), (Verdicts{O::not_allowed, "no_right"}));
}

TEST(Access, ADarkMissingSickOrSilentSignStopsTheGate) {
  auto dark = signs_right(kNoon, "");
  EXPECT_EQ(decided(passage(kNoon), town(), dark), (Verdicts{O::cannot_decide, "sign_mismatch"}));
  EXPECT_EQ(decided(passage(kNoon), town(), State{}), (Verdicts{O::cannot_decide, "sign_unknown"}));
  auto sick = signs_right(kNoon);
  sick.signs[SignId("sign_north")].back().healthy = false;
  EXPECT_EQ(decided(passage(kNoon), town(), sick), (Verdicts{O::cannot_decide, "sign_unknown"}));
  EXPECT_EQ(decided(passage(kNoon), town(), signs_right(kNoon - from_seconds(14))),
            (Verdicts{O::not_allowed, "no_right"}));
  EXPECT_EQ(decided(passage(kNoon), town(), signs_right(kNoon - from_seconds(15))),
            (Verdicts{O::cannot_decide, "sign_unknown"}));
}

TEST(Access, AGateWithoutASignJudgesNobody) {
  auto rules = town();
  rules.gates[0].sign = SignId();
  EXPECT_EQ(decided(passage(kNoon), rules), (Verdicts{O::cannot_decide, "no_sign"}));
}

TEST(Access, ThePassageIsJudgedByWhatTheSignShowedThenNotLater) {
  auto state = signs_right(kNoon);
  apply(state, shows("sign_north", kNoon + from_seconds(1), kSignOpen));
  EXPECT_EQ(decided(passage(kNoon), town(), state), (Verdicts{O::not_allowed, "no_right"}));
}

TEST(Access, AReaderWhoseClockIsOffByMoreThanASecondIsNotBelieved) {
  auto read = passage(kNoon);
  read.clock_error = Seconds{1.0};
  EXPECT_EQ(decided(read), (Verdicts{O::not_allowed, "no_right"}));
  for (const double error : {1.001, -1.001, std::nan("")}) {
    read.clock_error = Seconds{error};
    EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "clock_error"}));
  }
}

TEST(Access, JustAfterTheZoneBeganThereIsGrace) {
  const auto begin = at("2026-11-23T05:00:00Z");  // 07:00 local
  const auto rule_at = [&](double s) {
    const auto t = begin + from_seconds(s);
    return decided(passage(t), town(), signs_right(t));
  };
  EXPECT_EQ(rule_at(-1), (Verdicts{O::allowed, "zone_inactive"}));
  EXPECT_EQ(rule_at(0), (Verdicts{O::allowed, "grace"}));
  EXPECT_EQ(rule_at(119), (Verdicts{O::allowed, "grace"}));
  EXPECT_EQ(rule_at(120), (Verdicts{O::not_allowed, "no_right"}));
}

TEST(Access, EmergencyVehiclesMayEnterInEveryStateAlsoWithTheRegisterDown) {
  auto read = passage(kNoon);
  for (const auto kind :
       {PermitKind::emergency, PermitKind::disabled, PermitKind::public_transport}) {
    // What the adapter says when the register is silent and its kept list knows the plate.
    read.rights = RightsAnswer{kNoon, Seconds{90000}, false, {kind}, {}};
    read.confidence = Ratio{0.5};
    const auto d = decide(signs_right(kNoon), town(), {}, read);
    EXPECT_EQ(d.outcome, O::allowed);
    EXPECT_EQ(d.reason.rule, "exemption");
    EXPECT_EQ(d.exemption, to_name(kind));
  }
}

TEST(Access, APermitCountsInItsOwnHoursAndItsGraceOnly) {
  const auto with = [](PermitKind kind, UtcTime t) {
    auto read = passage(t);
    read.rights->kinds = {kind};
    return decided(read, town(), signs_right(t));
  };
  EXPECT_EQ(with(PermitKind::resident, kNoon), (Verdicts{O::allowed, "permit"}));
  const auto ten = at("2026-11-23T08:00:00Z");  // 10:00 local, end of deliveries
  EXPECT_EQ(with(PermitKind::delivery, ten - from_seconds(1)), (Verdicts{O::allowed, "permit"}));
  EXPECT_EQ(with(PermitKind::delivery, ten + from_seconds(100)), (Verdicts{O::allowed, "permit"}));
  EXPECT_EQ(with(PermitKind::delivery, kNoon), (Verdicts{O::not_allowed, "no_right"}));
  EXPECT_EQ(with(PermitKind::parking_paid, kNoon), (Verdicts{O::not_allowed, "no_right"}));
}

TEST(Access, ForeignAndUnreadablePlatesAreNeverJudged) {
  auto read = passage(kNoon);
  read.country = "HU";
  read.plate = "ABC123";
  EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "foreign"}));
  read = passage(kNoon);
  read.plate = "XX12ABC";  // no such county
  EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "foreign"}));
  read = passage(kNoon);
  read.confidence = Ratio{0.949};
  EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "unreadable"}));
  read.confidence = Ratio{0.95};
  EXPECT_EQ(decided(read), (Verdicts{O::not_allowed, "no_right"}));
  read.plate = "";
  EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "unreadable"}));
}

TEST(Access, AForeignPlateThatIsRegisteredBeforehandMayEnter) {
  auto read = passage(kNoon);
  read.country = "HU";
  read.plate = "ABC123";
  read.rights->kinds = {PermitKind::resident};
  EXPECT_EQ(decided(read), (Verdicts{O::allowed, "permit"}));
}

TEST(Access, ARegisterThatIsDownOrOlderThanFiveMinutesJudgesNobody) {
  auto read = passage(kNoon);
  read.rights.reset();
  EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "register_down"}));
  read.rights = RightsAnswer{};
  EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "register_down"}));
  read = passage(kNoon);
  read.rights->register_age = Seconds{300.5};
  EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "register_stale"}));
  read.rights->register_age = Seconds{300};
  EXPECT_EQ(decided(read), (Verdicts{O::not_allowed, "no_right"}));
}

TEST(Access, ARightOfAPlateOneConfusableLetterAwayIsTheBenefitOfTheDoubt) {
  auto read = passage(kNoon);
  read.rights->neighbour_kinds = {PermitKind::resident};
  EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "confusable_right"}));
  read.rights->neighbour_kinds = {PermitKind::parking_paid};
  EXPECT_EQ(decided(read), (Verdicts{O::not_allowed, "no_right"}));
}

TEST(Access, AnUnknownGateOrAGateWithoutItsZoneDecidesNothing) {
  auto read = passage(kNoon);
  read.gate = GateId("west");
  EXPECT_EQ(decided(read), (Verdicts{O::cannot_decide, "unknown_gate"}));
  auto rules = town();
  rules.gates[0].zone = ZoneId("gone");
  EXPECT_EQ(decided(passage(kNoon), rules), (Verdicts{O::cannot_decide, "unknown_zone"}));
}

// The order of the checks: with everything wrong at once, repairing one after another.
TEST(Access, TheChecksComeInTheOrderOfTheRule) {
  auto rules = town();
  rules.zones[0].legal.decision = "";
  rules.zones[0].grace = Seconds{6 * 3600};
  State state;
  auto read = passage(kNoon);
  read.clock_error = Seconds{9};
  read.confidence = Ratio{0.1};
  read.country = "HU";
  read.rights = RightsAnswer{kNoon, Seconds{999}, false, {}, {PermitKind::resident}};
  std::vector<std::string> order;
  const auto note = [&] { order.push_back(decide(state, rules, {}, read).reason.rule); };
  note();
  rules.zones[0].legal.decision = "HCL 1/2026";
  rules.zones[0].legal.validity.begin = kNoon + from_seconds(1);
  note();
  rules.zones[0].legal.validity.begin = UtcTime{};
  note();
  state = signs_right(kNoon, kSignOpen);
  note();
  state = signs_right(kNoon);
  note();
  read.clock_error = Seconds{0};
  note();
  rules.zones[0].grace = Seconds{120};
  note();
  read.confidence = Ratio{1};
  note();
  read.country = "RO";
  note();
  read.rights->answered = true;
  note();
  read.rights->register_age = Seconds{1};
  note();
  read.rights->neighbour_kinds.clear();
  note();
  EXPECT_EQ(order, (std::vector<std::string>{"no_legal_basis", "legal_not_in_force", "sign_unknown",
                                             "sign_mismatch", "clock_error", "grace", "unreadable",
                                             "foreign", "register_down", "register_stale",
                                             "confusable_right", "no_right"}));
}

TEST(Access, NoDecisionOrCounterEverHoldsThePlate) {
  State state = signs_right(kNoon);
  for (int i = 0; i < 400; ++i) {
    auto read = passage(kNoon + from_seconds(i % 7 - 3));
    read.id = ReadId("read-" + std::to_string(i));
    read.confidence = Ratio{i % 3 == 0 ? 0.5 : 0.99};
    read.country = i % 5 == 0 ? "HU" : "RO";
    read.clock_error = Seconds{i % 11 == 0 ? 3.0 : 0.1};
    if (i % 4 == 0) read.rights.reset();
    if (i % 13 == 0 && read.rights) read.rights->neighbour_kinds = {PermitKind::resident};
    const auto d = judge(state, town(), {}, read);
    EXPECT_EQ(bus::to_json(d).find("MM12ABC"), std::string::npos);
  }
  std::uint64_t outcomes = 0;
  for (const auto& [name, n] : state.counters) {
    EXPECT_EQ(name.find("MM12ABC"), std::string::npos);
    if (name.find(".rule.") == std::string::npos) outcomes += n;
  }
  EXPECT_EQ(outcomes, 400U);
}

}  // namespace
}  // namespace dispecer::access
