// dispecer-police: brings leads to the subscribed receiver of the police and its receipts back. At
// least once on the wire, once in effect.
//
// The row "police" of devices.toml: protocol "police" or "websocket" - the receiver connects to us
// at `address` (WebSocket, path /leads unless named); "post" - we POST to `address`. TLS unless the
// setting tls = "off", which is for this machine only. Deployment: tls.certificate_file,
// tls.key_file; without them an authority of our own is made in <state>/tls, and its certificate
// stands in <run>/police_ca.pem for a receiver on this machine.
#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "adapters/app/endpoint.h"
#include "adapters/police/certificate.h"
#include "adapters/police/delivery.h"
#include "adapters/police/post.h"
#include "adapters/police/subscription.h"
#include "adapters/process/shell.h"

namespace dispecer {
namespace {

// Stands where no receiver is configured: leads wait.
class Nobody : public police::Channel {
 public:
  [[nodiscard]] bool ready() const override { return false; }
  void send(const std::string&) override {}
};

class Program {
 public:
  explicit Program(process::Shell& shell) : shell_(shell) {}

  Result<> open() {
    auto outbox = police::Outbox::open(shell_.state_dir() + "/durable/police-outbox.log");
    if (!outbox) return outbox.error();
    police::DeliveryOptions options;
    for (const auto& row : shell_.city().devices) {
      if (row.kind != "police" || row.street == city::StreetKind::off || channel_) continue;
      options.receiver_simulated = row.street == city::StreetKind::simulated;
      if (auto r = open_channel(row); !r) return r;
    }
    if (!channel_) channel_ = std::make_unique<Nobody>();
    delivery_ = std::make_unique<police::Delivery>(
        std::move(*outbox), options, *channel_,
        police::DeliveryEvents{[this](const LeadReceipt& r) { return keep(r); },
                               [this](const AlarmEvent& a) { shell_.alarm(a); },
                               [this] { return shell_.now(); }});
    return Ok{};
  }

  void start() {
    shell_.on_durable<stream::Leads>(
        [this](const Lead& lead) { return delivery_->take(lead, shell_.mono()).ok(); });
    shell_.every(std::chrono::milliseconds(100), [this] { delivery_->work(shell_.mono()); });
    shell_.every(std::chrono::milliseconds(1000), [this] {
      shell_.set_counters("", delivery_->counters());
      if (subscription_ != nullptr) shell_.set_counters("", subscription_->counters());
      if (post_ != nullptr) shell_.set_counters("", post_->counters());
    });
  }

 private:
  bool keep(const LeadReceipt& receipt) {
    const auto key = receipt.lead.str() + "/" + std::string(to_name(receipt.kind));
    const auto kept = shell_.durable_publish<stream::LeadReceipts>(key, receipt);
    if (!kept) shell_.count("police." + kept.error().cause);
    return kept.ok();
  }

  Result<> open_channel(const city::DeviceRow& row) {
    const auto message = [this](const std::string& text) { delivery_->receive(text); };
    const auto address = shell_.resolve(row.address);
    if (row.protocol == "post") {
      if (auto r = police::check_post_url(address); !r) return r;
      police::PostOptions options{address, shell_.secret(row.secret)};
      options.tls.ca_file = shell_.deploy("tls.ca_file");
      auto post = std::make_unique<police::Post>(shell_.io(), options, message);
      post_ = post.get();
      channel_ = std::move(post);
      return Ok{};
    }
    auto options = listening(row, address);
    if (!options) return options.error();
    auto subscription = police::Subscription::listen(
        shell_.io(), *options, {message, [this] { delivery_->channel_up(); }});
    if (!subscription) return subscription.error();
    subscription_ = subscription->get();
    channel_ = std::move(*subscription);
    return Ok{};
  }

  Result<police::SubscriptionOptions> listening(const city::DeviceRow& row,
                                                const std::string& address) {
    const std::string where = "devices.toml: " + row.id;
    const auto endpoint = parse_endpoint(address);
    if (!endpoint) return Error{endpoint.error().cause, endpoint.error().what, where};
    police::SubscriptionOptions options;
    options.server.address = endpoint->host;
    options.server.port = endpoint->port;
    if (!endpoint->path.empty()) options.path = endpoint->path;
    options.token = shell_.secret(row.secret);
    if (options.token.empty() && row.street == city::StreetKind::simulated &&
        is_loopback(*endpoint))
      options.token = "simulated";  // a receiver of the simulated street, on this machine
    const auto tls = row.settings.find("tls");
    if (tls != row.settings.end() && tls->second == "off") {
      if (!is_loopback(*endpoint))
        return Error{"tls_required", "tls = \"off\" is for this machine only", where};
      return options;
    }
    auto identity = certificate();
    if (!identity) return identity.error();
    options.server.tls = *identity;
    return options;
  }

  Result<http::TlsIdentity> certificate() {
    if (const auto file = shell_.deploy("tls.certificate_file"); !file.empty())
      return http::TlsIdentity{file, shell_.deploy("tls.key_file"), ""};
    const auto own = police::own_certificate(shell_.state_dir() + "/tls");
    if (!own) return own.error();
    std::error_code ec;
    const auto shown = shell_.run_dir() + "/police_ca.pem";
    std::filesystem::copy_file(own->ca_file, shown + ".new",
                               std::filesystem::copy_options::overwrite_existing, ec);
    if (!ec) std::filesystem::rename(shown + ".new", shown, ec);
    if (ec) return Error{"certificate", ec.message(), shown};
    return own->identity;
  }

  process::Shell& shell_;
  std::unique_ptr<police::Channel> channel_;
  police::Subscription* subscription_ = nullptr;
  police::Post* post_ = nullptr;
  std::unique_ptr<police::Delivery> delivery_;
};

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  using namespace dispecer;
  process::Shell shell({.name = "police",
                        .about = "Reviewed leads are delivered to the police from here.",
                        .durable = true});
  if (const auto code = shell.start(argc, argv)) return *code;
  Program program(shell);
  if (auto opened = program.open(); !opened) {
    std::fprintf(stderr, "dispecer-police: %s\n", opened.error().message().c_str());
    return 2;
  }
  program.start();
  return shell.run();
}
