// The supervisor's side of one connection, message by message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/rsmp/session.h"

namespace dispecer::rsmp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr UtcTime kStart{1'767'268'800'000'000};

// Plays the site: writes what it is told and reads what the supervisor answered.
struct Bench {
  explicit Bench(std::vector<Core> cores = {Core::v3_1_2, Core::v3_1_3, Core::v3_1_4, Core::v3_1_5,
                                            Core::v3_2_0, Core::v3_2_1, Core::v3_2_2}) {
    admission.site_id = "RN+SI0001";
    admission.sxl = "1.2.1";
    admission.cores = std::move(cores);
  }

  Session& open() {
    session.emplace(
        [this](std::string_view id) -> const Admission* {
          if (id.empty()) return &admission;
          return id == admission.site_id ? &admission : nullptr;
        },
        ids, counters, now.mono);
    return *session;
  }
  void pass(double s) {
    now.mono = now.mono + from_seconds(s);
    now.utc = now.utc + from_seconds(s);
    session->timer(now);
  }
  // What the supervisor said since the last call.
  std::vector<Message> said() {
    std::vector<std::string> frames;
    framer.feed(session->take_output(), frames);
    std::vector<Message> messages;
    for (const std::string& frame : frames) {
      auto message = read(frame, session->core());
      EXPECT_TRUE(message.ok()) << frame;
      if (message.ok()) messages.push_back(*message);
    }
    EXPECT_EQ(framer.empty_frames(), 0u);
    return messages;
  }
  std::vector<std::string> types() {
    std::vector<std::string> list;
    for (const Message& m : said()) list.emplace_back(type_name(m.body));
    return list;
  }
  void say(Body body, const std::string& id = "s1") {
    session->bytes(write_frame({is_ack(body) ? "" : id, std::move(body)}, session->core()), now);
  }
  void say_text(const std::string& text) { session->bytes(text + "\f", now); }
  Version version(std::vector<std::string> versions = {"3.2.2"}) {
    return {std::move(versions), {"RN+SI0001"}, "1.2.1"};
  }
  // Up to State::ready, in the strict order.
  void establish(std::vector<std::string> versions = {"3.2.2"}) {
    open();
    say(version(std::move(versions)));
    for (const Message& m : said()) {
      if (!is_ack(m.body)) say(MessageAck{m.id});
    }
    say(Watchdog{now.utc}, "s2");
    for (const Message& m : said()) {
      if (!is_ack(m.body)) say(MessageAck{m.id});
    }
    ASSERT_EQ(session->state(), Session::State::ready);
    session->take_events();
  }
  std::string closed_for() {
    for (const SessionEvent& event : session->take_events()) {
      if (const auto* closed = std::get_if<session_event::Closed>(&event)) return closed->cause;
    }
    return "";
  }

  Admission admission;
  Counters counters;
  MessageIds ids;
  Framer framer;
  Now now{MonoTime{1'000'000}, kStart};
  std::optional<Session> session;
};

TEST(RsmpSession, TheEstablishmentKeepsTheStrictOrderInEveryVersion) {
  for (const CoreRules& row : core_table()) {
    Bench b;
    b.open();
    EXPECT_TRUE(b.types().empty()) << "the supervisor must not speak first";
    b.say(b.version({std::string(row.text)}));
    const auto answer = b.said();
    ASSERT_EQ(answer.size(), 2u) << row.text;
    EXPECT_EQ(std::get<MessageAck>(answer[0].body).original, "s1");
    const auto& ours = std::get<Version>(answer[1].body);
    EXPECT_THAT(ours.site_ids, ElementsAre("RN+SI0001"));
    EXPECT_EQ(ours.sxl, "1.2.1");
    b.say(MessageAck{answer[1].id});
    EXPECT_TRUE(b.types().empty()) << "no Watchdog before the site's";
    b.say(Watchdog{kStart}, "s2");
    const auto second = b.said();
    ASSERT_EQ(second.size(), 2u) << row.text;
    EXPECT_EQ(std::get<MessageAck>(second[0].body).original, "s2");
    EXPECT_TRUE(std::holds_alternative<Watchdog>(second[1].body));
    EXPECT_EQ(b.session->state(), Session::State::await_watchdog_ack);
    b.say(MessageAck{second[1].id});
    EXPECT_EQ(b.session->state(), Session::State::ready);
    EXPECT_EQ(b.session->core(), row.core);
  }
}

TEST(RsmpSession, TheHighestCommonVersionIsChosenWithTheSitesSpelling) {
  const auto chosen = choose_core({"3.1.2", "3.2", "3.3.0", "3.1.5"}, {Core::v3_1_5, Core::v3_2_0});
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->core, Core::v3_2_0);
  EXPECT_EQ(chosen->spelling, "3.2");
  EXPECT_FALSE(choose_core({"3.3.0", "4"}, {Core::v3_2_2}).has_value());
  Bench b;
  b.open();
  b.say(b.version({"3.1.2", "3.2"}));
  const auto answer = b.said();
  const auto& ours = std::get<Version>(answer.at(1).body);
  EXPECT_THAT(ours.rsmp, testing::Contains("3.2"));
  EXPECT_EQ(b.session->core(), Core::v3_2_0);
}

TEST(RsmpSession, ASiteThatCanSpeak33SettlesAt322) {
  Bench b;
  b.open();
  b.say_text(
      R"({"mType":"rSMsg","type":"Version","mId":"s1","RSMP":[{"vers":"3.1.2"},{"vers":"3.2.2"},
      {"vers":"3.3.0"}],"siteId":[{"sId":"RN+SI0001"}],"SXL":"1.2.1","step":"Request",
      "SXLS":[{"name":"tlc","version":"1.2.1"}]})");
  EXPECT_THAT(b.types(), ElementsAre("MessageAck", "Version"));
  EXPECT_EQ(b.session->core(), Core::v3_2_2);
}

TEST(RsmpSession, AWrongVersionIsAnsweredWithTheReasonAndClosed) {
  struct Row {
    Version version;
    const char* closed;
    const char* reason;
  };
  for (const Row& row :
       {Row{{{"3.3.0"}, {"RN+SI0001"}, "1.2.1"}, "no_common_version", "3.3.0"},
        Row{{{"3.2.2"}, {"OTHER"}, "1.2.1"}, "unknown_site_id", "OTHER"},
        Row{{{"3.2.2"}, {"RN+SI0001"}, "1.0.15"}, "wrong_sxl", "1.0.15"},
        Row{{{"3.2.2"}, {"RN+SI0001", "B"}, "1.2.1"}, "unknown_site_id", "B"},
        Row{{{"3.2.2"}, {"RN+SI0001", "RN+SI0001"}, "1.2.1"}, "unknown_site_id", "RN+SI0001"}}) {
    Bench b;
    b.open();
    b.say(row.version);
    const auto answer = b.said();
    ASSERT_EQ(answer.size(), 1u) << row.closed;
    const auto& refusal = std::get<MessageNotAck>(answer[0].body);
    EXPECT_EQ(refusal.original, "s1");
    EXPECT_THAT(refusal.reason, HasSubstr(row.reason));
    EXPECT_EQ(b.closed_for(), row.closed);
    EXPECT_EQ(b.counters["rsmp.closed." + std::string(row.closed)], 1u);
    b.say(b.version());
    EXPECT_TRUE(b.types().empty()) << "closed is closed";
  }
}

TEST(RsmpSession, NothingButVersionIsAnsweredBeforeTheVersionsAreSettled) {
  Bench b;
  b.open();
  b.say(Watchdog{kStart}, "w");
  b.say(AggregatedStatus{{"TC", "", ""}, kStart, {}, {}, {}}, "a");
  b.say_text(R"({"mType":"rSMsg","type":"Nonsense","mId":"n"})");
  b.say_text("no json");
  EXPECT_TRUE(b.types().empty());
  EXPECT_EQ(b.counters["rsmp.early_message"], 2u);
  EXPECT_EQ(b.counters["rsmp.refused.unknown_type"], 1u);
  EXPECT_EQ(b.counters["rsmp.refused.bad_json"], 1u);
  b.say(b.version());
  b.said();
  b.say(Watchdog{kStart}, "w2");
  EXPECT_TRUE(b.types().empty()) << "ours is not acknowledged yet";
}

TEST(RsmpSession, AnOldSiteMaySendItsWatchdogAndStatusBeforeTheVersionsAreSettled) {
  Bench b;
  b.open();
  b.say(b.version({"3.1.2"}));
  const auto answer = b.said();
  b.say(AggregatedStatus{{"TC", "", ""}, kStart, {}, {}, {}}, "a");
  EXPECT_THAT(b.types(), ElementsAre("MessageAck"));
  b.say(Watchdog{kStart}, "w");
  EXPECT_THAT(b.types(), ElementsAre("MessageAck"));
  b.say(MessageAck{answer.at(1).id});
  const auto watchdog = b.said();
  ASSERT_EQ(watchdog.size(), 1u);
  b.say(MessageAck{watchdog[0].id});
  EXPECT_EQ(b.session->state(), Session::State::ready);
  bool told = false;
  for (const SessionEvent& event : b.session->take_events()) {
    const auto* received = std::get_if<session_event::Received>(&event);
    told |= received != nullptr && std::holds_alternative<AggregatedStatus>(received->body);
  }
  EXPECT_TRUE(told) << "what came early is not lost";
}

TEST(RsmpSession, AMessageBetweenVersionAndWatchdogIsRefusedFrom314) {
  Bench b;
  b.open();
  b.say(b.version());
  b.say(MessageAck{b.said().at(1).id});
  b.say(AggregatedStatus{{"TC", "", ""}, kStart, {}, {}, {}}, "a");
  EXPECT_THAT(b.types(), ElementsAre("MessageNotAck"));
  EXPECT_EQ(b.session->state(), Session::State::await_watchdog);
}

TEST(RsmpSession, ASilentSiteIsOfferedOurVersion) {
  Bench b;
  b.open();
  b.pass(4.9);
  EXPECT_TRUE(b.types().empty());
  b.pass(0.2);
  const auto offer = b.said();
  ASSERT_EQ(offer.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<Version>(offer[0].body));
  b.say(MessageAck{offer[0].id});
  b.say(b.version({"3.1.2"}));
  EXPECT_THAT(b.types(), ElementsAre("MessageAck"));
  b.say(Watchdog{kStart}, "w");
  EXPECT_THAT(b.types(), ElementsAre("MessageAck", "Watchdog"));
}

TEST(RsmpSession, ASecondVersionIsRefusedAndTheLinkKept) {
  Bench b;
  b.establish();
  b.say(b.version(), "v2");
  EXPECT_THAT(b.types(), ElementsAre("MessageNotAck"));
  EXPECT_EQ(b.session->state(), Session::State::ready);
}

TEST(RsmpSession, AMissingAckClosesTheLinkAtTheTimeOutAndNotBefore) {
  Bench b;
  b.establish();
  b.session->send(StatusRequest{{"TC", "", ""}, {{"S0001", "stage"}}}, b.now);
  b.pass(29.9);
  EXPECT_EQ(b.session->state(), Session::State::ready);
  b.pass(0.2);
  EXPECT_EQ(b.closed_for(), "ack_timeout");
  EXPECT_EQ(b.session->state(), Session::State::closed);
}

TEST(RsmpSession, BeforeVersion315AcksMayStandBehindAFlood) {
  Bench b;
  b.establish({"3.1.4"});
  b.session->send(StatusRequest{{"TC", "", ""}, {{"S0001", "stage"}}}, b.now);
  b.pass(60);
  EXPECT_EQ(b.session->state(), Session::State::ready);
  b.pass(31);
  EXPECT_EQ(b.closed_for(), "ack_timeout");
}

TEST(RsmpSession, ANotAckDoesNotCloseAndIsTold) {
  Bench b;
  b.establish();
  const std::string id = b.session->send(StatusRequest{{"TC", "", ""}, {{"S9", "x"}}}, b.now);
  b.say(MessageNotAck{id, "unknown code"});
  b.pass(100);
  const auto events = b.session->take_events();
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(std::get<session_event::NotAcked>(events[0]).id, id);
  EXPECT_EQ(std::get<session_event::NotAcked>(events[0]).reason, "unknown code");
  EXPECT_EQ(b.session->state(), Session::State::ready);
}

TEST(RsmpSession, LateUnknownAndDoubleAcksAreCountedOnly) {
  Bench b;
  b.establish();
  const std::string id = b.session->send(StatusRequest{{"TC", "", ""}, {{"S1", "x"}}}, b.now);
  b.say(MessageAck{id});
  b.say(MessageAck{id});
  b.say(MessageNotAck{"never sent", "?"});
  EXPECT_EQ(b.counters["rsmp.unknown_ack"], 2u);
  EXPECT_EQ(b.session->state(), Session::State::ready);
}

TEST(RsmpSession, WatchdogsGoOutAtTheIntervalAndUnacknowledgedOnesClose) {
  Bench b;
  b.admission.probe_after = from_seconds(1000);
  b.establish();
  b.pass(59);
  EXPECT_TRUE(b.types().empty());
  b.pass(1.5);
  EXPECT_THAT(b.types(), ElementsAre("Watchdog"));
  b.pass(31);
  EXPECT_EQ(b.closed_for(), "ack_timeout");
}

TEST(RsmpSession, MissingWatchdogsOfTheSiteWarnButDoNotClose) {
  Bench b;
  b.establish();
  for (int i = 0; i < 40; ++i) {
    b.pass(5);
    for (const Message& m : b.said()) b.say(MessageAck{m.id});
  }
  EXPECT_EQ(b.session->state(), Session::State::ready);
  EXPECT_EQ(b.counters["rsmp.watchdog_missing"], 1u);
  b.session->take_events();
  b.say(Watchdog{b.now.utc}, "late");
  const auto events = b.session->take_events();
  EXPECT_FALSE(std::get<session_event::Stale>(events.at(0)).stale);
}

TEST(RsmpSession, ASilentPeerIsAskedForASignOfLife) {
  Bench b;
  b.establish();
  b.pass(10.1);
  EXPECT_THAT(b.types(), ElementsAre("Watchdog"));
}

TEST(RsmpSession, EveryMessageGetsExactlyOneAnswerAndTheAckComesFirst) {
  Bench b;
  b.establish();
  b.say(StatusUpdate{{"TC", "", ""}, kStart, {{"S0001", "stage", "1", Quality::recent}}}, "u");
  auto answer = b.said();
  ASSERT_EQ(answer.size(), 1u);
  EXPECT_EQ(std::get<MessageAck>(answer[0].body).original, "u");
  b.say_text(R"({"mType":"rSMsg","type":"StatusUpdate","mId":"bad","cId":"TC"})");
  answer = b.said();
  ASSERT_EQ(answer.size(), 1u);
  EXPECT_EQ(std::get<MessageNotAck>(answer[0].body).original, "bad");
  b.say_text("\xff\xfe broken");
  EXPECT_TRUE(b.types().empty()) << "malformed JSON has no id to refuse";
  b.say(CommandRequest{{"TC", "", ""}, {{"M0001", "status", "setValue", "x"}}}, "c");
  EXPECT_THAT(b.types(), ElementsAre("MessageNotAck"));
  EXPECT_EQ(b.counters["rsmp.wrong_direction"], 1u);
  EXPECT_EQ(b.session->state(), Session::State::ready);
}

TEST(RsmpSession, AConnectionThatNeverEstablishesIsClosed) {
  Bench b;
  b.open();
  b.say(b.version());
  b.say(MessageAck{b.said().at(1).id});
  b.pass(61);
  EXPECT_EQ(b.closed_for(), "establishment_timeout");
}

TEST(RsmpSession, AFullFlushOfTenThousandMessagesIsAcknowledgedOneByOne) {
  Bench b;
  b.establish();
  std::string flood;
  for (int i = 0; i < 10000; ++i) {
    flood +=
        write_frame({"m" + std::to_string(i),
                     StatusUpdate{{"TC", "", ""}, kStart, {{"S0001", "stage", "1", Quality::old}}}},
                    Core::v3_2_2);
  }
  b.session->bytes(flood, b.now);
  const auto answers = b.said();
  ASSERT_EQ(answers.size(), 10000u);
  EXPECT_EQ(std::get<MessageAck>(answers.back().body).original, "m9999");
}

}  // namespace
}  // namespace dispecer::rsmp
