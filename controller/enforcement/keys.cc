#include "controller/enforcement/keys.h"

namespace dispecer::enforcement {
namespace {

// FNV-1a, 64 bit (Fowler, Noll, Vo), run with two offsets for 128 bits. Not secret: its input holds
// nothing personal.
std::string digest(std::string_view text) {
  constexpr std::uint64_t kPrime = 1099511628211ULL;
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (std::uint64_t h : {14695981039346656037ULL, 0x9E3779B97F4A7C15ULL}) {
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * kPrime;
    h = (h ^ (h >> 32)) * kPrime;
    for (int shift = 60; shift >= 0; shift -= 4) out += kHex[(h >> shift) & 15];
  }
  return out;
}

}  // namespace

CaseId case_id(CaseKind kind, const std::vector<ReadId>& reads) {
  std::string text(to_name(kind));
  for (const auto& read : reads) text += '\n' + read.str();
  return CaseId("case-" + digest(text));
}

LeadId lead_id(const CaseId& subject) {
  return LeadId("lead-" + digest(subject.str()));
}

}  // namespace dispecer::enforcement
