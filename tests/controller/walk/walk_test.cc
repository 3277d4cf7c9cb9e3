#include "controller/walk/walk.h"

#include <gtest/gtest.h>

namespace dispecer::walk {
namespace {

constexpr UtcTime kStart{1'700'000'000'000'000};

// One crossing "x" with a promise of 50 s, and what a second shows of it.
struct Kerb {
  State state;
  CityPicture picture;

  explicit Kerb(bool button = true, double own = 50) {
    Network network;
    Crossing x;
    x.id = CrossingId("x");
    x.junction = JunctionId("j");
    x.group = SignalGroupId("foot");
    x.push_button = button;
    x.promised_wait = {own};
    network.crossings.push_back(x);
    x.id = CrossingId("without_signal");
    x.group = SignalGroupId();
    network.crossings.push_back(x);
    JunctionSignals signals;
    signals.junction = JunctionId("j");
    SignalGroup g;
    g.id = SignalGroupId("foot");
    signals.groups.push_back(g);
    state = make_state(network, {{signals.junction, signals}}, {});
    SignalObservation seen;
    seen.junction = JunctionId("j");
    seen.link = CommLink::connected;
    seen.mode = ControlMode::control;
    picture.signals.push_back(seen);
    picture.crossings.push_back({CrossingId("x"), false, {0}});
  }
  // "state rule" of what changed at second `s`.
  std::vector<std::string> at(double s, bool green, bool called, double waiting = 0) {
    picture.t = kStart + from_seconds(s);
    picture.signals[0].groups = {green ? Aspect::green : Aspect::red};
    picture.crossings[0].called = called;
    picture.crossings[0].waiting = {waiting};
    std::vector<std::string> out;
    for (const auto& r : apply(state, picture)) {
      out.push_back(std::string(to_name(r.state)) + " " + r.reason.rule);
      last = r;
    }
    return out;
  }
  std::string input(const std::string& name) const {
    for (const auto& i : last.reason.inputs) {
      if (i.name == name) return i.value;
    }
    return "";
  }
  PriorityRequest last;
};

using Told = std::vector<std::string>;

TEST(Walk, ACallThatIsServedInTimeKeepsThePromise) {
  Kerb kerb;
  EXPECT_EQ(kerb.at(0, false, false), Told{});
  EXPECT_EQ(kerb.at(1, false, true), Told{"queued walk_called"});
  EXPECT_EQ(kerb.at(40, false, true, 39), Told{});
  EXPECT_EQ(kerb.at(51, true, false), Told{"served walk_promise_kept"});
  EXPECT_EQ(kerb.last.kind, RequestKind::pedestrian);
  EXPECT_EQ(kerb.input("wait_s"), "50");
  EXPECT_EQ(kerb.input("promise_s"), "50");
  EXPECT_EQ(kerb.input("kept_pct"), "100");
}

TEST(Walk, APromiseThatBreaksIsToldAtThatMomentAndCounted) {
  Kerb kerb;
  kerb.at(0, false, true);
  EXPECT_EQ(kerb.at(50, false, true, 50), Told{});
  EXPECT_EQ(kerb.at(51, false, true, 51), Told{"queued walk_promise_broken"});
  EXPECT_EQ(kerb.at(52, false, true, 52), Told{});
  EXPECT_EQ(kerb.at(60, true, false), Told{"served walk_promise_broken"});
  kerb.at(70, false, true);
  kerb.at(80, true, false);
  EXPECT_EQ(kerb.input("kept_pct"), "50");
  EXPECT_EQ(kerb.input("waits"), "2");
  EXPECT_EQ(kerb.input("longest_wait_s"), "60");
}

TEST(Walk, WithoutAButtonEachRedCountsAsIfSomebodyHadComeWithIt) {
  Kerb kerb(false);
  kerb.at(0, true, false);
  EXPECT_EQ(kerb.at(10, false, false), Told{});
  EXPECT_EQ(kerb.at(55, true, false), Told{"served walk_promise_kept"});
  EXPECT_EQ(kerb.input("wait_s"), "45");
}

TEST(Walk, AWaitThatBeganBeforeIsReckonedFromItsCall) {
  Kerb kerb;
  kerb.at(100, false, true, 45);
  EXPECT_EQ(kerb.at(106, false, true, 51), Told{"queued walk_promise_broken"});
}

TEST(Walk, LampsThatGoOutEndAWaitWithoutCountingIt) {
  Kerb kerb;
  kerb.at(0, false, true);
  kerb.picture.signals[0].mode = ControlMode::yellow_flash;
  EXPECT_EQ(kerb.at(10, false, true, 10), Told{"cancelled no_signal"});
  EXPECT_EQ(kerb.state.rows[0].served, 0u);
}

TEST(Walk, OnlyCrossingsWithSignalsAreWatchedAndTheCitysPromiseHoldsWhereNoneIsStated) {
  Kerb kerb(true, 0);
  ASSERT_EQ(kerb.state.rows.size(), 1u);
  EXPECT_EQ(kerb.state.rows[0].promise, signals::SignalParameters{}.walk_promise_s);
}

}  // namespace
}  // namespace dispecer::walk
