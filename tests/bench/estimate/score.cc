#include "tests/bench/estimate/score.h"

#include <algorithm>
#include <cmath>

namespace dispecer::bench {
namespace {

constexpr double k90 = 1.645;         // standard deviations of a 90 % interval
constexpr double kWorthAShare = 5;    // veh: a shorter queue counts in the mean error only
constexpr double kFlowEvery = 300;    // s
constexpr double kCycleDefault = 90;  // s

double cycle_of(const JunctionSignals& signals) {
  for (const auto& plan : signals.plans) {
    if (plan.number == signals.local_plan && plan.cycle.value > 0) return plan.cycle.value;
  }
  return kCycleDefault;
}

}  // namespace

const char* describe() {
  return R"(Loops lie on a share of the lanes for motor traffic, drawn by seed; a share of them is broken (see
tests/bench/estimate/faults.h). Signals run their own local plans. In the middle of each run a car stands
on a lane for ten minutes. All figures are over all seeds.
  geh5_unmeasured       links without a loop whose flow over the run, in veh/h, has GEH below 5
  geh5_measured         the same for links with a loop, broken or not
  naive_geh5_unmeasured links without a loop, taken as the mean of what the loops of the links before
                        and behind them told (scaled to all lanes; the mean of all where there is none)
  queue_mae_veh         signalised approaches: longest queue of each cycle, mean absolute error
  queue_bias_veh        mean of estimate minus truth
  queue_mape            the same as a share of the true one, cycles with 5 vehicles or more
  queue_mape_looped     of approaches with a loop on every lane, broken or not
  interval_coverage_90  truths inside the estimate's 90 % interval (1.645 sd): flow over the run, flow
                        now (each 5 minutes, the same exponential memory), queue at the end of each
                        cycle; mean of the three, which are also printed
  fault_f1              broken loops that were reported, and whole ones that were (precision, recall)
  fault_found_vehicles  true vehicles over a broken loop from its break to its report (or to the end)
  false_alarms_per_100_detector_days   reports of whole loops
  incident_found_s      from the stop of the car to an alarm on its link or one next to it; 600 where
                        none came
  incident_found_pct, incident_false_alarms_per_day (on links that are not within two of it)
  step_mean_us          one second of the whole fusion core, processor time
)";
}

double geh(double a, double b) {
  return a + b > 0 ? std::sqrt(2 * (a - b) * (a - b) / (a + b)) : 0;
}

Score::Score(const city::City& city, const Faults& faults) : city_(city), faults_(faults) {
  const auto& net = city.network;
  const std::size_t n = net.links.size();
  looped_.assign(n, 0);
  fully_.assign(n, 0);
  beside_.resize(n);
  cycle_s_.assign(n, 0);
  cycles_.resize(n);
  tallies_.resize(n);
  std::map<LinkId, std::size_t> at;
  for (std::size_t i = 0; i < n; ++i) at[net.links[i].id] = i;
  std::map<LinkId, std::set<std::uint32_t>> lanes;
  for (const auto& d : net.detectors) {
    if (d.kind == DetectorKind::push_button) continue;
    lanes[d.link].insert(d.lane);
    watch_[d.id];
  }
  for (const auto& [link, set] : lanes) {
    looped_[at.at(link)] = 1;
    fully_[at.at(link)] = set.size() >= net.links[at.at(link)].lanes ? 1 : 0;
  }
  for (const auto& m : net.movements) {
    const auto from = at.find(m.from);
    const auto to = at.find(m.to);
    if (from == at.end() || to == at.end()) continue;
    beside_[from->second].push_back(to->second);
    beside_[to->second].push_back(from->second);
    const auto signals = city.signals.find(m.junction);
    if (!m.group.empty() && signals != city.signals.end()) {
      cycle_s_[from->second] = cycle_of(signals->second);
    }
  }
}

void Score::covered(const char* what, const Estimate& estimate, double truth) {
  const std::string name(what);
  sums_[name + ".n"] += 1;
  if (std::abs(estimate.value - truth) <= k90 * estimate.sd) sums_[name + ".in"] += 1;
}

void Score::see(const CityPicture& picture, const Truth& truth,
                const std::map<DetectorId, DetectorSample>& sent,
                const std::map<DetectorId, DetectorSample>& really, double second) {
  second_ = second;
  for (const auto& [id, sample] : sent) told_[id] += sample.count;
  for (const auto& [id, loop] : faults_.broken()) {
    auto& w = watch_[id];
    const auto it = really.find(id);
    if (second > loop.since_s && !w.found && it != really.end()) w.passed += it->second.count;
  }
  std::map<DetectorId, const DetectorState*> sick;
  for (const auto& row : picture.detectors) {
    if (row.quality == Quality::implausible) sick[row.detector] = &row;
  }
  for (auto& [id, w] : watch_) {
    const auto it = sick.find(id);
    const bool flagged = it != sick.end();
    const auto broken = faults_.broken().find(id);
    const bool is_broken = broken != faults_.broken().end() && second > broken->second.since_s;
    if (flagged && !w.flagged && !is_broken) {
      ++w.alarms;
      sums_["false_alarms"] += 1;
    }
    if (flagged) w.fault = it->second->fault;
    if (flagged && is_broken && !w.found) {
      w.found = second;
      w.found_after = second - broken->second.since_s;
    }
    w.flagged = flagged;
  }
  see_queues(picture, truth);
  if (std::fmod(second, kFlowEvery) < 0.5 && second >= 2 * kFlowEvery) {
    for (std::size_t i = 0; i < picture.links.size(); ++i) {
      const auto& flow = picture.links[i].flow;
      if (flow && flow->usable() && city_.network.links[i].lanes > 0) {
        covered("flow_now", *flow, truth.flow_now(i));
      }
    }
  }
}

void Score::see_queues(const CityPicture& picture, const Truth& truth) {
  for (std::size_t i = 0; i < cycles_.size(); ++i) {
    if (cycle_s_[i] <= 0) continue;
    auto& c = cycles_[i];
    const auto& queue = picture.links[i].queue;
    c.seconds += 1;
    c.truth = std::max(c.truth, truth.queue(i));
    if (queue) {
      c.known = true;
      c.estimate = std::max(c.estimate, queue->value);
    }
    if (c.seconds < cycle_s_[i]) continue;
    if (queue && queue->usable()) covered("queue_interval", *queue, truth.queue(i));
    close_cycle(i);
  }
}

void Score::close_cycle(std::size_t link) {
  auto& c = cycles_[link];
  // Where the core says nothing, it says that there is no queue.
  const double off = std::abs(c.estimate - c.truth);
  sums_["queue.n"] += 1;
  sums_["queue.off"] += off;
  sums_["queue.bias"] += c.estimate - c.truth;
  if (c.truth >= kWorthAShare) {
    sums_["queue_share.n"] += 1;
    sums_["queue_share.off"] += off / c.truth;
    if (fully_[link] != 0) {
      sums_["queue_looped.n"] += 1;
      sums_["queue_looped.off"] += off / c.truth;
      auto& tally = tallies_[link];
      tally.n += 1;
      tally.share += off / c.truth;
      tally.truth += c.truth;
      tally.estimate += c.estimate;
    }
  }
  c = {};
}

void Score::see_incidents(const std::set<LinkId>& alarms, const Incident& incident, double second) {
  std::set<LinkId> near1;
  std::set<LinkId> near2;
  if (incident.began() && !(second > *incident.began() + kIncidentLasts + 600)) {
    std::size_t at = 0;
    while (city_.network.links[at].id != incident.link()) ++at;
    near1.insert(incident.link());
    for (const auto k : beside_[at]) {
      near1.insert(city_.network.links[k].id);
      for (const auto l : beside_[k]) near2.insert(city_.network.links[l].id);
    }
  }
  for (const auto& link : alarms) {
    if (raised_.contains(link)) continue;
    if (near1.contains(link)) {
      if (!incident_found_ && !incident.over(second)) incident_found_ = second - *incident.began();
    } else if (!near2.contains(link)) {
      sums_["incident_false"] += 1;
    }
  }
  raised_ = alarms;
}

std::vector<double> Score::naive() const {
  const auto& net = city_.network;
  // Per link: counts of the kind of loop with most lanes, scaled to all lanes.
  std::map<LinkId, std::map<DetectorKind, std::pair<double, std::uint32_t>>> counts;
  for (const auto& d : net.detectors) {
    if (d.kind == DetectorKind::push_button) continue;
    const auto it = told_.find(d.id);
    auto& c = counts[d.link][d.kind];
    c.first += it == told_.end() ? 0 : it->second;
    c.second += 1;
  }
  std::vector<double> flow(net.links.size(), -1);
  double sum = 0;
  double n = 0;
  for (std::size_t i = 0; i < flow.size(); ++i) {
    const auto it = counts.find(net.links[i].id);
    if (it == counts.end()) continue;
    double best = 0;
    std::uint32_t lanes = 0;
    for (const auto& [kind, c] : it->second) {
      if (c.second > lanes) {
        lanes = c.second;
        best = c.first * std::max(1U, net.links[i].lanes) / c.second;
      }
    }
    flow[i] = best / std::max(1.0, second_) * 3600;
    sum += flow[i];
    n += 1;
  }
  std::vector<double> out(flow.size());
  for (std::size_t i = 0; i < flow.size(); ++i) {
    double s = 0;
    double k = 0;
    for (const auto b : beside_[i]) {
      if (flow[b] < 0) continue;
      s += flow[b];
      k += 1;
    }
    out[i] = k > 0 ? s / k : (n > 0 ? sum / n : 0);
  }
  return out;
}

void Score::finish(const CityPicture& picture, const Truth& truth, const Incident& incident,
                   double second) {
  const auto guess = naive();
  for (std::size_t i = 0; i < picture.links.size(); ++i) {
    if (city_.network.links[i].lanes == 0) continue;  // not for motor traffic
    const double real = truth.flow_hour(i);
    const auto& e = picture.links[i].flow_hour;
    const double value = e ? e->value : 0;
    const std::string kind = looped_[i] != 0 ? "measured" : "unmeasured";
    sums_[kind + ".n"] += 1;
    sums_[kind + ".good"] += geh(value, real) < 5 ? 1 : 0;
    if (looped_[i] == 0) {
      sums_["naive.n"] += 1;
      sums_["naive.good"] += geh(guess[i], real) < 5 ? 1 : 0;
    }
    if (e) covered("flow_hour", *e, real);
  }
  for (const auto& [id, w] : watch_) {
    const bool broken = faults_.broken().contains(id);
    sums_["detectors"] += 1;
    if (broken) {
      sums_["fault.broken"] += 1;
      sums_["fault.vehicles"] += w.passed;
      sums_[w.found ? "fault.hit" : "fault.miss"] += 1;
    } else {
      sums_["whole_days"] += second / 86400;
      if (w.alarms > 0) sums_["fault.false"] += 1;
    }
  }
  sums_["days"] += second / 86400;
  if (incident.began()) {
    sums_["incidents"] += 1;
    sums_["incident_s"] += incident_found_.value_or(kIncidentLasts);
    sums_["incident_hit"] += incident_found_ ? 1 : 0;
  }
}

Figures figures_of(const Sums& sums) {
  Figures out;
  const auto get = [&](const std::string& name) {
    const auto it = sums.find(name);
    return it == sums.end() ? 0.0 : it->second;
  };
  const auto pct = [&](const char* name, const std::string& good, const std::string& of) {
    if (get(of) > 0) out.add(name, 100 * get(good) / get(of), "pct");
  };
  pct("geh5_unmeasured", "unmeasured.good", "unmeasured.n");
  pct("geh5_measured", "measured.good", "measured.n");
  pct("naive_geh5_unmeasured", "naive.good", "naive.n");
  if (get("queue.n") > 0) out.add("queue_mae_veh", get("queue.off") / get("queue.n"), "veh");
  if (get("queue.n") > 0) out.add("queue_bias_veh", get("queue.bias") / get("queue.n"), "veh");
  pct("queue_mape", "queue_share.off", "queue_share.n");
  pct("queue_mape_looped", "queue_looped.off", "queue_looped.n");
  double kinds = 0;
  double inside = 0;
  for (const char* kind : {"flow_hour", "flow_now", "queue_interval"}) {
    const double n = get(std::string(kind) + ".n");
    if (n <= 0) continue;
    kinds += 1;
    inside += 100 * get(std::string(kind) + ".in") / n;
  }
  if (kinds > 0) out.add("interval_coverage_90", inside / kinds, "pct");
  pct("interval_coverage_90_flow_hour", "flow_hour.in", "flow_hour.n");
  pct("interval_coverage_90_flow_now", "flow_now.in", "flow_now.n");
  pct("interval_coverage_90_queue", "queue_interval.in", "queue_interval.n");
  const double hit = get("fault.hit");
  const double broken = get("fault.broken");
  if (broken > 0) {
    out.add("fault_f1", 2 * hit / (2 * hit + get("fault.false") + get("fault.miss")), "ratio");
    out.add("fault_recall", hit / broken, "ratio");
    if (hit + get("fault.false") > 0) {
      out.add("fault_precision", hit / (hit + get("fault.false")), "ratio");
    }
    out.add("fault_found_vehicles", get("fault.vehicles") / broken, "veh");
  }
  if (get("whole_days") > 0) {
    out.add("false_alarms_per_100_detector_days", 100 * get("false_alarms") / get("whole_days"),
            "count");
  }
  if (get("incidents") > 0) {
    out.add("incident_found_s", get("incident_s") / get("incidents"), "s");
    pct("incident_found_pct", "incident_hit", "incidents");
  }
  if (get("days") > 0) {
    out.add("incident_false_alarms_per_day", get("incident_false") / get("days"), "count");
  }
  if (get("seconds") > 0) out.add("step_mean_us", 1e6 * get("cpu_s") / get("seconds"), "us");
  out.add("detectors", get("detectors"), "count");
  return out;
}

std::vector<std::string> required(bool incident) {
  std::vector<std::string> names{
      "geh5_unmeasured", "geh5_measured",        "naive_geh5_unmeasured",
      "queue_mae_veh",   "queue_mape",           "interval_coverage_90",
      "fault_f1",        "fault_found_vehicles", "false_alarms_per_100_detector_days"};
  if (incident) names.emplace_back("incident_found_s");
  return names;
}

}  // namespace dispecer::bench
