// dispecer-signs: variable message signs. Proposals come from the bus, the guard has the last word,
// and an order is done only when the sign was seen to show it.
#include <boost/asio/io_context.hpp>
#include <sstream>

#include "adapters/process/shell.h"
#include "adapters/signs/signs.h"
#include "controller/guard/guard.h"

namespace dispecer {
namespace {

constexpr double kLookEvery = 5;  // s, domain time

class Program {
 public:
  explicit Program(process::Shell& shell) : shell_(shell) { read_rows(); }

  void start() {
    shell_.on<topic::Proposals>(
        [this](const bus::Envelope&, const Proposal& p) { on_proposal(p); });
    shell_.on_tick([this](const ClockTick& tick) { on_tick(tick); });
    shell_.every(std::chrono::milliseconds(1000),
                 [this] { shell_.set_counters("", signs_->counters()); });
  }

 private:
  void read_rows() {
    std::vector<signs::Sign> list;
    for (const auto& row : shell_.city().devices) {
      if (row.kind != "sign" || row.street == city::StreetKind::off) continue;
      auto url = shell_.resolve(row.address);
      if (url.empty()) {
        start_alarms_.push_back({"bad_device_row",
                                 row.id,
                                 AlarmPriority::medium,
                                 true,
                                 {},
                                 "devices.toml: no address"});
        continue;
      }
      if (url.find("://") == std::string::npos) url = "http://" + url;
      // An address without a path is a gateway before many signs.
      if (url.find('/', url.find("://") + 3) == std::string::npos) url += "/signs/" + row.id;
      list.push_back({SignId(row.id), url, shell_.secret(row.secret)});
      rules_[SignId(row.id)] = {SignId(row.id), messages_of(row)};
    }
    signs::Options options;
    options.tls.ca_file = shell_.deploy("tls.ca_file");
    signs_ = std::make_unique<signs::Signs>(
        shell_.io(), std::move(list), options,
        signs::Events{[this](const SignReport& r) { on_report(r); },
                      [this](const OrderReport& r) { shell_.publish<topic::Orders>(r, r.t); },
                      [this] { return shell_.now(); }});
  }

  // What a sign may show: "messages" of its row, comma separated; "" (dark) always.
  static std::set<std::string> messages_of(const city::DeviceRow& row) {
    std::set<std::string> messages{""};
    const auto named = row.settings.find("messages");
    std::stringstream list(named != row.settings.end() ? named->second : "open,restricted");
    for (std::string one; std::getline(list, one, ',');) messages.insert(one);
    return messages;
  }

  void on_proposal(const Proposal& proposal) {
    const auto* order = std::get_if<SignOrder>(&proposal.write);
    if (order == nullptr) return;
    const auto rule = rules_.find(order->sign);
    if (rule == rules_.end()) {
      shell_.count("signs.unknown_sign");
      return refuse(proposal, "unknown_sign", "no such sign in devices.toml");
    }
    const guard::Situation situation{shell_.now(), shell_.epoch(), shell_.world().kind};
    const auto approved = guard::Guard::check_sign(proposal, rule->second, situation);
    if (!approved) {
      shell_.count("signs.refused." + approved.error().cause);
      return refuse(proposal, approved.error().cause, approved.error().what);
    }
    signs_->set(*approved);
  }

  void refuse(const Proposal& p, const std::string& rule, const std::string& text) {
    shell_.publish<topic::Orders>({p.id, p.junction, shell_.now(), OrderState::refused, rule, text},
                                  shell_.now());
  }

  void on_report(const SignReport& report) {
    shell_.publish<topic::Signs>(report, report.t);
    shell_.alarm({"sign_fault", report.sign.str(), AlarmPriority::low, !report.healthy, report.t,
                  "the sign gives no answer or reports a fault"});
  }

  void on_tick(const ClockTick& tick) {
    for (auto& event : start_alarms_) {
      event.t = tick.now;
      shell_.alarm(event);
    }
    start_alarms_.clear();
    const bool due =
        !looked_ || in_seconds(tick.now - *looked_) >= kLookEvery || tick.now < *looked_;
    if (!due) return;
    looked_ = tick.now;
    signs_->poll();
  }

  process::Shell& shell_;
  std::vector<AlarmEvent> start_alarms_;
  std::map<SignId, guard::SignRule> rules_;
  std::optional<UtcTime> looked_;
  std::unique_ptr<signs::Signs> signs_;
};

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  using namespace dispecer;
  process::Shell shell(
      {.name = "signs", .about = "Variable message signs are set and watched here."});
  if (const auto code = shell.start(argc, argv)) return *code;
  Program program(shell);
  program.start();
  return shell.run();
}
