// The longest wait that is promised to people on foot.
#include <gtest/gtest.h>

#include "controller/signals/due.h"
#include "tests/controller/signals/crossroads.h"

namespace dispecer::test {
namespace {

struct Scene {
  Crossroads road;
  signals::SignalParameters p;
  signals::Site site;
  signals::Memory memory;

  explicit Scene(bool button = true, double own_promise = 0) {
    road.network.crossings[0].push_button = button;
    road.network.crossings[0].promised_wait = {own_promise};
    site = signals::make_site(signals::make_index(road.network), road.signals, p);
    memory = signals::make_memory(site);
  }
  // Seconds left of the red of the crossing's group at `s`, or absent where it wants no green.
  std::optional<double> left(double s) {
    const auto picture = road.now(s);
    signals::PictureIndex index;
    index.update(*picture);
    signals::JunctionView view;
    signals::look(site, signals::find_rows(site, index), *picture, at(s), p, view);
    signals::observe(memory, site, *view.signal);
    signals::note_waits(site, view, at(s), memory);
    for (const auto& need : signals::needs(site, view, memory, at(s), p)) {
      if (need.group == 2) return need.left;
    }
    return std::nullopt;
  }
  void call(double waiting) { road.picture->crossings[0] = {CrossingId("x"), true, {waiting}}; }
};

TEST(WalkPromise, ACallIsServedBeforeItHasWaitedTheCitysPromise) {
  Scene scene;
  scene.left(0);
  EXPECT_FALSE(scene.left(30)) << "nobody has called";
  scene.call(10);
  EXPECT_EQ(scene.left(40), scene.p.walk_promise_s - 10 - scene.p.due_margin_s);
}

TEST(WalkPromise, ACrossingsOwnPromiseGoesBeforeTheCitys) {
  Scene scene(true, 40);
  scene.left(0);
  scene.call(10);
  EXPECT_EQ(scene.left(15), 40 - 10 - scene.p.due_margin_s);
}

TEST(WalkPromise, TheMaximumRedOfTheGroupStillCountsFromWhenSomebodyCanHaveCome) {
  Scene scene;
  scene.left(0);
  scene.p.walk_promise_s = 300;
  scene.left(15);
  scene.call(1);
  EXPECT_EQ(scene.left(115), 120 - 100 - scene.p.due_margin_s);
}

TEST(WalkPromise, WithoutAButtonSomebodyMayWaitSinceTheRedBegan) {
  Scene scene(false);
  scene.left(0);
  EXPECT_EQ(scene.left(20), scene.p.walk_promise_s - 20 - scene.p.due_margin_s);
}

// Seconds of green that stage 3 (the crossing, minimum green 5 s) gets before another may begin.
double least_walk(Crossroads& road, std::vector<BookEntry> weather) {
  controller::ControllerParameters parameters;
  parameters.book.entries = std::move(weather);
  auto state = road.controller(parameters);
  road.show(3);
  double s = 0;
  for (; s < 30; ++s) {
    road.queue("n", 12, 30 + s);
    if (second(state, road, s).ordered() == 1) break;
  }
  return s;
}

BookEntry rain(double from, double to, std::vector<LinkId> links = {}) {
  BookEntry e;
  e.kind = BookKind::weather;
  e.begin = at(from);
  e.end = at(to);
  e.links = std::move(links);
  return e;
}

TEST(SlowWalk, GreenIsKeptForWhoWalksSlowlyWhereTheCrossingIsMarked) {
  Crossroads road;
  road.network.crossings[0].length = {18};
  EXPECT_EQ(least_walk(road, {}), 5);
  road.network.crossings[0].slow_walk = true;
  EXPECT_EQ(least_walk(road, {}), 8);  // 18 m at 1.0 and at 1.2 m/s differ by 3 s
}

TEST(SlowWalk, InRainItIsKeptAtEveryCrossingThatTheBookNamesForAsLongAsItSays) {
  Crossroads road;
  road.network.crossings[0].length = {18};
  EXPECT_EQ(least_walk(road, {rain(-10, 100)}), 8);
  EXPECT_EQ(least_walk(road, {rain(-10, 100, {LinkId("in_n")})}), 8);
  EXPECT_EQ(least_walk(road, {rain(-10, 100, {LinkId("elsewhere")})}), 5);
  EXPECT_EQ(least_walk(road, {rain(-10, 6)}), 6);
  EXPECT_EQ(least_walk(road, {rain(50, 100)}), 5);
}

TEST(WalkPromise, TheJunctionKeepsItUnderHeavyTraffic) {
  Crossroads road;
  auto state = road.controller();
  Street street(road, {{"n", 700}, {"s", 700}, {"e", 500}, {"w", 500}}, 4);
  double waiting = 0;
  double longest = 0;
  for (int s = 1; s < 1200; ++s) {
    const bool green = street.stage() == 3;
    // Somebody presses the button again ten seconds after each green.
    waiting = green ? -10 : waiting + 1;
    longest = std::max(longest, waiting);
    road.picture->crossings[0] = {CrossingId("x"), waiting > 0, {std::max(0.0, waiting)}};
    street.step(second(state, road, s).ordered());
  }
  EXPECT_LE(longest, state.parameters.signals.walk_promise_s);
  EXPECT_GT(longest, 10);
}

}  // namespace
}  // namespace dispecer::test
