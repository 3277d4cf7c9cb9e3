#include "tests/bench/walk/run.h"

#include <map>
#include <sstream>

#include "tests/bench/apart/apart.h"
#include "tests/bench/lockstep/watch.h"
#include "tests/bench/loop/loop.h"
#include "tests/bench/walk/people.h"

namespace dispecer::bench {
namespace {

std::string pack(const WalkResult& r) {
  std::ostringstream out;
  out.precision(17);
  out << "ok " << r.kept << " " << r.vehicle_delay << " " << r.crossings << " " << r.waits.size();
  for (const double w : r.waits) out << " " << w;
  out << " end\n";
  return out.str();
}

Result<WalkResult> unpack(const std::string& text) {
  std::istringstream in(text);
  std::string word;
  in >> word;
  if (word == "error") {
    std::getline(in, word);
    return Error{"run_failed", word, "run"};
  }
  WalkResult r;
  std::size_t n = 0;
  in >> r.kept >> r.vehicle_delay >> r.crossings >> n;
  for (double w = 0; r.waits.size() < n && in >> w;) r.waits.push_back(w);
  if (!(in >> word) || word != "end") {
    return Error{"child_ended", "the run ended before its figures", "run"};
  }
  return r;
}

}  // namespace

Result<WalkResult> run_walk(const WalkRun& run) {
  LoopOptions options;
  options.city = run.city;
  options.seed = run.seed;
  options.begin = run.begin_s;
  options.centre = run.centre;
  options.parameters.signals = run.signals;
  auto opened = Loop::open(options);
  if (!opened) return opened.error();
  auto& loop = **opened;
  const People people(loop.city());
  if (people.crossings() == 0) {
    return Error{"no_crossings", "no crossing of the city has signals in its street", run.city};
  }
  WalkTally tally;
  std::size_t warm = 0;
  const double end = run.begin_s + run.warm_s + run.count_s;
  while (loop.time_s() < end) {
    if (auto r = loop.second(); !r) return r.error();
    tally.add(people.look(), loop.time_s());
    if (loop.time_s() <= run.begin_s + run.warm_s) warm = tally.waits().size();
  }
  WalkResult out;
  out.crossings = people.crossings();
  std::map<CrossingId, double> promise;
  for (const auto& c : loop.city().network.crossings) {
    promise[c.id] = signals::promised_wait(c, run.signals);
  }
  const auto add = [&](const Wait& w) {
    out.waits.push_back(w.seconds);
    if (w.seconds <= promise.at(w.crossing)) ++out.kept;
  };
  for (std::size_t i = warm; i < tally.waits().size(); ++i) add(tally.waits()[i]);
  // Who still stands there has waited so long at least.
  for (const auto& w : tally.waiting(loop.time_s())) add(w);
  out.vehicle_delay = delays(loop.street(), 1, 1).all;
  return out;
}

std::vector<Result<WalkResult>> run_walk_apart(const std::vector<WalkRun>& runs, unsigned at_once) {
  std::vector<Result<WalkResult>> out;
  const auto texts = run_apart(runs.size(), at_once, [&](std::size_t i) {
    const auto r = run_walk(runs[i]);
    return r ? pack(*r) : "error " + r.error().message() + "\n";
  });
  for (const auto& text : texts) out.push_back(unpack(text));
  return out;
}

}  // namespace dispecer::bench
