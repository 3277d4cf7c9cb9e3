// The police of the simulated city against the delivery: at least once on the wire, once in effect.
#include <gtest/gtest.h>

#include <fstream>

#include "adapters/police/certificate.h"
#include "adapters/police/subscription.h"
#include "sim/devices/police_receiver/police_receiver.h"
#include "tests/sim/devices_enforcement/street.h"

namespace dispecer::sim {
namespace {

struct Police {
  Town town;
  std::vector<LeadReceipt> receipts;
  std::unique_ptr<police::Subscription> wire;
  std::unique_ptr<police::Delivery> delivery;
  std::unique_ptr<PoliceReceiverDevice> receiver;
  double second = 0;
  MonoTime mono{};

  Police() {
    open_desk(0);
    open_receiver();
  }
  ~Police() {
    receiver.reset();
    delivery.reset();
    wire.reset();
    town.run(20);
  }
  void open_desk(std::uint16_t port) {
    delivery.reset();
    wire.reset();
    const auto own = police::own_certificate(town.folder + "/tls").value();
    std::filesystem::copy_file(own.ca_file, town.folder + "/police_ca.pem",
                               std::filesystem::copy_options::overwrite_existing);
    police::SubscriptionOptions options;
    options.server.port = port;
    options.server.tls = own.identity;
    options.token = "simulated";
    wire = std::move(police::Subscription::listen(
                         town.io, options,
                         {[this](const std::string& text) { delivery->receive(text); },
                          [this] { delivery->channel_up(); }}))
               .value();
    delivery = std::make_unique<police::Delivery>(
        std::move(police::Outbox::open(town.folder + "/out.log")).value(),
        police::DeliveryOptions{true}, *wire,
        police::DeliveryEvents{[this](const LeadReceipt& r) {
                                 receipts.push_back(r);
                                 return true;
                               },
                               [](const AlarmEvent&) {}, [] { return kNow; }});
  }
  void open_receiver() {
    auto r = row("police", "police", "127.0.0.1:" + std::to_string(wire->port()));
    r.settings["outcome_s"] = "30";
    receiver = std::move(PoliceReceiverDevice::make(town.context({r}))).value();
  }
  void lead(int i) {
    Lead l;
    l.id = LeadId("lead-" + std::to_string(i));
    l.subject.id = CaseId("case-" + std::to_string(i));
    l.subject.plate = "MM12ABC";
    l.subject.demonstration = true;
    ASSERT_TRUE(delivery->take(l, mono));
  }
  // One domain second; the wall runs faster so that repeats fall due.
  void beat() {
    second += 1;
    mono = mono + from_seconds(0.5);
    delivery->work(mono);
    town.tick(*receiver, second);
  }
  template <class Until>
  bool live_until(Until&& until, int most = 300) {
    for (int i = 0; i < most && !until(); ++i) beat();
    return until();
  }
  std::map<std::string, int> in_effect() const {
    std::map<std::string, int> lines;
    std::ifstream in(town.folder + "/police_received.jsonl");
    for (std::string line; std::getline(in, line);) ++lines[line.substr(0, line.find(",\"time\""))];
    return lines;
  }
};

TEST(SimPolice, ALeadArrivesIsAcknowledgedAndAnsweredLater) {
  Police p;
  p.lead(1);
  ASSERT_TRUE(p.live_until([&] { return p.delivery->waiting() == 0 && !p.receipts.empty(); }));
  EXPECT_EQ(p.receipts[0].kind, ReceiptKind::received);
  EXPECT_EQ(p.receipts[0].subject, CaseId("case-1"));
  ASSERT_TRUE(p.live_until([&] { return p.receipts.size() == 2; }));
  EXPECT_EQ(p.receipts[1].kind, ReceiptKind::outcome);
  EXPECT_FALSE(p.receipts[1].text.empty());
}

TEST(SimPolice, TheFileHoldsTheIdAndNoPlate) {
  Police p;
  p.lead(1);
  ASSERT_TRUE(p.live_until([&] { return p.delivery->waiting() == 0; }));
  std::ifstream in(p.town.folder + "/police_received.jsonl");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(text.find("lead-1"), std::string::npos);
  EXPECT_EQ(text.find("MM12ABC"), std::string::npos);
}

TEST(SimPolice, AMuteReceiverGetsRepeatsAndEachLeadIsInEffectOnce) {
  Police p;
  ASSERT_TRUE(p.live_until([&] { return p.receiver->connected(); }));
  p.receiver->set_fault("", "mute", true);
  p.lead(1);
  ASSERT_TRUE(p.live_until([&] { return counted(*p.receiver, "police_receiver.repeats") >= 3; }));
  EXPECT_EQ(p.delivery->waiting(), 1U);
  p.receiver->set_fault("", "mute", false);
  ASSERT_TRUE(p.live_until([&] { return p.delivery->waiting() == 0; }));
  EXPECT_EQ(p.in_effect().size(), 1U);
  EXPECT_EQ(p.in_effect().begin()->second, 1);
}

TEST(SimPolice, ThroughRestartsOfBothEndsEveryLeadIsInEffectExactlyOnce) {
  Police p;
  for (int i = 0; i < 60; ++i) {
    p.lead(i);
    p.beat();
    if (i % 7 == 3) p.open_receiver();
    if (i % 11 == 5) p.open_desk(p.wire->port());
  }
  ASSERT_TRUE(p.live_until([&] { return p.delivery->waiting() == 0; }, 600));
  const auto lines = p.in_effect();
  EXPECT_EQ(lines.size(), 60U);
  for (const auto& [line, n] : lines) EXPECT_EQ(n, 1) << line;
}

TEST(SimPolice, ADeadReceiverComesBack) {
  Police p;
  ASSERT_TRUE(p.live_until([&] { return p.receiver->connected(); }));
  p.receiver->set_fault("police", "dead", true);
  p.lead(1);
  for (int i = 0; i < 5; ++i) p.beat();
  EXPECT_EQ(p.delivery->waiting(), 1U);
  p.receiver->set_fault("police", "dead", false);
  EXPECT_TRUE(p.live_until([&] { return p.delivery->waiting() == 0; }));
  EXPECT_FALSE(p.receiver->set_fault("other", "dead", true));
}

}  // namespace
}  // namespace dispecer::sim
