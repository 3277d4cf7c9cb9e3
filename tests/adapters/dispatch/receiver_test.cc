// Corridors asked for from outside: who is let in, what becomes an intent, what a repeat does.
#include "adapters/dispatch/receiver.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "adapters/http/client.h"
#include "adapters/http/server.h"

namespace dispecer::dispatch {
namespace {

const UtcTime kNow = parse_iso("2026-11-28T10:00:00Z").value();

struct Office {
  std::vector<Intent> sent;
  bool disk = true;
  Receiver receiver;

  explicit Office(std::vector<Desk> desks = {{PersonId("dispatch/112"), "t112"},
                                             {PersonId("station/1"), "t1", false, true,
                                              EmergencyKind::fire, 5}})
      : receiver(std::move(desks), [this](const Intent& intent) -> Result<> {
          if (!disk) return Error{"disk_full", "", ""};
          sent.push_back(intent);
          return Ok{};
        }) {}

  http::Response call(const std::string& method, const std::string& target,
                      const std::string& body = "", const std::string& token = "t112",
                      UtcTime now = kNow) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    if (!token.empty()) request.headers = {{"Authorization", "Bearer " + token}};
    return receiver.handle(request, now, 3);
  }
  unsigned post(const std::string& target, const std::string& body,
                const std::string& token = "t112", UtcTime now = kNow) {
    return call("POST", target, body, token, now).status;
  }
};

constexpr const char* kCall =
    R"({"id": "4711", "vehicle": "MM-112", "kind": "ambulance", "to": "L9", "minutes": 20,
        "reason": "stop cardiac"})";

TEST(Dispatch, ACallBecomesAnIntentOfTheDeskAsAnAutomaton) {
  Office o;
  const auto answer = o.call("POST", "/corridors", kCall);
  EXPECT_EQ(answer.status, 202U);
  EXPECT_EQ(answer.body, R"({"corridor":"dispatch/112/4711","intent":"dispatch/112/4711/open"})");
  ASSERT_EQ(o.sent.size(), 1U);
  const auto& i = o.sent[0];
  EXPECT_EQ(i.actor, (Actor{PersonId("dispatch/112"), Role::automaton, WorkplaceId("dispatch")}));
  EXPECT_EQ(i.epoch, 3U);
  EXPECT_EQ(i.reason, "stop cardiac");
  EXPECT_EQ(i.t, kNow);
  EXPECT_EQ(i.expires, kNow + std::chrono::minutes(1));
  const auto& open = std::get<OpenCorridor>(i.action);
  EXPECT_EQ(open.corridor, RequestId("dispatch/112/4711"));
  EXPECT_EQ(open.vehicle, VehicleId("MM-112"));
  EXPECT_EQ(open.kind, EmergencyKind::ambulance);
  EXPECT_EQ(open.to, LinkId("L9"));
  EXPECT_TRUE(open.from.empty());
  EXPECT_EQ(open.until, kNow + std::chrono::minutes(20));
}

TEST(Dispatch, ARepeatIsAnsweredTheSameAndSentOnce) {
  Office o;
  const auto first = o.call("POST", "/corridors", kCall).body;
  EXPECT_EQ(o.call("POST", "/corridors", kCall).body, first);
  EXPECT_EQ(o.sent.size(), 1U);
  EXPECT_EQ(o.receiver.counters().at("dispatch.repeated"), 1U);
}

TEST(Dispatch, WhatBecameOfItIsToldToTheDeskThatAsked) {
  Office o;
  EXPECT_EQ(o.call("GET", "/corridors?id=4711").status, 404U);
  o.post("/corridors", kCall);
  EXPECT_EQ(o.call("GET", "/corridors?id=4711").body, R"({"outcome":"waiting"})");
  o.receiver.result({IntentId("dispatch/112/4711/open"), kNow, IntentOutcome::refused, "no_way",
                     "no way \"there\""});
  EXPECT_EQ(o.call("GET", "/corridors?id=4711").body,
            R"({"outcome":"refused","cause":"no_way","text":"no way \"there\""})");
  EXPECT_EQ(o.call("GET", "/corridors?id=4711", "", "t1").status, 404U) << "another desk";
  EXPECT_EQ(o.post("/corridors/end", R"({"id": "4711"})"), 202U);
  EXPECT_EQ(std::get<EndCorridor>(o.sent.at(1).action).corridor, RequestId("dispatch/112/4711"));
  EXPECT_EQ(o.call("GET", "/corridors?id=4711").body, R"({"outcome":"waiting"})");
}

TEST(Dispatch, EachDeskHasATokenAndAWayOfAskingOfItsOwn) {
  Office o;
  EXPECT_EQ(o.post("/corridors", kCall, "wrong"), 401U);
  EXPECT_EQ(o.post("/corridors", kCall, ""), 401U);
  EXPECT_EQ(o.post("/corridors", kCall, "t1"), 403U) << "a button opens its own route alone";
  EXPECT_EQ(o.post("/corridors/end", R"({"id": "4711"})", "t1"), 403U);
  EXPECT_EQ(o.post("/button", R"({"pressed": true})", "t112"), 403U);
  EXPECT_EQ(o.post("/elsewhere", kCall), 404U);
  EXPECT_EQ(o.call("DELETE", "/corridors", kCall).status, 405U);
  EXPECT_TRUE(o.sent.empty());
  EXPECT_EQ(o.receiver.counters().at("dispatch.unauthorised"), 2U);
  EXPECT_EQ(o.receiver.counters().at("dispatch.wrong_desk"), 3U);
}

TEST(Dispatch, WithoutATokenOnlyAnOpenDeskAsks) {
  Office shut({{PersonId("a"), ""}});
  EXPECT_EQ(shut.post("/corridors", kCall, ""), 401U);
  Office open({{PersonId("a"), "", true}});
  EXPECT_EQ(open.post("/corridors", kCall, ""), 202U);
  Office two({{PersonId("a"), "", true}, {PersonId("b"), "", true}});
  EXPECT_EQ(two.post("/corridors", kCall, ""), 401U) << "which one?";
  http::Request named;
  named.method = "POST";
  named.target = "/corridors";
  named.headers = {{"X-Desk", "b"}};
  named.body = kCall;
  EXPECT_EQ(two.receiver.handle(named, kNow, 0).status, 202U);
  EXPECT_EQ(two.sent.at(0).actor.person, PersonId("b"));
}

TEST(Dispatch, BadBodiesAreRefusedByField) {
  Office o;
  const auto field = [&](const std::string& body) {
    const auto answer = o.call("POST", "/corridors", body);
    EXPECT_EQ(answer.status, 400U) << body;
    const auto last = answer.body.find_last_not_of('\n');
    return answer.body.substr(answer.body.rfind(' ') + 1, last - answer.body.rfind(' '));
  };
  EXPECT_EQ(o.post("/corridors", "{"), 400U);
  EXPECT_EQ(o.post("/corridors", "[]"), 400U);
  EXPECT_EQ(field(R"({"kind": "fire"})"), "id");
  EXPECT_EQ(field(R"({"id": 7, "kind": "fire"})"), "id");
  EXPECT_EQ(field(R"({"id": "1"})"), "kind");
  EXPECT_EQ(field(R"({"id": "1", "kind": "parade"})"), "kind");
  EXPECT_EQ(field(R"({"id": "1", "kind": "unknown"})"), "kind");
  EXPECT_EQ(field(R"({"id": "1", "kind": "fire", "minutes": 0})"), "minutes");
  EXPECT_EQ(field(R"({"id": "1", "kind": "fire", "minutes": "5"})"), "minutes");
  EXPECT_EQ(field(R"({"id": "1", "kind": "fire", "minutes": 121})"), "minutes");
  EXPECT_EQ(field(R"({"id": "1", "kind": "fire", "route": "L1"})"), "route");
  EXPECT_EQ(field(R"({"id": "1", "kind": "fire", "route": [1]})"), "route");
  EXPECT_EQ(field(R"({"id": "1", "kind": "fire", "reason": ")" + std::string(201, 'x') + "\"}"),
            "reason");
  EXPECT_EQ(o.post("/button", R"({"pressed": 1})", "t1"), 400U);
  EXPECT_EQ(o.post("/corridors/end", "{}"), 400U);
  EXPECT_TRUE(o.sent.empty());
}

TEST(Dispatch, AButtonOpensOnceAndEndsWhenItIsReleased) {
  Office o;
  const auto press = [&](bool down, double s) {
    return o.post("/button", down ? R"({"pressed": true})" : R"({"pressed": false})", "t1",
                  kNow + from_seconds(s));
  };
  EXPECT_EQ(press(false, 0), 200U) << "nothing to end";
  EXPECT_EQ(press(true, 1), 202U);
  EXPECT_EQ(press(true, 2), 200U) << "it stands";
  ASSERT_EQ(o.sent.size(), 1U);
  const auto open = std::get<OpenCorridor>(o.sent[0].action);
  EXPECT_EQ(open.kind, EmergencyKind::fire);
  EXPECT_TRUE(open.route.empty()) << "the controller knows the station's";
  EXPECT_EQ(open.until, kNow + from_seconds(301));
  EXPECT_EQ(o.sent[0].actor.person, PersonId("station/1"));
  EXPECT_EQ(press(false, 60), 202U);
  EXPECT_EQ(std::get<EndCorridor>(o.sent.at(1).action).corridor, open.corridor);
  EXPECT_EQ(press(true, 61), 202U);
  EXPECT_NE(std::get<OpenCorridor>(o.sent.at(2).action).corridor, open.corridor);
  EXPECT_EQ(press(true, 61 + 301), 202U) << "its minutes are over";
  EXPECT_EQ(o.sent.size(), 4U);
}

TEST(Dispatch, WhatIsNotOnDiskIsNotPromised) {
  Office o;
  o.disk = false;
  EXPECT_EQ(o.post("/corridors", kCall), 503U);
  EXPECT_EQ(o.post("/button", R"({"pressed": true})", "t1"), 503U);
  o.disk = true;
  EXPECT_EQ(o.post("/corridors", kCall), 202U);
  EXPECT_EQ(o.post("/button", R"({"pressed": true})", "t1"), 202U);
  EXPECT_EQ(o.sent.size(), 2U);
}

TEST(Dispatch, ItSpeaksHttpOnTheWire) {
  Office o;
  boost::asio::io_context io;
  auto server = http::Server::listen(
      io, {}, [&](const http::Request& r) { return o.receiver.handle(r, kNow, 3); });
  ASSERT_TRUE(server.ok()) << server.error().message();
  http::Client client(io, {});
  const auto url = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/corridors";
  unsigned status = 0;
  client.post(url, "application/json", kCall, {{"Authorization", "Bearer t112"}},
              [&](const Result<http::Response>& r) {
                status = r ? r->status : 0;
                io.stop();
              });
  io.run();
  EXPECT_EQ(status, 202U);
  EXPECT_EQ(o.sent.size(), 1U);
}

}  // namespace
}  // namespace dispecer::dispatch
