#include "sim/devices/plate_reader/push_line.h"

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "adapters/http/client.h"

namespace dispecer::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostAtOnce = 200;
constexpr Duration kSignOfLife = std::chrono::seconds(5);

json::object to_json(const PushRead& read, Duration clock_error) {
  json::object o{
      {"id", read.id},           {"time", to_iso(read.t + clock_error)}, {"plate", read.plate},
      {"country", read.country}, {"confidence", read.confidence},        {"image", read.image}};
  if (read.somewhere) {
    o["lon"] = read.lon;
    o["lat"] = read.lat;
    o["sd"] = read.sd;
  }
  return o;
}

}  // namespace

std::string push_url(const std::string& address, const std::string& usual_path) {
  std::string url = address.find("://") == std::string::npos ? "http://" + address : address;
  if (url.find('/', url.find("://") + 3) == std::string::npos) url += usual_path;
  return url;
}

struct PushLine::State {
  State(boost::asio::io_context& io, PushLineOptions o) : options(std::move(o)) {
    http = std::make_unique<http::Client>(io);
  }
  PushLineOptions options;
  std::unique_ptr<http::Client> http;
  std::deque<PushRead> waiting;
  std::map<std::string, std::uint64_t> counters;
  UtcTime last_sent;
  std::size_t lost_under_way = 0;  // reads of the request under way that made room meanwhile
  bool under_way = false;
  bool offline = false;
  bool garbage = false;
};

PushLine::PushLine(boost::asio::io_context& io, PushLineOptions options)
    : state_(std::make_shared<State>(io, std::move(options))) {}

PushLine::~PushLine() {
  state_->http.reset();
}

void PushLine::add(PushRead read) {
  auto& s = *state_;
  s.waiting.push_back(std::move(read));
  if (s.waiting.size() <= s.options.depth) return;
  s.waiting.pop_front();
  ++s.counters["lost"];
  if (s.under_way) ++s.lost_under_way;
}

void PushLine::work(UtcTime now, double clock_error_s) {
  auto& s = *state_;
  const bool due = !s.waiting.empty() || now - s.last_sent >= kSignOfLife || now < s.last_sent;
  if (s.under_way || s.offline || !due) return;
  const Duration error = from_seconds(clock_error_s);
  const auto n = std::min(s.waiting.size(), kMostAtOnce);
  json::array reads;
  for (std::size_t i = 0; i < n; ++i) reads.push_back(to_json(s.waiting[i], error));
  std::string body = json::serialize(json::object{
      {"device", s.options.device}, {"sent", to_iso(now + error)}, {"reads", std::move(reads)}});
  if (s.garbage) body = body.substr(0, body.size() / 2) + "\x01{\"\\";
  http::Headers headers;
  if (!s.options.token.empty()) headers.push_back({"Authorization", "Bearer " + s.options.token});
  s.under_way = true;
  s.lost_under_way = 0;
  s.last_sent = now;
  s.http->post(s.options.url, "application/json", std::move(body), headers,
               [state = state_, n](const Result<http::Response>& r) {
                 auto& st = *state;
                 st.under_way = false;
                 ++st.counters[r ? "status_" + std::to_string(r->status) : r.error().cause];
                 if (!r || r->status != 200) return;
                 const auto gone = std::min(st.lost_under_way, n);
                 for (std::size_t i = gone; i < n && !st.waiting.empty(); ++i)
                   st.waiting.pop_front();
                 st.counters["pushed"] += n - gone;
               });
}

void PushLine::set_offline(bool offline) {
  state_->offline = offline;
}
void PushLine::set_garbage(bool garbage) {
  state_->garbage = garbage;
}
const std::map<std::string, std::uint64_t>& PushLine::counters() const {
  return state_->counters;
}
std::size_t PushLine::waiting() const {
  return state_->waiting.size();
}

}  // namespace dispecer::sim
