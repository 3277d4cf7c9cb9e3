// What the outlook has learnt, as bytes: per part the ids of its places and the forecast.
#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "adapters/bus/codec.h"
#include "fusion/app/outlook.h"
#include "fusion/forecast/keep.h"

namespace dispecer::fusion {
namespace {

constexpr char kMagic[] = "DOL2";  // then the length of the header, the header, the parts
constexpr std::size_t kPrefix = 4 + sizeof(std::uint64_t);

struct KeptPart {
  ForecastKind kind = ForecastKind::unknown;
  std::vector<std::string> ids;
  std::uint64_t size = 0;  // bytes
};
constexpr auto fields(Tag<KeptPart>) {
  using P = KeptPart;
  return std::tuple{field(1, "kind", &P::kind), field(2, "ids", &P::ids),
                    field(4, "size", &P::size)};
}
struct KeptOutlook {
  std::vector<KeptPart> parts;
};
constexpr auto fields(Tag<KeptOutlook>) {
  return std::tuple{field(1, "parts", &KeptOutlook::parts)};
}

// The places of the city changed: the days of those that are still there are taken over.
Result<> adopt(OutlookPart& part, const KeptPart& kept, const std::string& bytes) {
  forecast::State old =
      forecast::make_state(kept.ids.size(), part.forecast->parameters, part.forecast->calendar);
  if (auto r = forecast::load(old, bytes); !r) return r;
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

Saving begin_save(const Outlook& outlook) {
  KeptOutlook kept;
  Saving saving;
  for (const auto& part : outlook.parts) {
    if (!part.forecast) continue;
    saving.sizes.push_back(forecast::saved_size(*part.forecast));
    kept.parts.push_back({part.kind, part.ids, saving.sizes.back()});
    saving.whole += saving.sizes.back();
  }
  const auto header = bus::encode(kept);
  const std::uint64_t length = header.size();
  saving.header.assign(kMagic, 4);
  saving.header.append(reinterpret_cast<const char*>(&length), sizeof length);
  saving.header += header;
  saving.whole += saving.header.size();
  saving.made = outlook.made;
  return saving;
}

std::optional<std::string> go_on(const Outlook& outlook, Saving& saving, std::uint64_t bytes) {
  const bool learning = outlook.next_due < outlook.parts.size();
  if (outlook.made != saving.made || learning) return std::nullopt;
  const auto end = std::min(saving.at + bytes, saving.whole);
  std::string out;
  if (saving.at < saving.header.size()) out = saving.header.substr(saving.at, end - saving.at);
  std::uint64_t begin = saving.header.size();
  std::size_t next = 0;
  for (const auto& part : outlook.parts) {
    if (!part.forecast) continue;
    const auto size = saving.sizes[next++];
    const auto first = std::max(saving.at, begin);
    const auto last = std::min(end, begin + size);
    if (first < last) out += forecast::save(*part.forecast, first - begin, last - begin);
    begin += size;
  }
  saving.at = end;
  saving.done = end == saving.whole;
  return out;
}

std::string save(const Outlook& outlook) {
  std::string out = begin_save(outlook).header;
  for (const auto& part : outlook.parts) {
    if (part.forecast) out += forecast::save(*part.forecast);
  }
  return out;
}

Result<> load(Outlook& outlook, const std::string& bytes) {
  const Error torn{"kept_torn", "the kept outlook cannot be read", ""};
  std::uint64_t length = 0;
  if (bytes.size() < kPrefix || bytes.compare(0, 4, kMagic) != 0) return torn;
  std::memcpy(&length, bytes.data() + 4, sizeof length);
  if (length > bytes.size() - kPrefix) return torn;
  const auto kept = bus::decode<KeptOutlook>(bytes.substr(kPrefix, length));
  if (!kept) return Error{"kept_torn", kept.error().what, ""};
  std::uint64_t at = kPrefix + length;
  Result<> out{Ok{}};
  for (const auto& row : kept->parts) {
    if (row.size > bytes.size() - at) return torn;
    const auto first = std::exchange(at, at + row.size);
    if (row.ids.empty()) continue;
    for (auto& part : outlook.parts) {
      if (!part.forecast || row.kind != part.kind) continue;
      const auto piece = bytes.substr(first, row.size);
      const auto r =
          row.ids == part.ids ? forecast::load(*part.forecast, piece) : adopt(part, row, piece);
      if (!r) out = r;
    }
  }
  return out;
}

}  // namespace dispecer::fusion
