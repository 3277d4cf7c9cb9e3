#include "adapters/registers/answer.h"

#include <algorithm>
#include <boost/json.hpp>

namespace dispecer::registers {
namespace {

namespace json = boost::json;

constexpr double kUnusableAge = 1e9;

Error bad_shape() {
  return {"bad_shape", "expected updated and rights (plate, kinds)", ""};
}

Result<> read_entry(const json::value& value, Holdings& holdings) {
  const auto* o = value.if_object();
  const auto* plate = o != nullptr ? o->if_contains("plate") : nullptr;
  const auto* kinds = o != nullptr ? o->if_contains("kinds") : nullptr;
  if (plate == nullptr || !plate->is_string() || kinds == nullptr || !kinds->is_array())
    return bad_shape();
  auto& held = holdings.rights[normalise_plate(std::string_view(plate->get_string()))];
  for (const auto& kind : kinds->get_array()) {
    if (!kind.is_string()) return bad_shape();
    const auto known = from_name<PermitKind>(std::string_view(kind.get_string()));
    if (!known || *known == PermitKind::unknown)
      return Error{"unknown_kind", "a kind of right that is not known here", ""};
    if (std::find(held.begin(), held.end(), *known) == held.end()) held.push_back(*known);
  }
  return Ok{};
}

}  // namespace

std::string question_body(const std::vector<std::string>& plates, UtcTime from, UtcTime to) {
  json::array list(plates.begin(), plates.end());
  return json::serialize(
      json::object{{"plates", std::move(list)}, {"from", to_iso(from)}, {"to", to_iso(to)}});
}

Result<Holdings> parse_holdings(std::string_view body) {
  json::error_code ec;
  const json::value root = json::parse({body.data(), body.size()}, ec);
  if (ec || !root.is_object()) return Error{"bad_json", "the answer is no JSON object", ""};
  const auto* updated = root.get_object().if_contains("updated");
  const auto* rights = root.get_object().if_contains("rights");
  if (updated == nullptr || !updated->is_string() || rights == nullptr || !rights->is_array())
    return bad_shape();
  const auto t = parse_iso(std::string_view(updated->get_string()));
  if (!t) return bad_shape();
  Holdings holdings;
  holdings.updated = *t;
  for (const auto& entry : rights->get_array()) {
    if (auto r = read_entry(entry, holdings); !r) return r.error();
  }
  return holdings;
}

RightsAnswer answer_for(const Holdings& holdings, const std::string& plate, UtcTime now) {
  RightsAnswer answer;
  answer.asked = now;
  answer.answered = true;
  const double age = in_seconds(now - holdings.updated);
  answer.register_age = Seconds{age < -1 ? kUnusableAge : std::clamp(age, 0.0, kUnusableAge)};
  if (const auto own = holdings.rights.find(plate); own != holdings.rights.end())
    answer.kinds = own->second;
  for (const auto& neighbour : confusable_neighbours(plate)) {
    const auto it = holdings.rights.find(neighbour);
    if (it == holdings.rights.end()) continue;
    for (const auto kind : it->second) {
      auto& all = answer.neighbour_kinds;
      if (std::find(all.begin(), all.end(), kind) == all.end()) all.push_back(kind);
    }
  }
  return answer;
}

}  // namespace dispecer::registers
