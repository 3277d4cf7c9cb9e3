// What the judge asks and orders, in raw JSON.
#include "tests/conformance/rsmp_site/peer.h"

namespace dispecer::conformance {

json::object Peer::component(const std::string& id) const {
  return {{"ntsOId", id == "TC" ? nts_id : ""}, {"xNId", ""}, {"cId", id}};
}

std::optional<json::object> Peer::status(const std::string& code,
                                         const std::vector<std::string>& names,
                                         const std::string& id) {
  auto body = component(id);
  json::array items;
  for (const auto& n : names) items.push_back(json::object{{"sCI", code}, {"n", n}});
  body["sS"] = items;
  const auto since = mark();
  const auto ack = ack_of(send("StatusRequest", body), since);
  if (ack != "ack") {
    ADD_FAILURE() << code << ": " << (ack.empty() ? "no acknowledgement" : ack);
    return std::nullopt;
  }
  const auto answer = wait(
      [&](const json::object& m) {
        return text_of(m, "type") == "StatusResponse" && text_of(m, "cId") == id &&
               text_of(m.at("sS").at(0).as_object(), "sCI") == code;
      },
      since);
  if (!answer) {
    ADD_FAILURE() << code << ": no StatusResponse";
    return std::nullopt;
  }
  json::object values;
  for (const auto& item : answer->at("sS").as_array()) {
    values[item.at("n").as_string()] = item.at("s");
    values[std::string(item.at("n").as_string()) + ".q"] = item.at("q");
  }
  for (const auto& n : names) EXPECT_TRUE(values.contains(n)) << code << " " << n;
  values["sTs"] = answer->at("sTs");
  return values;
}

std::string Peer::status_text(const std::string& code, const std::string& name,
                              const std::string& id) {
  const auto values = status(code, {name}, id);
  return values ? text_of(*values, name.c_str()) : "";
}

std::string Peer::command(const std::string& code, const std::string& order,
                          const Arguments& arguments, const std::string& id) {
  auto body = component(id);
  json::array list;
  for (const auto& [n, v] : arguments)
    list.push_back(json::object{{"cCI", code}, {"n", n}, {"cO", order}, {"v", v}});
  body["arg"] = list;
  const auto since = mark();
  const auto ack = ack_of(send("CommandRequest", body), since);
  if (ack != "ack") return ack.empty() ? "no acknowledgement" : ack;
  const auto answer = wait(
      [&](const json::object& m) {
        return text_of(m, "type") == "CommandResponse" && text_of(m, "cId") == id &&
               text_of(m.at("rvs").at(0).as_object(), "cCI") == code;
      },
      since);
  if (!answer) return "no CommandResponse";
  for (const auto& [n, v] : arguments) {
    bool same = false;
    for (const auto& item : answer->at("rvs").as_array()) {
      const auto& o = item.as_object();
      same =
          same || (text_of(o, "n") == n && text_of(o, "v") == v && text_of(o, "age") == "recent");
    }
    if (!same) return n + " is not echoed: " + json::serialize(answer->at("rvs"));
  }
  return "";
}

json::object Peer::subscription(const std::string& code, const std::vector<std::string>& names,
                                const std::string& interval, const std::string& id) const {
  auto body = component(id);
  json::array items;
  for (const auto& n : names) {
    json::object item{{"sCI", code}, {"n", n}, {"uRt", interval}};
    if (core("3.1.5")) item["sOc"] = true;
    items.push_back(std::move(item));
  }
  body["sS"] = items;
  return body;
}

void Peer::unsubscribe(const std::string& code, const std::vector<std::string>& names,
                       const std::string& id) {
  auto body = component(id);
  json::array items;
  for (const auto& n : names) items.push_back(json::object{{"sCI", code}, {"n", n}});
  body["sS"] = items;
  const auto since = mark();
  EXPECT_EQ(ack_of(send("StatusUnsubscribe", body), since), "ack") << code;
}

bool Peer::until(const std::string& code, const std::string& name,
                 const std::function<bool(const json::value&)>& test, Millis most,
                 const std::string& id) {
  const auto since = mark();
  EXPECT_EQ(ack_of(send("StatusSubscribe", subscription(code, {name}, "0", id)), since), "ack");
  const auto found = wait(
      [&](const json::object& m) {
        if (text_of(m, "type") != "StatusUpdate" || text_of(m, "cId") != id) return false;
        for (const auto& item : m.at("sS").as_array()) {
          const auto& o = item.as_object();
          if (text_of(o, "sCI") == code && text_of(o, "n") == name && test(o.at("s"))) return true;
        }
        return false;
      },
      since, most);
  unsubscribe(code, {name}, id);
  return found.has_value();
}

}  // namespace dispecer::conformance
