#include "adapters/registers/answer.h"

#include <gtest/gtest.h>

namespace dispecer::registers {
namespace {

const UtcTime kNow = parse_iso("2026-11-23T10:00:00Z").value();

TEST(RegisterAnswer, RightsOfThePlateAndOfItsNeighboursAreKeptApart) {
  const auto holdings = parse_holdings(R"({"updated": "2026-11-23T09:59:20Z", "rights": [
    {"plate": "MM 12 ABC", "kinds": ["resident", "resident"]},
    {"plate": "MM12A8C", "kinds": ["parking_paid", "disabled"]},
    {"plate": "CJ01XYZ", "kinds": ["taxi"]}]})");
  ASSERT_TRUE(holdings);
  const auto answer = answer_for(*holdings, "MM12ABC", kNow);
  EXPECT_TRUE(answer.answered);
  EXPECT_EQ(answer.register_age, Seconds{40});
  EXPECT_EQ(answer.kinds, (std::vector{PermitKind::resident}));
  EXPECT_EQ(answer.neighbour_kinds, (std::vector{PermitKind::parking_paid, PermitKind::disabled}));
  EXPECT_TRUE(answer_for(*holdings, "B99ZZZ", kNow).kinds.empty());
}

TEST(RegisterAnswer, ARegisterThatIsAheadOfUsIsNotBelieved) {
  Holdings holdings;
  holdings.updated = kNow + from_seconds(0.9);
  EXPECT_EQ(answer_for(holdings, "MM12ABC", kNow).register_age, Seconds{0});
  holdings.updated = kNow + from_seconds(1.1);
  EXPECT_GT(answer_for(holdings, "MM12ABC", kNow).register_age, Seconds{1e6});
}

TEST(RegisterAnswer, WhatCannotBeReadIsNamedAndNeverReadsAsNoRight) {
  const auto cause = [](const char* body) {
    const auto r = parse_holdings(body);
    return r ? "" : r.error().cause;
  };
  EXPECT_EQ(cause("<html>"), "bad_json");
  EXPECT_EQ(cause(R"({"rights": []})"), "bad_shape");
  EXPECT_EQ(cause(R"({"updated": "soon", "rights": []})"), "bad_shape");
  EXPECT_EQ(cause(R"({"updated": "2026-11-23T10:00:00Z", "rights": [{"plate": "A"}]})"),
            "bad_shape");
  EXPECT_EQ(
      cause(R"({"updated": "2026-11-23T10:00:00Z", "rights": [{"plate": "A", "kinds": [1]}]})"),
      "bad_shape");
  for (const char* kind : {"diplomat", "unknown", ""}) {
    const auto body = std::string(R"({"updated": "2026-11-23T10:00:00Z", "rights": [)") +
                      R"({"plate": "MM12ABC", "kinds": [")" + kind + "\"]}]}";
    EXPECT_EQ(cause(body.c_str()), "unknown_kind") << kind;
    EXPECT_EQ(parse_holdings(body).error().message().find("MM12ABC"), std::string::npos);
  }
}

}  // namespace
}  // namespace dispecer::registers
