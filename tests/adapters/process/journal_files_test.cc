#include <gtest/gtest.h>

#include "adapters/process/journal_header.h"
#include "adapters/process/journal_room.h"
#include "tests/support/folder.h"

namespace dispecer::process {
namespace {

TEST(JournalMessage, LargePayloadsAreDeflatedAndComeBackWhole) {
  bus::Message m;
  m.raw_envelope = "envelope";
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{1023}, std::size_t{1024}, std::size_t{200000}}) {
    m.payload.assign(n, 'x');
    const auto bytes = pack_message(m, UtcTime{5});
    if (n >= 1024) {
      EXPECT_LT(bytes.size(), n / 2);
    }
    const auto back = unpack_message(bytes);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->payload, m.payload);
    EXPECT_EQ(back->envelope, "envelope");
    EXPECT_EQ(back->handled, UtcTime{5});
  }
}

TEST(JournalMessage, ASizeThatLiesIsRefused) {
  bus::Message m;
  m.payload.assign(5000, 'y');
  auto packed = *bus::decode<JournalMessage>(pack_message(m, {}));
  for (const std::uint32_t lie : {1U, 4999U, 5001U, 0xFFFFFFFFU}) {
    packed.zipped = lie;
    EXPECT_EQ(unpack_message(bus::encode(packed)).error().cause, "bad_deflate") << lie;
  }
}

TEST(JournalRoom, TheOldestJournalsOfThisProcessGoFirstAndOthersStay) {
  const test::Folder f("room");
  for (const auto* name : {"fusion-2.journal", "fusion-10.journal", "fusion-9.journal",
                           "controller-1.journal", "fusion-x.txt"}) {
    f.write(name, std::string(1000, 'j'));
  }
  EXPECT_EQ(make_journal_room(f.str(), "fusion", 2000), 1U);
  EXPECT_FALSE(std::filesystem::exists(f.file("fusion-2.journal")));
  EXPECT_TRUE(std::filesystem::exists(f.file("fusion-9.journal")));
  EXPECT_TRUE(std::filesystem::exists(f.file("controller-1.journal")));
  EXPECT_EQ(make_journal_room(f.str(), "fusion", 2000), 0U);
}

}  // namespace
}  // namespace dispecer::process
