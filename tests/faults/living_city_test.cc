// The demonstration city, all processes, real sockets, real Redis, SUMO faster than real time;
// watched and hurt from outside.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "controller/enforcement/enforcement.h"
#include "controller/plan/junction_signals.h"
#include "tests/faults/centre.h"

namespace dispecer::faults {
namespace {

namespace fs = std::filesystem;

// What the test saw, from outside the processes.
struct Watch {
  std::map<ProposalId, OrderState> orders;  // last state of each order
  std::map<ProposalId, UtcTime> order_time;
  std::uint64_t observations = 0;
  std::vector<std::string> conflicts;
  std::map<std::string, UtcTime> clock;
  UtcTime now;
  std::uint64_t grants_served = 0;
  std::map<RequestId, RequestState> requests;
  std::uint64_t access_decisions = 0;
  std::map<std::string, ProcessHealth> health;
  std::map<IntentId, IntentResult> results;
  std::set<std::string> alarms_seen;
  std::uint64_t pictures = 0;
  std::map<JunctionId, UtcTime> lamps_changed;
};

bool ended(OrderState s) {
  return s == OrderState::confirmed || s == OrderState::refused || s == OrderState::expired ||
         s == OrderState::deviated;
}

class LivingCity : public ::testing::Test {
 protected:
  static void watch(Centre& centre, const city::City& city, Watch& w) {
    centre.on<topic::Clock>(
        [&](const bus::Envelope&, const ClockTick& t) { w.now = std::max(w.now, t.now); });
    centre.on<topic::Orders>([&](const bus::Envelope&, const OrderReport& r) {
      w.orders[r.proposal] = r.state;
      w.order_time[r.proposal] = r.t;
    });
    for (const auto& [id, signals] : city.signals)
      matrices().emplace(id, IntergreenMatrix(signals));
    centre.on<topic::Signals>([&](const bus::Envelope&, const SignalObservation& s) {
      ++w.observations;
      const auto it = matrices().find(s.junction);
      if (it == matrices().end() || s.mode != ControlMode::control) return;
      for (std::size_t a = 0; a < s.groups.size(); ++a) {
        if (!is_green(s.groups[a])) continue;
        w.lamps_changed[s.junction] = s.t;
        for (std::size_t b = a + 1; b < s.groups.size(); ++b) {
          if (is_green(s.groups[b]) && it->second.conflict(a, b)) {
            w.conflicts.push_back(s.junction.str() + " groups " + std::to_string(a) + " and " +
                                  std::to_string(b) + " at " + to_iso(s.t));
          }
        }
      }
    });
    centre.on<topic::Priority>([&](const bus::Envelope&, const PriorityRequest& r) {
      if (r.state == RequestState::served && w.requests[r.id] == RequestState::granted)
        ++w.grants_served;
      w.requests[r.id] = r.state;
    });
    centre.on<topic::Access>(
        [&](const bus::Envelope&, const AccessDecision&) { ++w.access_decisions; });
    centre.on<topic::Picture>([&](const bus::Envelope&, const CityPicture&) { ++w.pictures; });
    centre.on<topic::Health>(
        [&](const bus::Envelope&, const ProcessHealth& h) { w.health[h.process] = h; });
    centre.on<topic::AlarmEvents>([&](const bus::Envelope&, const AlarmEvent& a) {
      if (a.active) w.alarms_seen.insert(a.kind);
    });
    centre.listen_to_all();
    centre.on_result([&](const IntentResult& r) { w.results[r.intent] = r; });
    centre.start_streams();
  }
  static std::map<JunctionId, IntergreenMatrix>& matrices() {
    static std::map<JunctionId, IntergreenMatrix> all;
    return all;
  }
  // Ids of the leads that the police receiver has, in order of arrival.
  static std::vector<std::string> received_leads(const Centre& centre, const std::string& state) {
    std::vector<std::string> ids;
    for (const auto& file :
         {centre.run_dir() + "/police_received.jsonl", state + "/police_received.jsonl"}) {
      std::ifstream in(file);
      std::string line;
      while (std::getline(in, line)) ids.push_back(line);
    }
    return ids;
  }
};

TEST_F(LivingCity, RunsIsHurtAndComesBackWithNothingLostOrDoubled) {
  const auto folder = demo_city();
  if (folder.empty()) GTEST_SKIP() << "DISPECER_DEMO_CITY is not set";
  const auto city = city::read_city(folder);
  ASSERT_TRUE(city.ok()) << city.error().message();
  const auto state = fs::temp_directory_path() / ("dispecer_living_" + std::to_string(::getpid()));
  fs::remove_all(state);
  Watch w;
  {
    Centre centre({folder, state.string(), {"--speed", "5", "--seed", "3", "--begin", "10:00"}});
    watch(centre, *city, w);
    ASSERT_TRUE(centre.run_until(std::chrono::seconds(150), [&] { return w.pictures > 5; }))
        << "no picture; see " << state << "/log";
    const auto began = w.now;
    ASSERT_TRUE(centre.run_until(std::chrono::seconds(120),
                                 [&] {
                                   return w.access_decisions > 0 && w.grants_served > 0 &&
                                          w.now - began > std::chrono::seconds(120);
                                 }))
        << "access " << w.access_decisions << ", grants served " << w.grants_served << ", requests "
        << w.requests.size();

    // A reviewed case leaves as a lead and is acknowledged.
    std::set<std::string> approved;
    ASSERT_TRUE(centre.run_until(std::chrono::seconds(90), [&] {
      const auto bytes = centre.ask("controller", "cases", "review");
      if (!bytes) return false;
      const auto list = bus::decode<CaseList>(*bytes);
      if (!list) return false;
      for (const auto& c : list->cases) {
        if (!approved.insert(c.id.str()).second) continue;
        for (const auto* reviewer : {"ana", "dan"}) {
          Intent intent;
          intent.id = IntentId{std::string("review-") + reviewer + "-" + c.id.str()};
          intent.t = w.now;
          intent.expires = w.now + std::chrono::hours(1);
          intent.actor = {PersonId{reviewer}, Role::op, WorkplaceId{"test"}};
          intent.reason = "seen on the pictures";
          intent.action = ReviewCase{c.id, true, "clear"};
          EXPECT_TRUE(centre.intend(intent).ok());
          EXPECT_TRUE(centre.intend(intent).ok()) << "a repeat is invisible";
        }
      }
      return approved.size() >= 2;
    })) << "no case to review";
    ASSERT_TRUE(centre.run_until(std::chrono::seconds(60), [&] {
      return received_leads(centre, state).size() >= 2;
    })) << "leads did not arrive";

    // Each process in turn. What was ordered just before one dies that orders and their reports
    // pass through, or until all is settled again, may have lost its report.
    const std::set<std::string> on_the_way{"rsmp", "street", "controller"};
    std::vector<std::pair<UtcTime, UtcTime>> hurt;
    for (const auto* process : {"keeper", "rsmp", "feeds", "plates", "signs", "police", "fusion",
                                "controller", "redis", "street"}) {
      const auto from = w.now - std::chrono::seconds(10);
      const auto back = centre.kill_and_wait(process, std::chrono::seconds(60));
      ASSERT_TRUE(back.has_value()) << process << " did not come back";
      RecordProperty(std::string("back_s_") + process, std::to_string(*back));
      const auto at = w.now;
      ASSERT_TRUE(centre.run_until(std::chrono::seconds(60),
                                   [&] { return w.now - at > std::chrono::seconds(10); }))
          << "the clock stands after " << process << " was killed";
      if (on_the_way.contains(process)) hurt.emplace_back(from, w.now);
    }
    // Everything decides again after all that.
    const auto before = w.pictures;
    const auto confirmed_before =
        std::count_if(w.orders.begin(), w.orders.end(),
                      [](const auto& o) { return o.second == OrderState::confirmed; });
    ASSERT_TRUE(centre.run_until(std::chrono::seconds(90), [&] {
      return w.pictures > before + 10 &&
             std::count_if(w.orders.begin(), w.orders.end(), [](const auto& o) {
               return o.second == OrderState::confirmed;
             }) > confirmed_before;
    })) << "no order was confirmed after the kills";
    EXPECT_EQ(centre.stop(), 0) << "Ctrl-C ends it cleanly";

    // Of all others one in a thousand may lack its end (a kill of Redis or the keeper): those of
    // the last seconds have expired by their own time.
    std::uint64_t open = 0;
    std::uint64_t cut = 0;
    for (const auto& [id, s] : w.orders) {
      const auto t = w.order_time[id];
      if (ended(s) || w.now - t <= std::chrono::seconds(40)) continue;
      ++(std::any_of(hurt.begin(), hurt.end(),
                     [&](const auto& h) { return t >= h.first && t <= h.second; })
             ? cut
             : open);
    }
    EXPECT_LE(open, w.orders.size() / 1000)
        << open << " of " << w.orders.size() << " orders; cut by kills: " << cut;
    RecordProperty("orders_cut", std::to_string(cut));
    EXPECT_GT(w.orders.size(), 100U);
    EXPECT_TRUE(w.conflicts.empty())
        << w.conflicts.size() << " conflicting greens, first: " << w.conflicts.front();
    EXPECT_GT(w.observations, 1000U);
    EXPECT_EQ(centre.undecodable(), 0U);

    // Nothing doubled: each lead is there once in effect.
    const auto leads = received_leads(centre, state);
    const std::set<std::string> distinct(leads.begin(), leads.end());
    EXPECT_EQ(distinct.size(), leads.size());
  }
  // What each deciding process did comes out of its journals again, byte for byte.
  std::uint64_t replayed = 0;
  for (const auto& entry : fs::directory_iterator(state / "journal")) {
    const auto command = bin_dir() + "/dispecer-replay --journal " + entry.path().string() + " > " +
                         (state / "replay.log").string() + " 2>&1";
    const int code = std::system(command.c_str());
    std::ostringstream text;
    text << std::ifstream(state / "replay.log").rdbuf();
    EXPECT_EQ(code, 0) << entry.path() << ": " << text.str().substr(0, 2000);
    ++replayed;
  }
  EXPECT_GE(replayed, 4U) << "two processes, each killed once";
  // A second start continues: domain time goes on, cases are not made anew.
  const auto ended_at = w.now;
  {
    Watch again;
    Centre centre({folder, state.string(), {"--speed", "5", "--seed", "3"}});
    watch(centre, *city, again);
    ASSERT_TRUE(centre.run_until(std::chrono::seconds(150), [&] { return again.pictures > 3; }));
    EXPECT_GE(again.now, ended_at - std::chrono::seconds(5))
        << "the second start continues at the saved domain time";
    EXPECT_EQ(centre.stop(), 0);
  }
  fs::remove_all(state);
}

}  // namespace
}  // namespace dispecer::faults
