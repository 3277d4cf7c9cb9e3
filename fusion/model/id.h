// Ids are ours: stable strings, never reused, never parsed. The tag keeps a junction from being
// taken for a controller.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace dispecer {

template <class T>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;
  bool operator==(const Id&) const = default;

 private:
  std::string text_;
};

// A place where streets meet; a device that drives lamps; a part of such a device (a number inside
// it).
using JunctionId = Id<struct JunctionTag>;
using ControllerId = Id<struct ControllerTag>;
using LinkId = Id<struct LinkTag>;
using MovementId = Id<struct MovementTag>;
using SignalGroupId = Id<struct SignalGroupTag>;
using DetectorId = Id<struct DetectorTag>;
using CrossingId = Id<struct CrossingTag>;
using StopId = Id<struct StopTag>;
using LineId = Id<struct LineTag>;
using TripId = Id<struct TripTag>;
using ShapeId = Id<struct ShapeTag>;
using VehicleId = Id<struct VehicleTag>;
using ParkingId = Id<struct ParkingTag>;
using ZoneId = Id<struct ZoneTag>;
using GateId = Id<struct GateTag>;
using ReaderId = Id<struct ReaderTag>;
using SignId = Id<struct SignTag>;
using StationId = Id<struct StationTag>;
using PermitId = Id<struct PermitTag>;
using CaseId = Id<struct CaseTag>;
using LeadId = Id<struct LeadTag>;
using ReadId = Id<struct ReadTag>;
using IntentId = Id<struct IntentTag>;
using ProposalId = Id<struct ProposalTag>;
using RequestId = Id<struct RequestTag>;
using AlarmId = Id<struct AlarmTag>;
using PersonId = Id<struct PersonTag>;
using WorkplaceId = Id<struct WorkplaceTag>;
using BookEntryId = Id<struct BookEntryTag>;

}  // namespace dispecer

template <class T>
struct std::hash<dispecer::Id<T>> {
  std::size_t operator()(const dispecer::Id<T>& id) const {
    return std::hash<std::string>{}(id.str());
  }
};
