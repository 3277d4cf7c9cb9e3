#include "adapters/signs/signs.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "adapters/http/server.h"
#include "controller/guard/guard.h"

namespace dispecer::signs {
namespace {

const UtcTime kNow = parse_iso("2026-11-23T10:00:00Z").value();

// A gantry of one sign, and what the adapter told of it.
struct Gantry {
  boost::asio::io_context io;
  std::string shows;
  bool healthy = true;
  bool stuck = false;
  bool silent = false;
  std::string get_body;  // "" = the truth
  std::string authorization;
  std::unique_ptr<http::Server> server;
  std::vector<SignReport> reports;
  std::vector<OrderReport> orders;
  std::vector<http::Server::Answer> held;
  std::unique_ptr<Signs> signs;

  Gantry() {
    server = std::move(http::Server::listen_later(
                           io, {},
                           [this](const http::Request& r, const http::Server::Answer& answer) {
                             if (silent) return held.push_back(answer);
                             authorization = http::find_header(r.headers, "Authorization");
                             if (r.method == "PUT") {
                               const auto from = r.body.find(":\"") + 2;
                               if (!stuck) shows = r.body.substr(from, r.body.rfind('"') - from);
                               return answer(http::reply("{}"));
                             }
                             answer(http::reply(!get_body.empty()
                                                    ? get_body
                                                    : "{\"shows\":\"" + shows + "\",\"healthy\":" +
                                                          (healthy ? "true" : "false") + "}"));
                           }))
                 .value();
    signs = std::make_unique<Signs>(
        io,
        std::vector<Sign>{{SignId("s1"),
                           "http://127.0.0.1:" + std::to_string(server->port()) + "/signs/s1",
                           "key"}},
        Options{std::chrono::milliseconds(1000)},
        Events{[this](const SignReport& r) { reports.push_back(r); },
               [this](const OrderReport& r) { orders.push_back(r); }, [] { return kNow; }});
  }

  static ApprovedCommand approved(const char* id, const char* sign, const char* message) {
    Proposal p;
    p.id = ProposalId(id);
    p.write = SignOrder{SignId(sign), message};
    p.decided = kNow;
    p.expires = kNow + from_seconds(3);
    return guard::Guard::check_sign(p, {SignId(sign), {"open", "restricted"}}, {kNow, 0}).value();
  }
  // Until the last order ended and every look was answered.
  void run(std::size_t reports_wanted = 1) {
    for (int i = 0; i < 500; ++i) {
      io.restart();
      io.run_for(std::chrono::milliseconds(20));
      const bool open = !orders.empty() && orders.back().state == OrderState::sent;
      if (!open && reports.size() >= reports_wanted) return;
    }
  }
  std::vector<OrderState> states() const {
    std::vector<OrderState> all;
    for (const auto& o : orders) all.push_back(o.state);
    return all;
  }
};

using S = OrderState;

TEST(Signs, AnOrderIsDoneOnlyWhenTheSignWasSeenToShowIt) {
  Gantry g;
  g.signs->set(Gantry::approved("p1", "s1", "restricted"));
  EXPECT_EQ(g.states(), (std::vector{S::sent}));
  g.run();
  EXPECT_EQ(g.states(), (std::vector{S::sent, S::confirmed}));
  EXPECT_EQ(g.shows, "restricted");
  EXPECT_EQ(g.authorization, "Bearer key");
  ASSERT_EQ(g.reports.size(), 1U);
  EXPECT_EQ(g.reports[0], (SignReport{SignId("s1"), kNow, "restricted", true}));
}

TEST(Signs, AStuckSignDeviates) {
  Gantry g;
  g.stuck = true;
  g.shows = "open";
  g.signs->set(Gantry::approved("p1", "s1", "restricted"));
  g.run();
  EXPECT_EQ(g.states(), (std::vector{S::sent, S::deviated}));
  EXPECT_EQ(g.reports.back().shows, "open");
}

TEST(Signs, ASilentOrMissingSignLetsTheOrderExpireAndIsToldAsSick) {
  Gantry g;
  g.silent = true;
  g.signs->set(Gantry::approved("p1", "s1", "restricted"));
  g.signs->poll();
  g.run();
  EXPECT_EQ(g.states(), (std::vector{S::sent, S::expired}));
  ASSERT_FALSE(g.reports.empty());
  EXPECT_FALSE(g.reports.back().healthy);
  EXPECT_EQ(g.reports.back().shows, "");
  g.server->close();
  g.orders.clear();
  g.signs->set(Gantry::approved("p2", "s1", "restricted"));
  g.run(0);
  EXPECT_EQ(g.states(), (std::vector{S::sent, S::expired}));
}

TEST(Signs, NonsenseFromASignIsNotTakenForItsFace) {
  Gantry g;
  for (const char* body :
       {"<html>", "{}", "{\"shows\":7,\"healthy\":true}", "{\"shows\":\"open\"}"}) {
    g.get_body = body;
    g.reports.clear();
    g.signs->poll();
    g.run();
    ASSERT_EQ(g.reports.size(), 1U);
    EXPECT_FALSE(g.reports[0].healthy) << body;
  }
  EXPECT_EQ(g.signs->counters().at("signs.bad_json"), 1U);
  EXPECT_EQ(g.signs->counters().at("signs.bad_shape"), 3U);
}

TEST(Signs, TheNewerOrderVoidsTheOlder) {
  Gantry g;
  g.signs->set(Gantry::approved("p1", "s1", "restricted"));
  g.signs->set(Gantry::approved("p2", "s1", "open"));
  g.run(2);
  std::map<std::string, OrderState> last;
  for (const auto& o : g.orders) last[o.proposal.str()] = o.state;
  EXPECT_EQ(last["p1"], S::expired);
  EXPECT_NE(last["p2"], S::sent);
}

TEST(Signs, AnOrderForAnUnknownSignEndsToo) {
  Gantry g;
  g.signs->set(Gantry::approved("p1", "s9", "open"));
  EXPECT_EQ(g.states(), (std::vector{S::expired}));
  EXPECT_EQ(g.orders[0].rule, "unknown_sign");
}

}  // namespace
}  // namespace dispecer::signs
