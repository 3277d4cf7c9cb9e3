// What a controller tells of requests for priority, and for how long an end is told on.
#include <gtest/gtest.h>

#include "adapters/rsmp/points.h"
#include "adapters/rsmp/requests.h"

namespace dispecer::rsmp {
namespace {

constexpr UtcTime kNow{1'767'268'800'000'000};
UtcTime at(double s) {
  return kNow + from_seconds(s);
}

std::string item(const char* id, const char* state, const char* more = "") {
  return std::string(R"({"r":")") + id + R"(","t":"2026-01-01T12:00:00.000Z","s":")" + state +
         "\"" + more + "}";
}

TEST(RequestList, EveryWordOfTheListIsRead) {
  for (const auto& name : names(Tag<FieldRequestState>{})) {
    if (name.value == FieldRequestState::unknown) continue;
    std::size_t bad = 0;
    const auto list = parse_requests("[" + item("r1", std::string(name.text).c_str()) + "]", bad);
    ASSERT_TRUE(list && list->size() == 1 && bad == 0) << name.text;
    EXPECT_EQ(list->at(0).state, name.value);
    EXPECT_EQ(list->at(0).id.str(), "r1");
    EXPECT_EQ(to_iso(list->at(0).changed).substr(0, 19), "2026-01-01T12:00:00");
  }
}

TEST(RequestList, SecondsComeAsTextOrNumberAndNonsenseIsCountedNotBelieved) {
  std::size_t bad = 0;
  const auto list = parse_requests("[" + item("a", "completed", R"(,"e":"4","d":7)") + "," +
                                       item("b", "dancing") + "," + item("", "queued") +
                                       R"(,3,{"r":"c","s":"queued","t":"yesterday"}])",
                                   bad);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 1u);
  EXPECT_EQ(list->at(0).extension, Seconds{4});
  EXPECT_EQ(list->at(0).reduction, Seconds{7});
  EXPECT_EQ(bad, 4u);
  EXPECT_FALSE(parse_requests("{}", bad));
  EXPECT_FALSE(parse_requests("[", bad));
}

TEST(RequestList, AnEndThatWasNamedOnceIsToldForTenSecondsAndAnOpenOneUntilItIsGone) {
  RequestList list;
  Counters counters;
  EXPECT_FALSE(list.told());
  list.update("[" + item("a", "completed") + "," + item("b", "queued") + "]", {}, at(0), counters);
  EXPECT_TRUE(list.told());
  list.update("[]", {}, at(1), counters);
  ASSERT_EQ(list.requests().size(), 1u);
  EXPECT_EQ(list.requests()[0].id.str(), "a");
  list.timer(at(9.5));
  EXPECT_EQ(list.requests().size(), 1u);
  list.timer(at(10));
  EXPECT_TRUE(list.requests().empty());
  list.clear();
  EXPECT_FALSE(list.told());
}

TEST(RequestList, AControllerThatGoesOnListingAnEndDoesNotMakeItYoung) {
  RequestList list;
  Counters counters;
  for (double t = 0; t < 12; ++t) {
    list.update("[" + item("a", "timeout") + "]", {}, at(t), counters);
  }
  EXPECT_TRUE(list.requests().empty());
}

TEST(RequestList, TimesAreMovedByTheClockErrorOfTheSite) {
  RequestList list;
  Counters counters;
  list.update("[" + item("a", "queued") + "]", from_seconds(30), at(0), counters);
  EXPECT_EQ(to_iso(list.requests().at(0).changed).substr(0, 19), "2026-01-01T11:59:30");
  list.update("nonsense", {}, at(1), counters);
  EXPECT_EQ(list.requests().size(), 1u) << "what was known stands";
  EXPECT_EQ(counters.at("rsmp.requests.bad_value"), 1u);
}

std::vector<JunctionWire> loops() {
  JunctionWire wire;
  wire.signals.junction = JunctionId("j");
  const SignalGroupId group("bus");
  wire.detectors = {{DetectorId("car"), 1, "", group, DetectorKind::stop_line, {1}},
                    {DetectorId("far"), 2, "", group, DetectorKind::bus, {120}},
                    {DetectorId("line"), 3, "", group, DetectorKind::bus, {2}},
                    {DetectorId("door"), 4, "", group, DetectorKind::door_closed, {40}}};
  return {wire};
}

TEST(PointWatch, ARisingEdgeIsAVehicleAndItsPlaceSaysWhatItTells) {
  PointWatch watch;
  std::vector<PriorityPoint> out;
  watch.momentary(loops(), "1111", at(0), out);
  EXPECT_TRUE(out.empty()) << "what stood there before we looked is no news";
  watch.momentary(loops(), "0000", at(1), out);
  watch.momentary(loops(), "1111", at(2), out);
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[0].kind, PointKind::registration);
  EXPECT_EQ(out[0].t, at(2));
  EXPECT_EQ(out[0].to_stop_line, Metres{120});
  EXPECT_EQ(out[1].kind, PointKind::deregistration);
  EXPECT_EQ(out[2].kind, PointKind::door_closed);
}

TEST(PointWatch, OneVehicleThatTwoStatusesTellOfIsToldOnceAndTheNextOneAgain) {
  PointWatch watch;
  std::vector<PriorityPoint> out;
  const auto wires = loops();
  watch.momentary(wires, "0000", at(0), out);
  watch.momentary(wires, "0100", at(1.4), out);
  watch.counted(JunctionId("j"), wires[0].detectors[1], at(1), out);
  EXPECT_EQ(out.size(), 1u);
  watch.counted(JunctionId("j"), wires[0].detectors[1], at(8), out);
  EXPECT_EQ(out.size(), 2u);
}

}  // namespace
}  // namespace dispecer::rsmp
