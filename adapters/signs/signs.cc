#include "adapters/signs/signs.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "adapters/http/client.h"

namespace dispecer::signs {
namespace {

namespace json = boost::json;
constexpr std::size_t kLongestKey = 100;

http::ClientOptions http_options(const Options& o) {
  http::ClientOptions h;
  h.timeout = o.timeout;
  h.max_body_bytes = 1 << 16;
  h.max_connections_per_origin = 64;  // one gateway may stand before all signs of a city
  h.tls = o.tls;
  return h;
}

}  // namespace

Result<SignReport> parse_report(std::string_view body, const SignId& sign, UtcTime t) {
  json::error_code ec;
  const json::value root = json::parse({body.data(), body.size()}, ec);
  if (ec || !root.is_object()) return Error{"bad_json", "the answer is no JSON object", sign.str()};
  const auto* shows = root.get_object().if_contains("shows");
  const auto* healthy = root.get_object().if_contains("healthy");
  if (shows == nullptr || !shows->is_string() || shows->get_string().size() > kLongestKey ||
      healthy == nullptr || !healthy->is_bool())
    return Error{"bad_shape", "expected shows (text) and healthy (bool)", sign.str()};
  return SignReport{sign, t, std::string(std::string_view(shows->get_string())),
                    healthy->get_bool()};
}

struct Signs::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& io, std::vector<Sign> list, const Options& options, Events e)
      : events(std::move(e)), http(std::make_unique<http::Client>(io, http_options(options))) {
    for (auto& sign : list) {
      const auto id = sign.id;
      signs[id] = std::move(sign);
    }
  }

  [[nodiscard]] http::Headers headers(const Sign& sign) const {
    if (sign.token.empty()) return {};
    return {{"Authorization", "Bearer " + sign.token}};
  }

  void tell(const Proposal& p, OrderState state, const char* rule, const std::string& text) {
    if (state != OrderState::sent) ++counters["signs.order." + std::string(to_name(state))];
    events.order({p.id, p.junction, events.now(), state, rule, text});
  }

  // Looks at one sign; `then` gets what was seen, or nothing.
  void look(const Sign& sign, std::function<void(const SignReport*)> then) {
    http->get(sign.url, headers(sign),
              [self = shared_from_this(), id = sign.id,
               then = std::move(then)](const Result<http::Response>& r) {
                if (self->closed) return;
                const auto now = self->events.now();
                Result<SignReport> seen = Error{"status", "", ""};
                if (!r) {
                  seen = r.error();
                } else if (r->status == 200) {
                  seen = parse_report(r->body, id, now);
                }
                ++self->counters["signs." + (seen ? "seen" : seen.error().cause)];
                self->events.report(seen ? *seen : SignReport{id, now, "", false});
                if (then) then(seen ? &*seen : nullptr);
              });
  }

  void read_back(const Sign& sign, const Proposal& proposal, const std::string& message) {
    look(sign,
         [self = shared_from_this(), id = sign.id, proposal, message](const SignReport* seen) {
           if (self->newest[id] != proposal.id)
             return self->tell(proposal, OrderState::expired, "superseded", "");
           if (seen == nullptr) return self->tell(proposal, OrderState::expired, "no_answer", "");
           if (seen->shows == message) return self->tell(proposal, OrderState::confirmed, "", "");
           self->tell(proposal, OrderState::deviated, "shows_other", "shows '" + seen->shows + "'");
         });
  }

  Events events;
  std::map<SignId, Sign> signs;
  std::map<SignId, ProposalId> newest;
  std::unique_ptr<http::Client> http;
  std::map<std::string, std::uint64_t> counters;
  bool closed = false;
};

Signs::Signs(boost::asio::io_context& io, std::vector<Sign> signs, Options options, Events events)
    : state_(std::make_shared<State>(io, std::move(signs), options, std::move(events))) {}

Signs::~Signs() {
  state_->closed = true;
  state_->http.reset();
}

void Signs::set(const ApprovedCommand& command) {
  const auto& proposal = command.proposal();
  const auto* order = std::get_if<SignOrder>(&command.write());
  const auto it = order != nullptr ? state_->signs.find(order->sign) : state_->signs.end();
  if (it == state_->signs.end())
    return state_->tell(proposal, OrderState::expired, "unknown_sign", "no such sign here");
  state_->newest[order->sign] = proposal.id;
  state_->tell(proposal, OrderState::sent, "", "");
  http::Request request;
  request.method = "PUT";
  request.headers = state_->headers(it->second);
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = json::serialize(json::object{{"message", order->message}});
  state_->http->send(it->second.url, std::move(request),
                     [self = state_, sign = it->second, proposal,
                      message = order->message](const Result<http::Response>& r) {
                       if (self->closed) return;
                       if (r && (r->status == 200 || r->status == 204))
                         return self->read_back(sign, proposal, message);
                       const std::string why =
                           r ? "status " + std::to_string(r->status) : r.error().cause;
                       self->tell(proposal, OrderState::expired, "not_accepted", why);
                     });
}

void Signs::poll() {
  for (const auto& [id, sign] : state_->signs) state_->look(sign, {});
}

const std::map<std::string, std::uint64_t>& Signs::counters() const {
  return state_->counters;
}

}  // namespace dispecer::signs
