// Over real sockets: TLS with our own authority, a receiver that subscribes, goes and comes again.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>

#include "adapters/http/client.h"
#include "adapters/http/websocket_client.h"
#include "adapters/police/certificate.h"
#include "adapters/police/message.h"
#include "adapters/police/post.h"
#include "adapters/police/subscription.h"
#include "tests/adapters/police/leads.h"

namespace dispecer::police {
namespace {

struct Desk {
  Folder folder;
  boost::asio::io_context io;
  std::vector<std::string> messages;
  int ups = 0;
  std::unique_ptr<Subscription> subscription;

  explicit Desk(bool tls = true) {
    SubscriptionOptions options;
    options.token = "secret";
    if (tls) options.server.tls = own_certificate(folder.path).value().identity;
    subscription = std::move(Subscription::listen(
                                 io, options,
                                 {[this](const std::string& text) { messages.push_back(text); },
                                  [this] { ++ups; }}))
                       .value();
  }
  std::unique_ptr<http::WebSocketClient> receiver(std::vector<std::string>& got,
                                                  std::vector<std::string>& errors,
                                                  const std::string& token = "secret",
                                                  const char* scheme = "wss",
                                                  const char* path = "/leads") {
    http::WebSocketClientOptions options;
    options.headers = {{"Authorization", "Bearer " + token}};
    options.tls.ca_file = folder.path + "/ca.pem";
    auto socket = std::make_unique<http::WebSocketClient>(
        io, std::string(scheme) + "://127.0.0.1:" + std::to_string(subscription->port()) + path,
        options,
        http::WebSocketClient::Events{[] {},
                                      [&got](std::string text) { got.push_back(std::move(text)); },
                                      [&errors](const Error& e) { errors.push_back(e.cause); }});
    socket->start();
    return socket;
  }
  template <class Until>
  bool run_until(Until&& until) {
    for (int i = 0; i < 500 && !until(); ++i) {
      io.restart();
      io.run_for(std::chrono::milliseconds(20));
    }
    return until();
  }
};

TEST(PoliceWire, ASubscribedReceiverGetsLeadsOverTlsAndItsReceiptsComeBack) {
  Desk desk;
  EXPECT_FALSE(desk.subscription->ready());
  std::vector<std::string> got;
  std::vector<std::string> errors;
  const auto receiver = desk.receiver(got, errors);
  ASSERT_TRUE(desk.run_until([&] { return desk.subscription->ready(); }));
  EXPECT_EQ(desk.ups, 1);
  desk.subscription->send(lead_message(lead("1")));
  ASSERT_TRUE(desk.run_until([&] { return !got.empty(); }));
  EXPECT_EQ(got[0], lead_message(lead("1")));
  receiver->send(receipt_message(receipt("1")));
  ASSERT_TRUE(desk.run_until([&] { return !desk.messages.empty(); }));
  EXPECT_EQ(*parse_receipt(desk.messages[0]), receipt("1"));
}

TEST(PoliceWire, AReceiverThatGoesAndComesAgainIsServedAgain) {
  Desk desk;
  std::vector<std::string> got;
  std::vector<std::string> errors;
  auto receiver = desk.receiver(got, errors);
  ASSERT_TRUE(desk.run_until([&] { return desk.subscription->ready(); }));
  receiver.reset();
  ASSERT_TRUE(desk.run_until([&] { return !desk.subscription->ready(); }));
  receiver = desk.receiver(got, errors);
  ASSERT_TRUE(desk.run_until([&] { return desk.subscription->ready(); }));
  desk.subscription->send("{}");
  EXPECT_TRUE(desk.run_until([&] { return !got.empty(); }));
}

TEST(PoliceWire, WithoutTheTokenNobodySubscribes) {
  Desk desk;
  std::vector<std::string> got;
  std::vector<std::string> errors;
  const auto receiver = desk.receiver(got, errors, "wrong");
  ASSERT_TRUE(desk.run_until([&] { return !errors.empty(); }));
  EXPECT_EQ(errors[0], "refused_upgrade");
  EXPECT_FALSE(desk.subscription->ready());
  EXPECT_GE(desk.subscription->counters().at("police.wire.unauthorised"), 1U);
}

TEST(PoliceWire, WithoutTlsNobodySubscribesToASecuredDesk) {
  Desk desk;
  std::vector<std::string> got;
  std::vector<std::string> errors;
  const auto receiver = desk.receiver(got, errors, "secret", "ws");
  ASSERT_TRUE(desk.run_until([&] { return !errors.empty(); }));
  EXPECT_FALSE(desk.subscription->ready());
}

TEST(PoliceWire, AReceiverThatDoesNotBelieveOurAuthorityGetsNothing) {
  Desk desk;
  Desk other;
  std::vector<std::string> got;
  std::vector<std::string> errors;
  http::WebSocketClientOptions options;
  options.headers = {{"Authorization", "Bearer secret"}};
  options.tls.ca_file = other.folder.path + "/ca.pem";
  http::WebSocketClient receiver(
      desk.io, "wss://127.0.0.1:" + std::to_string(desk.subscription->port()) + "/leads", options,
      {[] {}, [](const std::string&) {}, [&](const Error& e) { errors.push_back(e.cause); }});
  receiver.start();
  ASSERT_TRUE(desk.run_until([&] { return !errors.empty(); }));
  EXPECT_EQ(errors[0], "tls");
}

TEST(PoliceWire, AReceiptMayAlsoBePosted) {
  Desk desk(false);
  http::Client client(desk.io);
  const auto url = "http://127.0.0.1:" + std::to_string(desk.subscription->port()) + "/leads";
  std::vector<unsigned> status;
  const auto note = [&](Result<http::Response> r) { status.push_back(r ? r->status : 0); };
  client.post(url, "application/json", receipt_message(receipt("1")),
              {{"Authorization", "Bearer secret"}}, note);
  ASSERT_TRUE(desk.run_until([&] { return status.size() == 1; }));
  client.post(url, "application/json", receipt_message(receipt("1")), {}, note);
  ASSERT_TRUE(desk.run_until([&] { return status.size() == 2; }));
  EXPECT_EQ(status, (std::vector<unsigned>{200, 401}));
  EXPECT_EQ(desk.messages.size(), 1U);
}

TEST(PoliceWire, ADeskWithoutATokenIsNotOpened) {
  boost::asio::io_context io;
  EXPECT_EQ(Subscription::listen(io, {}, {}).error().cause, "no_token");
}

TEST(PoliceWire, AReceiverThatIsCalledAcknowledgesInItsAnswer) {
  boost::asio::io_context io;
  std::string body;
  auto server = std::move(http::Server::listen(io, {}, [&](const http::Request& r) {
                  body = r.body;
                  return http::reply(receipt_message(receipt("1")));
                })).value();
  std::vector<std::string> messages;
  Post post(io, {"http://127.0.0.1:" + std::to_string(server->port()) + "/leads", "secret"},
            [&](const std::string& text) {
              messages.push_back(text);
              io.stop();
            });
  post.send(lead_message(lead("1")));
  io.run_for(std::chrono::seconds(10));
  EXPECT_EQ(body, lead_message(lead("1")));
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_TRUE(parse_receipt(messages[0]));
}

TEST(PoliceWire, PlainHttpIsForThisMachineOnly) {
  EXPECT_TRUE(check_post_url("https://police.example/leads"));
  EXPECT_TRUE(check_post_url("http://127.0.0.1:8080/leads"));
  EXPECT_EQ(check_post_url("http://police.example/leads").error().cause, "tls_required");
  EXPECT_EQ(check_post_url("http://127.0.0.1.example/leads").error().cause, "tls_required");
  EXPECT_EQ(check_post_url("ftp://127.0.0.1").error().cause, "bad_url");
}

TEST(PoliceWire, TheKeyOfOurCertificateIsReadByNobodyElseAndIsMadeOnce) {
  Folder folder;
  const auto own = own_certificate(folder.path + "/tls");
  ASSERT_TRUE(own);
  struct stat s {};
  ASSERT_EQ(::stat(own->identity.key_file.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600U);
  const auto made = s.st_mtim.tv_nsec;
  ASSERT_TRUE(own_certificate(folder.path + "/tls"));
  ASSERT_EQ(::stat(own->identity.key_file.c_str(), &s), 0);
  EXPECT_EQ(s.st_mtim.tv_nsec, made);
}

}  // namespace
}  // namespace dispecer::police
