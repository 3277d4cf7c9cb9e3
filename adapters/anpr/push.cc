#include "adapters/anpr/push.h"

#include <sodium.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "adapters/http/json_text.h"
#include "fusion/model/plate.h"

namespace dispecer::anpr {
namespace {

namespace json = boost::json;

constexpr Duration kWindow = std::chrono::seconds(30);
constexpr std::size_t kLongestPlate = 16;
constexpr std::size_t kLongestText = 200;

std::optional<std::string> text_of(const json::object& o, std::string_view key) {
  return http::json_text(o, key, kLongestText);
}

std::optional<double> number_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr || !v->is_number()) return std::nullopt;
  const double d = v->to_number<double>();
  return std::isfinite(d) ? std::optional<double>(d) : std::nullopt;
}

std::optional<UtcTime> time_of(const json::object& o, std::string_view key) {
  const auto text = text_of(o, key);
  if (!text || text->empty()) return std::nullopt;
  const auto t = parse_iso(*text);
  return t ? std::optional<UtcTime>(*t) : std::nullopt;
}

// "" = good, else the cause.
const char* parse_read(const json::value& value, PushedRead& read) {
  const auto* o = value.if_object();
  if (o == nullptr) return "bad_event";
  const auto id = text_of(*o, "id");
  const auto plate = text_of(*o, "plate");
  const auto country = text_of(*o, "country");
  const auto image = text_of(*o, "image");
  const auto place = text_of(*o, "place");
  if (!id || id->empty() || !plate || !country || !image || !place) return "bad_event";
  const auto t = time_of(*o, "time");
  if (!t) return "bad_time";
  const auto confidence = number_of(*o, "confidence");
  if (!confidence || *confidence < 0 || *confidence > 1) return "bad_confidence";
  read.plate = normalise_plate(*plate);
  if (read.plate.size() > kLongestPlate || country->size() > 3) return "bad_event";
  if (shows_plate(*id, read.plate)) return "plate_in_id";
  read.lon = number_of(*o, "lon");
  read.lat = number_of(*o, "lat");
  read.position_sd = number_of(*o, "sd");
  const bool somewhere = read.lon && read.lat;
  if (somewhere && (std::abs(*read.lon) > 180 || std::abs(*read.lat) > 90)) return "bad_position";
  if (read.position_sd && (*read.position_sd < 0 || *read.position_sd > 1000))
    return "bad_position";
  read.event = *id;
  read.t = *t;
  read.country = *country;
  read.confidence = Ratio{*confidence};
  // A file name is worth less than a secret: it is dropped, the read stays.
  read.image = shows_plate(*image, read.plate) ? "" : *image;
  read.place = *place;
  return "";
}

}  // namespace

void ClockWatch::note(UtcTime sent, UtcTime received) {
  std::erase_if(differences_,
                [&](const auto& d) { return d.first > received || received - d.first > kWindow; });
  differences_.emplace_back(received, sent - received);
}

Seconds ClockWatch::error() const {
  if (differences_.empty()) return {};
  const auto best = std::max_element(differences_.begin(), differences_.end(),
                                     [](auto& a, auto& b) { return a.second < b.second; });
  return Seconds{in_seconds(best->second)};
}

bool Seen::add(const std::string& event) {
  if (!known_.insert(event).second) return false;
  order_.push_back(event);
  if (order_.size() > depth_) {
    known_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

ReadId read_id(std::string_view device, std::string_view event) {
  const std::string text = std::string(device) + '\n' + std::string(event);
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  std::array<char, 33> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  return ReadId(std::string("read-") + hex.data());
}

bool shows_plate(std::string_view text, const std::string& normalised_plate) {
  // Two or three characters would be found everywhere and give nobody away.
  return normalised_plate.size() > 3 &&
         normalise_plate(text).find(normalised_plate) != std::string::npos;
}

Result<PushedBatch> parse_push(std::string_view body, std::size_t most_reads) {
  json::error_code ec;
  const json::value root = json::parse({body.data(), body.size()}, ec);
  if (ec || !root.is_object()) return Error{"bad_json", "the body is no JSON object", ""};
  const auto& o = root.get_object();
  PushedBatch batch;
  const auto device = text_of(o, "device");
  const auto sent = time_of(o, "sent");
  const auto* reads = o.if_contains("reads");
  if (!device || device->empty() || !sent || reads == nullptr || !reads->is_array())
    return Error{"bad_envelope", "expected device, sent (time with zone) and reads", ""};
  if (reads->get_array().size() > most_reads)
    return Error{"too_many", "expected at most " + std::to_string(most_reads) + " reads", ""};
  batch.device = *device;
  batch.sent = *sent;
  for (const auto& value : reads->get_array()) {
    PushedRead read;
    const std::string cause = parse_read(value, read);
    if (cause.empty()) {
      batch.reads.push_back(std::move(read));
    } else {
      ++batch.refused[cause];
    }
  }
  return batch;
}

}  // namespace dispecer::anpr
