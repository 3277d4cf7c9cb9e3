#include "adapters/dispatch/receiver.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "adapters/bus/json.h"
#include "adapters/http/bearer.h"

namespace dispecer::dispatch {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestText = 200;
constexpr std::size_t kMostLinks = 2000;
constexpr std::size_t kMostAsked = 1000;
constexpr double kMostMinutes = 120;  // the controller opens none for longer
constexpr double kUsualMinutes = 30;
constexpr auto kLife = std::chrono::minutes(1);  // of an intent that nobody took up

// The fields of one body, each read once; the first that is no good is told.
class Body {
 public:
  explicit Body(const std::string& text) {
    boost::system::error_code error;
    value_ = json::parse(text, error);
    object_ = error ? nullptr : value_.if_object();
  }
  [[nodiscard]] bool good() const { return object_ != nullptr; }
  [[nodiscard]] const std::string& bad_field() const { return bad_; }

  std::string text(const char* key, bool needed = false) {
    const auto* v = object_->if_contains(key);
    const auto* s = v == nullptr ? nullptr : v->if_string();
    const bool wrong = v != nullptr && !v->is_null() && (s == nullptr || s->size() > kLongestText);
    if (wrong || (needed && (s == nullptr || s->empty()))) return fail(key), "";
    return s == nullptr ? "" : std::string(s->data(), s->size());
  }
  double number(const char* key, double otherwise, double low, double high) {
    const auto* v = object_->if_contains(key);
    if (v == nullptr) return otherwise;
    const double d = v->is_number() ? v->to_number<double>() : std::nan("");
    if (!(d >= low && d <= high)) return fail(key), otherwise;
    return d;
  }
  std::optional<bool> flag(const char* key) {
    const auto* v = object_->if_contains(key);
    if (v == nullptr || !v->is_bool()) return fail(key), std::nullopt;
    return v->get_bool();
  }
  std::vector<LinkId> links(const char* key) {
    std::vector<LinkId> out;
    const auto* v = object_->if_contains(key);
    if (v == nullptr) return out;
    const auto* list = v->if_array();
    if (list == nullptr || list->size() > kMostLinks) return fail(key), out;
    for (const auto& row : *list) {
      const auto* s = row.if_string();
      if (s == nullptr || s->empty() || s->size() > kLongestText) return fail(key), out;
      out.emplace_back(std::string(s->data(), s->size()));
    }
    return out;
  }
  void fail(const char* key) {
    if (bad_.empty()) bad_ = key;
  }

 private:
  json::value value_;
  const json::object* object_ = nullptr;
  std::string bad_;
};

RequestId corridor_of(const Desk& desk, const std::string& id) {
  return RequestId(desk.id.str() + "/" + id);
}
IntentId intent_of(const Desk& desk, const std::string& id, const char* what) {
  return IntentId(desk.id.str() + "/" + id + "/" + what);
}

}  // namespace

Receiver::Receiver(std::vector<Desk> desks, Send send)
    : desks_(std::move(desks)), send_(std::move(send)) {}

http::Response Receiver::refuse(unsigned status, const std::string& cause,
                                const std::string& text) {
  ++counters_["dispatch." + cause];
  return http::refuse(status, text);
}

// The token says who calls; without one only a single open desk can be meant.
const Desk* Receiver::find(const http::Request& request) const {
  const Desk* open = nullptr;
  std::size_t many = 0;
  for (const auto& d : desks_) {
    if (http::bearer_matches(request, d.token)) return &d;
    if (!d.open) continue;
    ++many;
    if (http::find_header(request.headers, "X-Desk") == d.id.str()) return &d;
    open = &d;
  }
  return many == 1 ? open : nullptr;
}

http::Response Receiver::handle(const http::Request& request, UtcTime now, std::uint32_t epoch) {
  ++counters_["dispatch.requests"];
  const Desk* desk = find(request);
  if (desk == nullptr) return refuse(401, "unauthorised", "no desk has this token");
  const auto path = http::path_of(request.target);
  const bool question = path == "/corridors" && request.method == "GET";
  if (question) return tell(*desk, request);
  const bool known = path == "/corridors" || path == "/corridors/end" || path == "/button";
  if (!known) return refuse(404, "bad_path", "no such path");
  if (request.method != "POST") return refuse(405, "bad_method", "expected POST");
  if ((path == "/button") != desk->button) {
    return refuse(403, "wrong_desk", "this desk may not ask in this way");
  }
  if (desk->button) return button(*desk, request, now, epoch);
  return path == "/corridors" ? open(*desk, request, now, epoch) : end(*desk, request, now, epoch);
}

http::Response Receiver::open(const Desk& desk, const http::Request& request, UtcTime now,
                              std::uint32_t epoch) {
  Body body(request.body);
  if (!body.good()) return refuse(400, "bad_json", "expected a JSON object");
  const auto id = body.text("id", true);
  OpenCorridor action;
  action.corridor = corridor_of(desk, id);
  action.vehicle = VehicleId(body.text("vehicle"));
  const auto kind = from_name<EmergencyKind>(body.text("kind", true));
  if (!kind || *kind == EmergencyKind::unknown) body.fail("kind");
  action.from = LinkId(body.text("from"));
  action.to = LinkId(body.text("to"));
  action.route = body.links("route");
  const double minutes = body.number("minutes", kUsualMinutes, 1, kMostMinutes);
  const auto reason = body.text("reason");
  if (!body.bad_field().empty()) {
    return refuse(400, "bad_field", "found a bad or missing " + body.bad_field());
  }
  action.kind = *kind;
  action.until = now + from_seconds(minutes * 60);
  return send(desk, id, "open", now, epoch, reason, action);
}

http::Response Receiver::end(const Desk& desk, const http::Request& request, UtcTime now,
                             std::uint32_t epoch) {
  Body body(request.body);
  if (!body.good()) return refuse(400, "bad_json", "expected a JSON object");
  const auto id = body.text("id", true);
  if (!body.bad_field().empty()) return refuse(400, "bad_field", "found no id");
  return send(desk, id, "end", now, epoch, "", EndCorridor{corridor_of(desk, id)});
}

http::Response Receiver::button(const Desk& desk, const http::Request& request, UtcTime now,
                                std::uint32_t epoch) {
  Body body(request.body);
  if (!body.good()) return refuse(400, "bad_json", "expected a JSON object");
  const auto pressed = body.flag("pressed");
  if (!pressed) return refuse(400, "bad_field", "found no pressed, expected true or false");
  auto& last = pressed_[desk.id];
  const bool stands = now < last.until;
  if (*pressed == stands) {
    ++counters_["dispatch.repeated"];
    return http::reply("{\"corridor\":" + bus::to_json(stands ? last.id : std::string()) + "}");
  }
  if (!*pressed) {
    const auto id = last.id;
    auto answer = send(desk, id, "end", now, epoch, "button", EndCorridor{corridor_of(desk, id)});
    if (answer.status == 202) last.until = {};
    return answer;
  }
  // Called after the moment, in microseconds: two presses of one button never are the same one.
  const auto id = std::to_string(now.us);
  OpenCorridor action;
  action.corridor = corridor_of(desk, id);
  action.kind = desk.kind;
  action.until = now + from_seconds(desk.minutes * 60);
  auto answer = send(desk, id, "open", now, epoch, "button", action);
  if (answer.status == 202) last = {id, action.until};
  return answer;
}

http::Response Receiver::send(const Desk& desk, const std::string& id, const char* what,
                              UtcTime now, std::uint32_t epoch, std::string reason,
                              IntentAction action) {
  Intent intent;
  intent.id = intent_of(desk, id, what);
  intent.t = now;
  intent.expires = now + kLife;
  intent.epoch = epoch;
  intent.actor = {desk.id, Role::automaton, WorkplaceId(desk.button ? "station" : "dispatch")};
  intent.reason = std::move(reason);
  intent.action = std::move(action);
  const auto known = std::find_if(asked_.begin(), asked_.end(),
                                  [&](const auto& row) { return row.first == intent.id; });
  if (known != asked_.end()) {
    ++counters_["dispatch.repeated"];
  } else {
    if (const auto kept = send_(intent); !kept) {
      return refuse(503, "not_kept", "not kept, ask again: " + kept.error().cause);
    }
    ++counters_[std::string("dispatch.") + (what == std::string_view("open") ? "opened" : "ended")];
    asked_.emplace_back(intent.id, std::nullopt);
    if (asked_.size() > kMostAsked) asked_.pop_front();
  }
  auto answer = http::reply("{\"corridor\":" + bus::to_json(corridor_of(desk, id)) +
                            ",\"intent\":" + bus::to_json(intent.id) + "}");
  answer.status = 202;
  return answer;
}

http::Response Receiver::tell(const Desk& desk, const http::Request& request) {
  const auto id = http::query_value(request.target, "id");
  const std::optional<IntentResult>* found = nullptr;
  for (const auto* what : {"open", "end"}) {
    const auto key = intent_of(desk, id, what);
    for (const auto& [intent, result] : asked_) {
      if (intent == key) found = &result;
    }
  }
  if (found == nullptr) return refuse(404, "unknown", "nothing of this id was asked for");
  if (!*found) return http::reply("{\"outcome\":\"waiting\"}");
  const auto& r = **found;
  return http::reply("{\"outcome\":" + bus::to_json(r.outcome) + ",\"cause\":" +
                     bus::to_json(r.cause) + ",\"text\":" + bus::to_json(r.text) + "}");
}

void Receiver::result(const IntentResult& result) {
  for (auto& [intent, known] : asked_) {
    if (intent == result.intent) known = result;
  }
}

}  // namespace dispecer::dispatch
