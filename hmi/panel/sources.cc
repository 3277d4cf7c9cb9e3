// The health of every source and every process, air stations, and what this seat commanded.
#include <imgui.h>

#include "hmi/panel/colours.h"
#include "hmi/panel/frame.h"
#include "hmi/view_model/command_view.h"
#include "hmi/view_model/forecast_view.h"
#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

Text process_text(ProcessState s) {
  switch (s) {
    case ProcessState::starting:
      return Text::starting;
    case ProcessState::ready:
      return Text::ready;
    case ProcessState::degraded:
      return Text::degraded;
    case ProcessState::stopping:
      return Text::stopping;
    case ProcessState::unknown:
      break;
  }
  return Text::unknown;
}

void feeds(Frame& f) {
  if (!f.snapshot.picture || !ImGui::BeginTable("###feeds", 4, ImGuiTableFlags_RowBg)) return;
  ImGui::TableSetupColumn(f.t(Text::sources), ImGuiTableColumnFlags_WidthStretch, 2);
  for (const auto* c : {f.t(Text::state), f.t(Text::age), f.t(Text::devices)})
    ImGui::TableSetupColumn(c, ImGuiTableColumnFlags_WidthStretch, 1);
  ImGui::TableHeadersRow();
  for (const auto& s : f.snapshot.picture->sources) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(key_text(f.console.language, s.source).c_str());
    ImGui::TableNextColumn();
    const bool sick = s.quality != Quality::live || f.stale();
    if (sick) ImGui::PushStyleColor(ImGuiCol_Text, colour::kCritical);
    ImGui::TextUnformatted(f.t(f.stale() ? Text::stale : quality_text(s.quality)));
    if (sick) ImGui::PopStyleColor();
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(age(f.console.language, s.age.value).c_str());
    ImGui::TableNextColumn();
    ImGui::Text("%u / %u", s.devices_live, s.devices);
  }
  ImGui::EndTable();
}

void processes(Frame& f) {
  if (!ImGui::BeginTable("###processes", 4, ImGuiTableFlags_RowBg)) return;
  for (const auto* c : {f.t(Text::process), f.t(Text::state), f.t(Text::memory), f.t(Text::note)})
    ImGui::TableSetupColumn(c);
  ImGui::TableHeadersRow();
  for (const auto& [name, seen] : f.snapshot.health) {
    const bool silent = in_seconds(f.mono - seen.received) > 5;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(name.c_str());
    ImGui::TableNextColumn();
    const bool sick = silent || seen.health.state != ProcessState::ready;
    if (sick) ImGui::PushStyleColor(ImGuiCol_Text, colour::kCritical);
    ImGui::TextUnformatted(f.t(silent ? Text::no_communication : process_text(seen.health.state)));
    if (sick) ImGui::PopStyleColor();
    ImGui::TableNextColumn();
    ImGui::Text("%s MiB", number(f.console.language,
                                 static_cast<double>(seen.health.rss_bytes) / 1048576.0, 0)
                              .c_str());
    ImGui::TableNextColumn();
    ImGui::TextWrapped("%s", seen.health.note.c_str());
  }
  ImGui::EndTable();
}

void air(Frame& f) {
  if (!f.snapshot.picture || f.snapshot.picture->air.empty()) return;
  ImGui::Separator();
  ImGui::TextUnformatted(f.t(Text::air));
  for (const auto& a : f.snapshot.picture->air) {
    std::string name = a.station.str();
    for (const auto& s : f.city.stations) {
      if (s.id == a.station) name = s.name;
    }
    ImGui::BulletText("%s  %s: %s", name.c_str(),
                      key_text(f.console.language, to_name(a.pollutant)).c_str(),
                      estimate(f.console.language, a.mean_1h, 0, "µg/m³").c_str());
  }
}

Text forecast_text(ForecastKind kind) {
  switch (kind) {
    case ForecastKind::flow:
      return Text::flow;
    case ForecastKind::speed:
      return Text::speed;
    case ForecastKind::parking:
      return Text::parking_taken;
    case ForecastKind::unknown:
      break;
  }
  return Text::unknown;
}

const char* unit_of(const Frame& f, ForecastKind kind) {
  switch (kind) {
    case ForecastKind::flow:
      return "veh/h";
    case ForecastKind::speed:
      return "km/h";
    default:
      return f.t(Text::bays);
  }
}

// The forecast's own score: how far off it was lately, beside the usual day alone.
void forecast(Frame& f) {
  if (!f.snapshot.forecast || f.snapshot.forecast->places.empty()) return;
  ImGui::Separator();
  if (!ImGui::BeginTable("###forecast", 6, ImGuiTableFlags_RowBg)) return;
  for (const auto* c : {f.t(Text::forecast), f.t(Text::ahead), f.t(Text::places),
                        f.t(Text::mean_error), f.t(Text::usual_day_error), f.t(Text::in_interval)})
    ImGui::TableSetupColumn(c);
  ImGui::TableHeadersRow();
  const auto language = f.console.language;
  for (const auto& line : forecast_lines(*f.snapshot.forecast)) {
    // Metres per second are shown as kilometres per hour.
    const double unit = line.kind == ForecastKind::speed ? 3.6 : 1.0;
    const bool scored = line.scored > 0;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(f.t(forecast_text(line.kind)));
    ImGui::TableNextColumn();
    ImGui::Text("%s %s", number(language, line.ahead.value / 60, 0).c_str(), f.t(Text::minutes));
    ImGui::TableNextColumn();
    ImGui::Text("%zu", line.places);
    ImGui::TableNextColumn();
    const auto error = [&](double value) {
      return scored ? number(language, unit * value, 1) + " " + unit_of(f, line.kind)
                    : std::string(f.t(Text::unknown));
    };
    ImGui::TextUnformatted(error(line.error).c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(error(line.profile_error).c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(scored ? (number(language, 100 * line.covered, 0) + " %").c_str()
                                  : f.t(Text::unknown));
  }
  ImGui::EndTable();
}

void sent(Frame& f) {
  if (f.console.sent().empty()) return;
  ImGui::Separator();
  ImGui::TextUnformatted(f.t(Text::commands));
  for (auto it = f.console.sent().rbegin(); it != f.console.sent().rend(); ++it) {
    ImGui::Bullet();
    ImGui::TextWrapped("%s", command_words(f.console.language, *it, f.utc_offset_minutes).c_str());
  }
}

}  // namespace

void draw_source_tab(Frame& f) {
  feeds(f);
  ImGui::Separator();
  processes(f);
  air(f);
  forecast(f);
  sent(f);
}

}  // namespace dispecer::hmi
