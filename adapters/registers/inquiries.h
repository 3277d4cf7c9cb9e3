// Questions of other processes about rights, over the bus's query and answer: a question is asked
// again with the same id until the register has spoken. PERSONAL, kept for a minute at most.
#pragma once

#include <map>

#include "adapters/registers/client.h"
#include "fusion/model/result.h"

namespace dispecer::registers {

class Inquiries {
 public:
  explicit Inquiries(Client& client) : client_(client) {}
  // The answer, once; until then the error "pending". Also "too_many".
  Result<RightsAnswer> ask(const RightsQuestion& question, MonoTime now);

 private:
  struct Entry {
    MonoTime asked;
    std::optional<RightsAnswer> answer;
  };
  static constexpr std::size_t kMost = 1000;
  Client& client_;
  std::shared_ptr<std::map<std::string, Entry>> entries_ =
      std::make_shared<std::map<std::string, Entry>>();
};

}  // namespace dispecer::registers
