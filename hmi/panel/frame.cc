#include "hmi/panel/frame.h"

#include <imgui.h>

#include <algorithm>
#include <map>

#include "hmi/panel/colours.h"

namespace dispecer::hmi {
namespace {

std::map<std::string, WidgetBox>& boxes() {
  static std::map<std::string, WidgetBox> all;
  return all;
}

}  // namespace

namespace colour {

ImU32 of(Aspect aspect) {
  switch (aspect) {
    case Aspect::red:
    case Aspect::red_flash:
      return IM_COL32(200, 30, 30, 255);
    case Aspect::red_amber:
      return IM_COL32(230, 100, 20, 255);
    case Aspect::green:
    case Aspect::green_flash:
      return IM_COL32(20, 150, 70, 255);
    case Aspect::amber:
    case Aspect::amber_flash:
      return IM_COL32(240, 180, 0, 255);
    case Aspect::dark:
      return IM_COL32(60, 60, 60, 255);
    case Aspect::unknown:
      break;
  }
  return kNormal;
}

ImU32 of(AlarmPriority priority) {
  switch (priority) {
    case AlarmPriority::high:
      return kCritical;
    case AlarmPriority::medium:
      return kHigh;
    default:
      return kMedium;
  }
}

ImU32 of_storage(double share) {
  if (share > 0.85) return kCritical;
  if (share > 0.6) return kHigh;
  if (share > 0.4) return kMedium;
  return kStreet;
}

}  // namespace colour

double Frame::picture_age_s() const {
  if (!snapshot.picture) return 1e9;
  return in_seconds(mono - snapshot.picture_received);
}

const SignalObservation* Frame::signal(const JunctionId& junction) const {
  if (!snapshot.picture) return nullptr;
  const auto& all = snapshot.picture->signals;
  const auto it = std::find_if(all.begin(), all.end(),
                               [&](const SignalObservation& s) { return s.junction == junction; });
  return it == all.end() ? nullptr : &*it;
}

OffsetAt Frame::offset() const {
  if (offset_at) return offset_at;
  return [minutes = utc_offset_minutes](UtcTime) { return minutes; };
}

std::string Frame::link_name(const LinkId& id) const {
  const auto* link = city.link(id);
  return link == nullptr || link->name.empty() ? id.str() : link->name;
}

std::string Frame::junction_name(const JunctionId& id) const {
  const auto* junction = city.junction(id);
  return junction == nullptr ? id.str() : junction->name;
}

std::string Frame::line_name(const LineId& line) const {
  const auto it = city.line_names.find(line.str());
  return it == city.line_names.end() ? line.str() : it->second;
}

void mark(const char* name) {
  const auto low = ImGui::GetItemRectMin();
  const auto high = ImGui::GetItemRectMax();
  boxes()[name] = {low.x, low.y, high.x, high.y};
}

std::optional<WidgetBox> marked(const std::string& name) {
  const auto it = boxes().find(name);
  return it == boxes().end() ? std::nullopt : std::optional<WidgetBox>(it->second);
}

void draw_console(Frame& frame) {
  boxes().clear();
  frame.console.tick(frame.mono);
  frame.console.results(frame.snapshot.results);
  draw_top_bar(frame);
  draw_map(frame);
  draw_side(frame);
  draw_status_bar(frame);
  draw_sign_in(frame);
  draw_command(frame);
}

}  // namespace dispecer::hmi
