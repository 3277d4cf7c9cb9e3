#include "adapters/http/server.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/read.hpp>
#include <filesystem>
#include <optional>

#include "adapters/http/client.h"
#include "adapters/http/websocket_client.h"
#include "tests/adapters/http/raw_server.h"

namespace dispecer::http {
namespace {

using namespace std::chrono_literals;
using Io = boost::asio::io_context;
using Tcp = boost::asio::ip::tcp;

// What a peer gets for these bytes until the server closes, or 500 ms pass.
std::string raw_exchange(Io& io, std::uint16_t port, const std::string& bytes) {
  Tcp::socket socket(io);
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  boost::asio::write(socket, boost::asio::buffer(bytes));
  std::string got;
  boost::asio::async_read(socket, boost::asio::dynamic_buffer(got), [](const auto&, auto) {});
  io.restart();
  io.run_for(500ms);
  return got;
}

std::unique_ptr<Server> echo(Io& io, ServerOptions options = {}) {
  auto server = Server::listen(io, std::move(options),
                               [](const Request& r) { return reply(r.body, "text/plain"); });
  EXPECT_TRUE(server.ok()) << server.error().message();
  return std::move(*server);
}

// A certificate for localhost and 127.0.0.1 that signs itself, good for an hour.
class Certificate {
 public:
  explicit Certificate(const std::string& name) {
    folder_ = std::filesystem::temp_directory_path() /
              ("dispecer_tls_" + name + "_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* x = X509_new();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key);
    auto* subject = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(x, subject);
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x, x, nullptr, nullptr, 0);
    auto* names =
        X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    X509_add_ext(x, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x, key, EVP_sha256());
    FILE* f = std::fopen(certificate().c_str(), "wb");
    PEM_write_X509(f, x);
    std::fclose(f);
    f = std::fopen(key_file().c_str(), "wb");
    PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(f);
    X509_free(x);
    EVP_PKEY_free(key);
  }
  ~Certificate() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string certificate() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string key_file() const { return folder_ / "key.pem"; }
  [[nodiscard]] TlsIdentity identity() const { return {certificate(), key_file(), ""}; }

 private:
  std::filesystem::path folder_;
};

std::string get(Io& io, const std::string& url, const TlsTrust& trust) {
  ClientOptions options;
  options.timeout = 2s;
  options.tls = trust;
  Client client(io, options);
  std::string outcome;
  client.get(url, {}, [&](Result<Response> r) {
    outcome = r ? std::to_string(r->status) : r.error().cause;
  });
  io.restart();
  for (int i = 0; i < 40 && outcome.empty(); ++i) io.run_for(50ms);
  return outcome;
}

TEST(HttpServer, WithoutTlsItListensOnLoopbackOnly) {
  Io io;
  ServerOptions options;
  options.address = "0.0.0.0";
  const auto open = Server::listen(io, options, [](const Request&) { return reply(""); });
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().cause, "tls_required");
  options.address = "not an address";
  const auto bad = Server::listen(io, options, [](const Request&) { return reply(""); });
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().cause, "bad_address");
}

TEST(HttpServer, APortThatIsTakenIsNamed) {
  Io io;
  const auto first = echo(io);
  ServerOptions options;
  options.port = first->port();
  const auto second = Server::listen(io, options, [](const Request&) { return reply(""); });
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().cause, "address_in_use");
}

TEST(HttpServer, GarbageIsAnsweredWith400AndCounted) {
  Io io;
  const auto server = echo(io);
  const auto got = raw_exchange(io, server->port(), "\x01\x02\x03 garbage\r\n\r\n");
  EXPECT_TRUE(got.starts_with("HTTP/1.1 400")) << got;
  EXPECT_EQ(server->counters().at("bad_http"), 1U);
}

TEST(HttpServer, ABodyBeyondTheLimitIsAnsweredWith413AndCounted) {
  Io io;
  ServerOptions options;
  options.max_body_bytes = 10;
  const auto server = echo(io, options);
  const auto got = raw_exchange(
      io, server->port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n01234567890");
  EXPECT_TRUE(got.starts_with("HTTP/1.1 413")) << got;
  EXPECT_EQ(server->counters().at("too_large"), 1U);
}

TEST(HttpServer, ACallerThatDripsIsHungUpOnAndCounted) {
  Io io;
  ServerOptions options;
  options.request_timeout = 50ms;
  const auto server = echo(io, options);
  EXPECT_EQ(raw_exchange(io, server->port(), "GET / HTTP/1.1\r\nHost: "), "");
  EXPECT_EQ(server->counters().at("timeout"), 1U);
}

TEST(HttpServer, TwoRequestsInOnePieceGetTwoAnswers) {
  Io io;
  const auto server = echo(io);
  const std::string one = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
  const auto got = raw_exchange(io, server->port(), one + "abc" + one + "xyz");
  EXPECT_NE(got.find("abc"), std::string::npos);
  EXPECT_NE(got.find("xyz"), std::string::npos);
}

TEST(HttpServer, StatusZeroHangsUpWithoutAWord) {
  Io io;
  auto server = Server::listen(io, {}, [](const Request&) { return Response{0, {}, "", {}}; });
  EXPECT_EQ(raw_exchange(io, (*server)->port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "");
}

TEST(HttpServer, AnAnswerMayComeLater) {
  Io io;
  Server::Answer kept;
  auto server = Server::listen_later(
      io, {}, [&](const Request&, Server::Answer answer) { kept = std::move(answer); });
  Client client(io);
  unsigned status = 0;
  client.get("http://127.0.0.1:" + std::to_string((*server)->port()) + "/", {},
             [&](Result<Response> r) { status = r ? r->status : 1; });
  io.run_for(100ms);
  ASSERT_TRUE(kept);
  EXPECT_EQ(status, 0U);
  kept(refuse(503, "later"));
  kept(reply("twice"));  // counts for nothing
  io.run_for(100ms);
  EXPECT_EQ(status, 503U);
}

TEST(HttpTls, TheCertificateAndTheNameAreVerified) {
  const Certificate ours("ours");
  const Certificate other("other");
  Io io;
  ServerOptions options;
  options.tls = ours.identity();
  const auto server = echo(io, options);
  const auto port = std::to_string(server->port());
  EXPECT_EQ(get(io, "https://127.0.0.1:" + port + "/", {ours.certificate(), "", ""}), "200");
  EXPECT_EQ(get(io, "https://localhost:" + port + "/", {ours.certificate(), "", ""}), "200");
  EXPECT_EQ(get(io, "https://127.0.0.2:" + port + "/", {ours.certificate(), "", ""}), "refused");
  EXPECT_EQ(get(io, "https://127.0.0.1:" + port + "/", {other.certificate(), "", ""}), "tls");
  EXPECT_EQ(get(io, "https://127.0.0.1:" + port + "/", {}), "tls");
  EXPECT_EQ(get(io, "https://127.0.0.1:" + port + "/", {"/nonexistent.pem", "", ""}), "tls");
  EXPECT_GE(server->counters().at("tls"), 2U);
}

TEST(HttpTls, AnotherNameThanTheCertificatesIsRefused) {
  const Certificate ours("name");
  Io io;
  ServerOptions options;
  options.tls = ours.identity();
  options.address = "127.0.0.2";
  const auto server = echo(io, options);
  EXPECT_EQ(get(io, "https://127.0.0.2:" + std::to_string(server->port()) + "/",
                {ours.certificate(), "", ""}),
            "tls");
}

TEST(HttpTls, ACallerWithoutTheAskedCertificateIsRefused) {
  const Certificate ours("server");
  const Certificate callers("caller");
  Io io;
  ServerOptions options;
  options.tls = ours.identity();
  options.tls->client_ca_file = callers.certificate();
  const auto server = echo(io, options);
  const auto url = "https://127.0.0.1:" + std::to_string(server->port()) + "/";
  EXPECT_NE(get(io, url, {ours.certificate(), "", ""}), "200");
  EXPECT_EQ(get(io, url, {ours.certificate(), callers.certificate(), callers.key_file()}), "200");
}

struct Peer {
  std::vector<std::string> got;
  std::vector<std::string> down;
  int ups = 0;
  std::unique_ptr<WebSocketClient> client;

  Peer(Io& io, const std::string& url, WebSocketClientOptions options = {}) {
    options.first_retry = 20ms;
    options.max_retry = 50ms;
    client = std::make_unique<WebSocketClient>(
        io, url, options,
        WebSocketClient::Events{[this] { ++ups; },
                                [this](std::string text) { got.push_back(std::move(text)); },
                                [this](const Error& e) { down.push_back(e.cause); }});
    client->start();
  }
};

TEST(WebSockets, MessagesGoBothWaysAndASendAfterCloseIsRefused) {
  Io io;
  const auto server = echo(io);
  std::shared_ptr<WebSocket> end;
  std::vector<std::string> at_server;
  std::string why;
  server->on_websocket([](const Request&) { return std::nullopt; },
                       [&](std::shared_ptr<WebSocket> ws, const Request& r) {
                         EXPECT_EQ(path_of(r.target), "/feed");
                         end = ws;
                         ws->on_message([&](std::string t) { at_server.push_back(std::move(t)); });
                         ws->on_close([&](const Error& e) { why = e.cause; });
                         ws->send("welcome");
                       });
  Peer peer(io, "ws://127.0.0.1:" + std::to_string(server->port()) + "/feed");
  EXPECT_FALSE(peer.client->send("too early"));
  io.run_for(200ms);
  ASSERT_EQ(peer.ups, 1);
  EXPECT_TRUE(peer.client->open());
  EXPECT_EQ(peer.got, std::vector<std::string>{"welcome"});
  EXPECT_TRUE(peer.client->send("one"));
  EXPECT_TRUE(peer.client->send("two"));
  io.run_for(100ms);
  EXPECT_EQ(at_server, (std::vector<std::string>{"one", "two"}));
  peer.client->stop();
  io.run_for(100ms);
  EXPECT_EQ(why, "closed");
  EXPECT_FALSE(end->open());
  EXPECT_FALSE(end->send("late"));
}

TEST(WebSockets, ALostConnectionIsOpenedAgain) {
  Io io;
  const auto server = echo(io);
  std::shared_ptr<WebSocket> end;
  server->on_websocket([](const Request&) { return std::nullopt; },
                       [&](std::shared_ptr<WebSocket> ws, const Request&) { end = ws; });
  Peer peer(io, "ws://localhost:" + std::to_string(server->port()) + "/");
  io.run_for(200ms);
  ASSERT_EQ(peer.ups, 1);
  end->close();
  io.run_for(300ms);
  EXPECT_EQ(peer.ups, 2);
  EXPECT_EQ(peer.down, std::vector<std::string>{"closed"});
}

TEST(WebSockets, AnUpgradeThatIsNotAdmittedIsRefusedByName) {
  Io io;
  const auto server = echo(io);
  server->on_websocket(
      [](const Request& r) -> std::optional<Response> {
        if (find_header(r.headers, "Authorization") == "Bearer right") return {};
        return refuse(401, "who are you");
      },
      [](std::shared_ptr<WebSocket>, const Request&) {});
  const auto url = "ws://127.0.0.1:" + std::to_string(server->port()) + "/";
  WebSocketClientOptions wrong;
  wrong.headers = {{"Authorization", "Bearer wrong"}};
  Peer refused(io, url, wrong);
  WebSocketClientOptions right;
  right.headers = {{"Authorization", "Bearer right"}};
  Peer welcome(io, url, right);
  io.run_for(200ms);
  EXPECT_EQ(refused.ups, 0);
  ASSERT_FALSE(refused.down.empty());
  EXPECT_EQ(refused.down.front(), "refused_upgrade");
  EXPECT_EQ(welcome.ups, 1);
}

TEST(WebSockets, AMessageBeyondTheLimitEndsTheConnection) {
  Io io;
  ServerOptions options;
  options.websocket.max_message_bytes = 100;
  const auto server = echo(io, options);
  std::string why;
  server->on_websocket([](const Request&) { return std::nullopt; },
                       [&](std::shared_ptr<WebSocket> ws, const Request&) {
                         ws->on_close([&](const Error& e) { why = e.cause; });
                       });
  Peer peer(io, "ws://127.0.0.1:" + std::to_string(server->port()) + "/");
  io.run_for(200ms);
  EXPECT_TRUE(peer.client->send(std::string(101, 'x')));
  io.run_for(200ms);
  EXPECT_EQ(why, "too_large");
}

TEST(WebSockets, AFullQueueIsToldToTheSender) {
  Io io;
  WebSocketClientOptions options;
  options.limits.max_queued_bytes = 1000;
  const auto server = echo(io);
  server->on_websocket([](const Request&) { return std::nullopt; },
                       [](std::shared_ptr<WebSocket>, const Request&) {});
  Peer peer(io, "ws://127.0.0.1:" + std::to_string(server->port()) + "/", options);
  io.run_for(200ms);
  EXPECT_TRUE(peer.client->send(std::string(600, 'a')));
  EXPECT_FALSE(peer.client->send(std::string(600, 'b')));
}

TEST(WebSockets, TheyRunOverTlsToo) {
  const Certificate ours("ws");
  Io io;
  ServerOptions options;
  options.tls = ours.identity();
  const auto server = echo(io, options);
  server->on_websocket([](const Request&) { return std::nullopt; },
                       [](std::shared_ptr<WebSocket> ws, const Request&) { ws->send("over tls"); });
  WebSocketClientOptions trusting;
  trusting.tls.ca_file = ours.certificate();
  Peer peer(io, "wss://127.0.0.1:" + std::to_string(server->port()) + "/", trusting);
  Peer doubting(io, "wss://127.0.0.1:" + std::to_string(server->port()) + "/");
  io.run_for(400ms);
  EXPECT_EQ(peer.got, std::vector<std::string>{"over tls"});
  ASSERT_FALSE(doubting.down.empty());
  EXPECT_EQ(doubting.down.front(), "tls");
}

}  // namespace
}  // namespace dispecer::http
