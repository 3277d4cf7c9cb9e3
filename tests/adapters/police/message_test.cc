#include "adapters/police/message.h"

#include <gtest/gtest.h>

#include "tests/adapters/police/leads.h"

namespace dispecer::police {
namespace {

TEST(PoliceMessage, AReceiptReadsBackAsItWasWritten) {
  for (const auto kind : {ReceiptKind::received, ReceiptKind::accepted, ReceiptKind::declined,
                          ReceiptKind::outcome}) {
    const auto r = parse_receipt(receipt_message(receipt("1", kind)));
    ASSERT_TRUE(r);
    EXPECT_EQ(*r, receipt("1", kind));
  }
}

TEST(PoliceMessage, WhatIsWrongIsNamed) {
  const auto cause = [](const std::string& text) {
    const auto r = parse_receipt(text);
    return r ? "" : r.error().cause;
  };
  EXPECT_EQ(cause("hello"), "bad_json");
  EXPECT_EQ(cause("[]"), "bad_json");
  EXPECT_EQ(cause("{}"), "bad_shape");
  EXPECT_EQ(cause(R"({"type":"receipt","lead":"l","case":"c","kind":"received","time":"now"})"),
            "bad_shape");
  EXPECT_EQ(
      cause(
          R"({"type":"receipt","lead":"l","case":"c","kind":"maybe","time":"2026-11-23T10:00:00Z"})"),
      "bad_kind");
  EXPECT_EQ(
      cause(
          R"({"type":"receipt","lead":7,"case":"c","kind":"received","time":"2026-11-23T10:00:00Z"})"),
      "too_long");
  EXPECT_EQ(cause(R"({"type":"receipt","lead":")" + std::string(3000, 'x') + "\"}"), "too_long");
}

TEST(PoliceMessage, PlatesInTheOfficersWordsAreTakenOut) {
  for (const char* plate :
       {"MM12ABC", "MM 12 ABC", "mm-12-abc", "B 123 XYZ", "B123XYZ", "MM 012345"}) {
    const auto text = without_plates(std::string("driver of ") + plate + " was warned");
    EXPECT_EQ(text, "driver of [plate] was warned") << plate;
  }
  EXPECT_EQ(without_plates("MM12ABC; B 12 XYZ"), "[plate]; [plate]");
  for (const char* plain : {"fined, 2 cars towed", "fine of 200 lei", "arrived at 10 15", ""})
    EXPECT_EQ(without_plates(plain), plain);
}

TEST(PoliceMessage, ALeadCarriesItsIdAndItsCase) {
  const auto text = lead_message(lead("1"));
  EXPECT_NE(text.find(R"("type":"lead")"), std::string::npos);
  EXPECT_NE(text.find(R"("id":"lead-1")"), std::string::npos);
  EXPECT_NE(text.find(R"("id":"case-1")"), std::string::npos);
}

}  // namespace
}  // namespace dispecer::police
