#include "adapters/http/message.h"

#include <algorithm>

namespace dispecer::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const auto& h : headers) {
    if (std::equal(h.name.begin(), h.name.end(), name.begin(), name.end(),
                   [](char a, char b) { return lower(a) == lower(b); })) {
      return h.value;
    }
  }
  return {};
}

Response reply(std::string body, std::string content_type) {
  return {200, {{"Content-Type", std::move(content_type)}}, std::move(body), {}};
}

Response refuse(unsigned status, std::string text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text) + "\n", {}};
}

std::string query_value(std::string_view target, std::string_view key) {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return {};
  auto rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (decode(pair.substr(0, equals), true) == key) {
      return equals < pair.size() ? decode(pair.substr(equals + 1), true) : "";
    }
    rest = end < rest.size() ? rest.substr(end + 1) : std::string_view{};
  }
  return {};
}

std::string path_of(std::string_view target) {
  return decode(target.substr(0, std::min(target.find('?'), target.size())), false);
}

std::string device_url(const std::string& address, const std::string& path) {
  if (address.find("://") != std::string::npos) return address;
  return "http://" + address + (address.find('/') == std::string::npos ? path : "");
}

}  // namespace dispecer::http
