#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "adapters/rsmp/message/message.h"
#include "adapters/rsmp/message/message_id.h"
#include "adapters/rsmp/message/tlc.h"

namespace dispecer::rsmp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr UtcTime kNoon{1'767'268'800'123'000};  // 2026-01-01T12:00:00.123Z

std::string cause(std::string_view frame, Core core = kNewestCore) {
  const auto message = read(frame, core);
  return message.ok() ? "" : message.error().error.cause;
}

std::vector<Body> one_of_each() {
  const Component tc{"TC", "KK+AG9998=001TC000", ""};
  Alarm alarm{
      tc, "A0302",          "",
      "", AlarmKind::issue, AlarmState{false, true, false, kNoon, 'D', 2, {{"detector", "1"}}},
      {}};
  Alarm order{tc, "A0302", "", "", AlarmKind::acknowledge, {}, kNoon};
  return {
      Version{{"3.1.2", "3.2.2"}, {"RN+SI0001"}, "1.2.1"},
      Watchdog{kNoon},
      MessageAck{"a"},
      MessageNotAck{"a", "no"},
      AggregatedStatus{tc, kNoon, {}, {}, {false, false, false, false, true, true, false, false}},
      AggregatedStatusRequest{tc},
      alarm,
      order,
      StatusRequest{tc, {{"S0001", "stage"}}},
      StatusSubscribe{tc, {{"S0001", "stage", 0, true}}},
      StatusUnsubscribe{tc, {{"S0001", "stage"}}},
      StatusResponse{tc, kNoon, {{"S0001", "stage", "1", Quality::recent}}},
      StatusUpdate{tc, kNoon, {{"S0001", "stage", Value::null(), Quality::unknown}}},
      CommandRequest{tc, {{"M0002", "status", "setPlan", "True"}}},
      CommandResponse{tc, kNoon, {{"M0002", "status", "True", Quality::recent}}}};
}

TEST(RsmpMessage, EveryMessageReadsBackAsItWasWrittenInEveryVersionThatHasIt) {
  for (const CoreRules& row : core_table()) {
    for (const Body& body : one_of_each()) {
      if (std::holds_alternative<AggregatedStatusRequest>(body) && !row.requests) continue;
      if (std::holds_alternative<StatusUpdate>(body) && !row.undefined_quality) continue;
      const Message message{is_ack(body) ? "" : "id", body};
      const auto back = read(write(message, row.core), row.core);
      ASSERT_TRUE(back.ok()) << row.text << " " << type_name(body) << " "
                             << back.error().error.message();
      EXPECT_EQ(*back, message) << row.text << " " << type_name(body);
    }
  }
}

TEST(RsmpMessage, AFrameEndsWithExactlyOneFormFeedAndHoldsNoOther) {
  const std::string frame = write_frame({"1", Watchdog{kNoon}}, kNewestCore);
  EXPECT_EQ(std::count(frame.begin(), frame.end(), '\f'), 1);
  EXPECT_EQ(frame.back(), '\f');
}

TEST(RsmpMessage, TimestampsHaveThreeDecimalsAndTrailingZ) {
  EXPECT_THAT(write({"1", Watchdog{kNoon}}, kNewestCore),
              HasSubstr("\"2026-01-01T12:00:00.123Z\""));
  EXPECT_EQ(cause(R"({"mType":"rSMsg","type":"Watchdog","mId":"1","wTs":"2026-01-01T12:00:00"})"),
            "bad_time");
}

TEST(RsmpMessage, IdsAreUuidsOfVersionFourAndNeverRepeat) {
  MessageIds ids;
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  const std::string first = ids.next();
  EXPECT_TRUE(std::regex_match(first, form)) << first;
  EXPECT_NE(first, ids.next());
  Bytes16 ones;
  ones.fill(0xff);
  EXPECT_EQ(uuid_v4(ones), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(RsmpVersions, AreKnownByTheirExactTextAndThreeTwoMeansThreeTwoZero) {
  EXPECT_EQ(parse_core("3.2"), Core::v3_2_0);
  EXPECT_EQ(parse_core("3.2.0"), Core::v3_2_0);
  EXPECT_EQ(parse_core("3.1.2"), Core::v3_1_2);
  for (const char* text : {"3.1.1", "3.3.0", "", "3.2.2 ", "3"}) {
    EXPECT_FALSE(parse_core(text)) << text;
  }
  EXPECT_LT(Core::v3_1_5, Core::v3_2_0);
}

TEST(RsmpVersions, StatusBitsAreStringsIn312AndBooleansAfterwards) {
  const AggregatedStatus status{{"TC", "", ""}, kNoon, {}, {}, {true}};
  const std::string as_text = write({"1", status}, Core::v3_1_2);
  const std::string as_bool = write({"1", status}, Core::v3_1_3);
  EXPECT_THAT(as_text, HasSubstr(R"("se":["true","false")"));
  EXPECT_THAT(as_bool, HasSubstr(R"("se":[true,false)"));
  EXPECT_EQ(cause(as_text, Core::v3_1_3), "se_kind");
  EXPECT_EQ(cause(as_bool, Core::v3_1_2), "se_kind");
  EXPECT_THAT(as_bool, HasSubstr(R"("fP":null,"fS":null)"));
}

TEST(RsmpVersions, SendOnChangeIsRequiredFrom315AndForbiddenBefore) {
  const StatusSubscribe wish{{"TC", "", ""}, {{"S0001", "stage", 0, true}}};
  for (const CoreRules& row : core_table()) {
    const std::string text = write({"1", wish}, row.core);
    if (row.core < Core::v3_1_5) {
      EXPECT_THAT(text, Not(HasSubstr("sOc"))) << row.text;
    } else {
      EXPECT_THAT(text, HasSubstr(R"("sOc":true)")) << row.text;
    }
  }
  EXPECT_EQ(cause(write({"1", wish}, Core::v3_1_4), Core::v3_1_5), "soc_missing");
  EXPECT_EQ(cause(write({"1", wish}, Core::v3_1_5), Core::v3_1_4), "soc_forbidden");
  EXPECT_EQ(cause(R"({"mType":"rSMsg","type":"StatusSubscribe","mId":"1","cId":"TC","ntsOId":"",
    "xNId":"","sS":[{"sCI":"S0001","n":"stage","uRt":"0","sOc":false}]})"),
            "bad_value");
}

TEST(RsmpVersions, WhatAVersionCannotSayIsWrittenAsTheNearestItCan) {
  const StatusUpdate update{
      {"TC", "", ""}, kNoon, {{"S0001", "stage", Value::null(), Quality::undefined}}};
  EXPECT_THAT(write({"1", update}, Core::v3_1_2), HasSubstr(R"("s":"","q":"unknown")"));
  EXPECT_THAT(write({"1", update}, Core::v3_1_3), HasSubstr(R"("s":null,"q":"undefined")"));
  const StatusUpdate buffered{{"TC", "", ""}, kNoon, {{"S0001", "stage", "1", Quality::old}}};
  EXPECT_THAT(write({"1", buffered}, Core::v3_1_5), HasSubstr(R"("q":"recent")"));
  EXPECT_THAT(write({"1", buffered}, Core::v3_2_0), HasSubstr(R"("q":"old")"));
}

TEST(RsmpVersions, ArraysAreValuesFrom32On) {
  const std::string text =
      R"({"mType":"rSMsg","type":"StatusUpdate","mId":"1","cId":"TC","ntsOId":"",
    "xNId":"","sTs":"2026-01-01T12:00:00.000Z",
    "sS":[{"sCI":"S0035","n":"emergencyroutes","s":[{"id":"1"}],"q":"recent"}]})";
  EXPECT_EQ(cause(text, Core::v3_1_5), "wrong_kind");
  const auto message = read(text, Core::v3_2_0);
  ASSERT_TRUE(message.ok());
  const auto& value = std::get<StatusUpdate>(message->body).items.at(0).value;
  EXPECT_TRUE(value.array);
  EXPECT_EQ(value.text, R"([{"id":"1"}])");
  EXPECT_THAT(write(*message, Core::v3_2_0), HasSubstr(R"("s":[{"id":"1"}])"));
}

TEST(RsmpVersions, EnumerationsAreReadInAnyCaseBefore32AndExactlyFromThen) {
  const std::string text =
      R"({"mType":"rSMsg","type":"Alarm","mId":"1","cId":"DL1","ntsOId":"","xNId":"",
    "aCId":"A0302","xACId":"","xNACId":"","aSp":"issue","ack":"notacknowledged","aS":"inactive",
    "sS":"notSuspended","aTs":"2026-01-01T10:00:00.000Z","cat":"D","pri":"3","rvs":[]})";
  EXPECT_EQ(cause(text, Core::v3_1_5), "");
  EXPECT_EQ(cause(text, Core::v3_2_0), "bad_value");
}

TEST(RsmpVersions, ASuspendedAlarmIsSpelledAsTheSchemasOf32Want) {
  Alarm alarm{{"DL1", "", ""},
              "A0302",
              "",
              "",
              AlarmKind::issue,
              AlarmState{false, true, true, kNoon, 'D', 2, {}},
              {}};
  EXPECT_THAT(write({"1", alarm}, Core::v3_2_2), HasSubstr(R"("sS":"suspended")"));
  EXPECT_THAT(write({"1", alarm}, Core::v3_1_5), HasSubstr(R"("sS":"Suspended")"));
  alarm.kind = AlarmKind::suspend;
  EXPECT_THAT(write({"1", alarm}, Core::v3_2_2), HasSubstr(R"("sS":"Suspended")"));
  for (const AlarmKind kind : {AlarmKind::issue, AlarmKind::suspend}) {
    alarm.kind = kind;
    const auto back = read(write({"1", alarm}, Core::v3_2_2), Core::v3_2_2);
    ASSERT_TRUE(back.ok());
    EXPECT_TRUE(std::get<Alarm>(back->body).state->suspended);
  }
}

TEST(RsmpVersions, RequestsThatCameWith315AreUnknownBefore) {
  const AggregatedStatusRequest request{{"TC", "", ""}};
  EXPECT_EQ(cause(write({"1", request}, Core::v3_1_5), Core::v3_1_4), "type_not_in_version");
  const Alarm ask{{"TC", "", ""}, "A0302", "", "", AlarmKind::request, {}, {}};
  EXPECT_EQ(cause(write({"1", ask}, Core::v3_1_5), Core::v3_1_4), "bad_value");
  EXPECT_DEATH(write({"1", request}, Core::v3_1_4), "requests");
}

TEST(RsmpVersions, AnEmptyCommandResponseIsRefusedFrom322) {
  const CommandResponse response{{"TC", "", ""}, kNoon, {}};
  EXPECT_EQ(cause(write({"1", response}, Core::v3_2_1), Core::v3_2_1), "");
  EXPECT_EQ(cause(write({"1", response}, Core::v3_2_2), Core::v3_2_2), "empty_list");
}

TEST(RsmpMessage, EachFaultHasItsOwnCauseAndNamesTheKey) {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (
      const Row& row : {
          Row{"", "bad_json"},
          Row{"{", "bad_json"},
          Row{"[]", "not_an_object"},
          Row{"null", "not_an_object"},
          Row{R"({"type":"Watchdog"})", "missing_key"},
          Row{R"({"mType":"rSMsg","mId":"1"})", "missing_key"},
          Row{R"({"mType":1,"type":"Watchdog"})", "wrong_kind"},
          Row{R"({"mType":"other","type":"Watchdog","mId":"1"})", "not_rsmp"},
          Row{R"({"mType":"rSMsg","type":"ComponentList","mId":"1"})", "unknown_type"},
          Row{R"({"mType":"rSMsg","type":"Watchdog","wTs":"2026-01-01T12:00:00.000Z"})", "bad_id"},
          Row{R"({"mType":"rSMsg","type":"Watchdog","mId":7,"wTs":"2026-01-01T12:00:00.000Z"})",
              "bad_id"},
          Row{R"({"mType":"rSMsg","type":"Watchdog","mId":"1"})", "missing_key"},
          Row{R"({"mType":"rSMsg","type":"MessageAck"})", "missing_key"},
          Row{R"({"mType":"rSMsg","type":"Version","mId":"1","RSMP":[],"siteId":[{"sId":"A"}],"SXL":"1"})",
              "empty_list"},
          Row{R"({"mType":"rSMsg","type":"Version","mId":"1","RSMP":["3.2"],"siteId":[{"sId":"A"}],"SXL":"1"})",
              "wrong_kind"},
          Row{R"({"mType":"rSMsg","type":"StatusRequest","mId":"1","cId":"","sS":[{"sCI":"S","n":"n"}]})",
              "bad_value"},
          Row{R"({"mType":"rSMsg","type":"StatusRequest","mId":"1","cId":"TC","sS":{}})",
              "wrong_kind"},
          Row{R"({"mType":"rSMsg","type":"AggregatedStatus","mId":"1","cId":"TC","aSTS":"2026-01-01T12:00:00.000Z","fP":null,"fS":null,"se":[true]})",
              "se_kind"},
      }) {
    EXPECT_EQ(cause(row.text), row.expected) << row.text;
  }
  const auto message =
      read(R"({"mType":"rSMsg","type":"Watchdog","mId":"abc","wTs":3})", kNewestCore);
  ASSERT_FALSE(message.ok());
  EXPECT_EQ(message.error().error.where, "wTs");
  EXPECT_EQ(message.error().id, "abc");
  EXPECT_EQ(message.error().type, "Watchdog");
}

TEST(RsmpMessage, UnknownExtraKeysAreIgnored) {
  EXPECT_EQ(cause(R"({"mType":"rSMsg","type":"Version","mId":"1","RSMP":[{"vers":"3.2.2"}],
    "siteId":[{"sId":"A"}],"SXL":"1.2.1","step":"Request","SXLS":[{"name":"tlc"}],"x":null})"),
            "");
}

TEST(RsmpMessage, DeepNestingIsRefusedInsteadOfEatingTheStack) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_EQ(cause(deep), "bad_json");
}

TEST(RsmpMasking, SecurityCodesNeverReachALog) {
  const Component tc{"TC", "", ""};
  const std::string request =
      write_frame({"1", CommandRequest{tc,
                                       {{"M0103", "oldSecurityCode", "setSecurityCode", "2222"},
                                        {"M0103", "newSecurityCode", "setSecurityCode", "3333"},
                                        {"M0002", "securityCode", "setPlan", "4444"},
                                        {"M0002", "timeplan", "setPlan", "7"}}}},
                  kNewestCore);
  const std::string echo = write_frame(
      {"1", CommandResponse{tc, kNoon, {{"M0002", "securityCode", "5555", Quality::recent}}}},
      kNewestCore);
  for (const std::string& text : {masked(request), masked(echo)}) {
    for (const char* code : {"2222", "3333", "4444", "5555"})
      EXPECT_THAT(text, Not(HasSubstr(code)));
  }
  EXPECT_THAT(masked(request), HasSubstr(R"("v":"7")"));
  EXPECT_EQ(masked("{\"v\":\"2222"), "(10 bytes, no JSON)");
}

TEST(RsmpInputs, MasksCountFromTheOffsetInBlocksOfSixteen) {
  EXPECT_EQ(encode_inputs({{1, true}, {2, false}, {3, false}}), "1,1,6");
  EXPECT_EQ(encode_inputs({{4, false}, {5, true}}), "4,2,1");
  EXPECT_EQ(encode_inputs({{16, true}, {1, false}}), "1,32768,1");
  EXPECT_EQ(encode_inputs({{17, true}, {1, false}}), "1,0,1;17,1,0");
  EXPECT_EQ(encode_inputs({{2, true}, {2, false}}), "2,0,1");
  EXPECT_EQ(encode_inputs({}), "");
}

TEST(RsmpInputs, DecodingGivesWhatEncodingTookAndAClearWins) {
  const auto inputs = decode_inputs("1,3,12;5,5,10");
  ASSERT_TRUE(inputs.ok());
  EXPECT_THAT(*inputs,
              ElementsAre(InputChange{1, true}, InputChange{2, true}, InputChange{3, false},
                          InputChange{4, false}, InputChange{5, true}, InputChange{6, false},
                          InputChange{7, true}, InputChange{8, false}));
  EXPECT_THAT(*decode_inputs("1,3,1"), ElementsAre(InputChange{1, false}, InputChange{2, true}));
  EXPECT_THAT(*decode_inputs("1,1,0;1,0,1"), ElementsAre(InputChange{1, false}));
  for (const char* bad : {"", "1", "1,2", "1,2,3,4", "0,1,0", "256,1,0", "1,65536,0", "1,-1,0",
                          "250,32768,0", "a,1,0", "1,1,0;"}) {
    EXPECT_FALSE(decode_inputs(bad).ok()) << bad;
  }
  for (std::uint32_t first = 1; first < 240; first += 7) {
    const std::vector<InputChange> changes{{first, true}, {first + 5, false}, {first + 15, true}};
    EXPECT_EQ(*decode_inputs(encode_inputs(changes)), changes);
  }
}

TEST(RsmpLetters, EveryLetterOfTheListHasAnAspectAndNoOther) {
  std::string known;
  for (int c = 1; c < 256; ++c) {
    if (aspect_of(static_cast<char>(c))) known += static_cast<char>(c);
  }
  EXPECT_EQ(known, "-0123456789ABCDEFGNOPabcdefgh");
  for (const char green : std::string("12345678")) EXPECT_EQ(aspect_of(green), Aspect::green);
  for (const char red : std::string("ABCDEFGPgh")) EXPECT_EQ(aspect_of(red), Aspect::red);
  EXPECT_EQ(aspect_of('9'), Aspect::green_flash);
  EXPECT_EQ(aspect_of('f', true), Aspect::red);
  EXPECT_EQ(aspect_of('f', false), Aspect::amber);
  for (const auto& aspect : names(Tag<Aspect>{})) {
    EXPECT_EQ(aspect_of(letter_of(aspect.value)), aspect.value) << aspect.text;
  }
}

TEST(RsmpTuples, ListsOfNumbersAreReadAsNumbers) {
  EXPECT_EQ(parse_tuples("01-06,2-10", 2)->at(0).at(1), 6);
  EXPECT_TRUE(parse_tuples("", 2)->empty());
  EXPECT_FALSE(parse_tuples("1-2-3", 2));
  EXPECT_FALSE(parse_tuples("1-", 2));
  EXPECT_FALSE(parse_tuples("1-2,", 2));
}

}  // namespace
}  // namespace dispecer::rsmp
