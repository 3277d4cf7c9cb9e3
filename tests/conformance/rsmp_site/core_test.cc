// The core: establishment, acknowledgements, aggregated status, buffer, framing.
#include <gmock/gmock.h>

#include "tests/conformance/rsmp_site/peer.h"

namespace dispecer::conformance {
namespace {

using testing::ElementsAreArray;
using testing::StartsWith;

using SiteCore = SiteTest;

Peer::Test of_type(const char* type) {
  return [type](const json::object& m) { return text_of(m, "type") == type; };
}

std::vector<std::string> sequence(const std::vector<Heard>& log) {
  std::vector<std::string> out;
  for (const auto& heard : log)
    out.push_back((heard.in ? "in " : "out ") + text_of(heard.message, "type"));
  return out;
}

EVERY_PAIR(SiteCore, EstablishesInTheOrderOfItsVersionAndThenTellsItsWholeState) {
  start();
  auto& peer = *peer_;
  peer.listen(Millis{60});
  auto seen = sequence(peer.log());
  ASSERT_GE(seen.size(), 10U);
  // The last of these acknowledges our watchdog; ours comes after the site's.
  const std::vector<std::string> order{"in Version",    "out MessageAck", "out Version",
                                       "in MessageAck", "in Watchdog",    "out MessageAck",
                                       "out Watchdog",  "in MessageAck",  "in AggregatedStatus"};
  EXPECT_THAT(std::vector<std::string>(seen.begin(), seen.begin() + 9), ElementsAreArray(order));
  const auto version = peer.wait(of_type("Version"), 0);
  EXPECT_EQ(text_of(*version, "SXL"), versions_.sxl);
  const auto status = peer.wait(of_type("AggregatedStatus"), 0);
  EXPECT_TRUE(status->at("fP").is_null());
  EXPECT_TRUE(status->at("fS").is_null());
  const bool words = !peer.core("3.1.3");
  for (const auto& bit : status->at("se").as_array()) EXPECT_EQ(bit.is_string(), words);
  EXPECT_FALSE(status->at("se").at(1).is_bool() && status->at("se").at(1).get_bool());
  const auto alarms = std::count(seen.begin(), seen.end(), "in Alarm");
  // Three of the controller, lamps of four groups (serious and less), two detector logics.
  EXPECT_EQ(alarms, peer.core("3.1.3") ? 13 : 0) << "3.1.2 tells active alarms only";
}

EVERY_PAIR(SiteCore, RefusesWhatItCannotSpeakSaysWhyAndComesBack) {
  controller_.emplace(config_, std::vector<int>{door_->port()}, versions_);
  auto& peer = *peer_;
  for (const auto& [key, value] :
       json::object{{"RSMP", json::array{json::object{{"vers", "3.9.9"}}}},
                    {"siteId", json::array{json::object{{"sId", "OTHER"}}}},
                    {"SXL", "0.9.9"}}) {
    ASSERT_TRUE(peer.accept(*door_));
    const auto since = peer.mark();
    ASSERT_TRUE(peer.wait(of_type("Version"), since));
    auto body = peer.version_message();
    body[key] = value;
    const auto id = peer.send("Version", body);
    const auto answer = peer.ack_of(id, since);
    EXPECT_THAT(answer, StartsWith("NotAck ")) << std::string(key);
    EXPECT_GT(answer.size(), 12U) << "a reason is given";
    EXPECT_TRUE(peer.wait_closed(kWait));
  }
  EXPECT_TRUE(peer.establish(*door_));
}

EVERY_PAIR(SiteCore, AnswersNothingBeforeTheVersionsAreSettled) {
  controller_.emplace(config_, std::vector<int>{door_->port()}, versions_);
  auto& peer = *peer_;
  ASSERT_TRUE(peer.accept(*door_));
  const auto since = peer.mark();
  ASSERT_TRUE(peer.wait(of_type("Version"), since));
  auto body = peer.component("TC");
  body["sS"] = json::array{json::object{{"sCI", "S0001"}, {"n", "stage"}}};
  const auto early = peer.send("StatusRequest", body);
  EXPECT_EQ(peer.ack_of(early, since, Millis{150}), "");
  peer.hang_up();
  EXPECT_TRUE(peer.establish(*door_));
}

EVERY_PAIR(SiteCore, ASecondVersionIsRefusedAndTheLineKept) {
  start();
  auto& peer = *peer_;
  const auto since = peer.mark();
  EXPECT_THAT(peer.ack_of(peer.send("Version", peer.version_message()), since),
              StartsWith("NotAck "));
  EXPECT_EQ(peer.status_text("S0017", "number"), "4");
}

// With the timings of the shipped file.
class SiteAsShipped : public SiteTest {
 protected:
  using SiteTest::SiteTest;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> changes() const override {
    return {};
  }
};

EVERY_PAIR(SiteAsShipped, ClosesWhenItsWatchdogsAreNotAcknowledgedAndOnlyThen) {
  start();
  auto& peer = *peer_;
  // No watchdog of ours from here on: it stays.
  peer.listen(Millis{1000});
  EXPECT_FALSE(peer.closed());
  EXPECT_TRUE(peer.wait(of_type("Watchdog"), peer.mark()));
  peer.deaf_to = "Watchdog";
  EXPECT_TRUE(peer.wait_closed(Millis{1000})) << "within the suite's disconnect time-out";
  peer.deaf_to = "";
  EXPECT_TRUE(peer.establish(*door_)) << "and comes back";
}

EVERY_PAIR(SiteCore, AggregatedStatusCanBeRequestedFrom315On) {
  start();
  auto& peer = *peer_;
  const auto since = peer.mark();
  auto body = peer.component("TC");
  if (!peer.core("3.1.5")) body["planted"] = true;
  const auto ack = peer.ack_of(peer.send("AggregatedStatusRequest", body), since);
  if (peer.core("3.1.5")) {
    EXPECT_EQ(ack, "ack");
    EXPECT_TRUE(peer.wait(of_type("AggregatedStatus"), since));
  } else {
    EXPECT_THAT(ack, StartsWith("NotAck "));
  }
}

EVERY_PAIR(SiteCore, WhatCameToPassDuringAnOutageIsToldFirstAndAsOld) {
  start();
  auto& peer = *peer_;
  auto since = peer.mark();
  const auto ack = peer.ack_of(
      peer.send("StatusSubscribe", peer.subscription("S0001", {"signalgroupstatus"}, "1")), since);
  ASSERT_EQ(ack, "ack");
  ASSERT_TRUE(peer.wait(of_type("StatusUpdate"), since));
  peer.hang_up();
  door_->close();
  peer.listen(Millis{1500});
  door_->open();
  since = peer.mark();
  ASSERT_TRUE(peer.establish(*door_));
  if (!peer.core("3.1.3")) {
    EXPECT_FALSE(peer.wait(of_type("StatusUpdate"), since, Millis{600}))
        << "subscriptions end with the line";
    return;
  }
  const auto first = peer.wait(of_type("StatusUpdate"), since);
  ASSERT_TRUE(first);
  const auto watchdog = peer.wait(of_type("Watchdog"), since);
  EXPECT_LT(text_of(*first, "sTs"), text_of(*watchdog, "wTs")) << "measured before the reconnect";
  for (const auto& item : first->at("sS").as_array())
    EXPECT_EQ(text_of(item.as_object(), "q"), peer.core("3.2") ? "old" : "recent");
  // Live values come after the buffer.
  bool live = false;
  peer.listen(Millis{1200});
  for (std::size_t i = since; i < peer.log().size(); ++i) {
    const auto& m = peer.log()[i].message;
    if (!peer.log()[i].in || text_of(m, "type") != "StatusUpdate" || !peer.core("3.2")) continue;
    const bool old = text_of(m.at("sS").at(0).as_object(), "q") == "old";
    EXPECT_FALSE(old && live) << "a buffered value after a live one";
    live = live || !old;
  }
  EXPECT_EQ(live, peer.core("3.2"));
  peer.unsubscribe("S0001", {"signalgroupstatus"});
}

EVERY_PAIR(SiteCore, FramesComeInAnyPieces) {
  start();
  auto& peer = *peer_;
  std::string both;
  std::vector<std::string> ids;
  for (int i = 0; i < 2; ++i) {
    auto body = peer.component("TC");
    ids.push_back(peer.new_id());
    body["mType"] = "rSMsg";
    body["type"] = "StatusRequest";
    body["mId"] = ids.back();
    body["later"] = "unknown keys are passed over";
    body["sS"] = json::array{json::object{{"sCI", "S0017"}, {"n", "number"}}};
    both += json::serialize(body) + "\f";
  }
  auto since = peer.mark();
  peer.raw("\f" + both + "\f");
  for (const auto& id : ids) EXPECT_EQ(peer.ack_of(id, since), "ack");
  since = peer.mark();
  for (const char c : both) peer.raw(std::string(1, c));
  for (const auto& id : ids) EXPECT_EQ(peer.ack_of(id, since), "ack");
  peer.raw("{ this is no JSON\f");
  peer.raw("\xff\xfe\f");
  const auto unknown = peer.send("Greeting", {{"planted", true}});
  EXPECT_THAT(peer.ack_of(unknown, since), StartsWith("NotAck "));
  EXPECT_FALSE(peer.closed());
}

class SiteOfSlowTicks : public SiteTest {
 protected:
  using SiteTest::SiteTest;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> changes() const override {
    return {{"tick_s = 0.05", "tick_s = 1.0"}, {"ack_timeout_s = 0.5", "ack_timeout_s = 10"}};
  }
};

EVERY_PAIR(SiteOfSlowTicks, AnAcknowledgementNeverWaitsForTheControllersTick) {
  start();
  auto& peer = *peer_;
  peer.listen(Millis{100});
  std::vector<double> ms;
  for (int i = 0; i < 40; ++i) {
    const auto since = peer.mark();
    auto body = peer.component("TC");
    body["sS"] = json::array{json::object{{"sCI", "S0001"}, {"n", "signalgroupstatus"}}};
    const auto before = std::chrono::steady_clock::now();
    ASSERT_EQ(peer.ack_of(peer.send("StatusRequest", body), since), "ack");
    ASSERT_TRUE(peer.wait(of_type("StatusResponse"), since));
    ms.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before)
            .count());
  }
  std::sort(ms.begin(), ms.end());
  EXPECT_LT(ms[20], 100) << "median; half a second if it waited";
}

}  // namespace
}  // namespace dispecer::conformance
