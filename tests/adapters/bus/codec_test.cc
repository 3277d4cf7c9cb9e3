#include "adapters/bus/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "adapters/bus/envelope.h"
#include "adapters/bus/json.h"
#include "adapters/bus/topics.h"
#include "controller/plan/junction_signals.h"
#include "fusion/model/book.h"
#include "tests/support/random_payload.h"

namespace dispecer::bus {
namespace {

template <class T>
class EveryPayload : public ::testing::Test {};

using Payloads =
    ::testing::Types<ClockTick, DetectorBatch, SignalObservation, OrderReport, VehiclePosition,
                     ParkingCount, AirSample, PlateRead, ScanRead, SignReport, CityPicture,
                     BusState, AlarmList, Proposal, SignalDecision, PriorityRequest, AccessDecision,
                     ProcessHealth, AlarmEvent, Intent, IntentResult, Lead, LeadReceipt,
                     JunctionSignals, Book, Network, Envelope>;
TYPED_TEST_SUITE(EveryPayload, Payloads);

TYPED_TEST(EveryPayload, ComesBackEqualFromTheWire) {
  std::mt19937_64 rng(7);
  for (int i = 0; i < 60; ++i) {
    const auto payload = test::random_value<TypeParam>(rng, {});
    DecodeNotes notes;
    const auto back = decode<TypeParam>(encode(payload), &notes);
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(*back, payload);
    EXPECT_EQ(notes.unknown_fields + notes.unknown_enums, 0U);
  }
}

TYPED_TEST(EveryPayload, TornOrFlippedBytesNeverHarmTheReader) {
  std::mt19937_64 rng(11);
  for (int i = 0; i < 60; ++i) {
    auto bytes = encode(test::random_value<TypeParam>(rng, {}));
    if (bytes.empty()) continue;
    (void)decode<TypeParam>(std::string_view(bytes).substr(0, rng() % bytes.size()));
    for (int flips = 0; flips < 3; ++flips)
      bytes[rng() % bytes.size()] ^= static_cast<char>(1 << (rng() % 8));
    const auto result = decode<TypeParam>(bytes);
    if (!result) {
      EXPECT_THAT(result.error().cause, ::testing::AnyOf("torn_payload", "out_of_range"));
    }
  }
}

TYPED_TEST(EveryPayload, FieldNumbersAndNamesAreUnique) {
  std::set<std::uint32_t> numbers;
  std::set<std::string_view> known;
  TypeParam payload{};
  for_each_field(payload, [&](const auto& f, const auto&) {
    EXPECT_GT(f.number, 0U);
    EXPECT_TRUE(numbers.insert(f.number).second) << f.name;
    EXPECT_TRUE(known.insert(f.name).second) << f.name;
  });
}

TEST(Codec, EveryTruncationOfAPictureIsToldAsTornOrStillSound) {
  CityPicture p;
  p.links.push_back(
      {LinkId{"L1"}, Estimate{1, 2, 3, Quality::live, 1}, {}, {}, {}, {}, Ratio{0.5}, true, {}});
  const auto bytes = encode(p);
  std::size_t torn = 0;
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const auto r = decode<CityPicture>(std::string_view(bytes).substr(0, n));
    if (!r) {
      EXPECT_EQ(r.error().cause, "torn_payload");
      ++torn;
    }
  }
  EXPECT_GT(torn, bytes.size() / 2);
}

struct Newer {
  std::uint32_t a = 0;
  std::string added;
  std::optional<double> also_added;
};
constexpr auto fields(Tag<Newer>) {
  return std::tuple{field(1, "a", &Newer::a), field(9, "added", &Newer::added),
                    field(10, "also", &Newer::also_added)};
}
struct Older {
  std::uint32_t a = 0;
};
constexpr auto fields(Tag<Older>) {
  return std::tuple{field(1, "a", &Older::a)};
}

TEST(Codec, AnOlderReaderSkipsAndCountsWhatItDoesNotKnow) {
  DecodeNotes notes;
  const auto old = decode<Older>(encode(Newer{5, "new", 2.5}), &notes);
  ASSERT_TRUE(old.ok());
  EXPECT_EQ(old->a, 5U);
  EXPECT_EQ(notes.unknown_fields, 2U);
}

TEST(Codec, AnUnknownEnumValueBecomesUnknownAndIsCounted) {
  const std::string bytes{'\x08', '\x7E'};  // field 2, varint, zigzag 63: Actor::role = 63
  DecodeNotes notes;
  const auto actor = decode<Actor>(bytes, &notes);
  ASSERT_TRUE(actor.ok());
  EXPECT_EQ(actor->role, Role::unknown);
  EXPECT_EQ(notes.unknown_enums, 1U);
}

TEST(Codec, AnImpossibleValueIsRefusedByTheNameOfItsField) {
  VehiclePosition p;
  p.position = {23.5, 97.0};
  const auto r = decode<VehiclePosition>(encode(p));
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().cause, "out_of_range");
  EXPECT_EQ(r.error().where, "lat");
  p.position = {23.5, 47.0};
  p.speed = MetresPerSecond{std::nan("")};
  EXPECT_EQ(decode<VehiclePosition>(encode(p)).error().where, "speed");
}

struct Nest {
  std::vector<Nest> inner;
};
constexpr auto fields(Tag<Nest>) {
  return std::tuple{field(1, "inner", &Nest::inner)};
}

TEST(Codec, BlocksNestedTooDeepAreRefused) {
  Nest shallow;
  shallow.inner.resize(1);
  EXPECT_TRUE(decode<Nest>(encode(shallow)).ok());
  Nest deep;
  for (int i = 0; i < 100; ++i) {
    Nest outer;
    outer.inner.push_back(std::move(deep));
    deep = std::move(outer);
  }
  EXPECT_EQ(decode<Nest>(encode(deep)).error().cause, "torn_payload");
}

TEST(Codec, TheWireFormOfAKnownPayloadNeverChanges) {
  // Golden of release 0.1: a change here breaks every journal that was ever written.
  const ClockTick tick{UtcTime{1'000'000}, 2.0, 3};
  const std::string expected{'\x04', '\x80', '\x89', '\x7A', '\x09', 0,      0,     0,
                             0,      0,      0,      0,      '\x40', '\x0C', '\x06'};
  EXPECT_EQ(encode(tick), expected);
  EXPECT_EQ(*decode<ClockTick>(expected), tick);
}

TEST(Json, EveryKindOfValueIsWritten) {
  Proposal p;
  p.id = ProposalId{"a\"b\n"};
  p.write = BandsOrder{2, {{1, Seconds{12.5}}}, 5};
  const auto text = to_json(p);
  EXPECT_NE(text.find(R"("id":"a\"b\u000a")"), std::string::npos) << text;
  EXPECT_NE(
      text.find(
          R"("write":{"bands":{"plan":2,"bands":[{"number":1,"extension":12.5}],"timeout_min":5}})"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("cause_received":null)"), std::string::npos) << text;
}

TEST(Topics, NumbersAndNamesAreUniqueAndPersonalTopicsAreNeverJournalled) {
  std::set<std::uint32_t> numbers;
  std::set<std::string_view> known;
  for (const auto& t : kTopics) {
    EXPECT_TRUE(numbers.insert(t.number).second) << t.name;
    EXPECT_TRUE(known.insert(t.name).second) << t.name;
    EXPECT_FALSE(t.personal && t.journalled) << t.name;
    EXPECT_FALSE(t.writer.empty()) << t.name;
    EXPECT_GT(t.depth, 0U) << t.name;
    EXPECT_TRUE(t.stale_s == 0 || t.stale_s > t.period_s) << t.name;
  }
  EXPECT_TRUE(topic::Plates::row.personal);
  EXPECT_TRUE(topic::Scans::row.personal);
  EXPECT_TRUE(topic::Proposals::row.sealed) << "what could reach a street is authenticated";
}

}  // namespace
}  // namespace dispecer::bus
