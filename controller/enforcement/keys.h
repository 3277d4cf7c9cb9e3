// Ids of cases and leads. They are made of the ids of the reads, never of a plate, and come out the
// same again after a restart or in a replay.
#pragma once

#include <vector>

#include "fusion/model/case.h"

namespace dispecer::enforcement {

CaseId case_id(CaseKind kind, const std::vector<ReadId>& reads);
LeadId lead_id(const CaseId& subject);

}  // namespace dispecer::enforcement
