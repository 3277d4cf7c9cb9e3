// What the outlook has learnt, as bytes: per part the ids of its places and the forecast.
#include <map>

#include "adapters/bus/codec.h"
#include "fusion/app/outlook.h"
#include "fusion/forecast/keep.h"

namespace dispecer::fusion {
namespace {

struct KeptPart {
  ForecastKind kind = ForecastKind::unknown;
  std::vector<std::string> ids;
  std::string bytes;
};
constexpr auto fields(Tag<KeptPart>) {
  using P = KeptPart;
  return std::tuple{field(1, "kind", &P::kind), field(2, "ids", &P::ids),
                    field(3, "bytes", &P::bytes)};
}
struct KeptOutlook {
  std::vector<KeptPart> parts;
};
constexpr auto fields(Tag<KeptOutlook>) {
  return std::tuple{field(1, "parts", &KeptOutlook::parts)};
}

// The places of the city changed: the days of those that are still there are taken over.
Result<> adopt(OutlookPart& part, const KeptPart& kept) {
  forecast::State old =
      forecast::make_state(kept.ids.size(), part.forecast->parameters, part.forecast->calendar);
  if (auto r = forecast::load(old, kept.bytes); !r) return r;
  std::map<std::string, std::int64_t> row_of;
  for (std::size_t i = 0; i < kept.ids.size(); ++i) {
    row_of[kept.ids[i]] = static_cast<std::int64_t>(i);
  }
  std::vector<std::int64_t> rows;
  for (const auto& id : part.ids) {
    const auto it = row_of.find(id);
    rows.push_back(it == row_of.end() ? -1 : it->second);
  }
  forecast::adopt_days(*part.forecast, old, rows);
  return Ok{};
}

}  // namespace

std::string save(const Outlook& outlook) {
  KeptOutlook kept;
  for (const auto& part : outlook.parts) {
    if (part.forecast) kept.parts.push_back({part.kind, part.ids, forecast::save(*part.forecast)});
  }
  return bus::encode(kept);
}

Result<> load(Outlook& outlook, const std::string& bytes) {
  const auto kept = bus::decode<KeptOutlook>(bytes);
  if (!kept) return Error{"kept_torn", kept.error().what, ""};
  Result<> out{Ok{}};
  for (auto& part : outlook.parts) {
    if (!part.forecast) continue;
    for (const auto& row : kept->parts) {
      if (row.kind != part.kind || row.ids.empty()) continue;
      const auto r =
          row.ids == part.ids ? forecast::load(*part.forecast, row.bytes) : adopt(part, row);
      if (!r) out = r;
    }
  }
  return out;
}

}  // namespace dispecer::fusion
