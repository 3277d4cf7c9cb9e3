#include <boost/json.hpp>

#include "adapters/rsmp/message/framer.h"
#include "adapters/rsmp/message/message.h"
#include "adapters/rsmp/message/words.h"

namespace dispecer::rsmp {
namespace {

namespace json = boost::json;

// In array order of keys as in the examples of the specification; readers must not rely on it.
class Writer {
 public:
  Writer(json::object& out, const CoreRules& version) : out_(out), rules_(version) {}

  void operator()(const Version& m) {
    json::array versions;
    for (const std::string& text : m.rsmp) versions.push_back(json::object{{"vers", text}});
    json::array sites;
    for (const std::string& text : m.site_ids) sites.push_back(json::object{{"sId", text}});
    out_["RSMP"] = std::move(versions);
    out_["siteId"] = std::move(sites);
    out_["SXL"] = m.sxl;
  }
  void operator()(const Watchdog& m) { out_["wTs"] = to_iso(m.t); }
  void operator()(const MessageAck& m) { out_["oMId"] = m.original; }
  void operator()(const MessageNotAck& m) {
    out_["oMId"] = m.original;
    out_["rea"] = m.reason;
  }
  void operator()(const AggregatedStatus& m) {
    component(m.component);
    out_["aSTS"] = to_iso(m.t);
    out_["fP"] = nullable(m.functional_position);
    out_["fS"] = nullable(m.functional_state);
    json::array bits;
    for (const bool bit : m.bits) {
      if (rules_.se_is_text) {
        bits.push_back(bit ? "true" : "false");
      } else {
        bits.push_back(bit);
      }
    }
    out_["se"] = std::move(bits);
  }
  void operator()(const AggregatedStatusRequest& m) {
    ensure(rules_.requests);
    component(m.component);
  }
  void operator()(const Alarm& m) {
    ensure(m.kind != AlarmKind::request || rules_.requests);
    component(m.component);
    out_["aCId"] = m.code;
    out_["xACId"] = m.external_code;
    out_["xNACId"] = m.nts_code;
    out_["aSp"] = to_json(word_of(kAlarmWords, m.kind));
    if (m.event && !m.state) out_["aTs"] = to_iso(*m.event);
    if (!m.state) return;
    const AlarmState& s = *m.state;
    out_["ack"] = s.acknowledged ? "Acknowledged" : "notAcknowledged";
    out_["aS"] = s.active ? "Active" : "inActive";
    // The schemas of 3.2 allow only the lower-case word in an Issue, and only the other elsewhere.
    out_["sS"] = !s.suspended                                      ? "notSuspended"
                 : m.kind == AlarmKind::issue && rules_.exact_case ? "suspended"
                                                                   : "Suspended";
    out_["aTs"] = to_iso(s.t);
    out_["cat"] = s.category == 'T' ? "T" : "D";
    out_["pri"] = std::to_string(s.priority);
    json::array values;
    for (const ReturnValue& value : s.values) {
      values.push_back(json::object{{"n", value.name}, {"v", to_json(value.value)}});
    }
    out_["rvs"] = std::move(values);
  }
  void operator()(const StatusRequest& m) { named(m.component, m.items); }
  void operator()(const StatusUnsubscribe& m) { named(m.component, m.items); }
  void operator()(const StatusSubscribe& m) {
    component(m.component);
    json::array items;
    for (const Subscription& s : m.items) {
      json::object item{{"sCI", s.code}, {"n", s.name}, {"uRt", std::to_string(s.interval)}};
      if (rules_.send_on_change_key) item["sOc"] = s.on_change;
      items.push_back(std::move(item));
    }
    out_["sS"] = std::move(items);
  }
  void operator()(const StatusResponse& m) { values(m.component, m.t, m.items); }
  void operator()(const StatusUpdate& m) { values(m.component, m.t, m.items); }
  void operator()(const CommandRequest& m) {
    component(m.component);
    json::array items;
    for (const CommandArgument& a : m.arguments) {
      items.push_back(
          json::object{{"cCI", a.code}, {"n", a.name}, {"cO", a.command}, {"v", to_json(a.value)}});
    }
    out_["arg"] = std::move(items);
  }
  void operator()(const CommandResponse& m) {
    component(m.component);
    out_["cTS"] = to_iso(m.t);
    json::array items;
    for (const CommandValue& v : m.values) {
      items.push_back(json::object{
          {"cCI", v.code}, {"n", v.name}, {"v", to_json(v.value)}, {"age", quality(v.age)}});
    }
    out_["rvs"] = std::move(items);
  }

 private:
  static json::value to_json(std::string_view text) {
    return json::string(json::string_view(text.data(), text.size()));
  }
  static json::value nullable(const std::optional<std::string>& text) {
    return text ? json::value(json::string(*text)) : json::value(nullptr);
  }
  json::value to_json(const Value& value) const {
    if (!value.text) return rules_.undefined_quality ? json::value(nullptr) : json::value("");
    if (value.array && rules_.array_values) {
      json::error_code code;
      json::value parsed = json::parse(*value.text, code);
      if (!code && parsed.is_array()) return parsed;
    }
    return json::string(*value.text);
  }
  json::value quality(Quality q) const {
    if (q == Quality::undefined && !rules_.undefined_quality) q = Quality::unknown;
    if (q == Quality::old && !rules_.old_quality) q = Quality::recent;
    return to_json(word_of(kQualityWords, q));
  }
  void component(const Component& c) {
    out_["ntsOId"] = c.nts_id;
    out_["xNId"] = c.external_nts;
    out_["cId"] = c.id;
  }
  void named(const Component& c, const std::vector<StatusName>& names) {
    component(c);
    json::array items;
    for (const StatusName& s : names) items.push_back(json::object{{"sCI", s.code}, {"n", s.name}});
    out_["sS"] = std::move(items);
  }
  void values(const Component& c, UtcTime t, const std::vector<StatusValue>& list) {
    component(c);
    out_["sTs"] = to_iso(t);
    json::array items;
    for (const StatusValue& v : list) {
      items.push_back(json::object{
          {"sCI", v.code}, {"n", v.name}, {"s", to_json(v.value)}, {"q", quality(v.quality)}});
    }
    out_["sS"] = std::move(items);
  }

  json::object& out_;
  const CoreRules& rules_;
};

bool is_code_name(const json::value* name) {
  if (name == nullptr || !name->is_string()) return false;
  const auto& text = name->get_string();
  return text == "securityCode" || text == "oldSecurityCode" || text == "newSecurityCode";
}

void mask_list(json::object& message, const char* key) {
  json::value* list = message.if_contains(key);
  if (list == nullptr || !list->is_array()) return;
  for (json::value& item : list->get_array()) {
    if (!item.is_object()) continue;
    json::object& object = item.get_object();
    if (is_code_name(object.if_contains("n")) && object.contains("v")) object["v"] = "****";
  }
}

}  // namespace

std::string write(const Message& message, Core core) {
  json::object out;
  out["mType"] = "rSMsg";
  const std::string_view type = type_name(message.body);
  out["type"] = json::string_view(type.data(), type.size());
  if (!is_ack(message.body)) out["mId"] = message.id;
  std::visit(Writer(out, rules(core)), message.body);
  return json::serialize(out);
}

std::string write_frame(const Message& message, Core core) {
  std::string text = write(message, core);
  text += kFrameEnd;
  return text;
}

std::string masked(std::string_view frame) {
  if (!frame.empty() && frame.back() == kFrameEnd) frame.remove_suffix(1);
  json::error_code code;
  json::value root = json::parse(json::string_view(frame.data(), frame.size()), code);
  if (code || !root.is_object()) return "(" + std::to_string(frame.size()) + " bytes, no JSON)";
  mask_list(root.get_object(), "arg");
  mask_list(root.get_object(), "rvs");
  return json::serialize(root);
}

}  // namespace dispecer::rsmp
