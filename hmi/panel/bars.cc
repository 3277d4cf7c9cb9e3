#include <imgui.h>

#include "hmi/panel/colours.h"
#include "hmi/panel/frame.h"
#include "hmi/panel/layout.h"
#include "hmi/view_model/command_view.h"
#include "hmi/view_model/format.h"
#include "hmi/view_model/lists.h"

namespace dispecer::hmi {
namespace {

void alarm_badge(Frame& f) {
  std::uint64_t open = 0;
  AlarmPriority worst = AlarmPriority::unknown;
  for (const auto& a : f.snapshot.alarms) {
    if (a.state != AlarmState::unacknowledged && a.state != AlarmState::returned_unacknowledged)
      continue;
    ++open;
    worst = std::max(worst, a.priority);
  }
  const auto text = alarms_text(f.console.language, open);
  if (open > 0) {
    // The mark has the colour; the words stay ink, which every ground lets read.
    ImGui::PushStyleColor(ImGuiCol_Text, colour::of(worst));
    ImGui::TextUnformatted("■");
    ImGui::PopStyleColor();
    ImGui::SameLine();
    ImGui::TextUnformatted(text.c_str());
  } else {
    ImGui::TextUnformatted(text.c_str());
  }
}

}  // namespace

void draw_top_bar(Frame& f) {
  const auto& io = ImGui::GetIO();
  layout::place(0, 0, io.DisplaySize.x, layout::top());
  ImGui::Begin("###top", nullptr, layout::kFixed | ImGuiWindowFlags_NoScrollbar);
  ImGui::AlignTextToFramePadding();
  ImGui::Text("%s  ·  %s", f.t(Text::app_title), f.city.title.c_str());
  ImGui::SameLine(io.DisplaySize.x * 0.34F);
  const auto when = f.snapshot.clock.now.us == 0
                        ? std::string(f.t(Text::waiting_for_city))
                        : date_time(f.snapshot.clock.now, f.utc_offset_minutes);
  ImGui::TextUnformatted(when.c_str());
  if (f.snapshot.clock.rate > 1.01) {
    ImGui::SameLine();
    ImGui::Text("× %s", number(f.console.language, f.snapshot.clock.rate, 1).c_str());
  }
  ImGui::SameLine(io.DisplaySize.x * 0.56F);
  alarm_badge(f);
  ImGui::SameLine(io.DisplaySize.x - ImGui::GetFontSize() * 26);
  if (f.console.actor()) {
    ImGui::Text("%s (%s)", f.console.actor()->person.str().c_str(),
                key_text(f.console.language, to_name(f.console.actor()->role)).c_str());
    ImGui::SameLine();
    if (ImGui::Button((std::string(f.t(Text::sign_out)) + "###sign").c_str())) f.console.sign_out();
  } else {
    ImGui::TextUnformatted(f.t(Text::not_signed_in));
    ImGui::SameLine();
    if (ImGui::Button((std::string(f.t(Text::sign_in)) + "###sign").c_str())) f.sign_in.open = true;
  }
  mark("sign");
  ImGui::SameLine();
  if (ImGui::Button(f.console.language == Language::ro ? "EN###language" : "RO###language")) {
    f.console.language = f.console.language == Language::ro ? Language::en : Language::ro;
  }
  mark("language");
  ImGui::End();
}

void draw_status_bar(Frame& f) {
  const auto& io = ImGui::GetIO();
  layout::place(0, io.DisplaySize.y - layout::bottom(), io.DisplaySize.x, layout::bottom());
  ImGui::Begin("###status", nullptr, layout::kFixed | ImGuiWindowFlags_NoScrollbar);
  if (f.snapshot.picture) {
    const bool stale = f.stale();
    if (stale) ImGui::PushStyleColor(ImGuiCol_Text, colour::kCritical);
    ImGui::Text("%s: %s%s", f.t(Text::picture_age),
                age(f.console.language, f.picture_age_s()).c_str(),
                stale ? (std::string("  ■ ") + f.t(Text::stale)).c_str() : "");
    if (stale) ImGui::PopStyleColor();
    ImGui::SameLine(0, ImGui::GetFontSize() * 2);
    ImGui::Text("%s: %d   %s: %d", f.t(Text::junctions),
                static_cast<int>(f.snapshot.picture->signals.size()), f.t(Text::buses),
                static_cast<int>(buses_heard(*f.snapshot.picture)));
  } else {
    ImGui::TextUnformatted(f.t(Text::waiting_for_city));
  }
  // Wherever the seat looks: a command that was refused must not pass for one that runs.
  if (!f.console.sent().empty()) {
    const auto& last = f.console.sent().back();
    const auto text = command_words(f.console.language, last, f.utc_offset_minutes);
    ImGui::SameLine(io.DisplaySize.x * 0.32F);
    if (failed(last)) {
      ImGui::PushStyleColor(ImGuiCol_Text, colour::kCritical);
      ImGui::Text("■ %s", text.c_str());
      ImGui::PopStyleColor();
    } else {
      ImGui::TextUnformatted(text.c_str());
    }
    mark("last_command");
  }
  ImGui::SameLine(io.DisplaySize.x - ImGui::GetFontSize() * 9);
  ImGui::Text("%s: %s ms", f.t(Text::frame), number(f.console.language, f.frame_ms, 1).c_str());
  ImGui::End();
}

void draw_side(Frame& f) {
  const auto& io = ImGui::GetIO();
  layout::place(io.DisplaySize.x - layout::side(), layout::top(), layout::side(),
                io.DisplaySize.y - layout::top() - layout::bottom());
  ImGui::Begin("###side", nullptr, layout::kFixed);
  if (ImGui::BeginTabBar("###tabs")) {
    const auto tab = [&](Tab which, Text text, const char* id, void (*draw)(Frame&)) {
      const bool open = ImGui::BeginTabItem((std::string(f.t(text)) + id).c_str());
      mark(id);
      if (!open) return;
      f.console.tab = which;
      draw(f);
      ImGui::EndTabItem();
    };
    tab(Tab::junction, Text::junction, "###junction", draw_junction_tab);
    tab(Tab::buses, Text::buses, "###buses", draw_bus_tab);
    tab(Tab::emergency, Text::emergency, "###emergency", draw_emergency_tab);
    tab(Tab::book, Text::book, "###book", draw_book_tab);
    tab(Tab::parking, Text::parking, "###parking", draw_parking_tab);
    tab(Tab::cases, Text::cases, "###cases", draw_case_tab);
    tab(Tab::alarms, Text::alarms, "###alarms", draw_alarm_tab);
    tab(Tab::sources, Text::sources, "###sources", draw_source_tab);
    ImGui::EndTabBar();
  }
  ImGui::End();
}

}  // namespace dispecer::hmi
