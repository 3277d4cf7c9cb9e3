// Keys that go down and up again between two frames. ImGui looks at the keys once a frame; at ten
// frames a second it would miss most strokes of Enter or Backspace.
#pragma once

#include <set>

namespace dispecer::hmi {

class ShortKeys {
 public:
  // A key went down, whenever since the last frame.
  void pressed(int key) { pressed_.insert(key); }
  // Before a frame: what went down and is up already is held down for this frame. `down` is the
  // state by key, as long as every key that is told.
  void begin_frame(bool* down) {
    for (const int key : pressed_) {
      if (down[key]) continue;
      down[key] = true;
      held_.insert(key);
    }
    pressed_.clear();
  }
  // After it: such keys are up.
  void end_frame(bool* down) {
    for (const int key : held_) down[key] = false;
    held_.clear();
  }

 private:
  std::set<int> pressed_;
  std::set<int> held_;
};

}  // namespace dispecer::hmi
