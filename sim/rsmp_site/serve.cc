// What an established site does with the supervisor's messages.
#include <algorithm>

#include "sim/rsmp_site/commands.h"
#include "sim/rsmp_site/site.h"

namespace dispecer::sim {

using namespace rsmp;

void Site::serve(const Message& message, SiteTime now) {
  const auto t = clock(now);
  const auto& body = message.body;
  if (const auto* request = std::get_if<StatusRequest>(&body)) {
    if (auto wrong = refusal(request->component, request->items); !wrong.empty())
      return not_ack(message.id, wrong);
    ack(message.id);
    return answer_status(*request, t);
  }
  if (const auto* request = std::get_if<StatusSubscribe>(&body)) {
    std::vector<StatusName> names;
    for (const auto& s : request->items) names.push_back({s.code, s.name});
    if (auto wrong = refusal(request->component, names); !wrong.empty())
      return not_ack(message.id, wrong);
    ack(message.id);
    return subscribe(*request, now);
  }
  if (const auto* request = std::get_if<StatusUnsubscribe>(&body)) {
    // Who starts anew unsubscribes at one component from the whole list: nothing is wrong with
    // that.
    if (auto wrong = refusal(request->component, request->items, false); !wrong.empty())
      return not_ack(message.id, wrong);
    ack(message.id);
    return subscriptions_.unsubscribe(*request);
  }
  if (const auto* request = std::get_if<CommandRequest>(&body))
    return command(message.id, *request, now);
  if (const auto* alarm = std::get_if<rsmp::Alarm>(&body); alarm != nullptr && !alarm->state)
    return alarm_order(message.id, *alarm, t);
  if (const auto* request = std::get_if<AggregatedStatusRequest>(&body)) {
    if (request->component.id != settings_.main_component)
      return not_ack(message.id, "No aggregated status at " + request->component.id.substr(0, 60));
    ack(message.id);
    return aggregated(t);
  }
  count("wrong_direction");
  not_ack(message.id, std::string(type_name(body)) + " is not for a site");
}

std::string Site::refusal(const Component& component, const std::vector<StatusName>& items,
                          bool at_its_component) const {
  const auto at = find_component(settings_, component.id);
  if (!at) return "";  // answered as undefined
  for (const auto& item : items) {
    const auto* row = find_status(item.code, settings_.sxl);
    const auto names =
        row == nullptr ? std::vector<const ListName*>() : names_in(row->names, settings_.sxl);
    if (std::none_of(names.begin(), names.end(),
                     [&](const ListName* n) { return n->name == item.name; }))
      return "Unknown status " + item.code.substr(0, 20) + " " + item.name.substr(0, 40);
    const bool main = row->target == ListTarget::main;
    if (at_its_component && main != (at->kind == ComponentRef::Kind::main))
      return "No status " + item.code + " at " + component.id.substr(0, 60);
  }
  return "";
}

void Site::answer_status(const StatusRequest& request, UtcTime clock) {
  const auto at = find_component(settings_, request.component.id);
  StatusResponse response{request.component, clock, {}};
  for (const auto& item : request.items) {
    if (at) {
      response.items.push_back(subscriptions_.now(cabinet_, settings_, *at, item));
    } else {
      response.items.push_back({item.code, item.name, {}, Quality::undefined});
    }
  }
  tell(std::move(response));
}

void Site::subscribe(const StatusSubscribe& request, SiteTime now) {
  const auto clock = this->clock(now);
  const auto at = find_component(settings_, request.component.id);
  if (!at) {
    StatusUpdate update{request.component, clock, {}};
    for (const auto& s : request.items)
      update.items.push_back({s.code, s.name, {}, Quality::undefined});
    return tell(std::move(update));
  }
  subscriptions_.subscribe(request, *at, now.domain, settings_.repeat_at_once);
  for (auto& update : subscriptions_.due(cabinet_, settings_, clock, now.domain))
    tell(std::move(update));
}

void Site::command(const std::string& id, const CommandRequest& request, SiteTime now) {
  bool restarted = false;
  auto answer = carry_out(cabinet_, settings_, request, now.domain, &restarted);
  if (const auto* wrong = std::get_if<std::string>(&answer)) return not_ack(id, *wrong);
  ordered_ = true;
  ack(id);
  tell(CommandResponse{request.component, clock(now),
                       std::get<std::vector<CommandValue>>(std::move(answer))});
  if (restarted && settings_.restart_drops_line) {
    subscriptions_.clear();
    close("restart");
  }
}

void Site::alarm_order(const std::string& id, const rsmp::Alarm& alarm, UtcTime clock) {
  if (settings_.secondary) return not_ack(id, "Alarms belong to the primary supervisor");
  auto told = alarms_.order(alarm, clock);
  if (!told) return not_ack(id, told.error().what);
  ack(id);
  for (auto& message : *told) tell(std::move(message));
}

}  // namespace dispecer::sim
