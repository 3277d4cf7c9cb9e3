// The supervisor and the virtual controller's RSMP site on one real socket.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "adapters/rsmp/listener.h"
#include "sim/controller/virtual_controller.h"
#include "sim/rsmp_site/client.h"
#include "tests/adapters/rsmp/street.h"

namespace dispecer::rsmp {

struct Pair {
  explicit Pair(Core core = Core::v3_2_2, const std::string& sxl = "1.2.1") {
    signals = two_stages();
    SiteConfig site;
    site.admission.site_id = "S1";
    site.admission.sxl = sxl;
    site.admission.cores = {core};
    site.main_component = "TC";
    site.code1 = "1111";
    site.code2 = "2222";
    JunctionWire wire;
    wire.signals = signals;
    wire.group_components = {"A1", "A2"};
    wire.detectors = {
        {DetectorId("d1"), 1, "DL1", SignalGroupId("main")},
        {DetectorId("d2"), 2, "DL2", SignalGroupId("side")},
        {DetectorId("bus"), 3, "DL3", SignalGroupId("side"), DetectorKind::bus, {90}}};
    site.junctions = {wire};
    supervisor.emplace(std::vector{site}, [](const std::string&) { return std::nullopt; });
    listener.emplace(
        io, *supervisor, ListenerConfig{.port = 0}, [this] { return now(); },
        [this](News& news) { take(news); });
    EXPECT_TRUE(listener->start().ok());
    listener->accept();
    state = guard::watch(signals);

    sim::Settings settings;
    settings.detectors = {1, 2, 3};
    auto made = sim::make_controller(signals, settings);
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message());
    cabinet.id = ControllerId("c1");
    cabinet.intersections.push_back({1, *std::move(made), {}});
    sim::SiteSettings own;
    own.site_id = "S1";
    own.main_component = "TC";
    own.sxl = sxl;
    own.cores = {core};
    own.code1 = "1111";
    own.code2 = "2222";
    own.group_components = {"A1", "A2"};
    own.detector_components = {{1, "DL1"}, {2, "DL2"}, {3, "DL3"}};
    sim::LineSettings line;
    line.port = std::to_string(listener->port());
    line.first_reconnect = line.reconnect = std::chrono::milliseconds(20);
    client.emplace(io, line, cabinet, own, utc);
  }
  Now now() const {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
    return {MonoTime{us.count()}, utc};
  }
  void take(News& news) {
    for (const Sighting& s : news.sightings) {
      seen = s.seen;
      if (s.seen.link == CommLink::connected) {
        guard::observe(state, s.seen, s.fresh ? utc : state.received);
      }
    }
    if (!news.clean.empty()) state.inputs_clean = true;
    if (!news.lost.empty()) guard::note_disconnect(state);
    wanted += news.releases.size();
    for (const OrderReport& r : news.reports) last[r.proposal.str()] = r;
    points.insert(points.end(), news.points.begin(), news.points.end());
    batches += news.batches.size();
  }
  // Domain seconds, a few milliseconds each.
  void pass(int seconds) {
    for (int i = 0; i < seconds * 2; ++i) {
      utc = utc + from_seconds(0.5);
      (void)sim::apply(cabinet, sim::DetectorReading{1, 1, 0.5, true, 10.0}, utc);
      sim::tick(cabinet, utc);
      client->tick(utc);
      io.run_for(std::chrono::milliseconds(8));
      io.restart();
    }
  }
  template <class Fn>
  bool until(Fn&& fn, int seconds) {
    for (int i = 0; i < seconds; ++i) {
      if (fn()) return true;
      pass(1);
    }
    return fn();
  }
  std::string order(FieldWrite write) {
    Proposal p;
    p.id = ProposalId("p" + std::to_string(++ids));
    p.junction = signals.junction;
    p.write = std::move(write);
    p.decided = p.based_on = utc;
    p.expires = utc + from_seconds(5);
    p.actor = {PersonId("anna"), Role::maintainer, WorkplaceId("w1")};
    p.operator_confirmed = true;
    p.until = utc + from_seconds(600);
    return order(std::move(p));
  }
  std::string order(Proposal p) {
    const auto approved = guard::Guard::check(p, signals, state, {utc, 0, WorldKind::street});
    if (!approved) return "guard:" + approved.error().cause;
    if (const auto sent = listener->submit(*approved); !sent) return sent.error().cause;
    guard::note_sent(state, *approved, utc);
    return p.id.str();
  }
  OrderState state_of(const std::string& id) { return last[id].state; }
  bool in_control() {
    return seen.mode == ControlMode::control && state.inputs_clean && seen.stage.has_value();
  }

  UtcTime utc = kStart;
  boost::asio::io_context io;
  JunctionSignals signals;
  std::optional<Supervisor> supervisor;
  std::optional<Listener> listener;
  sim::Cabinet cabinet;
  std::optional<sim::SiteClient> client;
  guard::FieldState state;
  SignalObservation seen;
  std::map<std::string, OrderReport> last;
  std::size_t wanted = 0;
  std::size_t batches = 0;
  std::vector<PriorityPoint> points;
  int ids = 0;
};

}  // namespace dispecer::rsmp
