// A supervisor of the field refuses what tells nothing new: an update on change with the value that
// it had, an alarm in the state that it had or with a stamp before its last one.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "tests/conformance/rsmp_site/peer.h"

namespace dispecer::conformance {
namespace {

using Key = std::tuple<std::string, std::string, std::string>;  // component, code, name

struct Rate {
  std::string interval;
  bool on_change = true;
};

class Judge {
 public:
  void hear(const Heard& heard) {
    const auto type = text_of(heard.message, "type");
    if (!heard.in) return ours(type, heard.message);
    if (type == "Version") *this = Judge();
    if (type == "MessageAck") acked(text_of(heard.message, "oMId"));
    if (type == "StatusResponse" || type == "StatusUpdate") values(type, heard.message);
    if (type == "Alarm") alarm(heard.message);
  }

 private:
  static std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
  }

  void ours(const std::string& type, const json::object& m) {
    const bool on = type == "StatusSubscribe";
    if (on || type == "StatusUnsubscribe") {
      for (const auto& item : m.at("sS").as_array()) {
        const auto& o = item.as_object();
        const Key key{text_of(m, "cId"), text_of(o, "sCI"), text_of(o, "n")};
        if (!on) {
          rates_.erase(key);
          continue;
        }
        const auto* change = o.if_contains("sOc");
        rates_[key] = {text_of(o, "uRt"), change == nullptr || change->as_bool()};
        waiting_[text_of(m, "mId")].push_back(key);
      }
    }
    if (type == "CommandRequest" && text_of(m.at("arg").at(0).as_object(), "cCI") == "M0104")
      stamps_.clear();
    if (type == "Alarm" && lower(text_of(m, "aSp")) == "request") alarms_.clear();
  }

  void acked(const std::string& id) {
    for (const auto& key : waiting_[id]) may_repeat_.insert(key);
    waiting_.erase(id);
  }

  void values(const std::string& type, const json::object& m) {
    for (const auto& item : m.at("sS").as_array()) {
      const auto& o = item.as_object();
      const Key key{text_of(m, "cId"), text_of(o, "sCI"), text_of(o, "n")};
      const auto value = json::serialize(o.at("s")) + text_of(o, "q");
      const auto rate = rates_.find(key);
      const bool judged = type == "StatusUpdate" && rate != rates_.end() &&
                          rate->second.interval == "0" && rate->second.on_change &&
                          !may_repeat_.contains(key);
      if (judged && values_[key] == value)
        ADD_FAILURE() << "told again: " << std::get<1>(key) << " " << std::get<2>(key) << " "
                      << value;
      values_[key] = value;
      may_repeat_.erase(key);
    }
  }

  void alarm(const json::object& m) {
    const Key key{text_of(m, "cId"), text_of(m, "aCId"), ""};
    const auto stamp = text_of(m, "aTs");
    const auto state = stamp + lower(text_of(m, "ack") + text_of(m, "aS") + text_of(m, "sS"));
    EXPECT_NE(state, alarms_[key]) << "alarm told again: " << json::serialize(m);
    EXPECT_GE(stamp, stamps_[key]) << "alarm before its last one: " << json::serialize(m);
    alarms_[key] = state;
    stamps_[key] = stamp;
  }

  std::map<Key, Rate> rates_;
  std::map<std::string, std::vector<Key>> waiting_;
  std::set<Key> may_repeat_;
  std::map<Key, std::string> values_;
  std::map<Key, std::string> alarms_;
  std::map<Key, std::string> stamps_;
};

}  // namespace

void expect_news(const std::vector<Heard>& log) {
  Judge judge;
  for (const auto& heard : log) {
    if (!heard.message.contains("planted")) judge.hear(heard);
  }
}

}  // namespace dispecer::conformance
