#include "adapters/http/client.h"

#include <gtest/gtest.h>

#include <optional>

#include "adapters/http/poller.h"
#include "adapters/http/server.h"
#include "tests/adapters/http/raw_server.h"

namespace dispecer::http {
namespace {

using namespace std::chrono_literals;
using Io = boost::asio::io_context;

// Runs the loop until the answer is there; at most ten seconds.
Result<Response> ask(Io& io, Client& client, const std::string& url, Request request = {}) {
  std::optional<Result<Response>> got;
  client.send(url, std::move(request), [&](Result<Response> r) { got = std::move(r); });
  EXPECT_FALSE(got.has_value()) << "the answer must not come from within the call";
  const auto end = std::chrono::steady_clock::now() + 10s;
  io.restart();
  while (!got && std::chrono::steady_clock::now() < end) io.run_one_for(100ms);
  if (!got) return Error{"test_gave_up", "", ""};
  return std::move(*got);
}

std::string cause_of(const Result<Response>& r) {
  return r ? "answered " + std::to_string(r->status) : r.error().cause;
}

ClientOptions hasty(std::uint64_t max_body = 1000) {
  ClientOptions options;
  options.timeout = 300ms;
  options.max_body_bytes = max_body;
  return options;
}

std::unique_ptr<Server> serve(Io& io, Server::Handler handler, ServerOptions options = {}) {
  auto server = Server::listen(io, std::move(options), std::move(handler));
  EXPECT_TRUE(server.ok());
  return std::move(*server);
}

std::string url_of(const Server& server, const std::string& path) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + path;
}

TEST(HttpClient, ARequestReachesTheHandlerAndItsAnswerComesBack) {
  Io io;
  Request seen;
  const auto server = serve(io, [&](const Request& r) {
    seen = r;
    Response response = reply(R"({"a":1})");
    response.headers.push_back({"ETag", "\"7\""});
    return response;
  });
  Client client(io);
  const auto answer = ask(io, client, url_of(*server, "/x%20y?k=v%2B1&empty"),
                          {"POST", "", {{"X-Key", "secret"}}, "body", ""});
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(answer->body, R"({"a":1})");
  EXPECT_EQ(find_header(answer->headers, "etag"), "\"7\"");
  EXPECT_EQ(find_header(answer->headers, "content-TYPE"), "application/json");
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.body, "body");
  EXPECT_EQ(find_header(seen.headers, "x-key"), "secret");
  EXPECT_EQ(path_of(seen.target), "/x y");
  EXPECT_EQ(query_value(seen.target, "k"), "v+1");
  EXPECT_EQ(query_value(seen.target, "empty"), "");
  EXPECT_EQ(query_value(seen.target, "absent"), "");
  EXPECT_EQ(seen.peer, "127.0.0.1");
}

TEST(HttpClient, ManyRequestsOneAfterTheOtherUseOneConnection) {
  Io io;
  ServerOptions options;
  options.max_connections = 1;
  const auto server = serve(
      io, [](const Request&) { return reply("{}"); }, options);
  Client client(io);
  for (int i = 0; i < 20; ++i)
    ASSERT_EQ(cause_of(ask(io, client, url_of(*server, "/"))), "answered 200") << i;
  EXPECT_EQ(server->counters().at("requests"), 20U);
  EXPECT_FALSE(server->counters().contains("too_many"));
}

TEST(HttpClient, AConnectionThatTheServerLetGoIsOpenedAgain) {
  Io io;
  ServerOptions options;
  options.keep_alive_timeout = 20ms;
  const auto server = serve(
      io, [](const Request&) { return reply("{}"); }, options);
  Client client(io);
  ASSERT_EQ(cause_of(ask(io, client, url_of(*server, "/"))), "answered 200");
  io.restart();
  io.run_for(100ms);
  EXPECT_EQ(cause_of(ask(io, client, url_of(*server, "/"), {"POST", "", {}, "x", ""})),
            "answered 200");
}

TEST(HttpClient, ASilentServerEndsInTimeout) {
  Io io;
  RawServer server(io, "", false);
  Client client(io, hasty());
  EXPECT_EQ(cause_of(ask(io, client, server.url())), "timeout");
}

TEST(HttpClient, AnAnswerThatNeverEndsEndsInTimeout) {
  Io io;
  RawServer server(io, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part", false);
  Client client(io, hasty());
  EXPECT_EQ(cause_of(ask(io, client, server.url())), "timeout");
}

TEST(HttpClient, AnAnswerThatIsCutOffEndsInClosed) {
  Io io;
  RawServer server(io, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part", true);
  Client client(io, hasty());
  EXPECT_EQ(cause_of(ask(io, client, server.url())), "closed");
}

TEST(HttpClient, ABodyBeyondTheLimitEndsInTooLarge) {
  Io io;
  const auto server =
      serve(io, [](const Request&) { return reply(std::string(5000, 'x'), "text/plain"); });
  Client client(io, hasty(4999));
  EXPECT_EQ(cause_of(ask(io, client, url_of(*server, "/"))), "too_large");
  Client patient(io, hasty(5000));
  EXPECT_EQ(cause_of(ask(io, patient, url_of(*server, "/"))), "answered 200");
}

TEST(HttpClient, AHeaderBeyondTheLimitEndsInTooLarge) {
  Io io;
  RawServer server(io, "HTTP/1.1 200 OK\r\nX: " + std::string(100000, 'x'), false);
  Client client(io, hasty());
  EXPECT_EQ(cause_of(ask(io, client, server.url())), "too_large");
}

TEST(HttpClient, GarbageEndsInBadHttp) {
  Io io;
  RawServer server(io, "\x16\x03\x01 this is no HTTP at all\r\n\r\n", true);
  Client client(io, hasty());
  EXPECT_EQ(cause_of(ask(io, client, server.url())), "bad_http");
}

TEST(HttpClient, NobodyListeningEndsInRefused) {
  Io io;
  std::string url;
  {
    RawServer gone(io, "", false);
    url = gone.url();
  }
  Client client(io, hasty());
  EXPECT_EQ(cause_of(ask(io, client, url)), "refused");
}

TEST(HttpClient, AUrlThatIsNoneEndsInBadUrlAndTellsNoPassword) {
  Io io;
  Client client(io, hasty());
  for (const char* url : {"", "127.0.0.1/x", "ftp://127.0.0.1/", "http://", "http://a b/",
                                "http://user:hunter2@127.0.0.1/", "http://127.0.0.1:99999/"}) {
    const auto r = ask(io, client, url);
    ASSERT_FALSE(r.ok());
    EXPECT_EQ(r.error().cause, "bad_url") << url;
    EXPECT_EQ(r.error().message().find("hunter2"), std::string::npos);
  }
}

TEST(HttpClient, AHeaderWithALineBreakIsNotSent) {
  Io io;
  Client client(io, hasty());
  const auto r = ask(io, client, "http://127.0.0.1:1/", {"GET", "", {{"A", "b\r\nC: d"}}, "", ""});
  EXPECT_EQ(cause_of(r), "bad_url");
}

TEST(HttpClient, ClosingTheClientEndsWhatIsUnderWay) {
  Io io;
  RawServer server(io, "", false);
  std::string cause;
  {
    Client client(io);
    client.get(server.url(), {}, [&](Result<Response> r) { cause = cause_of(r); });
    io.run_for(20ms);
    EXPECT_EQ(cause, "");
  }
  EXPECT_EQ(cause, "cancelled");
  io.restart();
  io.run_for(20ms);
}

TEST(HttpClient, MoreRequestsThanAllowedAtOnceEndInTooMany) {
  Io io;
  RawServer server(io, "", false);
  auto options = hasty();
  options.max_connections_per_origin = 3;
  Client client(io, options);
  std::map<std::string, int> causes;
  for (int i = 0; i < 5; ++i)
    client.get(server.url(), {}, [&](Result<Response> r) { ++causes[cause_of(r)]; });
  io.run_for(600ms);
  EXPECT_EQ(causes, (std::map<std::string, int>{{"timeout", 3}, {"too_many", 2}}));
}

TEST(HttpPoller, AnUnchangedSourceIsAskedWithItsTagAndNotReadAgain) {
  Io io;
  int sent = 0;
  const auto server = serve(io, [&](const Request& r) {
    if (find_header(r.headers, "If-None-Match") == "\"v1\"") return Response{304, {}, "", {}};
    ++sent;
    auto response = reply("{}");
    response.headers.push_back({"ETag", "\"v1\""});
    return response;
  });
  Client client(io, hasty());
  int bodies = 0;
  PollerOptions options;
  options.url = url_of(*server, "/");
  options.period = 10ms;
  options.counter_prefix = "t";
  Poller poller(io, client, options,
                {[&](const Response&) {
                   ++bodies;
                   return true;
                 },
                 [](bool, const std::string&) { FAIL() << "the source was never dead"; }});
  poller.start();
  io.run_for(300ms);
  EXPECT_EQ(bodies, 1);
  EXPECT_EQ(sent, 1);
  EXPECT_EQ(poller.counters().at("t.http.ok"), 1U);
  EXPECT_GT(poller.counters().at("t.http.not_modified"), 3U);
}

TEST(HttpPoller, ADeadSourceIsToldOnceAndToldAgainWhenItIsBack) {
  Io io;
  bool up = true;
  const auto server = serve(io, [&](const Request&) { return up ? reply("{}") : refuse(500, ""); });
  Client client(io, hasty());
  std::vector<bool> verdicts;
  PollerOptions options;
  options.url = url_of(*server, "/");
  options.period = 10ms;
  options.dead_after = 60ms;
  options.max_backoff = 40ms;
  options.counter_prefix = "t";
  Poller poller(io, client, options,
                {[](const Response&) { return true; },
                 [&](bool dead, const std::string&) { verdicts.push_back(dead); }});
  poller.start();
  io.run_for(50ms);
  EXPECT_EQ(verdicts, std::vector<bool>{});
  up = false;
  io.run_for(500ms);
  EXPECT_EQ(verdicts, std::vector<bool>{true});
  const auto tries = poller.counters().at("t.http.status");
  EXPECT_GT(tries, 3U);
  EXPECT_LT(tries, 40U) << "without back-off it would be about 50";
  up = true;
  io.run_for(300ms);
  EXPECT_EQ(verdicts, (std::vector<bool>{true, false}));
}

TEST(HttpPoller, ABodyThatIsNoGoodCountsAsAFailedTry) {
  Io io;
  const auto server = serve(io, [](const Request&) { return reply("garbage"); });
  Client client(io, hasty());
  std::string why;
  PollerOptions options;
  options.url = url_of(*server, "/");
  options.period = 10ms;
  options.dead_after = 50ms;
  Poller poller(
      io, client, options,
      {[](const Response&) { return false; }, [&](bool, const std::string& text) { why = text; }});
  poller.start();
  io.run_for(400ms);
  EXPECT_TRUE(poller.dead());
  EXPECT_NE(why.find("unusable"), std::string::npos);
}

}  // namespace
}  // namespace dispecer::http
