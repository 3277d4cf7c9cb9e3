#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/rsmp/message/framer.h"
#include "adapters/rsmp/message/message.h"

namespace dispecer::rsmp {
namespace {

using testing::ElementsAre;

std::vector<std::string> cut(Framer& framer, std::string_view bytes, std::size_t step) {
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < bytes.size(); i += step) framer.feed(bytes.substr(i, step), frames);
  return frames;
}

TEST(RsmpFraming, FramesComeOutTheSameWhateverTheReadSize) {
  const std::string stream = "{\"a\":1}\f{\"b\":\"\xc8\x9b\"}\f{}\f";
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    Framer framer;
    EXPECT_THAT(cut(framer, stream, step), ElementsAre("{\"a\":1}", "{\"b\":\"\xc8\x9b\"}", "{}"))
        << "step " << step;
    EXPECT_EQ(framer.empty_frames(), 0u);
    EXPECT_EQ(framer.pending_bytes(), 0u);
  }
}

TEST(RsmpFraming, FormFeedsInARowOrFirstAreCountedAndLeftOut) {
  Framer framer;
  EXPECT_THAT(cut(framer, "\f\f{}\f\f\f{}\f", 3), ElementsAre("{}", "{}"));
  EXPECT_EQ(framer.empty_frames(), 4u);
}

TEST(RsmpFraming, AFrameAboveTheCapIsSkippedAndTheNextOneReads) {
  for (const std::size_t step : {1u, 4u, 64u}) {
    Framer framer(10);
    const std::string stream = "0123456789\f01234567890123456789\f{}\f";
    EXPECT_THAT(cut(framer, stream, step), ElementsAre("0123456789", "{}")) << "step " << step;
    EXPECT_EQ(framer.oversize_frames(), 1u);
  }
}

TEST(RsmpFraming, AnUnfinishedFrameIsNotHandedOut) {
  Framer framer;
  EXPECT_TRUE(cut(framer, "{\"type\":", 2).empty());
  EXPECT_EQ(framer.pending_bytes(), 8u);
}

TEST(RsmpFraming, Utf8SplitOverReadsIsReadAndInvalidUtf8IsRefused) {
  Framer framer;
  const auto frames = cut(
      framer,
      "{\"mType\":\"rSMsg\",\"type\":\"MessageNotAck\",\"oMId\":\"1\",\"rea\":\"\xc8\x9b\"}\f", 1);
  ASSERT_EQ(frames.size(), 1u);
  const auto message = read(frames[0], kNewestCore);
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(std::get<MessageNotAck>(message->body).reason, "\xc8\x9b");
  const auto broken =
      read("{\"mType\":\"rSMsg\",\"type\":\"MessageNotAck\",\"oMId\":\"1\",\"rea\":\"\xc8\"}",
           kNewestCore);
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().error.cause, "bad_json");
}

}  // namespace
}  // namespace dispecer::rsmp
