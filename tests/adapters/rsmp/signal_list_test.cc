// The signal exchange list as a table: what each version has, and values in their own types.
#include "adapters/rsmp/message/signal_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace dispecer::rsmp {
namespace {

namespace fs = std::filesystem;

template <class Rows>
std::map<std::string, std::set<std::string>> in_version(const Rows& rows, std::string_view sxl) {
  std::map<std::string, std::set<std::string>> list;
  for (const auto& row : rows) {
    if (!in_list(row.span, sxl)) continue;
    EXPECT_FALSE(list.contains(std::string(row.code))) << row.code << " twice in " << sxl;
    auto& names = list[std::string(row.code)];
    const auto& all = [&]() -> const ListNames& {
      if constexpr (requires { row.arguments; }) {
        return row.arguments;
      } else {
        return row.names;
      }
    }();
    for (const ListName* name : names_in(all, sxl)) names.insert(std::string(name->name));
  }
  return list;
}

TEST(RsmpSignalList, EachVersionHasItsNumberOfStatusesAndCommands) {
  struct Row {
    const char* sxl;
    std::size_t statuses;
    std::size_t commands;
  };
  for (const Row& row :
       {Row{"1.0.7", 30, 13}, Row{"1.0.10", 29, 15}, Row{"1.0.13", 37, 20}, Row{"1.0.14", 41, 20},
        Row{"1.0.15", 45, 22}, Row{"1.1.0", 48, 24}, Row{"1.2.0", 48, 24}, Row{"1.2.1", 48, 24}}) {
    EXPECT_EQ(in_version(list_statuses(), row.sxl).size(), row.statuses) << row.sxl;
    EXPECT_EQ(in_version(list_commands(), row.sxl).size(), row.commands) << row.sxl;
  }
}

// Names that a published schema of one code lists.
std::set<std::string> names_of(const boost::json::value& value) {
  std::set<std::string> names;
  if (const auto* object = value.if_object()) {
    for (const auto& [key, inner] : *object) {
      const auto* n = key == "n" ? inner.if_object() : nullptr;
      if (n != nullptr && n->if_contains("enum") != nullptr) {
        for (const auto& name : n->at("enum").as_array()) names.insert(name.as_string().c_str());
      }
      names.merge(names_of(inner));
    }
  } else if (const auto* array = value.if_array()) {
    for (const auto& inner : *array) names.merge(names_of(inner));
  }
  return names;
}

std::map<std::string, std::set<std::string>> published(const fs::path& folder, char letter) {
  std::map<std::string, std::set<std::string>> list;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string code = entry.path().stem().string();
    if (code.size() != 5 || code[0] != letter) continue;
    std::ifstream in(entry.path());
    std::ostringstream text;
    text << in.rdbuf();
    list[code] = names_of(boost::json::parse(text.str()));
  }
  return list;
}

TEST(RsmpSignalList, EveryCodeAndNameIsThatOfThePublishedSchemas) {
  const char* samples = std::getenv("DISPECER_SAMPLES");
  if (samples == nullptr) GTEST_SKIP() << "DISPECER_SAMPLES is not set: no published schemas";
  const fs::path root = fs::path(samples) / "rsmp-schemas" / "tlc";
  for (const std::string_view sxl : sxl_versions()) {
    EXPECT_EQ(in_version(list_statuses(), sxl), published(root / sxl / "statuses", 'S')) << sxl;
    EXPECT_EQ(in_version(list_commands(), sxl), published(root / sxl / "commands", 'M')) << sxl;
  }
}

TEST(RsmpSignalList, VersionsCompareByNumber) {
  EXPECT_TRUE(same_sxl("1.1", "1.1.0"));
  EXPECT_TRUE(same_sxl("1.2.1", "1.2.1"));
  EXPECT_FALSE(same_sxl("1.2.1", "1.2.0"));
  EXPECT_FALSE(same_sxl("1.2.x", "1.2.0")) << "no version is not zero";
  EXPECT_TRUE(same_sxl("draft", "draft"));
  EXPECT_EQ(least_core("1.0.15"), Core::v3_1_2);
  EXPECT_EQ(least_core("1.1.0"), Core::v3_2_0);
}

TEST(RsmpSignalList, ReservedCommandsAreMarkedAndAllOthersMayBeSent) {
  std::set<std::string_view> reserved;
  for (const ListCommand& row : list_commands()) {
    if (row.reserved) reserved.insert(row.code);
  }
  EXPECT_EQ(reserved, (std::set<std::string_view>{"M0010", "M0011", "M0012"}));
}

TEST(RsmpTyped, EveryKindTakesWhatTheListSaysAndNothingElse) {
  struct Row {
    ListName name;
    std::vector<const char*> good;
    std::vector<const char*> bad;
  };
  using K = ListKind;
  const Row rows[] = {
      {{"plan", K::integer, 1, 255}, {"1", "255", "007"}, {"0", "256", "", "1.0", "x", "1 "}},
      {{"status", K::boolean}, {"True", "False", "true"}, {"", "1", "yes"}},
      {{"mode", K::word, 0, 0, 0, "on|off"}, {"on", "off"}, {"", "ON", "on|off"}},
      {{"areas", K::integers, 0, 255}, {"0", "1,2", ""}, {"1;2", "1,", "256"}},
      {{"flags", K::booleans}, {"True", "True,False"}, {"True;False", "True,"}},
      {{"source", K::words, 0, 0, 0, "a|b"}, {"a", "a,b"}, {"c", "a,c"}},
      {{"inputs", K::bits}, {"", "0101-"}, {"2", "01x"}},
      {{"groups", K::letters}, {"1B0", "", "-"}, {"z", "1 "}},
      {{"bands", K::tuples, 0, 255, 3}, {"1-2-3", "01-2-3,4-5-6", ""}, {"1-2", "1-2-256", "a-b-c"}},
      {{"blocks", K::blocks}, {"1,3,12;5,5,10"}, {"1,3", "1,3,x"}},
      {{"counts", K::decimals, -1, 65535}, {"1,-1,2.5"}, {"a", "-2", "1,,2"}},
      {{"start", K::time}, {"2026-01-01T10:00:00.000Z"}, {"2026-13-01T10:00:00.000Z", "now"}},
      {{"text", K::text}, {"", "anything"}, {}},
  };
  for (const Row& row : rows) {
    for (const char* text : row.good) {
      EXPECT_TRUE(typed(row.name, Value(text)).ok()) << row.name.name << " '" << text << "'";
    }
    for (const char* text : row.bad) {
      const auto value = typed(row.name, Value(text));
      ASSERT_FALSE(value.ok()) << row.name.name << " '" << text << "'";
      EXPECT_EQ(value.error().cause, "bad_value");
      EXPECT_EQ(value.error().where, row.name.name);
    }
    EXPECT_EQ(typed(row.name, Value::null()).error().cause, "no_value");
    EXPECT_EQ(typed(row.name, Value::json_array("[]")).error().cause, "bad_value");
  }
  const ListName list{"routes", K::array};
  EXPECT_TRUE(typed(list, Value::json_array("[]")).ok());
  EXPECT_FALSE(typed(list, Value("[]")).ok());
}

TEST(RsmpTyped, ValuesComeOutInTheirOwnTypes) {
  EXPECT_EQ(std::get<std::int64_t>(*typed({"n", ListKind::integer}, Value("-07"))), -7);
  EXPECT_EQ(std::get<bool>(*typed({"n", ListKind::boolean}, Value("False"))), false);
  EXPECT_EQ(std::get<std::vector<std::int64_t>>(*typed({"n", ListKind::integers}, Value("1,22"))),
            (std::vector<std::int64_t>{1, 22}));
  EXPECT_EQ(std::get<std::vector<bool>>(*typed({"n", ListKind::booleans}, Value("True,False"))),
            (std::vector<bool>{true, false}));
  EXPECT_EQ(
      std::get<std::vector<double>>(*typed({"n", ListKind::decimals, -1, 100}, Value("2.5,-1"))),
      (std::vector<double>{2.5, -1}));
  EXPECT_EQ(std::get<UtcTime>(*typed({"n", ListKind::time}, Value("1970-01-01T00:00:01.000Z"))),
            UtcTime{1'000'000});
}

}  // namespace
}  // namespace dispecer::rsmp
