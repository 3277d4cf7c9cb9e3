#include "adapters/police/message.h"

#include <boost/json.hpp>
#include <regex>

#include "adapters/bus/json.h"
#include "fusion/model/plate.h"

namespace dispecer::police {
namespace {

namespace json = boost::json;
constexpr std::size_t kLongest = 2000;

// The string at `key`; nothing where it is absent, no string or too long.
std::string text_of(const json::object& o, std::string_view key, bool& good) {
  const auto* v = o.if_contains(key);
  if (v == nullptr) return "";
  if (!v->is_string() || v->get_string().size() > kLongest) {
    good = false;
    return "";
  }
  return std::string(std::string_view(v->get_string()));
}

}  // namespace

std::string lead_message(const Lead& lead) {
  return R"({"type":"lead","lead":)" + bus::to_json(lead) + "}";
}

std::string receipt_message(const LeadReceipt& r) {
  return json::serialize(json::object{{"type", "receipt"},
                                      {"lead", r.lead.str()},
                                      {"case", r.subject.str()},
                                      {"kind", to_name(r.kind)},
                                      {"receiver", r.receiver},
                                      {"time", to_iso(r.t)},
                                      {"text", r.text}});
}

std::string without_plates(std::string_view text) {
  static const std::regex kCandidate(
      R"(\b[A-Za-z]{1,2}[ .\-]{0,3}([0-9]{2,3}[ .\-]{0,3}[A-Za-z]{3}\b|[0-9]{3,6}\b))");
  const std::string all(text);
  std::string out;
  std::size_t at = 0;
  for (std::sregex_iterator it(all.begin(), all.end(), kCandidate), end; it != end; ++it) {
    if (!romanian_plate(normalise_plate(it->str()))) continue;
    const auto begin = static_cast<std::size_t>(it->position());
    out += all.substr(at, begin - at) + "[plate]";
    at = begin + static_cast<std::size_t>(it->length());
  }
  return out + all.substr(at);
}

Result<LeadReceipt> parse_receipt(std::string_view text) {
  json::error_code ec;
  const json::value root = json::parse({text.data(), text.size()}, ec);
  if (ec || !root.is_object()) return Error{"bad_json", "no JSON object", "receipt"};
  const auto& o = root.get_object();
  bool good = true;
  const auto type = text_of(o, "type", good);
  const auto lead = text_of(o, "lead", good);
  const auto subject = text_of(o, "case", good);
  const auto kind = from_name<ReceiptKind>(text_of(o, "kind", good));
  const auto receiver = text_of(o, "receiver", good);
  const auto note = text_of(o, "text", good);
  const auto time = parse_iso(text_of(o, "time", good));
  if (!good) return Error{"too_long", "a field is no text or too long", "receipt"};
  if (type != "receipt" || lead.empty() || subject.empty() || !time)
    return Error{"bad_shape", "expected type, lead, case, kind, time", "receipt"};
  if (!kind || *kind == ReceiptKind::unknown)
    return Error{"bad_kind", "expected received, accepted, declined or outcome", "receipt"};
  return LeadReceipt{LeadId(lead), CaseId(subject), *time, *kind, receiver, without_plates(note)};
}

}  // namespace dispecer::police
