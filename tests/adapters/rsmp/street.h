// A supervisor and a site that is played message by message, for the tests of this folder. The
// commands are approved by the real guard.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/rsmp/supervisor.h"
#include "controller/guard/guard.h"

namespace dispecer::rsmp {

inline constexpr UtcTime kStart{1'767'268'800'000'000};

// Two stages, two groups each way; inputs 3 and 4 ask for them.
inline JunctionSignals two_stages(const std::string& id = "j1") {
  JunctionSignals s;
  s.junction = JunctionId(id);
  s.controller = ControllerId("c1");
  s.signatures = {{Origin::entered, "test", "test", "2026-01-01"}};
  const auto group = [](const char* name) {
    return SignalGroup{SignalGroupId(name), GroupKind::vehicle, {{5}, 0}, {{3}, 0}, {{1}, 0},
                       {{120}, 0}};
  };
  s.groups = {group("main"), group("side")};
  s.intergreens = {{0, 1, {{6}, 0}}, {1, 0, {{6}, 0}}};
  s.stages = {{1, "main", {0}, {}, false, 3}, {2, "side", {1}, {}, false, 4}};
  s.transitions = {{1, 2}, {2, 1}};
  s.plans = {{1, "day", {60}, {0}, {{1, {0}, {5}, {50}}, {2, {30}, {5}, {50}}}}};
  s.lever = Lever::stage;
  s.release_time = Seconds{5};
  s.commissioning = Commissioning::live;
  return s;
}

struct Street {
  explicit Street(Core version = Core::v3_2_2, const std::string& sxl_version = "1.2.1")
      : core(version), sxl(sxl_version) {
    signals = two_stages();
    SiteConfig site;
    site.admission.site_id = "S1";
    site.admission.sxl = sxl;
    site.admission.cores = {version};
    site.main_component = "TC";
    site.code1 = "1111";
    site.code2 = "2222";
    JunctionWire wire;
    wire.signals = signals;
    wire.group_components = {"A1", "A2"};
    wire.detectors = {{DetectorId("d1"), 1, "DL1", SignalGroupId("main")},
                      {DetectorId("d2"), 2, "DL2", SignalGroupId("side")}};
    site.junctions = {wire};
    supervisor.emplace(std::vector{site}, [](const std::string& name) {
      return name == "new_code" ? std::optional<std::string>("9876") : std::nullopt;
    });
    state = guard::watch(signals);
    note(supervisor->take());
  }

  void note(News fresh) {
    for (Outgoing& out : fresh.outgoing) {
      if (out.close) closed.push_back(out.cause);
      if (out.connection != connection) continue;
      std::vector<std::string> frames;
      framer.feed(out.bytes, frames);
      for (const std::string& frame : frames) {
        raw.push_back(frame);
        auto message = read(frame, core);
        ASSERT_TRUE(message.ok()) << frame << message.error().error.message();
        inbox.push_back(*message);
      }
    }
    for (const Sighting& s : fresh.sightings) {
      seen = s.seen;
      if (s.seen.link == CommLink::connected) {
        guard::observe(state, s.seen, s.fresh ? now.utc : state.received);
      }
    }
    for (const Clean& c : fresh.clean) {
      (void)c;
      state.inputs_clean = true;
    }
    if (!fresh.lost.empty()) guard::note_disconnect(state);
    const auto append = [](auto& to, auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(batches, fresh.batches);
    append(reports, fresh.reports);
    append(alarms, fresh.alarms);
    append(sent, fresh.sent);
    append(returns, fresh.returns);
    append(backups, fresh.backups);
    wanted_releases += fresh.releases.size();
  }
  void say(Body body) {
    const std::string id = is_ack(body) ? "" : "s" + std::to_string(++ids);
    supervisor->bytes(connection, write_frame({id, std::move(body)}, core), now);
    note(supervisor->take());
  }
  // Acknowledges what is in the box and returns it, acks left out.
  std::vector<Message> work() {
    std::vector<Message> got;
    while (!inbox.empty()) {
      std::vector<Message> batch;
      std::swap(batch, inbox);
      for (const Message& m : batch) {
        if (is_ack(m.body)) continue;
        got.push_back(m);
        say(MessageAck{m.id});
      }
    }
    return got;
  }
  void pass(double s) {
    now.mono = now.mono + from_seconds(s);
    now.utc = now.utc + from_seconds(s);
    supervisor->timer(now);
    note(supervisor->take());
  }
  void update(const std::string& code,
              const std::vector<std::pair<std::string, std::string>>& items,
              Quality q = Quality::recent) {
    StatusUpdate u{{"TC", "", ""}, now.utc, {}};
    for (const auto& [name, value] : items) u.items.push_back({code, name, Value(value), q});
    say(u);
  }
  void lamps(const std::string& letters, const std::string& stage) {
    update("S0001", {{"signalgroupstatus", letters}, {"cyclecounter", "7"}, {"stage", stage}});
  }
  // All that the site is asked for right after the establishment.
  std::vector<Message> connect(ConnectionId id = 1) {
    connection = id;
    supervisor->opened(id, now.mono);
    say(Version{{std::string(rules(core).text)}, {"S1"}, sxl});
    for (const Message& m : take_inbox()) {
      if (!is_ack(m.body)) say(MessageAck{m.id});
    }
    say(Watchdog{now.utc});
    for (const Message& m : take_inbox()) {
      if (!is_ack(m.body)) say(MessageAck{m.id});
    }
    tell_aggregated();
    return work();
  }
  void tell_aggregated() {
    AggregatedStatus in_use{{"TC", "", ""}, now.utc, {}, {}, {}};
    in_use.bits[5] = true;
    say(in_use);
  }
  std::vector<Message> take_inbox() {
    std::vector<Message> batch;
    std::swap(batch, inbox);
    return batch;
  }
  // Connected, inputs clear, in normal control with stage 1 on.
  void run(const std::string& inputs = "00000000") {
    connect();
    update("S0020", {{"intersection", "0"}, {"controlmode", "control"}});
    update("S0007", {{"intersection", "0"}, {"status", "True"}});
    update("S0003", {{"inputstatus", inputs}});
    update("S0029", {{"status", "00000000"}});
    lamps("1B", "1");
  }

  Proposal propose(FieldWrite write) {
    Proposal p;
    p.id = ProposalId("p" + std::to_string(++proposals));
    p.junction = signals.junction;
    p.write = std::move(write);
    p.decided = p.based_on = now.utc;
    p.expires = now.utc + from_seconds(5);
    p.actor = {PersonId("anna"), Role::maintainer, WorkplaceId("w1")};
    p.operator_confirmed = true;
    p.until = now.utc + from_seconds(600);
    return p;
  }
  // Through the guard to the supervisor; the refusal otherwise.
  std::string order(FieldWrite write) {
    const Proposal p = propose(std::move(write));
    const auto approved = guard::Guard::check(p, signals, state, {now.utc, 0, WorldKind::street});
    if (!approved) return "guard:" + approved.error().cause;
    const auto submitted = supervisor->submit(*approved, now);
    note(supervisor->take());
    return submitted ? "" : submitted.error().cause;
  }
  // Acknowledges and answers every command with its own values; what was commanded.
  std::vector<CommandRequest> obey() {
    std::vector<CommandRequest> commands;
    for (;;) {
      const auto messages = work();
      if (messages.empty()) return commands;
      for (const Message& m : messages) {
        const auto* request = std::get_if<CommandRequest>(&m.body);
        if (request == nullptr) continue;
        commands.push_back(*request);
        say(answer(*request));
      }
    }
  }
  CommandResponse answer(const CommandRequest& request, Quality age = Quality::recent) {
    CommandResponse response{request.component, now.utc, {}};
    for (const CommandArgument& a : request.arguments) {
      response.values.push_back(
          {a.code, a.name, age == Quality::recent ? a.value : Value::null(), age});
    }
    return response;
  }
  std::vector<std::string> states() {
    std::vector<std::string> list;
    for (const OrderReport& r : reports) {
      list.push_back(std::string(to_name(r.state)) + (r.rule.empty() ? "" : ":" + r.rule));
    }
    reports.clear();
    return list;
  }

  Core core;
  std::string sxl;
  JunctionSignals signals;
  guard::FieldState state;
  std::optional<Supervisor> supervisor;
  ConnectionId connection = 1;
  Framer framer;
  Now now{MonoTime{1'000'000}, kStart};
  std::vector<Message> inbox;
  std::vector<std::string> raw;
  std::vector<std::string> closed;
  SignalObservation seen;
  std::vector<DetectorBatch> batches;
  std::vector<OrderReport> reports;
  std::vector<AlarmEvent> alarms;
  std::vector<SentCommand> sent;
  std::vector<ReturnDue> returns;
  std::vector<ParameterBackup> backups;
  std::size_t wanted_releases = 0;
  int ids = 0;
  int proposals = 0;
};

// "status=True input=3" of a request, codes shown as they went out.
inline std::string text_of(const CommandRequest& request) {
  std::string text = request.arguments.at(0).code + " " + request.arguments.at(0).command;
  for (const CommandArgument& a : request.arguments) {
    text += " " + a.name + "=" + a.value.text.value_or("null");
  }
  return text;
}

}  // namespace dispecer::rsmp
