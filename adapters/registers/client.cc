#include "adapters/registers/client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <deque>

#include "adapters/http/client.h"
#include "adapters/registers/answer.h"

namespace dispecer::registers {
namespace {

constexpr std::size_t kAtOnce = 6;  // below the client's connections per origin

http::ClientOptions http_options(const ClientOptions& o) {
  http::ClientOptions h;
  h.timeout = o.timeout;
  h.max_body_bytes = 1 << 20;
  h.tls = o.tls;
  return h;
}

}  // namespace

struct Client::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& context, ClientOptions o, Now n)
      : io(context),
        options(std::move(o)),
        now(std::move(n)),
        http(std::make_unique<http::Client>(context, http_options(options))) {}

  struct Waiting {
    RightsQuestion question;
    Answer answer;
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  };

  [[nodiscard]] http::Headers headers() const {
    if (options.token.empty()) return {};
    return {{"Authorization", "Bearer " + options.token}};
  }

  RightsAnswer silence(const std::string& plate) {
    RightsAnswer answer;
    answer.asked = now();
    if (const auto it = exempt.rights.find(plate); it != exempt.rights.end()) {
      answer.kinds = it->second;
      answer.register_age = Seconds{std::max(0.0, in_seconds(now() - exempt.updated))};
    }
    return answer;
  }

  void next() {
    while (!closed && under_way < kAtOnce && !waiting.empty()) {
      auto job = std::move(waiting.front());
      waiting.pop_front();
      if (std::chrono::steady_clock::now() - job.since > options.timeout) {
        ++counters["registers.waited_out"];
        job.answer(silence(job.question.plate));
        continue;
      }
      ++under_way;
      auto plates = confusable_neighbours(job.question.plate);
      plates.insert(plates.begin(), job.question.plate);
      const auto body = question_body(plates, job.question.from, job.question.to);
      http->post(options.url + "/rights", "application/json", body, headers(),
                 [self = shared_from_this(), job = std::move(job)](Result<http::Response> r) {
                   --self->under_way;
                   job.answer(self->judge(r, job.question.plate));
                   self->next();
                 });
    }
  }

  RightsAnswer judge(const Result<http::Response>& r, const std::string& plate) {
    const auto fail = [&](const std::string& cause) {
      ++counters["registers." + cause];
      up = false;
      return silence(plate);
    };
    if (!r) return fail(r.error().cause);
    if (r->status != 200) return fail("status");
    const auto holdings = parse_holdings(r->body);
    if (!holdings) return fail(holdings.error().cause);
    ++counters["registers.answered"];
    up = true;
    return answer_for(*holdings, plate, now());
  }

  boost::asio::io_context& io;
  ClientOptions options;
  Now now;
  std::unique_ptr<http::Client> http;
  std::deque<Waiting> waiting;
  std::size_t under_way = 0;
  Holdings exempt;
  bool up = true;
  bool closed = false;
  std::map<std::string, std::uint64_t> counters;
};

Client::Client(boost::asio::io_context& io, ClientOptions options, Now now)
    : state_(std::make_shared<State>(io, std::move(options), std::move(now))) {}

Client::~Client() {
  state_->closed = true;
  state_->http.reset();
  for (auto& job : state_->waiting) job.answer(state_->silence(job.question.plate));
}

void Client::ask(const RightsQuestion& question, Answer answer) {
  auto& s = *state_;
  ++s.counters["registers.asked"];
  if (s.waiting.size() >= s.options.max_waiting) {
    ++s.counters["registers.queue_full"];
    boost::asio::post(s.io, [state = state_, plate = question.plate, answer = std::move(answer)] {
      answer(state->silence(plate));
    });
    return;
  }
  s.waiting.push_back({question, std::move(answer)});
  s.next();
}

void Client::refresh_exempt() {
  state_->http->get(state_->options.url + "/exempt", state_->headers(),
                    [state = state_](Result<http::Response> r) {
                      auto list = r && r->status == 200 ? parse_holdings(r->body)
                                                        : Result<Holdings>(Error{"status", "", ""});
                      ++state->counters[list ? "registers.exempt.ok" : "registers.exempt.failed"];
                      if (list) state->exempt = std::move(*list);
                    });
}

bool Client::up() const {
  return state_->up;
}

const std::map<std::string, std::uint64_t>& Client::counters() const {
  return state_->counters;
}

}  // namespace dispecer::registers
