// What a supervisor wants to know all the time, in the words of a site's signal exchange list.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/rsmp/message/message.h"
#include "adapters/rsmp/message/signal_list.h"

namespace dispecer::rsmp {

// The subscriptions for the main component of a site: one message per code, with all its names, so
// that an unknown code spoils no other. Before core 3.1.5 "on change" cannot be combined with an
// interval: on change wins.
std::vector<StatusSubscribe> subscriptions(const Component& component, std::string_view sxl,
                                           Core core);

}  // namespace dispecer::rsmp
