// Cases that wait for a person. Shown only to those with the right; approving and rejecting take
// two steps.
#include <imgui.h>

#include "hmi/panel/colours.h"
#include "hmi/panel/frame.h"
#include "hmi/view_model/format.h"

namespace dispecer::hmi {
namespace {

Text kind_text(CaseKind k) {
  switch (k) {
    case CaseKind::parking_unpaid:
      return Text::case_parking_unpaid;
    case CaseKind::parking_special_bay:
      return Text::case_special_bay;
    case CaseKind::access:
      return Text::case_access;
    case CaseKind::unknown:
      break;
  }
  return Text::unknown;
}

std::string case_moment(const Frame& f, UtcTime t) {
  const auto offset = f.offset();
  const auto now = f.snapshot.clock.now;
  return moment(t, offset(t), now, offset(now));
}

void details(Frame& f, const Case& c) {
  const auto lang = f.console.language;
  ImGui::Separator();
  if (c.demonstration) ImGui::TextColored({0.69F, 0, 0.23F, 1}, "%s", f.t(Text::demonstration));
  ImGui::Text("%s: %s   %s: %s", f.t(Text::plate), c.plate.c_str(), f.t(Text::place),
              c.place.c_str());
  ImGui::TextWrapped("%s: %s", f.t(Text::rule),
                     c.rule.empty() ? key_text(lang, c.reason.rule).c_str() : c.rule.c_str());
  for (const auto& input : c.reason.inputs)
    ImGui::BulletText("%s: %s", key_text(lang, input.name).c_str(),
                      value_text(lang, input.value).c_str());
  ImGui::TextUnformatted(f.t(Text::evidence));
  for (const auto& e : c.evidence) {
    ImGui::BulletText("%s   %s %%   ± %s m   %s", case_moment(f, e.t).c_str(),
                      number(lang, e.confidence.value * 100, 1).c_str(),
                      number(lang, e.position_sd.value, 1).c_str(), e.image.c_str());
  }
  if (ImGui::Button((std::string(f.t(Text::approve)) + "###approve").c_str())) {
    f.console.arm(ReviewCase{c.id, true, ""}, f.mono);
  }
  mark("approve");
  ImGui::SameLine();
  if (ImGui::Button((std::string(f.t(Text::reject)) + "###reject").c_str())) {
    f.console.arm(ReviewCase{c.id, false, ""}, f.mono);
  }
  mark("reject");
}

}  // namespace

void draw_case_tab(Frame& f) {
  if (!f.console.may_see_cases()) {
    ImGui::TextWrapped("%s", f.t(Text::cases_need_right));
    return;
  }
  if (!f.snapshot.cases_error.empty())
    ImGui::TextColored({0.69F, 0, 0.23F, 1}, "%s", f.snapshot.cases_error.c_str());
  if (f.snapshot.cases.empty()) {
    ImGui::TextUnformatted(f.t(Text::no_cases));
    return;
  }
  const Case* chosen = nullptr;
  ImGui::BeginChild("###caselist", {0, ImGui::GetContentRegionAvail().y * 0.5F}, true);
  for (const auto& c : f.snapshot.cases) {
    ImGui::PushID(c.id.str().c_str());
    const auto label = case_moment(f, c.opened) + "  " + f.t(kind_text(c.kind)) + "  " + c.place;
    if (ImGui::Selectable(label.c_str(), c.id == f.console.selected.subject)) {
      f.console.selected = {};
      f.console.selected.subject = c.id;
      f.console.map.centre = f.city.plane.to_local(c.position);
    }
    mark(("case:" + c.id.str()).c_str());
    if (c.id == f.console.selected.subject) chosen = &c;
    ImGui::PopID();
  }
  ImGui::EndChild();
  if (chosen != nullptr) details(f, *chosen);
}

}  // namespace dispecer::hmi
