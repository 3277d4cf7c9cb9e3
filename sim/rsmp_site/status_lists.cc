// Inputs, outputs, detector logics, plans and tables as lists.
#include <boost/json.hpp>
#include <cmath>

#include "sim/rsmp_site/status_parts.h"

namespace dispecer::sim::parts {
namespace {

using rsmp::Value;

template <class F>
std::string letters(std::size_t n, F&& f) {
  std::string text;
  for (std::uint32_t k = 1; k <= n; ++k) text += f(k);
  return text;
}

void add(std::string& text, const std::string& item) {
  text += (text.empty() ? "" : ",") + item;
}

std::string per_plan(const Cabinet& cabinet, auto&& value) {
  std::map<std::uint32_t, std::string> rows;
  for (const auto& i : cabinet.intersections) {
    for (const auto& plan : i.state.plans) rows.emplace(plan.number, value(plan));
  }
  std::string text;
  for (const auto& [n, row] : rows) add(text, number(n) + row);
  return text;
}

std::string bands(const Cabinet& cabinet) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> rows;
  for (const auto& i : cabinet.intersections) {
    for (const auto& [plan, list] : i.state.bands) {
      for (const auto& [band, length] : list) rows.emplace(std::pair{plan, band}, length);
    }
  }
  std::string text;
  for (const auto& [key, length] : rows)
    add(text,
        number(key.first) + "-" + number(key.second) + "-" + std::to_string(std::llround(length)));
  return text;
}

std::string requests(const Cabinet& cabinet) {
  boost::json::array list;
  for (const auto& r : cabinet.priority.requests) {
    const auto word = to_name(r.state);
    boost::json::object item{{"r", r.id},
                             {"t", to_iso(r.changed)},
                             {"s", boost::json::string_view(word.data(), word.size())}};
    if (r.state == PriorityState::completed) {
      item["e"] = std::to_string(r.extension_s);
      item["d"] = std::to_string(r.reduction_s);
    }
    list.push_back(std::move(item));
  }
  return boost::json::serialize(list);
}

std::string routes(const Cabinet& cabinet) {
  std::set<std::uint32_t> on(cabinet.programme.emergencies.begin(),
                             cabinet.programme.emergencies.end());
  std::string text;
  for (const auto route : on) add(text, R"({"id":")" + number(route) + "\"}");
  return "[" + text + "]";
}

Answer tables(const Cabinet& cabinet, std::string_view code) {
  const auto& p = cabinet.programme;
  std::string text;
  if (code == "S0026") {
    for (const auto& [day, table] : p.week) add(text, number(day) + "-" + number(table));
  } else if (code == "S0027") {
    for (const auto& e : p.days)
      add(text, number(e.table) + "-" + number(e.function) + "-" + number(e.hour) + "-" +
                    number(e.minute));
  } else {
    for (const auto& [loop, level] : p.sensitivity) add(text, number(loop) + "-" + number(level));
  }
  return Value(text);
}

Answer contacts(const Cabinet& cabinet, std::string_view code) {
  const auto& outputs = cabinet.intersections.front().state.outputs;
  if (code == "S0003") {
    return Value(letters(input_count(cabinet),
                         [&](std::uint32_t n) { return input_value(cabinet, n) ? '1' : '0'; }));
  }
  if (code == "S0029") {
    return Value(letters(input_count(cabinet),
                         [&](std::uint32_t n) { return input_forced(cabinet, n) ? '1' : '0'; }));
  }
  if (code == "S0004") {
    return Value(letters(outputs.size(), [&](std::uint32_t n) {
      return outputs[n - 1].value_or(false) ? '1' : '0';
    }));
  }
  return Value(
      letters(outputs.size(), [&](std::uint32_t n) { return outputs[n - 1] ? '1' : '0'; }));
}

}  // namespace

Answer list(const Cabinet& cabinet, std::string_view code) {
  if (code == "S0002") {
    return Value(letters(detector_count(cabinet), [&](std::uint32_t n) {
      const auto* d = detector(cabinet, n);
      return d == nullptr ? '-' : d->reading.occupied ? '1' : '0';
    }));
  }
  if (code == "S0021") {
    return Value(letters(detector_count(cabinet), [&](std::uint32_t n) {
      const auto* d = detector(cabinet, n);
      return d != nullptr && d->forced ? '1' : '0';
    }));
  }
  if (code == "S0022") return Value(per_plan(cabinet, [](const SignalPlan&) { return ""; }));
  if (code == "S0023") return Value(bands(cabinet));
  if (code == "S0024") {
    return Value(per_plan(
        cabinet, [&](const SignalPlan& p) { return "-" + number(wire_offset(cabinet, p)); }));
  }
  if (code == "S0028") {
    return Value(per_plan(cabinet, [](const SignalPlan& p) {
      return "-" + std::to_string(std::llround(p.cycle.value));
    }));
  }
  if (code == "S0033") return Value::json_array(requests(cabinet));
  if (code == "S0035") return Value::json_array(routes(cabinet));
  if (code == "S0026" || code == "S0027" || code == "S0031") return tables(cabinet, code);
  return contacts(cabinet, code);
}

}  // namespace dispecer::sim::parts
