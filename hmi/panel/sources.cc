// The health of every source and every process, air stations, and what this seat commanded.
#include <imgui.h>

#include "hmi/panel/colours.h"
#include "hmi/panel/frame.h"
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

Text outcome_text(IntentOutcome o) {
  switch (o) {
    case IntentOutcome::accepted:
      return Text::accepted;
    case IntentOutcome::refused:
      return Text::refused;
    case IntentOutcome::done:
      return Text::done;
    case IntentOutcome::expired:
      return Text::expired;
    case IntentOutcome::unknown:
      break;
  }
  return Text::requested;
}

void feeds(Frame& f) {
  if (!f.snapshot.picture || !ImGui::BeginTable("###feeds", 4, ImGuiTableFlags_RowBg)) return;
  for (const auto* c : {f.t(Text::sources), f.t(Text::state), f.t(Text::age), f.t(Text::devices)})
    ImGui::TableSetupColumn(c);
  ImGui::TableHeadersRow();
  for (const auto& s : f.snapshot.picture->sources) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(s.source.c_str());
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
    ImGui::BulletText("%s  %s: %s µg/m³", name.c_str(), std::string(to_name(a.pollutant)).c_str(),
                      estimate(f.console.language, a.mean_1h, 0).c_str());
  }
}

void sent(Frame& f) {
  if (f.console.sent().empty()) return;
  ImGui::Separator();
  ImGui::TextUnformatted(f.t(Text::commands));
  for (auto it = f.console.sent().rbegin(); it != f.console.sent().rend(); ++it) {
    const auto kind =
        std::visit([](const auto& a) { return std::string(a.kName); }, it->intent.action);
    ImGui::BulletText("%s  %s  %s %s", clock_time(it->intent.t, f.utc_offset_minutes).c_str(),
                      key_text(f.console.language, kind).c_str(),
                      f.t(it->result ? outcome_text(it->result->outcome) : Text::requested),
                      it->result ? key_text(f.console.language, it->result->cause).c_str() : "");
  }
}

}  // namespace

void draw_source_tab(Frame& f) {
  feeds(f);
  ImGui::Separator();
  processes(f);
  air(f);
  sent(f);
}

}  // namespace dispecer::hmi
