#include "adapters/http/bearer.h"

#include <gtest/gtest.h>

namespace dispecer::http {
namespace {

TEST(Bearer, OnlyTheWholeTokenLetsIn) {
  const auto with = [](const char* value) {
    Request r;
    r.headers = {{"authorization", value}};
    return r;
  };
  EXPECT_TRUE(bearer_matches(with("Bearer secret"), "secret"));
  EXPECT_FALSE(bearer_matches(with("Bearer secre"), "secret"));
  EXPECT_FALSE(bearer_matches(with("Bearer secrets"), "secret"));
  EXPECT_FALSE(bearer_matches(with("secret"), "secret"));
  EXPECT_FALSE(bearer_matches(with("Bearer "), ""));
  EXPECT_FALSE(bearer_matches({}, "secret"));
}

}  // namespace
}  // namespace dispecer::http
