#include "adapters/air_quality/reader.h"

#include <gtest/gtest.h>

#include "fusion/model/ranges.h"

namespace dispecer::air_quality {
namespace {

UtcTime at(const char* text) {
  return *parse_iso(text);
}
const UtcTime kNow = at("2026-11-21T10:00:30Z");

// One Datastream of station AQ1 with these observations.
std::string stream(const std::string& observations, const std::string& unit = "ug/m3",
                   const std::string& property = "NO2", const std::string& thing = "AQ1") {
  return R"({"value":[{"@iot.id":1,"unitOfMeasurement":{"symbol":")" + unit +
         R"("},"properties":{"averagingPeriod":"PT10M","upperLimit":1000},"Thing":{"@iot.id":9,"name":")" +
         thing + R"("},"ObservedProperty":{"name":")" + property + R"("},"Observations":[)" +
         observations + "]}]}";
}

std::string observation(const std::string& time, const std::string& result,
                        const std::string& more = "") {
  return R"({"phenomenonTime":")" + time + R"(","result":)" + result + more + "}";
}

class AirQuality : public testing::Test {
 protected:
  AirQuality() {
    AirStation s;
    s.id = StationId("AQ1");
    reader_ = std::make_unique<Reader>(
        std::vector{s}, ReaderOptions{{{"9b", StationId("AQ1")}}, 6, std::chrono::minutes{1}});
  }
  std::vector<AirSample> read(const std::string& bytes, UtcTime now = kNow) {
    const auto r = reader_->read(bytes, now);
    EXPECT_TRUE(r.ok()) << r.error().message();
    if (!r) return {};
    for (const auto& s : *r) EXPECT_TRUE(check_ranges(s).ok());
    return *r;
  }
  std::uint64_t counted(const std::string& name) {
    const auto found = reader_->counters().find("air." + name);
    return found == reader_->counters().end() ? 0 : found->second;
  }
  std::unique_ptr<Reader> reader_;
};

TEST_F(AirQuality, AnIntervalIsItsOwnPeriodAndAnInstantTakesTheStreams) {
  const auto got = read(stream(observation("2026-11-21T09:00:00Z/2026-11-21T09:59:00Z", "31.5") +
                               "," + observation("2026-11-21T12:00:00+02:00", "33")));
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0], (AirSample{StationId("AQ1"),
                               Pollutant::no2,
                               {at("2026-11-21T09:00:00Z"), at("2026-11-21T09:59:00Z")},
                               Micrograms{31.5},
                               true}));
  EXPECT_EQ(got[1].period, (Interval{at("2026-11-21T09:50:00Z"), at("2026-11-21T10:00:00Z")}));
}

TEST_F(AirQuality, ObservationsInAnyOrderComeOutInTheOrderOfTime) {
  const auto got = read(stream(observation("2026-11-21T10:00:00Z", "2") + "," +
                               observation("2026-11-21T09:50:00Z", "1")));
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].value, Micrograms{1});
  EXPECT_EQ(read(stream(observation("2026-11-21T10:00:00Z", "2"))).size(), 0U);
  EXPECT_EQ(counted("sample.repeated"), 1U);
}

TEST_F(AirQuality, UnitsAreReadInTheirManySpellingsAndNeverAssumed) {
  for (const auto* unit : {"ug/m3", "µg/m³", "μg/m^3", "ug.m-3", "UG/M3"})
    EXPECT_EQ(*unit_factor(unit, Pollutant::pm10), 1.0) << unit;
  EXPECT_EQ(*unit_factor("mg/m³", Pollutant::co), 1000.0);
  EXPECT_NEAR(*unit_factor("ppb", Pollutant::no2), 1.9125, 0.002);
  EXPECT_NEAR(*unit_factor("ppb", Pollutant::o3), 1.9954, 0.002);
  EXPECT_NEAR(*unit_factor("ppm", Pollutant::co), 1164, 1);
  EXPECT_FALSE(unit_factor("ppb", Pollutant::pm10).ok());
  for (const auto* unit : {"", "m3", "°C", "%", "ug"})
    EXPECT_FALSE(unit_factor(unit, Pollutant::no2).ok()) << unit;
  EXPECT_TRUE(read(stream(observation("2026-11-21T10:00:00Z", "2"), "furlong")).empty());
  EXPECT_EQ(counted("sample.unknown_unit"), 1U);
}

TEST_F(AirQuality, PollutantsAndStationsAreFoundByName) {
  EXPECT_EQ(pollutant_of("NO₂"), Pollutant::no2);
  EXPECT_EQ(pollutant_of("Nitrogen dioxide"), Pollutant::no2);
  EXPECT_EQ(pollutant_of("PM2.5"), Pollutant::pm25);
  EXPECT_EQ(pollutant_of("http://dd.eionet.europa.eu/vocabulary/aq/pollutant/PM10"),
            Pollutant::pm10);
  EXPECT_EQ(pollutant_of("temperature"), Pollutant::unknown);
  EXPECT_TRUE(read(stream(observation("2026-11-21T10:00:00Z", "2"), "ug/m3", "CO2")).empty());
  EXPECT_EQ(counted("sample.unknown_pollutant"), 1U);
  EXPECT_TRUE(read(stream(observation("2026-11-21T10:00:00Z", "2"), "ug/m3", "NO2", "X")).empty());
  EXPECT_EQ(counted("sample.unknown_station"), 1U);
  EXPECT_EQ(read(stream(observation("2026-11-21T10:00:00Z", "2"), "ug/m3", "NO2", "9b")).size(),
            1U);
}

TEST_F(AirQuality, WithoutAnAveragingPeriodAnInstantIsNotTaken) {
  auto text = stream(observation("2026-11-21T10:00:00Z", "2"));
  text.replace(text.find("PT10M"), 5, "often");
  EXPECT_TRUE(read(text).empty());
  EXPECT_EQ(counted("sample.no_period"), 1U);
}

TEST_F(AirQuality, DurationsAreReadAsIsoWritesThem) {
  EXPECT_EQ(*parse_duration("PT1H"), std::chrono::hours{1});
  EXPECT_EQ(*parse_duration("P1DT12H30M5.5S"),
            Duration{std::chrono::seconds{131405}} + Duration{500000});
  for (const auto* bad : {"", "P", "PT", "1H", "PT1", "P1M", "PT-5M", "PT0S", "PT1HT2M"})
    EXPECT_FALSE(parse_duration(bad).ok()) << bad;
}

TEST_F(AirQuality, NegativeAndImpossibleValuesAreDropped) {
  EXPECT_TRUE(read(stream(observation("2026-11-21T09:50:00Z", "-4.2") + "," +
                          observation("2026-11-21T10:00:00Z", "90000")))
                  .empty());
  EXPECT_EQ(counted("sample.negative"), 1U);
  EXPECT_EQ(counted("sample.out_of_range"), 1U);
}

TEST_F(AirQuality, WhatTheStationOrTheRangeDoubtsIsPublishedAsNotValid) {
  const auto got = read(
      stream(observation("2026-11-21T09:40:00Z", "20", R"(,"resultQuality":"suspect")") + "," +
             observation("2026-11-21T09:50:00Z", "1000") + "," +
             observation("2026-11-21T10:00:00Z", "21", R"(,"resultQuality":{"code":"good"})")));
  ASSERT_EQ(got.size(), 3U);
  EXPECT_FALSE(got[0].valid);
  EXPECT_FALSE(got[1].valid);
  EXPECT_TRUE(got[2].valid);
  EXPECT_EQ(counted("sample.marked_bad"), 1U);
  EXPECT_EQ(counted("sample.saturated"), 1U);
}

TEST_F(AirQuality, TheSixthEqualValueIsAFlatLine) {
  std::string list;
  for (int i = 0; i < 7; ++i)
    list += (i ? "," : "") +
            observation("2026-11-21T09:0" + std::to_string(i) + ":00Z", i == 6 ? "13" : "12");
  const auto got = read(stream(list));
  ASSERT_EQ(got.size(), 7U);
  EXPECT_TRUE(got[4].valid);
  EXPECT_FALSE(got[5].valid);
  EXPECT_TRUE(got[6].valid);
  EXPECT_EQ(counted("sample.flat_line"), 1U);
}

TEST_F(AirQuality, TimesAndResultsThatAreNoneAreCounted) {
  EXPECT_TRUE(read(stream(observation("now", "2") + "," + observation("2026-11-21T10:02:00Z", "2") +
                          "," + observation("2026-11-21T10:00:00Z/2026-11-21T09:00:00Z", "2") +
                          "," + observation("2026-11-21T10:00:00Z", "\"n/a\"") + ",17"))
                  .empty());
  EXPECT_EQ(counted("sample.bad_time"), 3U);
  EXPECT_EQ(counted("sample.future"), 1U);
  EXPECT_EQ(counted("sample.no_number"), 1U);
}

TEST_F(AirQuality, ContentThatIsNoneIsRefusedByName) {
  EXPECT_EQ(reader_->read("<html>", kNow).error().cause, "bad_json");
  EXPECT_EQ(reader_->read("{}", kNow).error().cause, "unknown_content");
  EXPECT_EQ(reader_->read(R"({"value":[{"name":"x"}]})", kNow).error().cause, "unknown_content");
  EXPECT_EQ(reader_->read(std::string(100000, '{'), kNow).error().cause, "bad_json");
  EXPECT_TRUE(read(R"({"value":[],"@iot.nextLink":"http://x"})").empty());
  EXPECT_EQ(counted("note.next_link"), 1U);
}

}  // namespace
}  // namespace dispecer::air_quality
