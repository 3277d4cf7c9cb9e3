// Authentication of what could reach a street. A seal is a keyed BLAKE2b (libsodium
// crypto_generichash, 32 bytes) over world, raw envelope and payload with the key of the world. The
// gate refuses what is forged, repeated, expired or of another world, and says which.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "adapters/bus/envelope.h"
#include "fusion/model/result.h"

namespace dispecer::bus {

class WorldKey {
 public:
  // Makes a new key from the system's random source.
  static WorldKey generate();
  // Reads or creates `file` with mode 0600. Causes: "key_unreadable", "key_wrong_size",
  // "key_exposed" (others may read).
  static Result<WorldKey> load_or_create(const std::string& file);

  [[nodiscard]] std::string seal(const std::string& world, std::string_view raw_envelope,
                                 std::string_view payload) const;
  [[nodiscard]] bool verify(const std::string& world, std::string_view raw_envelope,
                            std::string_view payload, std::string_view seal) const;
  [[nodiscard]] std::string bytes() const { return {key_.begin(), key_.end()}; }

 private:
  std::array<char, 32> key_{};
};

// One per reader of a sealed topic. Sequences must rise per source; a later boot of the source
// starts anew, an earlier one is refused.
class SealGate {
 public:
  SealGate(WorldKey key, std::string world) : key_(key), world_(std::move(world)) {}
  // Causes: "other_world", "forged", "replayed".
  Result<> admit(const Message& message);

 private:
  struct Seen {
    std::uint32_t boot = 0;
    std::uint64_t sequence = 0;
  };
  WorldKey key_;
  std::string world_;
  std::map<std::pair<std::string, std::uint32_t>, Seen> seen_;
};

}  // namespace dispecer::bus
