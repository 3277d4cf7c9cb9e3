#include "fusion/model/time.h"

#include <cstdio>

namespace dispecer {
namespace {

struct Reader {
  std::string_view text;
  std::size_t at = 0;
  bool good = true;

  int digits(std::size_t n) {
    int value = 0;
    for (std::size_t i = 0; i < n; ++i, ++at) {
      if (at >= text.size() || text[at] < '0' || text[at] > '9') {
        good = false;
        return 0;
      }
      value = value * 10 + (text[at] - '0');
    }
    return value;
  }
  bool take(char c) {
    if (at < text.size() && text[at] == c) {
      ++at;
      return true;
    }
    return false;
  }
  void expect(char c) { good = take(c) && good; }
};

}  // namespace

std::string to_iso(UtcTime t) {
  using namespace std::chrono;
  const sys_time<microseconds> moment{microseconds{t.us}};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<milliseconds>(moment - day)};
  char text[48];
  std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

Result<UtcTime> parse_iso(std::string_view text) {
  using namespace std::chrono;
  const auto fail = [&](const char* cause) {
    return Error{
        cause,
        "expected an ISO 8601 time with zone, found '" + std::string(text.substr(0, 40)) + "'", ""};
  };
  Reader in{text};
  const int y = in.digits(4);
  in.expect('-');
  const int mo = in.digits(2);
  in.expect('-');
  const int d = in.digits(2);
  if (!in.take('T')) in.expect(' ');
  const int h = in.digits(2);
  in.expect(':');
  const int mi = in.digits(2);
  in.expect(':');
  const int s = in.digits(2);
  if (!in.good) return fail("bad_time");
  std::int64_t fraction = 0;
  if (in.take('.') || in.take(',')) {
    std::int64_t scale = 100000;
    std::size_t n = 0;
    for (; in.at < text.size() && text[in.at] >= '0' && text[in.at] <= '9'; ++in.at, ++n) {
      fraction += (text[in.at] - '0') * scale;
      scale /= 10;
    }
    if (n == 0 || n > 9) return fail("bad_time");
  }
  if (in.at == text.size()) return fail("no_zone");
  int offset_minutes = 0;
  if (!in.take('Z')) {
    const bool west = in.take('-');
    if (!west) in.expect('+');
    const int oh = in.digits(2);
    in.take(':');
    const int om = in.digits(2);
    offset_minutes = (oh * 60 + om) * (west ? -1 : 1);
  }
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!in.good || in.at != text.size() || !date.ok() || h > 23 || mi > 59 || s > 60 ||
      offset_minutes > 840 || offset_minutes < -840) {
    return fail("bad_time");
  }
  const auto moment =
      sys_days{date} + hours{h} + minutes{mi - offset_minutes} + std::chrono::seconds{s};
  return UtcTime{duration_cast<microseconds>(moment.time_since_epoch()).count() + fraction};
}

}  // namespace dispecer
