// A supervisor played by hand: writes the frames of the specification, reads what the site says.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/rsmp_site/site.h"
#include "tests/sim/controller/crossroads.h"

namespace dispecer::sim {

struct Hand {
  Cabinet cabinet;
  std::unique_ptr<Site> site;
  rsmp::Core core = rsmp::Core::v3_2_2;
  double now_s = 0;
  rsmp::MessageIds ids;

  static SiteSettings settings(rsmp::Core core = rsmp::Core::v3_2_2) {
    SiteSettings s;
    s.site_id = "RN+SI0001";
    s.main_component = "TC";
    s.cores = {core};
    s.code1 = "1111";
    s.code2 = "2222";
    s.group_components = {"A1", "A2", "B1"};
    s.detector_components = {{1, "DL1"}, {2, "DL2"}};
    return s;
  }
  explicit Hand(SiteSettings s = settings()) {
    core = s.cores.back();
    cabinet.id = ControllerId("C1");
    cabinet.intersections.push_back({1, *make_controller(crossroads(), {.detectors = {1, 2}}), {}});
    for (; now_s < 120; ++now_s) sim::tick(cabinet, at(now_s));
    site = std::make_unique<Site>(cabinet, std::move(s), at(now_s));
  }
  [[nodiscard]] SiteTime now() const {
    return {MonoTime{static_cast<std::int64_t>(now_s * 1e6)}, at(now_s)};
  }
  void raw(std::string text) { site->bytes(text + "\f", now()); }
  std::string say(rsmp::Body body) {
    const auto id = rsmp::is_ack(body) ? "" : ids.next();
    site->bytes(rsmp::write_frame({id, std::move(body)}, core), now());
    return id;
  }
  // Everything the site said since the last call; acknowledges it unless told not to.
  std::vector<rsmp::Message> hear(bool acknowledge = true) {
    std::vector<rsmp::Message> out;
    std::vector<std::string> frames;
    rsmp::Framer().feed(site->take_output(), frames);
    for (const auto& frame : frames) {
      auto m = rsmp::read(frame, core);
      EXPECT_TRUE(m.ok()) << frame;
      if (!m) continue;
      if (acknowledge && !rsmp::is_ack(m->body)) say(rsmp::MessageAck{m->id});
      out.push_back(*m);
    }
    return out;
  }
  static std::vector<std::string> types(const std::vector<rsmp::Message>& list) {
    std::vector<std::string> out;
    for (const auto& m : list) out.emplace_back(rsmp::type_name(m.body));
    return out;
  }
  void second() {
    sim::tick(cabinet, at(now_s));
    site->tick(now());
    site->timer(now());
    ++now_s;
  }
  // Through the handshake of 3.1.4 and later; returns what comes at the end of it.
  std::vector<rsmp::Message> establish() {
    site->connected(now());
    hear();
    say(rsmp::Version{{std::string(rsmp::rules(core).text)}, {"RN+SI0001"}, "1.2.1"});
    hear();
    say(rsmp::Watchdog{at(now_s)});
    auto out = hear();
    const auto more = hear();
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
  template <class T>
  static std::vector<T> all(const std::vector<rsmp::Message>& list) {
    std::vector<T> out;
    for (const auto& m : list) {
      if (const auto* body = std::get_if<T>(&m.body)) out.push_back(*body);
    }
    return out;
  }
  // A status by request: text, or the quality in brackets.
  std::string status(const std::string& code, const std::string& name,
                     const std::string& component = "TC") {
    say(rsmp::StatusRequest{{component, "", ""}, {{code, name}}});
    const auto list = hear();
    const auto refused = all<rsmp::MessageNotAck>(list);
    if (!refused.empty()) return "NotAck " + refused.front().reason;
    const auto answers = all<rsmp::StatusResponse>(list);
    if (answers.size() != 1) return "no answer";
    const auto& item = answers.front().items.front();
    if (item.quality == rsmp::Quality::unknown) return "(unknown)";
    if (item.quality == rsmp::Quality::undefined) return "(undefined)";
    return item.value.text.value_or("(null)");
  }
  // Sends one command; "NotAck ...", or the values of the response as "name=value" pairs.
  std::string command(const std::string& code, const std::string& order,
                      const std::vector<std::pair<std::string, std::string>>& args,
                      const std::string& component = "TC") {
    rsmp::CommandRequest request{{component, "", ""}, {}};
    for (const auto& [n, v] : args) request.arguments.push_back({code, n, order, rsmp::Value(v)});
    say(std::move(request));
    const auto list = hear();
    const auto refused = all<rsmp::MessageNotAck>(list);
    if (!refused.empty()) return "NotAck " + refused.front().reason;
    std::string text;
    for (const auto& answer : all<rsmp::CommandResponse>(list)) {
      for (const auto& v : answer.values) {
        if (v.name == "securityCode") continue;
        text += (text.empty() ? "" : " ") + v.name + "=" +
                (v.age == rsmp::Quality::recent    ? v.value.text.value_or("(null)")
                 : v.age == rsmp::Quality::unknown ? "(unknown)"
                                                   : "(undefined)");
      }
    }
    return text;
  }
};

}  // namespace dispecer::sim
