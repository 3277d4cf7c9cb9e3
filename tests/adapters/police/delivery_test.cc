#include "adapters/police/delivery.h"

#include <gtest/gtest.h>

#include "adapters/police/message.h"
#include "tests/adapters/police/leads.h"

namespace dispecer::police {
namespace {

MonoTime at(double s) {
  return MonoTime{} + from_seconds(1000 + s);
}

// A wire that remembers what went over it.
struct Wire : Channel {
  bool there = true;
  std::vector<std::string> sent;
  [[nodiscard]] bool ready() const override { return there; }
  void send(const std::string& message) override { sent.push_back(message); }
};

struct Station {
  Folder folder;
  Wire wire;
  std::vector<LeadReceipt> receipts;
  std::map<std::string, bool> alarms;
  bool disk_good = true;
  std::unique_ptr<Delivery> delivery;

  explicit Station(bool simulated = true) : simulated_(simulated) { start(); }
  void start() {
    delivery.reset();
    delivery = std::make_unique<Delivery>(
        std::move(Outbox::open(folder.path + "/out.log")).value(), DeliveryOptions{simulated_},
        wire,
        DeliveryEvents{[this](const LeadReceipt& r) {
                         if (disk_good) receipts.push_back(r);
                         return disk_good;
                       },
                       [this](const AlarmEvent& a) { alarms[a.kind] = a.active; },
                       [] { return parse_iso("2026-11-23T10:00:00Z").value(); }});
  }
  void run(double from, double to) {
    for (double s = from; s < to; s += 0.1) delivery->work(at(s));
  }
  std::uint64_t counted(const std::string& name) {
    const auto it = delivery->counters().find("police." + name);
    return it == delivery->counters().end() ? 0 : it->second;
  }

 private:
  bool simulated_;
};

TEST(Delivery, ALeadIsRepeatedAfterOneTwoFourUpToThirtySecondsUntilItIsAcknowledged) {
  Station s;
  ASSERT_TRUE(s.delivery->take(lead("1"), at(0)));
  std::vector<int> when;
  for (int i = 0; i < 1200; ++i) {
    const auto before = s.wire.sent.size();
    s.delivery->work(at(i * 0.1));
    if (s.wire.sent.size() > before) when.push_back(i / 10);
  }
  EXPECT_EQ(when, (std::vector<int>{0, 1, 3, 7, 15, 31, 61, 91}));
  s.delivery->receive(receipt_message(receipt("1")));
  const auto sent = s.wire.sent.size();
  s.run(120, 200);
  EXPECT_EQ(s.wire.sent.size(), sent);
  ASSERT_EQ(s.receipts.size(), 1U);
  EXPECT_EQ(s.receipts[0].lead, LeadId("lead-1"));
}

TEST(Delivery, EveryRepeatCarriesTheSameId) {
  Station s;
  ASSERT_TRUE(s.delivery->take(lead("1"), at(0)));
  s.run(0, 20);
  ASSERT_GT(s.wire.sent.size(), 3U);
  for (const auto& m : s.wire.sent) EXPECT_EQ(m, s.wire.sent[0]);
}

TEST(Delivery, TheSameLeadGivenTwiceIsOneLead) {
  Station s;
  EXPECT_TRUE(s.delivery->take(lead("1"), at(0)));
  EXPECT_TRUE(s.delivery->take(lead("1"), at(0)));
  s.run(0, 0.5);
  EXPECT_EQ(s.wire.sent.size(), 1U);
  s.delivery->receive(receipt_message(receipt("1")));
  EXPECT_TRUE(s.delivery->take(lead("1"), at(1)));
  s.run(1, 40);
  EXPECT_EQ(s.wire.sent.size(), 1U);
  EXPECT_EQ(s.counted("duplicate"), 2U);
}

TEST(Delivery, WithoutAReceiverNothingIsLostAndSomebodyIsCalledAfterAMinute) {
  Station s;
  s.wire.there = false;
  ASSERT_TRUE(s.delivery->take(lead("1"), at(0)));
  s.run(0, 60);
  EXPECT_FALSE(s.alarms["lead_not_delivered"]);
  s.run(60.2, 61);
  EXPECT_TRUE(s.alarms["lead_not_delivered"]);
  EXPECT_TRUE(s.wire.sent.empty());
  s.wire.there = true;
  s.delivery->channel_up();
  s.delivery->work(at(61.1));
  EXPECT_EQ(s.wire.sent.size(), 1U);
  s.delivery->receive(receipt_message(receipt("1")));
  s.delivery->work(at(61.2));
  EXPECT_FALSE(s.alarms["lead_not_delivered"]);
}

TEST(Delivery, AfterARestartWhatWaitedIsSentAgainAndWhatWasDeliveredIsNot) {
  Station s;
  ASSERT_TRUE(s.delivery->take(lead("1"), at(0)));
  ASSERT_TRUE(s.delivery->take(lead("2"), at(0)));
  s.run(0, 0.5);
  s.delivery->receive(receipt_message(receipt("1")));
  s.wire.sent.clear();
  s.start();
  s.delivery->work(at(100));
  ASSERT_EQ(s.wire.sent.size(), 1U);
  EXPECT_NE(s.wire.sent[0].find("lead-2"), std::string::npos);
  EXPECT_TRUE(s.delivery->take(lead("1"), at(100.5)));
  s.delivery->work(at(100.5));
  EXPECT_EQ(s.wire.sent.size(), 1U);
}

TEST(Delivery, AReceiptThatCannotBeKeptDoesNotEndTheDelivery) {
  Station s;
  ASSERT_TRUE(s.delivery->take(lead("1"), at(0)));
  s.disk_good = false;
  s.delivery->work(at(0));
  s.delivery->receive(receipt_message(receipt("1")));
  EXPECT_EQ(s.delivery->waiting(), 1U);
  s.disk_good = true;
  s.delivery->work(at(2));
  EXPECT_EQ(s.wire.sent.size(), 2U);
  s.delivery->receive(receipt_message(receipt("1")));
  EXPECT_EQ(s.delivery->waiting(), 0U);
}

TEST(Delivery, AnOutcomeOfADeliveredLeadIsStillTaken) {
  Station s;
  ASSERT_TRUE(s.delivery->take(lead("1"), at(0)));
  s.delivery->receive(receipt_message(receipt("1")));
  s.delivery->receive(receipt_message(receipt("1", ReceiptKind::outcome)));
  ASSERT_EQ(s.receipts.size(), 2U);
  EXPECT_EQ(s.receipts[1].kind, ReceiptKind::outcome);
}

TEST(Delivery, ReceiptsForOthersAndNonsenseAreCountedAndChangeNothing) {
  Station s;
  ASSERT_TRUE(s.delivery->take(lead("1"), at(0)));
  s.delivery->receive("nonsense");
  s.delivery->receive(receipt_message(receipt("9")));
  auto other = receipt("1");
  other.subject = CaseId("case-2");
  s.delivery->receive(receipt_message(other));
  EXPECT_EQ(s.delivery->waiting(), 1U);
  EXPECT_TRUE(s.receipts.empty());
  EXPECT_EQ(s.counted("bad_json"), 1U);
  EXPECT_EQ(s.counted("unknown_lead"), 1U);
  EXPECT_EQ(s.counted("case_mismatch"), 1U);
}

TEST(Delivery, ALeadOnAnInventedDecisionNeverLeavesForARealReceiver) {
  Station real(false);
  auto demo = lead("1");
  demo.subject.demonstration = true;
  EXPECT_TRUE(real.delivery->take(demo, at(0)));
  real.run(0, 40);
  EXPECT_TRUE(real.wire.sent.empty());
  EXPECT_TRUE(real.alarms["demonstration_lead_refused"]);
  ASSERT_EQ(real.receipts.size(), 1U);
  EXPECT_EQ(real.receipts[0].kind, ReceiptKind::declined);
  Station simulated(true);
  EXPECT_TRUE(simulated.delivery->take(demo, at(0)));
  simulated.run(0, 0.5);
  EXPECT_EQ(simulated.wire.sent.size(), 1U);
}

TEST(Delivery, NoPlateIsInACounterOrAnAlarm) {
  Station s;
  ASSERT_TRUE(s.delivery->take(lead("1"), at(0)));
  s.run(0, 100);
  s.delivery->receive(R"({"type":"receipt","lead":"MM12ABC"})");
  for (const auto& [name, n] : s.delivery->counters())
    EXPECT_EQ(name.find("MM12ABC"), std::string::npos);
}

}  // namespace
}  // namespace dispecer::police
