#include "sim/street/day.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <pugixml.hpp>

namespace dispecer::sim {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

sys_days to_days(std::uint32_t date) {
  using namespace std::chrono;
  return sys_days{year{static_cast<int>(date / 10000)} / month{date / 100 % 100} / day{date % 100}};
}

std::uint32_t to_date(sys_days d) {
  const std::chrono::year_month_day ymd{d};
  return static_cast<std::uint32_t>(static_cast<int>(ymd.year())) * 10000 +
         static_cast<unsigned>(ymd.month()) * 100 + static_cast<unsigned>(ymd.day());
}

}  // namespace

Result<ConfiguredTime> read_configured_time(const std::string& sumo_config) {
  if (!std::filesystem::exists(sumo_config))
    return Error{"no_config", "found no such file", sumo_config};
  pugi::xml_document document;
  const auto read = document.load_file(sumo_config.c_str());
  if (!read) return Error{"bad_xml", read.description(), sumo_config};
  ConfiguredTime time;
  const auto root = document.document_element();
  // SUMO takes an option at any depth.
  const auto option = [&](const char* name) {
    const auto node =
        root.find_node([&](const pugi::xml_node& n) { return std::string_view(n.name()) == name; });
    return node.attribute("value").as_double(0);
  };
  time.begin_s = option("begin");
  time.end_s = option("end");
  return time;
}

std::optional<DayState> DayFile::load() const {
  std::ifstream in(file_);
  DayState state;
  if (in >> state.epoch >> state.now.us >> state.date && state.date > 19700000) return state;
  return std::nullopt;
}

bool DayFile::write(const DayState& state) {
  const auto draft = file_ + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const auto text = std::to_string(state.epoch) + " " + std::to_string(state.now.us) + " " +
                    std::to_string(state.date) + "\n";
  const bool good = fd >= 0 &&
                    ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                    ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!good || std::rename(draft.c_str(), file_.c_str()) != 0) return false;
  kept_ = state;
  return true;
}

bool DayFile::keep(const DayState& state, Duration ahead) {
  const bool covered =
      kept_ && kept_->epoch == state.epoch && kept_->date == state.date && state.now < kept_->now;
  if (covered) return true;
  auto further = state;
  further.now = state.now + ahead;
  return write(further);
}

bool DayFile::close(const DayState& state) {
  return write(state);
}

Result<double> parse_clock(const std::string& text) {
  unsigned h = 0, m = 0;
  int used = 0;
  const bool good = std::sscanf(text.c_str(), "%2u:%2u%n", &h, &m, &used) == 2 &&
                    static_cast<std::size_t>(used) == text.size() && h < 24 && m < 60;
  if (!good) return Error{"bad_time", "found '" + text + "', expected HH:MM", ""};
  return h * 3600.0 + m * 60.0;
}

std::uint32_t day_after(std::uint32_t date) {
  return to_date(to_days(date) + days{1});
}

std::uint32_t utc_date(UtcTime t) {
  return to_date(std::chrono::floor<days>(
      std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{t.us}}));
}

std::uint32_t working_day(std::uint32_t date, const std::function<bool(std::uint32_t)>& off) {
  // A year without a working day is a fault of the book; then the day itself is as good as any.
  auto at = date;
  for (int i = 0; i < 366; ++i, at = day_after(at)) {
    const std::chrono::weekday weekday{to_days(at)};
    if (weekday.iso_encoding() <= 5 && !off(at)) return at;
  }
  return date;
}

}  // namespace dispecer::sim
