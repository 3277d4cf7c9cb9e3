#include "adapters/process/replacement.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace dispecer::process {
namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("replacement_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::string file() const { return (path / "kept").string(); }
  [[nodiscard]] std::string text() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST(Replacement, TheOldFileStaysUntilTheNewOneIsWhole) {
  const Folder folder;
  ASSERT_TRUE(replace_file(folder.file(), "old"));
  auto draft = Replacement::begin(folder.file());
  ASSERT_TRUE(draft);
  ASSERT_TRUE(draft->write("new, "));
  ASSERT_TRUE(draft->write("in two pieces"));
  EXPECT_EQ(folder.text(), "old");
  ASSERT_TRUE(draft->finish());
  EXPECT_EQ(folder.text(), "new, in two pieces");
  EXPECT_FALSE(fs::exists(folder.file() + ".new"));
}

TEST(Replacement, WhatWasNotFinishedNeverGetsTheName) {
  const Folder folder;
  ASSERT_TRUE(replace_file(folder.file(), "old"));
  {
    auto draft = Replacement::begin(folder.file());
    ASSERT_TRUE(draft);
    ASSERT_TRUE(draft->write("half"));
  }
  EXPECT_EQ(folder.text(), "old");
  // The next one begins anew.
  ASSERT_TRUE(replace_file(folder.file(), "x"));
  EXPECT_EQ(folder.text(), "x");
}

TEST(Replacement, AFolderThatIsNotThereIsNamed) {
  const Folder folder;
  const auto r = replace_file((folder.path / "no" / "kept").string(), "x");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().cause, "not_written");
  EXPECT_NE(r.error().where.find("kept.new"), std::string::npos);
}

}  // namespace
}  // namespace dispecer::process
