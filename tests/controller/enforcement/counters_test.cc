// What goes in comes out: every read ends in one named counter, and nothing personal is left over.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "adapters/bus/json.h"
#include "tests/controller/enforcement/street.h"

namespace dispecer::enforcement {
namespace {

std::string plate_number(std::uint_fast32_t n) {
  return "MM" + std::to_string(10 + n % 90) + "A" + static_cast<char>(65 + n / 90 % 26) + "C";
}

// A day with faults of every kind; calls `watch` after each step.
template <class Watch>
void live_a_day(unsigned seed, Watch&& watch) {
  std::mt19937 random(seed);
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  const auto rules = street();
  Parameters p;
  p.receiver_simulated = true;
  State state;
  std::vector<std::string> plates;
  for (int i = 0; i < 500; ++i) {
    const auto t = after(kStart, 10.0 * i);
    auto read = seen(("s" + std::to_string(one_in(20) ? i - 1 : i)).c_str(), t);
    read.plate = one_in(15) ? "" : plate_number(random() % 40);
    if (one_in(6)) read.position = east(100);
    if (one_in(8)) read.parking = ParkingId("unirii");
    if (one_in(10)) read.confidence = Ratio{0.96};
    if (one_in(12)) read.confidence = Ratio{0.5};
    if (one_in(10)) read.rights.reset();
    if (one_in(9) && read.rights) read.rights->kinds = {PermitKind::parking_paid};
    if (one_in(25)) read.clock_error = Seconds{5};
    if (one_in(25)) read.country = "";
    plates.push_back(read.plate);
    apply(state, rules, p, read, one_in(30) ? after(t, 100) : t);
    if (one_in(3)) {
      PlateRead gate;
      gate.id = ReadId("g" + std::to_string(i));
      gate.plate = plate_number(random() % 40);
      gate.t = t;
      AccessDecision d;
      d.read = gate.id;
      d.outcome = AccessOutcome::allowed;
      apply(state, rules, p, gate, d, t);
    }
    for (const auto& c : cases_to_review(state)) {
      if (one_in(20)) apply(state, {c.id, !one_in(4), ""}, one_in(2) ? kPolice : kOperator, t);
    }
    auto out = step(state, rules, p, t);
    for (const auto& q : out.questions) {
      auto answer = nothing(t);
      answer.answered = !one_in(4);
      if (one_in(8)) answer.kinds = {PermitKind::resident};
      apply(state, rules, p, q.id, answer, t);
    }
    if (one_in(200)) state = restore(snapshot(state));
    watch(state, out, plates);
  }
}

TEST(Reconciliation, ReadsEqualDeletedPlusCasesPlusExpiredPlusWaitingAtEveryMoment) {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    std::uint64_t cases = 0;
    std::uint64_t leads = 0;
    std::uint64_t reads = 0;
    live_a_day(seed, [&](const State& state, const Outputs& out, const auto&) {
      ASSERT_EQ(counted(state, "unbalanced"), 0U);
      cases = counted(state, "reads_in_cases");
      reads = counted(state, "reads");
      leads += out.leads.size();
    });
    EXPECT_GT(reads, 500U);
    EXPECT_GT(cases, 0U) << "the day was too quiet to prove anything, seed " << seed;
    EXPECT_GT(leads, 0U) << seed;
  }
}

TEST(Privacy, NoPlateIsInAReasonAnIdACounterOrAnAlarm) {
  std::string text;
  std::set<std::string> plates;
  std::size_t cases = 0;
  live_a_day(7, [&](const State& state, const Outputs& out, const std::vector<std::string>& read) {
    plates.insert(read.back());
    for (const auto& alarm : out.alarms) text += bus::to_json(alarm);
    for (const auto& lead : out.leads) text += lead.id.str();
    for (const auto& q : out.questions) text += q.id;
    if (read.size() % 100 != 0) return;
    for (const auto& [id, record] : state.cases) {
      text += id.str() + bus::to_json(record.subject.reason) + record.subject.outcome;
      for (const auto& e : record.subject.evidence) text += bus::to_json(e);
    }
    for (const auto& [name, n] : counters(state)) text += name + "=" + std::to_string(n) + ";";
    cases = state.cases.size();
  });
  plates.erase("");
  EXPECT_GT(plates.size(), 30U);
  EXPECT_GT(cases, 0U);
  for (const auto& plate : plates) EXPECT_EQ(text.find(plate), std::string::npos);
}

TEST(Privacy, AReadThatSpeaksForNothingLeavesNoPlateBehind) {
  State state;
  auto paid = first();
  paid.rights->kinds = {PermitKind::parking_paid};
  apply(state, street(), {}, paid, kStart);
  EXPECT_TRUE(state.waiting.empty());
  EXPECT_TRUE(state.cases.empty());
  EXPECT_TRUE(state.questions.empty());
}

TEST(Forgetting, AFirstReadWithoutASecondIsForgottenAfterTwoHours) {
  State state;
  apply(state, street(), {}, first(), kStart);
  step(state, street(), {}, after(kStart, 7200));
  EXPECT_EQ(state.waiting.size(), 1U);
  step(state, street(), {}, after(kStart, 7201));
  EXPECT_TRUE(state.waiting.empty());
  EXPECT_EQ(counted(state, "forgotten.not_seen_again"), 1U);
}

TEST(Forgetting, AFirstReadThatTheRegistersNeverAnsweredExpiresAfterAQuarterOfAnHour) {
  State state;
  auto a = first();
  a.rights.reset();
  apply(state, street(), {}, a, kStart);
  const auto out = step(state, street(), {}, after(kStart, 1));
  ASSERT_EQ(out.questions.size(), 1U);
  step(state, street(), {}, after(kStart, 901));
  EXPECT_TRUE(state.waiting.empty());
  EXPECT_TRUE(state.questions.empty());
  EXPECT_EQ(counted(state, "holds_expired"), 1U);
}

TEST(Forgetting, AFirstReadWhoseRightComesToLightIsForgottenAtOnce) {
  State state;
  auto a = first();
  a.rights.reset();
  apply(state, street(), {}, a, kStart);
  const auto out = step(state, street(), {}, after(kStart, 1));
  auto answer = nothing(kStart);
  answer.kinds = {PermitKind::resident};
  apply(state, street(), {}, out.questions.at(0).id, answer, after(kStart, 2));
  EXPECT_TRUE(state.waiting.empty());
}

TEST(Restart, ReadsThatWaitedAreCountedAsDeleted) {
  State state;
  apply(state, street(), {}, first(), kStart);
  const auto again = restore(snapshot(state));
  EXPECT_EQ(counted(again, "forgotten.lost_at_restart"), 1U);
  EXPECT_EQ(counted(again, "unbalanced"), 0U);
}

}  // namespace
}  // namespace dispecer::enforcement
