// What travels between us and a receiver of leads, as JSON. PERSONAL: a lead holds a plate.
//
//   to the receiver     {"type": "lead", "lead": {...}}          id: lead.id, a repeat has the same
//   from the receiver   {"type": "receipt", "lead": id, "case": id, "kind": "received" | "accepted"
//                        | "declined" | "outcome", "receiver": name, "time": ISO, "text": "..."}
#pragma once

#include <string>
#include <string_view>

#include "fusion/model/case.h"
#include "fusion/model/result.h"

namespace dispecer::police {

std::string lead_message(const Lead& lead);
// For receivers of our own and tests: what an acknowledgement looks like.
std::string receipt_message(const LeadReceipt& receipt);

// Causes: bad_json, bad_shape, bad_kind, too_long. Whatever looks like a plate in `text` is taken
// out: receipts are kept, and are not personal.
Result<LeadReceipt> parse_receipt(std::string_view text);

// Replaces what may be a Romanian number plate by "[plate]"; cases are of those alone.
std::string without_plates(std::string_view text);

}  // namespace dispecer::police
