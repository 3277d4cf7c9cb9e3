// What a site keeps while its line is down, and whose clock it takes.
#include <fstream>

#include "sim/rsmp_site/buffer.h"
#include "tests/sim/rsmp_site/supervisor_hand.h"

namespace dispecer::sim {
namespace {

rsmp::Body update(int n) {
  return rsmp::StatusUpdate{
      {"TC", "", ""}, at(n), {{"S0001", "stage", std::to_string(n), rsmp::Quality::old}}};
}
int number_of(const rsmp::Body& body) {
  return std::stoi(*std::get<rsmp::StatusUpdate>(body).items[0].value.text);
}

TEST(SiteBuffer, KeepsTheNewestInOrderAndSaysWhenItDropsOne) {
  MessageBuffer buffer(3, "");
  for (int i = 1; i <= 3; ++i) EXPECT_TRUE(buffer.keep(update(i)));
  EXPECT_FALSE(buffer.keep(update(4)));
  const auto all = buffer.take();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(number_of(all.front()), 2);
  EXPECT_EQ(number_of(all.back()), 4);
  EXPECT_EQ(buffer.size(), 0u);
  static_cast<void>(buffer.keep(update(5)));
  buffer.power_lost();
  EXPECT_EQ(buffer.size(), 0u) << "memory does not outlive power";
}

TEST(SiteBuffer, OnDiskItOutlivesPowerAndATornLineIsLeftOut) {
  const auto path = testing::TempDir() + "/site_buffer_test";
  std::remove(path.c_str());
  {
    MessageBuffer buffer(3, path);
    for (int i = 1; i <= 5; ++i) static_cast<void>(buffer.keep(update(i)));
    buffer.power_lost();
    EXPECT_EQ(buffer.size(), 3u);
  }
  std::ofstream(path, std::ios::app) << R"({"mType":"rSMsg","type":"StatusUp)";
  MessageBuffer again(3, path);
  const auto all = again.take();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(number_of(all.front()), 3);
  EXPECT_EQ(all.back(), update(5)) << "quality and stamp are kept";
  EXPECT_FALSE(std::ifstream(path)) << "what was told is not told again";
}

TEST(SiteClock, FollowsThePrimarySupervisorWhereItIsToldTo) {
  auto settings = Hand::settings();
  settings.follow_supervisor = true;
  Hand hand(settings);
  hand.site->connected(hand.now());
  hand.hear();
  hand.say(rsmp::Version{{"3.2.2"}, {"RN+SI0001"}, "1.2.1"});
  hand.hear();
  hand.say(rsmp::Watchdog{at(1000)});
  hand.hear();
  hand.second();
  EXPECT_NEAR(in_seconds(hand.cabinet.intersections[0].output.clock - at(1000)), 0, 2);
  hand.say(rsmp::Watchdog{at(5000)});
  hand.second();
  EXPECT_NEAR(in_seconds(hand.cabinet.intersections[0].output.clock - at(1000)), 0, 3)
      << "then once a day";
  settings.secondary = true;
  Hand second(settings);
  second.site->connected(second.now());
  second.hear();
  second.say(rsmp::Version{{"3.2.2"}, {"RN+SI0001"}, "1.2.1"});
  second.hear();
  second.say(rsmp::Watchdog{at(1000)});
  second.second();
  EXPECT_NEAR(in_seconds(second.cabinet.intersections[0].output.clock - at(120)), 0, 3)
      << "a secondary one does not set it";
}

TEST(SiteTraffic, EveryLogicIsCountedInItsClassesAndThoseThatCannotTellSaySo) {
  Hand hand;
  hand.establish();
  rsmp::StatusSubscribe all{{"TC", "", ""}, {}};
  rsmp::StatusSubscribe one{{"DL1", "", ""}, {}};
  for (const char* name : {"start", "B", "P"}) all.items.push_back({"S0208", name, 10, false});
  for (const char* name : {"starttime", "B"}) one.items.push_back({"S0204", name, 10, false});
  hand.say(all);
  hand.say(one);
  hand.hear();
  std::vector<rsmp::StatusUpdate> updates;
  for (int i = 0; i < 22; ++i) {
    DetectorReading bus{.number = 1, .count = 1, .occupied = true, .speed_mps = 10};
    bus.classes.emplace();
    (*bus.classes)[4] = 1;
    ASSERT_TRUE(apply(hand.cabinet, bus, at(hand.now_s)));
    ASSERT_TRUE(apply(hand.cabinet, DetectorReading{.number = 2, .count = 2, .speed_mps = 10},
                      at(hand.now_s)));
    hand.second();
    for (auto& u : Hand::all<rsmp::StatusUpdate>(hand.hear())) updates.push_back(u);
  }
  ASSERT_GE(updates.size(), 2u);
  for (const auto& u : updates) {
    for (const auto& item : u.items) {
      if (item.name == "B" && item.code == "S0208") {
        EXPECT_EQ(item.value, rsmp::Value("10,-1"));
      }
      if (item.name == "P") {
        EXPECT_EQ(item.value, rsmp::Value("0,-1"));
      }
      if (item.code == "S0204" && item.name == "B") {
        EXPECT_EQ(item.value, rsmp::Value("10"));
      }
    }
  }
}

}  // namespace
}  // namespace dispecer::sim
