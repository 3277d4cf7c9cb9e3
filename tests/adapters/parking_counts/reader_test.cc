#include "adapters/parking_counts/reader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "fusion/model/ranges.h"

namespace dispecer::parking_counts {
namespace {

UtcTime at(const char* text) {
  return *parse_iso(text);
}
const UtcTime kNow = at("2026-11-21T10:00:30Z");

std::vector<ParkingArea> areas() {
  ParkingArea a;
  a.id = ParkingId("PA");
  a.capacity = 140;
  ParkingArea b = a;
  b.id = ParkingId("PB");
  return {a, b};
}

class ParkingCounts : public testing::Test {
 protected:
  ParkingCounts() : reader_(areas(), options()) {}
  static ReaderOptions options() {
    ReaderOptions o;
    o.source = "cam";
    o.timezone = "Europe/Bucharest";
    return o;
  }
  // One record; its fields as JSON text.
  std::vector<ParkingCount> read(const std::string& fields, UtcTime now = kNow) {
    const auto r = reader_.read(R"({"device":"cam","counts":[{)" + fields + "}]}", now);
    EXPECT_TRUE(r.ok()) << r.error().message();
    if (!r) return {};
    for (const auto& c : *r) EXPECT_TRUE(check_ranges(c).ok());
    return *r;
  }
  // One count of area PA now, with these fields; its outcome counter.
  std::string outcome(const std::string& fields) {
    Reader reader(areas(), options());
    const auto r = reader.read(
        R"({"counts":[{"parking":"PA","time":"2026-11-21T10:00:00Z",)" + fields + "}]}", kNow);
    if (!r) return r.error().cause;
    std::string found;
    for (const auto& [name, n] : reader.counters()) {
      if (!name.starts_with("parking.count.")) continue;
      EXPECT_TRUE(found.empty()) << "two outcomes: " << found << " and " << name;
      EXPECT_EQ(n, 1U);
      found = name.substr(14);
    }
    EXPECT_EQ(r->size(), found == "published" ? 1U : 0U);
    notes_.clear();
    for (const auto& [name, n] : reader.counters()) {
      if (name.starts_with("parking.note.")) notes_ += name.substr(13) + " ";
    }
    return found;
  }
  std::uint64_t counted(const std::string& name) {
    const auto found = reader_.counters().find("parking." + name);
    return found == reader_.counters().end() ? 0 : found->second;
  }

  std::string notes_;
  Reader reader_;
};

TEST_F(ParkingCounts, AWholeRecordIsRead) {
  const auto got = read(
      R"("parking":"PA","time":"2026-11-21T10:00:00.500Z","occupied":34,"free":106,"capacity":140)");
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0],
            (ParkingCount{ParkingId("PA"), at("2026-11-21T10:00:00.500Z"), 34, 106, 140, "cam"}));
}

TEST_F(ParkingCounts, NumbersWrittenAsTextAndWithAPointZeroAreNumbers) {
  EXPECT_EQ(outcome(R"("occupied":"34","free":"106.0","capacity":140.0)"), "published");
  EXPECT_EQ(notes_, "");
}

TEST_F(ParkingCounts, WhatIsNoNumberIsNotTakenForOne) {
  for (const auto* bad : {R"("occupied":"open")", R"("occupied":true)", R"("occupied":3.5)",
                          R"("occupied":[3])", R"("occupied":"12 of 140")", R"("occupied":1e300)"})
    EXPECT_EQ(outcome(bad), "bad_number") << bad;
}

TEST_F(ParkingCounts, MoreFreeBaysThanThereAreIsHeld) {
  EXPECT_EQ(outcome(R"("free":8259,"capacity":140)"), "free_over_capacity");
  EXPECT_EQ(outcome(R"("free":8259)"), "free_over_capacity") << "against the city's own number";
  EXPECT_EQ(outcome(R"("occupied":141,"capacity":140)"), "occupied_over_capacity");
}

TEST_F(ParkingCounts, CapacityZeroOrNullIsUnknownAndNotFull) {
  EXPECT_EQ(outcome(R"("occupied":0,"free":0,"capacity":0)"), "no_information");
  EXPECT_EQ(outcome(R"("free":0,"capacity":null)"), "no_information");
  EXPECT_EQ(outcome(R"("occupied":20,"capacity":0)"), "published");
  EXPECT_EQ(notes_, "no_capacity ");
}

TEST_F(ParkingCounts, AllZeroWithoutAShareIsUnknown) {
  EXPECT_EQ(outcome(R"("occupied":0,"free":0,"percent":0.0)"), "no_information");
  EXPECT_EQ(outcome(R"("capacity":140)"), "no_information");
}

TEST_F(ParkingCounts, OneZeroWithItsCapacityIsAnAnswer) {
  EXPECT_EQ(outcome(R"("free":0,"capacity":140)"), "published");
  EXPECT_EQ(outcome(R"("occupied":0,"capacity":140)"), "published");
}

TEST_F(ParkingCounts, AShareThatDoesNotFitIsNotedAndTheCountsStand) {
  EXPECT_EQ(outcome(R"("free":29,"occupied":17,"percent":54)"), "published");
  EXPECT_NE(notes_.find("percent_wrong"), std::string::npos);
  EXPECT_EQ(outcome(R"("free":100,"occupied":0,"percent":62.6)"), "published");
  EXPECT_NE(notes_.find("percent_wrong"), std::string::npos);
  EXPECT_EQ(outcome(R"("free":56,"capacity":105,"percent":53)"), "published");
  EXPECT_NE(notes_.find("percent_means_free"), std::string::npos);
}

TEST_F(ParkingCounts, NegativeNumbersAndSharesAreRefused) {
  EXPECT_EQ(outcome(R"("free":326,"occupied":4,"percent":-30)"), "negative");
  EXPECT_EQ(outcome(R"("occupied":-110,"free":10)"), "negative");
}

TEST_F(ParkingCounts, AShareOfNothingIsAContradiction) {
  EXPECT_EQ(outcome(R"("free":0,"occupied":0,"percent":83)"), "contradiction");
}

TEST_F(ParkingCounts, AnotherCapacityThanTheCitysIsNoted) {
  EXPECT_EQ(outcome(R"("occupied":20,"free":80,"capacity":100)"), "published");
  EXPECT_EQ(notes_, "capacity_differs ");
  EXPECT_EQ(outcome(R"("occupied":20,"free":80,"capacity":140)"), "published");
  EXPECT_EQ(notes_, "sum_differs ");
}

TEST_F(ParkingCounts, ACountWithoutItsTimeIsNeverShown) {
  EXPECT_TRUE(read(R"("parking":"PA","occupied":3)").empty());
  EXPECT_EQ(counted("count.no_time"), 1U);
  EXPECT_TRUE(read(R"("parking":"PA","time":"yesterday","occupied":3)").empty());
  EXPECT_EQ(counted("count.bad_time"), 1U);
}

TEST_F(ParkingCounts, AgeCountsPerRecordAndInstantsAreComparedAcrossOffsets) {
  const auto r = reader_.read(
      R"({"counts":[{"parking":"PA","time":"2026-11-21T12:00:00+02:00","occupied":3},
                    {"parking":"PB","time":"2026-11-21T09:44:00Z","occupied":3}]})",
      kNow);
  ASSERT_TRUE(r.ok());
  ASSERT_EQ(r->size(), 1U);
  EXPECT_EQ((*r)[0].t, at("2026-11-21T10:00:00Z"));
  EXPECT_EQ(counted("count.stale"), 1U);
}

TEST_F(ParkingCounts, ALocalTimeWithoutAZoneIsReadInTheCitys) {
  EXPECT_EQ(read(R"("parking":"PA","time":"2026-11-21 12:00:00","occupied":3)").at(0).t,
            at("2026-11-21T10:00:00Z"));
}

TEST_F(ParkingCounts, TheSameMomentIsNotPublishedTwiceAndAnOlderOneNotAtAll) {
  const std::string now = R"("parking":"PA","time":"2026-11-21T10:00:00Z","occupied":3)";
  const std::string before = R"("parking":"PA","time":"2026-11-21T09:59:00Z","occupied":3)";
  EXPECT_EQ(read(now).size(), 1U);
  EXPECT_TRUE(read(now).empty());
  EXPECT_TRUE(read(before).empty());
  EXPECT_EQ(counted("count.repeated"), 1U);
  EXPECT_EQ(counted("count.goes_back"), 1U);
}

TEST_F(ParkingCounts, TheFutureAndUnknownAreasAreRefused) {
  EXPECT_TRUE(read(R"("parking":"PA","time":"2026-11-21T10:01:00Z","occupied":3)").empty());
  EXPECT_EQ(counted("count.future"), 1U);
  EXPECT_TRUE(read(R"("parking":"PX","time":"2026-11-21T10:00:00Z","occupied":3)").empty());
  EXPECT_EQ(counted("count.unknown_parking"), 1U);
}

TEST_F(ParkingCounts, ContentThatIsNoneIsRefusedByName) {
  EXPECT_EQ(reader_.read("<html>", kNow).error().cause, "bad_json");
  EXPECT_EQ(reader_.read("[1,2]", kNow).error().cause, "unknown_content");
  EXPECT_EQ(reader_.read(R"({"counts":{}})", kNow).error().cause, "unknown_content");
  EXPECT_EQ(reader_.read(R"({"counts":[7]})", kNow).error().cause, "unknown_content");
  EXPECT_EQ(reader_.read(std::string(100000, '['), kNow).error().cause, "bad_json");
  EXPECT_EQ(counted("feed.bad_json"), 2U);
  EXPECT_EQ(read_datex2("<a><b></a>").error().cause, "bad_xml");
  EXPECT_EQ(read_datex2("<a/>").error().cause, "unknown_content");
  EXPECT_EQ(read_records("siri", "").error().cause, "unknown_dialect");
}

TEST_F(ParkingCounts, DatexIsReadUnderAnyPrefixAndInsideAnEnvelope) {
  const auto r = read_datex2(R"(<s:Envelope xmlns:s="soap"><s:Body>
    <x:d2LogicalModel xmlns:x="http://datex2.eu/schema/2/2_0"><x:parkingRecordStatus>
      <x:parkingRecordReference id="P1" targetClass="ParkingRecord" version="1"/>
      <x:parkingStatusOriginTime>2026-11-21T12:00:00.1234567+02:00</x:parkingStatusOriginTime>
      <x:parkingOccupancy><x:parkingNumberOfSpacesOverride>100</x:parkingNumberOfSpacesOverride>
        <x:parkingNumberOfVacantSpaces>40</x:parkingNumberOfVacantSpaces>
        <x:parkingOccupancy>60.0</x:parkingOccupancy></x:parkingOccupancy>
      <x:parkingSiteOpeningStatus>closed</x:parkingSiteOpeningStatus>
    </x:parkingRecordStatus></x:d2LogicalModel></s:Body></s:Envelope>)");
  ASSERT_TRUE(r.ok()) << r.error().message();
  ASSERT_EQ(r->size(), 1U);
  EXPECT_EQ((*r)[0].id, "P1");
  EXPECT_EQ((*r)[0].free, 40);
  EXPECT_EQ((*r)[0].capacity, 100);
  EXPECT_EQ((*r)[0].percent, 60);
  EXPECT_TRUE((*r)[0].closed);
}

TEST_F(ParkingCounts, AClosedSiteIsNotAFullOne) {
  ReaderOptions o = options();
  o.dialect = "datex2";
  o.records["P1"] = ParkingId("PA");
  Reader reader(areas(), o);
  const auto r =
      reader.read(R"(<d2LogicalModel><parkingRecordStatus><parkingRecordReference id="P1"/>
      <parkingStatusOriginTime>2026-11-21T10:00:00Z</parkingStatusOriginTime>
      <parkingOccupancy><parkingNumberOfVacantSpaces>0</parkingNumberOfVacantSpaces></parkingOccupancy>
      <parkingSiteOpeningStatus>closed</parkingSiteOpeningStatus></parkingRecordStatus></d2LogicalModel>)",
                  kNow);
  ASSERT_TRUE(r.ok());
  EXPECT_TRUE(r->empty());
  EXPECT_EQ(reader.counters().at("parking.count.closed"), 1U);
}

class ParkingSamples : public testing::Test {
 protected:
  static std::optional<std::string> sample(const std::string& name) {
    const char* folder = std::getenv("DISPECER_SAMPLES");
    if (folder == nullptr) return {};
    std::ifstream in(std::string(folder) + "/parking/" + name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  // Every record mapped to one area of its own that is as large as the record says.
  static std::map<std::string, std::uint64_t> judge(const std::string& dialect,
                                                    const std::string& bytes, UtcTime now,
                                                    std::size_t& records) {
    const auto raw = read_records(dialect, bytes);
    EXPECT_TRUE(raw.ok()) << raw.error().message();
    records = raw->size();
    std::vector<ParkingArea> known;
    ReaderOptions o;
    o.dialect = dialect;
    o.timezone = "Europe/Berlin";
    for (const auto& r : *raw) {
      ParkingArea a;
      a.id = ParkingId("P" + r.id);
      a.capacity = static_cast<std::uint32_t>(r.capacity.value_or(0));
      known.push_back(a);
      o.records[r.id] = a.id;
    }
    Reader reader(known, o);
    EXPECT_TRUE(reader.read(bytes, now).ok());
    return reader.counters();
  }
  static std::uint64_t of(const std::map<std::string, std::uint64_t>& all, const char* name) {
    const auto found = all.find(std::string("parking.") + name);
    return found == all.end() ? 0 : found->second;
  }
};

TEST_F(ParkingSamples, AachenHasRecordsOfEveryAgeUnderOnePublicationTime) {
  const auto bytes = sample("aachen-realtime.xml");
  if (!bytes) GTEST_SKIP() << "DISPECER_SAMPLES is not set";
  std::size_t records = 0;
  const auto all = judge("datex2", *bytes, at("2025-02-07T19:11:01Z"), records);
  EXPECT_EQ(records, 17U);
  EXPECT_EQ(of(all, "count.stale"), 6U);
  EXPECT_GE(of(all, "count.published"), 9U);
}

TEST_F(ParkingSamples, FriedrichshafenSingleBaysAreRead) {
  const auto bytes = sample("friedrichshafen-sensors-realtime.xml");
  if (!bytes) GTEST_SKIP() << "DISPECER_SAMPLES is not set";
  std::size_t records = 0;
  const auto all = judge("datex2", *bytes, at("2025-07-18T06:42:01Z"), records);
  EXPECT_GT(records, 50U);
  EXPECT_GT(of(all, "count.published"), 0U);
  EXPECT_EQ(of(all, "count.bad_number"), 0U);
}

TEST_F(ParkingSamples, StuttgartSpeaksTheOlderWords) {
  const auto bytes = sample("stuttgart-realtime.xml");
  if (!bytes) GTEST_SKIP() << "DISPECER_SAMPLES is not set";
  std::size_t records = 0;
  const auto all = judge("datex2", *bytes, at("2023-10-07T01:45:32Z"), records);
  EXPECT_GT(records, 10U);
  EXPECT_GT(of(all, "count.stale"), 0U) << "the first record is over a year old";
}

TEST_F(ParkingSamples, FreiburgWritesTextLocalTimeAndTheShareThatIsFree) {
  const auto bytes = sample("freiburg.json");
  if (!bytes) GTEST_SKIP() << "DISPECER_SAMPLES is not set";
  std::size_t records = 0;
  // 10:20 local time in June is 08:20 UTC.
  const auto all = judge("freiburg", *bytes, at("2024-06-10T08:21:00Z"), records);
  EXPECT_EQ(records, 19U);
  EXPECT_GT(of(all, "count.published"), 10U);
  EXPECT_GT(of(all, "note.percent_means_free"), 10U);
  EXPECT_EQ(of(all, "count.future"), 0U);
}

}  // namespace
}  // namespace dispecer::parking_counts
