#include "adapters/anpr/push.h"

#include <gtest/gtest.h>

namespace dispecer::anpr {
namespace {

UtcTime at(double s) {
  return UtcTime{} + from_seconds(1'000'000 + s);
}

TEST(ClockWatch, TheWayToUsIsNotTakenForAWrongClock) {
  ClockWatch watch;
  EXPECT_EQ(watch.error(), Seconds{0});
  for (int i = 0; i < 20; ++i) watch.note(at(i), at(i + (i % 4 == 0 ? 0.02 : 1.9)));
  EXPECT_NEAR(watch.error().value, -0.02, 1e-9);
}

TEST(ClockWatch, AClockThatIsAheadShowsAtOnceOneThatIsBehindWithinHalfAMinute) {
  ClockWatch watch;
  watch.note(at(0), at(0.1));
  watch.note(at(8), at(3));
  EXPECT_NEAR(watch.error().value, 5, 1e-9);
  for (int i = 4; i < 40; ++i) watch.note(at(i - 7), at(i));
  EXPECT_NEAR(watch.error().value, -7, 1e-9);
}

TEST(ClockWatch, AJumpBackOfOurOwnTimeForgetsWhatWasSeen) {
  ClockWatch watch;
  watch.note(at(1005), at(1000));
  watch.note(at(10), at(10));
  EXPECT_NEAR(watch.error().value, 0, 1e-9);
}

TEST(Seen, ARepeatIsKnownUntilItIsTooLongAgo) {
  Seen seen(2);
  EXPECT_TRUE(seen.add("a"));
  EXPECT_FALSE(seen.add("a"));
  EXPECT_TRUE(seen.add("b"));
  EXPECT_TRUE(seen.add("c"));
  EXPECT_TRUE(seen.add("a"));
}

TEST(ReadIds, ComeFromDeviceAndEventAndShowNeither) {
  EXPECT_EQ(read_id("r1", "e1"), read_id("r1", "e1"));
  EXPECT_NE(read_id("r1", "e1"), read_id("r1", "e2"));
  EXPECT_NE(read_id("r1", "e1"), read_id("r2", "e1"));
  EXPECT_EQ(read_id("r1", "e1").str().size(), 5U + 32U);
  EXPECT_EQ(read_id("r1", "e1").str().find("e1\n"), std::string::npos);
}

TEST(ParsePush, TakesAWholeEventAndNormalisesThePlate) {
  const auto batch = parse_push(R"({"device": "r1", "sent": "2026-11-23T10:00:01+02:00", "reads": [
    {"id": "e1", "time": "2026-11-23T08:00:00Z", "plate": "mm-12 abc", "country": "RO",
     "confidence": 0.97, "image": "a/e1.jpg"}]})",
                                10);
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->reads.size(), 1U);
  EXPECT_EQ(batch->reads[0].plate, "MM12ABC");
  EXPECT_EQ(batch->reads[0].t, parse_iso("2026-11-23T08:00:00Z").value());
  EXPECT_EQ(batch->sent, parse_iso("2026-11-23T08:00:01Z").value());
  EXPECT_FALSE(batch->reads[0].lon);
}

TEST(ParsePush, NamesWhatIsWrongWithTheEnvelope) {
  const auto cause = [](const char* body) {
    const auto r = parse_push(body, 1);
    return r ? "" : r.error().cause;
  };
  EXPECT_EQ(cause(""), "bad_json");
  EXPECT_EQ(cause("[]"), "bad_json");
  EXPECT_EQ(cause("{\"device\": "), "bad_json");
  EXPECT_EQ(cause(R"({"device": "r1", "reads": []})"), "bad_envelope");
  EXPECT_EQ(cause(R"({"device": "r1", "sent": "2026-11-23T10:00:00", "reads": []})"),
            "bad_envelope");  // a time without a zone
  EXPECT_EQ(cause(R"({"device": "", "sent": "2026-11-23T10:00:00Z", "reads": []})"),
            "bad_envelope");
  EXPECT_EQ(cause(R"({"device": 7, "sent": "2026-11-23T10:00:00Z", "reads": []})"), "bad_envelope");
  EXPECT_EQ(cause(R"({"device": "r1", "sent": "2026-11-23T10:00:00Z", "reads": {}})"),
            "bad_envelope");
  EXPECT_EQ(cause(R"({"device": "r1", "sent": "2026-11-23T10:00:00Z", "reads": [1, 2]})"),
            "too_many");
}

TEST(ParsePush, LeavesOutEachBadEventByNameAndKeepsTheOthers) {
  const auto batch = parse_push(R"({"device": "r1", "sent": "2026-11-23T10:00:00Z", "reads": [
    7,
    {"time": "2026-11-23T10:00:00Z", "confidence": 1},
    {"id": "e1", "time": "yesterday", "confidence": 1},
    {"id": "e2", "time": "2026-11-23T10:00:00Z"},
    {"id": "e3", "time": "2026-11-23T10:00:00Z", "confidence": 1.01},
    {"id": "e4", "time": "2026-11-23T10:00:00Z", "confidence": 1e999},
    {"id": "e5", "time": "2026-11-23T10:00:00Z", "confidence": 1, "plate": 5},
    {"id": "e6", "time": "2026-11-23T10:00:00Z", "confidence": 1, "plate": "AAAAAAAAAAAAAAAAA"},
    {"id": "mm12abc-7", "time": "2026-11-23T10:00:00Z", "confidence": 1, "plate": "MM 12 ABC"},
    {"id": "e7", "time": "2026-11-23T10:00:00Z", "confidence": 1, "lon": 181, "lat": 0},
    {"id": "e8", "time": "2026-11-23T10:00:00Z", "confidence": 1, "lon": 1, "lat": 0, "sd": -1},
    {"id": "e9", "time": "2026-11-23T10:00:00Z", "confidence": 1}
  ]})",
                                20);
  ASSERT_TRUE(batch) << batch.error().message();
  ASSERT_EQ(batch->reads.size(), 1U);
  EXPECT_EQ(batch->reads[0].event, "e9");
  EXPECT_EQ(batch->reads[0].plate, "");
  EXPECT_EQ(batch->refused, (std::map<std::string, std::uint64_t>{{"bad_event", 4},
                                                                  {"bad_time", 1},
                                                                  {"bad_confidence", 3},
                                                                  {"bad_position", 2},
                                                                  {"plate_in_id", 1}}));
}

TEST(ParsePush, AnImageNameThatShowsThePlateIsDroppedTheReadStays) {
  const auto batch = parse_push(R"({"device": "r1", "sent": "2026-11-23T10:00:00Z", "reads": [
    {"id": "e1", "time": "2026-11-23T10:00:00Z", "plate": "MM12ABC", "confidence": 1,
     "image": "2026/MM-12-ABC.jpg"}]})",
                                10);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->reads.at(0).image, "");
}

}  // namespace
}  // namespace dispecer::anpr
