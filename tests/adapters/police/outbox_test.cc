#include "adapters/police/outbox.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/adapters/police/leads.h"

namespace dispecer::police {
namespace {

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Outbox, WhatWaitsSurvivesAndWhatIsDeliveredStaysKnown) {
  Folder f;
  const auto file = f.path + "/out.log";
  {
    auto box = Outbox::open(file);
    ASSERT_TRUE(box);
    EXPECT_TRUE(*box->add(lead("1")));
    EXPECT_TRUE(*box->add(lead("2")));
    EXPECT_FALSE(*box->add(lead("1")));
    EXPECT_TRUE(box->delivered(LeadId("lead-1")));
    EXPECT_TRUE(box->delivered(LeadId("lead-1")));
  }
  auto again = Outbox::open(file);
  ASSERT_TRUE(again);
  ASSERT_EQ(again->waiting().size(), 1U);
  EXPECT_EQ(again->waiting().begin()->second, lead("2"));
  EXPECT_TRUE(again->known(LeadId("lead-1")));
  EXPECT_FALSE(*again->add(lead("1")));
  EXPECT_FALSE(again->known(LeadId("lead-3")));
}

TEST(Outbox, OnceEverythingIsDeliveredNoPlateIsLeftOnDisk) {
  Folder f;
  const auto file = f.path + "/out.log";
  auto box = Outbox::open(file);
  ASSERT_TRUE(box);
  ASSERT_TRUE(*box->add(lead("1")));
  EXPECT_NE(bytes_of(file).find("MM12ABC"), std::string::npos);
  ASSERT_TRUE(box->delivered(LeadId("lead-1")));
  EXPECT_EQ(bytes_of(file).find("MM12ABC"), std::string::npos);
  EXPECT_NE(bytes_of(file).find("lead-1"), std::string::npos);
  ASSERT_TRUE(*box->add(lead("2")));  // and it goes on taking
  EXPECT_EQ(Outbox::open(file)->waiting().size(), 1U);
}

TEST(Outbox, ATornTailLosesOnlyWhatWasNeverKept) {
  Folder f;
  const auto file = f.path + "/out.log";
  {
    auto box = Outbox::open(file);
    ASSERT_TRUE(*box->add(lead("1")));
    ASSERT_TRUE(*box->add(lead("2")));
  }
  const auto whole = bytes_of(file);
  std::size_t most = 0;
  for (std::size_t cut = 0; cut < whole.size(); cut += 7) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << whole.substr(0, cut);
    auto box = Outbox::open(file);
    ASSERT_TRUE(box) << cut;
    EXPECT_GE(box->waiting().size(), most);
    most = box->waiting().size();
  }
  EXPECT_EQ(most, 1U);
}

TEST(Outbox, AFileThatIsNotOursIsRefused) {
  Folder f;
  std::ofstream(f.path + "/out.log") << "something else entirely";
  EXPECT_EQ(Outbox::open(f.path + "/out.log").error().cause, "journal_foreign");
}

}  // namespace
}  // namespace dispecer::police
