#include "sim/street/lamps.h"

#include <algorithm>

namespace dispecer::sim {
namespace {

bool contains(const std::vector<std::uint32_t>& set, std::size_t g) {
  return std::find(set.begin(), set.end(), static_cast<std::uint32_t>(g)) != set.end();
}

// Safe when the stage is not known: gives way if it does so anywhere.
bool yields(const JunctionSignals& signals, std::optional<std::uint32_t> stage, std::size_t g) {
  const Stage* running = stage ? find_stage(signals, *stage) : nullptr;
  if (running != nullptr && contains(running->green, g)) return contains(running->yielding, g);
  return std::any_of(signals.stages.begin(), signals.stages.end(),
                     [&](const Stage& s) { return contains(s.yielding, g); });
}

}  // namespace

std::string lamp_text(const JunctionSignals& signals, const LampWiring& wiring,
                      const std::vector<Aspect>& aspects, std::optional<std::uint32_t> stage) {
  std::string text = wiring.idle;
  const bool out = std::all_of(aspects.begin(), aspects.end(), [](Aspect a) {
    return a == Aspect::dark || a == Aspect::amber_flash;
  });
  const bool flash = std::count(aspects.begin(), aspects.end(), Aspect::amber_flash) > 0;
  if (out) return std::string(text.size(), flash ? 'o' : 'O');
  for (std::size_t g = 0; g < aspects.size() && g < wiring.indices.size(); ++g) {
    char letter = 0;
    switch (aspects[g]) {
      case Aspect::green:
      case Aspect::green_flash:
        letter = yields(signals, stage, g) ? 'g' : 'G';
        break;
      case Aspect::amber:
        letter = 'y';
        break;
      case Aspect::red_amber:
        letter = 'u';
        break;
      default:
        continue;  // red: the idle character
    }
    for (const auto i : wiring.indices[g]) {
      if (i < text.size()) text[i] = letter;
    }
  }
  return text;
}

}  // namespace dispecer::sim
