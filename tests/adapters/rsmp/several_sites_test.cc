// One connection that serves several sites.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/rsmp/supervisor.h"
#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SiteConfig site(const std::string& id, const std::string& junction, const std::string& component,
                std::vector<Core> cores) {
  SiteConfig config;
  config.admission.site_id = id;
  config.admission.sxl = "1.2.1";
  config.admission.cores = std::move(cores);
  config.main_component = component;
  config.code2 = "2222";
  JunctionWire wire;
  wire.signals = two_stages(junction);
  wire.group_components = {component + "-A1", component + "-A2"};
  wire.detectors = {{DetectorId(junction + "d"), 1, component + "-DL1", SignalGroupId("main")}};
  config.junctions = {wire};
  return config;
}

struct Cabinet {
  Cabinet()
      : supervisor({site("S1", "j1", "TC1", {Core::v3_1_5, Core::v3_2_0, Core::v3_2_2}),
                    site("S2", "j2", "TC2", {Core::v3_1_5, Core::v3_2_0})},
                   [](const std::string&) { return std::nullopt; }) {}

  std::vector<Message> said(ConnectionId id) {
    std::vector<Message> list;
    News fresh = supervisor.take();
    for (Outgoing& out : fresh.outgoing) {
      if (out.close) closed.push_back(out.cause);
      if (out.connection != id) continue;
      std::vector<std::string> frames;
      framer.feed(out.bytes, frames);
      for (const std::string& frame : frames) list.push_back(*read(frame, Core::v3_2_0));
    }
    for (Sighting& s : fresh.sightings) seen[s.seen.junction] = s.seen;
    for (const JunctionId& junction : fresh.lost) lost.push_back(junction);
    for (AlarmEvent& alarm : fresh.alarms) alarms.push_back(std::move(alarm));
    return list;
  }
  void say(ConnectionId id, Body body) {
    const std::string mid = is_ack(body) ? "" : "m" + std::to_string(++ids);
    supervisor.bytes(id, write_frame({mid, std::move(body)}, Core::v3_2_0), now);
  }
  void establish(ConnectionId id, std::vector<std::string> sites) {
    supervisor.opened(id, now.mono);
    say(id, Version{{"3.1.5", "3.2", "3.2.2"}, std::move(sites), "1.2.1"});
    for (const Message& m : said(id)) {
      if (const auto* version = std::get_if<Version>(&m.body)) {
        ours = *version;
        say(id, MessageAck{m.id});
      }
    }
    say(id, Watchdog{now.utc});
    for (const Message& m : said(id)) {
      if (!is_ack(m.body)) say(id, MessageAck{m.id});
    }
    said(id);
  }
  void lamps(ConnectionId id, const std::string& component, const std::string& letters) {
    StatusUpdate update{{component, "", ""}, now.utc, {}};
    update.items.push_back(
        {"S0001", "signalgroupstatus", Value(std::string(letters)), Quality::recent});
    say(id, update);
    said(id);
  }

  Supervisor supervisor;
  Now now{MonoTime{1'000'000}, kStart};
  Framer framer;
  Version ours;
  std::map<JunctionId, SignalObservation> seen;
  std::vector<JunctionId> lost;
  std::vector<AlarmEvent> alarms;
  std::vector<std::string> closed;
  int ids = 0;
};

const JunctionId kFirst("j1");
const JunctionId kSecond("j2");

TEST(RsmpSeveralSites, AllAreEchoedAndTheHighestVersionThatSuitsAllIsSpoken) {
  Cabinet c;
  c.establish(1, {"S1", "S2"});
  EXPECT_THAT(c.ours.site_ids, ElementsAre("S1", "S2"));
  EXPECT_THAT(c.ours.rsmp, ElementsAre("3.1.5", "3.2"));
  EXPECT_EQ(c.seen.at(kFirst).link, CommLink::connected);
  EXPECT_EQ(c.seen.at(kSecond).link, CommLink::connected);
  EXPECT_EQ(c.supervisor.connected_sites(), 2u);
}

TEST(RsmpSeveralSites, AMessageBelongsToTheSiteThatHasItsComponent) {
  Cabinet c;
  c.establish(1, {"S1", "S2"});
  c.lamps(1, "TC1", "1B");
  c.lamps(1, "TC2", "B1");
  EXPECT_THAT(c.seen.at(kFirst).groups, ElementsAre(Aspect::green, Aspect::red));
  EXPECT_THAT(c.seen.at(kSecond).groups, ElementsAre(Aspect::red, Aspect::green));
  Alarm alarm;
  alarm.component = {"TC2-DL1", "", ""};
  alarm.code = "A0302";
  alarm.state.emplace();
  alarm.state->active = true;
  alarm.state->t = c.now.utc;
  alarm.state->priority = 3;
  c.alarms.clear();
  c.say(1, alarm);
  c.said(1);
  ASSERT_EQ(c.alarms.size(), 1u);
  EXPECT_EQ(c.alarms[0].subject, "j2d");
  c.lamps(1, "NOBODY", "11");
  EXPECT_EQ(c.supervisor.counters().at("rsmp.message_of_no_site"), 1u);
}

TEST(RsmpSeveralSites, LampsOfTheSameNameAtTwoJunctionsAreTwoAlarms) {
  Cabinet c;
  c.establish(1, {"S1", "S2"});
  c.alarms.clear();
  for (const auto* component : {"TC1-A1", "TC2-A1"}) {
    Alarm alarm;
    alarm.component = {component, "", ""};
    alarm.code = "A0201";
    alarm.state.emplace();
    alarm.state->active = true;
    alarm.state->t = c.now.utc;
    alarm.state->priority = 2;
    c.say(1, alarm);
    c.said(1);
  }
  ASSERT_EQ(c.alarms.size(), 2u);
  EXPECT_EQ(c.alarms[0].subject, "j1/main");
  EXPECT_EQ(c.alarms[1].subject, "j2/main");
  EXPECT_EQ(c.supervisor.junction_of("j2/main"), kSecond) << "what people do reaches its own site";
}

TEST(RsmpSeveralSites, TheEndOfTheLineIsTheEndForAll) {
  Cabinet c;
  c.establish(1, {"S1", "S2"});
  c.supervisor.closed(1, c.now);
  c.said(1);
  EXPECT_THAT(c.lost, ElementsAre(kFirst, kSecond));
  EXPECT_EQ(c.seen.at(kSecond).link, CommLink::no_communication);
  c.establish(2, {"S2"});
  EXPECT_EQ(c.supervisor.connected_sites(), 1u) << "one of them may come alone";
}

TEST(RsmpSeveralSites, ASiteThatComesAnewTakesTheOlderLineFromAllThatItServed) {
  Cabinet c;
  c.establish(1, {"S1", "S2"});
  c.establish(2, {"S2"});
  EXPECT_THAT(c.closed, ElementsAre("replaced"));
  EXPECT_THAT(c.lost, ElementsAre(kFirst, kSecond));
  EXPECT_EQ(c.supervisor.connected_sites(), 1u);
  EXPECT_EQ(c.seen.at(kSecond).link, CommLink::connected);
}

TEST(RsmpSeveralSites, OneUnknownAmongThemIsNamedAndNoneIsLetIn) {
  Cabinet c;
  c.supervisor.opened(1, c.now.mono);
  c.say(1, Version{{"3.2"}, {"S1", "S9"}, "1.2.1"});
  const auto answer = c.said(1);
  ASSERT_EQ(answer.size(), 1u);
  EXPECT_THAT(std::get<MessageNotAck>(answer[0].body).reason, HasSubstr("S9"));
  EXPECT_THAT(c.closed, ElementsAre("unknown_site_id"));
  EXPECT_EQ(c.supervisor.connected_sites(), 0u);
  EXPECT_THAT(c.seen, IsEmpty());
}

}  // namespace
}  // namespace dispecer::rsmp
