// Fresh message ids: UUID version 4.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

namespace dispecer::rsmp {

using Bytes16 = std::array<std::uint8_t, 16>;
using FillRandom = std::function<void(Bytes16&)>;

// From libsodium's generator.
void fill_random(Bytes16& bytes);

// Sets the version and variant bits: "xxxxxxxx-xxxx-4xxx-[89ab]xxx-xxxxxxxxxxxx", lower case.
std::string uuid_v4(Bytes16 random);

class MessageIds {
 public:
  explicit MessageIds(FillRandom fill = fill_random) : fill_(std::move(fill)) {}
  std::string next();

 private:
  FillRandom fill_;
};

}  // namespace dispecer::rsmp
