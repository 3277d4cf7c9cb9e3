// Conformance of what we write: our own table of what the published schemas ask of each message,
// held against every message that a whole session produces, in every core version.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <regex>

#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

namespace json = boost::json;

struct Shape {
  std::vector<std::string> required;
  std::vector<std::string> allowed;  // beside the required ones
  std::string list;                  // key of the item list, "" = none
  std::vector<std::string> item;     // exact keys of its items
};

// Beyond mType, type and mId.
std::map<std::string, Shape> shapes(const CoreRules& version) {
  const std::vector<std::string> nts{"ntsOId", "xNId"};
  std::vector<std::string> subscribe{"sCI", "n", "uRt"};
  if (version.send_on_change_key) subscribe.emplace_back("sOc");
  return {{"Version", {{"RSMP", "siteId", "SXL"}, {}, "RSMP", {"vers"}}},
          {"Watchdog", {{"wTs"}, {}, "", {}}},
          {"MessageAck", {{"oMId"}, {}, "", {}}},
          {"MessageNotAck", {{"oMId", "rea"}, {}, "", {}}},
          {"StatusRequest", {{"cId", "sS"}, nts, "sS", {"sCI", "n"}}},
          {"StatusSubscribe", {{"cId", "sS"}, nts, "sS", subscribe}},
          {"CommandRequest", {{"cId", "arg"}, nts, "arg", {"cCI", "n", "cO", "v"}}}};
}

void expect_keys(const json::object& object, const std::vector<std::string>& required,
                 const std::vector<std::string>& allowed, const std::string& text) {
  for (const std::string& key : required)
    EXPECT_TRUE(object.contains(key)) << key << " in " << text;
  for (const auto& [key, value] : object) {
    const std::string name(key);
    const bool known = std::ranges::count(required, name) + std::ranges::count(allowed, name) > 0;
    EXPECT_TRUE(known) << name << " in " << text;
    EXPECT_FALSE(value.is_null()) << name << " in " << text;
  }
}

TEST(RsmpConformance, EveryMessageOfAWholeSessionKeepsTheConstraintsOfItsVersion) {
  const std::regex uuid(
      "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}");
  const std::regex stamp("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z");
  const std::regex status("S[0-9]{4}");
  const std::regex command("M[0-9]{4}");
  for (const CoreRules& row : core_table()) {
    Street s(row.core, row.core >= Core::v3_2_0 ? "1.2.1" : "1.0.15");
    s.run();
    for (const FieldWrite& write : std::vector<FieldWrite>{
             StageOrder{1}, ReleaseOrder{}, PlanOrder{1}, CycleOrder{1, {90}}, OffsetOrder{1, {3}},
             BandsOrder{1, {{1, {15}}}, 5}, ModeOrder{ControlMode::control, 0}, InputOrder{7, true},
             OutputOrder{1, true}, DetectorOrder{DetectorId("d1"), true, true},
             TablesOrder{"0-1", "1-0-23-12"}, ClockOrder{kStart}, EmergencyRouteOrder{1, true}}) {
      EXPECT_EQ(s.order(write), "") << row.text;
      s.obey();
      s.update("S0003", {{"inputstatus", "00000000"}});
    }
    s.say(Watchdog{s.now.utc});
    std::set<std::string> types;
    std::set<std::string> ids;
    for (const std::string& text : s.raw) {
      const json::object message = json::parse(text).as_object();
      const std::string type(message.at("type").as_string());
      types.insert(type);
      ASSERT_TRUE(shapes(row).contains(type)) << text;
      const Shape shape = shapes(row).at(type);
      std::vector<std::string> required{"mType", "type"};
      if (type != "MessageAck" && type != "MessageNotAck") required.emplace_back("mId");
      required.insert(required.end(), shape.required.begin(), shape.required.end());
      expect_keys(message, required, shape.allowed, text);
      EXPECT_EQ(message.at("mType").as_string(), "rSMsg");
      if (message.contains("mId")) {
        const std::string id(message.at("mId").as_string());
        EXPECT_TRUE(std::regex_match(id, uuid)) << text;
        EXPECT_TRUE(ids.insert(id).second) << "repeated id in " << text;
      }
      if (message.contains("wTs")) {
        EXPECT_TRUE(std::regex_match(std::string(message.at("wTs").as_string()), stamp)) << text;
      }
      if (shape.list.empty()) continue;
      const json::array& items = message.at(shape.list).as_array();
      EXPECT_FALSE(items.empty()) << text;
      for (const json::value& item : items) {
        expect_keys(item.as_object(), shape.item, {}, text);
        for (const auto& [key, value] : item.as_object()) {
          if (key == "sOc") {
            EXPECT_TRUE(value.is_bool()) << text;
            continue;
          }
          ASSERT_TRUE(value.is_string()) << key << " in " << text;
          const std::string word(value.as_string());
          if (key == "sCI") {
            EXPECT_TRUE(std::regex_match(word, status)) << text;
          } else if (key == "cCI") {
            EXPECT_TRUE(std::regex_match(word, command)) << text;
          } else if (key == "uRt") {
            EXPECT_NE(word.find_first_of("0123456789"), std::string::npos) << text;
          }
        }
      }
    }
    EXPECT_EQ(types, (std::set<std::string>{"Version", "Watchdog", "MessageAck", "StatusRequest",
                                            "StatusSubscribe", "CommandRequest"}))
        << row.text;
  }
}

}  // namespace
}  // namespace dispecer::rsmp
