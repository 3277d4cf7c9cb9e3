#include <charconv>
#include <cmath>
#include <pugixml.hpp>

#include "adapters/parking_counts/record.h"

namespace dispecer::parking_counts {
namespace {

// Element name without its namespace prefix: producers choose any.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const auto& c : node.children()) {
    if (local_name(c) == name) return c;
  }
  return {};
}

std::optional<double> number(const pugi::xml_node& node, std::string_view name, bool& bad) {
  const std::string_view text = child(node, name).text().get();
  if (text.empty()) return {};
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec == std::errc{} && end == text.data() + text.size() && std::isfinite(value)) return value;
  bad = true;
  return {};
}

Record read_record(const pugi::xml_node& status) {
  Record r;
  r.id = child(status, "parkingRecordReference").attribute("id").as_string();
  r.time = child(status, "parkingStatusOriginTime").text().get();
  const auto occupancy = child(status, "parkingOccupancy");
  r.capacity = number(occupancy, "parkingNumberOfSpacesOverride", r.bad_number);
  r.free = number(occupancy, "parkingNumberOfVacantSpaces", r.bad_number);
  r.occupied = number(occupancy, "parkingNumberOfOccupiedSpaces", r.bad_number);
  r.percent = number(occupancy, "parkingOccupancy", r.bad_number);
  r.closed = std::string_view(child(status, "parkingSiteOpeningStatus").text().get()) == "closed";
  return r;
}

Record read_facility(const pugi::xml_node& status) {
  Record r;
  r.id = child(status, "parkingFacilityReference").attribute("id").as_string();
  r.time = child(status, "parkingFacilityStatusTime").text().get();
  r.capacity = number(status, "totalParkingCapacityOverride", r.bad_number);
  r.free = number(status, "totalNumberOfVacantParkingSpaces", r.bad_number);
  r.occupied = number(status, "totalNumberOfOccupiedParkingSpaces", r.bad_number);
  // Here the share is 0..1.
  r.percent = number(status, "parkingFacilityOccupancy", r.bad_number);
  if (r.percent) *r.percent *= 100;
  for (const auto& c : status.children()) {
    if (local_name(c) == "parkingFacilityStatus" && std::string_view(c.text().get()) == "closed")
      r.closed = true;
  }
  return r;
}

struct Collector : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node& node) override {
    const auto name = local_name(node);
    if (name == "d2LogicalModel") datex = true;
    if (name == "parkingRecordStatus") records.push_back(read_record(node));
    // The word names both the record and a state inside it.
    if (name == "parkingFacilityStatus" && child(node, "parkingFacilityReference"))
      records.push_back(read_facility(node));
    return true;
  }
  std::vector<Record> records;
  bool datex = false;
};

}  // namespace

Result<std::vector<Record>> read_datex2(std::string_view bytes) {
  pugi::xml_document document;
  const auto parsed =
      document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default & ~pugi::parse_doctype);
  if (!parsed)
    return Error{"bad_xml", parsed.description(), "byte " + std::to_string(parsed.offset)};
  Collector collector;
  document.traverse(collector);
  if (!collector.datex)
    return Error{"unknown_content", "expected DATEX II 2.x (d2LogicalModel)", ""};
  return std::move(collector.records);
}

}  // namespace dispecer::parking_counts
