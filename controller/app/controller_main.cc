// dispecer-controller: what to do about it. Pictures and buses in, sealed proposals and decisions
// out; passages and scans in, access decisions and cases out; people's intents in, their results
// out. This file only wires.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>

#include "adapters/process/journal_header.h"
#include "adapters/process/shell.h"
#include "controller/access/access.h"
#include "controller/app/deciding.h"
#include "controller/app/kept.h"
#include "controller/app/shadow_file.h"
#include "controller/app/time_zone.h"
#include "controller/enforcement/enforcement.h"

namespace dispecer {
namespace {

constexpr std::size_t kResultsKept = 1000;
constexpr int kBookTold = 10;  // s

// What survives a restart, in one file, so that its parts never disagree. PERSONAL: holds cases.
struct Kept {
  controller::Snapshot signals;
  access::Snapshot access;
  enforcement::Snapshot cases;
  std::vector<IntentResult> results;  // newest last; a repeated intent gets the same answer
};
constexpr auto fields(Tag<Kept>) {
  using P = Kept;
  return std::tuple{field(1, "signals", &P::signals), field(2, "access", &P::access),
                    field(3, "cases", &P::cases), field(4, "results", &P::results)};
}

class Main {
 public:
  Main()
      : shell_({.name = "controller",
                .about = "Decides signals, priority, access and cases",
                .journals = true,
                .durable = true}) {}

  int run(int argc, char** argv) {
    bool no_priority = false;
    shell_.app().add_flag("--no-priority", no_priority, "Buses get no priority at signals");
    std::vector<std::string> candidates;
    double share = 1;
    auto* shadow = shell_.app().add_option(
        "--shadow", candidates,
        "Candidates (TOML: parameters, policy) that run beside the live ones and are scored");
    shell_.app()
        .add_option("--shadow-share", share, "Share of the junctions at which they run")
        ->check(CLI::Range(0.0, 1.0))
        ->needs(shadow);
    if (auto code = shell_.start(argc, argv)) return *code;
    const auto& city = shell_.city();
    controller::ControllerParameters parameters;
    parameters.bus_priority = !no_priority;
    parameters.emergency = city.emergency;
    parameters.book = city.book;
    zone_.emplace(city.timezone);
    parameters.signals.bench_world = shell_.world().kind == WorldKind::bench;
    deciding_.emplace(controller::make_controller(city.network, city.signals, parameters));
    for (const auto& candidate : candidates) {
      const auto read = controller::read_candidate(candidate);
      if (!read) {
        std::fprintf(stderr, "dispecer-controller: %s\n", read.error().message().c_str());
        return 2;
      }
      controller::add_shadow(deciding_->state(), *read, share);
    }
    rules_.zones = city.zones;
    rules_.gates = city.gates;
    rules_.parking = city.parking;
    case_rules_.city_hash = city.hash;
    case_rules_.build = process::build_id();
    case_rules_.receiver_simulated =
        std::any_of(city.devices.begin(), city.devices.end(), [](const city::DeviceRow& d) {
          return d.kind == "police" && d.street == city::StreetKind::simulated;
        });
    if (!read_back()) return 2;
    wire_signals();
    wire_access();
    wire_people();
    shell_.on_tick([this](const ClockTick& tick) { on_tick(tick); });
    shell_.on_stop([this] {
      publish(deciding_->on_stop());
      keep();
    });
    return shell_.run();
  }

 private:
  void publish(const controller::Outputs& out) {
    const auto now = deciding_->now();
    for (const auto& p : out.proposals) shell_.publish<topic::Proposals>(p, now);
    for (const auto& d : out.decisions) shell_.publish<topic::Decisions>(d, now);
    for (const auto& r : out.requests) shell_.publish<topic::Priority>(r, now);
  }

  void wire_signals() {
    shell_.on<topic::Picture>([this](const bus::Envelope&, const CityPicture& picture) {
      publish(deciding_->on_picture(picture));
      shell_.set_counters("", deciding_->state().counters);
      shell_.set_counters("", deciding_->state().emergency.counters);
    });
    shell_.on<topic::Avl>([this](const bus::Envelope& e, const VehiclePosition& position) {
      deciding_->on_avl(position, e.t_published);
    });
    shell_.on<topic::Buses>([this](const bus::Envelope& e, const BusState& bus) {
      publish(deciding_->on_bus(bus, e.t_measured));
    });
    shell_.on<topic::PriorityPoints>([this](const bus::Envelope& e, const PriorityPoint& point) {
      publish(deciding_->on_point(point, e.t_published));
    });
    shell_.on<topic::Orders>([this](const bus::Envelope&, const OrderReport& report) {
      publish(deciding_->on_order(report));
    });
  }

  void wire_access() {
    shell_.on<topic::Signs>(
        [this](const bus::Envelope&, const SignReport& report) { access::apply(access_, report); });
    shell_.on<topic::Plates>([this](const bus::Envelope&, const PlateRead& read) {
      const auto decision = access::judge(access_, rules_, access_rules_, read);
      shell_.publish<topic::Access>(decision, deciding_->now());
      enforcement::apply(cases_, rules_, case_rules_, read, decision, deciding_->now());
    });
    shell_.on<topic::Scans>([this](const bus::Envelope&, const ScanRead& read) {
      enforcement::apply(cases_, rules_, case_rules_, read, deciding_->now());
    });
    shell_.on_durable<stream::LeadReceipts>([this](const LeadReceipt& receipt) {
      enforcement::apply(cases_, receipt, deciding_->now());
      return keep();
    });
  }

  void wire_people() {
    shell_.on_durable<stream::Intents>([this](const Intent& intent) { return on_intent(intent); });
    shell_.queries().answer("cases", [this](const std::string& question) -> Result<std::string> {
      CaseList list{deciding_->now(), {}};
      if (question == "review") {
        list.cases = enforcement::cases_to_review(cases_);
      } else if (question == "all") {
        list.cases = enforcement::all_cases(cases_);
      } else {
        return Error{"bad_question", "found '" + question + "', expected review or all", "cases"};
      }
      return bus::encode(list);
    });
  }

  void on_tick(const ClockTick& tick) {
    follow_time_zone(tick.now);
    publish(deciding_->on_clock(tick));
    const auto gates = access::step(access_, rules_, access_rules_, tick.now, tick.epoch);
    for (const auto& p : gates.proposals) shell_.publish<topic::Proposals>(p, tick.now);
    for (const auto& a : gates.alarms) shell_.alarm(a);
    const auto out = enforcement::step(cases_, rules_, case_rules_, tick.now);
    bool sent = true;
    for (const auto& lead : out.leads) {
      const auto r = shell_.durable_publish<stream::Leads>(lead.id.str(), lead);
      if (!r) shell_.count("controller.lead_" + r.error().cause);
      sent = sent && r.ok();
    }
    for (const auto& q : out.questions) ask_registers(q);
    for (const auto& a : out.alarms) shell_.alarm(a);
    // A lead that is not on disk yet comes again after a restart from the state before it.
    if (cases_.changed && sent) keep();
    tell_book(tick.now);
    tell_shadows(tick.now);
    // A corridor that is over must not come back with a restart.
    if (deciding_->state().emergency.corridors.size() != corridors_kept_) keep();
    shell_.set_counters("", enforcement::counters(cases_));
    shell_.set_counters("", access_.counters);
  }

  void ask_registers(const RightsQuestion& question) {
    shell_.queries().ask("plates", "rights", bus::encode(question), std::chrono::seconds(3),
                         [this, id = question.id](const Result<std::string>& bytes) {
                           if (!bytes) {
                             shell_.count("controller.rights_" + bytes.error().cause);
                             return;
                           }
                           const auto answer = bus::decode<RightsAnswer>(*bytes);
                           if (!answer) {
                             shell_.count("controller.rights_" + answer.error().cause);
                             return;
                           }
                           enforcement::apply(cases_, rules_, case_rules_, id, *answer,
                                              deciding_->now());
                         });
  }

  // Rules and the book stand in local time.
  void follow_time_zone(UtcTime now) {
    auto news = zone_->follow(now);
    if (!news) return;
    if (!*news) {
      shell_.count("controller." + news->error().cause);
      shell_.degrade(news->error().message());
      return;
    }
    rules_.local = (*news)->local;
    controller::set_local_time(deciding_->state(), (*news)->local, (*news)->holidays);
  }

  bool on_intent(const Intent& intent) {
    for (const auto& known : results_) {
      if (known.intent == intent.id) return answer(known);
    }
    const auto now = deciding_->now();
    std::optional<IntentResult> result = deciding_->on_intent(intent);
    if (!result) result = on_other_intent(intent, now);
    if (!result) return true;  // answered by another process
    results_.push_back(*result);
    if (results_.size() > kResultsKept) results_.erase(results_.begin());
    shell_.count("controller.intent_" + std::string(to_name(result->outcome)));
    tell_book(now);
    return keep() && answer(*result);
  }

  // The score of each whole hour, in the log; the console shows the same among the counters.
  void tell_shadows(UtcTime now) {
    shadows_told_.resize(deciding_->state().shadows.size(), 0);
    for (std::size_t i = 0; i < shadows_told_.size(); ++i) {
      const auto& shadow = deciding_->state().shadows[i];
      if (shadow.hours == shadows_told_[i]) continue;
      shadows_told_[i] = shadow.hours;
      std::fprintf(stderr, "dispecer-controller: %s shadow '%s' (%s): %s\n", to_iso(now).c_str(),
                   shadow.candidate.name.c_str(),
                   std::string(to_name(shadow.candidate.policy)).c_str(),
                   controller::shadow_line(shadow.hour).c_str());
    }
  }

  // When it changes, and now and then for those who came later.
  void tell_book(UtcTime now) {
    const auto& desk = deciding_->state().desk;
    const bool due = now - book_told_ >= std::chrono::seconds(kBookTold) || now < book_told_;
    if (!due && desk.version == book_version_) return;
    shell_.publish<topic::CityBook>(desk.in_force, now);
    if (desk.version != book_version_) tell_left_out(desk, now);
    book_told_ = now;
    book_version_ = desk.version;
  }

  // Entries that do not stand beside the others any more: the city's files have changed.
  void tell_left_out(const controller::BookDesk& desk, UtcTime now) {
    std::set<std::string> out;
    for (const auto& c : desk.left_out) {
      const auto& entry = c.second.empty() ? c.first : c.second;
      out.insert(entry.str());
      shell_.alarm({"book_contradiction", entry.str(), AlarmPriority::medium, true, now,
                    c.rule + ": " + c.text});
    }
    for (const auto& entry : left_out_) {
      if (out.contains(entry)) continue;
      shell_.alarm({"book_contradiction", entry, AlarmPriority::medium, false, now, ""});
    }
    left_out_ = std::move(out);
  }

  std::optional<IntentResult> on_other_intent(const Intent& intent, UtcTime now) {
    access::Verdict verdict;
    const auto* review = std::get_if<ReviewCase>(&intent.action);
    const auto* zone = std::get_if<ActivateZone>(&intent.action);
    if (review == nullptr && zone == nullptr) return std::nullopt;
    if (now >= intent.expires) {
      verdict = {IntentOutcome::expired, "expired"};
    } else if (review != nullptr) {
      verdict = enforcement::apply(cases_, *review, intent.actor, now);
    } else {
      verdict = access::apply(access_, rules_, access_rules_, *zone, intent.actor, now);
    }
    return IntentResult{intent.id, now, verdict.outcome, verdict.cause, ""};
  }

  bool answer(const IntentResult& result) {
    const auto r = shell_.durable_publish<stream::IntentResults>(result.intent.str(), result);
    if (!r) shell_.count("controller.result_" + r.error().cause);
    return r.ok();
  }

  [[nodiscard]] std::string kept_file() const { return shell_.state_dir() + "/controller.kept"; }

  bool keep() {
    const Kept kept{controller::snapshot(deciding_->state()), access::snapshot(access_),
                    enforcement::snapshot(cases_), results_};
    const auto r = controller::write_kept(kept_file(), bus::encode(kept));
    if (!r) {
      shell_.count("controller." + r.error().cause);
      shell_.degrade(r.error().message());
      return false;
    }
    cases_.changed = false;
    corridors_kept_ = deciding_->state().emergency.corridors.size();
    return true;
  }

  bool read_back() {
    const auto bytes = controller::read_kept(kept_file());
    if (!bytes) return true;
    const auto kept = bus::decode<Kept>(*bytes);
    if (!kept) {
      // Cases would be lost without a word: better not to start.
      std::fprintf(stderr, "dispecer-controller: %s: %s\n", kept_file().c_str(),
                   kept.error().message().c_str());
      return false;
    }
    controller::restore(deciding_->state(), kept->signals);
    shell_.checkpoint(bus::encode(kept->signals));
    access_ = access::restore(kept->access);
    cases_ = enforcement::restore(kept->cases);
    results_ = kept->results;
    return true;
  }

  process::Shell shell_;
  std::optional<controller::Deciding> deciding_;
  access::Regulations rules_;
  access::Parameters access_rules_;
  access::State access_;
  enforcement::Parameters case_rules_;
  enforcement::State cases_;
  std::vector<IntentResult> results_;
  std::size_t corridors_kept_ = 0;
  std::vector<std::uint64_t> shadows_told_;  // hours
  UtcTime book_told_;
  std::uint64_t book_version_ = 0;  // that was told
  std::set<std::string> left_out_;
  std::optional<controller::ZoneKeeper> zone_;
};

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  return dispecer::Main().run(argc, argv);
}
