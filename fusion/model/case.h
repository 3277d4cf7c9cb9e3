// Cases and leads. A case is a suspected offence being examined; a lead is a case that a person
// reviewed and that was sent. PERSONAL: both carry a plate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/model/actor.h"
#include "fusion/model/geo.h"
#include "fusion/model/reason.h"

namespace dispecer {

enum class CaseKind : std::uint8_t {
  unknown = 0,
  parking_unpaid = 1,
  parking_special_bay = 2,
  access = 3
};

constexpr auto names(Tag<CaseKind>) {
  using E = CaseKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::parking_unpaid, "parking_unpaid"},
                    Name<E>{E::parking_special_bay, "parking_special_bay"},
                    Name<E>{E::access, "access"}};
}

enum class CaseState : std::uint8_t {
  unknown = 0,
  candidate = 1,
  held = 2,
  to_review = 3,
  approved = 4,
  rejected = 5,
  sent = 6,
  acknowledged = 7,
  closed = 8,
  lapsed = 9
};

constexpr auto names(Tag<CaseState>) {
  using E = CaseState;
  return std::array{Name<E>{E::unknown, "unknown"},   Name<E>{E::candidate, "candidate"},
                    Name<E>{E::held, "held"},         Name<E>{E::to_review, "to_review"},
                    Name<E>{E::approved, "approved"}, Name<E>{E::rejected, "rejected"},
                    Name<E>{E::sent, "sent"},         Name<E>{E::acknowledged, "acknowledged"},
                    Name<E>{E::closed, "closed"},     Name<E>{E::lapsed, "lapsed"}};
}

// One read that speaks for the case.
struct EvidenceItem {
  ReadId read;
  UtcTime t;
  LonLat position;
  Metres position_sd;
  Ratio confidence;
  std::string image;
  Seconds register_age;
  bool operator==(const EvidenceItem&) const = default;
};

struct ReviewMark {
  Actor reviewer;
  UtcTime t;
  bool approve = false;
  std::string note;
  bool operator==(const ReviewMark&) const = default;
};

struct Case {
  CaseId id;
  CaseKind kind = CaseKind::unknown;
  CaseState state = CaseState::unknown;
  UtcTime opened;
  UtcTime changed;
  std::string plate;
  std::string country;
  std::string place;  // name of parking area or gate
  LonLat position;
  std::string rule;  // text of the rule that was applied
  std::string legal_decision;
  bool demonstration = false;  // rests on an invented decision
  std::vector<EvidenceItem> evidence;
  std::vector<ReviewMark> reviews;
  std::uint32_t reviews_needed = 1;
  Reason reason;
  std::string outcome;  // what the officer answered, "" = nothing yet
  bool operator==(const Case&) const = default;
};

struct Lead {
  LeadId id;  // idempotency key: a repeat has the same id
  UtcTime sent;
  Case subject;
  std::string city_hash;
  std::string build;
  bool operator==(const Lead&) const = default;
};

enum class ReceiptKind : std::uint8_t {
  unknown = 0,
  received = 1,
  accepted = 2,
  declined = 3,
  outcome = 4
};

constexpr auto names(Tag<ReceiptKind>) {
  using E = ReceiptKind;
  return std::array{Name<E>{E::unknown, "unknown"}, Name<E>{E::received, "received"},
                    Name<E>{E::accepted, "accepted"}, Name<E>{E::declined, "declined"},
                    Name<E>{E::outcome, "outcome"}};
}

struct LeadReceipt {
  LeadId lead;
  CaseId subject;
  UtcTime t;
  ReceiptKind kind = ReceiptKind::unknown;
  std::string receiver;
  std::string text;
  bool operator==(const LeadReceipt&) const = default;
};

// Answer to the query for cases, oldest first.
struct CaseList {
  UtcTime t;
  std::vector<Case> cases;
  bool operator==(const CaseList&) const = default;
};

constexpr auto fields(Tag<EvidenceItem>) {
  using P = EvidenceItem;
  return std::tuple{field(1, "read", &P::read),
                    field(2, "t", &P::t),
                    field(3, "position", &P::position),
                    field(4, "position_sd", &P::position_sd, "m", {0, 1000}),
                    field(5, "confidence", &P::confidence, "1", {0, 1}),
                    field(6, "image", &P::image),
                    field(7, "register_age", &P::register_age, "s", {0, 1e9})};
}
constexpr auto fields(Tag<ReviewMark>) {
  using P = ReviewMark;
  return std::tuple{field(1, "reviewer", &P::reviewer), field(2, "t", &P::t),
                    field(3, "approve", &P::approve), field(4, "note", &P::note)};
}
constexpr auto fields(Tag<Case>) {
  using P = Case;
  return std::tuple{field(1, "id", &P::id),
                    field(2, "kind", &P::kind),
                    field(3, "state", &P::state),
                    field(4, "opened", &P::opened),
                    field(5, "changed", &P::changed),
                    field(6, "plate", &P::plate),
                    field(7, "country", &P::country),
                    field(8, "place", &P::place),
                    field(9, "position", &P::position),
                    field(10, "rule", &P::rule),
                    field(11, "legal_decision", &P::legal_decision),
                    field(12, "demonstration", &P::demonstration),
                    field(13, "evidence", &P::evidence),
                    field(14, "reviews", &P::reviews),
                    field(15, "reviews_needed", &P::reviews_needed, "", {1, 3}),
                    field(16, "reason", &P::reason),
                    field(17, "outcome", &P::outcome)};
}
constexpr auto fields(Tag<CaseList>) {
  using P = CaseList;
  return std::tuple{field(1, "t", &P::t), field(2, "cases", &P::cases)};
}
constexpr auto fields(Tag<Lead>) {
  using P = Lead;
  return std::tuple{field(1, "id", &P::id), field(2, "sent", &P::sent),
                    field(3, "subject", &P::subject), field(4, "city_hash", &P::city_hash),
                    field(5, "build", &P::build)};
}
constexpr auto fields(Tag<LeadReceipt>) {
  using P = LeadReceipt;
  return std::tuple{
      field(1, "lead", &P::lead), field(2, "subject", &P::subject),   field(3, "t", &P::t),
      field(4, "kind", &P::kind), field(5, "receiver", &P::receiver), field(6, "text", &P::text)};
}

}  // namespace dispecer
