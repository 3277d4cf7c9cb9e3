#include "adapters/registers/client.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "adapters/http/server.h"
#include "adapters/registers/inquiries.h"

namespace dispecer::registers {
namespace {

const UtcTime kNow = parse_iso("2026-11-23T10:00:00Z").value();
constexpr const char* kResident =
    R"({"updated": "2026-11-23T09:59:50Z", "rights": [{"plate": "MM12ABC", "kinds": ["resident"]}]})";

struct Hall {
  boost::asio::io_context io;
  std::string body = kResident;
  unsigned status = 200;
  bool silent = false;
  std::vector<http::Request> asked;
  std::vector<http::Server::Answer> held;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<Client> client;

  explicit Hall(Duration timeout = std::chrono::seconds(5)) {
    server = std::move(http::Server::listen_later(
                           io, {},
                           [this](const http::Request& r, const http::Server::Answer& answer) {
                             asked.push_back(r);
                             if (silent) return held.push_back(answer);
                             auto response = http::reply(body);
                             response.status = status;
                             answer(response);
                           }))
                 .value();
    ClientOptions options{url(), "secret", timeout};
    client = std::make_unique<Client>(io, options, [] { return kNow; });
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server->port()) + "/reg"; }

  RightsAnswer ask(const char* plate = "MM12ABC") {
    std::optional<RightsAnswer> answer;
    client->ask({"q", plate, "RO", kNow - from_seconds(60), kNow}, [&](RightsAnswer a) {
      answer = std::move(a);
      io.stop();
    });
    EXPECT_FALSE(answer);  // never from within the call
    io.restart();
    io.run_for(std::chrono::seconds(20));
    return answer.value();
  }
  template <class Until>
  void run_until(Until&& until) {
    for (int i = 0; i < 500 && !until(); ++i) {
      io.restart();
      io.run_for(std::chrono::milliseconds(20));
    }
  }
  std::uint64_t counted(const std::string& name) {
    const auto it = client->counters().find("registers." + name);
    return it == client->counters().end() ? 0 : it->second;
  }
};

TEST(RegisterClient, AsksForThePlateAndItsNeighboursInOneQuestion) {
  Hall hall;
  const auto answer = hall.ask();
  EXPECT_TRUE(answer.answered);
  EXPECT_EQ(answer.kinds, (std::vector{PermitKind::resident}));
  EXPECT_EQ(answer.register_age, Seconds{10});
  ASSERT_EQ(hall.asked.size(), 1U);
  EXPECT_EQ(hall.asked[0].target, "/reg/rights");
  EXPECT_EQ(http::find_header(hall.asked[0].headers, "Authorization"), "Bearer secret");
  for (const char* part : {"\"MM12ABC\"", "\"MM12A8C\"", "\"MMI2ABC\"", "2026-11-23T09:59:00"})
    EXPECT_NE(hall.asked[0].body.find(part), std::string::npos) << part;
  // Nothing personal in what an access log of the register would keep.
  EXPECT_EQ(hall.asked[0].target.find("MM12ABC"), std::string::npos);
}

TEST(RegisterClient, ASlowRegisterIsNotWaitedFor) {
  Hall hall(std::chrono::milliseconds(200));
  hall.silent = true;
  const auto answer = hall.ask();
  EXPECT_FALSE(answer.answered);
  EXPECT_TRUE(answer.kinds.empty());
  EXPECT_FALSE(hall.client->up());
  EXPECT_EQ(hall.counted("timeout"), 1U);
}

TEST(RegisterClient, ARegisterThatIsGoneRefusesOrTalksNonsenseDoesNotAnswer) {
  Hall hall;
  hall.status = 500;
  EXPECT_FALSE(hall.ask().answered);
  hall.status = 200;
  hall.body = "<html>";
  EXPECT_FALSE(hall.ask().answered);
  hall.body =
      R"({"updated": "2026-11-23T10:00:00Z", "rights": [{"plate": "X", "kinds": ["new"]}]})";
  EXPECT_FALSE(hall.ask().answered);
  hall.server->close();
  EXPECT_FALSE(hall.ask().answered);
  EXPECT_EQ(hall.counted("status"), 1U);
  EXPECT_EQ(hall.counted("bad_json"), 1U);
  EXPECT_EQ(hall.counted("unknown_kind"), 1U);
  EXPECT_EQ(hall.counted("asked"), 4U);
}

TEST(RegisterClient, TheExemptAreKnownAlsoWhenTheRegisterIsGone) {
  Hall hall;
  hall.body =
      R"({"updated": "2026-11-23T09:30:00Z", "rights": [{"plate": "MM99AMB", "kinds": ["emergency"]}]})";
  hall.client->refresh_exempt();
  hall.run_until([&] { return hall.counted("exempt.ok") == 1; });
  EXPECT_EQ(hall.counted("exempt.ok"), 1U);
  hall.server->close();
  const auto answer = hall.ask("MM99AMB");
  EXPECT_FALSE(answer.answered);
  EXPECT_EQ(answer.kinds, (std::vector{PermitKind::emergency}));
  EXPECT_EQ(answer.register_age, Seconds{1800});
  EXPECT_TRUE(hall.ask("MM12ABC").kinds.empty());
}

TEST(RegisterClient, AFailedFetchKeepsTheListThatIsThere) {
  Hall hall;
  hall.body =
      R"({"updated": "2026-11-23T09:30:00Z", "rights": [{"plate": "MM99AMB", "kinds": ["emergency"]}]})";
  hall.client->refresh_exempt();
  hall.run_until([&] { return hall.counted("exempt.ok") == 1; });
  hall.body = "nonsense";
  hall.client->refresh_exempt();
  hall.run_until([&] { return hall.counted("exempt.failed") == 1; });
  EXPECT_EQ(hall.counted("exempt.failed"), 1U);
  EXPECT_EQ(hall.ask("MM99AMB").kinds.size(), 1U);
}

TEST(RegisterClient, EveryQuestionOfAFloodIsAnswered) {
  Hall hall;
  std::size_t answers = 0;
  for (int i = 0; i < 1100; ++i) {
    hall.client->ask({"q", "MM12ABC", "RO", kNow, kNow}, [&](const RightsAnswer&) {
      if (++answers == 1100) hall.io.stop();
    });
  }
  hall.io.run_for(std::chrono::seconds(30));
  EXPECT_EQ(answers, 1100U);
  EXPECT_EQ(hall.counted("answered") + hall.counted("queue_full") + hall.counted("waited_out"),
            1100U);
  EXPECT_GT(hall.counted("queue_full"), 0U);
}

TEST(Inquiries, TheAnswerIsGivenOnceWhenItIsThere) {
  Hall hall;
  Inquiries inquiries(*hall.client);
  const RightsQuestion q{"issue/1", "MM12ABC", "RO", kNow, kNow};
  EXPECT_EQ(inquiries.ask(q, MonoTime{0}).error().cause, "pending");
  EXPECT_EQ(inquiries.ask(q, MonoTime{1}).error().cause, "pending");
  hall.run_until([&] { return hall.counted("answered") == 1; });
  const auto answer = inquiries.ask(q, MonoTime{2});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->kinds.size(), 1U);
  EXPECT_EQ(hall.asked.size(), 1U);
  EXPECT_EQ(inquiries.ask(q, MonoTime{3}).error().cause, "pending");  // asked anew
}

}  // namespace
}  // namespace dispecer::registers
