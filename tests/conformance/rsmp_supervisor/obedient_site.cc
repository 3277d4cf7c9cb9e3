#include "tests/conformance/rsmp_supervisor/obedient_site.h"

#include <ctime>

#include "tests/conformance/rsmp_supervisor/program.h"

namespace dispecer::conformance {
namespace {

json::object of_component(const char* type, const std::string& component) {
  return {{"type", type}, {"ntsOId", ""}, {"xNId", ""}, {"cId", component}};
}

std::vector<std::string> names_of(const json::object& message) {
  std::vector<std::string> names;
  for (const auto& item : message.at("sS").as_array()) names.push_back(text(item.as_object(), "n"));
  return names;
}

std::string code_of(const json::object& message) {
  return text(message.at("sS").as_array().at(0).as_object(), "sCI");
}

}  // namespace

bool ObedientSite::at_least(int major, int minor) const {
  return std::pair(std::stoi(sxl), std::stoi(sxl.substr(2))) >= std::pair(major, minor);
}

json::value ObedientSite::value(const std::string& code, const std::string& name) const {
  static const std::map<std::string, std::string> kPlain{
      {"S0004", "00000000"}, {"S0006", "0"},   {"S0013", "0"},          {"S0016", "2"},
      {"S0017", "4"},        {"S0018", "2"},   {"S0019", "2"},          {"S0020", "control"},
      {"S0022", "1,2"},      {"S0024", "1-0"}, {"S0026", "0-1"},        {"S0027", "1-1-6-30"},
      {"S0028", "1-6,2-6"},  {"S0030", ""},    {"S0031", "1-50"},       {"S0032", "local"},
      {"S0034", "0"},        {"S0095", "raw"}, {"S0023", "1-1-0,1-2-5"}};
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  if (name == "intersection") return "0";
  if (name == "source") return "startup";
  if (name.starts_with("extended")) return "0";
  if (name == "timestamp" || name == "starttime" || name == "start") return json::string(now_text());
  if (name.ends_with("Estimate")) return json::string(now_text());
  if (code == "S0001") {
    if (name == "signalgroupstatus") return "BBBB";
    if (name == "stage") return "1";
    return json::string(std::to_string(now % 6));
  }
  if (code == "S0002") return json::string(detectors_);
  if (code == "S0003") return json::string(inputs_.begin(), inputs_.end());
  if (code == "S0005") {
    if (name == "status") return "False";
    return json::array{json::object{{"intersection", "1"}, {"startup", "False"}}};
  }
  if (code == "S0006") return name == "status" ? "False" : "0";
  if (code == "S0007") return mode_ == "Dark" ? "False" : "True";
  if (code == "S0009") return json::string(fixed_);
  if (code == "S0011") return mode_ == "YellowFlash" ? "True" : "False";
  if (code == "S0008" || code == "S0010" || code == "S0012") return "False";
  if (code == "S0014") return json::string(plan_);
  if (code == "S0015") return json::string(situation_);
  if (code == "S0021") return json::string(forced_detectors_);
  if (code == "S0029") return json::string(forced_.begin(), forced_.end());
  if (code == "S0033" || code == "S0035") return json::array{};
  if (code == "S0091" || code == "S0092") {
    if (at_least(1, 1)) return "0";
    return name == "user" ? "nobody" : "logout";
  }
  if (code == "S0096") {
    const std::map<std::string, int> part{{"year", utc.tm_year + 1900}, {"month", utc.tm_mon + 1},
                                          {"day", utc.tm_mday},         {"hour", utc.tm_hour},
                                          {"minute", utc.tm_min},       {"second", utc.tm_sec}};
    return json::string(std::to_string(part.at(name)));
  }
  if (code == "S0097") return "c1";
  if (code == "S0098") return "eA==";
  if (const auto at = kPlain.find(code); at != kPlain.end()) return json::string(at->second);
  return code < "S0205" ? "0" : "0,0";
}

json::array ObedientSite::values(const std::string& code, const std::vector<std::string>& names) {
  json::array list;
  for (const std::string& name : names) {
    list.push_back(
        json::object{{"sCI", code}, {"n", name}, {"s", value(code, name)}, {"q", "recent"}});
  }
  return list;
}

void ObedientSite::push(const std::set<std::string>& codes) {
  for (const auto& [key, names] : subscriptions_) {
    if (!codes.contains(key.second)) continue;
    json::object update = of_component("StatusUpdate", key.first);
    update["sTs"] = now_text();
    update["sS"] = values(key.second, names);
    send(std::move(update));
  }
}

void ObedientSite::tick() {
  if (seconds() - second_ < 1) return;
  second_ = seconds();
  push({"S0001"});
}

void ObedientSite::answer(const json::object& message) {
  const std::string type = text(message, "type");
  const std::string component = text(message, "cId");
  ++heard[type];
  if (type == "MessageNotAck") not_acks.push_back(message);
  if (message.contains("oMId")) return;
  if (type.starts_with("Status") && refuse.contains(code_of(message))) {
    send({{"type", "MessageNotAck"}, {"oMId", text(message, "mId")}, {"rea", "no such status"}});
    return;
  }
  acknowledge(message);
  if (type == "AggregatedStatusRequest") send(aggregated());
  if (type == "StatusRequest" || type == "StatusSubscribe") {
    const std::string code = code_of(message);
    if (type == "StatusSubscribe") {
      subscriptions_[{component, code}] = names_of(message);
      if (code >= "S0201") return;
    }
    json::object response =
        of_component(type == "StatusRequest" ? "StatusResponse" : "StatusUpdate", component);
    response["sTs"] = now_text();
    response["sS"] = values(code, names_of(message));
    send(std::move(response));
  }
  if (type == "StatusUnsubscribe") subscriptions_.erase({component, code_of(message)});
  if (type == "Alarm") on_alarm(message);
  if (type == "CommandRequest") obey(component, message.at("arg").as_array());
}

void ObedientSite::tell_alarm(const char* kind) {
  json::object alarm = of_component("Alarm", "DL1");
  const bool lower = std::string(kind) == "Issue" && core >= "3.2";
  alarm["aCId"] = "A0302";
  alarm["xACId"] = "";
  alarm["xNACId"] = "";
  alarm["aSp"] = kind;
  alarm["ack"] = acknowledged_ ? "Acknowledged" : "notAcknowledged";
  alarm["aS"] = active_ ? "Active" : "inActive";
  alarm["sS"] = !suspended_ ? "notSuspended" : lower ? "suspended" : "Suspended";
  alarm["aTs"] = now_text();
  alarm["cat"] = "D";
  alarm["pri"] = "3";
  alarm["rvs"] = json::array{};
  send(std::move(alarm));
}

void ObedientSite::on_alarm(const json::object& message) {
  const std::string kind = text(message, "aSp");
  ++heard["Alarm " + kind];
  if (kind == "Acknowledge") acknowledged_ = true;
  if (kind == "Suspend") suspended_ = true;
  if (kind == "Resume") suspended_ = false;
  tell_alarm(kind == "Acknowledge" ? "Acknowledge" : kind == "Request" ? "Issue" : "Suspend");
}

void ObedientSite::obey(const std::string& component, const json::array& arguments) {
  Arguments a;
  json::array echo;
  for (const auto& one : arguments) {
    const json::object& argument = one.as_object();
    a[text(argument, "n")] = text(argument, "v");
    echo.push_back(json::object{{"cCI", argument.at("cCI")},
                                {"n", argument.at("n")},
                                {"v", argument.at("v")},
                                {"age", "recent"}});
  }
  const std::string code = text(arguments.at(0).as_object(), "cCI");
  ++heard[code];
  json::object response = of_component("CommandResponse", component);
  response["cTS"] = now_text();
  response["rvs"] = std::move(echo);
  send(std::move(response));
  const auto bit = [](bool on) { return on ? '1' : '0'; };
  const bool on = a["status"] == "True";
  if (code == "M0001") mode_ = a["status"];
  if (code == "M0002" && on) plan_ = a["timeplan"];
  if (code == "M0003") situation_ = a["traficsituation"];
  if (code == "M0006") inputs_.at(std::stoul(a["input"]) - 1) = bit(on);
  if (code == "M0007") fixed_ = a["status"];
  if (code == "M0008") {
    const std::size_t at = component == "DL1" ? 0 : 1;
    forced_detectors_.at(at) = bit(on);
    detectors_.at(at) = bit(a["mode"] == "True");
  }
  if (code == "M0019") {
    forced_.at(std::stoul(a["input"]) - 1) = bit(on);
    inputs_.at(std::stoul(a["input"]) - 1) = bit(on && a["inputValue"] == "True");
  }
  push({"S0002", "S0003", "S0007", "S0009", "S0011", "S0014", "S0015", "S0021", "S0029"});
  if (code == "M0006" && a["input"] == "7") {
    active_ = on;
    if (on) acknowledged_ = false;
    tell_alarm("Issue");
  }
  if (code == "M0004") disconnect();
}

}  // namespace dispecer::conformance
