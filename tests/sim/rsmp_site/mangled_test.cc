// Frames with bytes changed, cut out and doubled: a site refuses what it can name, counts the rest,
// and goes on serving.
#include <random>

#include "tests/sim/rsmp_site/supervisor_hand.h"

namespace dispecer::sim {
namespace {

std::vector<std::string> seeds() {
  const rsmp::Component tc{"TC", "", ""};
  const auto id = "b0e7d6a1-8d2a-4d4e-9b43-5a1b2d3c4e5f";
  const auto order = [&](const char* code, const char* name, std::vector<std::string> pairs) {
    rsmp::CommandRequest request{tc, {}};
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2)
      request.arguments.push_back({code, pairs[i], name, rsmp::Value(pairs[i + 1])});
    return rsmp::Body(request);
  };
  std::vector<std::string> out;
  for (const auto& body :
       {rsmp::Body(rsmp::StatusRequest{tc, {{"S0001", "stage"}, {"S0205", "vehicles"}}}),
        rsmp::Body(rsmp::StatusSubscribe{tc, {{"S0001", "stage", 1, true}}}),
        rsmp::Body(rsmp::StatusUnsubscribe{tc, {{"S0001", "stage"}}}),
        order("M0013", "setInput", {"status", "1,2,1;5,5,10", "securityCode", "2222"}),
        order("M0014", "setCommands", {"plan", "1", "status", "1-4,2-3", "securityCode", "2222"}),
        order("M0016", "setWeekTable", {"status", "0-1,6-2", "securityCode", "2222"}),
        order("M0017", "setTimeTable", {"status", "12-1-12-59,1-0-23-12", "securityCode", "2222"}),
        order("M0018", "setCycleTime", {"status", "70", "plan", "1", "securityCode", "2222"}),
        order("M0021", "setLevel", {"status", "1-50", "securityCode", "2222"}),
        order("M0022", "requestPriority",
              {"requestId", "a", "signalGroupId", "A1", "type", "new", "level", "7", "eta", "2"}),
        order("M0104", "setDate",
              {"securityCode", "1111", "year", "2020", "month", "2", "day", "29", "hour", "12",
               "minute", "30", "second", "0"}),
        rsmp::Body(rsmp::Alarm{tc, "A0006", "", "", rsmp::AlarmKind::suspend, {}, {}})})
    out.push_back(rsmp::write({id, body}, rsmp::kNewestCore));
  return out;
}

TEST(RsmpSite, GoesOnServingThroughTenThousandMangledFrames) {
  Hand hand;
  hand.establish();
  std::mt19937 dice(20'260'101);
  const auto roll = [&](std::size_t n) { return static_cast<std::size_t>(dice() % n); };
  const auto originals = seeds();
  static constexpr std::string_view kBytes = "\"{}[]:,-0123456789\\\f\x01\xffTrueSM";
  for (int i = 0; i < 10'000; ++i) {
    auto text = originals[roll(originals.size())];
    for (std::size_t k = roll(4); k > 0 && text.size() > 2; --k) {
      const auto at = roll(text.size());
      switch (roll(4)) {
        case 0:
          text[at] = kBytes[roll(kBytes.size())];
          break;
        case 1:
          text.erase(at, 1 + roll(8));
          break;
        case 2:
          text.insert(at, text.substr(roll(text.size()), roll(20)));
          break;
        default:
          text.insert(at, 1, kBytes[roll(kBytes.size())]);
      }
    }
    hand.raw(text);
    if (i % 50 == 0) hand.second();
    if (i % 10 == 0) hand.hear();
    ASSERT_EQ(hand.site->close_reason(), "");
  }
  hand.hear();
  EXPECT_EQ(hand.status("S0017", "number"), "3");
  EXPECT_EQ(hand.cabinet.intersections[0].output.failure, "");
  std::uint64_t refused = 0;
  for (const auto& [name, n] : hand.site->counters()) {
    if (name.starts_with("rsmp_site.refused.") || name == "rsmp_site.not_ack_sent") refused += n;
  }
  EXPECT_GT(refused, 3000U);
}

}  // namespace
}  // namespace dispecer::sim
