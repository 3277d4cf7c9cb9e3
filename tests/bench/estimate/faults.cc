#include "tests/bench/estimate/faults.h"

#include <algorithm>
#include <cmath>

namespace dispecer::bench {
namespace {

constexpr double kMissed = 1.0 / 3;
constexpr double kFalseHit = 1.0 / 12;  // per second

void lose_hits(DetectorSample& sample, std::uint32_t lost) {
  if (lost == 0) return;
  const double kept =
      static_cast<double>(sample.count - lost) / static_cast<double>(std::max(1U, sample.count));
  sample.count -= lost;
  sample.occupancy.value *= kept;
  if (sample.count == 0) {
    sample.occupied = false;
    sample.speed.reset();
  }
}

}  // namespace

const char* to_text(Break kind) {
  switch (kind) {
    case Break::no_hits:
      return "no_hits";
    case Break::covered:
      return "covered";
    case Break::scaled:
      return "scaled";
    case Break::noisy:
      return "noisy";
    case Break::shifted:
      return "shifted";
    case Break::swapped:
      return "swapped";
  }
  return "";
}

Faults::Faults(const Network& network, double share, double run_s, std::uint64_t seed)
    : rng_(seed * 104729 + 5) {
  std::vector<DetectorId> loops;
  for (const auto& d : network.detectors) {
    if (d.kind != DetectorKind::push_button) loops.push_back(d.id);
  }
  std::shuffle(loops.begin(), loops.end(), rng_);
  const auto wanted =
      static_cast<std::size_t>(std::llround(share * static_cast<double>(loops.size())));
  std::uniform_real_distribution<double> unit(0, 1);
  constexpr double kScales[] = {0.5, 0.65, 1.5, 2.0};
  std::size_t next = 0;
  while (next < wanted) {
    BrokenLoop b;
    b.since_s = unit(rng_) < 0.5 ? 0.0 : unit(rng_) * run_s / 3;
    switch (rng_() % 5) {
      case 0:
        b.kind = unit(rng_) < 0.5 ? Break::no_hits : Break::covered;
        break;
      case 1:
        b.kind = Break::scaled;
        b.factor = kScales[rng_() % 4];
        break;
      case 2:
        b.kind = Break::noisy;
        break;
      case 3:
        b.kind = Break::shifted;
        b.late_s = 60 + static_cast<int>(rng_() % 181);
        break;
      default:
        if (next + 1 >= wanted) continue;  // no partner left
        b.kind = Break::swapped;
        b.other = loops[next + 1];
        broken_[loops[next + 1]] = {b.kind, b.since_s, 1, 0, loops[next]};
        broken_[loops[next]] = b;
        next += 2;
        continue;
    }
    if (wanted == 1 && b.kind == Break::swapped) continue;
    broken_[loops[next++]] = b;
  }
}

void Faults::spoil(const DetectorId& id, BrokenLoop& loop, DetectorSample& sample,
                   const std::map<DetectorId, DetectorSample>& truth) {
  std::uniform_real_distribution<double> unit(0, 1);
  auto& memory = memory_[id];
  switch (loop.kind) {
    case Break::no_hits:
      sample = DetectorSample{id, 0, Ratio{0}, false, std::nullopt, false};
      break;
    case Break::covered:
      sample = DetectorSample{id, 0, Ratio{1}, true, std::nullopt, false};
      break;
    case Break::scaled: {
      memory.carry += loop.factor * sample.count;
      const auto told = static_cast<std::uint32_t>(std::floor(memory.carry));
      memory.carry -= told;
      if (told >= sample.count) {
        sample.count = told;
      } else {
        lose_hits(sample, sample.count - told);
      }
      break;
    }
    case Break::noisy: {
      std::uint32_t lost = 0;
      for (std::uint32_t k = 0; k < sample.count; ++k) lost += unit(rng_) < kMissed ? 1 : 0;
      lose_hits(sample, lost);
      if (unit(rng_) < kFalseHit) {
        ++sample.count;
        sample.occupancy.value = std::min(1.0, sample.occupancy.value + 0.2);
      }
      break;
    }
    case Break::shifted: {
      memory.late.push_back(sample);
      if (memory.late.size() > static_cast<std::size_t>(loop.late_s)) {
        sample = memory.late.front();
        memory.late.pop_front();
      } else {
        sample = DetectorSample{id, 0, Ratio{0}, false, std::nullopt, false};
      }
      break;
    }
    case Break::swapped: {
      const auto it = truth.find(loop.other);
      if (it == truth.end()) break;
      sample = it->second;
      sample.detector = id;
      break;
    }
  }
}

std::map<DetectorId, DetectorSample> Faults::pass(const std::map<DetectorId, DetectorSample>& truth,
                                                  double second) {
  auto told = truth;
  for (auto& [id, loop] : broken_) {
    if (second <= loop.since_s) continue;
    const auto it = told.find(id);
    if (it != told.end()) spoil(id, loop, it->second, truth);
  }
  return told;
}

}  // namespace dispecer::bench
