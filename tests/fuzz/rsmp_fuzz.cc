// Anything at all through the reader and through a live supervisor. With DISPECER_FUZZ the entry of
// libFuzzer; otherwise a test that feeds mutated frames, always the same ones.
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/rsmp/message/message.h"
#include "adapters/rsmp/message/signal_list.h"
#include "adapters/rsmp/message/tlc.h"
#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

[[maybe_unused]] const std::vector<std::string>& seeds() {
  static const std::vector<std::string> list{
      R"({"mType":"rSMsg","type":"Version","mId":"1","RSMP":[{"vers":"3.2.2"}],"siteId":[{"sId":"S1"}],"SXL":"1.2.1"})",
      R"({"mType":"rSMsg","type":"Watchdog","mId":"2","wTs":"2026-01-01T12:00:00.000Z"})",
      R"({"mType":"rSMsg","type":"MessageAck","oMId":"1"})",
      R"({"mType":"rSMsg","type":"AggregatedStatus","mId":"3","ntsOId":"","xNId":"","cId":"TC","aSTS":"2026-01-01T12:00:00.000Z","fP":null,"fS":null,"se":[false,false,false,true,false,true,false,false]})",
      R"({"mType":"rSMsg","type":"Alarm","mId":"4","ntsOId":"","xNId":"","cId":"DL1","aCId":"A0302","xACId":"","xNACId":"","aSp":"Issue","ack":"notAcknowledged","aS":"Active","sS":"notSuspended","aTs":"2026-01-01T12:00:00.000Z","cat":"D","pri":"3","rvs":[{"n":"detector","v":"1"}]})",
      R"({"mType":"rSMsg","type":"StatusUpdate","mId":"5","ntsOId":"","xNId":"","cId":"TC","sTs":"2026-01-01T12:00:00.000Z","sS":[{"sCI":"S0001","n":"signalgroupstatus","s":"1B","q":"recent"},{"sCI":"S0001","n":"stage","s":"1","q":"recent"}]})",
      R"({"mType":"rSMsg","type":"StatusUpdate","mId":"6","ntsOId":"","xNId":"","cId":"TC","sTs":"2026-01-01T12:00:00.000Z","sS":[{"sCI":"S0003","n":"inputstatus","s":"00100000","q":"recent"},{"sCI":"S0029","n":"status","s":"0000","q":"recent"},{"sCI":"S0007","n":"intersection","s":"1,2","q":"recent"},{"sCI":"S0007","n":"status","s":"True,False","q":"recent"}]})",
      R"({"mType":"rSMsg","type":"StatusUpdate","mId":"7","ntsOId":"","xNId":"","cId":"TC","sTs":"2026-01-01T12:00:00.000Z","sS":[{"sCI":"S0205","n":"start","s":"2026-01-01T12:00:00.000Z","q":"recent"},{"sCI":"S0205","n":"vehicles","s":"1,-1,3","q":"recent"},{"sCI":"S0207","n":"start","s":"2026-01-01T12:00:00.000Z","q":"recent"},{"sCI":"S0207","n":"occupancy","s":"10.5,-1,300","q":"recent"}]})",
      R"({"mType":"rSMsg","type":"StatusResponse","mId":"8","cId":"TC","sTs":"2026-01-01T12:00:00.000Z","sS":[{"sCI":"S0096","n":"year","s":"2026","q":"recent"},{"sCI":"S0096","n":"month","s":"13","q":"recent"},{"sCI":"S0096","n":"day","s":"31","q":"recent"},{"sCI":"S0096","n":"hour","s":"5","q":"recent"},{"sCI":"S0096","n":"minute","s":"7","q":"recent"},{"sCI":"S0096","n":"second","s":"9","q":"recent"}]})",
      R"({"mType":"rSMsg","type":"CommandResponse","mId":"9","cId":"TC","cTS":"2026-01-01T12:00:00.000Z","rvs":[{"cCI":"M0013","n":"status","v":"3,1,2","age":"recent"}]})",
      R"({"mType":"rSMsg","type":"CommandRequest","mId":"10","cId":"TC","arg":[{"cCI":"M0013","n":"status","cO":"setInput","v":"3,1,2"}]})",
      R"({"mType":"rSMsg","type":"StatusSubscribe","mId":"11","cId":"TC","sS":[{"sCI":"S0001","n":"stage","uRt":"0","sOc":true}]})"};
  return list;
}

// One input: through the reader of every version, and to a supervisor in the midst of its work.
void try_out(const std::string& bytes) {
  for (const CoreRules& row : core_table()) {
    const auto message = read(bytes, row.core);
    if (!message.ok()) {
      EXPECT_FALSE(message.error().error.cause.empty());
      continue;
    }
    // What was read can be written and reads back the same.
    const std::string again = write(*message, row.core);
    const auto back = read(again, row.core);
    ASSERT_TRUE(back.ok()) << again << " " << back.error().error.message();
    EXPECT_EQ(write(*back, row.core), again);
  }
  (void)masked(bytes);
  (void)decode_inputs(bytes);
  (void)parse_tuples(bytes, 3);
  for (const ListStatus& row : list_statuses()) {
    for (const ListName& name : row.names) {
      if (name.name.empty()) continue;
      const auto value = typed(name, Value(bytes));
      if (!value) {
        EXPECT_EQ(value.error().cause, "bad_value");
      }
    }
  }
}

void try_live(Street& street, const std::string& bytes) {
  street.supervisor->bytes(street.connection, bytes + "\f", street.now);
  for (const std::string& cause : street.closed) FAIL() << cause << " by " << bytes;
  street.note(street.supervisor->take());
  street.inbox.clear();
  street.raw.clear();
  for (const Aspect aspect : street.seen.groups) EXPECT_FALSE(to_name(aspect).empty());
}

}  // namespace
}  // namespace dispecer::rsmp

#ifdef DISPECER_FUZZ
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A broken expectation must end the run, not only be printed.
  GTEST_FLAG_SET(break_on_failure, true);
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  dispecer::rsmp::try_out(bytes);
  static dispecer::rsmp::Street street;
  static const bool running = [] {
    street.run();
    return true;
  }();
  (void)running;
  std::string line = bytes;
  std::erase(line, '\f');
  dispecer::rsmp::try_live(street, line);
  return 0;
}
#else
namespace dispecer::rsmp {
namespace {

// Small and the same everywhere; std distributions differ between libraries.
struct Dice {
  std::uint64_t state = 0x9e3779b97f4a7c15ull;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
};

std::string mutated(std::string text, Dice& dice) {
  static const std::vector<std::string> kBits{
      "null",   "true",  "[]",          "{}",   "-1",
      "\"\"",   "1e999", "\"\\u0000\"", "\xff", "99999999999999999999",
      "\"x\":", ",",     "\"",          "[[[[", "\"2026-02-30T12:00:00.000Z\"",
      "False",  "old",   "undefined",   "\\"};
  const std::size_t changes = 1 + dice.below(4);
  for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = dice.below(text.size());
    switch (dice.below(6)) {
      case 0:
        text[at] = static_cast<char>(dice.below(256));
        break;
      case 1:
        text.erase(at, 1 + dice.below(12));
        break;
      case 2:
        text.insert(at, kBits[dice.below(kBits.size())]);
        break;
      case 3:
        text.resize(at);
        break;
      case 4: {
        const std::string& other = seeds()[dice.below(seeds().size())];
        text.insert(at, other.substr(dice.below(other.size()), 20));
        break;
      }
      default: {
        const std::size_t length = 1 + dice.below(8);
        const std::string& bit = kBits[dice.below(kBits.size())];
        text.replace(at, std::min(length, text.size() - at), bit);
      }
    }
  }
  return text;
}

TEST(RsmpFuzz, MutatedFramesAreReadOrRefusedWithACause) {
  Dice dice;
  std::size_t read_well = 0;
  for (const std::string& seed : seeds()) {
    try_out(seed);
    for (int i = 0; i < 250; ++i) {
      const std::string text = mutated(seed, dice);
      try_out(text);
      read_well += read(text, kNewestCore).ok() ? 1u : 0u;
    }
  }
  EXPECT_GT(read_well, 20u) << "the mutations must leave some frames whole";
}

TEST(RsmpFuzz, ALiveSupervisorOutlivesMutatedFrames) {
  Street street;
  street.run();
  Dice dice{0x1234567};
  for (int i = 0; i < 3000; ++i) {
    std::string text = mutated(seeds()[dice.below(seeds().size())], dice);
    std::erase(text, '\f');
    street.now.utc = street.now.utc + from_seconds(0.01);
    try_live(street, text);
  }
  street.lamps("B1", "2");
  street.update("S0003", {{"inputstatus", "00000000"}});
  EXPECT_EQ(street.seen.stage, 2u) << "it still works";
}

}  // namespace
}  // namespace dispecer::rsmp
#endif
