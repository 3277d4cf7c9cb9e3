#include "adapters/priority_points/supervisor.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/adapters/priority_points/town.h"

namespace dispecer::priority_points {
namespace {

const UtcTime kNow = parse_iso("2026-11-23T10:00:00Z").value();

struct Desk {
  city::City city = test::one_junction();
  std::vector<PriorityPoint> points;
  Supervisor supervisor{test::radio_row(), "t1", city,
                        [this](PriorityPoint p) { points.push_back(std::move(p)); }};

  http::Response push(const std::string& body, const std::string& token = "t1") {
    http::Request request;
    request.method = "POST";
    request.headers = {{"Authorization", "Bearer " + token}};
    request.body = body;
    return supervisor.handle(request, kNow);
  }
  std::uint64_t counted(const std::string& name) const {
    const auto it = supervisor.counters().find("points." + name);
    return it == supervisor.counters().end() ? 0 : it->second;
  }
};

std::string list(const std::string& more = "", const std::string& group = "north") {
  return R"({"requests": [{"id": "r1", "time": "2026-11-23T09:59:58Z", "junction": "j", "group": ")" +
         group + R"(", "kind": "registration")" + more + "}]}";
}

TEST(Supervisor, ARequestComesInAsAPoint) {
  Desk desk;
  const auto body = list(
      R"(, "vehicle": "v7", "line": "12", "eta_s": 20, "to_stop_line_m": 150, "lateness_s": 90)");
  EXPECT_EQ(desk.push(body).status, 200U);
  ASSERT_EQ(desk.points.size(), 1U);
  const auto& p = desk.points[0];
  EXPECT_EQ(p.junction, JunctionId("j"));
  EXPECT_EQ(p.group, SignalGroupId("north"));
  EXPECT_EQ(p.kind, PointKind::registration);
  EXPECT_EQ(p.t, kNow - from_seconds(2));
  EXPECT_EQ(p.source, "radio");
  EXPECT_EQ(p.vehicle, VehicleId("v7"));
  EXPECT_EQ(p.line, LineId("12"));
  EXPECT_EQ(p.eta, Seconds{20});
  EXPECT_EQ(p.to_stop_line, Metres{150});
  EXPECT_EQ(p.lateness, Seconds{90});
}

TEST(Supervisor, WhatItDoesNotTellStaysEmptyAndARepeatIsPassedOnOnce) {
  Desk desk;
  EXPECT_EQ(desk.push(list()).body, R"({"accepted":1,"duplicate":0,"refused":0})");
  EXPECT_EQ(desk.push(list()).body, R"({"accepted":0,"duplicate":1,"refused":0})");
  ASSERT_EQ(desk.points.size(), 1U);
  EXPECT_FALSE(desk.points[0].eta);
  EXPECT_TRUE(desk.points[0].vehicle.empty());
}

TEST(Supervisor, AFaultyRequestIsRefusedByItsCauseAndTheOthersStand) {
  Desk desk;
  desk.push(list("", "west"));
  desk.push(list(R"(, "eta_s": -1)"));
  desk.push(list(R"(, "lateness_s": "late")"));
  desk.push(R"({"requests": [5, {"id": "r2"}, {"id": "r3", "time": "yesterday", "junction": "j",
               "group": "north", "kind": "registration"}, {"id": "r4",
               "time": "2026-11-23T10:30:00Z", "junction": "j", "group": "north",
               "kind": "registration"}, {"id": "r5", "time": "2026-11-23T10:00:00Z",
               "junction": "x", "group": "north", "kind": "registration"}, {"id": "r6",
               "time": "2026-11-23T10:00:00Z", "junction": "j", "group": "north",
               "kind": "deregistration"}]})");
  EXPECT_EQ(desk.counted("unknown_group"), 1U);
  EXPECT_EQ(desk.counted("out_of_range"), 2U);
  EXPECT_EQ(desk.counted("bad_request"), 2U);
  EXPECT_EQ(desk.counted("bad_time"), 1U);
  EXPECT_EQ(desk.counted("from_the_future"), 1U);
  EXPECT_EQ(desk.counted("unknown_junction"), 1U);
  ASSERT_EQ(desk.points.size(), 1U);
  EXPECT_EQ(desk.points[0].kind, PointKind::deregistration);
}

TEST(Supervisor, ARefusedRequestMayComeAgainOnceItIsMended) {
  Desk desk;
  desk.push(list(R"(, "eta_s": -1)"));
  desk.push(list(R"(, "eta_s": 1)"));
  EXPECT_EQ(desk.points.size(), 1U);
}

TEST(Supervisor, NobodyElseMayPush) {
  Desk desk;
  EXPECT_EQ(desk.push(list(), "t2").status, 401U);
  EXPECT_EQ(desk.push(list(), "").status, 401U);
  http::Request get;
  get.method = "GET";
  EXPECT_EQ(desk.supervisor.handle(get, kNow).status, 405U);
  EXPECT_TRUE(desk.points.empty());
}

TEST(Supervisor, WhatIsNoListIsRefused) {
  Desk desk;
  for (const auto* body : {"", "[]", "{}", "{\"requests\": 5}", "{\"requests\"", "\xff\xfe"}) {
    EXPECT_EQ(desk.push(body).status, 400U) << body;
  }
  std::string many = "{\"requests\": [0";
  for (int i = 0; i < 600; ++i) many += ",0";
  EXPECT_EQ(desk.push(many + "]}").status, 400U);
  EXPECT_EQ(desk.counted("bad_json"), 6U);
  EXPECT_EQ(desk.counted("too_many"), 1U);
}

TEST(Supervisor, RandomBytesAndBrokenListsAreAnswered) {
  Desk desk;
  std::mt19937 random(3);
  const auto whole = list(R"(, "eta_s": 20)");
  for (int i = 0; i < 20'000; ++i) {
    auto body = whole;
    for (auto n = random() % 6; n > 0; --n) {
      body[random() % body.size()] = static_cast<char>(random());
    }
    if (i % 3 == 0) body.resize(random() % body.size());
    const auto status = desk.push(body).status;
    EXPECT_TRUE(status == 200U || status == 400U) << status;
  }
  for (const auto& p : desk.points) {
    EXPECT_EQ(p.junction, JunctionId("j"));
    EXPECT_TRUE(!p.eta || (p.eta->value >= 0 && p.eta->value <= 3600));
  }
}

}  // namespace
}  // namespace dispecer::priority_points
