#include "adapters/app/rsmp_journal.h"

#include <boost/json.hpp>
#include <ostream>

#include "adapters/rsmp/message/message.h"

namespace dispecer {
namespace {

namespace json = boost::json;

void mask(std::string& text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 4)) {
      text.replace(at, secret.size(), "****");
    }
  }
}

}  // namespace

RsmpJournal::RsmpJournal(std::ostream& out, std::function<UtcTime()> now,
                         std::vector<std::string> secrets)
    : out_(out), now_(std::move(now)), secrets_(std::move(secrets)) {}

void RsmpJournal::write(const rsmp::Overheard& heard) {
  json::object line;
  line["t"] = to_iso(now_());
  line["direction"] = heard.outgoing ? "out" : "in";
  line["site"] = json::string_view(heard.site.data(), heard.site.size());
  const std::string text = rsmp::masked(heard.frame);
  json::error_code code;
  json::value message = json::parse(text, code);
  if (code || !message.is_object()) {
    line["unreadable"] = text;
  } else {
    if (auto* reason = message.get_object().if_contains("rea"); reason && reason->is_string()) {
      std::string words(reason->get_string().data(), reason->get_string().size());
      mask(words, secrets_);
      *reason = words;
    }
    line["message"] = std::move(message);
  }
  out_ << json::serialize(line) << "\n" << std::flush;
}

void RsmpJournal::note(const std::string& key, const std::string& text) {
  json::object line;
  line["t"] = to_iso(now_());
  line[key] = json::parse(text);
  out_ << json::serialize(line) << "\n" << std::flush;
}

}  // namespace dispecer
