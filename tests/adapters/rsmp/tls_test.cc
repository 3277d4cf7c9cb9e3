// TLS on the supervisor's port, with certificates made for the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include <unistd.h>

#include "adapters/rsmp/listener.h"
#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::HasSubstr;

// An authority, a server and some sites, on disk for as long as the tests of this program run.
class Keys {
 public:
  static const Keys& get() {
    static const Keys keys;
    return keys;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }
  [[nodiscard]] TlsFiles server() const {
    return {file("server.pem"), file("server.key"), file("ca.pem")};
  }
  bool good = true;

 private:
  Keys()
      : folder_(std::filesystem::temp_directory_path() /
                ("rsmp-tls-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    authority("ca");
    authority("other");
    leaf("server", "supervisor", "ca", 2);
    leaf("S1", "S1", "ca", 2);
    leaf("S2", "S2", "ca", 2);
    leaf("expired", "S1", "ca", -1);
    leaf("foreign", "S1", "other", 2);
  }
  ~Keys() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  void run(const std::string& command) {
    good =
        std::system(("cd " + folder_ + " && " + command + " >/dev/null 2>&1").c_str()) == 0 && good;
  }
  void authority(const std::string& name) {
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name +
        ".key -out " + name + ".pem -days 2 -subj /CN=" + name);
  }
  void leaf(const std::string& name, const std::string& subject, const std::string& by, int days) {
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name +
        ".key -out " + name + ".csr -subj /CN=" + subject);
    run("openssl x509 -req -in " + name + ".csr -CA " + by + ".pem -CAkey " + by +
        ".key -CAcreateserial -out " + name + ".pem -days " + std::to_string(days));
  }
  std::string folder_;
};

struct Hall {
  explicit Hall(bool tls, bool site_needs_tls = false) {
    SiteConfig site;
    site.admission.site_id = "S1";
    site.admission.sxl = "1.2.1";
    site.admission.cores = {Core::v3_2_2};
    site.main_component = "TC";
    site.tls = site_needs_tls;
    JunctionWire wire;
    wire.signals = two_stages();
    wire.group_components = {"A1", "A2"};
    site.junctions = {wire};
    supervisor.emplace(std::vector{site}, [](const std::string&) { return std::nullopt; });
    ListenerConfig config;
    config.port = 0;
    if (tls) config.tls = Keys::get().server();
    listener.emplace(
        io, *supervisor, config,
        [] {
          const auto us = std::chrono::duration_cast<std::chrono::microseconds>(
                              std::chrono::steady_clock::now().time_since_epoch())
                              .count();
          return Now{MonoTime{us}, UtcTime{kStart.us + us % 3'600'000'000}};
        },
        [](News&) {});
    const auto started = listener->start();
    EXPECT_TRUE(started.ok()) << (started.ok() ? "" : started.error().message());
    port = listener->port();
    listener->accept();
    thread = std::thread([this] { io.run(); });
  }
  ~Hall() {
    asio::post(io, [this] { listener->stop(); });
    thread.join();
  }
  std::uint64_t count(const std::string& name) {
    std::promise<std::uint64_t> told;
    asio::post(io, [&] {
      const bool socket = name.starts_with("rsmp.socket");
      const auto& counters = socket ? listener->counters() : supervisor->counters();
      const auto at = counters.find(name);
      told.set_value(at == counters.end() ? 0 : at->second);
    });
    return told.get_future().get();
  }
  asio::io_context io;
  std::optional<Supervisor> supervisor;
  std::optional<Listener> listener;
  std::uint16_t port = 0;
  std::thread thread;
};

// What a site hears after its Version, "" = the line was refused or closed without a word.
std::string greet(Hall& hall, const std::string& certificate, bool tls12 = false) {
  asio::io_context io;
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.load_verify_file(Keys::get().file("ca.pem"));
  context.set_verify_mode(asio::ssl::verify_peer);
  if (!certificate.empty()) {
    context.use_certificate_chain_file(Keys::get().file(certificate + ".pem"));
    context.use_private_key_file(Keys::get().file(certificate + ".key"), asio::ssl::context::pem);
  }
  if (tls12) SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_2_VERSION);
  asio::ssl::stream<tcp::socket> stream(io, context);
  stream.next_layer().connect({asio::ip::address_v4::loopback(), hall.port});
  boost::system::error_code code;
  stream.handshake(asio::ssl::stream_base::client, code);
  if (code) return "";
  const std::string frame = write_frame({"v1", Version{{"3.2.2"}, {"S1"}, "1.2.1"}}, Core::v3_2_2);
  asio::write(stream, asio::buffer(frame), code);
  std::string heard;
  std::array<char, 4096> buffer{};
  while (!code && heard.find('\f') == std::string::npos) {
    heard.append(buffer.data(), stream.read_some(asio::buffer(buffer), code));
  }
  return heard;
}

TEST(RsmpTls, ASiteWithItsCertificateIsLetIn) {
  ASSERT_TRUE(Keys::get().good) << "openssl made the certificates";
  Hall hall(true, true);
  EXPECT_THAT(greet(hall, "S1"), HasSubstr("MessageAck"));
}

TEST(RsmpTls, ACertificateOfAnotherSiteIsRefused) {
  Hall hall(true);
  EXPECT_THAT(greet(hall, "S2"), HasSubstr("MessageNotAck"));
  EXPECT_EQ(hall.count("rsmp.identity_mismatch"), 1u);
}

TEST(RsmpTls, WithoutACertificateOrWithOneThatDoesNotHoldNothingIsServed) {
  Hall hall(true);
  EXPECT_EQ(greet(hall, ""), "") << "none";
  EXPECT_EQ(greet(hall, "expired"), "");
  EXPECT_EQ(greet(hall, "foreign"), "") << "signed by somebody else";
  EXPECT_THAT(greet(hall, "S1"), HasSubstr("MessageAck")) << "the port still serves";
  EXPECT_EQ(hall.count("rsmp.socket.tls_refused"), 3u);
}

TEST(RsmpTls, OlderVersionsOfTlsAreRefused) {
  Hall hall(true);
  EXPECT_EQ(greet(hall, "S1", true), "");
}

TEST(RsmpTls, PlainTcpOnATlsPortIsRefusedWithoutAWordOfRsmp) {
  Hall hall(true);
  asio::io_context io;
  tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), hall.port});
  asio::write(socket,
              asio::buffer(write_frame({"v1", Version{{"3.2.2"}, {"S1"}, "1.2.1"}}, Core::v3_2_2)));
  std::string heard;
  boost::system::error_code code;
  std::array<char, 4096> buffer{};
  while (!code) heard.append(buffer.data(), socket.read_some(asio::buffer(buffer), code));
  EXPECT_EQ(heard.find("rSMsg"), std::string::npos);
}

TEST(RsmpTls, ASiteThatNeedsTlsIsNotServedOnAPlainPort) {
  Hall hall(false, true);
  asio::io_context io;
  tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), hall.port});
  asio::write(socket,
              asio::buffer(write_frame({"v1", Version{{"3.2.2"}, {"S1"}, "1.2.1"}}, Core::v3_2_2)));
  std::string heard;
  boost::system::error_code code;
  std::array<char, 4096> buffer{};
  while (!code) heard.append(buffer.data(), socket.read_some(asio::buffer(buffer), code));
  EXPECT_THAT(heard, HasSubstr("MessageNotAck"));
  EXPECT_EQ(hall.count("rsmp.tls_required"), 1u);
}

TEST(RsmpTls, FilesThatCannotBeUsedAreAnErrorThatNamesThem) {
  asio::io_context io;
  Supervisor supervisor({}, [](const std::string&) { return std::nullopt; });
  for (const auto& [files, culprit] :
       {std::pair{
            TlsFiles{"/nowhere/a.pem", Keys::get().file("server.key"), Keys::get().file("ca.pem")},
            std::string("/nowhere/a.pem")},
        std::pair{TlsFiles{Keys::get().file("server.pem"), Keys::get().file("S1.key"),
                           Keys::get().file("ca.pem")},
                  Keys::get().file("S1.key")},
        std::pair{
            TlsFiles{Keys::get().file("server.pem"), Keys::get().file("server.key"), "/nowhere/ca"},
            std::string("/nowhere/ca")}}) {
    ListenerConfig config;
    config.port = 0;
    config.tls = files;
    Listener listener(
        io, supervisor, config, [] { return Now{}; }, [](News&) {});
    const auto started = listener.start();
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.error().cause, "bad_tls");
    EXPECT_EQ(started.error().where, culprit);
  }
}

}  // namespace
}  // namespace dispecer::rsmp
