#include "adapters/priority_points/supervisor.h"

#include <boost/json.hpp>
#include <optional>

#include "adapters/http/bearer.h"
#include "adapters/http/json_text.h"
#include "adapters/priority_points/place.h"

namespace dispecer::priority_points {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostRequests = 500;
constexpr std::size_t kLongestText = 100;
constexpr double kMaxAhead = 60;  // s; later than that it cannot have been

struct Asked {
  std::string id;
  PriorityPoint point;
};

// False where it is there and no number between the bounds.
template <class Unit>
bool number_of(const json::object& o, std::string_view key, double low, double high,
               std::optional<Unit>& out) {
  const auto* v = o.if_contains(key);
  if (v == nullptr || v->is_null()) return true;
  if (!v->is_number()) return false;
  const double d = v->to_number<double>();
  if (!(d >= low && d <= high)) return false;
  out = Unit{d};
  return true;
}

// "" = good, else the cause.
std::string read_request(const json::value& value, const city::City& city, UtcTime now,
                         Asked& out) {
  const auto* o = value.if_object();
  if (o == nullptr) return "bad_request";
  const auto text = [&](const char* key) { return http::json_text(*o, key, kLongestText); };
  const auto id = text("id");
  const auto time = text("time");
  const auto junction = text("junction");
  const auto group = text("group");
  const auto kind = text("kind");
  const auto vehicle = text("vehicle");
  const auto line = text("line");
  if (!id || id->empty() || !time || !junction || !group || !kind || !vehicle || !line) {
    return "bad_request";
  }
  const auto known = point_kind(*kind);
  if (!known) return "bad_request";
  const auto t = parse_iso(*time);
  if (!t) return "bad_time";
  if (in_seconds(*t - now) > kMaxAhead) return "from_the_future";
  if (auto place = find_place(city, *junction, *group); !place) return place.error().cause;
  out.id = *id;
  auto& point = out.point;
  if (!number_of(*o, "eta_s", 0, 3600, point.eta) ||
      !number_of(*o, "to_stop_line_m", 0, kFurthest, point.to_stop_line) ||
      !number_of(*o, "lateness_s", -86400, 86400, point.lateness)) {
    return "out_of_range";
  }
  point.junction = JunctionId(*junction);
  point.group = SignalGroupId(*group);
  point.kind = *known;
  point.t = *t;
  point.vehicle = VehicleId(*vehicle);
  point.line = LineId(*line);
  return "";
}

}  // namespace

Supervisor::Supervisor(const city::DeviceRow& row, std::string token, const city::City& city,
                       OnPoint on_point)
    : source_(row.id), token_(std::move(token)), city_(city), on_point_(std::move(on_point)) {}

http::Response Supervisor::handle(const http::Request& request, UtcTime now) {
  const auto refuse = [&](unsigned status, const std::string& cause) {
    ++counters_["points." + cause];
    return http::refuse(status, cause);
  };
  if (request.method != "POST") return refuse(405, "bad_method");
  if (!token_.empty() && !http::bearer_matches(request, token_)) return refuse(401, "unauthorised");
  json::error_code ec;
  const json::value root = json::parse({request.body.data(), request.body.size()}, ec);
  const auto* object = ec ? nullptr : root.if_object();
  const auto* list = object == nullptr ? nullptr : object->if_contains("requests");
  if (list == nullptr || !list->is_array()) return refuse(400, "bad_json");
  if (list->get_array().size() > kMostRequests) return refuse(400, "too_many");
  ++counters_["points.messages"];
  std::map<std::string, std::uint64_t> told{{"accepted", 0}, {"duplicate", 0}};
  std::uint64_t refused = 0;
  for (const auto& value : list->get_array()) {
    Asked asked;
    const auto cause = read_request(value, city_, now, asked);
    if (!cause.empty()) {
      ++refused;
      ++counters_["points." + cause];
    } else if (!seen_.add(asked.id)) {
      ++told["duplicate"];
    } else {
      ++told["accepted"];
      asked.point.source = source_;
      on_point_(std::move(asked.point));
    }
  }
  for (const auto& [name, n] : told) counters_["points." + name] += n;
  return http::reply("{\"accepted\":" + std::to_string(told["accepted"]) +
                     ",\"duplicate\":" + std::to_string(told["duplicate"]) +
                     ",\"refused\":" + std::to_string(refused) + "}");
}

}  // namespace dispecer::priority_points
