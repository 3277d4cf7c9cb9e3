// dispecer-replay: plays a journal back through the same cores and says whether the same came out,
// byte for byte; scores candidate parameters beside the recorded ones; and tells why a junction was
// served as it was at a given second.
#include <CLI/CLI.hpp>
#include <deque>
#include <iostream>
#include <set>

#include "adapters/bus/journal.h"
#include "adapters/bus/json.h"
#include "adapters/bus/topics.h"
#include "adapters/city/city.h"
#include "adapters/clock/domain_clock.h"
#include "adapters/process/journal_header.h"
#include "controller/app/deciding.h"
#include "controller/app/shadow_file.h"
#include "controller/app/time_zone.h"
#include "fusion/app/setup.h"

namespace dispecer {
namespace {

constexpr std::size_t kJunctionsTold = 10;

struct Output {
  std::uint32_t topic = 0;
  std::string payload;
};

// One core fed from a journal. Gives what it publishes, in order.
class Player {
 public:
  virtual ~Player() = default;
  virtual void checkpoint(const std::string&) {}
  virtual std::vector<Output> input(const bus::Envelope& envelope, const std::string& payload) = 0;
  virtual std::vector<Output> intent(const std::string&) { return {}; }
  virtual std::vector<Output> stop() { return {}; }
  // What a candidate's score was, "" = there was none.
  [[nodiscard]] virtual std::string report() const { return ""; }
  // Is this recorded output one that the core makes?
  [[nodiscard]] virtual bool owns(const bus::Envelope& envelope,
                                  const std::string& payload) const = 0;
};

template <class T>
void add(std::vector<Output>& out, const typename T::Payload& payload) {
  out.push_back({T::row.number, bus::encode(payload)});
}

class ControllerPlayer : public Player {
 public:
  ControllerPlayer(const city::City& city, const std::vector<signals::Candidate>& candidates)
      : deciding_(controller::make_controller(city.network, city.signals, parameters_of(city))),
        zone_(city.timezone) {
    for (const auto& c : candidates) controller::add_shadow(deciding_.state(), c, 1);
  }

  void checkpoint(const std::string& bytes) override {
    if (const auto kept = bus::decode<controller::Snapshot>(bytes))
      controller::restore(deciding_.state(), *kept);
  }
  std::vector<Output> input(const bus::Envelope& e, const std::string& payload) override {
    std::vector<Output> out;
    if (e.topic == topic::Clock::row.number) {
      const auto tick = bus::decode<ClockTick>(payload);
      if (!tick || !clock_.tick(*tick, {})) return out;
      if (auto news = zone_.follow(tick->now); news && *news) {
        controller::set_local_time(deciding_.state(), (*news)->local, (*news)->holidays);
      }
      collect(out, deciding_.on_clock(*tick));
    } else if (e.topic == topic::Picture::row.number) {
      if (const auto p = bus::decode<CityPicture>(payload)) collect(out, deciding_.on_picture(*p));
    } else if (e.topic == topic::Avl::row.number) {
      if (const auto p = bus::decode<VehiclePosition>(payload)) deciding_.on_avl(*p, e.t_published);
    } else if (e.topic == topic::Buses::row.number) {
      if (const auto b = bus::decode<BusState>(payload))
        collect(out, deciding_.on_bus(*b, e.t_measured));
    } else if (e.topic == topic::Orders::row.number) {
      if (const auto r = bus::decode<OrderReport>(payload)) collect(out, deciding_.on_order(*r));
    } else if (e.topic == topic::PriorityPoints::row.number) {
      if (const auto p = bus::decode<PriorityPoint>(payload))
        collect(out, deciding_.on_point(*p, e.t_published));
    }
    return out;
  }
  std::vector<Output> intent(const std::string& payload) override {
    const auto intent = bus::decode<Intent>(payload);
    if (intent && answered_.insert(intent->id).second) (void)deciding_.on_intent(*intent);
    return {};
  }
  std::vector<Output> stop() override {
    std::vector<Output> out;
    collect(out, deciding_.on_stop());
    return out;
  }
  [[nodiscard]] std::string report() const override {
    std::string out;
    const auto& shadows = deciding_.state().shadows;
    for (const auto& s : shadows) {
      if (shadows.size() > 1) out += "# " + s.candidate.name + "\n";
      out += controller::shadow_table(s, kJunctionsTold);
    }
    return out;
  }
  [[nodiscard]] bool owns(const bus::Envelope& e, const std::string& payload) const override {
    if (e.topic == topic::Proposals::row.number) {
      // Signs are proposed by the access rules, whose inputs are personal and never journalled.
      const auto p = bus::decode<Proposal>(payload);
      return p && !std::holds_alternative<SignOrder>(p->write);
    }
    return e.topic == topic::Decisions::row.number || e.topic == topic::Priority::row.number;
  }

 private:
  static controller::ControllerParameters parameters_of(const city::City& city) {
    controller::ControllerParameters parameters;
    parameters.emergency = city.emergency;
    parameters.book = city.book;
    return parameters;
  }
  static void collect(std::vector<Output>& out, const controller::Outputs& made) {
    for (const auto& p : made.proposals) add<topic::Proposals>(out, p);
    for (const auto& d : made.decisions) add<topic::Decisions>(out, d);
    for (const auto& r : made.requests) add<topic::Priority>(out, r);
  }
  controller::Deciding deciding_;
  controller::ZoneKeeper zone_;
  clock::DomainClock clock_;
  std::set<IntentId> answered_;
};

class FusionPlayer : public Player {
 public:
  explicit FusionPlayer(const city::City& city)
      : state_(fusion::make_fusion(fusion::load(city, {}).setup)), timezone_(city.timezone) {}

  void checkpoint(const std::string& bytes) override { state_.kept_outlook = bytes; }
  std::vector<Output> input(const bus::Envelope& e, const std::string& payload) override {
    std::vector<Output> out;
    if (e.topic == topic::Clock::row.number) {
      const auto tick = bus::decode<ClockTick>(payload);
      if (!tick || !clock_.tick(*tick, {})) return out;
      (void)fusion::keep_days(state_, timezone_, tick->now);
      (void)fusion::take_over(state_);
      add<topic::Picture>(out, fusion::step(state_, *tick));
    } else if (e.topic == topic::Avl::row.number) {
      const auto position = bus::decode<VehiclePosition>(payload);
      if (!position) return out;
      if (const auto bus = fusion::apply(state_, *position)) add<topic::Buses>(out, *bus);
    } else {
      take<topic::Detectors>(e, payload) || take<topic::Signals>(e, payload) ||
          take<topic::ParkingCounts>(e, payload) || take<topic::Air>(e, payload) ||
          take<topic::Signs>(e, payload) || take<topic::CityBook>(e, payload);
    }
    return out;
  }
  [[nodiscard]] bool owns(const bus::Envelope& e, const std::string&) const override {
    return e.topic == topic::Picture::row.number || e.topic == topic::Buses::row.number;
  }

 private:
  template <class T>
  bool take(const bus::Envelope& e, const std::string& payload) {
    if (e.topic != T::row.number) return false;
    if (const auto value = bus::decode<typename T::Payload>(payload)) fusion::apply(state_, *value);
    return true;
  }
  fusion::FusionState state_;
  std::string timezone_;
  clock::DomainClock clock_;
};

struct Options {
  std::string journal;
  std::string city;
  std::string junction;
  std::string at;
  std::vector<std::string> shadows;
};

std::string topic_name(std::uint32_t number) {
  const auto* row = bus::find_topic(number);
  return row == nullptr ? std::to_string(number) : std::string(row->name);
}

std::string as_json(const Output& o) {
  if (o.topic == topic::Decisions::row.number) {
    if (const auto d = bus::decode<SignalDecision>(o.payload)) return bus::to_json(*d);
  } else if (o.topic == topic::Proposals::row.number) {
    if (const auto p = bus::decode<Proposal>(o.payload)) return bus::to_json(*p);
  } else if (o.topic == topic::Priority::row.number) {
    if (const auto r = bus::decode<PriorityRequest>(o.payload)) return bus::to_json(*r);
  } else if (o.topic == topic::Buses::row.number) {
    if (const auto b = bus::decode<BusState>(o.payload)) return bus::to_json(*b);
  } else if (o.topic == topic::Picture::row.number) {
    if (const auto p = bus::decode<CityPicture>(o.payload)) return bus::to_json(*p);
  }
  return "";
}

int why(const Options& o) {
  const auto at = parse_iso(o.at);
  if (!at) {
    std::cerr << "dispecer-replay: --at: " << at.error().message() << "\n";
    return 2;
  }
  const JunctionId junction{o.junction};
  std::optional<SignalDecision> decision;
  std::vector<std::string> around;
  const auto near = [&](UtcTime t) {
    return t <= *at + std::chrono::seconds(1) && t >= *at - std::chrono::seconds(10);
  };
  const auto read = bus::read_journal(o.journal, [&](const bus::Record& record) {
    if (record.kind != bus::RecordKind::input && record.kind != bus::RecordKind::output)
      return true;
    const auto m = process::unpack_message(record.bytes);
    if (!m || m->stream != 0) return true;
    const auto e = bus::decode<bus::Envelope>(m->envelope);
    if (!e) return true;
    if (e->topic == topic::Decisions::row.number) {
      const auto d = bus::decode<SignalDecision>(m->payload);
      if (d && d->junction == junction && d->t <= *at) decision = *d;
    } else if (e->topic == topic::Proposals::row.number) {
      const auto p = bus::decode<Proposal>(m->payload);
      if (p && p->junction == junction && near(p->decided))
        around.push_back("proposal " + bus::to_json(*p));
    } else if (e->topic == topic::Orders::row.number) {
      const auto r = bus::decode<OrderReport>(m->payload);
      if (r && r->junction == junction && near(r->t)) around.push_back("order " + bus::to_json(*r));
    } else if (e->topic == topic::Priority::row.number) {
      const auto r = bus::decode<PriorityRequest>(m->payload);
      if (r && r->junction == junction && near(r->changed))
        around.push_back("priority " + bus::to_json(*r));
    }
    return true;
  });
  if (!read) {
    std::cerr << "dispecer-replay: " << read.error().message() << "\n";
    return 2;
  }
  if (!decision) {
    std::cerr << "dispecer-replay: no decision for junction '" << o.junction << "' at or before "
              << o.at << "\n";
    return 1;
  }
  const auto& d = *decision;
  std::cout << d.junction.str() << " at " << to_iso(d.t) << ": " << to_name(d.action) << " stage "
            << d.stage << " (ran " << d.from_stage << ")\n  because: " << d.reason.rule
            << "\n  otherwise: " << (d.reason.otherwise.empty() ? "-" : d.reason.otherwise) << "\n";
  for (const auto& input : d.reason.inputs)
    std::cout << "  " << input.name << " = " << input.value << "\n";
  for (const auto& line : around) std::cout << line << "\n";
  return 0;
}

int replay(const Options& o) {
  std::vector<signals::Candidate> candidates;
  for (const auto& file : o.shadows) {
    const auto read = controller::read_candidate(file);
    if (!read) {
      std::cerr << "dispecer-replay: " << read.error().message() << "\n";
      return 2;
    }
    candidates.push_back(*read);
    if (o.shadows.size() == 1) candidates.back().name.clear();
  }
  std::unique_ptr<Player> player;
  std::deque<Output> made;  // by the core, not yet met in the journal
  std::uint64_t inputs = 0;
  std::uint64_t same = 0;
  std::uint64_t gaps = 0;
  std::string failure;
  const auto met = [&](const bus::Envelope& e, const std::string& payload) {
    if (made.empty()) {
      failure = "the journal has " + topic_name(e.topic) + " number " + std::to_string(e.sequence) +
                ", the replay made nothing";
    } else if (made.front().topic != e.topic || made.front().payload != payload) {
      failure = "after " + std::to_string(inputs) + " inputs and " + std::to_string(same) +
                " equal outputs: journal " + as_json({e.topic, payload}) + "\nreplay " +
                as_json(made.front());
    } else {
      made.pop_front();
      ++same;
    }
  };
  const auto read = bus::read_journal(o.journal, [&](const bus::Record& record) {
    if (record.kind == bus::RecordKind::header) {
      const auto header = bus::decode<process::JournalHeader>(record.bytes);
      if (!header) {
        failure = "the header cannot be read";
        return false;
      }
      const auto city = city::read_city(o.city.empty() ? header->city_dir : o.city);
      if (!city) {
        failure = city.error().message();
        return false;
      }
      if (city->hash != header->city_hash)
        std::cerr << "note: the city folder has changed since the journal was written\n";
      if (header->build != process::build_id())
        std::cerr << "note: journal of build " << header->build << "\n";
      if (header->process == "controller") {
        player = std::make_unique<ControllerPlayer>(*city, candidates);
      } else if (header->process == "fusion") {
        player = std::make_unique<FusionPlayer>(*city);
      } else {
        failure = "journals of '" + header->process + "' are not replayed";
      }
      return failure.empty();
    }
    if (!player) {
      failure = "the journal does not begin with a header";
      return false;
    }
    if (record.kind == bus::RecordKind::checkpoint) player->checkpoint(record.bytes);
    if (record.kind == bus::RecordKind::gap) ++gaps;
    if (record.kind != bus::RecordKind::input && record.kind != bus::RecordKind::output)
      return true;
    const auto m = process::unpack_message(record.bytes);
    const auto e = m && m->stream == 0 ? bus::decode<bus::Envelope>(m->envelope)
                                       : Result<bus::Envelope>(bus::Envelope{});
    if (!m || !e) {
      failure = "a record cannot be read";
      return false;
    }
    // A score is of this build's live choices, whatever the recorded ones were.
    if (!candidates.empty()) {
      made.clear();
      if (record.kind == bus::RecordKind::output) return true;
    }
    if (record.kind == bus::RecordKind::output) {
      if (!player->owns(*e, m->payload)) return true;
      if (made.empty()) {
        for (auto& x : player->stop()) made.push_back(std::move(x));
      }
      met(*e, m->payload);
      return failure.empty();
    }
    if (!made.empty()) {
      failure = "the replay made " + topic_name(made.front().topic) +
                " that the journal does not have: " + as_json(made.front());
      return false;
    }
    ++inputs;
    auto out = m->stream != 0
                   ? (m->stream == stream::Intents::row.number ? player->intent(m->payload)
                                                               : std::vector<Output>{})
                   : player->input(*e, m->payload);
    for (auto& x : out) made.push_back(std::move(x));
    return true;
  });
  if (!read) failure = read.error().message();
  if (!failure.empty()) {
    std::cerr << "dispecer-replay: " << failure << "\n";
    return 1;
  }
  if (!candidates.empty()) {
    const auto report = player->report();
    std::cout << "inputs: " << inputs << " count\n" << report;
    return report.empty() ? 1 : 0;
  }
  std::cout << "inputs: " << inputs << " count\noutputs_equal: " << same << " count\ngaps: " << gaps
            << " count\n";
  return same > 0 ? 0 : 1;
}

}  // namespace
}  // namespace dispecer

int main(int argc, char** argv) {
  CLI::App app{"Plays a journal back through the cores, or tells why", "dispecer-replay"};
  dispecer::Options o;
  app.add_option("--journal", o.journal, "Journal of fusion or controller")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--city", o.city, "City folder, where it is no longer the one of the journal");
  auto* junction =
      app.add_option("--why", o.junction, "Tell why this junction was served as it was");
  app.add_option("--at", o.at, "at this second, e.g. 2026-03-02T06:31:10Z")->needs(junction);
  app.add_option(
         "--shadow", o.shadows,
         "Candidates (TOML: parameters, policy), scored beside those of a controller's journal")
      ->check(CLI::ExistingFile)
      ->excludes(junction);
  CLI11_PARSE(app, argc, argv);
  return o.junction.empty() ? dispecer::replay(o) : dispecer::why(o);
}
