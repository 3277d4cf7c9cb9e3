#include "controller/guard/guard.h"

#include "controller/guard/rules.h"

namespace dispecer::guard {
namespace {

Verdict check_times(const Proposal& p, const Situation& now) {
  if (p.epoch != now.epoch) {
    return refuse(
        "epoch",
        "decided in epoch " + std::to_string(p.epoch) + ", now " + std::to_string(now.epoch),
        p.junction.str());
  }
  if (now.now >= p.expires)
    return refuse("expired", "expired at " + to_iso(p.expires), p.junction.str());
  if (in_seconds(p.decided - now.now) > kMaxFutureDecision) {
    return refuse("from_the_future", "decided at " + to_iso(p.decided), p.junction.str());
  }
  return std::nullopt;
}

Verdict check_signatures(const Scene& s) {
  if (!s.signals.real) return std::nullopt;
  for (const auto& signature : s.signals.signatures) {
    if (signature.signer.empty() || signature.origin == Origin::unknown) {
      return refuse("unsigned", "a safety value of " + signature.document + " is not signed",
                    s.where());
    }
  }
  if (s.signals.parameter_checksum.empty() ||
      s.signals.parameter_checksum != s.state.observed.parameter_checksum) {
    return refuse("checksum",
                  "controller has '" + s.state.observed.parameter_checksum + "', signed was '" +
                      s.signals.parameter_checksum + "'",
                  s.where());
  }
  return std::nullopt;
}

Verdict check_commissioning(const Scene& s) {
  const auto state = s.signals.commissioning;
  const bool may = state == Commissioning::live ||
                   (state == Commissioning::supervised && s.proposal.operator_confirmed) ||
                   (state == Commissioning::bench && s.situation.world == WorldKind::bench);
  if (may) return std::nullopt;
  return refuse("commissioning", "the junction is " + std::string(to_name(state)), s.where());
}

Verdict check_observed(const Scene& s) {
  const auto& seen = s.state.observed;
  if (seen.link != CommLink::connected)
    return refuse("no_communication", "the controller is not connected", s.where());
  const double age = in_seconds(s.situation.now - s.state.received);
  if (age > kMaxObservationAge || age < 0) {
    return refuse("stale_observation", "last seen " + seconds_text(age) + " ago", s.where());
  }
  const bool ours = seen.holder == Holder::local_plan || seen.holder == Holder::centre ||
                    seen.holder == Holder::op;
  if (!ours) return refuse("holder", "held by " + std::string(to_name(seen.holder)), s.where());
  return std::nullopt;
}

}  // namespace

Result<ApprovedCommand> Guard::check(const Proposal& proposal, const JunctionSignals& signals,
                                     const FieldState& state, const Situation& situation) {
  const Scene scene{proposal, signals, state, situation};
  const bool release = std::holds_alternative<ReleaseOrder>(proposal.write);
  Verdict verdict;
  if (proposal.junction != signals.junction) {
    verdict = refuse("wrong_target", "meant for '" + proposal.junction.str() + "'",
                     signals.junction.str());
  }
  if (!verdict) verdict = check_times(proposal, situation);
  if (!verdict && !release) {
    if (!state.fault.empty())
      verdict = refuse("invalid_description", state.fault, signals.junction.str());
    if (!verdict) verdict = check_signatures(scene);
    if (!verdict) verdict = check_commissioning(scene);
    if (!verdict) verdict = check_observed(scene);
  }
  if (!verdict) {
    verdict =
        std::visit([&](const auto& write) { return check_write(scene, write); }, proposal.write);
  }
  if (verdict) return *verdict;
  return ApprovedCommand(proposal);
}

Result<ApprovedCommand> Guard::check_sign(const Proposal& proposal, const SignRule& rule,
                                          const Situation& situation) {
  const auto* order = std::get_if<SignOrder>(&proposal.write);
  Verdict verdict;
  if (order == nullptr || order->sign != rule.sign) {
    verdict = refuse("wrong_target", "meant for another device", rule.sign.str());
  }
  if (!verdict) verdict = check_times(proposal, situation);
  if (!verdict && !rule.messages.contains(order->message)) {
    verdict = refuse("sign_message", "may not show '" + order->message + "'", rule.sign.str());
  }
  if (verdict) return *verdict;
  return ApprovedCommand(proposal);
}

}  // namespace dispecer::guard
