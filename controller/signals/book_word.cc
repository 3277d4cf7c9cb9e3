#include "controller/signals/book_word.h"

#include "controller/signals/lever.h"
#include "controller/signals/propose.h"

namespace dispecer::signals {
namespace {

void explain(JunctionOutput& out, const BookWord& word, const char* rule) {
  auto& decision = out.decision;
  decision.action = SignalAction::none;
  decision.reason.rule = rule;
  decision.reason.inputs.push_back({"book_entry", word.entry.str()});
}

// The stage demands of ours go first: under them the controller runs no plan.
bool let_go(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
            const SignalParameters& p, JunctionOutput& out) {
  if (!memory.ours) return false;
  memory.ours = false;
  memory.wanted = kNone;
  memory.released = moment.now;
  out.decision.action = SignalAction::hand_back;
  propose(site, memory, view, moment, p, ReleaseOrder{}, ourselves(), false, out);
  return true;
}

}  // namespace

bool step_book(const Site& site, Memory& memory, const JunctionView& view, const Moment& moment,
               const SignalParameters& p, JunctionOutput& out) {
  const bool others = memory.override_.has_value() || !memory.claims.empty();
  const auto may = standing(site, memory, view, Lever::plan, p);
  if (!memory.book || others) {
    if (!memory.book_left || !moment.tick) return false;
    out.decision.reason.rule = "book_ended";
    const bool giving = give_back(site, memory, view, moment, p, ourselves(), false, out);
    if (!giving || memory.plans.plan_sent == 0) memory.book_left = false;
    return giving;
  }
  const auto& word = *memory.book;
  explain(out, word, word.plan == 0 ? "book_local" : "book_plan");
  if (let_go(site, memory, view, moment, p, out) || !moment.tick) return true;
  if (word.plan == 0 || !may.command) {
    if (!may.command) out.decision.reason.inputs.push_back({"not_sent", may.rule});
    give_back(site, memory, view, moment, p, ourselves(), false, out);
    return true;
  }
  memory.book_left = true;
  memory.plans.releases = 0;
  if (!want_plan(site, memory, view, moment, p, word.plan, "book_plan", word.until, out)) {
    out.decision.reason.inputs.push_back({"plan", std::to_string(word.plan)});
  }
  return true;
}

}  // namespace dispecer::signals
