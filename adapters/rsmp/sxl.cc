#include "adapters/rsmp/sxl.h"

#include <array>

namespace dispecer::rsmp {
namespace {

struct Wanted {
  std::string_view code;
  int interval = 0;  // s
  bool on_change = true;
};

constexpr std::array kWanted{
    // S0001 comes each second as well: a quiet controller must not look like a lost one.
    Wanted{"S0001", 1}, Wanted{"S0002"}, Wanted{"S0003"}, Wanted{"S0004"}, Wanted{"S0005"},
    Wanted{"S0006"}, Wanted{"S0007"}, Wanted{"S0008"}, Wanted{"S0009"}, Wanted{"S0010"},
    Wanted{"S0011"}, Wanted{"S0012"}, Wanted{"S0013"}, Wanted{"S0014"}, Wanted{"S0015"},
    Wanted{"S0020"}, Wanted{"S0021"}, Wanted{"S0023"}, Wanted{"S0024"}, Wanted{"S0026"},
    Wanted{"S0027"}, Wanted{"S0028"}, Wanted{"S0029"}, Wanted{"S0030"}, Wanted{"S0031"},
    Wanted{"S0032"}, Wanted{"S0033"}, Wanted{"S0035"}, Wanted{"S0091"}, Wanted{"S0092"},
    // Its time stamp may change all the time.
    Wanted{"S0097", 300, false}, Wanted{"S0096", 10, false}, Wanted{"S0205", 1, false},
    Wanted{"S0206", 1, false}, Wanted{"S0207", 1, false}};

}  // namespace

std::vector<StatusSubscribe> subscriptions(const Component& component, std::string_view sxl,
                                           Core core) {
  const bool combined = rules(core).send_on_change_key;
  std::vector<StatusSubscribe> messages;
  for (const Wanted& wanted : kWanted) {
    const ListStatus* row = find_status(wanted.code, sxl);
    if (row == nullptr) continue;
    StatusSubscribe message{component, {}};
    const int interval = !combined && wanted.on_change ? 0 : wanted.interval;
    for (const ListName* name : names_in(row->names, sxl)) {
      message.items.push_back(
          {std::string(wanted.code), std::string(name->name), interval, wanted.on_change});
    }
    messages.push_back(std::move(message));
  }
  return messages;
}

}  // namespace dispecer::rsmp
