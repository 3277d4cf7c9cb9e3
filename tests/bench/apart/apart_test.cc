#include "tests/bench/apart/apart.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace dispecer::bench {
namespace {

TEST(Apart, EachResultStandsInItsPlaceHoweverLongItsProcessTook) {
  const auto texts = run_apart(4, 2, [](std::size_t n) {
    if (n == 0) ::usleep(50'000);
    return std::string(n * 10'000, 'a') + std::to_string(n);
  });
  ASSERT_EQ(texts.size(), 4U);
  for (std::size_t n = 0; n < 4; ++n) {
    EXPECT_EQ(texts[n], std::string(n * 10'000, 'a') + std::to_string(n));
  }
}

TEST(Apart, AChildThatDiesIsNoHarmToTheOthers) {
  const auto texts = run_apart(3, 3, [](std::size_t n) -> std::string {
    if (n == 1) ::_exit(9);
    return "done";
  });
  EXPECT_EQ(texts, (std::vector<std::string>{"done", "", "done"}));
}

}  // namespace
}  // namespace dispecer::bench
