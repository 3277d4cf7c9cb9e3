// What every panel is given for one frame. Panels read the snapshot and change the console's state;
// they never touch a network.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "hmi/view_model/city_view.h"
#include "hmi/view_model/console.h"
#include "hmi/view_model/snapshot.h"

namespace dispecer::hmi {

// Sign-in runs beside the drawing: the panel starts it, the shell answers in a later frame.
struct SignIn {
  std::string person;
  std::string password;
  bool open = false;
  bool wanted = false;  // set by the panel, cleared by the shell
  bool checking = false;
  bool refused = false;
};

struct Frame {
  const CityView& city;
  const Snapshot& snapshot;
  Console& console;
  SignIn& sign_in;
  MonoTime mono;
  int utc_offset_minutes = 0;  // of the city's local time
  double frame_ms = 0;         // of the last frame
  // Of the city's local time at another moment; empty = as now.
  OffsetAt offset_at = {};

  [[nodiscard]] const char* t(Text text) const { return console.t(text); }
  [[nodiscard]] double picture_age_s() const;
  // A picture older than this is shown as stale everywhere.
  [[nodiscard]] bool stale() const { return picture_age_s() > 5.0; }
  [[nodiscard]] const SignalObservation* signal(const JunctionId& junction) const;
  [[nodiscard]] OffsetAt offset() const;
  [[nodiscard]] std::string link_name(const LinkId& id) const;
  [[nodiscard]] std::string junction_name(const JunctionId& id) const;
  [[nodiscard]] std::string line_name(const LineId& line) const;
};

void draw_top_bar(Frame& frame);
void draw_map(Frame& frame);
void draw_side(Frame& frame);
void draw_status_bar(Frame& frame);
void draw_sign_in(Frame& frame);
void draw_command(Frame& frame);

void draw_junction_tab(Frame& frame);
void draw_bus_tab(Frame& frame);
void draw_emergency_tab(Frame& frame);
void draw_book_tab(Frame& frame);
void draw_parking_tab(Frame& frame);
void draw_case_tab(Frame& frame);
void draw_alarm_tab(Frame& frame);
void draw_source_tab(Frame& frame);

void draw_console(Frame& frame);

// Words that several panels use.
Text request_text(RequestState state);
Text errand_text(EmergencyKind kind);
Text book_kind_text(BookKind kind);
// ImGui edits a fixed buffer; the text lives in a string. True = Enter ended it, where `flags` asks
// for that.
bool edit(const char* id, std::string& text, int flags = 0);

// Test engine: records where a widget of that name was drawn last, in pixels. Costs a map entry a
// frame.
struct WidgetBox {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};
void mark(const char* name);
std::optional<WidgetBox> marked(const std::string& name);

}  // namespace dispecer::hmi
