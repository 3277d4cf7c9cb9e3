// HTTP/1.1 requests and responses as plain values. Nothing of the library that carries them shows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fusion/model/time.h"

namespace dispecer::http {

struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};
using Headers = std::vector<Header>;

// Value of the first header of that name (any case); "" where there is none.
std::string_view find_header(const Headers& headers, std::string_view name);

struct Request {
  std::string method = "GET";
  std::string target = "/";  // path with query, still percent-encoded
  Headers headers;
  std::string body;
  std::string peer;  // server side: address of the caller
};

struct Response {
  unsigned status = 200;  // a server that answers 0 hangs up without a word (for fault drills)
  Headers headers;
  std::string body;
  MonoTime received;  // client side: when the last byte arrived, steady clock
};

// 200 with that content type.
Response reply(std::string body, std::string content_type = "application/json");
// An error status with a short plain text.
Response refuse(unsigned status, std::string text);

// Value of "key" in the query part of a target, percent-decoded; "" where there is none.
std::string query_value(std::string_view target, std::string_view key);
// The target without its query, percent-decoded.
std::string path_of(std::string_view target);

// URL of a device: "host:port" becomes "http://host:port" + path, "host:port/x" keeps its own path,
// a URL stays as it is.
std::string device_url(const std::string& address, const std::string& path);

}  // namespace dispecer::http
