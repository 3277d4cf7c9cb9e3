#include "adapters/bus/journal.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace dispecer::bus {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ =
        std::filesystem::temp_directory_path() / ("dispecer_journal_" + std::to_string(::getpid()));
    std::filesystem::create_directories(dir_);
    file_ = (dir_ / "a.journal").string();
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  std::vector<std::string> texts() const {
    std::vector<std::string> result;
    (void)read_journal(file_, [&](const Record& r) {
      result.push_back(r.bytes);
      return true;
    });
    return result;
  }

  std::filesystem::path dir_;
  std::string file_;
};

TEST_F(JournalTest, RecordsComeBackInOrderWithTheirKind) {
  {
    auto j = Journal::open(file_, true);
    ASSERT_TRUE(j.ok());
    ASSERT_TRUE(j->append(RecordKind::header, "h").ok());
    ASSERT_TRUE(j->append(RecordKind::input, std::string("a\0b", 3)).ok());
    ASSERT_TRUE(j->append(RecordKind::output, "").ok());
  }
  std::vector<Record> records;
  ASSERT_TRUE(read_journal(file_, [&](const Record& r) {
                records.push_back(r);
                return true;
              }).ok());
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].kind, RecordKind::input);
  EXPECT_EQ(records[1].bytes, std::string("a\0b", 3));
  EXPECT_EQ(records[2].kind, RecordKind::output);
}

TEST_F(JournalTest, ATailTornAtAnyByteLosesOnlyTheLastRecordAndTheFileGoesOn) {
  {
    auto j = Journal::open(file_, true);
    ASSERT_TRUE(j->append(RecordKind::keep, "first").ok());
    ASSERT_TRUE(j->append(RecordKind::keep, "second").ok());
  }
  std::ifstream in(file_, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), {});
  const std::size_t first_end = 8 + 9 + 5;
  for (std::size_t n = first_end; n < whole.size(); ++n) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << whole.substr(0, n);
    auto j = Journal::open(file_, true);
    ASSERT_TRUE(j.ok());
    EXPECT_EQ(j->cut_bytes(), n - first_end);
    ASSERT_TRUE(j->append(RecordKind::keep, "third").ok());
    EXPECT_EQ(texts(), (std::vector<std::string>{"first", "third"}));
  }
}

TEST_F(JournalTest, AFlippedByteEndsTheReadingThere) {
  {
    auto j = Journal::open(file_, true);
    ASSERT_TRUE(j->append(RecordKind::keep, "first").ok());
    ASSERT_TRUE(j->append(RecordKind::keep, "second").ok());
  }
  std::fstream f(file_, std::ios::binary | std::ios::in | std::ios::out);
  f.seekp(-1, std::ios::end);
  f.put('X');
  f.close();
  EXPECT_EQ(texts(), std::vector<std::string>{"first"});
}

TEST_F(JournalTest, AFileThatIsNoJournalIsRefusedAndLeftAlone) {
  std::ofstream(file_) << "somebody's notes, not ours";
  EXPECT_EQ(Journal::open(file_, true).error().cause, "journal_foreign");
  std::ifstream in(file_);
  std::string text;
  std::getline(in, text);
  EXPECT_EQ(text, "somebody's notes, not ours");
}

TEST_F(JournalTest, AFullDiskIsToldByName) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full on this system";
  std::filesystem::create_symlink("/dev/full", file_);
  const auto j = Journal::open(file_, true);
  ASSERT_FALSE(j.ok());
  EXPECT_EQ(j.error().cause, "disk_full");
}

}  // namespace
}  // namespace dispecer::bus
