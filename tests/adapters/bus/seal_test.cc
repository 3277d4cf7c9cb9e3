#include "adapters/bus/seal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "adapters/bus/codec.h"

namespace dispecer::bus {
namespace {

Message sealed(const WorldKey& key, std::uint32_t boot, std::uint64_t sequence,
               const std::string& world = "street-1") {
  Message m;
  m.envelope.world = world;
  m.envelope.topic = 14;
  m.envelope.source = "controller";
  m.envelope.boot = boot;
  m.envelope.sequence = sequence;
  m.raw_envelope = encode(m.envelope);
  m.payload = "payload";
  m.seal = key.seal(world, m.raw_envelope, m.payload);
  return m;
}

std::string cause(const Result<>& r) {
  return r ? "admitted" : r.error().cause;
}

TEST(SealGate, AdmitsEachSealedMessageOnce) {
  const auto key = WorldKey::generate();
  SealGate gate(key, "street-1");
  EXPECT_EQ(cause(gate.admit(sealed(key, 1, 1))), "admitted");
  EXPECT_EQ(cause(gate.admit(sealed(key, 1, 1))), "replayed");
  EXPECT_EQ(cause(gate.admit(sealed(key, 1, 3))), "admitted");
  EXPECT_EQ(cause(gate.admit(sealed(key, 1, 2))), "replayed");
}

TEST(SealGate, ARestartedWriterStartsAnewAndItsEarlierBootIsRefused) {
  const auto key = WorldKey::generate();
  SealGate gate(key, "street-1");
  EXPECT_EQ(cause(gate.admit(sealed(key, 1, 50))), "admitted");
  EXPECT_EQ(cause(gate.admit(sealed(key, 2, 1))), "admitted");
  EXPECT_EQ(cause(gate.admit(sealed(key, 1, 51))), "replayed");
}

TEST(SealGate, ForgedChangedAndForeignMessagesAreRefused) {
  const auto key = WorldKey::generate();
  SealGate gate(key, "street-1");
  EXPECT_EQ(cause(gate.admit(sealed(WorldKey::generate(), 1, 1))), "forged");
  auto m = sealed(key, 1, 1);
  m.payload += "x";
  EXPECT_EQ(cause(gate.admit(m)), "forged");
  m = sealed(key, 1, 1);
  m.raw_envelope[0] ^= 1;
  EXPECT_EQ(cause(gate.admit(m)), "forged");
  m = sealed(key, 1, 1);
  m.seal.clear();
  EXPECT_EQ(cause(gate.admit(m)), "forged");
  EXPECT_EQ(cause(gate.admit(sealed(key, 1, 1, "training-1"))), "other_world");
  EXPECT_EQ(cause(gate.admit(sealed(key, 1, 1))), "admitted") << "refused messages leave no trace";
}

TEST(WorldKey, IsKeptInAFileThatOthersCannotRead) {
  const auto dir =
      std::filesystem::temp_directory_path() / ("dispecer_key_" + std::to_string(::getpid()));
  std::filesystem::create_directories(dir);
  const auto file = (dir / "world.key").string();
  const auto first = WorldKey::load_or_create(file);
  const auto second = WorldKey::load_or_create(file);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->bytes(), second->bytes());
  ::chmod(file.c_str(), 0644);
  EXPECT_EQ(WorldKey::load_or_create(file).error().cause, "key_exposed");
  ::chmod(file.c_str(), 0600);
  std::ofstream(file) << "short";
  EXPECT_EQ(WorldKey::load_or_create(file).error().cause, "key_wrong_size");
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace dispecer::bus
