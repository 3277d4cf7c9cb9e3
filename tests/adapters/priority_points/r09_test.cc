#include "adapters/priority_points/r09.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/adapters/priority_points/town.h"

namespace dispecer::priority_points {
namespace {

std::string cause(const std::string& bytes) {
  const auto r = parse_r09(bytes);
  return r ? "" : r.error().cause;
}

TEST(R09, ATelegramOfSixFurtherBytesTellsAll) {
  const auto t = parse_r09(test::telegram());
  ASSERT_TRUE(t);
  EXPECT_EQ(t->point, 1200);
  EXPECT_EQ(t->deviation, 2);
  EXPECT_EQ(t->priority, 1);
  EXPECT_EQ(t->by_hand, 0);
  EXPECT_EQ(t->line, 3U);
  EXPECT_EQ(t->run, 12U);
  EXPECT_EQ(t->bound, 345U);
  EXPECT_EQ(t->train, 1U);
}

TEST(R09, EarlyIsNegative) {
  EXPECT_EQ(parse_r09(test::telegram(1200, 0xF0))->deviation, -7);
  EXPECT_EQ(parse_r09(test::telegram(1200, 0x80))->deviation, 0);
}

TEST(R09, AShorterVariantTellsLess) {
  const auto whole = test::telegram();
  for (unsigned more = 0; more <= 6; ++more) {
    auto bytes = whole.substr(0, 3 + more);
    bytes[1] = static_cast<char>(0x20U | more);
    const auto t = parse_r09(bytes);
    ASSERT_TRUE(t) << more;
    EXPECT_EQ(t->point, more == 0 ? 4 : 1200);
    EXPECT_EQ(t->deviation, 2);
    EXPECT_EQ(t->line.has_value(), more >= 3);
    EXPECT_EQ(t->run.has_value(), more >= 4);
    EXPECT_EQ(t->bound.has_value(), more >= 6);
  }
}

TEST(R09, WhatIsNoTelegramIsRefusedWithItsCause) {
  const auto whole = test::telegram();
  EXPECT_EQ(cause(""), "bad_length");
  EXPECT_EQ(cause(whole.substr(0, 2)), "bad_length");
  EXPECT_EQ(cause(whole.substr(0, 8)), "bad_length");
  EXPECT_EQ(cause(whole + "x"), "bad_length");
  auto other = whole;
  other[0] = '\x81';
  EXPECT_EQ(cause(other), "not_r09");
  for (const std::size_t byte : {4U, 5U, 6U, 7U}) {
    auto wrong = whole;
    wrong[byte] = '\x0A';
    EXPECT_EQ(cause(wrong), "bad_digit") << byte;
  }
}

TEST(R09, RandomBytesNeverTellWhatATelegramCannot) {
  std::mt19937 random(7);
  unsigned good = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string bytes(random() % 12, '\0');
    for (auto& b : bytes) b = static_cast<char>(random());
    if (i % 2 == 0 && bytes.size() >= 3) {
      bytes[0] = '\x91';
      bytes[1] = static_cast<char>((random() & 0xF0U) | (bytes.size() - 3));
    }
    const auto t = parse_r09(bytes);
    if (!t) continue;
    ++good;
    EXPECT_LE(std::abs(t->deviation), 7);
    EXPECT_LE(t->priority, 3);
    EXPECT_LE(t->line.value_or(0), 999U);
    EXPECT_LE(t->run.value_or(0), 99U);
    EXPECT_LE(t->bound.value_or(0), 999U);
    EXPECT_LE(t->train.value_or(0), 7U);
  }
  EXPECT_GT(good, 1000U);
}

}  // namespace
}  // namespace dispecer::priority_points
