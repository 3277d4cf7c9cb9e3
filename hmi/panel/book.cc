// The city's book: entries in force and to come, and the form for a new or changed one.
#include <imgui.h>

#include <algorithm>
#include <array>

#include "hmi/intent.h"
#include "hmi/panel/colours.h"
#include "hmi/panel/frame.h"
#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

constexpr std::array kKinds{BookKind::works,  BookKind::closure, BookKind::event,
                            BookKind::detour, BookKind::night,   BookKind::weather,
                            BookKind::school, BookKind::holiday};
constexpr std::array kDays{Text::monday, Text::tuesday,  Text::wednesday, Text::thursday,
                           Text::friday, Text::saturday, Text::sunday};
constexpr int kNamed = 3;  // places told of an entry in its row

std::string span(const Frame& f, const BookEntry& e) {
  const auto offset = f.offset();
  const auto at = [&](UtcTime t) { return date_time(t, offset(t)).substr(0, 16); };
  std::string text = at(e.begin) + " →\n" + at(e.end);
  if (e.from_minute != e.to_minute) {
    char hours[32];
    std::snprintf(hours, sizeof hours, "\n%02u:%02u-%02u:%02u", e.from_minute / 60,
                  e.from_minute % 60, e.to_minute / 60, e.to_minute % 60);
    text += hours;
  }
  if (e.weekdays != 0) {
    text += "\n";
    for (std::size_t d = 0; d < kDays.size(); ++d) {
      if ((e.weekdays >> d & 1U) != 0) text += std::string(f.t(kDays[d])) + " ";
    }
  }
  return text;
}

std::string places(const Frame& f, const BookEntry& e) {
  std::vector<std::string> names;
  for (const auto& l : e.lines) names.push_back(f.line_name(l));
  for (const auto& l : e.links) names.push_back(f.link_name(l));
  for (const auto& j : e.junctions) names.push_back(f.junction_name(j));
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamed; ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kNamed) text += " +" + std::to_string(names.size() - kNamed);
  return text;
}

void row(Frame& f, const BookEntry& e, bool locked) {
  const auto now = f.snapshot.clock.now;
  ImGui::PushID(e.id.str().c_str());
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::TextWrapped("%s", e.title.c_str());
  ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyle().Colors[ImGuiCol_TextDisabled]);
  ImGui::TextWrapped("%s, %s", f.t(book_kind_text(e.kind)),
                     f.t(e.begin <= now ? Text::book_runs : Text::book_to_come));
  ImGui::PopStyleColor();
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(span(f, e).c_str());
  ImGui::TableNextColumn();
  ImGui::TextWrapped("%s", places(f, e).c_str());
  ImGui::TextDisabled("%s", e.owner.c_str());
  ImGui::TableNextColumn();
  ImGui::BeginDisabled(locked);
  if (ImGui::Button((std::string(f.t(Text::book_change)) + "###change").c_str())) {
    f.console.book = form_of(e, f.offset());
  }
  mark(("book_change:" + e.id.str()).c_str());
  if (ImGui::Button((std::string(f.t(Text::book_end)) + "###endit").c_str())) {
    f.console.arm(end_book_entry(e.id), f.mono);
  }
  mark(("book_end:" + e.id.str()).c_str());
  ImGui::EndDisabled();
  ImGui::PopID();
}

void table(Frame& f, bool locked) {
  const auto shown = entries_to_show(*f.snapshot.book, f.snapshot.clock.now);
  if (shown.empty()) return ImGui::TextDisabled("%s", f.t(Text::book_empty));
  const float height = ImGui::GetContentRegionAvail().y * 0.42F;
  if (!ImGui::BeginTable(
          "###entries", 4,
          ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_ScrollY,
          {0, height})) {
    return;
  }
  ImGui::TableSetupColumn(f.t(Text::book_title), ImGuiTableColumnFlags_WidthStretch, 2);
  ImGui::TableSetupColumn(f.t(Text::book_when), ImGuiTableColumnFlags_WidthFixed);
  ImGui::TableSetupColumn(f.t(Text::place), ImGuiTableColumnFlags_WidthStretch, 2);
  ImGui::TableSetupColumn("###do", ImGuiTableColumnFlags_WidthFixed);
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableHeadersRow();
  for (const auto* e : shown) row(f, *e, locked);
  ImGui::EndTable();
}

// A list of places in the form: what is selected on the map is added, the last one taken out.
template <class Id, class Name>
void list(Frame& f, Text what, const char* key, const Id& selected, Text take, std::vector<Id>& ids,
          Name&& name) {
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? "" : ", ") + name(id);
  ImGui::TextWrapped("%s: %s", f.t(what), text.empty() ? "-" : text.c_str());
  ImGui::PushID(key);
  const bool known = std::find(ids.begin(), ids.end(), selected) != ids.end();
  ImGui::BeginDisabled(selected.empty() || known);
  if (ImGui::Button((std::string(f.t(take)) + "###take").c_str())) ids.push_back(selected);
  mark((std::string("book_take:") + key).c_str());
  ImGui::EndDisabled();
  ImGui::SameLine();
  ImGui::BeginDisabled(ids.empty());
  if (ImGui::Button((std::string(f.t(Text::clear)) + "###clear").c_str())) ids.pop_back();
  mark((std::string("book_clear:") + key).c_str());
  ImGui::EndDisabled();
  ImGui::PopID();
}

void whole_number(Frame& f, Text what, const char* id, int& value, int most) {
  ImGui::SetNextItemWidth(ImGui::GetFontSize() * 6);
  ImGui::InputInt((std::string(f.t(what)) + id).c_str(), &value, 1);
  value = std::clamp(value, 0, most);
}

void when(Frame& f, BookForm& form) {
  const auto field = [&](Text what, const char* id, std::string& text, float width) {
    ImGui::SetNextItemWidth(ImGui::GetFontSize() * width);
    edit((what == Text::count ? std::string(id) : f.t(what) + std::string(id)).c_str(), text);
    mark(id);
  };
  field(Text::book_begin, "###book_begin", form.begin, 10);
  field(Text::book_until, "###book_until", form.end, 10);
  field(Text::count, "###book_from", form.from, 4);
  ImGui::SameLine();
  field(Text::book_hours, "###book_to", form.to, 4);
  for (std::size_t d = 0; d < kDays.size(); ++d) {
    ImGui::Checkbox(f.t(kDays[d]), &form.days[d]);
    mark(("book_day:" + std::to_string(d)).c_str());
    ImGui::SameLine();
  }
  ImGui::TextDisabled("%s", f.t(Text::book_days));
}

// Lines of the timetable, each on or off.
void lines(Frame& f, std::vector<LineId>& chosen) {
  ImGui::TextUnformatted(f.t(Text::book_lines));
  for (const auto& [id, name] : f.city.line_names) {
    ImGui::SameLine();
    if (ImGui::GetContentRegionAvail().x < ImGui::GetFontSize() * 4) ImGui::NewLine();
    const LineId line(id);
    const auto at = std::find(chosen.begin(), chosen.end(), line);
    bool on = at != chosen.end();
    if (ImGui::Checkbox((name + "###line:" + id).c_str(), &on)) {
      if (on) {
        chosen.push_back(line);
      } else {
        chosen.erase(at);
      }
    }
    mark(("book_line:" + id).c_str());
  }
}

void what(Frame& f, BookForm& form) {
  const auto& selected = f.console.selected;
  const auto parts = parts_of(form.kind);
  const auto link = [&](const LinkId& id) { return f.link_name(id); };
  if (parts.links) {
    list(f, Text::book_links, "links", selected.link, Text::take_selected, form.links, link);
  }
  if (parts.detour) {
    lines(f, form.lines);
    list(f, Text::book_way, "way", selected.link, Text::take_selected, form.way, link);
  }
  if (parts.lanes) {
    whole_number(f, Text::book_lanes, "###book_lanes", form.lanes_lost, 20);
    ImGui::SameLine();
  }
  if (parts.flow) whole_number(f, Text::book_flow, "###book_flow", form.flow_pct, 100);
  if (!parts.junctions) return;
  list(f, Text::book_junctions, "junctions", selected.junction, Text::take_selected_junction,
       form.junctions, [&](const JunctionId& id) { return f.junction_name(id); });
  if (form.junctions.empty()) return;
  ImGui::BeginDisabled(form.local);
  whole_number(f, Text::book_plan, "###book_plan", form.plan, 255);
  ImGui::EndDisabled();
  ImGui::SameLine();
  ImGui::Checkbox((std::string(f.t(Text::book_local)) + "###book_local").c_str(), &form.local);
  mark("book_local");
}

std::string title_of(const Frame& f, const BookEntryId& id, const BookEntry& draft) {
  if (id == draft.id) return draft.title;
  for (const auto& e : f.snapshot.book->entries) {
    if (e.id == id) return e.title.empty() ? id.str() : e.title;
  }
  return id.str();
}

// What stands against the draft; true where it cannot be saved.
bool contradict(Frame& f, const BookEntry& draft) {
  const auto& found = f.console.judge.judge(draft, f.snapshot.book, *f.city.network);
  if (found.empty()) return false;
  ImGui::TextUnformatted(f.t(Text::book_contradictions));
  mark("book_contradictions");
  for (const auto& c : found) {
    const auto other = contradicted(c, f.snapshot.book.get(), draft.id);
    ImGui::PushStyleColor(ImGuiCol_Text, c.refuse ? colour::kCritical : colour::kHigh);
    ImGui::TextUnformatted("■");
    ImGui::PopStyleColor();
    ImGui::SameLine();
    ImGui::TextWrapped("%s%s%s (%s)", key_text(f.console.language, c.rule).c_str(),
                       other.empty() ? "" : ": ",
                       other.empty() ? "" : title_of(f, other, draft).c_str(),
                       f.t(c.refuse ? Text::book_refuses : Text::book_warns));
  }
  return BookJudge::refused(found);
}

void save(Frame& f, std::optional<Text> lock) {
  auto& form = f.console.book;
  const auto now = f.snapshot.clock.now;
  const auto draft = entry_of(form, f.console.actor().value_or(Actor{}), now, f.offset());
  if (!lock && !draft) lock = draft.error();
  const bool refused = draft && contradict(f, *draft);
  ImGui::BeginDisabled(lock.has_value() || refused);
  if (ImGui::Button((std::string(f.t(Text::book_save)) + "###save").c_str())) {
    f.console.arm(save_book_entry(*draft), f.mono);
    form = BookForm{};
  }
  mark("book_save");
  ImGui::EndDisabled();
  ImGui::SameLine();
  if (ImGui::Button((std::string(f.t(Text::clear)) + "###empty").c_str())) form = BookForm{};
  mark("book_empty");
  if (lock) ImGui::TextDisabled("%s", f.t(*lock));
}

}  // namespace

Text book_kind_text(BookKind kind) {
  switch (kind) {
    case BookKind::works:
      return Text::kind_works;
    case BookKind::closure:
      return Text::kind_closure;
    case BookKind::event:
      return Text::kind_event;
    case BookKind::holiday:
      return Text::kind_holiday;
    case BookKind::school:
      return Text::kind_school;
    case BookKind::weather:
      return Text::kind_weather;
    case BookKind::detour:
      return Text::kind_detour;
    case BookKind::night:
      return Text::kind_night;
    case BookKind::unknown:
      break;
  }
  return Text::unknown;
}

void draw_book_tab(Frame& f) {
  ImGui::TextUnformatted(f.t(Text::book_in_force));
  if (!f.snapshot.book) return ImGui::TextDisabled("%s", f.t(Text::book_unheard));
  const auto lock = f.console.book_interlock();
  table(f, lock.has_value());
  ImGui::Separator();
  auto& form = f.console.book;
  ImGui::TextUnformatted(f.t(form.id.empty() ? Text::book_new : Text::book_change));
  for (std::size_t k = 0; k < kKinds.size(); ++k) {
    if (k % 4 != 0) ImGui::SameLine();
    const auto id = "###kind:" + std::string(to_name(kKinds[k]));
    if (ImGui::RadioButton((f.t(book_kind_text(kKinds[k])) + id).c_str(), form.kind == kKinds[k])) {
      set_kind(form, kKinds[k]);
    }
    mark(("book_kind:" + std::string(to_name(kKinds[k]))).c_str());
  }
  edit((std::string(f.t(Text::book_title)) + "###book_title").c_str(), form.title);
  mark("book_title");
  when(f, form);
  what(f, form);
  edit((std::string(f.t(Text::note)) + "###book_note").c_str(), form.note);
  save(f, lock);
}

}  // namespace dispecer::hmi
