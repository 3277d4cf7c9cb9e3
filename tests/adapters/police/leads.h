#pragma once

#include <filesystem>

#include "fusion/model/case.h"

namespace dispecer::police {

inline Lead lead(const std::string& number) {
  Lead l;
  l.id = LeadId("lead-" + number);
  l.sent = parse_iso("2026-11-23T10:00:00Z").value();
  l.subject.id = CaseId("case-" + number);
  l.subject.plate = "MM12ABC";
  l.subject.place = "Strada Victoriei";
  return l;
}

inline LeadReceipt receipt(const std::string& number, ReceiptKind kind = ReceiptKind::received) {
  return {LeadId("lead-" + number),
          CaseId("case-" + number),
          parse_iso("2026-11-23T10:00:05Z").value(),
          kind,
          "pl-1",
          "done"};
}

// A folder of its own, gone at the end.
struct Folder {
  Folder() {
    char name[] = "/tmp/dispecer-test-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;
};

}  // namespace dispecer::police
